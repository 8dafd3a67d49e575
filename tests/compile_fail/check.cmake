# Compiles `source` with and without its mistake (see CMakeLists.txt). Variables: compiler, flags (a
# file with one flag a line), source.

file(STRINGS "${flags}" options)
set(command "${compiler}" -std=c++20 -fsyntax-only ${options})

file(STRINGS "${source}" expectations REGEX "^// expect: ")
if(NOT expectations)
    message(FATAL_ERROR "${source} has no line '// expect: TEXT'")
endif()

execute_process(COMMAND ${command} "${source}" RESULT_VARIABLE failed ERROR_VARIABLE output)
if(NOT failed EQUAL 0)
    message(FATAL_ERROR "does not compile without its mistake:\n${output}")
endif()

execute_process(COMMAND ${command} -DXZOO_MISTAKE "${source}"
    RESULT_VARIABLE failed ERROR_VARIABLE output)
if(failed EQUAL 0)
    message(FATAL_ERROR "compiles with its mistake")
endif()
foreach(expectation IN LISTS expectations)
    string(REGEX REPLACE "^// expect: " "" text "${expectation}")
    string(FIND "${output}" "${text}" position)
    if(position EQUAL -1)
        message(FATAL_ERROR "the compiler did not say '${text}', but:\n${output}")
    endif()
endforeach()

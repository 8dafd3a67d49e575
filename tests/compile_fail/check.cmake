# Compiles `source` with and without its mistakes (see CMakeLists.txt). Variables: compiler, flags (a
# file with one flag a line), source.

file(STRINGS "${flags}" options)
set(command "${compiler}" -std=c++20 -fsyntax-only ${options})
execute_process(COMMAND "${compiler}" --version OUTPUT_VARIABLE version)
if(version MATCHES "clang")
    list(APPEND command -ferror-limit=0 -fno-caret-diagnostics)
else()
    list(APPEND command -fmax-errors=0 -fno-diagnostics-show-caret)
endif()

# A line "// with: A | B" belongs to the expectation before it.
file(READ "${source}" text)
string(REGEX REPLACE "\n *// with: " " | " text "${text}")
string(REGEX MATCHALL "// expect: [^\n]*" expectations "${text}")
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

# Where the compilers differ: Clang writes 5UL for 5, and 'b', 'e' for the characters {"be"}.
string(REGEX REPLACE "{\"([^\"]*)\"}" "\\1" output "${output}")
string(REGEX REPLACE "([0-9])U?LL?" "\\1" output "${output}")
string(REGEX REPLACE "'(.)', " "\\1" output "${output}")
string(REGEX REPLACE "'(.)'>" "\\1>" output "${output}")

foreach(expectation IN LISTS expectations)
    string(REGEX REPLACE "^// expect: " "" expectation "${expectation}")
    string(REGEX REPLACE " +[|] +" ";" parts "${expectation}")
    list(POP_FRONT parts text)
    set(rest "${output}")
    set(found FALSE)
    while(NOT found)
        string(FIND "${rest}" "${text}" position)
        if(position EQUAL -1)
            message(FATAL_ERROR "the compiler did not say '${expectation}', but:\n${output}")
        endif()
        # What belongs to this text: up to the next error.
        string(SUBSTRING "${rest}" ${position} -1 rest)
        string(FIND "${rest}" " error: " end)
        string(SUBSTRING "${rest}" 0 ${end} section)
        string(SUBSTRING "${rest}" 1 -1 rest)
        set(found TRUE)
        foreach(part IN LISTS parts)
            string(FIND "${section}" "${part}" position)
            if(position EQUAL -1)
                set(found FALSE)
            endif()
        endforeach()
    endwhile()
endforeach()

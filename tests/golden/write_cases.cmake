# Writes a source file with the tests of golden cases and, for each case, the header with its type.
# Variables: generator (the program), source (the file to write; "${source}.cases" has a line
# "NAME|FOLDER" for each case).

set(unknown_exit_code 3)    # of the generator: the zoo has no such family or class

cmake_path(GET source PARENT_PATH output_dir)
file(STRINGS "${source}.cases" cases)
set(text "#include \"runner.hpp\"\n")
foreach(case IN LISTS cases)
    string(REGEX MATCH "^([^|]*)[|](.*)$" matched "${case}")
    set(name "${CMAKE_MATCH_1}")
    set(folder "${CMAKE_MATCH_2}")
    execute_process(
        COMMAND "${generator}" model "${name}" "${folder}/config.json" "${output_dir}/${name}.hpp"
        RESULT_VARIABLE status
        ERROR_VARIABLE problem)
    string(STRIP "${problem}" problem)
    string(REPLACE "xzoo-generate: " "" problem "${problem}")
    if(status EQUAL 0)
        string(APPEND text
            "#include \"${name}.hpp\"\n"
            "XZOO_GOLDEN_CASE(${name}, \"${folder}\")\n")
    else()
        if(status EQUAL unknown_exit_code)
            set(verdict "WARN(R\"(skipped: ${problem})\")")
        else()
            set(verdict "FAIL(R\"(${problem})\")")
        endif()
        string(APPEND text
            "TEST_CASE(\"golden: ${name} equals the oracle\", \"[golden]\") {\n"
            "    ${verdict};\n"
            "}\n")
    endif()
endforeach()
file(WRITE "${source}" "${text}")

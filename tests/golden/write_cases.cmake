# Writes a source file with the tests of golden cases and, for each case, the headers with its types.
# Variables: generator (the program), emulator (what runs it, or empty), source (the file to write;
# "${source}.cases" has a line "KIND|NAME|FOLDER" for each case).

set(unknown_exit_code 3)    # of the generator: the zoo has no such family or class
set(macro_forward XZOO_GOLDEN_CASE)
set(macro_masks XZOO_MASKS_CASE)
set(macro_transfer XZOO_TRANSFER_CASE)

cmake_path(GET source PARENT_PATH output_dir)
file(STRINGS "${source}.cases" cases)
set(text "#include \"masks.hpp\"\n#include \"runner.hpp\"\n#include \"transfer.hpp\"\n")
foreach(case IN LISTS cases)
    string(REGEX MATCH "^([^|]*)[|]([^|]*)[|](.*)$" matched "${case}")
    set(kind "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    set(folder "${CMAKE_MATCH_3}")
    if(kind STREQUAL "transfer")    # a type for each of its folders
        file(GLOB classes RELATIVE "${folder}" "${folder}/*/config.json")
        list(TRANSFORM classes REPLACE "/config.json$" "")
        list(TRANSFORM classes PREPEND "${name}_" OUTPUT_VARIABLE types)
    else()
        set(classes ".")
        set(types ${name})
    endif()
    set(includes "")
    set(arguments "${name}, \"${folder}\"")
    set(verdict "")
    foreach(class type IN ZIP_LISTS classes types)
        execute_process(
            COMMAND ${emulator} "${generator}" model "${type}" "${folder}/${class}/config.json"
                "${output_dir}/${type}.hpp"
            RESULT_VARIABLE status
            ERROR_VARIABLE problem)
        string(STRIP "${problem}" problem)
        string(REPLACE "xzoo-generate: " "" problem "${problem}")
        if(status EQUAL unknown_exit_code)
            set(verdict "WARN(R\"(skipped: ${problem})\")")
        elseif(NOT status EQUAL 0)
            set(verdict "FAIL(R\"(${problem})\")")
        endif()
        string(APPEND includes "#include \"${type}.hpp\"\n")
        string(APPEND arguments ", ${type}::Model")
    endforeach()
    if(verdict)
        string(APPEND text
            "TEST_CASE(\"golden: ${name} equals the oracle\", \"[golden]\") {\n"
            "    ${verdict};\n"
            "}\n")
    else()
        string(APPEND text "${includes}${macro_${kind}}(${arguments})\n")
    endif()
endforeach()
file(WRITE "${source}" "${text}")

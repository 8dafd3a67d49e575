# The generator's list of families, from the "classes" of the manifests: what a family is made of is
# stated once, beside its checkpoints.

# xzoo_json(VARIABLE FILE JSON KEY...): a member of the manifest FILE, or an error that names both.
function(xzoo_json variable file json)
    string(JSON value ERROR_VARIABLE problem GET "${json}" ${ARGN})
    if(problem)
        list(JOIN ARGN "." key)
        message(FATAL_ERROR "${file}: '${key}' is missing or no JSON: ${problem}")
    endif()
    set(${variable} "${value}" PARENT_SCOPE)
endfunction()

# xzoo_write_family_table(FOLDER MANIFEST...): writes FOLDER/family_headers.inc and
# FOLDER/family_table.inc, which generator/families.cpp includes, and in FOLDER/unwritten an empty
# header in the place of each that the generator will write.
function(xzoo_write_family_table folder)
    list(SORT ARGN)
    set(headers "")
    set(table "")
    foreach(manifest IN LISTS ARGN)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${manifest}")
        file(READ "${manifest}" json)
        cmake_path(GET manifest STEM file)
        xzoo_json(config "${manifest}" "${json}" classes config)
        xzoo_json(prefix "${manifest}" "${json}" classes prefix)
        string(JSON hub_prefix ERROR_VARIABLE absent GET "${json}" classes hub_prefix)
        if(absent)
            set(hub_prefix "${prefix}")
        endif()
        xzoo_json(heads "${manifest}" "${json}" classes heads)    # a list of strings, as in C++
        string(REGEX REPLACE "^\\[(.*)\\]$" "{\\1}" heads "${heads}")
        string(REGEX REPLACE "[ \n]+" " " heads "${heads}")
        string(APPEND headers "#include \"zoo/${file}.hpp\"\n")
        string(APPEND table "family<${config}>(\"${file}\", \"${config}\", \"${hub_prefix}\", "
            "\"${prefix}\", ${heads}),\n")
        file(CONFIGURE OUTPUT "${folder}/unwritten/xzoo/weights/${file}.hpp" CONTENT "#pragma once\n")
    endforeach()
    file(CONFIGURE OUTPUT "${folder}/family_headers.inc" CONTENT "${headers}" @ONLY)
    file(CONFIGURE OUTPUT "${folder}/family_table.inc" CONTENT "${table}" @ONLY)
endfunction()

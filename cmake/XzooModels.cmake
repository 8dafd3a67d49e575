# What a build can do with models:
#
#   xzoo_add_model(NAME my_model CONFIG path/config.json
#                  [WEIGHTS path/model.safetensors] [CLASS BertForMaskedLM])
#
# makes an INTERFACE target my_model with a header my_model.hpp:
#
#   my_model::config   the config, as a constant
#   my_model::Model    the model's type: the class that config.json names ("architectures"), or CLASS
#   my_model::entry    what is known of the weights: with WEIGHTS the file's size and SHA-256 and
#                      the table of its tensors
#
# A config.json that breaks a rule, or a weights file that is damaged, fails the build; weights that
# do not fit the model do not compile, and the compiler names the tensor and both shapes.
#
#   xzoo_embed_weights(TARGET program NAME lang (DIR folder | FILES file...))
#
# puts files into a program, with a header lang.hpp: lang::model_safetensors() gives the bytes of
# model.safetensors (aligned to 64), lang::files lists all with name, size and SHA-256. DIR takes
# the files of a model from a folder: config.json, *.safetensors, tokenizer.json, vocab.txt and the
# like.
#
# Headers are written anew when what they are made from changes. Needs xzoo::xzoo and
# xzoo::generate (the generator), as the project itself and find_package(xzoo) define them.

if(NOT TARGET xzoo::generate)    # in xzoo's own build
    add_subdirectory("${CMAKE_CURRENT_LIST_DIR}/../weights_manifest" xzoo_weights_manifest)
endif()

function(xzoo_add_model)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;CONFIG;WEIGHTS;CLASS" "")
    if(NOT arg_NAME OR NOT arg_CONFIG OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "xzoo_add_model: expected NAME and CONFIG, and WEIGHTS and CLASS if "
            "need be; found '${ARGV}'")
    endif()
    set(inputs "${arg_CONFIG}")
    set(files "")
    set(options "")
    if(arg_WEIGHTS)
        list(APPEND inputs "${arg_WEIGHTS}")
    endif()
    foreach(input IN LISTS inputs)
        cmake_path(ABSOLUTE_PATH input BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        list(APPEND files "${input}")
    endforeach()
    list(GET files 0 config)
    if(arg_WEIGHTS)
        list(GET files 1 weights)
        list(APPEND options --weights "${weights}")
    endif()
    if(arg_CLASS)
        list(APPEND options --class "${arg_CLASS}")
    endif()

    set(folder "${CMAKE_CURRENT_BINARY_DIR}/xzoo_models/${arg_NAME}")
    set(header "${folder}/${arg_NAME}.hpp")
    add_custom_command(
        OUTPUT "${header}.stamp"
        BYPRODUCTS "${header}"
        COMMAND xzoo::generate model "${arg_NAME}" "${config}" "${header}" ${options}
        COMMAND "${CMAKE_COMMAND}" -E touch "${header}.stamp"
        DEPENDS xzoo::generate ${files}
        COMMENT "Generating ${arg_NAME}.hpp from ${arg_CONFIG}"
        VERBATIM)
    add_custom_target(${arg_NAME}_header DEPENDS "${header}.stamp")
    add_library(${arg_NAME} INTERFACE)
    add_dependencies(${arg_NAME} ${arg_NAME}_header)
    target_include_directories(${arg_NAME} INTERFACE "${folder}")
    target_link_libraries(${arg_NAME} INTERFACE xzoo::xzoo)
endfunction()

function(xzoo_embed_weights)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "TARGET;NAME;DIR" "FILES")
    if(NOT TARGET "${arg_TARGET}" OR NOT arg_NAME OR arg_UNPARSED_ARGUMENTS
            OR (arg_DIR AND arg_FILES) OR NOT (arg_DIR OR arg_FILES))
        message(FATAL_ERROR "xzoo_embed_weights: expected a TARGET, a NAME, and either DIR or "
            "FILES; found '${ARGV}'")
    endif()
    set(files "")
    foreach(file IN LISTS arg_FILES)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        list(APPEND files "${file}")
    endforeach()
    if(arg_DIR)
        cmake_path(ABSOLUTE_PATH arg_DIR BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        foreach(pattern IN ITEMS config.json generation_config.json *.safetensors
                *.safetensors.index.json tokenizer.json tokenizer_config.json
                special_tokens_map.json vocab.txt vocab.json merges.txt)
            file(GLOB found CONFIGURE_DEPENDS "${arg_DIR}/${pattern}")
            list(APPEND files ${found})
        endforeach()
        if(NOT files)
            message(FATAL_ERROR "xzoo_embed_weights: no files of a model in ${arg_DIR}")
        endif()
    endif()

    set(folder "${CMAKE_CURRENT_BINARY_DIR}/xzoo_embedded/${arg_NAME}")
    set(header "${folder}/${arg_NAME}.hpp")
    set(source "${folder}/${arg_NAME}.cpp")
    add_custom_command(
        OUTPUT "${header}" "${source}"
        COMMAND "${CMAKE_COMMAND}" -E rm -f "${header}" "${source}"
        COMMAND xzoo::generate embed "${arg_NAME}" "${header}" "${source}" ${files}
        DEPENDS xzoo::generate ${files}
        COMMENT "Embedding ${arg_NAME}"
        VERBATIM)
    add_library(${arg_TARGET}_${arg_NAME} STATIC "${source}" "${header}")
    # The assembler reads the files; the compiler does not see that they changed.
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${files}")
    target_include_directories(${arg_TARGET}_${arg_NAME} INTERFACE "${folder}")
    target_link_libraries(${arg_TARGET} PRIVATE ${arg_TARGET}_${arg_NAME})
    target_include_directories(${arg_TARGET} PRIVATE "${folder}")
endfunction()

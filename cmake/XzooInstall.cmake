# What `cmake --install` puts where, and the two ways in which others find it: find_package(xzoo)
# and pkg-config.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/xzoo")

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/xzoo" "${PROJECT_SOURCE_DIR}/zoo"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp")
install(DIRECTORY "${XZOO_GENERATED_DIR}/xzoo"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.hpp")

install(TARGETS xzoo EXPORT xzoo)
if(TARGET xzoo_dispatch)
    install(TARGETS xzoo_dispatch EXPORT xzoo ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
# xzoo_add_model and xzoo_embed_weights run the generator in the user's build.
install(TARGETS xzoo_generate EXPORT xzoo RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(TARGET xzoo_cli)
    install(TARGETS xzoo_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

install(EXPORT xzoo NAMESPACE xzoo:: FILE xzooTargets.cmake DESTINATION "${package_dir}")
configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/cmake/xzooConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/package/xzooConfig.cmake"
    INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file(
    "${PROJECT_BINARY_DIR}/package/xzooConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(
    FILES
        "${PROJECT_BINARY_DIR}/package/xzooConfig.cmake"
        "${PROJECT_BINARY_DIR}/package/xzooConfigVersion.cmake"
        "${PROJECT_SOURCE_DIR}/cmake/XzooModels.cmake"
    DESTINATION "${package_dir}")

# The file finds the headers from where it lies itself, so that the installation can be moved.
cmake_path(RELATIVE_PATH CMAKE_INSTALL_FULL_INCLUDEDIR
    BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
    OUTPUT_VARIABLE pc_include_dir)
set(pc_openmp "")
if(OpenMP_CXX_FOUND)
    set(pc_openmp "-fopenmp")
endif()
configure_file(
    "${PROJECT_SOURCE_DIR}/cmake/xzoo.pc.in" "${PROJECT_BINARY_DIR}/package/xzoo.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/package/xzoo.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

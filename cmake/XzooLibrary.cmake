# The library: the INTERFACE target xzoo::xzoo and all that it needs. xzooConfig.cmake.in finds the
# same packages for those who use the installed library.

set(XZOO_BOOST_VERSION 1.81)    # the first Debian package with Boost.JSON
set(XZOO_XTENSOR_VERSION 0.24)
set(XZOO_XSIMD_VERSION 8.1)

find_package(Boost ${XZOO_BOOST_VERSION} REQUIRED COMPONENTS json)
find_package(xtl REQUIRED)
find_package(xtensor ${XZOO_XTENSOR_VERSION} REQUIRED)
find_package(xsimd ${XZOO_XSIMD_VERSION} REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
if(XZOO_OPENMP)
    find_package(OpenMP COMPONENTS CXX)
    if(NOT OpenMP_CXX_FOUND)
        message(WARNING "xzoo: this compiler has no OpenMP, models will run in one thread. "
            "(Debian packages: libgomp1 comes with g++, libomp-14-dev for clang-14.)")
    endif()
endif()

# Headers that the build writes: <xzoo/weights/FAMILY.hpp> from the weights manifest.
set(XZOO_GENERATED_DIR "${PROJECT_BINARY_DIR}/generated")
file(MAKE_DIRECTORY "${XZOO_GENERATED_DIR}")

# XTENSOR_USE_XSIMD stays undefined: with it xt::xtensor is another type under each -m flag.
add_library(xzoo INTERFACE)
add_library(xzoo::xzoo ALIAS xzoo)
target_compile_features(xzoo INTERFACE cxx_std_20)
include(GNUInstallDirs)
target_include_directories(xzoo INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include;${PROJECT_SOURCE_DIR};${XZOO_GENERATED_DIR}>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
set(XZOO_PACKAGES Boost::headers Boost::json xtensor xtl xsimd ICU::uc ICU::i18n)
target_link_libraries(xzoo INTERFACE ${XZOO_PACKAGES})
if(OpenMP_CXX_FOUND)
    target_link_libraries(xzoo INTERFACE "$<BUILD_INTERFACE:OpenMP::OpenMP_CXX>")
endif()

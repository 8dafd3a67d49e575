# Toolchain file: builds for Linux on aarch64 (NEON) with Debian's cross-compiler and runs the tests
# under qemu-user. `scripts/install_dependencies neon` installs what it needs.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++-12)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)

# Debian keeps the libraries of each architecture in a folder of its own, so there is no sysroot.
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

# Headers alone, but their packages lie in the folder of the architecture that they were installed
# for (and Debian's libxtensor-dev cannot be installed for a second one).
foreach(package IN ITEMS xtensor xsimd)
    set(${package}_DIR "/usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu/cmake/${package}"
        CACHE PATH "Folder of ${package}Config.cmake")
endforeach()

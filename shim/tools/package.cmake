# SPDX-License-Identifier: GPL-2.0-only
#
# Makes the build directory a CMake package, for drivers outside this tree:
#
#   find_package(umdev REQUIRED)          with umdev_DIR=<build directory>
#
# Included at the end of the top CMakeLists.txt. Nothing is installed: the
# package is the build itself, and says the same flags again, since one
# process can have one sanitizer only.

get_directory_property(UMDEV_COMPILE_OPTIONS COMPILE_OPTIONS)
get_directory_property(UMDEV_LINK_OPTIONS LINK_OPTIONS)
get_property(UMDEV_TEST_ENVIRONMENT GLOBAL PROPERTY UMDEV_TEST_ENVIRONMENT)

export(TARGETS umdev modpost umdev_kernel_flags FILE "${CMAKE_BINARY_DIR}/umdev-targets.cmake")
configure_file("${CMAKE_CURRENT_LIST_DIR}/umdev-config.cmake.in"
  "${CMAKE_BINARY_DIR}/umdev-config.cmake" @ONLY)

# SPDX-License-Identifier: GPL-2.0-only
#
# What kind of kernel tree is this? Everything is found by looking: the
# generation of the framework by its header, never by a version.
#
#   umdev_look_at_tree(DIR)   sets in the caller's scope, or refuses in one line
#       UMDEV_TREE_GENERATION   class-ids, parent-ops or mdev-driver
#       UMDEV_TREE_SAMPLES      the directory of its mdev samples; empty without
#
#   cmake -D MDEV_TREE=DIR -P shim/tools/tree.cmake     prints the two

cmake_policy(VERSION 3.25)

# Refusals are one line, and CMake prints a call stack below each that a function
# makes. So a function only notes what it refuses, and returns; who called it
# goes on by umdev_return_if_refused(), up to a file, or to the function that a
# user's own line calls, which makes an error of it. That begins with a blank,
# since CMake breaks lines that do not.
function(umdev_refuse)
  # each as it is: in ARGN a semicolon would be gone
  set(text "")
  math(EXPR last "${ARGC} - 1")
  foreach(i RANGE ${last})
    string(APPEND text "${ARGV${i}}")
  endforeach()
  set_property(GLOBAL PROPERTY UMDEV_REFUSED "${text}")
endfunction()

macro(umdev_return_if_refused)
  get_property(UMDEV_REFUSED GLOBAL PROPERTY UMDEV_REFUSED)
  if(UMDEV_REFUSED)
    return()
  endif()
endmacro()

function(_umdev_tree_generation tree where out)
  file(READ "${tree}/include/linux/mdev.h" text)
  set(between " the shim has VFIO's declarations before and after that, and not between:"
    " take a tree up to 5.12 or from 6.1 on")
  if(text MATCHES "struct mdev_class_id|mdev_set_class")
    set(generation class-ids)
  elseif(text MATCHES "struct mdev_parent_ops[ \t\n]*{")
    if(text MATCHES "struct mdev_driver[ \t]*\\*[ \t]*device_driver")
      umdev_refuse("${where}: mdev_parent_ops has a device_driver, as in Linux 5.14 to 5.18:"
        ${between})
      return()
    endif()
    set(uses "")
    if(EXISTS "${tree}/drivers/vfio/mdev/vfio_mdev.c")
      file(STRINGS "${tree}/drivers/vfio/mdev/vfio_mdev.c" uses
        REGEX "vfio_register_group_dev" LIMIT_COUNT 1)
    endif()
    if(uses)
      umdev_refuse("${where}: vfio_mdev registers by vfio_register_group_dev(), as in Linux 5.13:"
        ${between})
      return()
    endif()
    set(generation parent-ops)
  elseif(text MATCHES "mdev_register_parent[ \t]*\\(")
    set(generation mdev-driver)
  elseif(text MATCHES "mdev_register_device[ \t]*\\(")
    umdev_refuse("${where}: mdev_register_device() takes an mdev_driver, as in Linux 5.19 and 6.0:"
      ${between})
    return()
  else()
    umdev_refuse("${where}: this generation of mdev is not known: include/linux/mdev.h has neither"
      " struct mdev_parent_ops nor mdev_register_parent(): it is newer than this umdev, or no mdev")
    return()
  endif()
  set(${out} "${generation}" PARENT_SCOPE)
endfunction()

function(umdev_look_at_tree tree)
  if(NOT IS_DIRECTORY "${tree}")
    umdev_refuse("MDEV_TREE is '${tree}': no such directory: give the top of a kernel tree")
    return()
  endif()
  set(where "MDEV_TREE is '${tree}'")
  if(NOT EXISTS "${tree}/drivers/vfio/mdev/Makefile" OR NOT EXISTS "${tree}/include/linux/mdev.h")
    if(EXISTS "${tree}/Kbuild" AND IS_DIRECTORY "${tree}/kernel")
      umdev_refuse("${where}: a kernel tree without mdev: no drivers/vfio/mdev/Makefile and"
        " include/linux/mdev.h: it came with Linux 4.10: take a whole tree from 5.4 on")
      return()
    endif()
    umdev_refuse("${where}: no drivers/vfio/mdev/Makefile and include/linux/mdev.h there: give the"
      " top of a kernel tree, or of a slice of one that has these")
    return()
  endif()
  _umdev_tree_generation("${tree}" "${where}" generation)
  umdev_return_if_refused()

  # wherever below samples/ a Makefile builds what includes the framework's header
  set(samples "")
  file(GLOB makefiles "${tree}/samples/*/Makefile")
  foreach(makefile ${makefiles})
    get_filename_component(dir "${makefile}" DIRECTORY)
    file(GLOB sources "${dir}/*.c")
    foreach(source ${sources})
      file(STRINGS "${source}" uses REGEX "^#[ \t]*include[ \t]*<linux/mdev.h>" LIMIT_COUNT 1)
      if(uses)
        set(samples "${dir}")
        break()
      endif()
    endforeach()
  endforeach()

  set(UMDEV_TREE_GENERATION "${generation}" PARENT_SCOPE)
  set(UMDEV_TREE_SAMPLES "${samples}" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND CMAKE_CURRENT_LIST_FILE STREQUAL CMAKE_SCRIPT_MODE_FILE)
  umdev_look_at_tree("${MDEV_TREE}")
  get_property(UMDEV_REFUSED GLOBAL PROPERTY UMDEV_REFUSED)
  if(UMDEV_REFUSED)
    message(FATAL_ERROR " ${UMDEV_REFUSED}")
  endif()
  message(NOTICE "generation ${UMDEV_TREE_GENERATION}")
  message(NOTICE "samples ${UMDEV_TREE_SAMPLES}")
endif()

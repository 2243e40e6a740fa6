# SPDX-License-Identifier: GPL-2.0-only
#
# The level: the release of Linux whose declarations the shim offers.
#
#   umdev_choose_level()   (after tree.cmake, by which it refuses)
#       from UMDEV_KERNEL; if that is empty from MDEV_TREE, if that is a kernel
#       tree; else the table's default. Sets UMDEV_LEVEL (6.1) and UMDEV_RELEASE
#       (6.1.0-umdev), and writes version.h and utsrelease.h where a kernel tree
#       has them, below UMDEV_GENERATED.
#
# Which releases there are stands in shim/compat/levels.h and nowhere else.

set(UMDEV_LEVELS "${CMAKE_CURRENT_LIST_DIR}/../compat/levels.h")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${UMDEV_LEVELS}")

# _umdev_table_release(NAME OUT): KAPI_<NAME> of the table as 6.1
function(_umdev_table_release name out)
  file(STRINGS "${UMDEV_LEVELS}" line REGEX "^#define KAPI_${name}[ \t]")
  if(NOT line MATCHES "KAPI_RELEASE\\(([0-9]+), ([0-9]+)\\)$")
    message(FATAL_ERROR "${UMDEV_LEVELS} has no KAPI_${name}")
  endif()
  set(${out} "${CMAKE_MATCH_1}.${CMAKE_MATCH_2}" PARENT_SCOPE)
endfunction()

# _umdev_tree_release(TREE OUT_VERSION OUT_EXTRA): 5.10.223 and -rc1, or nothing
# where TREE is no whole kernel tree
function(_umdev_tree_release tree out_version out_extra)
  set(${out_version} "" PARENT_SCOPE)
  set(${out_extra} "" PARENT_SCOPE)
  if(NOT EXISTS "${tree}/Makefile")
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${tree}/Makefile")
  foreach(name VERSION PATCHLEVEL SUBLEVEL EXTRAVERSION)
    file(STRINGS "${tree}/Makefile" line LIMIT_COUNT 1 REGEX "^${name}[ \t]*=")
    string(REGEX REPLACE "^${name}[ \t]*=[ \t]*" "" ${name} "${line}")
    string(STRIP "${${name}}" ${name})
  endforeach()
  if("${VERSION}.${PATCHLEVEL}" MATCHES "^[0-9]+\\.[0-9]+$")
    if(NOT SUBLEVEL MATCHES "^[0-9]+$")
      set(SUBLEVEL 0)
    endif()
    set(${out_version} "${VERSION}.${PATCHLEVEL}.${SUBLEVEL}" PARENT_SCOPE)
    set(${out_extra} "${EXTRAVERSION}" PARENT_SCOPE)
  endif()
endfunction()

# _umdev_table_row(NAME LEVEL OUT): whether LEVEL has the feature KAPI_<NAME>
function(_umdev_table_row name level out)
  file(STRINGS "${UMDEV_LEVELS}" line REGEX "^#define KAPI_${name}[ \t]")
  if(NOT line MATCHES "(SINCE|UNTIL)\\(([0-9]+), ([0-9]+)\\)$")
    message(FATAL_ERROR "${UMDEV_LEVELS} has no row KAPI_${name}")
  endif()
  set(value FALSE)
  if(CMAKE_MATCH_1 STREQUAL "SINCE" AND NOT level VERSION_LESS "${CMAKE_MATCH_2}.${CMAKE_MATCH_3}")
    set(value TRUE)
  elseif(CMAKE_MATCH_1 STREQUAL "UNTIL" AND level VERSION_LESS "${CMAKE_MATCH_2}.${CMAKE_MATCH_3}")
    set(value TRUE)
  endif()
  set(${out} ${value} PARENT_SCOPE)
endfunction()

# Headers that the level has under one name or another, as one line that
# includes where the shim keeps it.
function(_umdev_write_moved_headers level)
  _umdev_table_row(LINUX_UNALIGNED ${level} moved)
  set(there linux)
  set(not_there asm)
  if(NOT moved)
    set(there asm)
    set(not_there linux)
  endif()
  file(REMOVE "${UMDEV_GENERATED}/${not_there}/unaligned.h")
  file(CONFIGURE OUTPUT "${UMDEV_GENERATED}/${there}/unaligned.h" CONTENT
    "#include <asm-generic/unaligned.h>\n")
endfunction()

# Headers that kernel sources do not silently get as user space has them: an
# error by each name, unless the shim has such a header or the framework of
# MDEV_TREE does.
function(_umdev_write_missing_headers)
  set(list "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../compat/user_only")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${list}")
  file(STRINGS "${list}" headers REGEX "^[^#]")
  foreach(header ${headers})
    if(NOT header MATCHES "^(asm|asm-generic|drm)/")
      string(PREPEND header "linux/")
    endif()
    if(EXISTS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../include/${header}")
      file(REMOVE "${UMDEV_GENERATED}/${header}")
      continue()
    endif()
    file(CONFIGURE OUTPUT "${UMDEV_GENERATED}/${header}" @ONLY CONTENT
"#error \"@header@: the shim has no header of the kernel's by this name, only uapi/@header@\"
")
  endforeach()
endfunction()

# Only what changed is written: a header touched is a build of everything.
function(_umdev_write_version version release)
  string(REPLACE "." ";" numbers "${version}")
  list(GET numbers 0 major)
  list(GET numbers 1 minor)
  list(GET numbers 2 sublevel)
  set(clamped ${sublevel})
  if(sublevel GREATER 255)
    set(clamped 255)
  endif()
  math(EXPR code "(${major} << 16) + (${minor} << 8) + ${clamped}")
  file(CONFIGURE OUTPUT "${UMDEV_GENERATED}/generated/uapi/linux/version.h" @ONLY CONTENT
"#define LINUX_VERSION_CODE @code@
#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_MAJOR @major@
#define LINUX_VERSION_PATCHLEVEL @minor@
#define LINUX_VERSION_SUBLEVEL @sublevel@
")
  file(CONFIGURE OUTPUT "${UMDEV_GENERATED}/generated/utsrelease.h" @ONLY CONTENT
"#define UTS_RELEASE \"@release@\"
")
endfunction()

function(umdev_choose_level)
  foreach(name FIRST LAST DEFAULT REBUILT_FIRST REBUILT_LAST)
    _umdev_table_release(${name} ${name})
  endforeach()
  _umdev_tree_release("${MDEV_TREE}" tree extra)
  set(version "${UMDEV_KERNEL}")
  if(version STREQUAL "")
    set(version "${tree}")
  else()
    set(extra "")
  endif()
  if(version STREQUAL "")
    set(version "${DEFAULT}")
  endif()
  if(NOT version MATCHES "^([0-9]+\\.[0-9]+)(\\.[0-9]+)?$")
    umdev_refuse("UMDEV_KERNEL is '${UMDEV_KERNEL}': say a release of Linux"
      " from ${FIRST} to ${LAST}, such as 6.1 or 5.10.223; empty is MDEV_TREE's own, else ${DEFAULT}")
    return()
  endif()
  set(level "${CMAKE_MATCH_1}")
  if("${CMAKE_MATCH_2}" STREQUAL "")
    string(APPEND version ".0")
  endif()
  set(whose "UMDEV_KERNEL is ${UMDEV_KERNEL}")
  if(UMDEV_KERNEL STREQUAL "")
    set(whose "MDEV_TREE is Linux ${version}${extra}")
  endif()

  if(level VERSION_LESS FIRST)
    umdev_refuse("${whose}: too old. The shim knows the declarations of ${FIRST} to ${LAST}:"
      " set UMDEV_KERNEL to ${FIRST} to try the tree all the same")
    return()
  elseif(level VERSION_GREATER LAST)
    message(NOTICE "${whose}: newer than ${LAST}, the last release that "
      "shim/compat/levels.h knows: its declarations are taken")
  endif()
  # A tree's framework, not a level: vendor code of those releases may be built.
  if(tree AND NOT tree VERSION_LESS REBUILT_FIRST AND tree VERSION_LESS "${REBUILT_LAST}.99999")
    file(STRINGS "${UMDEV_LEVELS}" needs REGEX "^\t\"")
    string(REGEX REPLACE "^\t\"(.*)\"$" "\\1" needs "${needs}")
    umdev_refuse("MDEV_TREE is Linux ${tree}: the mdev framework of ${REBUILT_FIRST} to"
      " ${REBUILT_LAST} is not served. It would need ${needs}")
    return()
  endif()
  if(NOT tree AND NOT level VERSION_LESS REBUILT_FIRST AND NOT level VERSION_GREATER REBUILT_LAST)
    message(NOTICE "${whose}: the mdev framework and VFIO's interface of ${REBUILT_FIRST} to"
      " ${REBUILT_LAST} are not served: the framework is that of MDEV_TREE, and what names VFIO's"
      " of that release does not compile. All else is as ${level} declares it")
  endif()

  set(UMDEV_LEVEL "${level}" PARENT_SCOPE)
  set(UMDEV_RELEASE "${version}${extra}-umdev" PARENT_SCOPE)
  set(UMDEV_GENERATED "${CMAKE_BINARY_DIR}/include" PARENT_SCOPE)
  set(UMDEV_GENERATED "${CMAKE_BINARY_DIR}/include")
  _umdev_write_version("${version}" "${version}${extra}-umdev")
  _umdev_write_moved_headers("${level}")
  _umdev_write_missing_headers()
endfunction()

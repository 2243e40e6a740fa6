# SPDX-License-Identifier: GPL-2.0-only
#
# Reads a kernel Makefile (or Kbuild file) by kbuild.mk, and says in one line
# what it is that cannot be built from it.
#
#   umdev_read_kbuild(PREFIX DIR [PASSED flags] [KCONFIG file...] [CONFIG_X=m...])
#       sets in the caller's scope PREFIX_MODULES, for each of them
#       PREFIX_SOURCES_<name>, for each source PREFIX_FLAGS_<its number in
#       PREFIX_ALL>, and PREFIX_SUBDIRS with PREFIX_PASS for them. Modules of
#       which a source is not there, or no C, are in PREFIX_UNBUILDABLE, each
#       with PREFIX_WHY_<name>; where nothing else is, that is refused.
#
# Without any CONFIG_X=m, each symbol of an obj-$(CONFIG_X) is m, unless a
# Kconfig file beside it, above it or named here has it depend on what the
# shim is not configured with (linux/autoconf.h).
#
#   cmake -D DIR=DIR [-D CONFIG="CONFIG_X=m;..."] -P shim/tools/kbuild.cmake
#       prints what was read

cmake_policy(VERSION 3.25)
if(POLICY CMP0174)
  cmake_policy(SET CMP0174 NEW)     # an argument may be an empty string
endif()
include("${CMAKE_CURRENT_LIST_DIR}/tree.cmake")
set(UMDEV_KBUILD_MK "${CMAKE_CURRENT_LIST_DIR}/kbuild.mk")
set(UMDEV_KCONFIG_AWK "${CMAKE_CURRENT_LIST_DIR}/kconfig.awk")
get_filename_component(UMDEV_AUTOCONF "${CMAKE_CURRENT_LIST_DIR}/../include/linux/autoconf.h" ABSOLUTE)

# make splits at blanks: a path without any. A script has no build directory:
# UMDEV_KBUILD_LINKS names the one that it has its links in, and removes.
function(_umdev_path_for_make path out)
  if(path MATCHES "[ \t]")
    string(MD5 id "${path}")
    string(SUBSTRING "${id}" 0 8 id)
    set(links "${CMAKE_BINARY_DIR}")
    if(DEFINED UMDEV_KBUILD_LINKS)
      set(links "${UMDEV_KBUILD_LINKS}")
    endif()
    set(link "${links}/kbuild-${id}")
    if(link MATCHES "[ \t]")
      umdev_refuse("${path}: make cannot deal with blanks in paths, and ${links} has"
        " some as well: take a build directory without")
      return()
    endif()
    file(CREATE_LINK "${path}" "${link}" SYMBOLIC)
    set(path "${link}")
  endif()
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# What the shim is configured with, as "CONFIG_X=y".
function(_umdev_autoconf out)
  file(STRINGS "${UMDEV_AUTOCONF}" lines REGEX "^#define CONFIG_[A-Z0-9_]+ 1")
  set(config "")
  foreach(line ${lines})
    string(REGEX MATCH "CONFIG_[A-Z0-9_]+" symbol "${line}")
    if(symbol MATCHES "^(.*)_MODULE$")
      list(APPEND config "${CMAKE_MATCH_1}=m")
    else()
      list(APPEND config "${symbol}=y")
    endif()
  endforeach()
  set(${out} "${config}" PARENT_SCOPE)
endfunction()

# "CONFIG_X=m" for each obj-$(CONFIG_X) of a Makefile that can be built.
function(_umdev_find_config makefile kconfigs out)
  file(STRINGS "${makefile}" lines REGEX "^[ \t]*obj-[$][({]CONFIG_[A-Za-z0-9_]+[)}]")
  get_filename_component(dir "${makefile}" DIRECTORY)
  foreach(candidate "${dir}/Kconfig" "${dir}/../Kconfig")
    if(EXISTS "${candidate}")
      list(APPEND kconfigs "${candidate}")
    endif()
  endforeach()
  set(unfulfilled "")
  if(lines AND kconfigs)
    list(REMOVE_DUPLICATES kconfigs)
    find_program(UMDEV_AWK NAMES awk mawk gawk REQUIRED)
    execute_process(
      COMMAND "${UMDEV_AWK}" -v "autoconf=${UMDEV_AUTOCONF}" -f "${UMDEV_KCONFIG_AWK}" ${kconfigs}
      OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX MATCHALL "[A-Za-z0-9_]+ n [^\n]*" unfulfilled "${said}")
  endif()
  set(config "")
  foreach(line ${lines})
    string(REGEX MATCH "CONFIG_([A-Za-z0-9_]+)[)}](.*)" match "${line}")
    set(symbol "${CMAKE_MATCH_1}")
    set(what "${CMAKE_MATCH_2}")
    set(not "${unfulfilled}")
    list(FILTER not INCLUDE REGEX "^${symbol} n ")
    if(not)
      string(REGEX REPLACE "^[A-Za-z0-9_]+ n " "" not "${not}")
      string(REGEX REPLACE "^[ \t:+]*=[ \t]*" "" what "${what}")
      string(STRIP "${what}" what)
      message(STATUS "${dir}: ${what} is left out: CONFIG_${symbol} depends on ${not}, which the shim does not have")
    else()
      list(APPEND config "CONFIG_${symbol}=m")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES config)
  set(${out} "${config}" PARENT_SCOPE)
endfunction()

# make's lines about one Makefile, or one line about what is wrong with it.
function(_umdev_run_make dir makefile passed config out)
  find_program(UMDEV_MAKE NAMES gmake make REQUIRED)
  _umdev_path_for_make("${dir}" src)
  _umdev_path_for_make("${MDEV_TREE}" srctree)
  umdev_return_if_refused()
  # 6.1.0 of 6.1.0-umdev
  string(REGEX MATCH "^[0-9.]+" release "${UMDEV_RELEASE}")
  get_filename_component(file "${makefile}" NAME)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -E env --unset=MAKEFLAGS --unset=MAKELEVEL --unset=MFLAGS "PWD=${src}"
            "${UMDEV_MAKE}" --no-print-directory -rR -s -f "${UMDEV_KBUILD_MK}"
            "kbuild-file=${src}/${file}" "src=${src}" "obj=${src}" "srctree=${srctree}" "M=${src}"
            "umdev-version=${release}" "umdev-passed=${passed}" "CC=${CMAKE_C_COMPILER}" ${config}
    WORKING_DIRECTORY "${dir}"
    OUTPUT_VARIABLE said ERROR_VARIABLE messages RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    string(STRIP "${messages}" messages)
    string(REGEX REPLACE "\n.*" "" messages "${messages}")
    string(REGEX REPLACE "  *Stop\\.$" "" messages "${messages}")
    umdev_refuse("${makefile}: make cannot evaluate it outside the kernel's own build (${messages}):"
      " name the sources by umdev_add_module(NAME SOURCE...) instead")
    return()
  endif()
  set(${out} "${said}" PARENT_SCOPE)
endfunction()

# The C sources of a module's objects; or one line about why there are none, in OUT_WHY.
function(_umdev_sources_of dir makefile objects out out_why)
  set(sources "")
  set(why "")
  foreach(object ${objects})
    string(REGEX REPLACE "\\.o$" "" stem "${object}")
    if(EXISTS "${dir}/${stem}.S")
      string(CONCAT why "${makefile}: ${stem}.S is assembler, which the shim has no room for: build"
        " the module without it, by umdev_add_module(NAME SOURCE...)")
    elseif(object MATCHES "/$")
      string(CONCAT why "${makefile}: a module takes the whole directory ${object} into itself: name"
        " the objects in it, or use umdev_add_module(NAME SOURCE...)")
    elseif(NOT EXISTS "${dir}/${stem}.c")
      string(CONCAT why "${makefile}: ${object} has no source ${stem}.c: if a rule of the Makefile"
        " makes it, run that first, or name the sources by umdev_add_module(NAME SOURCE...)")
    endif()
    if(why)
      break()
    endif()
    list(APPEND sources "${dir}/${stem}.c")
  endforeach()
  set(${out} "${sources}" PARENT_SCOPE)
  set(${out_why} "${why}" PARENT_SCOPE)
endfunction()

function(umdev_read_kbuild prefix dir)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "PASSED" "KCONFIG")
  set(config "${arg_UNPARSED_ARGUMENTS}")
  if(EXISTS "${dir}/Kbuild")
    set(makefile "${dir}/Kbuild")
  elseif(EXISTS "${dir}/Makefile")
    set(makefile "${dir}/Makefile")
  elseif(NOT IS_DIRECTORY "${dir}")
    umdev_refuse("${dir}: no such directory: give the one that has the driver's Makefile")
    return()
  else()
    umdev_refuse("${dir}: neither Kbuild nor Makefile there: name the sources by"
      " umdev_add_module(NAME SOURCE...)")
    return()
  endif()
  if(NOT config)
    _umdev_find_config("${makefile}" "${arg_KCONFIG}" config)
  endif()
  _umdev_autoconf(autoconf)
  _umdev_run_make("${dir}" "${makefile}" "${arg_PASSED}" "${autoconf};${config}" said)
  umdev_return_if_refused()

  set(modules "")
  set(unbuildable "")
  set(all "")
  set(subdirs "")
  set(pass "")
  # a list's own separators and brackets are text here
  string(REPLACE ";" "\\;" said "${said}")
  string(REPLACE "\n" ";" said "${said}")
  foreach(line IN LISTS said)
    string(REGEX MATCH "^([a-z]+) ?([^ ]*) *(.*)$" match "${line}")
    set(kind "${CMAKE_MATCH_1}")
    set(name "${CMAKE_MATCH_2}")
    set(rest "${CMAKE_MATCH_3}")
    if(kind STREQUAL "module")
      separate_arguments(objects UNIX_COMMAND "${rest}")
      _umdev_sources_of("${dir}" "${makefile}" "${objects}" sources why)
      if(why)
        list(APPEND unbuildable "${name}")
        set(${prefix}_WHY_${name} "${why}" PARENT_SCOPE)
        set(last_why "${why}")
      else()
        list(APPEND modules "${name}")
        set(${prefix}_SOURCES_${name} "${sources}" PARENT_SCOPE)
      endif()
    elseif(kind STREQUAL "object")
      list(LENGTH all number)
      string(REGEX REPLACE "\\.o$" ".c" source "${name}")
      list(APPEND all "${dir}/${source}")
      set(${prefix}_FLAGS_${number} "${rest}" PARENT_SCOPE)
    elseif(kind STREQUAL "subdir")
      if(NOT IS_DIRECTORY "${dir}/${name}")
        umdev_refuse("${makefile}: there is no directory ${name} to descend into: unpack the whole driver")
        return()
      endif()
      string(REGEX REPLACE "/$" "" name "${name}")
      list(APPEND subdirs "${dir}/${name}")
    elseif(kind STREQUAL "pass")
      string(STRIP "${name} ${rest}" pass)
    elseif(kind STREQUAL "builtin")
      string(STRIP "${name} ${rest}" objects)
      message(STATUS "${makefile}: left out: obj-y (${objects}) is for the kernel's own image")
    elseif(kind STREQUAL "cannot")
      message(STATUS "${makefile}: left out: ${name} ${rest}: what it makes for others must be there before")
    endif()
  endforeach()
  # one of several costs its own tests only
  if(unbuildable AND "${modules}${subdirs}" STREQUAL "")
    umdev_refuse("${last_why}")
    return()
  endif()
  # a module may be called "no"
  if("${modules}${subdirs}" STREQUAL "")
    umdev_refuse("${makefile}: it names no module (obj-m) with this configuration (${config}): is it"
      " a kernel Makefile? If so: umdev_add_kbuild_dir(DIR CONFIG_X=m...)")
    return()
  endif()
  foreach(name MODULES UNBUILDABLE ALL SUBDIRS PASS)
    string(TOLOWER ${name} value)
    set(${prefix}_${name} "${${value}}" PARENT_SCOPE)
  endforeach()
  set(${prefix}_FILE "${makefile}" PARENT_SCOPE)
endfunction()

function(_umdev_print_kbuild dir passed)
  umdev_read_kbuild(k "${dir}" PASSED "${passed}" ${CONFIG})
  umdev_return_if_refused()
  foreach(module ${k_MODULES})
    message(NOTICE "module ${module}")
    foreach(source ${k_SOURCES_${module}})
      list(FIND k_ALL "${source}" number)
      message(NOTICE "  ${source} ${k_FLAGS_${number}}")
    endforeach()
  endforeach()
  foreach(module ${k_UNBUILDABLE})
    message(STATUS "${k_WHY_${module}}: ${module} is left out")
  endforeach()
  foreach(subdir ${k_SUBDIRS})
    _umdev_print_kbuild("${subdir}" "${k_PASS}")
  endforeach()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE AND CMAKE_CURRENT_LIST_FILE STREQUAL CMAKE_SCRIPT_MODE_FILE)
  if(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER cc)
  endif()
  get_filename_component(DIR "${DIR}" ABSOLUTE)
  execute_process(COMMAND mktemp -d OUTPUT_VARIABLE UMDEV_KBUILD_LINKS
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  _umdev_print_kbuild("${DIR}" "")
  file(REMOVE_RECURSE "${UMDEV_KBUILD_LINKS}")
  get_property(UMDEV_REFUSED GLOBAL PROPERTY UMDEV_REFUSED)
  if(UMDEV_REFUSED)
    message(FATAL_ERROR " ${UMDEV_REFUSED}")
  endif()
endif()

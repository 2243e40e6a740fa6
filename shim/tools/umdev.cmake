# SPDX-License-Identifier: GPL-2.0-only
#
# Kernel modules as CMake targets.
#
#   umdev_add_module(NAME sources... [INCLUDES dir...] [OPTIONS flag...] [AS_5_4] [MODPOST_WARN])
#       builds <build>/modules/NAME.ko from kernel sources. AS_5_4: it is
#       written in constructs of Linux 5.4, whatever the level, and the overlay
#       (shim/compat/include) puts right what changed; so are the modules of an
#       MDEV_TREE with our framework. Others see the level as it is
#   umdev_add_kbuild_dir(DIR [KCONFIG file...] [CONFIG_X=m...])
#       builds every module that DIR's own kernel Makefile puts into obj-m, and
#       those of the directories below that it descends into; without a
#       CONFIG_X=m all that can be (shim/tools/kbuild.cmake). Of its tree's
#       include/linux only mdev*.h is visible
#   umdev_leave_out(NAME... REASON)
#       tests that ask for module NAME are skipped with this reason
#   umdev_link_builtin(TARGET NAME)
#       links the sources of module NAME straight into a program, as "=y" does
#
# The way of a module: objects; modpost -s notes what they export; modpost -m
# checks what they import against the exports of all modules and writes
# NAME.mod.c and a version script; the link; modpost -c adds the checksum that the
# loader asks for; modpost -d writes modules.dep and its like for the whole directory. Each step's output is left untouched when
# its content stays the same, so that one touched source relinks one module.
#
# ninja NAME builds one module, and of others only what exports symbols that it
# names. Sources from outside this repository are guests: they are compiled with
# a kernel's warnings and no -Werror, and what of them does not compile, or
# modpost refuses, stops nothing else (shim/tools/guest); the build tells so at
# its end, and fails.

if(POLICY CMP0174)
  cmake_policy(SET CMP0174 NEW)     # an argument may be an empty string
endif()

option(UMDEV_ALLOW_MISSING
  "Build guests that name functions which the shim lacks: a call of one ends the test" OFF)

set(UMDEV_MODULE_OUTPUT "${CMAKE_BINARY_DIR}/modules")
set(UMDEV_MODULE_WORK "${CMAKE_BINARY_DIR}/modules/.build")
set(UMDEV_TOOLS_DIR "${CMAKE_CURRENT_LIST_DIR}")
include("${UMDEV_TOOLS_DIR}/kbuild.cmake")
file(MAKE_DIRECTORY "${UMDEV_MODULE_WORK}")

# Lists that grow with each module; the commands below read them when CMake
# generates, so the order of calls does not matter.
add_library(umdev_module_lists INTERFACE)
set_target_properties(umdev_module_lists PROPERTIES UMDEV_SYMVERS "" UMDEV_INFOS "" UMDEV_NAMES ""
  UMDEV_GUESTS "" UMDEV_LEFT_OUT "")

set(UMDEV_KERNEL_SYMVERS "${UMDEV_MODULE_WORK}/vmlinux.symvers")
add_custom_command(
  OUTPUT "${UMDEV_KERNEL_SYMVERS}"
  COMMAND modpost -s "${UMDEV_KERNEL_SYMVERS}" -k vmlinux $<TARGET_FILE:umdev>
  DEPENDS umdev modpost
  COMMENT "Exports of the modelled kernel" VERBATIM)
add_custom_target(umdev_kernel_symvers DEPENDS "${UMDEV_KERNEL_SYMVERS}")
set(UMDEV_SYMVERS_LIST "${UMDEV_MODULE_WORK}/symvers.list")
file(GENERATE OUTPUT "${UMDEV_SYMVERS_LIST}" CONTENT
  "${UMDEV_KERNEL_SYMVERS}\n$<JOIN:$<TARGET_PROPERTY:umdev_module_lists,UMDEV_SYMVERS>,\n>\n")

set(UMDEV_LEFT_OUT "${UMDEV_MODULE_WORK}/left-out")
file(GENERATE OUTPUT "${UMDEV_LEFT_OUT}" CONTENT
  "$<JOIN:$<TARGET_PROPERTY:umdev_module_lists,UMDEV_LEFT_OUT>,\n>\n")

set(UMDEV_TREE_FILES "${UMDEV_MODULE_OUTPUT}/modules.dep" "${UMDEV_MODULE_OUTPUT}/modules.alias"
  "${UMDEV_MODULE_OUTPUT}/modules.softdep" "${UMDEV_MODULE_OUTPUT}/modules.absent")
add_custom_command(
  OUTPUT ${UMDEV_TREE_FILES}
  COMMAND modpost -d "${UMDEV_MODULE_OUTPUT}" -x "${UMDEV_LEFT_OUT}"
          "$<TARGET_PROPERTY:umdev_module_lists,UMDEV_INFOS>"
  DEPENDS modpost "$<TARGET_PROPERTY:umdev_module_lists,UMDEV_INFOS>" "${UMDEV_SYMVERS_LIST}"
          "${UMDEV_LEFT_OUT}"
  COMMENT "Dependencies and aliases of all modules"
  COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(umdev_modules ALL DEPENDS ${UMDEV_TREE_FILES})
add_dependencies(umdev_modules umdev_kernel_symvers)

# Where tests are about races, a task can be held at each basic block of a
# module (um_task_start_held()).
set(UMDEV_BLOCK_POINTS "")
if(UMDEV_SANITIZE)
  set(UMDEV_BLOCK_POINTS -fsanitize-coverage=trace-pc)
endif()

# The parts of an image lie so far apart that, when its access is taken away (shim/host/snapshot.c),
# the host's kernel forgets all that the processor knows of pages: up to some thirty it would
# do so page by page, which costs up to twice as much on a virtual machine. modpost -c has the
# image begin at any page nevertheless.
set(UMDEV_PARTS_APART "")
if(NOT UMDEV_SANITIZE AND NOT UMDEV_COVERAGE AND NOT UMDEV_MCDC AND
   CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  set(UMDEV_PARTS_APART LINKER:-z,max-page-size=0x10000)
endif()

# What changed between releases, on top of the kernel's headers.
get_filename_component(UMDEV_OVERLAY "${UMDEV_TOOLS_DIR}/../compat/include" ABSOLUTE)

# What one source file is compiled with beside umdev_kernel_flags.
function(_umdev_compile_as target name)
  target_link_libraries(${target} PRIVATE umdev_kernel_flags)
  # before all others, those of the framework, too, as in kernel-glue
  target_include_directories(${target} BEFORE PRIVATE "${UMDEV_OVERLAY}")
  target_compile_definitions(${target} PRIVATE
    "KBUILD_MODNAME=\"${name}\"" "KBUILD_MODFILE=\"${name}\"")
  target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

function(_umdev_name_sources)
  foreach(source ${ARGN})
    get_filename_component(base "${source}" NAME_WE)
    string(REPLACE "-" "_" base "${base}")
    set_source_files_properties("${source}" PROPERTIES
      COMPILE_DEFINITIONS "KBUILD_BASENAME=\"${base}\"")
  endforeach()
endfunction()

# A kernel's warnings for sources from outside this repository.
function(_umdev_be_guest target)
  get_target_property(options ${target} COMPILE_OPTIONS)
  list(REMOVE_ITEM options -Werror -Wextra)
  list(APPEND options -Wno-error -Wno-unused-but-set-variable -Wno-unused-const-variable
    $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> -Wno-format-truncation -Wno-address-of-packed-member)
  set_target_properties(${target} PROPERTIES COMPILE_OPTIONS "${options}"
    UMDEV_MAY_MISS "${UMDEV_ALLOW_MISSING}"
    C_COMPILER_LAUNCHER "${UMDEV_TOOLS_DIR}/guest;compile"
    C_LINKER_LAUNCHER "${UMDEV_TOOLS_DIR}/guest;link")
endfunction()

# Is one of the files from outside this repository? Its own are in its rooms;
# what lies below its build directories came from elsewhere.
function(_umdev_are_guests out)
  set(${out} FALSE PARENT_SCOPE)
  get_filename_component(top "${UMDEV_TOOLS_DIR}/../.." REALPATH)
  foreach(source ${ARGN})
    get_filename_component(source "${source}" REALPATH)
    set(own FALSE)
    foreach(room src shim tests kernel-glue)
      string(FIND "${source}" "${top}/${room}/" at)
      if(at EQUAL 0)
        set(own TRUE)
      endif()
    endforeach()
    if(NOT own)
      set(${out} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# Headers of events are read again by a path that is seen from include/trace of
# the tree that they are in (TRACE_INCLUDE_PATH ../../drivers/...).
function(_umdev_see_events_of target)
  foreach(source ${ARGN})
    get_filename_component(dir "${source}" DIRECTORY)
    while(NOT EXISTS "${dir}/include/trace/define_trace.h")
      get_filename_component(up "${dir}" DIRECTORY)
      if(up STREQUAL dir)
        break()
      endif()
      set(dir "${up}")
    endwhile()
    if(EXISTS "${dir}/include/trace/define_trace.h")
      target_compile_options(${target} PRIVATE "SHELL:-idirafter \"${dir}/include/trace\"")
      return()
    endif()
  endforeach()
endfunction()

# A kernel tree with the headers of Linux: MDEV_TREE's own, else an installed one.
function(_umdev_find_linux out)
  file(GLOB candidates "/lib/modules/*/source" "/lib/modules/*/build" "/usr/src/linux-headers-*"
    "/usr/src/linux-*")
  list(SORT candidates COMPARE NATURAL ORDER DESCENDING)
  foreach(candidate "${MDEV_TREE}" ${candidates})
    if(EXISTS "${candidate}/include/linux/kernel.h")
      set(${out} "${candidate}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${out} "" PARENT_SCOPE)
endfunction()

function(umdev_leave_out)
  set(names "${ARGN}")
  list(POP_BACK names reason)
  foreach(name ${names})
    string(REPLACE "-" "_" name "${name}")
    set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_LEFT_OUT "${name} left-out ${reason}")
  endforeach()
endfunction()

# A guest of which nothing can be built: as if its sources did not compile.
function(_umdev_fail_module name reason)
  set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_LEFT_OUT "${name} failed ${reason}")
  set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_GUESTS "${name}")
endfunction()

# For what a user's own line calls: CMake prints no call stack below an error
# of a directory's own file.
function(_umdev_stop_if_refused)
  get_property(refused GLOBAL PROPERTY UMDEV_REFUSED)
  if(refused)
    add_subdirectory("${UMDEV_TOOLS_DIR}/refused" "${CMAKE_BINARY_DIR}/refused")
  endif()
endfunction()

function(umdev_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "AS_5_4;MODPOST_WARN" "" "INCLUDES;OPTIONS")
  if(arg_AS_5_4)
    list(APPEND arg_OPTIONS -DKAPI_AS_5_4)
  endif()
  string(REPLACE "-" "_" name "${name}")
  set(sources "")
  foreach(source ${arg_UNPARSED_ARGUMENTS})
    get_filename_component(source "${source}" ABSOLUTE)
    list(APPEND sources "${source}")
  endforeach()
  if(NOT sources)
    umdev_refuse("umdev_add_module(${name}): no sources: name the .c files of the module")
  endif()
  foreach(source ${sources})
    get_source_file_property(made "${source}" GENERATED)
    if(NOT EXISTS "${source}" AND NOT made)
      umdev_refuse("umdev_add_module(${name}): there is no ${source}: name the .c files of the"
        " module; if a command makes it, have its add_custom_command() stand before")
    elseif(NOT source MATCHES "\\.[ch]$")
      umdev_refuse("umdev_add_module(${name}): ${source} is no C source: name the .c files of the"
        " module")
    endif()
  endforeach()
  _umdev_stop_if_refused()
  _umdev_name_sources(${sources})

  set(objects ko_${name}_objects)
  add_library(${objects} OBJECT ${sources})
  _umdev_are_guests(guest ${sources})
  if(guest)
    _umdev_be_guest(${objects})
    _umdev_see_events_of(${objects} ${sources})
  endif()
  target_include_directories(${objects} BEFORE PRIVATE ${arg_INCLUDES})
  _umdev_compile_as(${objects} ${name})
  target_compile_definitions(${objects} PRIVATE MODULE)
  target_compile_options(${objects} PRIVATE ${UMDEV_BLOCK_POINTS} ${arg_OPTIONS})
  set_target_properties(${objects} PROPERTIES
    UMDEV_SOURCES "${sources}" UMDEV_INCLUDES "${arg_INCLUDES}" UMDEV_OPTIONS "${arg_OPTIONS}")

  set(work "${UMDEV_MODULE_WORK}/${name}")
  set(warn "$<$<BOOL:${arg_MODPOST_WARN}>:-w;-q>")
  set(mode "")
  if(guest)
    set(mode -g)
    set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_GUESTS "${name}")
    if(UMDEV_ALLOW_MISSING)
      _umdev_find_linux(tree)
      list(APPEND mode -a -l "${tree}")
    endif()
  endif()
  add_custom_command(
    OUTPUT "${work}.symvers"
    COMMAND modpost -s "${work}.symvers" ${mode} ${name} "$<TARGET_OBJECTS:${objects}>"
    DEPENDS modpost ${objects} "$<TARGET_OBJECTS:${objects}>"
    COMMENT "Exports of ${name}" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_command(
    OUTPUT "${work}.mod.c" "${work}.lds" "${work}.info"
    COMMAND modpost -m "${UMDEV_MODULE_WORK}" "${warn}" ${mode} ${name} "${UMDEV_SYMVERS_LIST}"
            "$<TARGET_OBJECTS:${objects}>"
    DEPENDS modpost ${objects} "$<TARGET_OBJECTS:${objects}>" "${UMDEV_SYMVERS_LIST}"
            "${UMDEV_KERNEL_SYMVERS}" "${work}.symvers"
            "$<TARGET_PROPERTY:${objects},UMDEV_PROVIDERS>"
    COMMENT "Checking ${name}" COMMAND_EXPAND_LISTS VERBATIM)

  # Neither the shim nor another module is linked to it: the loader binds them.
  set(ko ko_${name})
  add_library(${ko} MODULE $<TARGET_OBJECTS:${objects}> "${work}.mod.c")
  _umdev_compile_as(${ko} ${name})
  target_compile_definitions(${ko} PRIVATE MODULE "KBUILD_BASENAME=\"${name}.mod\"")
  target_link_options(${ko} PRIVATE
    "LINKER:--version-script=${work}.lds" LINKER:-Bsymbolic LINKER:--as-needed
    LINKER:--build-id=sha1 ${UMDEV_PARTS_APART})
  set_target_properties(${ko} PROPERTIES
    PREFIX "" SUFFIX ".ko" OUTPUT_NAME ${name} LINK_DEPENDS "${work}.lds"
    LIBRARY_OUTPUT_DIRECTORY "${UMDEV_MODULE_OUTPUT}")
  add_custom_command(TARGET ${ko} POST_BUILD COMMAND modpost ${mode} -c "$<TARGET_FILE:${ko}>" VERBATIM)
  if(guest)
    _umdev_be_guest(${ko})
  endif()
  add_dependencies(${ko} umdev_kernel_symvers)
  add_dependencies(umdev_modules ${ko})

  set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_SYMVERS "${work}.symvers")
  set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_INFOS "${work}.info")
  set_property(TARGET umdev_module_lists APPEND PROPERTY UMDEV_NAMES "${name}")
endfunction()

# Conditions of a module's decisions. Each module carries a profile runtime of
# its own, which adds to the module's file when the module is unloaded; what an
# older build of it measured goes when it is linked.
function(_umdev_measure_mcdc name)
  set(profiles "${CMAKE_BINARY_DIR}/profiles")
  set(profile "-fprofile-instr-generate=${profiles}/${name}-%m.profraw")
  target_compile_options(ko_${name}_objects PRIVATE
    ${profile} -fcoverage-mapping -fcoverage-mcdc -fprofile-update=atomic)
  set_property(TARGET ko_${name}_objects APPEND PROPERTY
    C_COMPILER_LAUNCHER "${UMDEV_TOOLS_DIR}/../../coverage/mcdc-cc")
  target_link_options(ko_${name} PRIVATE ${profile})
  add_custom_command(TARGET ko_${name} POST_BUILD
    COMMAND sh -c "rm -f '${profiles}/${name}-'*.profraw" VERBATIM)
endfunction()

# A directory that holds links to a tree's include/linux/mdev*.h and nothing else.
function(_umdev_header_farm tree out)
  string(MD5 id "${tree}")
  string(SUBSTRING "${id}" 0 8 id)
  set(farm "${CMAKE_BINARY_DIR}/include-${id}")
  file(MAKE_DIRECTORY "${farm}/linux")
  file(GLOB stale "${farm}/linux/*.h")
  file(GLOB headers CONFIGURE_DEPENDS "${tree}/include/linux/mdev*.h")
  foreach(header ${headers})
    get_filename_component(base "${header}" NAME)
    list(REMOVE_ITEM stale "${farm}/linux/${base}")
    file(CREATE_LINK "${header}" "${farm}/linux/${base}" SYMBOLIC)
  endforeach()
  if(stale)
    file(REMOVE ${stale})
  endif()
  set(${out} "${farm}" PARENT_SCOPE)
endfunction()

# umdev_add_include_tree(TARGET): the chosen tree's mdev headers for a target of one's own
function(umdev_add_include_tree target)
  _umdev_header_farm("${MDEV_TREE}" farm)
  target_include_directories(${target} PRIVATE "${farm}")
endfunction()

function(_umdev_add_kbuild_dirs dir)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PASSED" "KCONFIG")
  get_filename_component(dir "${dir}" ABSOLUTE)
  umdev_read_kbuild(kbuild "${dir}" ${arg_UNPARSED_ARGUMENTS}
    PASSED "${arg_PASSED}" KCONFIG ${arg_KCONFIG})
  umdev_return_if_refused()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${kbuild_FILE}")

  # our framework's own modules, which its header of VFIO ops tells
  set(as "")
  get_filename_component(tree "${MDEV_TREE}" ABSOLUTE)
  string(FIND "${dir}/" "${tree}/" at)
  if(at EQUAL 0 AND EXISTS "${tree}/include/linux/mdev_vfio_ops.h")
    set(as AS_5_4)
  endif()
  # MDEV_TREE's headers even if the directory lies elsewhere (a vendor's own).
  _umdev_header_farm("${MDEV_TREE}" farm)
  # as a kernel's own build has it: what a line taken out leaves unused is told,
  # and its effects are seen
  set(warn -Wno-error -Wno-unused-but-set-variable $<$<C_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  foreach(name ${kbuild_MODULES})
    # of a flag given twice CMake keeps one, unless it gets them as the shell would
    foreach(source ${kbuild_SOURCES_${name}})
      list(FIND kbuild_ALL "${source}" number)
      set_source_files_properties("${source}" PROPERTIES COMPILE_FLAGS "${kbuild_FLAGS_${number}}")
    endforeach()
    umdev_add_module(${name} ${kbuild_SOURCES_${name}} ${as} INCLUDES "${farm}" "${dir}" OPTIONS ${warn})
    if(UMDEV_MCDC)
      _umdev_measure_mcdc(${name})
    endif()
  endforeach()
  foreach(name ${kbuild_UNBUILDABLE})
    message(STATUS "${kbuild_WHY_${name}}: ${name} is not built")
    _umdev_fail_module(${name} "${kbuild_WHY_${name}}")
  endforeach()
  foreach(subdir ${kbuild_SUBDIRS})
    _umdev_add_kbuild_dirs("${subdir}" ${arg_UNPARSED_ARGUMENTS}
      PASSED "${kbuild_PASS}" KCONFIG ${arg_KCONFIG})
    umdev_return_if_refused()
  endforeach()
endfunction()

function(umdev_add_kbuild_dir)
  _umdev_add_kbuild_dirs(${ARGN})
  _umdev_stop_if_refused()
endfunction()

# ---- once all modules are known -------------------------------------------------

# What the text of a source exports, and whether some of it is made by a macro.
function(_umdev_text_exports source out_names out_unknown)
  file(STRINGS "${source}" lines REGEX "EXPORT_(TRACEPOINT_)?SYMBOL[A-Z_]*[ \t]*\\(")
  set(names "")
  set(unknown FALSE)
  foreach(line IN LISTS lines)
    if(line MATCHES "^EXPORT_SYMBOL[A-Z_]*[ \t]*\\([ \t]*([A-Za-z0-9_]+)")
      list(APPEND names "${CMAKE_MATCH_1}")
    else()
      set(unknown TRUE)
    endif()
  endforeach()
  set(${out_names} "${names}" PARENT_SCOPE)
  set(${out_unknown} "${unknown}" PARENT_SCOPE)
endfunction()

# The text in which a module names what it uses: its sources, and the headers
# beside them and in its include directories. Empty if a source is yet to be made.
function(_umdev_text_of objects out)
  get_target_property(sources ${objects} UMDEV_SOURCES)
  get_target_property(dirs ${objects} UMDEV_INCLUDES)
  set(files ${sources})
  foreach(source ${sources})
    if(NOT EXISTS "${source}")
      set(${out} "" PARENT_SCOPE)
      return()
    endif()
    get_filename_component(dir "${source}" DIRECTORY)
    list(APPEND dirs "${dir}")
  endforeach()
  list(REMOVE_DUPLICATES dirs)
  foreach(dir ${dirs})
    file(GLOB headers "${dir}/*.h" "${dir}/linux/*.h")
    list(APPEND files ${headers})
  endforeach()
  set(text "")
  foreach(file ${files})
    file(READ "${file}" one)
    string(APPEND text "${one}")
  endforeach()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

# Which modules' exports a module waits for: of those whose exports it names.
# modpost reads all that there are, so a name that this overlooks (one that came
# into a source since) is resolved by what the last build left.
function(_umdev_find_providers)
  get_target_property(names umdev_module_lists UMDEV_NAMES)
  set(exporters "")
  set(known "")
  foreach(name ${names})
    if(NOT TARGET ko_${name}_objects)
      continue()	# of another build
    endif()
    get_target_property(sources ko_${name}_objects UMDEV_SOURCES)
    set(exports_${name} "")
    set(unknown_${name} FALSE)
    foreach(source ${sources})
      if(EXISTS "${source}")
        _umdev_text_exports("${source}" found unknown)
        list(APPEND exports_${name} ${found})
      endif()
      if(unknown OR NOT EXISTS "${source}")
        set(unknown_${name} TRUE)
      endif()
    endforeach()
    if(exports_${name} OR unknown_${name})
      list(APPEND exporters ${name})
    endif()
  endforeach()
  foreach(name ${names})
    if(NOT TARGET ko_${name}_objects)
      continue()
    endif()
    _umdev_text_of(ko_${name}_objects text)
    set(providers "")
    foreach(exporter ${exporters})
      set(uses ${unknown_${exporter}})
      if(text STREQUAL "")
        set(uses TRUE)
      endif()
      foreach(export ${exports_${exporter}})
        string(FIND "${text}" "${export}" at)
        if(NOT at EQUAL -1)
          set(uses TRUE)
          break()
        endif()
      endforeach()
      if(uses)
        list(APPEND providers "${UMDEV_MODULE_WORK}/${exporter}.symvers")
      endif()
    endforeach()
    set_target_properties(ko_${name}_objects PROPERTIES UMDEV_PROVIDERS "${providers}")
  endforeach()
endfunction()

# How to ask what guests lack; of a project of one's own it is umdev's build that is asked.
function(_umdev_question out)
  set(ask "${CMAKE_BINARY_DIR}/umdev missing")
  if(UMDEV_BINARY_DIR AND NOT UMDEV_BINARY_DIR STREQUAL CMAKE_BINARY_DIR)
    set(ask "${UMDEV_BINARY_DIR}/umdev missing --in ${CMAKE_BINARY_DIR}")
  endif()
  set(${out} "${ask}" PARENT_SCOPE)
endfunction()

# Targets by the modules' own names, and the verdict on guests at a build's end.
function(_umdev_add_verdict)
  _umdev_question(ask)
  get_target_property(names umdev_module_lists UMDEV_NAMES)
  get_target_property(guests umdev_module_lists UMDEV_GUESTS)
  foreach(name ${names})
    if(TARGET ${name} OR NOT TARGET ko_${name})
      continue()
    endif()
    if(name IN_LIST guests)
      add_custom_target(${name}
        COMMAND "${UMDEV_TOOLS_DIR}/guest" info "${ask}" "${UMDEV_MODULE_WORK}/${name}.info"
        DEPENDS ko_${name} VERBATIM)
    else()
      add_custom_target(${name} DEPENDS ko_${name})
    endif()
  endforeach()
  if(guests)
    # after all that does not fail on their account
    add_custom_target(umdev_verdict ALL
      COMMAND "${UMDEV_TOOLS_DIR}/guest" verdict "${ask}" "${UMDEV_MODULE_OUTPUT}/modules.absent"
      COMMENT "" VERBATIM)
    add_dependencies(umdev_verdict umdev_modules)
    get_property(programs GLOBAL PROPERTY UMDEV_PROGRAMS)
    foreach(program ${programs})
      add_dependencies(umdev_verdict ${program})
    endforeach()
  endif()
endfunction()

function(_umdev_finish_modules)
  _umdev_find_providers()
  _umdev_add_verdict()
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _umdev_finish_modules)

function(umdev_link_builtin target name)
  string(REPLACE "-" "_" name "${name}")
  set(builtin ${target}_builtin_${name})
  get_target_property(sources ko_${name}_objects UMDEV_SOURCES)
  get_target_property(includes ko_${name}_objects UMDEV_INCLUDES)
  get_target_property(options ko_${name}_objects UMDEV_OPTIONS)
  add_library(${builtin} OBJECT ${sources})
  _umdev_name_sources(${sources})
  if(includes)
    target_include_directories(${builtin} BEFORE PRIVATE ${includes})
  endif()
  _umdev_compile_as(${builtin} ${name})
  if(options)
    target_compile_options(${builtin} PRIVATE ${options})
  endif()
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${builtin}>)
  # modules loaded later bind to what it exports
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

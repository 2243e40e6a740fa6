# SPDX-License-Identifier: GPL-2.0-only
#
# Kernel modules as CMake targets.
#
#   umdev_add_module(NAME sources... [INCLUDES dir...] [OPTIONS flag...] [MODPOST_WARN])
#       builds <build>/modules/NAME.ko from kernel sources
#   umdev_add_kbuild_dir(DIR [CONFIG_X=m...])
#       builds every module that DIR's own kernel Makefile puts into obj-m;
#       of its tree's include/linux only mdev*.h is visible
#   umdev_link_builtin(TARGET NAME)
#       links the sources of module NAME straight into a program, as "=y" does
#
# The way of a module: objects; modpost -s notes what they export; modpost -m
# checks what they import against the exports of all modules and writes
# NAME.mod.c and a version script; the link; modpost -d writes modules.dep and
# its like for the whole directory. Each step's output is left untouched when
# its content stays the same, so that one touched source relinks one module.

set(UMDEV_MODULE_OUTPUT "${CMAKE_BINARY_DIR}/modules")
set(UMDEV_MODULE_WORK "${CMAKE_BINARY_DIR}/modules/.build")
set(UMDEV_TOOLS_DIR "${CMAKE_CURRENT_LIST_DIR}")
file(MAKE_DIRECTORY "${UMDEV_MODULE_WORK}")

# Lists that grow with each module; the commands below read them when CMake
# generates, so the order of calls does not matter.
add_library(umdev_module_lists INTERFACE)
set_target_properties(umdev_module_lists PROPERTIES UMDEV_SYMVERS "" UMDEV_INFOS "" UMDEV_NAMES "")

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

set(UMDEV_TREE_FILES "${UMDEV_MODULE_OUTPUT}/modules.dep" "${UMDEV_MODULE_OUTPUT}/modules.alias"
  "${UMDEV_MODULE_OUTPUT}/modules.softdep")
add_custom_command(
  OUTPUT ${UMDEV_TREE_FILES}
  COMMAND modpost -d "${UMDEV_MODULE_OUTPUT}"
          "$<TARGET_PROPERTY:umdev_module_lists,UMDEV_INFOS>"
  DEPENDS modpost "$<TARGET_PROPERTY:umdev_module_lists,UMDEV_INFOS>" "${UMDEV_SYMVERS_LIST}"
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

# What one source file is compiled with beside umdev_kernel_flags.
function(_umdev_compile_as target name)
  target_link_libraries(${target} PRIVATE umdev_kernel_flags)
  # as kernel-glue builds modules: what the modelled kernel lacks of older ones
  target_include_directories(${target} BEFORE PRIVATE
    "${UMDEV_TOOLS_DIR}/../../kernel-glue/compat/include")
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

function(umdev_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MODPOST_WARN" "" "INCLUDES;OPTIONS")
  string(REPLACE "-" "_" name "${name}")
  set(sources "")
  foreach(source ${arg_UNPARSED_ARGUMENTS})
    get_filename_component(source "${source}" ABSOLUTE)
    list(APPEND sources "${source}")
  endforeach()
  if(NOT sources)
    message(FATAL_ERROR "umdev_add_module(${name}): no sources")
  endif()
  _umdev_name_sources(${sources})

  set(objects ko_${name}_objects)
  add_library(${objects} OBJECT ${sources})
  _umdev_compile_as(${objects} ${name})
  target_compile_definitions(${objects} PRIVATE MODULE)
  target_include_directories(${objects} BEFORE PRIVATE ${arg_INCLUDES})
  target_compile_options(${objects} PRIVATE ${UMDEV_BLOCK_POINTS} ${arg_OPTIONS})
  set_target_properties(${objects} PROPERTIES
    UMDEV_SOURCES "${sources}" UMDEV_INCLUDES "${arg_INCLUDES}" UMDEV_OPTIONS "${arg_OPTIONS}")

  set(work "${UMDEV_MODULE_WORK}/${name}")
  set(warn "$<$<BOOL:${arg_MODPOST_WARN}>:-w;-q>")
  add_custom_command(
    OUTPUT "${work}.symvers"
    COMMAND modpost -s "${work}.symvers" ${name} "$<TARGET_OBJECTS:${objects}>"
    DEPENDS modpost ${objects} "$<TARGET_OBJECTS:${objects}>"
    COMMENT "Exports of ${name}" COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_command(
    OUTPUT "${work}.mod.c" "${work}.lds" "${work}.info"
    COMMAND modpost -m "${UMDEV_MODULE_WORK}" "${warn}" ${name} "${UMDEV_SYMVERS_LIST}"
            "$<TARGET_OBJECTS:${objects}>"
    DEPENDS modpost ${objects} "$<TARGET_OBJECTS:${objects}>" "${UMDEV_SYMVERS_LIST}"
            "${UMDEV_KERNEL_SYMVERS}" "${work}.symvers"
            "$<TARGET_PROPERTY:umdev_module_lists,UMDEV_SYMVERS>"
    COMMENT "Checking ${name}" COMMAND_EXPAND_LISTS VERBATIM)

  # Neither the shim nor another module is linked to it: the loader binds them.
  set(ko ko_${name})
  add_library(${ko} MODULE $<TARGET_OBJECTS:${objects}> "${work}.mod.c")
  _umdev_compile_as(${ko} ${name})
  target_compile_definitions(${ko} PRIVATE MODULE "KBUILD_BASENAME=\"${name}.mod\"")
  target_link_options(${ko} PRIVATE
    "LINKER:--version-script=${work}.lds" LINKER:-Bsymbolic LINKER:--as-needed
    LINKER:--build-id=sha1)
  set_target_properties(${ko} PROPERTIES
    PREFIX "" SUFFIX ".ko" OUTPUT_NAME ${name} LINK_DEPENDS "${work}.lds"
    LIBRARY_OUTPUT_DIRECTORY "${UMDEV_MODULE_OUTPUT}")
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
  set_target_properties(ko_${name}_objects PROPERTIES
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

function(umdev_add_kbuild_dir dir)
  get_filename_component(dir "${dir}" ABSOLUTE)
  find_program(UMDEV_MAKE NAMES gmake make REQUIRED)
  set(makefile Makefile)
  if(EXISTS "${dir}/Kbuild")
    set(makefile Kbuild)
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${dir}/${makefile}")
  execute_process(
    COMMAND "${UMDEV_MAKE}" --no-print-directory -rR -s -f "${UMDEV_TOOLS_DIR}/kbuild.mk"
            "kbuild-file=${dir}/${makefile}" "src=${dir}" "obj=${dir}" "srctree=${MDEV_TREE}"
            ${ARGN}
    OUTPUT_VARIABLE lines ERROR_VARIABLE messages RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "make cannot read ${dir}/${makefile}:\n${messages}")
  endif()

  # MDEV_TREE's headers even if the directory lies elsewhere (a vendor's own).
  _umdev_header_farm("${MDEV_TREE}" farm)
  string(REPLACE "\n" ";" lines "${lines}")
  # as a kernel's own build has it: what a line taken out leaves unused is told,
  # and its effects are seen
  set(warn -Wno-error -Wno-unused-but-set-variable -Wno-maybe-uninitialized)
  set(flags ${warn})
  foreach(line ${lines})
    string(REPLACE " " ";" words "${line}")
    list(POP_FRONT words kind)
    if(kind STREQUAL "flags")
      set(flags ${words} ${warn})
    elseif(kind STREQUAL "module")
      list(POP_FRONT words name)
      set(sources "")
      foreach(object ${words})
        string(REGEX REPLACE "\\.o$" ".c" source "${object}")
        list(APPEND sources "${dir}/${source}")
      endforeach()
      umdev_add_module(${name} ${sources} INCLUDES "${farm}" "${dir}" OPTIONS ${flags})
      if(UMDEV_MCDC)
        string(REPLACE "-" "_" name "${name}")
        _umdev_measure_mcdc(${name})
      endif()
    endif()
  endforeach()
endfunction()

function(umdev_link_builtin target name)
  string(REPLACE "-" "_" name "${name}")
  set(builtin ${target}_builtin_${name})
  get_target_property(sources ko_${name}_objects UMDEV_SOURCES)
  get_target_property(includes ko_${name}_objects UMDEV_INCLUDES)
  get_target_property(options ko_${name}_objects UMDEV_OPTIONS)
  add_library(${builtin} OBJECT ${sources})
  _umdev_name_sources(${sources})
  _umdev_compile_as(${builtin} ${name})
  if(includes)
    target_include_directories(${builtin} BEFORE PRIVATE ${includes})
  endif()
  if(options)
    target_compile_options(${builtin} PRIVATE ${options})
  endif()
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${builtin}>)
  # modules loaded later bind to what it exports
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

# SPDX-License-Identifier: GPL-2.0-only
#
# cmake -D OUT=FILE -D SHIM=DIR -D GENERATED=DIR -D OPTIONS=TEXT -P build_id.cmake
#
# Writes the header OUT with UM_BUILD, a checksum of what a module and the shim must
# have in common: the headers that modules see, and OPTIONS. A module
# of another build has another, and is not loaded. OUT is left alone if it is right.

file(GLOB_RECURSE headers RELATIVE "${SHIM}" "${SHIM}/include/*" "${SHIM}/compat/*" "${SHIM}/check/op.h")
file(GLOB_RECURSE made RELATIVE "${GENERATED}" "${GENERATED}/*.h")
list(SORT headers)
list(SORT made)
set(all "${OPTIONS}")
foreach(header ${headers})
  file(SHA256 "${SHIM}/${header}" sum)
  string(APPEND all ";${header} ${sum}")
endforeach()
foreach(header ${made})
  if(NOT "${GENERATED}/${header}" STREQUAL OUT)
    file(SHA256 "${GENERATED}/${header}" sum)
    string(APPEND all ";${header} ${sum}")
  endif()
endforeach()
string(SHA256 all "${all}")
string(SUBSTRING "${all}" 0 12 all)
file(CONFIGURE OUTPUT "${OUT}" CONTENT "#define UM_BUILD \"${all}\"\n")

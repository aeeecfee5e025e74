# SPDX-License-Identifier: MIT
# graze_public_headers(TARGET FROM FOLDER AS PREFIX HEADER... [INTERNAL HEADER...])
#
# What strangers include. Each HEADER of FOLDER is theirs as <PREFIX/HEADER>, which forwards to it; headers named INTERNAL are only there
# because those need them. Paths are relative to the calling CMakeLists.txt. Below PREFIX/tree the folders are those of the repository, out
# of the way of <assert.h> and its like.
function(graze_public_headers target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FROM;AS;INTERNAL")
  list(POP_FRONT arg_FROM folder)
  list(POP_FRONT arg_AS prefix)
  set(headers ${arg_INTERNAL})
  file(RELATIVE_PATH here ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(header ${arg_AS})
    list(APPEND headers ${folder}/${header})
    set(forward "${PROJECT_BINARY_DIR}/include/${prefix}/${header}")
    file(CONFIGURE OUTPUT ${forward} @ONLY NEWLINE_STYLE UNIX
         CONTENT "// SPDX-License-Identifier: MIT\n#include \"${here}/${folder}/${header}\"  // IWYU pragma: export\n")
    set_property(GLOBAL APPEND PROPERTY graze_forwards_${prefix} ${forward})
  endforeach()
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>)
endfunction()

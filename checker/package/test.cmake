# SPDX-License-Identifier: MIT
# A stranger's project, built against what `cmake --install` installs, and against the sources.
if(GRAZE_TESTS AND GRAZE_INSTALL AND GRAZE_CPUMAP AND NOT GRAZE_SANITIZE)
  set(consumer_options -G ${CMAKE_GENERATOR} -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER})
  if(CMAKE_CXX_COMPILER_LAUNCHER)
    list(APPEND consumer_options -DCMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER})
  endif()
  foreach(how installed sources)
    add_test(NAME Consumer.${how}
             COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/ci/consumer/run.py ${how} --build ${PROJECT_BINARY_DIR}
                     --work ${PROJECT_BINARY_DIR}/consumer/${how} ${consumer_options})
    set_tests_properties(Consumer.${how} PROPERTIES ENVIRONMENT CXX=${CMAKE_CXX_COMPILER})
  endforeach()
endif()

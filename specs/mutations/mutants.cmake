# SPDX-License-Identifier: MIT
# Mutants: for each *.mutation file and each generation it names, a small executable that links a changed copy of the port (or of the
# layer below it) before the libraries that everything else uses. Built only on demand; none of it is part of graze.
set(mutations_folder ${CMAKE_CURRENT_LIST_DIR})
set(mutants_root ${PROJECT_BINARY_DIR}/mutants)
find_package(Python3 COMPONENTS Interpreter)

file(GLOB mutation_files CONFIGURE_DEPENDS ${mutations_folder}/*.mutation)
list(SORT mutation_files)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${mutation_files} ${mutations_folder}/apply.py)

# The heads of all files, compiled into the command so that it can list and judge them.
file(MAKE_DIRECTORY ${mutants_root})
if(Python3_Interpreter_FOUND)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${mutations_folder}/apply.py ${mutation_files}
                          --table ${mutants_root}/mutation_table.inc --pairs ${mutants_root}/pairs.txt
                  COMMAND_ERROR_IS_FATAL ANY)
else()
  message(STATUS "No Python: mutants cannot be built")
  file(WRITE ${mutants_root}/mutation_table.inc "")
endif()
target_sources(graze_specs PRIVATE ${mutations_folder}/run.cc ${mutations_folder}/mutation.cc)
target_include_directories(graze_specs PRIVATE ${mutants_root})

# The same in every mutant: compiled once.
add_library(graze_mutant_main OBJECT EXCLUDE_FROM_ALL ${mutations_folder}/mutant_main.cc)
target_link_libraries(graze_mutant_main PUBLIC graze_flags)

function(graze_mutant file id generation units base)
  string(REPLACE "." "_" folder ${generation})
  set(copy ${mutants_root}/${id}-${generation})
  set(port ${PROJECT_SOURCE_DIR}/model/cpumap/${folder})
  if(NOT EXISTS ${port}/observe.cc)
    return()
  endif()
  separate_arguments(units)
  set(sources ${copy}/model/cpumap/${folder}/observe.cc)
  foreach(unit ${units})
    list(APPEND sources ${copy}/${unit})
  endforeach()
  file(GLOB originals CONFIGURE_DEPENDS ${port}/*.cc ${port}/*.h ${PROJECT_SOURCE_DIR}/model/kernel/*.h)
  add_custom_command(
    OUTPUT ${sources}
    COMMAND ${Python3_EXECUTABLE} ${mutations_folder}/apply.py ${file} --generation ${generation} --source ${PROJECT_SOURCE_DIR}
            --output ${copy}
    # An unchanged copy keeps its time; the compiler is asked all the same, through the cache where there is one.
    COMMAND ${CMAKE_COMMAND} -E touch ${sources}
    DEPENDS ${file} ${base} ${mutations_folder}/apply.py ${originals}
    COMMENT "Applying ${id} to ${generation}" VERBATIM)
  set(target mutant_${id}_${folder})
  add_executable(${target} EXCLUDE_FROM_ALL ${sources})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${mutants_root}/bin)
  target_include_directories(${target} BEFORE PRIVATE ${copy})
  target_compile_options(${target} PRIVATE -ffile-prefix-map=${copy}/=)
  target_link_libraries(${target} PRIVATE graze_mutant_main graze_specs graze_ports graze_kernel graze_cli graze_engine)
endfunction()

if(Python3_Interpreter_FOUND)
  file(STRINGS ${mutants_root}/pairs.txt mutants)
  foreach(mutant ${mutants})
    string(REPLACE "|" ";" mutant "${mutant}")
    list(APPEND mutant "" "")  # what is empty at the end of a line
    list(GET mutant 0 file)
    list(GET mutant 1 id)
    list(GET mutant 2 generation)
    list(GET mutant 3 units)
    list(GET mutant 4 base)
    graze_mutant(${file} ${id} ${generation} "${units}" "${base}")
  endforeach()
  if(GRAZE_TESTS)
    add_test(NAME ApplyMutation COMMAND ${Python3_EXECUTABLE} ${mutations_folder}/apply_test.py)
    add_test(NAME UntouchedStatements COMMAND ${Python3_EXECUTABLE} ${mutations_folder}/untouched_test.py)
    foreach(generation v4.18 v5.0 v5.8 v5.9 v7.1)
      add_test(NAME MutationsTouchEveryFunctionOf_${generation}
               COMMAND ${Python3_EXECUTABLE} ${mutations_folder}/untouched.py --generation ${generation} --check --brief)
    endforeach()
  endif()
endif()

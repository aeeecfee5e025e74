# SPDX-License-Identifier: MIT
# Mutants of the engine: for each *.mutation file a random_programs that links a changed copy of one source before the engine. Only that
# source is compiled again. Built on demand (target checker_mutants); none of it is part of the engine.
set(checker_mutations_folder ${CMAKE_CURRENT_LIST_DIR})
set(checker_mutants_root ${PROJECT_BINARY_DIR}/checker_mutants)
find_package(Python3 REQUIRED COMPONENTS Interpreter)

file(GLOB checker_mutation_files CONFIGURE_DEPENDS ${checker_mutations_folder}/*.mutation)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${checker_mutation_files})
add_library(checker_mutant_main OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/checker/testing/random_main.cc)
target_link_libraries(checker_mutant_main PUBLIC graze_flags)
add_custom_target(checker_mutants)

# In one go: Python starts once. "|" stands before each name, for CMake drops empty elements of lists.
execute_process(COMMAND ${Python3_EXECUTABLE} ${checker_mutations_folder}/mutants.py sources ${checker_mutation_files}
                OUTPUT_VARIABLE checker_mutation_sources OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REPLACE "\n" ";" checker_mutation_sources "${checker_mutation_sources}")

foreach(file source IN ZIP_LISTS checker_mutation_files checker_mutation_sources)
  get_filename_component(name ${file} NAME_WE)
  string(SUBSTRING "${source}" 1 -1 source)
  if(source STREQUAL "")
    continue()
  endif()
  set(copy ${checker_mutants_root}/sources/${name})
  add_custom_command(
    OUTPUT ${copy}/${source}
    COMMAND ${Python3_EXECUTABLE} ${checker_mutations_folder}/mutants.py apply ${file} --source ${PROJECT_SOURCE_DIR} --output ${copy}
    DEPENDS ${file} ${checker_mutations_folder}/mutants.py ${PROJECT_SOURCE_DIR}/specs/mutations/apply.py ${PROJECT_SOURCE_DIR}/${source}
    COMMENT "Applying ${name}" VERBATIM)
  set(target checker_mutant_${name})
  add_executable(${target} EXCLUDE_FROM_ALL ${copy}/${source} $<TARGET_OBJECTS:checker_mutant_main>)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${checker_mutants_root} OUTPUT_NAME ${name})
  # What goes may have been the last use of a variable; and compiling should take no longer than it must.
  target_compile_options(${target} PRIVATE -w -g0 -O1)
  target_link_libraries(${target} PRIVATE graze_testing graze_engine)
  add_dependencies(checker_mutants ${target})
endforeach()

# SPDX-License-Identifier: MIT
# What `cmake --install` puts where, in two components:
#
#   engine    libraries, headers and the CMake package: MIT, and it links nothing under the GPL
#   command   the graze command: links the ports of cpumap, so as a whole it is GPL-2.0-only
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/graze)
set(export_names engine cli checker_main kernel)
foreach(name ${export_names})
  set_target_properties(graze_${name} PROPERTIES EXPORT_NAME ${name})
endforeach()
list(TRANSFORM export_names PREPEND graze_ OUTPUT_VARIABLE exported)

install(TARGETS ${exported} EXPORT graze
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT engine
        FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/graze/tree COMPONENT engine
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
foreach(prefix graze graze/kernel)
  get_property(forwards GLOBAL PROPERTY graze_forwards_${prefix})
  install(FILES ${forwards} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${prefix} COMPONENT engine)
endforeach()
install(EXPORT graze NAMESPACE graze:: FILE graze-targets.cmake DESTINATION ${package_folder} COMPONENT engine)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/graze-config.cmake.in ${PROJECT_BINARY_DIR}/graze-config.cmake
                              INSTALL_DESTINATION ${package_folder} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may break what uses it.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/graze-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/graze-config.cmake ${PROJECT_BINARY_DIR}/graze-config-version.cmake
        DESTINATION ${package_folder} COMPONENT engine)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSES/MIT.txt DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT engine)

if(GRAZE_CPUMAP)
  install(TARGETS graze RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/LICENSES/GPL-2.0-only.txt ${PROJECT_SOURCE_DIR}/LICENSES/MIT.txt
          DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT command)
endif()

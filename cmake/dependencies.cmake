# Everything comes from Debian packages (scripts/install-dependencies.sh); nothing is downloaded here.
find_package(nlohmann_json 3.11 REQUIRED)
find_package(Boost 1.74 REQUIRED)  # Graph and Math, headers only
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(CLI11 2.1 REQUIRED)
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)     # before ONNX, whose package names its target only
find_package(ONNX 1.12 REQUIRED)    # targets onnx, onnx_proto
# xxHash brings no CMake package.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(xxHash::xxhash UNKNOWN IMPORTED GLOBAL)
set_target_properties(xxHash::xxhash PROPERTIES IMPORTED_LOCATION ${XXHASH_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${XXHASH_INCLUDE_DIR})
# AUTO: campaigns over MPI when Open MPI is there; ON: it must be; OFF: without.
set(EDGECUT_WITH_MPI AUTO CACHE STRING "Build edgecut-mpi for campaigns on a cluster: AUTO, ON or OFF")
set_property(CACHE EDGECUT_WITH_MPI PROPERTY STRINGS AUTO ON OFF)
set(EDGECUT_HAS_MPI OFF)
if(NOT EDGECUT_WITH_MPI STREQUAL "OFF")
  enable_language(C)  # the C interface is found by C's compiler wrapper
  find_package(MPI COMPONENTS C)
  if(MPI_C_FOUND)
    set(EDGECUT_HAS_MPI ON)
  elseif(EDGECUT_WITH_MPI STREQUAL "ON")
    message(FATAL_ERROR "EDGECUT_WITH_MPI is ON, but there is no MPI (Debian: libopenmpi-dev openmpi-bin)")
  endif()
endif()
# AUTO: the SimGrid engine when SimGrid is there; ON: it must be; OFF: without.
set(EDGECUT_WITH_SIMGRID AUTO CACHE STRING "Build the SimGrid engine: AUTO, ON or OFF")
set_property(CACHE EDGECUT_WITH_SIMGRID PROPERTY STRINGS AUTO ON OFF)
set(EDGECUT_HAS_SIMGRID OFF)
if(NOT EDGECUT_WITH_SIMGRID STREQUAL "OFF")
  # SimGrid 3.32 brings no CMake package.
  find_path(SIMGRID_INCLUDE_DIR simgrid/version.h)
  find_library(SIMGRID_LIBRARY simgrid)
  set(simgrid_problem "")
  if(NOT SIMGRID_INCLUDE_DIR OR NOT SIMGRID_LIBRARY)
    set(simgrid_problem "there is no SimGrid")
  else()
    file(STRINGS ${SIMGRID_INCLUDE_DIR}/simgrid/version.h simgrid_lines
      REGEX "^#define SIMGRID_VERSION_(MAJOR|MINOR) +[0-9]+")
    string(REGEX REPLACE "[^0-9;]" "" simgrid_numbers "${simgrid_lines}")
    string(REPLACE ";" "." SIMGRID_VERSION "${simgrid_numbers}")
    if(NOT SIMGRID_VERSION MATCHES "^[0-9]+\\.[0-9]+$" OR SIMGRID_VERSION VERSION_LESS 3.32)
      set(simgrid_problem
        "${SIMGRID_INCLUDE_DIR} has SimGrid \"${SIMGRID_VERSION}\", older than 3.32")
    endif()
  endif()
  if(simgrid_problem STREQUAL "")
    set(EDGECUT_HAS_SIMGRID ON)
    add_library(SimGrid::simgrid UNKNOWN IMPORTED GLOBAL)
    set_target_properties(SimGrid::simgrid PROPERTIES IMPORTED_LOCATION ${SIMGRID_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${SIMGRID_INCLUDE_DIR})
  elseif(EDGECUT_WITH_SIMGRID STREQUAL "ON")
    message(FATAL_ERROR "EDGECUT_WITH_SIMGRID is ON, but ${simgrid_problem} (Debian 12: libsimgrid-dev)")
  else()
    message(STATUS "Without the SimGrid engine: ${simgrid_problem} (Debian 12: libsimgrid-dev)")
  endif()
endif()

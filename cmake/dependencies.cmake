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

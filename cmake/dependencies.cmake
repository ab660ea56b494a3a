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

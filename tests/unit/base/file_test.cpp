#include "base/file.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/errors.hpp"

using namespace edgecut::base;
namespace fs = std::filesystem;

namespace {

/// A directory of this test process, removed at the end.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("edgecut-file-" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

  [[nodiscard]] fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("read_file returns the bytes as they are, up to its limit") {
  const Scratch scratch;
  const std::string bytes = std::string("a\r\n\0b", 5) + std::string(100000, 'x');
  const fs::path path = scratch.write("data", bytes);
  CHECK(read_file(path, bytes.size()) == bytes);
  CHECK(read_file(scratch.write("empty", ""), 10).empty());
  CHECK_THROWS_AS(read_file(path, bytes.size() - 1), ConfigError);
}

TEST_CASE("read_file names a missing file and a directory") {
  const Scratch scratch;
  const fs::path missing = scratch.path() / "missing";
  CHECK_THROWS_WITH_AS(read_file(missing, 10), (missing.string() + ": no such file").c_str(),
                       ConfigError);
  CHECK_THROWS_WITH_AS(read_file(scratch.path(), 10),
                       (scratch.path().string() + ": is a directory, expected a file").c_str(),
                       ConfigError);
}

TEST_CASE("resolve_data takes a path relative to the referring file") {
  const Scratch scratch;
  const fs::path path = scratch.write("x.cdf", "0 0\n");
  CHECK(resolve_data("x.cdf", "folder", ".cdf", scratch.path(), "a.json#/file", "thing") == path);
  CHECK(resolve_data(path.string(), "folder", ".cdf", "elsewhere", "a.json#/file", "thing") ==
        path);
  try {
    static_cast<void>(
        resolve_data("./y.cdf", "folder", ".cdf", scratch.path(), "a.json#/file", "thing"));
    FAIL("expected a ConfigError");
  } catch (const ConfigError& error) {
    CHECK(error.problems().front().where == "a.json#/file");
    CHECK(error.problems().front().what.starts_with("no such thing file"));
  }
}

#include "results/atomic_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.hpp"

namespace edgecut::results {
namespace {

namespace fs = std::filesystem;
using testing::get;
using testing::Scratch;

std::string file_refusal(const fs::path& path) {
  try {
    write_file_atomically(path, "new");
  } catch (const OutputError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("a file appears at its commit, whole, or not at all") {
  const Scratch scratch;
  write_file_atomically(scratch / "file", "old");
  {
    AtomicFile file(scratch / "file");
    file.append("half");
  }
  CHECK(get(scratch / "file") == "old");
  AtomicFile file(scratch / "file");
  file.append("new");
  CHECK(get(scratch / "file") == "old");
  file.commit();
  CHECK(get(scratch / "file") == "new");
  CHECK(scratch.names() == std::set<std::string>{"file"});
}

TEST_CASE("a symbolic link stays, and the file that it names is replaced") {
  const Scratch scratch;
  fs::create_directory(scratch / "there");
  write_file_atomically(scratch / "there/file", "old");
  fs::create_symlink("there/file", scratch / "relative");
  fs::create_symlink(scratch / "there/file", scratch / "absolute");
  fs::create_symlink("relative", scratch / "chain");
  fs::create_symlink("there/later", scratch / "dangling");
  for (const char* link : {"relative", "absolute", "chain"}) {
    CAPTURE(link);
    write_file_atomically(scratch / link, link);
    CHECK(fs::is_symlink(scratch / link));
    CHECK(get(scratch / "there/file") == link);
  }
  write_file_atomically(scratch / "dangling", "made");
  CHECK(get(scratch / "there/later") == "made");
  CHECK(scratch.names() ==
        std::set<std::string>{"absolute", "chain", "dangling", "relative", "there"});
}

TEST_CASE("a link that fails leaves the file as it was") {
  const Scratch scratch;
  write_file_atomically(scratch / "file", "old");
  fs::create_symlink("file", scratch / "link");
  {
    AtomicFile file(scratch / "link");
    file.append("half");
  }
  CHECK(get(scratch / "link") == "old");
  CHECK(scratch.names() == std::set<std::string>{"file", "link"});
}

TEST_CASE("a pipe is written in place") {
  const Scratch scratch;
  const fs::path pipe = scratch / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  auto read = std::async(std::launch::async, [&pipe] { return get(pipe); });
  const std::string text(100000, 'x');  // more than a pipe holds
  write_file_atomically(pipe, text);
  CHECK(read.get() == text);
  CHECK(fs::is_fifo(pipe));
  CHECK(scratch.names() == std::set<std::string>{"pipe"});
}

TEST_CASE("what the process has open is written in place, after what it holds") {
  const Scratch scratch;
  write_file_atomically(scratch / "log", "line\n");
  std::FILE* const log = std::fopen((scratch / "log").c_str(), "a");
  REQUIRE(log != nullptr);
  const std::string descriptor = "/proc/self/fd/" + std::to_string(fileno(log));
  fs::create_symlink(descriptor, scratch / "link");  // as /dev/stdout is one
  write_file_atomically(scratch / "link", "more\n");
  write_file_atomically(descriptor, "end\n");
  std::fclose(log);
  CHECK(get(scratch / "log") == "line\nmore\nend\n");
  CHECK(scratch.names() == std::set<std::string>{"link", "log"});
}

TEST_CASE("a device is written in place, and what it refuses is told by the name given") {
  const Scratch scratch;
  fs::create_symlink("/dev/full", scratch / "link");
  CHECK(file_refusal(scratch / "link").find((scratch / "link").string() + ": writing failed") == 0);
  CHECK(fs::is_character_file("/dev/full"));
  CHECK(fs::is_symlink(scratch / "link"));
}

TEST_CASE("a folder, a link that leads in circles and a place that is none are refused by name") {
  const Scratch scratch;
  fs::create_symlink("b", scratch / "a");
  fs::create_symlink("a", scratch / "b");
  fs::create_directory(scratch / "folder");
  const auto refused = [&](const char* name, const std::string& what) {
    CAPTURE(name);
    CHECK(file_refusal(scratch / name).find((scratch / name).string() + ": " + what) == 0);
  };
  refused("a", "is a symbolic link that leads nowhere");
  refused("folder", "is a folder, expected a file");
  refused("none/file", "cannot be created: No such file or directory");
  CHECK(file_refusal("") == "\"\" names no file to write");
  CHECK(scratch.names() == std::set<std::string>{"a", "b", "folder"});
}

}  // namespace
}  // namespace edgecut::results

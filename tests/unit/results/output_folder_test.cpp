#include "results/output_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.hpp"

namespace edgecut::results {
namespace fs = std::filesystem;
using testing::get;
using testing::Scratch;
namespace {

constexpr const char* kInfo = R"({"program": "edgecut"})";

void put(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

void commit_run(const fs::path& target, const std::string& summary) {
  OutputFolder folder(target);
  folder.write("summary.json", summary);
  folder.write("run_info.json", kInfo);
  folder.commit();
}

std::string folder_refusal(const fs::path& target) {
  try {
    const OutputFolder folder(target);
  } catch (const OutputError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("results appear at commit, whole, and leave nothing beside them") {
  const Scratch scratch;
  {
    OutputFolder folder(scratch / "out");
    OutputFile queries = folder.open("queries.csv");
    const std::string line(1000, 'x');
    for (int i = 0; i < 1000; ++i) {
      queries.append(line);
    }
    queries.close();
    folder.write("run_info.json", kInfo);
    CHECK(!fs::exists(scratch / "out"));
    folder.commit();
  }
  CHECK(scratch.names() == std::set<std::string>{"out"});
  CHECK(get(scratch / "out/queries.csv") == std::string(1000 * 1000, 'x'));
  CHECK(get(scratch / "out/run_info.json") == kInfo);
}

TEST_CASE("without a commit nothing is left, not even parents made on the way") {
  const Scratch scratch;
  {
    const OutputFolder folder(scratch / "a/b/out");
    folder.write("summary.json", "{}");
    CHECK(fs::exists(scratch / "a/b"));
  }
  CHECK(scratch.names().empty());
}

TEST_CASE("an earlier run is replaced as a whole, an empty folder is used") {
  const Scratch scratch;
  fs::create_directory(scratch / "out");
  commit_run(scratch / "out", "first");
  put(scratch / "out/stale.csv", "from the first run");
  commit_run(scratch / "out/", "second");
  CHECK(get(scratch / "out/summary.json") == "second");
  CHECK(!fs::exists(scratch / "out/stale.csv"));
  CHECK(scratch.names() == std::set<std::string>{"out"});
}

TEST_CASE("a run that fails keeps the results of the run before") {
  const Scratch scratch;
  commit_run(scratch / "out", "first");
  {
    const OutputFolder folder(scratch / "out");
    folder.write("summary.json", "half");
  }
  CHECK(get(scratch / "out/summary.json") == "first");
  CHECK(scratch.names() == std::set<std::string>{"out"});
}

TEST_CASE("a folder of someone else's files is refused and kept") {
  const Scratch scratch;
  fs::create_directory(scratch / "thesis");
  put(scratch / "thesis/chapter1.txt", "years of work");
  CHECK(folder_refusal(scratch / "thesis").find("thesis") != std::string::npos);
  put(scratch / "thesis/run_info.json", R"({"program": "other"})");
  CHECK(!folder_refusal(scratch / "thesis").empty());
  put(scratch / "thesis/run_info.json", "no JSON");
  CHECK(!folder_refusal(scratch / "thesis").empty());
  CHECK(get(scratch / "thesis/chapter1.txt") == "years of work");
  CHECK(scratch.names() == std::set<std::string>{"thesis"});
}

TEST_CASE("files put into the target while the run went on are kept") {
  const Scratch scratch;
  {
    OutputFolder folder(scratch / "out");
    folder.write("run_info.json", kInfo);
    fs::create_directory(scratch / "out");
    put(scratch / "out/notes.txt", "mine");
    CHECK_THROWS_AS(folder.commit(), OutputError);
  }
  CHECK(get(scratch / "out/notes.txt") == "mine");
  CHECK(scratch.names() == std::set<std::string>{"out"});
}

TEST_CASE("a target that is a file, below a file, or no name at all is refused") {
  const Scratch scratch;
  put(scratch / "file", "kept");
  CHECK(folder_refusal(scratch / "file").find("expected a folder") != std::string::npos);
  CHECK(!folder_refusal(scratch / "file/out").empty());
  CHECK(!folder_refusal("").empty());
  CHECK(!folder_refusal("/").empty());
  CHECK(!folder_refusal("/proc/edgecut-results").empty());  // where nobody can make a folder
  CHECK(get(scratch / "file") == "kept");
}

TEST_CASE("a full disk is told as such") {
  if (!fs::exists("/dev/full")) {
    MESSAGE("skipped: this system has no /dev/full");
    return;
  }
  OutputFile file("/dev/full");
  const auto fill = [&] {
    for (int i = 0; i < 10; ++i) {
      file.append(std::string(100000, 'x'));
    }
    file.close();
  };
  try {
    fill();
    FAIL("writing to a full disk went unnoticed");
  } catch (const OutputError& error) {
    CHECK(std::string(error.what()).find("/dev/full: writing failed") != std::string::npos);
    CHECK(std::string(error.what()).find("space") != std::string::npos);
  }
  OutputFile small("/dev/full");
  small.append("x");
  CHECK_THROWS_AS(small.close(), OutputError);
}

TEST_CASE("what a killed process left is removed by the next run, a living one's is not") {
  const Scratch scratch;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const OutputFolder folder(scratch / "out");
    folder.write("summary.json", "half");
    _exit(0);  // no destructors: as killed
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(scratch.names().size() == 1);
  // The same name with the id of a process that lives for sure: our parent.
  std::string living = *scratch.names().begin();
  const std::string dead_id = std::to_string(child);
  living.replace(living.find(dead_id), dead_id.size(), std::to_string(getppid()));
  fs::create_directory(scratch / living.c_str());
  fs::create_directory(scratch / "out.partial-notes");
  commit_run(scratch / "out", "done");
  CHECK(scratch.names() == std::set<std::string>{"out", "out.partial-notes", living});
}

TEST_CASE("former results that a crash left aside come back") {
  const Scratch scratch;
  commit_run(scratch / "out", "first");
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const OutputFolder folder(scratch / "out");
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  for (const std::string& name : scratch.names()) {
    if (const std::size_t at = name.find(".partial-"); at != std::string::npos) {
      fs::rename(scratch / "out", scratch / ("out.old-" + name.substr(at + 9)).c_str());
    }
  }
  REQUIRE(!fs::exists(scratch / "out"));
  { const OutputFolder folder(scratch / "out"); }
  CHECK(get(scratch / "out/summary.json") == "first");
  CHECK(scratch.names() == std::set<std::string>{"out"});
}

TEST_CASE("a commit needs the run_info.json by which the next run knows the folder") {
  const Scratch scratch;
  OutputFolder folder(scratch / "out");
  CHECK_THROWS_AS(folder.commit(), base::InternalError);
  CHECK_THROWS_AS((void)folder.open("../escape"), base::InternalError);
}

}  // namespace
}  // namespace edgecut::results

// Where results may go, and what happens when they cannot.
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

std::string host_name() {
  char name[256] = {};
  REQUIRE(gethostname(name, sizeof(name) - 1) == 0);
  return name;
}

// The number of a process that is no more.
pid_t dead_process() {
  const pid_t pid = fork();
  if (pid == 0) {
    _exit(0);
  }
  waitpid(pid, nullptr, 0);
  return pid;
}

}  // namespace

TEST_CASE("an unusable --out is told before the run, and nothing is left") {
  const Scratch scratch;
  scratch.write("s.json", queue(10));
  scratch.write("file", std::string("x"));
  for (const char* out : {"file", "file/out", "/proc/no-such-place/out", "/"}) {
    CAPTURE(out);
    const Ended ended = run(scratch, {"run", "s.json", "--out", out});
    CHECK(ended.exit_code == 2);
    CHECK(!ended.err.empty());
    CHECK(ended.out.empty());
  }
  CHECK(scratch.names() == std::vector<std::string>{"file", "s.json"});
  CHECK(scratch.read("file") == "x");
}

TEST_CASE("a folder of someone else is refused and stays as it was") {
  const Scratch scratch;
  scratch.write("s.json", queue(10));
  scratch.write("mine/notes.txt", std::string("keep me"));
  const Ended ended = run(scratch, {"run", "s.json", "--out", "mine"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "mine"));
  CHECK(scratch.names("mine") == std::vector<std::string>{"notes.txt"});
}

TEST_CASE("an earlier run is replaced, an empty folder is filled, parents are made") {
  const Scratch scratch;
  scratch.write("s.json", queue(10));
  REQUIRE(run(scratch, {"run", "s.json", "--out", "a/b/out", "--query-log"}).exit_code == 0);
  CHECK(scratch.has("a/b/out/queries.csv"));
  REQUIRE(run(scratch, {"run", "s.json", "--out", "a/b/out"}).exit_code == 0);
  CHECK(!scratch.has("a/b/out/queries.csv"));
  CHECK(scratch.names("a/b") == std::vector<std::string>{"out"});
  std::filesystem::create_directory(scratch.path() / "empty");
  CHECK(run(scratch, {"run", "s.json", "--out", "empty/"}).exit_code == 0);
  CHECK(scratch.has("empty/summary.json"));
}

TEST_CASE("the next run removes what a killed one left half written") {
  const Scratch scratch;
  scratch.write("s.json", queue(10));
  const std::string partial = "out.partial-" + std::to_string(dead_process()) + "-" + host_name();
  scratch.write(partial + "/throughput.csv", std::string("half"));
  REQUIRE(run(scratch, {"run", "s.json", "--out", "out"}).exit_code == 0);
  CHECK(scratch.names() == std::vector<std::string>{"out", "s.json"});
}

TEST_CASE("a full standard output is an error") {
  const Scratch scratch;
  scratch.write("s.json", queue(10));
  Limits limits;
  limits.stdout_path = "/dev/full";
  const std::vector<std::vector<std::string>> lines = {{"run", "s.json", "--out", "out"},
                                                       {"list", "models"},
                                                       {"list", "models", "--long"},
                                                       {"--help"},
                                                       {"trace", "info", "lte-driving"},
                                                       {"--version"},
                                                       {"validate", "s.json"},
                                                       {"trace", "generate", "--preset", "lte"}};
  for (const auto& line : lines) {
    CAPTURE(line.front());
    const Ended ended = run(scratch, line, limits);
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "edgecut: writing to standard output failed\n");
  }
  CHECK(scratch.has("out/summary.json"));  // the results themselves were written
}

TEST_CASE("a reader that leaves early ends the program in silence, but not in success") {
  const Scratch scratch;
  for (const std::string command : {"list models --long", "trace generate --preset lte"}) {
    CAPTURE(command);
    Limits limits;
    // The reader is gone before the program starts.
    limits.launcher = {"bash", "-c",
                       "set -o pipefail; { sleep 0.2; \"$0\" " + command + "; } | true"};
    const Ended ended = run(scratch, {}, limits);
    CHECK(ended.exit_code == 128 + SIGPIPE);
    CHECK(ended.err.empty());
  }
}

TEST_CASE("with its standard output closed the program tells it, and results stay clean") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,6\n1,3\n"));
  Limits limits;
  limits.launcher = {"sh", "-c", "exec \"$0\" \"$@\" >&-"};
  const Ended ended = run(scratch, {"trace", "convert", "t.csv", "out.csv", "--to", "csv"}, limits);
  CHECK(ended.exit_code == 2);
  CHECK(ended.err == "edgecut: writing to standard output failed\n");
  CHECK(scratch.read("out.csv") == scratch.read("t.csv"));
}

// Ctrl-C, and worse, in the middle of a run.
#include <chrono>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <signal.h>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

// A run of minutes.
nlohmann::json long_run() { return queue(1e10); }

// Until the program handles Ctrl-C (its line "SigCgt" in /proc), and a little into its run.
void let_it_run(const Running& running) {
  const std::string path = "/proc/" + std::to_string(running.pid()) + "/status";
  REQUIRE(wait_until([&] {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("SigCgt:")) {
        return (std::stoull(line.substr(7), nullptr, 16) & (1ULL << (SIGTERM - 1))) != 0;
      }
    }
    return false;
  }));
  std::this_thread::sleep_for(std::chrono::milliseconds(250));
}

}  // namespace

TEST_CASE("Ctrl-C and a request to terminate exit with 5 and leave nothing") {
  const Scratch scratch;
  scratch.write("s.json", long_run());
  for (const int signal : {SIGINT, SIGTERM}) {
    CAPTURE(signal);
    Running running(scratch, {"run", "s.json", "--out", "new/out"});
    let_it_run(running);
    running.send(signal);
    const Ended ended = running.wait();
    CHECK(ended.exit_code == 5);
    CHECK(ended.out.empty());
    CHECK(ended.err.find("interrupted") != std::string::npos);
    CHECK(scratch.names() == std::vector<std::string>{"s.json"});
  }
}

TEST_CASE("a killed run leaves no output folder, and an earlier one as it was") {
  const Scratch scratch;
  scratch.write("short.json", queue(100));
  scratch.write("long.json", long_run());
  REQUIRE(run(scratch, {"run", "short.json", "--out", "kept"}).exit_code == 0);
  const std::string before = scratch.read("kept/run_info.json");
  for (const char* out : {"kept", "none"}) {
    Running running(scratch, {"run", "long.json", "--out", out});
    let_it_run(running);
    running.send(SIGKILL);
    CHECK(running.wait().signal == SIGKILL);
  }
  CHECK(!scratch.has("none"));
  CHECK(scratch.read("kept/run_info.json") == before);
  REQUIRE(run(scratch, {"run", "short.json", "--out", "none"}).exit_code == 0);
  CHECK(scratch.names() == std::vector<std::string>{"kept", "long.json", "none", "short.json"});
}

// A sweep is killed at random moments; what comes out in the end does not show it.
#include <chrono>
#include <random>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>

#include "support.hpp"

using namespace edgecut::cli::testing;

namespace {

constexpr int kPoints = 30;
constexpr double kQueries = 20000;  // a few milliseconds a point

bool only_whole_records(const Scratch& scratch, const std::string& folder) {
  for (const auto& [name, bytes] : scratch.tree(folder)) {
    const bool is_partial = contains(name, ".partial-");
    if (!is_partial && name.starts_with("points/") &&
        nlohmann::json::parse(bytes, nullptr, false).is_discarded()) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("a sweep that is killed at random moments ends with the same bytes") {
  const Scratch scratch;
  scratch.write("s.json", seeds(kPoints, kQueries));
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "whole"}).exit_code == 0);
  const auto expected = results_in(scratch, "whole");
  std::mt19937 random(20151120);
  int ended_by_kill = 0;
  constexpr int kRounds = 24;
  for (int round = 0; round < kRounds; ++round) {
    CAPTURE(round);
    const std::string folder = "out" + std::to_string(round / 3);  // up to three kills a folder
    Running running(scratch,
                    {"sweep", "s.json", "--jobs", round % 2 == 0 ? "1" : "2", "--out", folder});
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + random() % 150));
    const int signal = round % 3 == 1 ? SIGINT : SIGKILL;
    running.send(signal);
    const Ended ended = running.wait();
    ended_by_kill += ended.signal == SIGKILL || ended.exit_code == 5 ? 1 : 0;
    if (!scratch.has(folder)) {
      continue;
    }
    CHECK(only_whole_records(scratch, folder));
    if (round % 3 == 2) {
      REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", folder}).exit_code == 0);
      CHECK(results_in(scratch, folder) == expected);
    }
  }
  CHECK(ended_by_kill >= kRounds / 2);
}

TEST_CASE("Ctrl-C exits with 5, keeps what is done, and says how to go on") {
  const Scratch scratch;
  scratch.write("s.json", seeds(4, 1e9));
  Running running(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "out"});
  REQUIRE(wait_until([&] { return scratch.has("out/campaign.json"); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  running.send(SIGINT);
  const Ended ended = running.wait();
  CHECK(ended.exit_code == 5);
  CHECK(contains(ended.err, "0 of 4 points are done, the same command does the rest"));
  CHECK(!scratch.has("out/throughput.csv"));
}

TEST_CASE("the time limit stops with what there is, and exit code 3") {
  const Scratch scratch;
  auto document = seeds(2, 100);
  document["axes"] = {{{"pointer", "/stop/queries"}, {"values", {100, 1e10}}}};
  scratch.write("s.json", document);
  const Ended ended =
      run(scratch, {"sweep", "s.json", "--jobs", "2", "--time-limit", "0.8", "--out", "out"});
  CHECK(ended.exit_code == 3);
  CHECK(contains(ended.err, "1 of 2 points are missing"));
  CHECK(lines(scratch.read("out/throughput.csv")) == 1 + 1);
}

TEST_CASE("a second sweep into a folder in use is refused") {
  const Scratch scratch;
  scratch.write("s.json", seeds(4, 1e10));
  Running first(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  REQUIRE(wait_until([&] { return scratch.has("out/campaign.json"); }));
  const Ended second = run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  CHECK(second.exit_code == 2);
  CHECK(contains(second.err, "another edgecut works in this folder"));
}

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/json_reader.hpp"
#include "workloads/arrivals.hpp"

using namespace edgecut;
using workloads::parse_replay;

namespace {

std::string replay_error(const std::string& text) {
  try {
    static_cast<void>(parse_replay(text, "a.csv"));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a recorded list keeps times, nodes and the names of its queries") {
  const auto replay =
      parse_replay("# log\ntime_s,query,node\n0.5,imc,3\n\n0.5, vgg ,0\r\n1e1,imc,7\n", "a.csv");
  REQUIRE(replay.arrivals.size() == 3);
  CHECK(replay.arrivals[1].time == base::seconds(0.5));
  CHECK(replay.arrivals[2].time == base::seconds(10));
  CHECK(replay.arrivals[0].node == 3);
  CHECK(replay.node_count_min == 7 + 1);
  CHECK(replay.query_names == std::vector<std::string>{"imc", "vgg"});
  CHECK(replay.arrivals[1].query == 1);
  CHECK(replay.arrivals[2].query == 0);
}

TEST_CASE("a list of times alone leaves node and query to the caller") {
  const auto replay = parse_replay("time_s\n0\n1\n", "a.csv");
  REQUIRE(replay.arrivals.size() == 2);
  CHECK_FALSE(replay.arrivals[0].node);
  CHECK_FALSE(replay.arrivals[0].query);
  CHECK(replay.node_count_min == 0);
}

TEST_CASE("every damaged row is told by its line") {
  CHECK(replay_error("time_s,node\n-1,0\nnan,0\n1\n2,0.5\n3,-1\n4,x\n5,4294967295\n") ==
        "a.csv:2: expected time_s in [0, 1e12], got \"-1\"\n"
        "a.csv:3: expected time_s in [0, 1e12], got \"nan\"\n"
        "a.csv:4: expected 2 cells as in the header, got 1\n"
        "a.csv:5: expected node to be a whole number in [0, 4294967294], got \"0.5\"\n"
        "a.csv:6: expected node to be a whole number in [0, 4294967294], got \"-1\"\n"
        "a.csv:7: expected node to be a whole number in [0, 4294967294], got \"x\"\n"
        "a.csv:8: expected node to be a whole number in [0, 4294967294], got \"4294967295\"");
  CHECK(replay_error("time_s\n2\n1\n") ==
        "a.csv:3: time_s falls from 2 to 1: sort the file by time");
  CHECK(replay_error("time_s,query\n1,\n") ==
        "a.csv:2: expected the name of a query, got an empty cell");
}

TEST_CASE("the header must name time_s, and only known columns, once") {
  CHECK(replay_error("0.5\n1\n").starts_with("a.csv:1: unknown column \"0.5\""));
  CHECK(replay_error("time,node\n1,2\n") ==
        "a.csv:1: unknown column \"time\", did you mean \"time_s\"?\n"
        "a.csv:1: missing column \"time_s\"; the first line names the columns");
  CHECK(replay_error("time_s,time_s\n1,1\n") == "a.csv:1: column \"time_s\" stands twice");
}

TEST_CASE("a list without arrivals is refused") {
  CHECK(replay_error("").starts_with("a.csv: holds no arrival"));
  CHECK(replay_error("time_s,node\n").starts_with("a.csv: holds no arrival"));
}

TEST_CASE("a list with damage everywhere is not read to its end") {
  std::string text = "time_s\n";
  for (int i = 0; i < 1000; ++i) {
    text += "broken\n";
  }
  CHECK(replay_error(text).ends_with("a.csv: reading stopped after 20 problems"));
}

TEST_CASE("a replay is read from its file, with its own mean rate") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("edgecut-replay-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.csv") << "time_s\n1\n2\n4\n";
  const auto document =
      base::JsonDocument::from_text(R"({"process": "replay", "file": "a.csv"})", "t.json");
  base::Problems problems;
  const auto spec = workloads::read_arrivals(document.root(problems), folder);
  std::filesystem::remove_all(folder);
  CHECK(problems.empty());
  REQUIRE(spec.replay);
  CHECK(spec.replay->arrivals.size() == 3);
  CHECK(base::in_per_second(spec.rate) == 3 / 4.0);
}

// `edgecut run`: its files, its exit codes, the same bytes again.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program.hpp"

using namespace edgecut::cli::testing;
using nlohmann::json;

namespace {

const std::vector<std::string> kFiles = {"cuts.csv",      "power.csv",  "radio.csv",
                                         "run_info.json", "stages.csv", "summary.json",
                                         "throughput.csv"};

std::uint64_t issued(const Scratch& scratch, const std::string& folder) {
  const json summary = json::parse(scratch.read(folder + "/summary.json"));
  return summary["policies"][0]["queries"]["issued"];
}

}  // namespace

TEST_CASE("run writes its files, a table on stdout and nothing on stderr") {
  const Scratch scratch;
  scratch.write("s.json", fleet());
  const Ended ended = run(scratch, {"run", "s.json", "--out", "out"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.err.empty());
  CHECK(ended.out.find("neurosurgeon-latency") != std::string::npos);
  CHECK(scratch.names() == std::vector<std::string>{"out", "s.json"});
  CHECK(scratch.names("out") == kFiles);
  const std::string rows = scratch.read("out/throughput.csv");
  CHECK(std::count(rows.begin(), rows.end(), '\n') == 1 + 3);  // the header and the policies
  const json info = json::parse(scratch.read("out/run_info.json"));
  CHECK(info["program"] == "edgecut");
  CHECK(info["scenario"]["seed"] == 1);
}

TEST_CASE(
    "--quiet prints nothing, --query-log adds queries.csv, without --out nothing is written") {
  const Scratch scratch;
  scratch.write("s.json", queue(100));
  const Ended quiet = run(scratch, {"run", "s.json", "--quiet", "--query-log", "--out", "out"});
  CHECK(quiet.exit_code == 0);
  CHECK(quiet.out.empty());
  CHECK(scratch.has("out/queries.csv"));
  CHECK(run(scratch, {"run", "s.json"}).exit_code == 0);
  CHECK(scratch.names() == std::vector<std::string>{"out", "s.json"});
}

TEST_CASE("the same seed gives the same bytes on one thread and on two, another seed others") {
  const Scratch scratch;
  scratch.write("s.json", fleet());
  REQUIRE(run(scratch, {"run", "s.json", "--threads", "1", "--out", "one"}).exit_code == 0);
  REQUIRE(run(scratch, {"run", "s.json", "--threads", "2", "--out", "two"}).exit_code == 0);
  REQUIRE(run(scratch, {"run", "s.json", "--seed", "2", "--out", "other"}).exit_code == 0);
  for (const std::string& file : kFiles) {
    CAPTURE(file);
    if (file != "run_info.json") {
      CHECK(scratch.read("one/" + file) == scratch.read("two/" + file));
      CHECK(scratch.read("one/" + file) != scratch.read("other/" + file));
    }
  }
}

TEST_CASE("--queries is a cap: less makes the run shorter, more leaves it as it is") {
  const Scratch scratch;
  scratch.write("s.json", queue(2000));
  REQUIRE(run(scratch, {"run", "s.json", "--out", "plain"}).exit_code == 0);
  REQUIRE(run(scratch, {"run", "s.json", "--queries", "200", "--out", "less"}).exit_code == 0);
  REQUIRE(run(scratch, {"run", "s.json", "--queries", "9000", "--out", "more"}).exit_code == 0);
  CHECK(issued(scratch, "less") < issued(scratch, "plain") / 5);
  CHECK(issued(scratch, "more") == issued(scratch, "plain"));
  CHECK(scratch.read("more/throughput.csv") == scratch.read("plain/throughput.csv"));
}

TEST_CASE("overload exits with 4, or with 0 where the scenario allows it, and writes its files") {
  const Scratch scratch;
  auto document = queue(20000);
  document["workload"]["arrivals"]["rate_per_s"] = 500;  // five times what the GPU can do
  scratch.write("s.json", document);
  const Ended refused = run(scratch, {"run", "s.json", "--out", "out"});
  CHECK(refused.exit_code == 4);
  CHECK(refused.err.find("overloaded") != std::string::npos);
  CHECK(scratch.names("out") == kFiles);
  document["allow_overload"] = true;
  scratch.write("s.json", document);
  const Ended allowed = run(scratch, {"run", "s.json"});
  CHECK(allowed.exit_code == 0);
  CHECK(allowed.out.find("overloaded") != std::string::npos);
  CHECK(allowed.err.empty());
}

TEST_CASE("a precision that is not reached exits with 3, one that is with 0") {
  const Scratch scratch;
  auto document = queue(1);
  document["stop"] = {{"queries_max", 500}, {"relative_precision", 0.0001}};
  scratch.write("s.json", document);
  const Ended ended = run(scratch, {"run", "s.json", "--out", "out"});
  CHECK(ended.exit_code == 3);
  CHECK(ended.err.find("precision") != std::string::npos);
  CHECK(scratch.names("out") == kFiles);
  document["stop"] = {{"queries_max", 5000000}, {"relative_precision", 0.1}};
  scratch.write("s.json", document);
  CHECK(run(scratch, {"run", "s.json"}).exit_code == 0);
}

TEST_CASE("near and beyond saturation a run is not converged (3) or overloaded (4), never 0") {
  const Scratch scratch;
  const auto exit_code = [&](double load) {
    auto document = queue(1);
    document["workload"]["arrivals"]["rate_per_s"] = load / 0.01;
    document["stop"] = {{"queries_max", 1000000}, {"relative_precision", 0.05}};
    scratch.write("s.json", document);
    return run(scratch, {"run", "s.json", "--quiet"}).exit_code;
  };
  CHECK(exit_code(0.95) == 3);
  CHECK(exit_code(0.99) == 3);
  const int at_saturation = exit_code(1);
  CHECK((at_saturation == 3 || at_saturation == 4));
  CHECK(exit_code(1.05) == 4);
}

TEST_CASE("several policies are compared in the table and in summary.json") {
  const Scratch scratch;
  scratch.write("s.json", fleet());
  const Ended ended = run(scratch, {"run", "s.json", "--out", "out"});
  CHECK(ended.out.find("difference on the same queries") != std::string::npos);
  CHECK(ended.out.find("neurosurgeon-latency - cloud-only") != std::string::npos);
  const json summary = json::parse(scratch.read("out/summary.json"));
  REQUIRE(summary["comparisons"].size() == 2);
  const json& difference = summary["comparisons"][0]["latency_mean_s"];
  CHECK(difference["low"] <= difference["value"]);
  CHECK(difference["value"] <= difference["high"]);
  scratch.write("one.json", queue(100));
  CHECK(run(scratch, {"run", "one.json"}).out.find("on the same queries") == std::string::npos);
}

TEST_CASE("very short, very slow and very fast runs end, with sensible exit codes") {
  const Scratch scratch;
  const auto exit_code = [&](double rate_per_s, double queries) {
    auto document = queue(queries);
    document["workload"]["arrivals"]["rate_per_s"] = rate_per_s;
    scratch.write("s.json", document);
    return run(scratch, {"run", "s.json", "--out", "out"}).exit_code;
  };
  CHECK(exit_code(10, 1) == 0);
  CHECK(exit_code(1e-9, 5) == 0);
  CHECK(exit_code(1e-12, 5) == 2);
  CHECK(exit_code(1e11, 1e6) == 4);
  CHECK(exit_code(1e12, 5) == 2);
}

TEST_CASE("a run in which nothing arrives has no estimates") {
  const Scratch scratch;
  // One query expected: some seed of the first few has none.
  auto document = queue(1);
  bool seen = false;
  for (int seed = 0; seed < 20 && !seen; ++seed) {
    document["seed"] = seed;
    scratch.write("s.json", document);
    REQUIRE(run(scratch, {"run", "s.json", "--out", "out"}).exit_code == 0);
    seen = issued(scratch, "out") == 0;
  }
  REQUIRE(seen);
  const json policy = json::parse(scratch.read("out/summary.json"))["policies"][0];
  CHECK(!policy.contains("latency_mean_s"));
}

TEST_CASE("one node on 3G with outages completes its queries") {
  const Scratch scratch;
  auto document = fleet();
  document["fleet"] = {
      {{"count", 1}, {"device", "jetson-tk1-gpu"}, {"network", "3g"}, {"trace", "3g-driving"}}};
  document["workload"]["arrivals"]["rate_per_s"] = 0.05;
  document["stop"]["queries"] = 200;
  scratch.write("s.json", document);
  CHECK(run(scratch, {"run", "s.json"}).exit_code == 0);
}

TEST_CASE("a trace of one rate is that bandwidth, and one of a single row is refused") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,4\n1,4\n"));
  scratch.write("u.csv", std::string("time_s,rate_mbps\n0,4\n"));
  auto document = fleet();
  document["fleet"][0]["trace"] = "t.csv";
  scratch.write("s.json", document);
  REQUIRE(run(scratch, {"run", "s.json", "--out", "trace"}).exit_code == 0);
  document["fleet"][0]["trace"] = "u.csv";
  scratch.write("s.json", document);
  const Ended refused = run(scratch, {"run", "s.json"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.find("u.csv") != std::string::npos);
  document["fleet"][0].erase("trace");
  document["fleet"][0]["bandwidth_mbps"] = 4;
  scratch.write("s.json", document);
  REQUIRE(run(scratch, {"run", "s.json", "--out", "rate"}).exit_code == 0);
  CHECK(scratch.read("trace/throughput.csv") == scratch.read("rate/throughput.csv"));
}

TEST_CASE("recorded arrivals at time zero run to their end") {
  const Scratch scratch;
  scratch.write("r.csv", std::string("time_s\n0\n0\n0\n"));
  auto document = queue(10);
  document["workload"]["arrivals"] = {{"process", "replay"}, {"file", "r.csv"}};
  scratch.write("s.json", document);
  const Ended ended = run(scratch, {"run", "s.json", "--out", "out"});
  INFO(ended.err);
  CHECK((ended.exit_code == 0 || ended.exit_code == 4));
  CHECK(issued(scratch, "out") == 3);
}

TEST_CASE("twenty thousand policies run") {
  const Scratch scratch;
  auto document = queue(2);
  document["policies"] = json::array();
  for (int i = 0; i < 20000; ++i) {
    document["policies"].push_back({{"policy", "cloud-only"}, {"label", std::to_string(i)}});
  }
  scratch.write("s.json", document);
  CHECK(run(scratch, {"run", "s.json", "--quiet", "--threads", "64"}).exit_code == 0);
}

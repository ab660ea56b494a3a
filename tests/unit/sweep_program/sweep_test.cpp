// What a sweep leaves, and that it does not depend on who ran which point.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <signal.h>

#include "support.hpp"

using namespace edgecut::cli::testing;

namespace {

nlohmann::json two_axes() {
  nlohmann::json document = {{"base", fleet()}, {"name", "two"}};
  document["base"]["stop"]["queries"] = 400;
  document["axes"] = {
      {{"pointer", "/fleet/0/network"}, {"values", {"wifi", "lte"}}},
      {{"pointer", "/workload/arrivals/rate_per_s"}, {"from", 0.1}, {"to", 0.4}, {"count", 4}}};
  return document;
}

}  // namespace

TEST_CASE("one job, two jobs, shards and their merge, and a second run give the same bytes") {
  const Scratch scratch;
  scratch.write("s.json", two_axes());
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "one"}).exit_code == 0);
  const auto expected = results_in(scratch, "one");
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "two"}).exit_code == 0);
  CHECK(results_in(scratch, "two") == expected);
  const Ended again = run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "two"});
  CHECK(contains(again.err, "8/8 points, 8 kept"));
  CHECK(results_in(scratch, "two") == expected);
  std::vector<std::string> merge = {"merge", "--out", "whole"};
  for (const std::string part : {"1", "2", "3"}) {
    merge.push_back("part" + part);
    REQUIRE(run(scratch, {"sweep", "s.json", "--shard", part + "/3", "--out", merge.back()})
                .exit_code == 0);
  }
  REQUIRE(run(scratch, merge).exit_code == 0);
  CHECK(results_in(scratch, "whole") == expected);
}

TEST_CASE("the tables have a row a point and policy, sorted, with the axes in front") {
  const Scratch scratch;
  scratch.write("s.json", two_axes());
  REQUIRE(run(scratch, {"sweep", "s.json", "--out", "out"}).exit_code == 0);
  const std::string table = scratch.read("out/throughput.csv");
  CHECK(table.starts_with(
      "point,fleet_0_network,rate_per_s,uplink_mean_mbps,policy,verdict,offered_per_s,"));
  CHECK(lines(table) == 1 + 8 * 3);  // header; points x policies
  CHECK(contains(table, "\n1,wifi,0.1,"));
  CHECK(contains(table, "\n8,lte,0.4,"));
  CHECK(table.find("\n4,wifi,0.4,") < table.find("\n5,lte,0.1,"));
  CHECK(lines(scratch.read("out/points.csv")) == 1 + 8);
  for (const char* name : {"out/cuts.csv", "out/stages.csv"}) {
    CHECK(scratch.read(name).starts_with("point,fleet_0_network,rate_per_s,policy,group,"));
  }
}

TEST_CASE("a point's row is what a run of its scenario writes") {
  const Scratch scratch;
  scratch.write("s.json", two_axes());
  REQUIRE(run(scratch, {"sweep", "s.json", "--out", "out"}).exit_code == 0);
  const Ended shown = run(scratch, {"sweep", "s.json", "--show", "6"});
  REQUIRE(shown.exit_code == 0);
  scratch.write("six.json", shown.out);
  REQUIRE(run(scratch, {"run", "six.json", "--out", "six"}).exit_code == 0);
  const std::string row = scratch.read("six/throughput.csv");
  const std::size_t start = row.find("\ncloud-only,") + 1;
  const std::string first = row.substr(start, row.find('\n', start) - start);
  CHECK(contains(scratch.read("out/throughput.csv"), "," + first + "\n"));
}

TEST_CASE("a dry run lists the points, estimates the time and writes nothing") {
  const Scratch scratch;
  scratch.write("s.json", two_axes());
  const Ended ended = run(scratch, {"sweep", "s.json", "--dry-run", "--out", "out", "--jobs", "2"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out.starts_with("point,fleet_0_network,rate_per_s\n1,wifi,0.1\n"));
  CHECK(lines(ended.out) == 1 + 8);
  CHECK(contains(ended.err, "8 points, about 0:0"));
  CHECK(!scratch.has("out"));
}

TEST_CASE("replications share the queries, and give the same bytes on any number of threads") {
  const Scratch scratch;
  auto document = fleet();
  document["replications"] = 6;
  scratch.write("s.json", document);
  REQUIRE(run(scratch, {"run", "s.json", "--threads", "1", "--out", "one"}).exit_code == 0);
  REQUIRE(run(scratch, {"run", "s.json", "--threads", "5", "--out", "five"}).exit_code == 0);
  auto one = scratch.tree("one");
  auto five = scratch.tree("five");
  one.erase("run_info.json");
  five.erase("run_info.json");
  CHECK(one == five);
  const auto summary = nlohmann::json::parse(one["summary.json"]);
  const double issued = summary["policies"][0]["queries"]["issued"];
  const double asked = document["stop"]["queries"];
  CHECK(std::abs(issued - asked) < 6 * std::sqrt(asked));
  CHECK(summary["policies"][0]["batches"] == 6 * 6);  // 6 x ceil(32 / 6)
  CHECK(contains(run(scratch, {"run", "s.json", "--query-log"}).err, "6 replications"));
}

TEST_CASE("replications of a point are spread over workers, and give what a run gives") {
  const Scratch scratch;
  auto document = seeds(2, 20000);
  document["base"]["replications"] = 5;
  scratch.write("s.json", document);
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "one"}).exit_code == 0);
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "3", "--out", "three"}).exit_code == 0);
  const auto expected = results_in(scratch, "one");
  CHECK(results_in(scratch, "three") == expected);
  std::size_t points = 0;
  for (const auto& [name, bytes] : expected) {
    CHECK(!contains(name, ".part-"));
    points += name.starts_with("points/") ? 1U : 0U;
  }
  CHECK(points == 2);
  document["base"]["seed"] = 2;
  scratch.write("base.json", document["base"]);
  REQUIRE(run(scratch, {"run", "base.json", "--out", "run"}).exit_code == 0);
  const std::string row = scratch.read("run/throughput.csv");
  CHECK(contains(expected.at("throughput.csv"), "\n2,2,," + row.substr(row.find('\n') + 1)));
}

TEST_CASE("replications that are done are kept when a sweep is stopped") {
  const Scratch scratch;
  auto document = seeds(1, queries_of(1));
  document["base"]["replications"] = 4;
  scratch.write("s.json", document);
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "whole"}).exit_code == 0);
  const auto parts = [&] {
    std::size_t count = 0;
    for (const auto& [name, bytes] : scratch.tree("out")) {
      count += contains(name, ".part-") ? 1U : 0U;
    }
    return count;
  };
  Running running(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  REQUIRE(wait_until([&] { return scratch.has("out/campaign.json") && parts() > 0; }));
  running.send(SIGKILL);
  CHECK(running.wait().signal == SIGKILL);
  CHECK(parts() >= 1);
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "out"}).exit_code == 0);
  CHECK(results_in(scratch, "out") == results_in(scratch, "whole"));
}

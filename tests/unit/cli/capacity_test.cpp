// `capacity` as a user runs it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

const std::string kQueue = R"({
  "workload": {"queries": [{"job": "job", "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
               "arrivals": {"process": "poisson", "rate_per_s": 10}},
  "fleet": [{"count": 5, "network": "ideal"}],
  "cloud": {},
  "policies": ["cloud-only"],
  "stop": {"queries": 50000}})";

}  // namespace

TEST_CASE("capacity writes the answer, the curve and the picture") {
  const Scratch scratch;
  const std::string scenario = scratch.write("q.json", kQueue);
  const std::string out = (scratch.path() / "out").string();
  const Ended ended = run(scratch, {"capacity", scenario, "--metric", "latency_mean", "--at-most",
                                    "0.05", "--out", out, "--quiet"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.err.empty());
  CHECK(holds(ended.out, "capacity queries/s"));
  CHECK(scratch.names("out") ==
        std::vector<std::string>{"capacity.csv", "capacity.svg", "curve.csv", "run_info.json"});
  CHECK(holds(scratch.read("out/capacity.csv"),
              "cloud-only,latency_mean_s,0.05,arrivals_per_s,found,"));
  CHECK(scratch.read("out/curve.csv").starts_with("arrivals_per_s,policy,verdict,"));
}

TEST_CASE("capacity by nodes counts nodes") {
  const Scratch scratch;
  const std::string scenario = scratch.write("q.json", kQueue);
  const Ended ended = run(scratch, {"capacity", scenario, "--metric", "latency_mean", "--at-most",
                                    "0.05", "--axis", "nodes", "--no-curve"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "capacity nodes"));
  CHECK(holds(ended.err, "cloud-only at 5: "));
}

TEST_CASE("capacity refuses what makes no sense") {
  const Scratch scratch;
  const std::string scenario = scratch.write("q.json", kQueue);
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    std::vector<std::string> line = {"capacity", scenario};
    line.insert(line.end(), more.begin(), more.end());
    const Ended ended = run(scratch, line);
    CHECK(ended.out.empty());
    return ended.exit_code == 2 && holds(ended.err, part);
  };
  CHECK(refused({}, "--at-most"));
  CHECK(refused({"--at-most", "nan"}, "--at-most"));
  CHECK(refused({"--at-most", "-1"}, "--at-most"));
  CHECK(refused({"--at-most", "1", "--metric", "latency_p98"}, "--metric"));
  CHECK(refused({"--at-most", "1", "--axis", "gpus"}, "--axis"));
  CHECK(refused({"--at-most", "1", "--precision", "0"}, "--precision"));
  scratch.write("list.csv", std::string("time_s\n0.5\n1.5\n"));
  std::string replay = kQueue;
  const std::string process = R"("process": "poisson", "rate_per_s": 10)";
  replay.replace(replay.find(process), process.size(),
                 R"("process": "replay", "file": "./list.csv")");
  const std::string recorded = scratch.write("r.json", replay);
  const Ended ended = run(scratch, {"capacity", recorded, "--at-most", "1"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "recorded arrivals"));
}

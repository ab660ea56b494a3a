// Points that fail, folders that cannot be written, parts that do not belong together.
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include "support.hpp"

using namespace edgecut::cli::testing;

namespace {

// A process that runs points, and the one that starts it again when it ends.
struct Hands {
  pid_t guardian = 0;
  pid_t worker = 0;
};

// The hands of a sweep of `jobs`, once each is at a point.
std::vector<Hands> workers_of(const Running& running, std::size_t jobs) {
  std::vector<Hands> list;
  REQUIRE(wait_until([&] {
    list.clear();
    for (const pid_t guardian : children_of(running.pid())) {
      for (const pid_t worker : children_of(guardian)) {
        if (is_busy(worker)) {
          list.push_back({guardian, worker});
        }
      }
    }
    return list.size() == jobs;
  }));
  return list;
}

}  // namespace

TEST_CASE("a bad value at one point fails that point, the others run, the exit code says so") {
  const Scratch scratch;
  auto document = seeds(1, 100);
  document["axes"] = {{{"pointer", "/cloud/gpus"}, {"values", {1, -1, 2}}}};
  scratch.write("s.json", document);
  const Ended ended = run(scratch, {"sweep", "s.json", "--out", "out"});
  CHECK(ended.exit_code == 6);
  CHECK(contains(ended.err, "1 points failed (messages in out/points.csv)"));
  const std::string points = scratch.read("out/points.csv");
  CHECK(contains(points, "\n2,-1,failed,"));
  CHECK(contains(points, "s.json#/cloud/gpus: expected a whole number"));
  const std::string table = scratch.read("out/throughput.csv");
  CHECK(lines(table) == 1 + 3);
  CHECK(contains(table, "\n2,-1,,,failed,,"));
  const std::string header = table.substr(0, table.find('\n'));
  const std::size_t row = table.find("\n2,-1,") + 1;
  const std::string failed = table.substr(row, table.find('\n', row) - row);
  CHECK(std::count(failed.begin(), failed.end(), ',') ==
        std::count(header.begin(), header.end(), ','));
}

TEST_CASE("an overloaded point is recorded as such, and is none when the scenario allows it") {
  const Scratch scratch;
  auto document = seeds(1, 2000);
  document["axes"] = {
      {{"pointer", "/workload/arrivals/rate_per_s"}, {"values", {10, 1000}}}};  // load 0.1 and 10
  scratch.write("s.json", document);
  const Ended ended = run(scratch, {"sweep", "s.json", "--out", "out"});
  CHECK(ended.exit_code == 4);
  CHECK(contains(scratch.read("out/points.csv"), "policy cloud-only is overloaded"));
  document["base"]["allow_overload"] = true;
  scratch.write("s.json", document);
  CHECK(run(scratch, {"sweep", "s.json", "--out", "allowed"}).exit_code == 0);
  CHECK(contains(scratch.read("allowed/throughput.csv"), "\n2,1000,,cloud-only,overloaded,"));
}

TEST_CASE("a point whose process is killed is recorded as crashed, and done by the next run") {
  const Scratch scratch;
  auto document = seeds(2, 100);
  document["axes"] = {{{"pointer", "/stop/queries"}, {"values", {queries_of(0.7), 100}}}};
  scratch.write("s.json", document);
  Running running(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  const pid_t worker = workers_of(running, 1)[0].worker;
  kill(worker, SIGKILL);
  CHECK(running.wait().exit_code == 6);
  CHECK(contains(scratch.read("out/points.csv"), "crashed: signal 9"));
  const Ended again = run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  CHECK(again.exit_code == 0);
  CHECK(contains(again.err, "2/2 points, 1 kept"));
}

TEST_CASE("what a worker that is killed altogether had under way is done by another") {
  const Scratch scratch;
  scratch.write("s.json", seeds(4, queries_of(0.3)));
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "whole"}).exit_code == 0);
  Running running(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "out"});
  kill(workers_of(running, 2)[1].guardian, SIGKILL);
  CHECK(running.wait().exit_code == 0);
  CHECK(results_in(scratch, "out") == results_in(scratch, "whole"));
}

TEST_CASE("a campaign without workers ends with a message, and goes on when it is started again") {
  const Scratch scratch;
  scratch.write("s.json", seeds(2, queries_of(0.5)));
  Running running(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"});
  kill(workers_of(running, 1)[0].guardian, SIGKILL);
  const Ended ended = running.wait();
  CHECK(ended.exit_code == 1);
  CHECK(contains(ended.err, "every worker is gone"));
  CHECK(run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "out"}).exit_code == 0);
}

TEST_CASE("a full disk is one clear error, and nothing is half-written") {
  const Scratch scratch;
  scratch.write("s.json", seeds(6, 100));
  Limits limits;
  limits.file_bytes = 1500;  // campaign.json fits, a point does not
  const Ended ended =
      run(scratch, {"sweep", "s.json", "--jobs", "2", "--out", "out", "-q"}, limits);
  CHECK(ended.exit_code == 2);
  CHECK(contains(ended.err, "writing failed: File too large"));
  CHECK(lines(ended.err) == 1);
  for (const auto& [name, bytes] : scratch.tree("out")) {
    CHECK((name == ".lock" || name == "campaign.json"));
  }
  CHECK(run(scratch, {"sweep", "s.json", "--out", "out"}).exit_code == 0);
}

TEST_CASE("a folder that is no campaign's, a file, and no folder at all are refused") {
  const Scratch scratch;
  scratch.write("s.json", seeds(2, 100));
  scratch.write("thesis/chapter.tex", std::string("text"));
  for (const char* out : {"thesis", "s.json", "/proc/none"}) {
    const Ended ended = run(scratch, {"sweep", "s.json", "--out", out});
    CHECK(ended.exit_code == 2);
    CHECK(lines(ended.err) == 1);
  }
  CHECK(contains(run(scratch, {"sweep", "s.json"}).err, "--out: a sweep needs a folder"));
  CHECK(scratch.names("thesis") == std::vector<std::string>{"chapter.tex"});
}

TEST_CASE("a run does not replace a campaign's folder") {
  const Scratch scratch;
  scratch.write("s.json", seeds(1, 100));
  scratch.write("q.json", queue(100));
  REQUIRE(run(scratch, {"sweep", "s.json", "--out", "out"}).exit_code == 0);
  CHECK(run(scratch, {"run", "q.json", "--out", "out"}).exit_code == 2);
  CHECK(scratch.has("out/points.csv"));
}

TEST_CASE("only parts of one campaign are merged, and what is missing is told") {
  const Scratch scratch;
  scratch.write("a.json", seeds(4, 100));
  scratch.write("b.json", seeds(5, 100));
  REQUIRE(run(scratch, {"sweep", "a.json", "--shard", "1/2", "--out", "a1"}).exit_code == 0);
  REQUIRE(run(scratch, {"sweep", "b.json", "--shard", "2/2", "--out", "b2"}).exit_code == 0);
  const Ended other = run(scratch, {"merge", "a1", "b2", "--out", "whole"});
  CHECK(other.exit_code == 2);
  CHECK(contains(other.err, "it sweeps something else"));
  const Ended half = run(scratch, {"merge", "a1", "--out", "half"});
  CHECK(half.exit_code == 3);
  CAPTURE(half.err);
  CHECK(contains(half.err, "2 points are in none of the folders"));
  CHECK(contains(run(scratch, {"merge", "a1", "a1", "--out", "x"}).err, "named twice"));
  CHECK(contains(run(scratch, {"merge", "a1", "--out", "a1"}).err, "both a part"));
  CHECK(run(scratch, {"merge", "nothing", "--out", "x"}).exit_code == 2);
}

TEST_CASE("wrong shards and wrong sweeps are refused with one message") {
  const Scratch scratch;
  scratch.write("s.json", seeds(4, 100));
  for (const char* shard : {"0/4", "5/4", "1", "1/0", "a/b", "1.5/4", "1/2/3"}) {
    CAPTURE(shard);
    const Ended ended = run(scratch, {"sweep", "s.json", "--out", "out", "--shard", shard});
    CHECK(ended.exit_code == 2);
    CHECK(contains(ended.err, "--shard"));
  }
  auto typo = seeds(4, 100);
  typo["axes"][0]["pointer"] = "/sede";
  scratch.write("typo.json", typo);
  const Ended ended = run(scratch, {"sweep", "typo.json", "--out", "out"});
  CHECK(ended.exit_code == 2);
  CHECK(contains(ended.err, "typo.json#/sede: unknown key, did you mean \"seed\""));
  CHECK(!scratch.has("out"));
}

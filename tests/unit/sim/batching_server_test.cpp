// Hand arithmetic of batches.
#include "sim/batching_server.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::BatchingServer;
using sim::ServerJob;
using sim::ServerKind;
using sim::ServerOutput;
using sim::ServerTables;

namespace {

// A batch of b takes 3 + b.
double batch_s(double b) { return 3 + b; }

ServerTables tables() {
  ServerTables result;
  for (int work = 0; work < 2; ++work) {
    result.add(seconds(batch_s(1)), {seconds(batch_s(1))},
               {seconds(batch_s(1)), seconds(batch_s(2)), seconds(batch_s(3))});
  }
  return result;
}

ServerKind kind(std::uint32_t size_max, double wait_max_s) {
  ServerKind result;
  result.discipline = sim::Discipline::kBatching;
  result.batching = {.size_max = size_max, .wait_max = seconds(wait_max_s)};
  return result;
}

struct Times {
  double start;
  double end;
  double shared;
};

std::vector<Times> serve(const ServerKind& kind, const std::vector<ServerJob>& jobs) {
  const ServerTables work = tables();
  BatchingServer server(kind, work);
  ServerOutput output;
  server.run(jobs, seconds(1e6), output);
  REQUIRE(output.departures.size() == jobs.size());
  std::vector<Times> times(jobs.size());
  for (const auto& one : output.departures) {
    times[one.handle] = {in_seconds(one.start), in_seconds(one.end), in_seconds(one.shared)};
    CHECK(one.in_service == one.end - one.start);
    CHECK(one.wait == one.start - jobs[one.handle].time);
  }
  return times;
}

ServerJob job(double time, std::uint32_t handle, std::uint32_t work = 0) {
  return {seconds(time), seconds(batch_s(1)), work, handle};
}

}  // namespace

TEST_CASE("a batch starts when it is full") {
  const auto times = serve(kind(2, 100), {job(1, 0), job(5, 1)});
  for (const Times& one : times) {
    CHECK(one.start == 5);
    CHECK(one.end == 5 + batch_s(2));
    CHECK(one.shared == batch_s(2) / 2);
  }
}

TEST_CASE("a batch starts when its first query has waited long enough") {
  const double wait = 3;
  const auto times = serve(kind(3, wait), {job(1, 0), job(2, 1), job(1 + wait, 2)});
  CHECK(times[0].end == 1 + wait + batch_s(2));
  CHECK(times[1].end == times[0].end);
  // The third came when the wait was over: its own wait begins, and ends with the service before.
  CHECK(times[2].start == times[0].end);
}

TEST_CASE("without waiting, a batch is what came during the one before") {
  const auto times = serve(kind(3, 0), {job(0, 0), job(1, 1), job(2, 2), job(3, 3), job(3.5, 4)});
  CHECK(times[0].end == batch_s(1));
  for (int i = 1; i <= 3; ++i) {
    CHECK(times[static_cast<std::size_t>(i)].start == batch_s(1));
    CHECK(times[static_cast<std::size_t>(i)].end == batch_s(1) + batch_s(3));
  }
  CHECK(times[4].start == batch_s(1) + batch_s(3));
}

TEST_CASE("queries of different work do not share a batch, and who came first goes first") {
  const auto times = serve(kind(3, 0), {job(0, 0, 0), job(1, 1, 1), job(2, 2, 0), job(3, 3, 1)});
  CHECK(times[1].start == batch_s(1));
  CHECK(times[3].start == batch_s(1));
  CHECK(times[2].start == batch_s(1) + batch_s(2));
}

TEST_CASE("two GPUs run two batches at a time") {
  ServerKind two = kind(1, 0);
  two.gpus = 2;
  const auto times = serve(two, {job(0, 0), job(0.5, 1), job(1, 2)});
  CHECK(times[1].start == 0.5);
  CHECK(times[2].start == batch_s(1));
}

TEST_CASE("jobs of drawn times run side by side, as long as the longest") {
  ServerTables none;
  none.add(seconds(0), {}, {});
  BatchingServer server(kind(2, 100), none);
  ServerOutput output;
  const std::vector<ServerJob> jobs = {{seconds(0), seconds(7), 0, 0},
                                       {seconds(1), seconds(2), 0, 1}};
  server.run(jobs, seconds(50), output);
  REQUIRE(output.departures.size() == 2);
  CHECK(in_seconds(output.departures[1].end) == 1 + 7);
}

TEST_CASE("the state of a batching server tells who is there, the wait and the busy time") {
  const ServerTables work = tables();
  BatchingServer server(kind(2, 0), work);
  ServerOutput output;
  const std::vector<ServerJob> jobs = {job(0, 0), job(1, 1), job(2, 2)};
  server.run(jobs, seconds(3), output);
  const sim::ServerState state = server.state(seconds(3));
  CHECK(state.present == 3);
  CHECK(in_seconds(state.busy) == 3);
  CHECK(in_seconds(state.wait) == batch_s(1) - 3 + batch_s(2));
  CHECK(in_seconds(server.next_event()) == batch_s(1));
}

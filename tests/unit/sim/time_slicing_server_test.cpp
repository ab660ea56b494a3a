// Hand arithmetic, and the same whatever the slices of time in which a server is worked.
#include "sim/time_slicing_server.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::ServerDeparture;
using sim::ServerJob;
using sim::ServerKind;
using sim::ServerOutput;
using sim::ServerTables;
using sim::TimeSlicingServer;

namespace {

constexpr double kLong = 4;  // kernels of the network, binary fractions
constexpr double kShort = 1;
constexpr double kBackground = 2;

ServerTables tables() {
  ServerTables result;
  result.add(seconds(kLong + kShort), {seconds(kLong), seconds(kShort)}, {});
  return result;
}

ServerKind kind(const std::vector<sim::BackgroundLoad::Step>& steps) {
  ServerKind result;
  result.discipline = sim::Discipline::kTimeSlicing;
  result.background = {.kernel = seconds(kBackground), .steps = steps};
  return result;
}

ServerJob job(double time, std::uint32_t handle = 0) {
  return {seconds(time), seconds(kLong + kShort), 0, handle};
}

struct Times {
  double start;
  double end;
};

std::vector<Times> serve(const ServerKind& kind, const std::vector<ServerJob>& jobs) {
  const ServerTables work = tables();
  TimeSlicingServer server(kind, work);
  ServerOutput output;
  server.run(jobs, seconds(1000), output);
  REQUIRE(output.departures.size() + output.dropped.size() == jobs.size());
  std::vector<Times> times(jobs.size());
  for (const ServerDeparture& one : output.departures) {
    times[one.handle] = {in_seconds(one.start), in_seconds(one.end)};
    CHECK(in_seconds(one.in_service) == kLong + kShort);
    CHECK(one.wait == one.end - jobs[one.handle].time - one.in_service);
  }
  return times;
}

}  // namespace

TEST_CASE("alone, a query takes the sum of its kernels") {
  const auto times = serve(kind({}), {job(3)});
  CHECK(times[0].start == 3);
  CHECK(times[0].end == 3 + kLong + kShort);
}

TEST_CASE("two queries take turns kernel by kernel") {
  const auto times = serve(kind({}), {job(0, 0), job(1, 1)});
  CHECK(times[1].start == kLong);
  CHECK(times[0].end == 2 * kLong + kShort);
  CHECK(times[1].end == 2 * kLong + 2 * kShort);
}

TEST_CASE("a query that comes when a kernel ends waits for the next one in the ring") {
  const auto times = serve(kind({}), {job(0, 0), job(kLong, 1)});
  // The first goes on at once: it was alone when its kernel ended.
  CHECK(times[0].end == kLong + kShort);
  CHECK(times[1].start == kLong + kShort);
}

TEST_CASE("before each kernel every background process has one turn") {
  const double n = 3;
  const auto times = serve(kind({{seconds(0), 3}}), {job(100.5)});
  // The kernel that runs at 100.5 ends at 102; the other two follow.
  CHECK(times[0].start == 102 + (n - 1) * kBackground);
  CHECK(times[0].end == times[0].start + kLong + n * kBackground + kShort);
}

TEST_CASE("a background process that goes ends its kernel, those that wait leave at once") {
  const auto times = serve(kind({{seconds(0), 3}, {seconds(100), 0}}), {job(100.5)});
  CHECK(times[0].start == 102);
  CHECK(times[0].end == 102 + kLong + kShort);
  // Gone in the middle of a query's kernel: nobody is in its way any more.
  const auto later = serve(kind({{seconds(0), 1}, {seconds(103), 0}}), {job(100.5)});
  CHECK(later[0].start == 102);
  CHECK(later[0].end == 102 + kLong + kShort);
}

TEST_CASE("background processes that come while a query is there join behind it") {
  const auto times = serve(kind({{seconds(1), 2}}), {job(0)});
  CHECK(times[0].start == 0);
  CHECK(times[0].end == kLong + 2 * kBackground + kShort);
}

TEST_CASE("a job of drawn time is cut into slices") {
  ServerKind sliced = kind({{seconds(0), 1}});
  sliced.job_slice = seconds(1);
  ServerTables none;
  none.add(seconds(0), {}, {});
  TimeSlicingServer server(sliced, none);
  ServerOutput output;
  const std::vector<ServerJob> jobs = {{seconds(9), seconds(2.5), 0, 0}};
  server.run(jobs, seconds(100), output);
  REQUIRE(output.departures.size() == 1);
  const double start = 10;  // the kernel that runs at 9 ends
  CHECK(in_seconds(output.departures[0].start) == start);
  CHECK(in_seconds(output.departures[0].end) == start + 2.5 + 2 * kBackground);
}

TEST_CASE("a server at its admission limit drops") {
  ServerKind limited = kind({});
  limited.admission_limit = 1;
  const ServerTables work = tables();
  TimeSlicingServer server(limited, work);
  ServerOutput output;
  const std::vector<ServerJob> jobs = {job(0, 0), job(1, 1), job(5, 2)};
  server.run(jobs, seconds(100), output);
  CHECK(output.dropped == std::vector<std::uint32_t>{1});
  CHECK(output.departures.size() == 2);
}

TEST_CASE("the state tells processes, wait, turn and busy time") {
  const ServerTables work = tables();
  TimeSlicingServer server(kind({{seconds(10), 2}}), work);
  ServerOutput output;
  server.run({}, seconds(11), output);
  sim::ServerState state = server.state(seconds(11));
  CHECK(state.processes == 2);
  CHECK(state.present == 0);
  CHECK(in_seconds(state.turn) == 2 * kBackground);
  CHECK(in_seconds(state.wait) == 1 + kBackground);
  CHECK(in_seconds(state.busy) == 1);
  const std::vector<ServerJob> jobs = {job(11)};
  server.run(jobs, seconds(15), output);  // its first kernel runs from 14 to 18
  state = server.state(seconds(15));
  CHECK(state.processes == 3);
  CHECK(state.present == 1);
  CHECK(in_seconds(state.wait) == 3 + 2 * kBackground);
  CHECK(in_seconds(state.turn) == kLong + 2 * kBackground);
  CHECK(in_seconds(state.busy) == 5);
}

TEST_CASE("however time is cut, every query starts and ends at the same bits") {
  const ServerKind busy = kind({{seconds(0.3), 2}, {seconds(31), 5}, {seconds(57.7), 1}});
  std::vector<ServerJob> jobs;
  for (std::uint32_t i = 0; i < 12; ++i) {
    jobs.push_back(job(3.7 * i + 0.1 * (i % 3), i));
  }
  const std::vector<Times> whole = serve(busy, jobs);
  for (const double slab : {0.01, 0.77, 13.0}) {
    const ServerTables work = tables();
    TimeSlicingServer server(busy, work);
    ServerOutput output;
    std::size_t next = 0;
    for (double until = slab; until < 1000; until += slab) {
      const std::size_t first = next;
      while (next < jobs.size() && in_seconds(jobs[next].time) < until) {
        ++next;
      }
      server.run({jobs.data() + first, next - first}, seconds(until), output);
    }
    REQUIRE(output.departures.size() == jobs.size());
    for (const ServerDeparture& one : output.departures) {
      CHECK(in_seconds(one.start) == whole[one.handle].start);
      CHECK(in_seconds(one.end) == whole[one.handle].end);
    }
  }
}

// The servers of the queueing engine against bare loops of the same queues, in one run.
//
// Every benchmark handles `kJobs` jobs an iteration and reports jobs/s; the closing table gives the
// engine's ratio to the bare loops from the medians. The engine runs from scenario text, with
// statistics and intervals.
#include <iostream>
#include <string>

#include <benchmark/benchmark.h>

#include "base/json_reader.hpp"
#include "bench/bare_loops.hpp"
#include "bench/ratio_reporter.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace {

using edgecut::bench::BareResult;

constexpr std::uint64_t kJobs = 2'000'000;
constexpr std::uint32_t kServers = 10'000;

template <class Loop>
void run_loop(benchmark::State& state, Loop loop) {
  std::uint64_t jobs = 0;
  for (auto _ : state) {
    const BareResult result = loop();
    benchmark::DoNotOptimize(result.mean_latency_s);
    jobs += result.queries;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(jobs));
}

void mm8_loop(benchmark::State& state) {
  run_loop(state, [] { return edgecut::bench::bare_mm8(kJobs, 1); });
}
void cluster_loop(benchmark::State& state) {
  run_loop(state, [] { return edgecut::bench::bare_mm8_cluster(kServers, kJobs, 1); });
}
void time_slicing_loop(benchmark::State& state) {
  run_loop(state, [] { return edgecut::bench::bare_time_slicing(kJobs, 1); });
}
void batching_loop(benchmark::State& state) {
  run_loop(state, [] { return edgecut::bench::bare_batching(kJobs, 1); });
}

// Jobs of mean 0.01 s.
void run_engine(benchmark::State& state, const std::string& service, double rate_per_s,
                const std::string& cloud) {
  const std::string text = R"({"workload": {"queries": [{"job": "job", "server_time": )" + service +
                           R"(}], "arrivals": {"process": "poisson", "rate_per_s": )" +
                           edgecut::base::format_number(rate_per_s) +
                           R"(}}, "fleet": [{"count": 1, "network": "ideal"}], "cloud": )" + cloud +
                           R"(, "policies": ["cloud-only"], "stop": {"queries": )" +
                           std::to_string(kJobs) + "}}";
  const auto scenario =
      edgecut::scenarios::read_scenario(edgecut::base::JsonDocument::from_text(text, "bench"), ".");
  std::uint64_t jobs = 0;
  for (auto _ : state) {
    jobs += edgecut::scenarios::run_policies(scenario, {}).front().outcome.queries.completed;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(jobs));
}

const char* const kExponential = R"({"distribution": "exponential", "mean_s": 0.01})";

void mm8_engine(benchmark::State& state) { run_engine(state, kExponential, 560, R"({"gpus": 8})"); }
void cluster_engine(benchmark::State& state) {
  run_engine(state, kExponential, 560.0 * kServers, R"({"count": 10000, "gpus": 8})");
}
void two_choices_engine(benchmark::State& state) {
  run_engine(state, kExponential, 560.0 * kServers,
             R"({"count": 10000, "gpus": 8, "dispatch": "power-of-two"})");
}
void time_slicing_engine(benchmark::State& state) {
  run_engine(state, kExponential, 70, R"({"discipline": "time-slicing", "job_slice_s": 0.001})");
}
void batching_engine(benchmark::State& state) {
  run_engine(state, R"({"distribution": "constant", "value_s": 0.01})", 560,
             R"({"discipline": "batching", "batching": {"size_max": 8}})");
}

BENCHMARK(mm8_loop)->Unit(benchmark::kMillisecond);
BENCHMARK(mm8_engine)->Unit(benchmark::kMillisecond);
BENCHMARK(cluster_loop)->Unit(benchmark::kMillisecond);
BENCHMARK(cluster_engine)->Unit(benchmark::kMillisecond);
BENCHMARK(two_choices_engine)->Unit(benchmark::kMillisecond);
BENCHMARK(time_slicing_loop)->Unit(benchmark::kMillisecond);
BENCHMARK(time_slicing_engine)->Unit(benchmark::kMillisecond);
BENCHMARK(batching_loop)->Unit(benchmark::kMillisecond);
BENCHMARK(batching_engine)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  edgecut::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  std::cout << "\nengine against bare loops, million jobs/s and ratio\n";
  reporter.print_row("M/M/8", "mm8_engine/", {"mm8_loop/"});
  reporter.print_row("10,000 x M/M/8, random", "cluster_engine/", {"cluster_loop/"});
  reporter.print_row("10,000 x M/M/8, two choices", "two_choices_engine/", {"cluster_loop/"});
  reporter.print_row("time slicing", "time_slicing_engine/", {"time_slicing_loop/"});
  reporter.print_row("batching", "batching_engine/", {"batching_loop/"});
  benchmark::Shutdown();
  return 0;
}

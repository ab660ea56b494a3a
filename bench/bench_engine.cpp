// The queueing engine against bare loops of the same flow, in one run.
//
// Every benchmark handles `queries` queries an iteration and reports queries/s; the closing table
// gives the engine's ratio to both loops from the medians. The engine runs from scenario text:
// eight DNNs, Neurosurgeon's decision, trace-integrated uplinks, a GPU queue, energy, statistics.
#include <iostream>
#include <string>

#include <benchmark/benchmark.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "bench/bare_loops.hpp"
#include "bench/ratio_reporter.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace {

using edgecut::bench::BareResult;

constexpr std::uint64_t kQueriesMin = 2'000'000;

std::uint64_t queries_for(std::int64_t nodes) {
  return std::max<std::uint64_t>(kQueriesMin, 4 * static_cast<std::uint64_t>(nodes));
}

edgecut::scenarios::Scenario scenario_from(const std::string& text) {
  return edgecut::scenarios::read_scenario(edgecut::base::JsonDocument::from_text(text, "bench"),
                                           ".");
}

// A query in 25 s and node: a TK1 CPU needs 0.9 s a query on average when it runs alone.
std::string full_scenario(std::int64_t nodes) {
  const double rate = static_cast<double>(nodes) * 0.04;
  const auto gpus = std::max<std::int64_t>(1, nodes / 1250);
  return R"({"workload": {"queries": [{"model": "imc"}, {"model": "vgg"}, {"model": "face"},
      {"model": "dig"}, {"model": "asr"}, {"model": "pos"}, {"model": "ner"}, {"model": "chk"}],
      "arrivals": {"process": "poisson", "rate_per_s": )" +
         edgecut::base::format_number(rate) + R"(}},
      "fleet": [{"count": )" +
         std::to_string(nodes / 2) + R"(, "device": "jetson-tk1-gpu",
                 "network": "wifi-2015", "trace": "wifi-home"},
                {"count": )" +
         std::to_string(nodes / 2) + R"(, "device": "jetson-tk1-gpu",
                 "network": "lte-2015", "trace": ["lte-driving", "lte-walking"]}],
      "cloud": {"server": "tesla-k40", "gpus": )" +
         std::to_string(gpus) + R"(},
      "policies": ["neurosurgeon-latency"],
      "stop": {"queries": )" +
         std::to_string(queries_for(nodes)) + "}}";
}

void report(benchmark::State& state, std::uint64_t queries) {
  state.SetItemsProcessed(static_cast<std::int64_t>(queries));
}

void slab_loop(benchmark::State& state) {
  std::uint64_t queries = 0;
  for (auto _ : state) {
    const BareResult result = edgecut::bench::bare_slab_loop(
        static_cast<std::uint32_t>(state.range(0)), queries_for(state.range(0)), 1);
    benchmark::DoNotOptimize(result.mean_latency_s);
    queries += result.queries;
  }
  report(state, queries);
}

void heap_loop(benchmark::State& state) {
  std::uint64_t queries = 0;
  for (auto _ : state) {
    const BareResult result = edgecut::bench::bare_heap_loop(
        static_cast<std::uint32_t>(state.range(0)), queries_for(state.range(0)) / 4, 1);
    benchmark::DoNotOptimize(result.mean_latency_s);
    queries += result.queries;
  }
  report(state, queries);
}

void run_scenario(benchmark::State& state, const std::string& text) {
  const auto scenario = scenario_from(text);
  std::uint64_t queries = 0;
  for (auto _ : state) {
    const auto results = edgecut::scenarios::run_policies(scenario, {});
    queries += results.front().outcome.queries.completed;
  }
  report(state, queries);
}

void engine(benchmark::State& state) { run_scenario(state, full_scenario(state.range(0))); }

void mm8_loop(benchmark::State& state) {
  std::uint64_t queries = 0;
  for (auto _ : state) {
    const BareResult result = edgecut::bench::bare_mm8(kQueriesMin, 1);
    benchmark::DoNotOptimize(result.mean_latency_s);
    queries += result.queries;
  }
  report(state, queries);
}

void mm8_engine(benchmark::State& state) {
  run_scenario(state, R"({"workload": {"queries": [{"job": "job",
      "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
      "arrivals": {"process": "poisson", "rate_per_s": 560}},
      "fleet": [{"count": 1, "network": "ideal"}], "cloud": {"gpus": 8},
      "policies": ["cloud-only"], "stop": {"queries": 2000000}})");
}

constexpr std::int64_t kNodesMin = 1000;
constexpr std::int64_t kNodesMax = 1'000'000;
BENCHMARK(slab_loop)
    ->RangeMultiplier(10)
    ->Range(kNodesMin, kNodesMax)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(heap_loop)
    ->RangeMultiplier(10)
    ->Range(kNodesMin, kNodesMax)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(engine)->RangeMultiplier(10)->Range(kNodesMin, kNodesMax)->Unit(benchmark::kMillisecond);
BENCHMARK(mm8_loop)->Unit(benchmark::kMillisecond);
BENCHMARK(mm8_engine)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  edgecut::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  std::cout << "\nengine against bare loops, million queries/s and ratio\n";
  for (std::int64_t nodes = kNodesMin; nodes <= kNodesMax; nodes *= 10) {
    const std::string place = "/" + std::to_string(nodes);
    reporter.print_row(std::to_string(nodes) + " nodes", "engine" + place,
                       {"slab_loop" + place, "heap_loop" + place});
  }
  reporter.print_row("M/M/8", "mm8_engine/", {"mm8_loop/"});
  benchmark::Shutdown();
  return 0;
}

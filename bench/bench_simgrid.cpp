// SimGrid as a network of flows against SimGrid alone, over the same flows, in one run.
//
// Each measurement is a process of its own, since a process has one SimGrid engine; the time is
// that of its loop. The closing table gives the ratio of the rates (queries of two flows a second).
// "net_s" is the simulated time that all flows took: the same in both, for they are the same flows.
#include <cstdint>
#include <cstring>
#include <iostream>
#include <string>

#include <benchmark/benchmark.h>

#include "bench/flow_workload.hpp"
#include "bench/ratio_reporter.hpp"
#include "sim/child_process.hpp"
#include "sim/simgrid_network.hpp"

namespace {

using edgecut::bench::FlowResult;
using edgecut::bench::FlowWorkload;

// A start or an end costs SimGrid a look at all flows of the backbone.
std::uint64_t queries_for(std::int64_t nodes) { return nodes <= 1000 ? 50'000 : 20'000; }

template <FlowResult (*Run)(const FlowWorkload&)>
void in_a_process(benchmark::State& state) {
  const FlowWorkload workload{static_cast<std::uint32_t>(state.range(0)),
                              queries_for(state.range(0))};
  edgecut::sim::load_simgrid();
  double time_in_net = 0;
  for (auto _ : state) {
    const std::string bytes = edgecut::sim::run_in_child([&] {
      const FlowResult result = Run(workload);
      return std::string(reinterpret_cast<const char*>(&result), sizeof result);
    });
    FlowResult result;
    std::memcpy(&result, bytes.data(), sizeof result);
    state.SetIterationTime(result.seconds);
    time_in_net = result.time_in_net;
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(workload.queries));
  state.counters["net_s"] = time_in_net;
}

BENCHMARK(in_a_process<edgecut::bench::bare_simgrid_loop>)
    ->Name("bare")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(in_a_process<edgecut::bench::flow_network_loop>)
    ->Name("network")
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(10000)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 2;
  }
  edgecut::bench::RatioReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  std::cout << "\nMillion queries (two flows) a second\n";
  for (const char* nodes : {"10", "100", "1000", "10000"}) {
    reporter.print_row(std::string(nodes) + " nodes", std::string("network/") + nodes,
                       {std::string("bare/") + nodes});
  }
  return 0;
}

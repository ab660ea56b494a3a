// What the intervals of mean, p50, p95 and p99 cost: the statistics of a run alone, over the same
// run as a whole.
//
// A run of a fixed length is logged once. `run` repeats it without the log; `statistics` does with
// the logged completions what the engine does: hands them to the estimators in blocks, settles them
// at every look, and at the end makes the summary with all intervals. The closing table gives the
// shares from the medians, without the time to fetch the logged completions from memory (`fetch`):
// the engine has just computed them.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "results/batch_series.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/scenario.hpp"

namespace {

using edgecut::base::Duration;
using edgecut::base::in_joules;
using edgecut::base::in_seconds;
using edgecut::results::BatchSeries;
using edgecut::results::QueryColumns;
using edgecut::scenarios::Scenario;

constexpr const char* kStop = R"("stop": {"queries": 2000000}})";

// M/M/8: as little besides the statistics as a run can have.
const std::string kQueue = R"({"workload": {"queries": [{"job": "job",
    "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
    "arrivals": {"process": "poisson", "rate_per_s": 560}},
    "fleet": [{"count": 1, "network": "ideal"}], "cloud": {"gpus": 8},
    "policies": ["cloud-only"], )" +
                           std::string(kStop);

// Eight DNNs on a thousand nodes, decisions, traces, energy.
const std::string kFleet = R"({"workload": {"queries": [{"model": "imc"}, {"model": "vgg"},
    {"model": "face"}, {"model": "dig"}, {"model": "asr"}, {"model": "pos"}, {"model": "ner"},
    {"model": "chk"}], "arrivals": {"process": "poisson", "rate_per_s": 40}},
    "fleet": [{"count": 500, "device": "jetson-tk1-gpu", "network": "wifi-2015",
               "trace": "wifi-home"},
              {"count": 500, "device": "jetson-tk1-gpu", "network": "lte-2015",
               "trace": ["lte-driving", "lte-walking"]}],
    "cloud": {"server": "tesla-k40"}, "policies": ["neurosurgeon-latency"], )" +
                           std::string(kStop);

// What a run hands to its statistics, in columns.
struct Sample {
  explicit Sample(const std::string& text)
      : scenario(edgecut::scenarios::read_scenario(
            edgecut::base::JsonDocument::from_text(text, "bench"), ".")) {
    edgecut::scenarios::RunnerOptions options;
    options.log_queries = true;
    const auto results = edgecut::scenarios::run_policies(scenario, options);
    end = results.front().outcome.end;
    const bool has_energy = scenario.model.classes.front().dnn != nullptr;
    for (const auto& query : results.front().queries) {
      completed_at_s.push_back(in_seconds(query.completed_at));
      latency_s.push_back(in_seconds(query.completed_at - query.issued_at));
      if (has_energy) {
        const auto& energy = query.energy;
        energies_j[0].push_back(in_joules(energy.compute));
        energies_j[1].push_back(in_joules(energy.transmit));
        energies_j[2].push_back(in_joules(energy.receive));
        energies_j[3].push_back(in_joules(energy.promotion));
        energies_j[4].push_back(in_joules(energy.tail));
      }
    }
  }

  [[nodiscard]] QueryColumns columns() const {
    QueryColumns all{completed_at_s, latency_s};
    std::copy(energies_j.begin(), energies_j.end(), all.energies_j.begin());
    return all;
  }

  Scenario scenario;
  Duration end;
  std::vector<double> completed_at_s;
  std::vector<double> latency_s;
  std::array<std::vector<double>, 5> energies_j;  // of jobs: empty, as in the engine
};

const Sample& sample(bool fleet) {
  static const Sample queue_sample(kQueue);
  static const Sample fleet_sample(kFleet);
  return fleet ? fleet_sample : queue_sample;
}

void count(benchmark::State& state, const Sample& of) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(of.latency_s.size()));
}

void run(benchmark::State& state, bool fleet) {
  const Sample& of = sample(fleet);
  for (auto _ : state) {
    auto results = edgecut::scenarios::run_policies(of.scenario, {});
    const auto summary = results.front().outcome.summarize(0.95);
    benchmark::DoNotOptimize(summary.queries);
  }
  count(state, of);
}

// Fetches what `statistics` works on.
void fetch(benchmark::State& state, bool fleet) {
  const Sample& of = sample(fleet);
  const QueryColumns all = of.columns();
  for (auto _ : state) {
    std::uint64_t bits = 0;
    const auto fetch_column = [&bits](std::span<const double> column) {
      for (const double value : column) {
        bits ^= std::bit_cast<std::uint64_t>(value);
      }
    };
    fetch_column(all.completed_at_s);
    fetch_column(all.latency_s);
    for (const auto& energy_j : all.energies_j) {
      fetch_column(energy_j);
    }
    benchmark::DoNotOptimize(bits);
  }
  count(state, of);
}

void statistics(benchmark::State& state, bool fleet) {
  const Sample& of = sample(fleet);
  const QueryColumns all = of.columns();
  const std::size_t look = all.size() / 60;  // as often as the engine
  for (auto _ : state) {
    BatchSeries series(of.end / 1024);
    for (std::size_t begin = 0; begin < all.size(); begin += look) {
      const QueryColumns part = all.part(begin, std::min(look, all.size() - begin));
      series.add_all(part);
      series.settle(edgecut::base::seconds(part.completed_at_s.back()));
    }
    const auto summary = series.summarize(of.end, 0.95);
    benchmark::DoNotOptimize(summary.queries);
  }
  count(state, of);
}

BENCHMARK_CAPTURE(run, queue, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fetch, queue, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(statistics, queue, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run, fleet, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(fetch, fleet, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(statistics, fleet, true)->Unit(benchmark::kMillisecond);

class ShareReporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& one : runs) {
      if (one.run_type == Run::RT_Iteration || one.aggregate_name == "median") {
        times_[one.run_name.function_name] = one.GetAdjustedCPUTime();
      }
    }
  }

  void print_shares() const {
    for (const std::string name : {"queue", "fleet"}) {
      const auto whole = times_.find("run/" + name);
      const auto part = times_.find("statistics/" + name);
      const auto fetched = times_.find("fetch/" + name);
      if (whole != times_.end() && part != times_.end() && fetched != times_.end()) {
        const auto percent = [&](double time) {
          return edgecut::base::format_fixed(100 * time / whole->second, 1);
        };
        std::cout << name << ": statistics take " << percent(part->second - fetched->second)
                  << " % of the run, fetching their input from memory " << percent(fetched->second)
                  << " %\n";
      }
    }
  }

 private:
  std::map<std::string, double> times_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  ShareReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_shares();
  benchmark::Shutdown();
  return 0;
}

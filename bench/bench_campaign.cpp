// What a campaign spends on a point beside its simulation.
#include <filesystem>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "campaigns/point_runner.hpp"

namespace {

using namespace edgecut;

const char* const kBase = R"({
  "workload": {"queries": [{"model": "imc"}], "arrivals": {"process": "poisson", "rate_per_s": 1}},
  "fleet": [{"count": 10, "device": "jetson-tk1-gpu", "network": "lte", "trace": "lte-driving"}],
  "cloud": {"server": "tesla-k40"},
  "policies": ["cloud-only", "device-only", "neurosurgeon-latency", "oracle"],
  "stop": {"queries": 100}})";

campaigns::Campaign make_campaign() {
  campaigns::Campaign campaign;
  campaign.sweep.base = nlohmann::json::parse(kBase);
  campaign.sweep.base_name = "base.json";
  campaigns::Axis axis{"seed", {"/seed"}, {1, 2, 3, 4}, {}};
  campaign.sweep.groups = {{axis}};
  campaign.program = "bench";
  campaign.folder =
      std::filesystem::temp_directory_path() / ("edgecut-bench-" + std::to_string(getpid()));
  return campaign;
}

// Files read anew for every point, as `edgecut run` does.
void read_alone(benchmark::State& state) {
  const campaigns::Campaign campaign = make_campaign();
  for (auto _ : state) {
    scenarios::SharedInputs shared;
    benchmark::DoNotOptimize(campaigns::read_point(campaign, resolve(campaign.sweep, 0), shared));
  }
}
BENCHMARK(read_alone)->Unit(benchmark::kMicrosecond);

void read_shared(benchmark::State& state) {
  const campaigns::Campaign campaign = make_campaign();
  scenarios::SharedInputs shared;
  for (auto _ : state) {
    benchmark::DoNotOptimize(campaigns::read_point(campaign, resolve(campaign.sweep, 0), shared));
  }
}
BENCHMARK(read_shared)->Unit(benchmark::kMicrosecond);

// A point whose results are there already.
void keep(benchmark::State& state) {
  const campaigns::Campaign campaign = make_campaign();
  const std::atomic<bool> cancelled{false};
  scenarios::SharedInputs shared;
  campaigns::PointRunner runner(campaign, shared, cancelled);
  runner.run({0});
  for (auto _ : state) {
    benchmark::DoNotOptimize(runner.run({0}));
  }
  std::filesystem::remove_all(campaign.folder);
}
BENCHMARK(keep)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();

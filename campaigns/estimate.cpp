#include "campaigns/estimate.hpp"

#include <algorithm>
#include <chrono>

#include "scenarios/runner.hpp"

namespace edgecut::campaigns {
namespace {

constexpr std::uint64_t kSamples = 5;
constexpr double kQueries = 20000;

// Seconds of a run of `scenario` at its full length, from a short one.
double full_run_s(scenarios::Scenario scenario) {
  const double queries = scenario.model.stop.duration * scenario.model.arrivals.rate;
  const double share = std::min(1.0, kQueries / std::max(queries, 1.0));
  if (!scenario.model.arrivals.replay) {
    scenario.model.stop.duration *= share;
  }
  const auto start = std::chrono::steady_clock::now();
  scenarios::run_policies(scenario, {});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return scenario.model.arrivals.replay ? taken.count() : taken.count() / share;
}

}  // namespace

double estimate_point_s(const Campaign& campaign, scenarios::SharedInputs& shared) {
  const std::uint64_t points = campaign.size();
  const std::uint64_t samples = std::min(points, kSamples);
  double total_s = 0;
  for (std::uint64_t i = 0; i < samples; ++i) {
    const std::uint64_t k = samples == 1 ? 0 : i * (points - 1) / (samples - 1);
    try {
      total_s +=
          full_run_s(read_point(campaign, resolve(campaign.sweep, campaign.point(k)), shared));
    } catch (const base::ConfigError&) {
      continue;  // the campaign will say so
    }
  }
  return samples == 0 ? 0 : total_s / static_cast<double>(samples);
}

}  // namespace edgecut::campaigns

// DADS for heavy load against the fastest slowest stage of all predecessor-closed sets.
#include <algorithm>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "policies/candidate_cuts.hpp"
#include "policies/catalogue.hpp"
#include "support/random_network.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using testing::ClosedSet;
using testing::Dice;
using testing::RandomNetwork;

namespace {

double slowest_stage_s(const predictors::CutCost& cut, base::DataRate rate) {
  const base::Duration compute = base::max(cut.device_time, cut.server_time);
  return base::in_seconds(base::max(compute, cut.upload / rate));
}

// How much slower the chosen cut's slowest stage is than the best of all closed sets', sorted.
std::vector<double> slowdowns(std::uint64_t networks, const std::vector<Objective>& objectives) {
  const auto policy = make_dads_heavy();
  const platforms::NetworkProfile profile;
  std::vector<double> ratios;
  for (std::uint64_t seed = 0; seed < networks; ++seed) {
    const RandomNetwork network = testing::random_network(seed, {.layers_min = 6});
    Dice dice(seed + 5);
    const predictors::CutTable table = predictors::make_cut_table(
        network.dnn, network.device, network.server,
        further_cuts(network.dnn, network.device, network.server, objectives));
    const auto decider = policy->prepare(network.dnn, {table, profile});
    const std::vector<ClosedSet> sets = testing::all_closed_sets(network);
    for (int i = 0; i < 4; ++i) {
      const auto rate = base::bits_per_s(dice.log_uniform(1e4, 1e10));
      double best = std::numeric_limits<double>::infinity();
      for (const ClosedSet& set : sets) {
        best = std::min(best, slowest_stage_s(set.cost, rate));
      }
      const double chosen = slowest_stage_s(table.cuts[decider->choices({}).choose(rate)], rate);
      ratios.push_back(best > 0 ? chosen / best : 1);
    }
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios;
}

struct Quality {
  double exact = 0;
  double mean = 0;
  double p99 = 0;
  double worst = 0;
};
Quality quality(const std::vector<double>& ratios) {
  Quality q;
  for (const double ratio : ratios) {
    q.exact += ratio <= 1 + 1e-9 ? 1.0 / static_cast<double>(ratios.size()) : 0;
    q.mean += ratio / static_cast<double>(ratios.size());
  }
  q.p99 = ratios[ratios.size() * 99 / 100];
  q.worst = ratios.back();
  return q;
}

}  // namespace

// A sum of three stages is at most three times the slowest: so the set of least latency, which is a
// candidate, is at most three times as slow as the best one. Measured over 12,000 pairs of a graph
// and a rate: exact for 77.5 %, 0.6 % slower in the mean, 14 % at the 99th percentile, 77 % at
// worst.
TEST_CASE(
    "DADS for heavy load is near the best of all closed sets, and never three times as slow") {
  std::vector<Objective> objectives = make_dads_heavy()->objectives();
  objectives.push_back(kLatency);
  const Quality with_weights = quality(slowdowns(3000, objectives));
  const Quality without = quality(slowdowns(3000, {kLatency, kEnergy}));
  CHECK(with_weights.exact > 0.75);
  CHECK(with_weights.mean < 1.01);
  CHECK(with_weights.p99 < 1.2);
  CHECK(with_weights.worst < 3);
  // The further weights are worth their minimum cuts.
  CHECK(with_weights.exact > without.exact);
  CHECK(with_weights.p99 < without.p99);
}

TEST_CASE("on chains DADS for heavy load is the best of all cuts") {
  const auto policy = make_dads_heavy();
  const platforms::NetworkProfile profile;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const RandomNetwork network = testing::random_network(seed, {.layers_max = 40, .chain = true});
    const auto table = predictors::make_cut_table(network.dnn, network.device, network.server);
    const auto decider = policy->prepare(network.dnn, {table, profile});
    Dice dice(seed);
    const auto rate = base::bits_per_s(dice.log_uniform(1e4, 1e10));
    double best = std::numeric_limits<double>::infinity();
    for (const predictors::CutCost& cut : table.cuts) {
      best = std::min(best, slowest_stage_s(cut, rate));
    }
    CAPTURE(seed);
    CHECK(slowest_stage_s(table.cuts[decider->choices({}).choose(rate)], rate) <=
          best * (1 + 1e-12));
  }
}

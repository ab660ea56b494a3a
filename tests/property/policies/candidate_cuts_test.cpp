// Policies that choose from the candidate cuts of a layer graph against trying every closed set.
#include "policies/candidate_cuts.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "policies/catalogue.hpp"
#include "support/random_network.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using testing::ClosedSet;
using testing::Dice;
using testing::RandomNetwork;

namespace {

constexpr std::uint64_t kNetworks = 3000;

platforms::NetworkProfile any_network(Dice& dice) {
  platforms::NetworkProfile network;
  network.uplink_latency = base::seconds(dice.chance(0.3) ? 0 : dice.log_uniform(1e-4, 0.1));
  network.downlink_latency = base::seconds(dice.log_uniform(1e-4, 0.1));
  network.alpha_up = base::joules_per_bit(dice.log_uniform(1e-9, 1e-6));
  network.alpha_down = base::joules_per_bit(dice.log_uniform(1e-9, 1e-6));
  network.beta = base::watts(dice.chance(0.2) ? 0 : dice.log_uniform(0.1, 2));
  network.charges_download = dice.chance(0.5);
  network.downlink = base::bits_per_s(dice.log_uniform(1e5, 1e9));
  return network;
}

// A table as the engine gets it, and one of all closed sets.
struct Tables {
  Tables(const RandomNetwork& network, const std::vector<Objective>& objectives)
      : candidates(predictors::make_cut_table(
            network.dnn, network.device, network.server,
            further_cuts(network.dnn, network.device, network.server, objectives))) {
    for (const ClosedSet& set : testing::all_closed_sets(network)) {
      all.cuts.push_back(set.cost);
    }
  }
  predictors::CutTable candidates;
  predictors::CutTable all;
};

struct Weights {
  double latency;
  double energy;
};

double cost(const Situation& situation, const predictors::CutCost& cut, base::DataRate rate,
            const ServerLoad& load, Weights weights) {
  return weights.latency * base::in_seconds(expected_latency(situation, cut, rate, load)) +
         weights.energy * base::in_joules(expected_energy(situation, cut, rate));
}

}  // namespace

TEST_CASE("at any rate and load Neurosurgeon's choice is the best of all closed sets of a graph") {
  std::size_t wrong = 0;
  std::size_t beats_prefixes = 0;
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    Dice dice(seed + 77);
    const RandomNetwork network = testing::random_network(seed);
    const Weights mixed = {dice.log_uniform(0.01, 100), dice.log_uniform(0.01, 100)};
    for (const Weights weights : {Weights{1, 0}, Weights{0, 1}, mixed}) {
      const auto policy = make_neurosurgeon(
          "n",
          {.latency_weight = weights.latency, .energy_weight = weights.energy, .load_aware = true});
      const Tables tables(network, policy->objectives());
      const platforms::NetworkProfile profile = any_network(dice);
      const Situation situation{tables.candidates, profile};
      const auto decider = policy->prepare(network.dnn, situation);
      for (const double wait_s : {0.0, dice.log_uniform(1e-5, 1)}) {
        const ServerLoad load{base::seconds(wait_s)};
        const auto rate = base::bits_per_s(dice.log_uniform(1e3, 1e10));
        const std::uint32_t choice = decider->choices(load).choose(rate);
        double best = std::numeric_limits<double>::infinity();
        for (const predictors::CutCost& cut : tables.all.cuts) {
          best = std::min(best, cost(situation, cut, rate, load, weights));
        }
        const double chosen = cost(situation, tables.candidates.cuts[choice], rate, load, weights);
        if (chosen > best * (1 + 1e-11) && wrong++ == 0) {
          MESSAGE("seed " << seed << " wait " << wait_s << " rate " << base::in_bits_per_s(rate));
        }
        beats_prefixes += choice > tables.candidates.device_only() ? 1U : 0U;
      }
    }
  }
  CHECK(wrong == 0);
  CHECK(beats_prefixes > kNetworks / 10);
}

TEST_CASE("candidate cuts are closed, no prefixes, each once, in the order of their layer counts") {
  const std::vector<Objective> objectives = {kLatency, kEnergy};
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    const RandomNetwork network = testing::random_network(seed);
    const auto further = further_cuts(network.dnn, network.device, network.server, objectives);
    std::set<predictors::LayerSet> seen;
    std::ptrdiff_t layers_before = 0;
    for (const predictors::LayerSet& set : further) {
      const auto layers = std::count(set.begin(), set.end(), true);
      REQUIRE(seen.insert(set).second);
      REQUIRE(layers >= layers_before);
      REQUIRE(std::find(set.begin(), set.end(), false) < set.begin() + layers);
      REQUIRE(predictors::is_closed(network.dnn, set));
      layers_before = layers;
    }
    REQUIRE(merge_cuts(further, further) == further);
  }
}

TEST_CASE("a table's further cuts cost what their sets cost by definition") {
  const std::vector<Objective> objectives = {kLatency, kEnergy};
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    const RandomNetwork network = testing::random_network(seed);
    const Tables tables(network, objectives);
    const std::vector<ClosedSet> sets = testing::all_closed_sets(network);
    for (std::size_t cut = 0; cut < tables.candidates.cuts.size(); ++cut) {
      std::uint32_t mask = 0;
      for (std::size_t i = 0; i < network.dnn.layers().size(); ++i) {
        mask |= tables.candidates.on_device(cut, i) ? 1U << i : 0U;
      }
      const auto same = std::find_if(sets.begin(), sets.end(),
                                     [mask](const ClosedSet& set) { return set.layers == mask; });
      REQUIRE(same != sets.end());
      const predictors::CutCost& got = tables.candidates.cuts[cut];
      const predictors::CutCost& expected = same->cost;
      CAPTURE(seed);
      CHECK(got.device_layers == expected.device_layers);
      CHECK(got.upload == expected.upload);
      CHECK(got.download == expected.download);
      const auto near = [](double a, double b) { return a == doctest::Approx(b).epsilon(1e-12); };
      CHECK(near(base::in_seconds(got.device_time), base::in_seconds(expected.device_time)));
      CHECK(near(base::in_joules(got.device_energy), base::in_joules(expected.device_energy)));
      CHECK(near(base::in_seconds(got.server_time), base::in_seconds(expected.server_time)));
    }
  }
}

TEST_CASE("a chain has no further cuts") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomNetwork network = testing::random_network(seed, {.chain = true});
    const std::vector<Objective> objectives = {kLatency, kEnergy};
    CHECK(further_cuts(network.dnn, network.device, network.server, objectives).empty());
  }
}

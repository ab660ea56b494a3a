// Minimum cuts and their envelope against trying every predecessor-closed set.
#include "policies/min_cut.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "policies/candidate_cuts.hpp"
#include "support/random_network.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using testing::ClosedSet;
using testing::Dice;
using testing::RandomNetwork;

namespace {

constexpr std::uint64_t kNetworks = 10'000;
constexpr double kPrecision = 1e-11;

LayerPrices latency_prices(const RandomNetwork& network) {
  LayerPrices prices;
  for (std::size_t i = 0; i < network.dnn.layers().size(); ++i) {
    prices.device.push_back(base::in_seconds(network.device.cost(network.dnn, i).time));
    prices.server.push_back(base::in_seconds(network.server.cost(network.dnn, i).time));
  }
  return prices;
}

double cost(const predictors::CutCost& cut, double bit_price) {
  return base::in_seconds(cut.device_time + cut.server_time) +
         bit_price * base::in_bits(cut.upload);
}

double cost(const Split& split, double bit_price) {
  return split.fixed + bit_price * split.upload_bits;
}

double least(const std::vector<ClosedSet>& sets, double bit_price) {
  double best = std::numeric_limits<double>::infinity();
  for (const ClosedSet& set : sets) {
    best = std::min(best, cost(set.cost, bit_price));
  }
  return best;
}

double least_bits(const std::vector<ClosedSet>& sets) {
  double best = std::numeric_limits<double>::infinity();
  for (const ClosedSet& set : sets) {
    best = std::min(best, base::in_bits(set.cost.upload));
  }
  return best;
}

bool is_least(double value, double best) {
  return value <= best * (1 + kPrecision) && value >= best * (1 - kPrecision);
}

// The cost that the split claims is that of its set, and its set is closed.
bool is_honest(const Split& split, const std::vector<ClosedSet>& sets) {
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < split.on_device.size(); ++i) {
    mask |= split.on_device[i] ? 1U << i : 0U;
  }
  const auto same = std::find_if(sets.begin(), sets.end(),
                                 [mask](const ClosedSet& set) { return set.layers == mask; });
  return same != sets.end() && is_least(split.fixed, cost(same->cost, 0)) &&
         split.upload_bits == base::in_bits(same->cost.upload);
}

// Free bits, prices at which the upload weighs about as much as the layers, and very dear ones.
std::vector<double> any_bit_prices(std::uint64_t seed) {
  Dice dice(seed ^ 0x5bd1e995U);
  return {0, dice.log_uniform(1e-12, 1e-3), dice.log_uniform(1e-9, 1e-5), 1e6};
}

}  // namespace

TEST_CASE("on 10,000 random graphs the minimum cut costs what the best of all closed sets costs") {
  std::size_t wrong = 0;
  std::size_t sets_tried = 0;
  std::size_t graphs = 0;
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    const RandomNetwork network = testing::random_network(seed);
    const std::vector<ClosedSet> sets = testing::all_closed_sets(network);
    sets_tried += sets.size();
    graphs += network.dnn.is_chain() ? 0U : 1U;
    const MinCut min_cut(network.dnn, latency_prices(network));
    for (const double bit_price : any_bit_prices(seed)) {
      const Split split = min_cut.cheapest(bit_price);
      const bool right =
          is_least(cost(split, bit_price), least(sets, bit_price)) && is_honest(split, sets);
      if (!right && wrong++ == 0) {
        MESSAGE("seed " << seed << " bit price " << bit_price);
      }
    }
    const Split fewest = min_cut.fewest_bits();
    wrong += fewest.upload_bits == least_bits(sets) && is_honest(fewest, sets) ? 0U : 1U;
  }
  CHECK(wrong == 0);
  // The generator still makes graphs, and large ones.
  CHECK(graphs > kNetworks / 2);
  CHECK(sets_tried > 20 * kNetworks);
}

TEST_CASE("on 10,000 random graphs the envelope is that of all closed sets, in few minimum cuts") {
  std::size_t wrong = 0;
  std::size_t too_many_cuts = 0;
  for (std::uint64_t seed = 0; seed < kNetworks; ++seed) {
    const RandomNetwork network = testing::random_network(seed);
    const std::vector<ClosedSet> sets = testing::all_closed_sets(network);
    std::size_t cuts_made = 0;
    const std::vector<Split> found = envelope(network.dnn, latency_prices(network), {}, &cuts_made);
    too_many_cuts += cuts_made > 3 * found.size() + 2 ? 1U : 0U;
    // At the corners, where a missing set would show first, and elsewhere.
    std::vector<double> bit_prices = any_bit_prices(seed);
    for (std::size_t i = 1; i < found.size(); ++i) {
      bit_prices.push_back((found[i].fixed - found[i - 1].fixed) /
                           (found[i - 1].upload_bits - found[i].upload_bits));
    }
    for (const double bit_price : bit_prices) {
      double best = std::numeric_limits<double>::infinity();
      for (const Split& split : found) {
        best = std::min(best, cost(split, bit_price));
      }
      if (!is_least(best, least(sets, bit_price)) && wrong++ == 0) {
        MESSAGE("seed " << seed << " bit price " << bit_price);
      }
    }
    wrong += found.back().upload_bits == least_bits(sets) ? 0U : 1U;
  }
  CHECK(wrong == 0);
  CHECK(too_many_cuts == 0);
}

TEST_CASE("on chains the minimum cut costs what a scan of the prefixes finds") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const RandomNetwork network = testing::random_network(seed, {.layers_max = 60, .chain = true});
    REQUIRE(network.dnn.is_chain());
    const auto table = predictors::make_cut_table(network.dnn, network.device, network.server);
    const MinCut min_cut(network.dnn, latency_prices(network));
    for (const double bit_price : any_bit_prices(seed)) {
      double best = std::numeric_limits<double>::infinity();
      for (const predictors::CutCost& cut : table.cuts) {
        best = std::min(best, cost(cut, bit_price));
      }
      CAPTURE(seed);
      CHECK(is_least(cost(min_cut.cheapest(bit_price), bit_price), best));
    }
  }
}

TEST_CASE("pinned layers stay on the device at the least cost that this allows") {
  std::size_t wrong = 0;
  for (std::uint64_t seed = 0; seed < kNetworks / 10; ++seed) {
    const RandomNetwork network = testing::random_network(seed);
    std::vector<ClosedSet> sets = testing::all_closed_sets(network);
    // Any closed set of them may be pinned.
    const std::uint32_t pinned =
        sets[Dice(seed).below(static_cast<std::uint32_t>(sets.size()))].layers;
    std::erase_if(sets, [=](const ClosedSet& set) { return (pinned & ~set.layers) != 0; });
    predictors::LayerSet pins(network.dnn.layers().size());
    for (std::size_t i = 0; i < pins.size(); ++i) {
      pins[i] = (pinned >> i & 1U) != 0;
    }
    const MinCut min_cut(network.dnn, latency_prices(network), pins);
    for (const double bit_price : any_bit_prices(seed)) {
      const Split split = min_cut.cheapest(bit_price);
      wrong += is_least(cost(split, bit_price), least(sets, bit_price)) && is_honest(split, sets)
                   ? 0U
                   : 1U;
    }
  }
  CHECK(wrong == 0);
}

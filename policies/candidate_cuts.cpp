#include "policies/candidate_cuts.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "policies/choice_table.hpp"

namespace edgecut::policies {
namespace {

using predictors::CostModel;
using predictors::LayerCost;
using predictors::LayerSet;
using workloads::Dnn;

bool is_prefix(const LayerSet& set) {
  return std::is_partitioned(set.begin(), set.end(), [](bool on_device) { return on_device; });
}

bool contains(const LayerSet& set, const LayerSet& part) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] && !set[i]) {
      return false;
    }
  }
  return true;
}

// The prefixes of the layers' order that hold all of `pinned`, by running sums.
std::vector<Split> prefixes(const Dnn& dnn, const LayerPrices& prices, const LayerSet& pinned) {
  const std::size_t layers = dnn.layers().size();
  const std::vector<base::DataSize> uploads = predictors::cut_uploads(dnn);
  std::vector<double> server_rest(layers + 1, 0);
  for (std::size_t i = layers; i-- > 0;) {
    server_rest[i] = server_rest[i + 1] + prices.server[i];
  }
  std::vector<Split> splits;
  LayerSet on_device(layers, false);
  double device = 0;
  for (std::size_t c = 0; c <= layers; ++c) {
    if (c > 0) {
      on_device[c - 1] = true;
      device += prices.device[c - 1];
    }
    if (contains(on_device, pinned)) {
      splits.push_back({on_device, device + server_rest[c], base::in_bits(uploads[c])});
    }
  }
  return splits;
}

// The sets known so far, thinned to their envelope.
class Envelope {
 public:
  explicit Envelope(std::vector<Split> splits) : splits_(std::move(splits)) { thin(); }

  void add(Split split) {
    splits_.push_back(std::move(split));
    thin();
  }

  [[nodiscard]] const std::vector<Split>& splits() const { return splits_; }

  struct Corner {
    double bit_price;
    double cost;
    std::size_t right;  // the set with fewer bits; the other one stands before it
  };
  /// A corner that has not been confirmed.
  [[nodiscard]] std::optional<Corner> open_corner() const {
    for (std::size_t i = 1; i < splits_.size(); ++i) {
      const Split& left = splits_[i - 1];
      if (confirmed_.contains({left.on_device, splits_[i].on_device})) {
        continue;
      }
      const double price =
          (splits_[i].fixed - left.fixed) / (left.upload_bits - splits_[i].upload_bits);
      return Corner{price, left.fixed + price * left.upload_bits, i};
    }
    return std::nullopt;
  }
  void confirm(const Corner& corner) {
    confirmed_.insert({splits_[corner.right - 1].on_device, splits_[corner.right].on_device});
  }

 private:
  // Keeps the envelope's sets, those with the most bits first.
  void thin() {
    std::vector<CutLine> lines;
    for (const Split& split : splits_) {
      lines.push_back({split.fixed, split.upload_bits, static_cast<std::uint32_t>(lines.size())});
    }
    std::vector<Split> kept;
    const ChoiceTable table = ChoiceTable::cheapest(std::move(lines));
    for (const ChoiceTable::Interval& interval : table.intervals()) {
      kept.push_back(std::move(splits_[interval.cut]));
    }
    splits_ = std::move(kept);
  }

  std::vector<Split> splits_;
  std::set<std::pair<LayerSet, LayerSet>> confirmed_;
};

// What layers cost for an objective.
LayerPrices prices_for(const Objective& objective, const std::vector<LayerCost>& device,
                       const std::vector<LayerCost>& server) {
  LayerPrices prices;
  for (std::size_t i = 0; i < device.size(); ++i) {
    prices.device.push_back(objective.device_time * base::in_seconds(device[i].time) +
                            objective.device_energy *
                                base::in_joules(device[i].power * device[i].time));
    prices.server.push_back(objective.server_time * base::in_seconds(server[i].time));
  }
  return prices;
}

// The layers that take time on the server, with all that comes before them.
LayerSet busy_layers(const Dnn& dnn, const std::vector<LayerCost>& server) {
  LayerSet busy(server.size(), false);
  for (std::size_t i = server.size(); i-- > 0;) {
    if (server[i].time > base::seconds(0)) {
      busy[i] = true;
    }
    if (busy[i]) {
      for (const std::uint32_t input : dnn.layers()[i].inputs) {
        if (input != workloads::kNetworkInput) {
          busy[input] = true;
        }
      }
    }
  }
  return busy;
}

bool comes_before(const LayerSet& a, const LayerSet& b) {
  const auto layers_a = std::count(a.begin(), a.end(), true);
  const auto layers_b = std::count(b.begin(), b.end(), true);
  return layers_a != layers_b ? layers_a < layers_b : a > b;
}

}  // namespace

std::vector<Split> envelope(const Dnn& dnn, const LayerPrices& prices, const LayerSet& pinned,
                            std::size_t* cuts_made) {
  // By less than this a set is not cheaper: it lies within the rounding of sums.
  constexpr double kRelativePrecision = 1e-12;
  std::vector<Split> known = prefixes(dnn, prices, pinned);
  std::size_t cuts = 0;
  if (!dnn.is_chain()) {
    const MinCut min_cut(dnn, prices, pinned);
    known.push_back(min_cut.cheapest(0));
    known.push_back(min_cut.fewest_bits());
    cuts = 2;
    Envelope envelope(std::move(known));
    while (const auto corner = envelope.open_corner()) {
      Split split = min_cut.cheapest(corner->bit_price);
      ++cuts;
      const double cost = split.fixed + corner->bit_price * split.upload_bits;
      if (cost < corner->cost * (1 - kRelativePrecision)) {
        envelope.add(std::move(split));
      } else {
        envelope.confirm(*corner);
      }
    }
    known = envelope.splits();
  } else {
    known = Envelope(std::move(known)).splits();
  }
  if (cuts_made != nullptr) {
    *cuts_made += cuts;
  }
  return known;
}

std::vector<LayerSet> further_cuts(const Dnn& dnn, const CostModel& device, const CostModel& server,
                                   std::span<const Objective> objectives) {
  if (dnn.is_chain()) {
    return {};
  }
  std::vector<LayerCost> on_device;
  std::vector<LayerCost> on_server;
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    on_device.push_back(device.cost(dnn, i));
    on_server.push_back(server.cost(dnn, i));
  }
  const LayerSet busy = busy_layers(dnn, on_server);
  std::vector<LayerSet> sets;
  const auto add = [&](const std::vector<Split>& splits) {
    for (const Split& split : splits) {
      if (!is_prefix(split.on_device)) {
        sets.push_back(split.on_device);
      }
    }
  };
  for (const Objective& objective : objectives) {
    const LayerPrices prices = prices_for(objective, on_device, on_server);
    add(envelope(dnn, prices));
    if (!busy.back()) {
      add(envelope(dnn, prices, busy));
    }
  }
  return merge_cuts(std::move(sets), {});
}

std::vector<LayerSet> merge_cuts(std::vector<LayerSet> one, const std::vector<LayerSet>& other) {
  one.insert(one.end(), other.begin(), other.end());
  std::sort(one.begin(), one.end(), comes_before);
  one.erase(std::unique(one.begin(), one.end()), one.end());
  return one;
}

}  // namespace edgecut::policies

#include <algorithm>
#include <vector>

#include "bench/bare_loops.hpp"
#include "bench/bare_model.hpp"

namespace edgecut::bench {
namespace {

struct Item {
  double time;
  float elapsed;  // since the query's arrival
  std::uint32_t node;
};

// Stable bucket sort by time, about an item a bucket, then one insertion pass.
class Sorter {
 public:
  void sort(std::vector<Item>& items, std::size_t n, double low, double high) {
    if (n < 2) {
      return;
    }
    counts_.assign(n + 1, 0);
    sorted_.resize(n);
    const double scale = static_cast<double>(n) / (high - low);
    const auto bucket = [&](double time) {
      const double x = (time - low) * scale;
      return x <= 0 ? std::size_t{0} : std::min(static_cast<std::size_t>(x), n - 1);
    };
    for (std::size_t i = 0; i < n; ++i) {
      ++counts_[bucket(items[i].time) + 1];
    }
    for (std::size_t i = 0; i < n; ++i) {
      counts_[i + 1] += counts_[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      sorted_[counts_[bucket(items[i].time)]++] = items[i];
    }
    for (std::size_t i = 1; i < n; ++i) {
      const Item item = sorted_[i];
      std::size_t j = i;
      for (; j > 0 && sorted_[j - 1].time > item.time; --j) {
        sorted_[j] = sorted_[j - 1];
      }
      sorted_[j] = item;
    }
    std::copy_n(sorted_.begin(), n, items.begin());
  }

 private:
  std::vector<std::uint32_t> counts_;
  std::vector<Item> sorted_;
};

// Moves what is due before `until` to the front; returns how many.
std::size_t partition_due(std::vector<Item>& items, std::size_t n, double until) {
  std::size_t due = n;
  for (std::size_t i = 0; i < due;) {
    if (items[i].time < until) {
      ++i;
    } else {
      std::swap(items[i], items[--due]);
    }
  }
  return due;
}

class SlabLoop {
 public:
  SlabLoop(std::uint32_t nodes, std::uint64_t seed) : model_(nodes), random_(seed), nodes_(nodes) {
    for (BareNode& node : nodes_) {
      node.next = model_.gap_mean() * exponential_.draw(random_);
    }
  }

  BareResult run(std::uint64_t queries) {
    const double per_slab = std::max(static_cast<double>(nodes_.size()), 65536.0);
    const double slab = per_slab / model_.rate;
    double from = 0;
    while (done_ < queries) {
      sources(from + slab, per_slab);
      server(from, from + slab);
      downlinks(from, from + slab);
      from += slab;
    }
    return {done_, latency_.mean()};
  }

 private:
  void sources(double until, double expected) {
    to_server_.resize(
        std::max(to_server_.size(), to_server_count_ + 3 * static_cast<std::size_t>(expected)));
    for (std::uint32_t id = 0; id < nodes_.size(); ++id) {
      BareNode& node = nodes_[id];
      while (node.next < until) {
        const double time = node.next;
        node.next += model_.gap_mean() * exponential_.draw(random_);
        node.processor =
            std::max(time, node.processor) + BareModel::kDevice * exponential_.draw(random_);
        node.uplink =
            std::max(node.processor, node.uplink) + BareModel::kUplink * exponential_.draw(random_);
        if (to_server_count_ == to_server_.size()) {
          to_server_.resize(2 * to_server_count_);
        }
        const double arrival = node.uplink + BareModel::kLatency;
        to_server_[to_server_count_++] = {arrival, static_cast<float>(arrival - time), id};
      }
    }
  }

  void server(double from, double until) {
    const std::size_t due = partition_due(to_server_, to_server_count_, until);
    sorter_.sort(to_server_, due, from - 1e-9, until);
    to_device_.resize(std::max(to_device_.size(), to_device_count_ + due + 1024));
    for (std::size_t i = 0; i < due; ++i) {
      const Item& item = to_server_[i];
      const double end = cores_.serve(item.time, model_.service * exponential_.draw(random_));
      to_device_[to_device_count_++] = {end, item.elapsed + static_cast<float>(end - item.time),
                                        item.node};
    }
    std::copy(to_server_.begin() + static_cast<std::ptrdiff_t>(due),
              to_server_.begin() + static_cast<std::ptrdiff_t>(to_server_count_),
              to_server_.begin());
    to_server_count_ -= due;
  }

  void downlinks(double from, double until) {
    const std::size_t due = partition_due(to_device_, to_device_count_, until);
    sorter_.sort(to_device_, due, from - 1e-9, until);
    for (std::size_t i = 0; i < due; ++i) {
      const Item& item = to_device_[i];
      BareNode& node = nodes_[item.node];
      node.downlink =
          std::max(item.time, node.downlink) + BareModel::kDownlink * exponential_.draw(random_);
      latency_.add(static_cast<double>(item.elapsed) + (node.downlink - item.time) +
                   BareModel::kLatency);
    }
    std::copy(to_device_.begin() + static_cast<std::ptrdiff_t>(due),
              to_device_.begin() + static_cast<std::ptrdiff_t>(to_device_count_),
              to_device_.begin());
    to_device_count_ -= due;
    done_ += due;
  }

  BareModel model_;
  Xoshiro random_;
  Exponential exponential_;
  std::vector<BareNode> nodes_;
  std::vector<Item> to_server_;
  std::vector<Item> to_device_;
  std::size_t to_server_count_ = 0;
  std::size_t to_device_count_ = 0;
  Sorter sorter_;
  EightCores cores_;
  BareHistogram latency_;
  std::uint64_t done_ = 0;
};

}  // namespace

BareResult bare_slab_loop(std::uint32_t nodes, std::uint64_t queries, std::uint64_t seed) {
  return SlabLoop(nodes, seed).run(queries);
}

BareResult bare_mm8(std::uint64_t jobs, std::uint64_t seed) {
  Xoshiro random(seed);
  const Exponential exponential;
  EightCores cores;
  BareHistogram latency;
  double time = 0;
  for (std::uint64_t i = 0; i < jobs; ++i) {
    time += exponential.draw(random) / (8 * 0.7);
    latency.add(cores.serve(time, exponential.draw(random)) - time);
  }
  return {jobs, latency.mean()};
}

}  // namespace edgecut::bench

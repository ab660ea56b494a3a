#include "support/random_flows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace edgecut::testing {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : bits_(seed) {}
  std::size_t below(std::size_t below) { return static_cast<std::size_t>(bits_() % below); }
  bool chance(double p) { return unit() < p; }
  double unit() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
  double log_uniform(double low, double high) { return low * std::pow(high / low, unit()); }

 private:
  std::mt19937_64 bits_;
};

platforms::RateTrace random_rate(Draw& draw, double low, double high, double period_s) {
  if (draw.chance(0.4)) {
    return platforms::RateTrace::constant(base::bits_per_s(draw.log_uniform(low, high)));
  }
  const std::size_t count = 1 + draw.below(12);
  std::vector<platforms::RateStep> steps;
  double start = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool outage = count > 1 && i > 0 && draw.chance(0.25);
    steps.push_back(
        {base::seconds(start), base::bits_per_s(outage ? 0 : draw.log_uniform(low, high))});
    start += draw.log_uniform(0.01, 1) * period_s / static_cast<double>(count);
  }
  return platforms::RateTrace(steps, base::seconds(start));
}

std::vector<std::uint32_t> some_channels(Draw& draw, std::size_t channels) {
  std::vector<std::uint32_t> list;
  for (std::size_t c = 0; c < channels; ++c) {
    if (draw.chance(0.4)) {
      list.push_back(static_cast<std::uint32_t>(c));
    }
  }
  return list;
}

void add_topology(Draw& draw, const RandomFlowsOptions& options, RandomFlows& all) {
  all.topology = std::make_unique<platforms::Topology>();
  const std::size_t channels = draw.below(6);
  for (std::size_t c = 0; c < channels; ++c) {
    all.topology->channels.push_back(
        {"channel " + std::to_string(c), std::make_shared<const platforms::RateTrace>(
                                             random_rate(draw, 1e5, 1e8, options.steps_over_s))});
  }
  const std::size_t routes = 1 + draw.below(4);
  for (std::size_t r = 0; r < routes; ++r) {
    platforms::Route route;
    route.up = some_channels(draw, channels);
    route.down = some_channels(draw, channels);
    if (draw.chance(0.3)) {
      route.cap_up = base::bits_per_s(draw.log_uniform(1e5, 1e8));
    }
    if (draw.chance(0.3)) {
      route.cap_down = base::bits_per_s(draw.log_uniform(1e5, 1e8));
    }
    all.topology->routes.push_back(std::move(route));
  }
  all.model.topology = all.topology.get();
}

void add_nodes(Draw& draw, const RandomFlowsOptions& options, RandomFlows& all) {
  const std::size_t traces = 1 + draw.below(4);
  for (std::size_t i = 0; i < traces; ++i) {
    all.uplinks.push_back(
        std::make_unique<platforms::RateTrace>(random_rate(draw, 1e5, 1e8, options.steps_over_s)));
  }
  const std::size_t nodes = 1 + draw.below(options.nodes_max);
  for (std::size_t n = 0; n < nodes; ++n) {
    sim::NodeAccess node;
    node.uplink = draw.chance(0.2) ? nullptr : all.uplinks[draw.below(traces)].get();
    node.trace_offset = base::seconds(draw.chance(0.5) ? 0 : 100 * draw.unit());
    if (draw.chance(0.7)) {
      node.downlink = base::bits_per_s(draw.log_uniform(1e5, 1e8));
    }
    node.route = static_cast<std::uint32_t>(draw.below(all.topology->routes.size()));
    all.model.nodes.push_back(node);
  }
}

}  // namespace

RandomFlows random_flows(std::uint64_t seed, const RandomFlowsOptions& options) {
  Draw draw(seed);
  RandomFlows all;
  add_topology(draw, options, all);
  add_nodes(draw, options, all);
  // A node's flows follow each other, up and down in turn: the one starts when the other has ended.
  const std::size_t nodes = all.model.nodes.size();
  const std::size_t chain = 1 + draw.below(1 + options.flows_max / nodes);
  std::vector<FlowStart> firsts;
  for (std::size_t n = 0; n < nodes; ++n) {
    FlowStart first;
    const double place = draw.chance(0.3) ? 0.25 : draw.unit();
    first.at = base::seconds(options.start_s + options.steps_over_s * place);
    first.node = static_cast<std::uint32_t>(n);
    firsts.push_back(std::move(first));
  }
  std::stable_sort(firsts.begin(), firsts.end(),
                   [](const FlowStart& a, const FlowStart& b) { return a.at < b.at; });
  for (const FlowStart& first : firsts) {
    for (std::size_t i = 0; i < chain; ++i) {
      FlowStart start = first;
      start.chained = i > 0;
      start.direction = i % 2 == 0 ? sim::Direction::kUp : sim::Direction::kDown;
      start.size = base::bits(draw.log_uniform(1e4, 1e7));
      if (i + 1 < chain) {
        start.then = {all.starts.size() + 1};
      }
      all.starts.push_back(std::move(start));
    }
  }
  return all;
}

}  // namespace edgecut::testing

// What a flow costs in a cell with processor sharing, by the number under way: each flow that ends
// starts the next one of its node, so that many are under way all the time.
#include <cstdint>
#include <memory>

#include <benchmark/benchmark.h>

#include "sim/shared_cells.hpp"

namespace {

using namespace edgecut;

// Sizes of a fixed pattern over two orders of magnitude; bounds of three kinds of nodes.
class Refill final : public sim::FlowSink {
 public:
  explicit Refill(sim::FlowNetwork& network) : network_(network) {}
  void start(std::uint32_t node, base::Duration at) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    const double size = 1e4 * static_cast<double>(1 + (state_ >> 57U));
    network_.start({.handle = node, .node = node, .size = base::bits(size)}, at);
  }
  void flow_ended(std::uint32_t handle, base::Duration at) override {
    ++ended_;
    start(handle, at);
  }
  [[nodiscard]] std::uint64_t ended() const { return ended_; }

 private:
  sim::FlowNetwork& network_;
  std::uint64_t state_ = 1;
  std::uint64_t ended_ = 0;
};

void cell(benchmark::State& state) {
  const auto nodes = static_cast<std::uint32_t>(state.range(0));
  const auto rate = [](double mbps) {
    return std::make_shared<const platforms::RateTrace>(
        platforms::RateTrace::constant(base::megabits_per_s(mbps)));
  };
  platforms::Topology topology;
  topology.channels.push_back({"cell", rate(nodes)});
  platforms::Route& route = topology.routes.emplace_back();
  route.up = route.down = {0};
  const std::shared_ptr<const platforms::RateTrace> own[] = {rate(0.5), rate(2), rate(50)};
  sim::FlowNetworkModel model{.topology = &topology, .nodes = {}};
  for (std::uint32_t node = 0; node < nodes; ++node) {
    model.nodes.push_back({.uplink = own[node % 3].get(), .trace_offset = {}});
  }
  const auto network = sim::make_shared_cells(model);
  Refill refill(*network);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    refill.start(node, base::seconds(0));
  }
  // A flow takes about 0.65 s: some thousand flows an iteration.
  const base::Duration slice = base::seconds(2000.0 / nodes);
  base::Duration now;
  const std::uint64_t before = refill.ended();
  for (auto _ : state) {
    now += slice;
    network->run(now, refill);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(refill.ended() - before));
}

BENCHMARK(cell)->RangeMultiplier(10)->Range(10, 100'000)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();

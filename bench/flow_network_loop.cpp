// The flows of bench_simgrid over sim::FlowNetwork, driven as an engine drives it.
#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <tuple>
#include <vector>

#include "bench/flow_workload.hpp"
#include "sim/simgrid_network.hpp"

namespace edgecut::bench {
namespace {

struct Node {
  std::uint64_t number = 0;
  bool uploading = false;
  double since = 0;
};

class Loop final : public sim::FlowSink {
 public:
  explicit Loop(const FlowWorkload& workload)
      : workload_(workload),
        own_(platforms::RateTrace::constant(base::bits_per_s(kOwnBitsPerS))),
        nodes_(workload.nodes) {
    topology_.channels.push_back(
        {"backbone", std::make_shared<const platforms::RateTrace>(platforms::RateTrace::constant(
                         base::bits_per_s(backbone_bits_per_s(workload.nodes))))});
    topology_.routes.push_back({{0}, {0}, {}, {}, {}, {}});
    sim::FlowNetworkModel model;
    model.topology = &topology_;
    model.nodes.assign(workload.nodes, {&own_, {}, base::bits_per_s(kOwnBitsPerS), 0});
    network_ = sim::make_simgrid_network(model);
  }

  FlowResult run() {
    const double begin = processor_s();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      at(think_s(i, 0), i, true);
    }
    double now = 0;
    while (network_->under_way() > 0 || !starts_.empty()) {
      // Nothing that is not known yet starts before now + kServerS.
      now = starts_.empty() ? now + kServerS : std::min(std::get<0>(starts_.top()), now + kServerS);
      network_->run(base::seconds(now), *this);
      while (!starts_.empty() && std::get<0>(starts_.top()) <= now) {
        const auto [time, node, up] = starts_.top();
        starts_.pop();
        // Once enough have come through, the rest comes to its end, as with SimGrid alone.
        if (!up || done_ < workload_.queries) {
          send(node, up, time);
        }
      }
    }
    FlowResult result;
    result.seconds = processor_s() - begin;
    result.end_s = now;
    result.time_in_net = time_in_net_;
    return result;
  }

  void flow_ended(std::uint32_t node, base::Duration at_time) override {
    const double now = base::in_seconds(at_time);
    time_in_net_ += now - nodes_[node].since;
    if (nodes_[node].uploading) {
      at(now + kServerS, node, false);
      return;
    }
    ++done_;
    ++nodes_[node].number;
    at(now + think_s(node, nodes_[node].number), node, true);
  }

 private:
  using Start = std::tuple<double, std::uint32_t, bool>;  // when, which node, up

  double draw(std::uint32_t node, std::uint32_t purpose, double mean) const {
    return flow_draw(node, nodes_[node].number, purpose, mean);
  }
  void at(double time, std::uint32_t node, bool up) { starts_.push({time, node, up}); }
  void send(std::uint32_t node, bool up, double now) {
    nodes_[node].uploading = up;
    nodes_[node].since = now;
    const double bits = up ? draw(node, 1, kUpBits) : draw(node, 3, kDownBits);
    network_->start(
        {node, node, up ? sim::Direction::kUp : sim::Direction::kDown, base::bits(bits)},
        base::seconds(now));
  }

  FlowWorkload workload_;
  platforms::Topology topology_;
  platforms::RateTrace own_;
  std::vector<Node> nodes_;
  std::unique_ptr<sim::FlowNetwork> network_;
  std::priority_queue<Start, std::vector<Start>, std::greater<>> starts_;
  std::uint64_t done_ = 0;
  double time_in_net_ = 0;
};

}  // namespace

FlowResult flow_network_loop(const FlowWorkload& workload) { return Loop(workload).run(); }

}  // namespace edgecut::bench

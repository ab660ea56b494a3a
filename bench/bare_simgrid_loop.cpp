// The baseline of bench_simgrid: what somebody would write who has only SimGrid.
#include <string>
#include <vector>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>

#include "bench/flow_workload.hpp"

namespace edgecut::bench {
namespace {

namespace s4u = ::simgrid::s4u;
using simgrid::kernel::timer::Timer;

struct Node {
  s4u::Host* host = nullptr;
  s4u::CommPtr comm;
  std::uint64_t number = 0;
  std::uint32_t index = 0;
  bool uploading = false;
  double since = 0;
};

class Loop {
 public:
  explicit Loop(const FlowWorkload& workload) : workload_(workload), nodes_(workload.nodes) {
    std::vector<std::string> arguments = {"bare", "--log=root.thresh:error",
                                          "--cfg=network/model:CM02", "--cfg=network/TCP-gamma:0",
                                          "--cfg=network/crosstraffic:0"};
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    auto count = static_cast<int>(pointers.size());
    pointers.push_back(nullptr);
    engine_ = new s4u::Engine(&count, pointers.data());
    build();
  }

  FlowResult run() {
    const double begin = processor_s();
    for (Node& node : nodes_) {
      think(node);
    }
    engine_->run();
    FlowResult result;
    result.seconds = processor_s() - begin;
    result.end_s = s4u::Engine::get_clock();
    result.time_in_net = time_in_net_;
    return result;
  }

 private:
  void build() {
    auto* const zone = s4u::create_star_zone("z");
    servers_ = zone->create_host("servers", 1.0);
    auto* const backbone = zone->create_link("backbone", backbone_bits_per_s(workload_.nodes) / 8);
    backbone->set_latency(0.0);
    zone->add_route(servers_->get_netpoint(), nullptr, nullptr, nullptr,
                    {s4u::LinkInRoute(backbone)}, true);
    for (std::uint32_t i = 0; i < workload_.nodes; ++i) {
      const std::string name = std::to_string(i);
      nodes_[i].index = i;
      nodes_[i].host = zone->create_host("n" + name, 1.0);
      auto* const link = zone->create_link("l" + name, kOwnBitsPerS / 8);
      link->set_latency(0.0);
      zone->add_route(nodes_[i].host->get_netpoint(), nullptr, nullptr, nullptr,
                      {s4u::LinkInRoute(link)}, true);
    }
    zone->seal();
    s4u::Activity::on_completion_cb(
        [this](const s4u::Activity& activity) { ended(*activity.get_data<Node>()); });
  }

  double draw(const Node& node, std::uint32_t purpose, double mean) const {
    return flow_draw(node.index, node.number, purpose, mean);
  }

  void think(Node& node) {
    Timer::set(s4u::Engine::get_clock() + think_s(node.index, node.number), [this, &node] {
      if (done_ < workload_.queries) {
        send(node, true, draw(node, 1, kUpBits));
      }
    });
  }

  void send(Node& node, bool up, double bits) {
    node.uploading = up;
    node.since = s4u::Engine::get_clock();
    last_ = std::move(node.comm);
    node.comm = up ? s4u::Comm::sendto_init(node.host, servers_)
                   : s4u::Comm::sendto_init(servers_, node.host);
    node.comm->set_payload_size(static_cast<std::uint64_t>(bits / 8) + 1)->set_data(&node);
    node.comm->start();
  }

  void ended(Node& node) {
    time_in_net_ += s4u::Engine::get_clock() - node.since;
    if (node.uploading) {
      Timer::set(s4u::Engine::get_clock() + kServerS,
                 [this, &node] { send(node, false, draw(node, 3, kDownBits)); });
      return;
    }
    ++done_;
    ++node.number;
    think(node);
  }

  FlowWorkload workload_;
  std::vector<Node> nodes_;
  s4u::Engine* engine_ = nullptr;
  s4u::Host* servers_ = nullptr;
  s4u::CommPtr last_;
  std::uint64_t done_ = 0;
  double time_in_net_ = 0;
};

}  // namespace

FlowResult bare_simgrid_loop(const FlowWorkload& workload) { return Loop(workload).run(); }

}  // namespace edgecut::bench

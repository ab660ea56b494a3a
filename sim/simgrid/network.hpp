// Flows on SimGrid (sim/flow_network.hpp says what a flow is).
//
// A route is an end of the platform with the route's channels as links. What bounds a flow alone,
// its node's own link and the caps of its route, bounds the rate of its transfer; where a trace
// varies that, a timer sets the bound again at each step while the flow is under way. Channels with
// a trace are set likewise while any flow crosses them. A flow that crosses no channel has a lane,
// a link that nobody waits on: SimGrid wants one on every route.
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "platforms/rate_steps.hpp"
#include "sim/flow_network.hpp"
#include "sim/simgrid/flow_kernel.hpp"

namespace edgecut::sim::simgrid_module {

class SimgridNetwork final : public FlowNetwork {
 public:
  explicit SimgridNetwork(const FlowNetworkModel& model);
  /// Leaves the Engine, and what is under way in it, to the end of the process.
  ~SimgridNetwork() override;
  SimgridNetwork(const SimgridNetwork&) = delete;
  SimgridNetwork& operator=(const SimgridNetwork&) = delete;

  void start(const Flow& flow, base::Duration now) override;
  void run(base::Duration until, FlowSink& sink) override;
  [[nodiscard]] std::uint64_t under_way() const override;
  [[nodiscard]] base::Duration next_end() override;

 private:
  /// A rate that varies while somebody uses it.
  struct Varying {
    std::optional<platforms::RateWalk> walk;
    base::Duration offset;  // of the trace's clock against the run's
    FlowKernel::Timer* timer = nullptr;
  };
  struct ChannelState {
    const platforms::RateStepTable* steps = nullptr;
    Varying varying;
    std::uint32_t users = 0;
  };
  struct FlowState {
    std::uint32_t handle = 0;
    Transfer transfer;
    double cap_bits_per_s = 0;  // besides the trace
    const std::vector<std::uint32_t>* channels = nullptr;
    Varying varying;
  };

  const platforms::RateStepTable& steps_of(const platforms::RateTrace& trace);
  void add_routes();
  void use(std::uint32_t channel, base::Duration now);
  void leave(std::uint32_t channel);
  void begin(Varying& varying, const platforms::RateStepTable& steps, base::Duration offset,
             base::Duration now);
  void end(Varying& varying);
  void arm_channel(std::uint32_t channel);
  void arm_flow(FlowState& flow);
  [[nodiscard]] EndIndex end_of(const Flow& flow) const;
  [[nodiscard]] double cap_of(const Flow& flow) const;
  FlowState& take_state();
  void ended(FlowState& flow);
  void hand_over(std::uint32_t handle);

  const FlowNetworkModel model_;
  FlowKernel kernel_;
  std::map<const platforms::RateTrace*, platforms::RateStepTable> step_tables_;  // only looked up
  std::vector<ChannelState> channels_;
  std::vector<std::optional<EndIndex>> route_ends_;
  std::vector<EndIndex> lanes_;
  std::vector<std::unique_ptr<FlowState>> states_;
  std::vector<FlowState*> free_states_;
  ::simgrid::s4u::CommPtr last_ended_;
  FlowSink* sink_ = nullptr;
  std::uint64_t flows_ = 0;    // in SimGrid, by our count
  std::uint64_t instant_ = 0;  // unlimited ones that end where they start
  std::exception_ptr failure_;
};

}  // namespace edgecut::sim::simgrid_module

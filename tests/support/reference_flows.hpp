// The plainest network of flows: at every event all rates again, by raising them together until a
// bound or a channel holds them (progressive filling, Bertsekas and Gallager, section 6.5.2).
//
// Slow, in long double, and written without a look at the networks that are held against it. Any
// channels, traces, caps, offsets, outages. Not for times near the largest number.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/flow_network.hpp"

namespace edgecut::testing {

/// Max-min fair rates of flows that cross `channels_of[flow]`, each bounded by `bounds[flow]`
/// (infinite: not), on channels of these capacities. A flow without channel has its bound.
std::vector<long double> max_min_rates(const std::vector<long double>& bounds,
                                       const std::vector<std::vector<std::uint32_t>>& channels_of,
                                       const std::vector<long double>& capacities);

class ReferenceFlows final : public sim::FlowNetwork {
 public:
  explicit ReferenceFlows(const sim::FlowNetworkModel& model);
  void start(const sim::Flow& flow, base::Duration now) override;
  void run(base::Duration until, sim::FlowSink& sink) override;
  [[nodiscard]] std::uint64_t under_way() const override { return flows_.size(); }
  /// What the flows under way get now, in the order in which they started.
  [[nodiscard]] std::vector<long double> rates() const;

 private:
  /// A trace read from its list of steps, one after the other.
  struct Tape {
    std::vector<platforms::RateStep> steps;
    long double period = 0;
    long double offset = 0;
    long double periods = 0;  // whole ones passed
    std::size_t step = 0;

    Tape(const platforms::RateTrace& trace, long double offset_s, long double now);
    [[nodiscard]] long double rate() const;
    [[nodiscard]] long double next() const;  // on the run's clock
    void advance_to(long double now);
  };
  struct Running {
    std::uint32_t handle = 0;
    long double rest = 0;   // bits
    long double cap = 0;    // that does not vary
    std::vector<Tape> own;  // one or none
    std::vector<std::uint32_t> channels;
  };

  [[nodiscard]] long double next_step() const;

  sim::FlowNetworkModel model_;
  std::vector<Tape> channels_;
  std::vector<Running> flows_;
  long double now_ = 0;
};

}  // namespace edgecut::testing

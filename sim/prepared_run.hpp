// A run model and a policy, flattened into the tables that the engine's inner loops read.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/distribution.hpp"
#include "base/quantity.hpp"
#include "platforms/radio.hpp"
#include "platforms/rate_estimator.hpp"
#include "policies/policy.hpp"
#include "sim/alias_table.hpp"
#include "sim/run_model.hpp"
#include "sim/server_works.hpp"

namespace edgecut::sim {

/// What one cut of one query class truly costs on one node group.
struct Slot {
  base::Duration device_time;
  base::DataSize upload;
  base::DataSize download;  // nothing where downloads are not charged
  base::Duration server_time;
  base::Duration download_time;
  base::Energy compute;
  base::Energy transmit_fixed;  // alpha x bits; the rest of the transmit power goes by time
  base::Energy receive_fixed;
  bool to_server = false;     // something is sent, or layers run there
  bool device_drawn = false;  // a job: the time is drawn
  bool server_drawn = false;
  double device_work_gflop = 0;  // of the layers on the device
  double work_gflop = 0;         // of all layers
  std::uint32_t group = 0;
  std::uint32_t query_class = 0;
  std::uint32_t class_index = 0;  // group * classes + class
  std::uint32_t work = 0;         // what the servers have to do (ServerWorks)
};

/// A network as the inner loops need it.
struct Link {
  const platforms::NetworkProfile* network = nullptr;
  base::Duration uplink_latency;
  base::Duration downlink_latency;
  const platforms::RoundTrips* round_trips = nullptr;  // instead of the two latencies
  base::Power beta;
  platforms::RadioTiming radio;
  bool instant = false;    // transfers take no time
  bool flows = false;      // transfers share channels, or go through SimGrid: sim/flow_stage.hpp
  bool contended = false;  // uploads share channels
  /// Downloads are charged or the radio has states: uplink and downlink of a node meet in time
  /// order.
  bool two_way = false;
};

/// How the policy chooses for one query class on one node group.
struct Chooser {
  std::unique_ptr<policies::Decider> decider;
  policies::ChoiceTable table = policies::ChoiceTable::always(0);
  std::optional<std::uint32_t> fixed;  // the same cut whatever the bandwidth
  /// For queries that take a price at a factor of their own, by factor; empty where the price is
  /// zero or does not matter.
  std::vector<policies::ChoiceTable> priced;
  std::size_t slot_first = 0;  // the slot of cut 0
};

class PreparedRun {
 public:
  static constexpr std::size_t kPriceFactors = 16;

  PreparedRun(const RunModel& model, const policies::Policy& policy,
              const platforms::EstimatorSpec& estimator);

  /// Recomputes what depends on the published load.
  void see_load(const policies::ServerLoad& load);

  [[nodiscard]] const RunModel& model() const { return model_; }
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  [[nodiscard]] const Chooser& chooser(std::size_t group, std::size_t query_class) const {
    return choosers_[group * model_.classes.size() + query_class];
  }
  /// Of each kind of server, by Slot::work.
  [[nodiscard]] const std::vector<ServerTables>& server_tables() const { return server_tables_; }
  [[nodiscard]] const AliasTable& class_mix() const { return class_mix_; }
  /// Whether decisions look ahead: those of some deciders, or all (knows_rates).
  [[nodiscard]] bool wants_truth() const { return wants_truth_; }
  [[nodiscard]] const platforms::EstimatorSpec& estimator() const { return estimator_; }
  /// Whether devices know each cut's rate instead of estimating one.
  [[nodiscard]] bool knows_rates() const {
    return estimator_.kind == platforms::EstimatorKind::kOracle;
  }
  [[nodiscard]] bool depends_on_load() const { return depends_on_load_; }
  /// The shortest time in which a stage can act on an earlier one; infinite when none does.
  [[nodiscard]] base::Duration lookahead() const { return lookahead_; }
  /// Groups times classes.
  [[nodiscard]] std::size_t chooser_count() const { return choosers_.size(); }
  /// Where the cuts of each group and class begin: `slot_first` of every chooser, and the number of
  /// slots.
  [[nodiscard]] std::vector<std::size_t> slot_offsets() const;

 private:
  void add_slots(std::size_t group, std::size_t query_class);
  void settle_choice(std::size_t index, const policies::ServerLoad& load);

  const RunModel& model_;
  platforms::EstimatorSpec estimator_;
  std::vector<Slot> slots_;
  std::vector<Link> links_;
  std::deque<platforms::NetworkProfile> seen_networks_;  // by group; deciders refer to them
  ServerWorks server_works_;
  std::vector<ServerTables> server_tables_;
  std::vector<Chooser> choosers_;
  AliasTable class_mix_;
  bool wants_truth_ = false;
  bool depends_on_load_ = false;
  base::Duration lookahead_ = base::kForever;
};

}  // namespace edgecut::sim

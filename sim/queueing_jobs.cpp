// The whole slab in one pass where a run is a queueing study: jobs of one node straight to servers.
//
// Does what the stages do, and leaves out what they would do in vain: the processor and radio that
// take no time, the sorting of what is in order, energies of zero. The bytes are the same
// (tests/property/engine_invariance_test.cpp).
#include <algorithm>

#include "sim/queueing_run.hpp"

namespace edgecut::sim {

using base::Duration;
using base::in_seconds;
using base::seconds;

bool QueueingRun::is_queue_alone(const RunModel& model, bool logged) {
  if (logged || model.nodes() != 1 || model.stop.method != IntervalMethod::kBatchMeans) {
    return false;
  }
  const NodeGroup& group = model.groups.front();
  const platforms::NetworkProfile& network = *group.network;
  const bool takes_no_time =
      group.instant_uplink && group.routes.empty() && !group.round_trips &&
      !network.charges_download && !platforms::RadioTiming(network).is_stateful() &&
      network.uplink_latency == seconds(0) && network.downlink_latency == seconds(0);
  return takes_no_time &&
         std::all_of(model.classes.begin(), model.classes.end(), [](const QueryClass& kind) {
           return !kind.dnn && !kind.device_time_s && kind.server_time_s;
         });
}

bool QueueingRun::goes_in_blocks() const {
  return queue_alone_ && arrivals_.comes_in_blocks() && model_.classes.size() == 1 &&
         model_.classes.front().server_time_s->has_quantile();
}

// A job reaches its servers.
void QueueingRun::take_job(const Query& query, Duration service) {
  const Slot& slot = run_.slots()[query.slot];
  if (cluster_ && service > seconds(0)) {
    jobs_.push_back({query.time, service, query.node, query.number, slot.work, hold(query)});
    return;
  }
  const Duration start = service > seconds(0) ? gpus_.start(query.time, service) : query.time;
  const Duration done = start + service;
  ClassTotals& totals = totals_[slot.class_index];
  totals.server_wait_s.add(in_seconds(start - query.time));
  totals.server_s.add(in_seconds(service));
  totals.served += service > seconds(0) ? 1U : 0U;
  if (done >= until_) {
    Query later = query;
    later.time = done;
    to_finish_.push(later);
    return;
  }
  const Duration latency = done - query.issued_at;
  count(done, latency, {});
  ++completed_;
  last_completion_ = base::max(last_completion_, done);
  ++totals.completed;
  totals.latency_s.add(in_seconds(latency));
}

void QueueingRun::job_stage() {
  jobs_.clear();
  arrivals_.issue_before(base::min(until_, schedule_.end()), nodes_,
                         [this](std::uint32_t id, Node& node, Duration time, std::uint32_t kind) {
                           const auto slot_index =
                               static_cast<std::uint32_t>(run_.chooser(0, kind).slot_first);
                           const Slot& slot = run_.slots()[slot_index];
                           ++issued_;
                           ++cut_counts_[slot_index];
                           ++totals_[slot.class_index].issued;
                           Query query{};
                           query.time = query.issued_at = time;
                           query.node = id;
                           query.number = node.query_number++;
                           query.slot = slot_index;
                           take_job(query, service_time(slot));
                         });
  if (cluster_) {
    run_cluster();
  }
}

}  // namespace edgecut::sim

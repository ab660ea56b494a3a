// The server stage of the queueing engine where there is more than one FIFO server.
#include "sim/queueing_run.hpp"

namespace edgecut::sim {

using base::Duration;
using base::seconds;

std::uint32_t QueueingRun::hold(const Query& query) {
  if (free_handles_.empty()) {
    held_.push_back(query);
    return static_cast<std::uint32_t>(held_.size() - 1);
  }
  const std::uint32_t handle = free_handles_.back();
  free_handles_.pop_back();
  held_[handle] = query;
  return handle;
}

Query QueueingRun::release(std::uint32_t handle) {
  free_handles_.push_back(handle);
  return held_[handle];
}

void QueueingRun::cluster_stage() {
  jobs_.clear();
  if (!due_.empty()) {
    for (const std::uint32_t index : sorter_.order(due_)) {
      Query& query = due_[index];
      const Slot& slot = run_.slots()[query.slot];
      const Duration service = service_time(slot);
      tell_price_setter(service);
      if (service > seconds(0)) {
        jobs_.push_back({query.time, slot.server_drawn ? service : seconds(0), query.node,
                         query.number, slot.work, hold(query)});
      } else {
        leave_server(query, {.start = query.time, .end = query.time});
      }
    }
  }
  run_cluster();
}

// Sends the slab's jobs to the servers and takes back what they are done with.
void QueueingRun::run_cluster() {
  served_.clear();
  cluster_->run(jobs_, until_, served_);
  for (const ServerDeparture& departure : served_.departures) {
    Query query = release(departure.handle);
    leave_server(query, departure);
  }
  for (const std::uint32_t handle : served_.dropped) {
    drop(release(handle));
  }
}

// A server has turned the query away: nothing comes back.
void QueueingRun::drop(const Query& query) {
  ++dropped_;
  ++totals_[run_.slots()[query.slot].class_index].dropped;
  recorder_.dropped(query);
}

}  // namespace edgecut::sim

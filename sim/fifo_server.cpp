#include "sim/fifo_server.hpp"

namespace edgecut::sim {

FifoServer::FifoServer(std::uint32_t gpus, std::optional<std::uint32_t> admission_limit,
                       bool counted)
    : gpus_(gpus),
      admission_limit_(admission_limit),
      counted_(counted || admission_limit.has_value()) {}

void FifoServer::run(std::span<const ServerJob> arrivals, base::Duration /*until*/,
                     ServerOutput& output) {
  for (const ServerJob& job : arrivals) {
    if (admission_limit_ && present(job.time) >= *admission_limit_) {
      output.dropped.push_back(job.handle);
      continue;
    }
    const base::Duration start = gpus_.start(job.time, job.service);
    const base::Duration end = start + job.service;
    output.departures.push_back({.start = start,
                                 .end = end,
                                 .wait = start - job.time,
                                 .in_service = job.service,
                                 .handle = job.handle});
    if (counted_) {
      ends_.push(end);
      taken_up_ += job.service;
    }
  }
}

std::uint32_t FifoServer::present(base::Duration now) {
  while (!ends_.empty() && ends_.top() <= now) {
    ends_.pop();
  }
  return static_cast<std::uint32_t>(ends_.size());
}

ServerState FifoServer::state(base::Duration now) {
  ServerState state;
  state.present = state.processes = present(now);
  state.wait = gpus_.wait(now);
  state.busy = taken_up_ - gpus_.backlog(now);
  return state;
}

}  // namespace edgecut::sim

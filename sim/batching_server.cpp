#include "sim/batching_server.hpp"

#include <algorithm>
#include <cmath>

namespace edgecut::sim {

using base::Duration;

BatchingServer::BatchingServer(const ServerKind& kind, const ServerTables& tables)
    : rule_(kind.batching),
      admission_limit_(kind.admission_limit),
      tables_(&tables),
      gpus_(kind.gpus),
      lines_(tables.service.size()) {}

Duration BatchingServer::ready_at(const RingBuffer<ServerJob>& line) const {
  const Duration waited = line.front().time + rule_.wait_max;
  return line.size() < rule_.size_max ? waited : base::min(waited, line[rule_.size_max - 1].time);
}

BatchingServer::Launch BatchingServer::next_launch() const {
  Launch launch;
  for (std::size_t i = 1; i < gpus_.size(); ++i) {
    launch.gpu = gpus_[i].free_at < gpus_[launch.gpu].free_at ? i : launch.gpu;
  }
  const Duration free_at = gpus_[launch.gpu].free_at;
  for (const std::uint32_t work : active_) {
    launch.time = base::min(launch.time, base::max(free_at, ready_at(lines_[work])));
  }
  // Of those that are ready by then, the one that has waited longest.
  bool found = false;
  for (std::size_t i = 0; i < active_.size(); ++i) {
    const RingBuffer<ServerJob>& line = lines_[active_[i]];
    if (ready_at(line) > launch.time) {
      continue;
    }
    const ServerJob& head = line.front();
    const ServerJob& best = lines_[active_[launch.line]].front();
    if (!found || head.time < best.time ||
        (head.time == best.time && active_[i] < active_[launch.line])) {
      launch.line = i;
      found = true;
    }
  }
  return launch;
}

Duration BatchingServer::batch_time(std::uint32_t work, std::uint32_t queries) const {
  const auto& times = tables_->batches[work];
  if (!times.empty()) {
    return times[queries - 1];
  }
  Duration longest;
  for (std::uint32_t i = 0; i < queries; ++i) {
    longest = base::max(longest, lines_[work][i].service);
  }
  return longest;
}

void BatchingServer::start_batches(Duration until, ServerOutput& output) {
  while (!active_.empty()) {
    if (!next_) {
      next_ = next_launch();
    }
    const Launch launch = *next_;
    if (launch.time > until) {
      return;
    }
    next_.reset();
    const std::uint32_t work = active_[launch.line];
    RingBuffer<ServerJob>& line = lines_[work];
    const auto queries =
        static_cast<std::uint32_t>(std::min<std::size_t>(line.size(), rule_.size_max));
    const Duration time = batch_time(work, queries);
    const Duration end = launch.time + time;
    const Duration shared = time - time / static_cast<double>(queries);
    for (std::uint32_t i = 0; i < queries; ++i) {
      output.departures.push_back({.start = launch.time,
                                   .end = end,
                                   .wait = launch.time - line.front().time,
                                   .in_service = time,
                                   .shared = shared,
                                   .handle = line.front().handle});
      line.pop_front();
    }
    gpus_[launch.gpu] = {end, queries};
    waiting_ -= queries;
    taken_up_ += time;
    if (line.empty()) {
      active_[launch.line] = active_.back();
      active_.pop_back();
    }
  }
}

void BatchingServer::join(const ServerJob& job, ServerOutput& output) {
  if (admission_limit_ && present(job.time) >= *admission_limit_) {
    output.dropped.push_back(job.handle);
    return;
  }
  if (lines_[job.work].empty()) {
    active_.push_back(job.work);
  }
  RingBuffer<ServerJob>& line = lines_[job.work];
  line.push_back(job);
  ++waiting_;
  if (line.size() == 1 || line.size() == rule_.size_max) {
    next_.reset();  // other queries of a line do not change when it is ready
  }
}

void BatchingServer::run(std::span<const ServerJob> arrivals, Duration until,
                         ServerOutput& output) {
  for (const ServerJob& job : arrivals) {
    start_batches(job.time, output);
    join(job, output);
  }
  start_batches(until, output);
}

std::uint32_t BatchingServer::present(Duration now) {
  std::uint32_t total = waiting_;
  for (const Gpu& gpu : gpus_) {
    total += gpu.free_at > now ? gpu.queries : 0;
  }
  return total;
}

Duration BatchingServer::next_event() const { return next_launch().time; }

ServerState BatchingServer::state(Duration now) {
  ServerState state;
  state.present = state.processes = present(now);
  Duration earliest = base::kForever;
  Duration backlog;
  for (const Gpu& gpu : gpus_) {
    earliest = base::min(earliest, gpu.free_at);
    backlog += base::max(gpu.free_at - now, base::seconds(0));
  }
  state.wait = base::max(earliest - now, base::seconds(0));
  state.busy = taken_up_ - backlog;
  for (const std::uint32_t work : active_) {
    const auto full = static_cast<double>(lines_[work].size() / rule_.size_max);
    if (full > 0) {
      state.wait += full / static_cast<double>(gpus_.size()) * batch_time(work, rule_.size_max);
    }
  }
  return state;
}

}  // namespace edgecut::sim

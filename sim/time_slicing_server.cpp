#include "sim/time_slicing_server.hpp"

#include <algorithm>
#include <cmath>

namespace edgecut::sim {

using base::Duration;
using base::seconds;

TimeSlicingServer::TimeSlicingServer(const ServerKind& kind, const ServerTables& tables)
    : tables_(&tables),
      kernel_(kind.background.kernel),
      steps_(kind.background.steps),
      job_slice_(kind.job_slice),
      admission_limit_(kind.admission_limit) {}

void TimeSlicingServer::run(std::span<const ServerJob> arrivals, Duration until,
                            ServerOutput& output) {
  for (const ServerJob& job : arrivals) {
    pass_steps(job.time, output);
    work(job.time, output);
    join(job, output);
  }
  pass_steps(until, output);
  work(until, output);
}

void TimeSlicingServer::pass_steps(Duration until, ServerOutput& output) {
  for (; next_step_ < steps_.size() && steps_[next_step_].from <= until; ++next_step_) {
    work(steps_[next_step_].from, output);
    set_background(steps_[next_step_].from, steps_[next_step_].processes);
  }
}

// The end of the background kernel that runs at `time`, while no query is there.
Duration TimeSlicingServer::rhythm(Duration time) const {
  if (time < rest_since_) {
    return rest_since_;  // the last kernel before the rhythm of now
  }
  auto kernels = std::floor((time - rest_since_) / kernel_) + 1;
  while (kernels > 1 && rest_since_ + (kernels - 1) * kernel_ > time) {
    --kernels;
  }
  while (rest_since_ + kernels * kernel_ <= time) {
    ++kernels;
  }
  return rest_since_ + kernels * kernel_;
}

void TimeSlicingServer::set_background(Duration time, std::uint32_t processes) {
  if (resting()) {
    if (background_ > 0 && processes == 0) {
      rest_since_ = rhythm(time);  // idle from the end of the kernel that runs
    } else if (background_ == 0 && processes > 0) {
      idle_ += base::max(time - rest_since_, seconds(0));
      rest_since_ = base::max(time, rest_since_);
    }
    background_ = processes;
    return;
  }
  if (processes > background_) {
    std::uint32_t more = processes - background_;
    const std::uint32_t stay = std::min(more, leaving_);
    leaving_ -= stay;
    more -= stay;
    queue_background(more);
  } else {
    remove_waiting(background_ - processes);
  }
  background_ = processes;
}

// Background processes leave from the back of the ring; the one whose kernel runs does so at its
// end.
void TimeSlicingServer::remove_waiting(std::uint32_t count) {
  RingBuffer<Turn> kept;
  for (std::size_t i = ring_.size(); i-- > 0;) {
    Turn& turn = ring_[i];
    if (turn.process == kBackground) {
      const std::uint32_t leave = std::min(count, turn.count);
      turn.count -= leave;
      count -= leave;
    }
  }
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    if (ring_[i].count > 0) {
      kept.push_back(ring_[i]);
    }
  }
  ring_ = kept;
  if (head_.process == kBackground) {
    // head_.count are the processes of the run that did not run yet, the one that runs included.
    const std::uint32_t leave = std::min(count, head_.count - 1);
    head_.count -= leave;
    count -= leave;
  }
  leaving_ += count;
}

void TimeSlicingServer::queue_background(std::uint32_t count) {
  if (count == 0) {
    return;
  }
  if (!ring_.empty() && ring_.back().process == kBackground) {
    ring_.back().count += count;
  } else {
    ring_.push_back({kBackground, count});
  }
}

// A query comes to a GPU without queries: the kernel that runs becomes the turn under way.
void TimeSlicingServer::wake(Duration time) {
  if (background_ == 0 && time >= rest_since_) {
    idle_ += time - rest_since_;
    return;  // its own turn begins at once
  }
  head_ = {kBackground, 1};
  head_done_ = 0;
  head_end_ = background_ > 0 ? rhythm(time) : rest_since_;
  leaving_ = background_ == 0 ? 1 : 0;
  if (background_ > 0 && time < rest_since_) {
    // Still the last kernel of a process that left; all of those that came since wait.
    leaving_ = 1;
    queue_background(background_);
  } else if (background_ > 1) {
    queue_background(background_ - 1);
  }
}

void TimeSlicingServer::join(const ServerJob& job, ServerOutput& output) {
  if (admission_limit_ && present_ >= *admission_limit_) {
    output.dropped.push_back(job.handle);
    return;
  }
  std::uint32_t id = static_cast<std::uint32_t>(processes_.size());
  if (spare_.empty()) {
    processes_.emplace_back();
  } else {
    id = spare_.back();
    spare_.pop_back();
  }
  Process& process = processes_[id];
  process = {};
  process.job = job;
  const auto& kernels = tables_->kernels[job.work];
  process.kernel = kernels.data();
  process.kernels_left = static_cast<std::uint32_t>(kernels.size());
  process.left = job.service;
  const bool was_resting = resting();
  const bool idle = was_resting && background_ == 0 && job.time >= rest_since_;
  if (was_resting) {
    wake(job.time);
  }
  ++present_;
  ring_.push_back({id, 1});
  if (idle) {
    begin_turn(job.time);
  }
}

Duration TimeSlicingServer::next_kernel(const Process& process) const {
  return process.kernels_left > 0 ? *process.kernel : base::min(process.left, job_slice_);
}

void TimeSlicingServer::begin_turn(Duration time) {
  head_ = ring_.front();
  ring_.pop_front();
  head_done_ = 0;
  if (head_.process == kBackground) {
    head_end_ = time + kernel_;
    return;
  }
  Process& process = processes_[head_.process];
  if (!process.started) {
    process.started = true;
    process.start = time;
  }
  head_end_ = time + next_kernel(process);
}

// Of the run of background kernels under way, those that end up to `until`.
void TimeSlicingServer::end_background(Duration until) {
  const auto end_of = [this](std::uint32_t done) {
    return head_end_ + static_cast<double>(done - 1) * kernel_;
  };
  const std::uint32_t all = head_done_ + head_.count;
  std::uint32_t done = all;
  if (end_of(all) > until) {
    const double guess = std::floor((until - head_end_) / kernel_) + 1;
    done = std::clamp(static_cast<std::uint32_t>(std::max(guess, 0.0)), head_done_ + 1, all);
    while (done > head_done_ + 1 && end_of(done) > until) {
      --done;
    }
    while (done < all && end_of(done + 1) <= until) {
      ++done;
    }
  }
  const std::uint32_t ended = done - head_done_;
  head_.count -= ended;
  head_done_ = done;
  // The first to end is the one that was running when it had to leave.
  queue_background(ended - leaving_);
  leaving_ = 0;
  if (head_.count == 0) {
    begin_turn(end_of(done));
  }
}

void TimeSlicingServer::end_kernel(ServerOutput& output) {
  const Duration time = head_end_;
  Process& process = processes_[head_.process];
  bool over = false;
  if (process.kernels_left > 0) {
    ++process.kernel;
    over = --process.kernels_left == 0;
  } else {
    over = process.left <= job_slice_;
    process.left -= job_slice_;
  }
  if (!over) {
    ring_.push_back(head_);
    begin_turn(time);
    return;
  }
  output.departures.push_back(
      {.start = process.start,
       .end = time,
       .wait = base::max(time - process.job.time - process.job.service, seconds(0)),
       .in_service = process.job.service,
       .handle = process.job.handle});
  spare_.push_back(head_.process);
  --present_;
  if (resting()) {
    rest(time);
  } else {
    begin_turn(time);
  }
}

// The last query has left.
void TimeSlicingServer::rest(Duration time) {
  ring_.clear();
  rest_since_ = time;
}

void TimeSlicingServer::work(Duration until, ServerOutput& output) {
  while (!resting() && kernel_end() <= until) {
    if (head_.process == kBackground) {
      end_background(until);
    } else {
      end_kernel(output);
    }
  }
}

std::uint32_t TimeSlicingServer::present(Duration /*now*/) { return present_; }

Duration TimeSlicingServer::next_event() const { return resting() ? base::kForever : kernel_end(); }

ServerState TimeSlicingServer::state(Duration now) {
  ServerState state;
  state.present = present_;
  state.processes = present_ + background_;
  if (resting()) {
    state.turn = static_cast<double>(background_) * kernel_;
    if (background_ > 0 && now >= rest_since_) {
      state.wait = rhythm(now) - now + static_cast<double>(background_ - 1) * kernel_;
    } else {
      state.wait = base::max(rest_since_ - now, seconds(0)) + state.turn;
    }
    state.busy = now - idle_;
    if (background_ == 0) {
      state.busy -= base::max(now - rest_since_, seconds(0));
    }
    return state;
  }
  Duration others;
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const Turn& turn = ring_[i];
    others += turn.process == kBackground ? static_cast<double>(turn.count) * kernel_
                                          : next_kernel(processes_[turn.process]);
  }
  const bool background = head_.process == kBackground;
  const Duration waiting_of_run =
      background ? static_cast<double>(head_.count - 1) * kernel_ : seconds(0);
  state.wait = kernel_end() - now + waiting_of_run + others;
  const Duration running = background ? kernel_ : next_kernel(processes_[head_.process]);
  state.turn = (leaving_ > 0 ? seconds(0) : running) + waiting_of_run + others;
  state.busy = now - idle_;
  return state;
}

}  // namespace edgecut::sim

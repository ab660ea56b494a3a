// A queueing study of one node and one class of jobs, by the block.
//
// The same as sim/queueing_jobs.cpp does job by job, in the same order where the order matters
// (draws, queues) and with sums over columns where it does not. What a job still needs on its way
// is when it came, so that is all that is kept of it.
#include <algorithm>
#include <array>
#include <span>

#include "results/extremes.hpp"
#include "sim/queueing_run.hpp"

namespace edgecut::sim {

using base::Duration;
using base::in_seconds;
using base::seconds;

namespace {

using Column = std::array<double, JobBlock::kSize>;

}  // namespace

ClassTotals& QueueingRun::job_totals() {
  return totals_[run_.slots()[run_.chooser(0, 0).slot_first].class_index];
}

void QueueingRun::count_jobs(std::span<const double> done_s, std::span<const double> latency_s) {
  if (done_s.empty()) {
    return;
  }
  series_.add_all({done_s, latency_s});
  results::Extremes times_s;
  times_s.widen(done_s);
  last_completion_ = base::max(last_completion_, seconds(times_s.max));
  completed_ += done_s.size();
  ClassTotals& totals = job_totals();
  totals.completed += done_s.size();
  totals.latency_s.add_all(latency_s);
}

// Those that were served in an earlier slab and are done in this one.
void QueueingRun::finish_jobs() {
  jobs_due_.clear();
  jobs_to_finish_.take_before(until_, jobs_due_);
  Column done_s;
  Column latency_s;
  std::span<const JobUnderWay> due = jobs_due_;
  while (!due.empty()) {
    const std::size_t size = std::min(due.size(), JobBlock::kSize);
    for (std::size_t i = 0; i < size; ++i) {
      done_s[i] = in_seconds(due[i].time);
      latency_s[i] = in_seconds(due[i].time - due[i].issued_at);
    }
    count_jobs(std::span(done_s).first(size), std::span(latency_s).first(size));
    due = due.subspan(size);
  }
}

// The jobs of the block reach the only FIFO queue.
void QueueingRun::serve_block() {
  JobBlock& block = *job_block_;
  block.serve(gpus_);
  ClassTotals& totals = job_totals();
  totals.server_wait_s.add_all(block.wait_s());
  totals.server_s.add_all(block.service_s());
  totals.served += block.served();
  block.keep_before(until_, [&](std::size_t i, Duration done) {
    jobs_to_finish_.push({done, block.issued_at(i)});
  });
  count_jobs(block.done_s(), block.latency_s());
}

std::uint32_t QueueingRun::hold_job(Duration issued_at) {
  if (free_handles_.empty()) {
    held_jobs_.push_back(issued_at);
    return static_cast<std::uint32_t>(held_jobs_.size() - 1);
  }
  const std::uint32_t handle = free_handles_.back();
  free_handles_.pop_back();
  held_jobs_[handle] = issued_at;
  return handle;
}

// The jobs of the block, numbered from `first_number`, are on their way to the cluster. A job that
// takes no time is done where it stands.
void QueueingRun::send_block(std::uint32_t work, std::uint32_t first_number) {
  const JobBlock& block = *job_block_;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Duration time = block.issued_at(i);
    const Duration service = block.service(i);
    if (service > seconds(0)) {
      jobs_.push_back(
          {time, service, 0, first_number + static_cast<std::uint32_t>(i), work, hold_job(time)});
    } else {
      const double done_s = in_seconds(time);
      const double latency_s = 0;
      count_jobs({&done_s, 1}, {&latency_s, 1});
    }
  }
}

// Runs the servers up to `until` over the jobs on their way and takes back what they are done with.
void QueueingRun::run_cluster_of_jobs(Duration until) {
  served_.clear();
  cluster_->run(jobs_, until, served_);
  jobs_.clear();
  ClassTotals& totals = job_totals();
  Column wait_s;
  Column service_s;
  Column shared_s;
  Column done_s;
  Column latency_s;
  std::span<const ServerDeparture> left = served_.departures;
  while (!left.empty()) {
    const std::size_t size = std::min(left.size(), JobBlock::kSize);
    std::size_t completed = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const ServerDeparture& departure = left[i];
      wait_s[i] = in_seconds(departure.wait);
      service_s[i] = in_seconds(departure.in_service);
      shared_s[i] = in_seconds(departure.shared);
      const Duration issued_at = held_jobs_[departure.handle];
      if (departure.end < until_) {
        done_s[completed] = in_seconds(departure.end);
        latency_s[completed++] = in_seconds(departure.end - issued_at);
      } else {
        jobs_to_finish_.push({departure.end, issued_at});
      }
      free_handles_.push_back(departure.handle);
    }
    totals.server_wait_s.add_all(std::span(wait_s).first(size));
    totals.server_s.add_all(std::span(service_s).first(size));
    totals.server_shared_s.add_all(std::span(shared_s).first(size));
    totals.served += size;
    count_jobs(std::span(done_s).first(completed), std::span(latency_s).first(completed));
    left = left.subspan(size);
  }
  free_handles_.insert(free_handles_.end(), served_.dropped.begin(), served_.dropped.end());
  dropped_ += served_.dropped.size();
  totals.dropped += served_.dropped.size();
}

void QueueingRun::job_block_stage() {
  finish_jobs();
  JobBlock& block = *job_block_;
  Node& node = nodes_.front();
  const std::size_t slot = run_.chooser(0, 0).slot_first;
  const Duration end = base::min(until_, schedule_.end());
  // Servers may be run up to any instant, and a part of the slab fits the cache; but each time all
  // servers are looked at.
  const std::size_t enough =
      cluster_ ? std::max<std::size_t>(JobBlock::kSize, 2 * model_.cluster.servers()) : 0;
  for (;;) {
    const std::uint32_t first_number = node.query_number;
    const std::size_t size = arrivals_.take_block(end, node, block.room());
    if (size == 0) {
      break;
    }
    issued_ += size;
    cut_counts_[slot] += size;
    job_totals().issued += size;
    block.draw_services(size, *model_.classes.front().server_time_s, service_stream_);
    if (!cluster_) {
      serve_block();
      continue;
    }
    send_block(run_.slots()[slot].work, first_number);
    if (jobs_.size() >= enough) {
      run_cluster_of_jobs(block.issued_at(size - 1));
    }
  }
  if (cluster_) {
    run_cluster_of_jobs(until_);
  }
}

}  // namespace edgecut::sim

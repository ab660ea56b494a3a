// A GPU that switches between processes kernel by kernel: round robin over the queries that are
// there and the processes that run in the background.
//
// Each query is a process; its kernels are its server layers (slices of a fixed length for a job).
// The process whose turn it is runs one kernel to its end and goes to the back of the ring; a query
// joins at the back when it arrives. Background processes loop one kernel; new ones join at the
// back, and when there are too many, those at the back leave, the one whose kernel runs at its end.
// With ever shorter kernels this becomes processor sharing.
//
// While no query is there, background kernels follow each other without a gap and only their rhythm
// matters, so such stretches cost nothing; nor does a run of them cost more than one.
//
// Ignores the cost of switching, priorities, and kernels that run side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/ring_buffer.hpp"
#include "sim/server.hpp"

namespace edgecut::sim {

class TimeSlicingServer final : public Server {
 public:
  /// `tables` must outlive the server.
  TimeSlicingServer(const ServerKind& kind, const ServerTables& tables);

  void run(std::span<const ServerJob> arrivals, base::Duration until,
           ServerOutput& output) override;
  [[nodiscard]] ServerState state(base::Duration now) override;
  [[nodiscard]] std::uint32_t present(base::Duration now) override;
  [[nodiscard]] base::Duration next_event() const override;

 private:
  static constexpr std::uint32_t kBackground = 0xFFFFFFFFU;
  struct Process {
    ServerJob job;
    const base::Duration* kernel = nullptr;  // the next; of a job with layers
    std::uint32_t kernels_left = 0;
    base::Duration left;   // of a job of drawn time: what remains, the kernel that runs included
    base::Duration start;  // of its first kernel
    bool started = false;
  };
  // A process that waits for its turn, or several of the background behind each other.
  struct Turn {
    std::uint32_t process = kBackground;
    std::uint32_t count = 1;
  };

  void pass_steps(base::Duration until, ServerOutput& output);
  void set_background(base::Duration time, std::uint32_t processes);
  void remove_waiting(std::uint32_t count);
  void join(const ServerJob& job, ServerOutput& output);
  void wake(base::Duration time);
  void rest(base::Duration time);
  void work(base::Duration until, ServerOutput& output);
  void begin_turn(base::Duration time);
  void end_background(base::Duration until);
  void end_kernel(ServerOutput& output);
  void queue_background(std::uint32_t count);
  [[nodiscard]] base::Duration next_kernel(const Process& process) const;
  [[nodiscard]] base::Duration rhythm(base::Duration time) const;
  [[nodiscard]] base::Duration kernel_end() const {
    return head_.process == kBackground ? head_end_ + static_cast<double>(head_done_) * kernel_
                                        : head_end_;
  }
  [[nodiscard]] bool resting() const { return present_ == 0; }

  const ServerTables* tables_;
  base::Duration kernel_;  // of the background
  std::vector<BackgroundLoad::Step> steps_;
  std::size_t next_step_ = 0;
  base::Duration job_slice_;
  std::optional<std::uint32_t> admission_limit_;

  std::uint32_t background_ = 0;  // processes, those that are to leave not counted
  std::uint32_t leaving_ = 0;     // 1: the background process whose kernel runs leaves at its end
  std::uint32_t present_ = 0;     // queries

  // With a query there: the turn under way, and who waits.
  Turn head_;
  base::Duration head_end_;      // of its kernel; of the first one of a run
  std::uint32_t head_done_ = 0;  // kernels of a run that have ended
  RingBuffer<Turn> ring_;
  std::vector<Process> processes_;
  std::vector<std::uint32_t> spare_;

  // Without: when the rhythm of the background began, or since when the GPU is idle.
  base::Duration rest_since_;
  base::Duration idle_;  // in all, stretches that are over
};

}  // namespace edgecut::sim

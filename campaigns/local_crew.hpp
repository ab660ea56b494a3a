// Workers on this machine: forked processes that take points over pipes.
//
// A worker is two processes. The inner one runs points; the outer one, its guardian, forks it,
// waits for it, and when it crashes tells so and forks the next one. So a point that crashes costs
// itself only, engines that run once a process get one, and nobody but guardians forks after the
// start. Workers share what was read before the fork. They end when this process ends, however it
// does.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "campaigns/crew.hpp"

namespace edgecut::campaigns {

class LocalCrew : public Crew {
 public:
  /// Does a task; in the worker's process.
  using Job = std::function<PointReport(const Task& task, const std::atomic<bool>& cancelled)>;

  /// Forks `workers` of them. Call while the process has one thread. Throws std::system_error.
  LocalCrew(std::size_t workers, const Job& job);
  ~LocalCrew() override;

  [[nodiscard]] std::size_t size() const override { return hands_.size(); }
  void give(std::size_t worker, const Task& task) override;
  std::optional<CrewReport> next(std::chrono::milliseconds patience) override;
  void cancel() override;

 private:
  struct Hand {
    int tasks = -1;    // we write
    int reports = -1;  // we read
    int guardian = -1;
    std::vector<Task> given;  // not yet reported
    std::string unread;       // the start of a report
    bool gone = false;
  };

  void hire(const Job& job);
  void close_pipes() noexcept;
  std::optional<CrewReport> report_of(std::size_t worker);
  void read_from(std::size_t worker);

  std::vector<Hand> hands_;
  std::atomic<bool>* cancelled_ = nullptr;  // shared with the workers
  std::size_t first_asked_ = 0;             // so that no worker is heard less than others
};

/// A report as bytes, and back: the start of `bytes`, which is taken off, or nothing when there is
/// no whole report yet.
std::string report_bytes(const PointReport& report);
std::optional<PointReport> take_report(std::string& bytes);

}  // namespace edgecut::campaigns

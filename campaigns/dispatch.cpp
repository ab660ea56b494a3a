#include "campaigns/dispatch.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <system_error>
#include <utility>

#include "campaigns/point_store.hpp"
#include "results/output_folder.hpp"

namespace edgecut::campaigns {
namespace {

constexpr std::chrono::milliseconds kPatience{100};
// Points that wait at a worker hide the time until it hears of the next one. Long points need none,
// and must not wait where another worker would be free.
constexpr std::uint64_t kAheadMax = 4;
constexpr double kLongTaskS = 1;
constexpr double kPartsMax = 4096;
// A task whose workers are lost so often is what loses them.
constexpr int kLossesMax = 3;

class Dispatch {
 public:
  Dispatch(const Campaign& campaign, Crew& crew, const DispatchOptions& options)
      : campaign_(campaign),
        crew_(crew),
        options_(options),
        given_(crew.size()),
        is_gone_(crew.size()) {
    tally_.total = campaign.size();
    tally_.is_finished.resize(tally_.total);
    may_split_ = campaign.sweep.base.contains("replications");
    for (const AxisGroup& group : campaign.sweep.groups) {
      for (const Axis& axis : group) {
        may_split_ = may_split_ || std::find(axis.pointers.begin(), axis.pointers.end(),
                                             "/replications") != axis.pointers.end();
      }
    }
  }

  Tally run() {
    do {
      look_at_clock();
      if (!stopping_) {
        give_points();
      }
      if (auto report = crew_.next(kPatience)) {
        --given_[report->worker];
        --under_way_;
        if (report->report.ending == Ending::kLost) {
          lose(report->worker, report->report);
        }
        take(report->report);
      }
      if (options_.on_progress) {
        options_.on_progress(tally_);
      }
    } while (under_way_ > 0 || (!stopping_ && has_tasks()));
    if (!unusable_.empty()) {
      throw results::OutputError("", unusable_);
    }
    return std::move(tally_);
  }

 private:
  [[nodiscard]] bool has_tasks() const {
    return !again_.empty() || !joins_.empty() || parts_given_ < parts_ || next_ < tally_.total;
  }

  // Whole points in their order; one with replications goes out part by part, and once more when
  // all parts are there.
  Task next_task() {
    if (!again_.empty()) {
      const Task task = again_.front();
      again_.pop_front();
      return task;
    }
    if (!joins_.empty()) {
      const Task task{joins_.front(), Task::kWhole};
      joins_.pop_front();
      return task;
    }
    if (parts_given_ == parts_) {
      parts_given_ = 0;
      split_ = campaign_.point(next_++);
      parts_ = replications_of(split_);
      if (parts_ == 1) {
        parts_ = 0;
        return {split_, Task::kWhole};
      }
      parts_left_[split_] = parts_;
    }
    return {split_, parts_given_++};
  }

  // What the point's scenario asks for; what it must not ask for the reader tells later.
  [[nodiscard]] std::uint32_t replications_of(std::uint64_t point) const {
    if (!may_split_) {
      return 1;
    }
    const nlohmann::json document = resolve(campaign_.sweep, point);
    const auto found = document.find("replications");
    const double count = found != document.end() && found->is_number() ? found->get<double>() : 1;
    return count >= 1 && count <= kPartsMax ? static_cast<std::uint32_t>(count) : 1;
  }

  void give_points() {
    const std::uint64_t each = (tally_.total - next_) / crew_.size();
    const bool are_long = heard_ > 0 && tally_.worker_s > kLongTaskS * static_cast<double>(heard_);
    const std::uint64_t ahead = are_long ? 1 : std::clamp<std::uint64_t>(each, 1, kAheadMax);
    for (std::uint64_t depth = 1; depth <= ahead; ++depth) {
      for (std::size_t worker = 0; worker < crew_.size() && has_tasks(); ++worker) {
        if (!is_gone_[worker] && given_[worker] < depth) {
          crew_.give(worker, next_task());
          ++given_[worker];
          ++under_way_;
        }
      }
    }
  }

  void look_at_clock() {
    if (stopping_) {
      return;
    }
    if (options_.interrupted != nullptr && options_.interrupted->load()) {
      tally_.interrupted = true;
      stop();
    } else if (options_.deadline && std::chrono::steady_clock::now() >= *options_.deadline) {
      tally_.timed_out = true;
      stop();
    }
  }

  void stop() {
    stopping_ = true;
    crew_.cancel();
  }

  // Gives the task to another worker, or makes it one that crashed.
  void lose(std::size_t worker, PointReport& report) {
    is_gone_[worker] = true;
    if (!stopping_ &&
        std::all_of(is_gone_.begin(), is_gone_.end(), [](bool gone) { return gone; })) {
      throw std::system_error(ECHILD, std::generic_category(), "every worker is gone");
    }
    if (++losses_[{report.task.point, report.task.part}] < kLossesMax) {
      again_.push_back(report.task);
    } else {
      report.ending = Ending::kCrashed;
      report.message = "crashed: " + std::to_string(kLossesMax) + " workers were lost with it";
    }
  }

  void take(const PointReport& report) {
    if (report.ending == Ending::kLost) {
      return;
    }
    tally_.worker_s += report.wall_s;
    tally_.simulation_s += report.simulation_s;
    ++heard_;
    if (report.task.is_whole() || report.ending == Ending::kUnusable) {
      take_point(report);
    } else if (report.ending == Ending::kCrashed) {
      // Whatever becomes of the other parts: the point has failed.
      if (parts_left_.erase(report.task.point) > 0) {
        take_point(report);
      }
    } else if (const auto left = parts_left_.find(report.task.point);
               left != parts_left_.end() && report.ending != Ending::kCancelled &&
               --left->second == 0) {
      parts_left_.erase(left);
      joins_.push_back(report.task.point);
    }
  }

  void take_point(const PointReport& report) {
    PointStatus status = report.status;
    switch (report.ending) {
      case Ending::kCancelled:
      case Ending::kLost:
        return;
      case Ending::kUnusable:
        unusable_ = report.message;
        stop();
        return;
      case Ending::kCrashed:
        status = PointStatus::kFailed;
        record_crash(report);
        break;
      case Ending::kKept:
        ++tally_.kept;
        break;
      case Ending::kRan:
        break;
    }
    ++tally_.finished;
    tally_.is_finished[(report.task.point - campaign_.shard.index) / campaign_.shard.count] = true;
    tally_.failed += status == PointStatus::kFailed ? 1 : 0;
    tally_.troubled +=
        status == PointStatus::kOverloaded || status == PointStatus::kNotConverged ? 1 : 0;
  }

  void record_crash(const PointReport& report) {
    const auto identity = identity_of(campaign_, resolve(campaign_.sweep, report.task.point));
    PointStore(campaign_.folder).put(identity, failure_record(campaign_, report.message));
  }

  const Campaign& campaign_;
  Crew& crew_;
  const DispatchOptions& options_;
  Tally tally_;
  std::vector<std::uint64_t> given_;                               // by worker
  std::vector<bool> is_gone_;                                      // by worker
  std::deque<Task> again_;                                         // lost with their workers
  std::map<std::pair<std::uint64_t, std::uint32_t>, int> losses_;  // by point and part
  std::uint64_t under_way_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t heard_ = 0;
  bool may_split_ = false;   // some points have replications
  std::uint64_t split_ = 0;  // the point whose parts are being given
  std::uint32_t parts_ = 0;
  std::uint32_t parts_given_ = 0;
  std::map<std::uint64_t, std::uint32_t> parts_left_;  // by point, not yet reported
  std::deque<std::uint64_t> joins_;                    // points all of whose parts are there
  bool stopping_ = false;
  std::string unusable_;
};

}  // namespace

Tally dispatch(const Campaign& campaign, Crew& crew, const DispatchOptions& options) {
  return Dispatch(campaign, crew, options).run();
}

}  // namespace edgecut::campaigns

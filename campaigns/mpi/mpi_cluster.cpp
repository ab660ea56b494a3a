#include "campaigns/mpi/mpi_cluster.hpp"

#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include <mpi.h>

#include "base/errors.hpp"

namespace edgecut::campaigns {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

enum Tag : int { kTask = 1, kReport, kCancel, kFinish, kAlive };
enum class Farewell : char { kFinalize, kLeave };  // what kFinish says

// How long a rank listens to its own workers before it looks for messages again.
constexpr milliseconds kLook{1};
constexpr seconds kAliveEvery{1};
// A rank only passes messages: so long it is silent when it, its machine or the way to it is gone.
constexpr seconds kRankSilence{10};
// Rank 0 may write the tables of a large campaign before it says goodbye.
constexpr minutes kLeaderSilence{30};

struct TaskMessage {
  std::uint64_t worker = 0;  // of the rank
  Task task;
};

void send(int rank, Tag tag, const void* bytes, std::size_t count) {
  MPI_Send(bytes, static_cast<int>(count), MPI_BYTE, rank, tag, MPI_COMM_WORLD);
}

struct Message {
  int from = 0;
  int tag = 0;
  std::string bytes;
};

// Takes the next message, when one has come.
bool receive(Message& message) {
  int has_come = 0;
  MPI_Status status;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &has_come, &status);
  if (has_come == 0) {
    return false;
  }
  int count = 0;
  MPI_Get_count(&status, MPI_BYTE, &count);
  message.from = status.MPI_SOURCE;
  message.tag = status.MPI_TAG;
  message.bytes.resize(static_cast<std::size_t>(count));
  MPI_Recv(message.bytes.data(), count, MPI_BYTE, message.from, message.tag, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  return true;
}

// A report of a rank's worker: the worker's number, then the report.
std::string message_of(const CrewReport& report) {
  const std::uint64_t worker = report.worker;
  return std::string(reinterpret_cast<const char*>(&worker), sizeof worker) +
         report_bytes(report.report);
}

CrewReport report_of(Message& message, std::size_t workers_each) {
  std::uint64_t worker = 0;
  EC_CHECK(message.bytes.size() > sizeof worker, "a rank sends reports");
  std::memcpy(&worker, message.bytes.data(), sizeof worker);
  message.bytes.erase(0, sizeof worker);
  auto report = take_report(message.bytes);
  EC_CHECK(report && worker < workers_each, "a rank sends whole reports");
  return {static_cast<std::size_t>(message.from) * workers_each + worker, std::move(*report)};
}

// Says that this rank is there, from time to time.
class Pulse {
 public:
  // True once every kAliveEvery.
  bool is_due() {
    const auto now = Clock::now();
    if (now < next_) {
      return false;
    }
    next_ = now + kAliveEvery;
    return true;
  }

 private:
  Clock::time_point next_;
};

// All workers of all ranks, seen from rank 0, whose own come first.
class MpiCrew : public Crew {
 public:
  MpiCrew(LocalCrew& own, int ranks) : own_(own), others_(static_cast<std::size_t>(ranks)) {
    for (Rank& rank : others_) {
      rank.heard_at = Clock::now();
      rank.given.resize(own.size());
    }
  }

  ~MpiCrew() override {
    bool all_there = true;
    for (const Rank& rank : others_) {
      all_there = all_there && !rank.lost;
    }
    const Farewell farewell = all_there ? Farewell::kFinalize : Farewell::kLeave;
    tell_all(kFinish, &farewell, sizeof farewell);
    if (all_there) {
      MPI_Finalize();
    }
  }

  [[nodiscard]] std::size_t size() const override { return own_.size() * others_.size(); }

  void give(std::size_t worker, const Task& task) override {
    const std::size_t rank = worker / own_.size();
    if (rank == 0) {
      own_.give(worker, task);
      return;
    }
    if (others_[rank].lost) {
      lose(worker, task);
      return;
    }
    const TaskMessage message = {worker % own_.size(), task};
    others_[rank].given[message.worker].push_back(task);
    send(static_cast<int>(rank), kTask, &message, sizeof message);
  }

  std::optional<CrewReport> next(milliseconds patience) override {
    const auto until = Clock::now() + patience;
    do {
      if (pulse_.is_due()) {
        tell_all(kAlive, nullptr, 0);
        find_lost();
      }
      if (!lost_.empty()) {
        CrewReport report = std::move(lost_.front());
        lost_.pop_front();
        return report;
      }
      if (auto report = hear()) {
        return report;
      }
      if (auto report = own_.next(kLook)) {
        return report;
      }
    } while (Clock::now() < until);
    return std::nullopt;
  }

  void cancel() override {
    own_.cancel();
    tell_all(kCancel, nullptr, 0);
  }

 private:
  struct Rank {
    Clock::time_point heard_at;
    std::vector<std::deque<Task>> given;  // by worker, not yet reported
    bool lost = false;
  };

  void tell_all(Tag tag, const void* bytes, std::size_t count) {
    for (std::size_t rank = 1; rank < others_.size(); ++rank) {
      if (!others_[rank].lost) {
        send(static_cast<int>(rank), tag, bytes, count);
      }
    }
  }

  // The next report of a rank, if one has come.
  std::optional<CrewReport> hear() {
    Message message;
    while (receive(message)) {
      Rank& rank = others_[static_cast<std::size_t>(message.from)];
      rank.heard_at = Clock::now();
      if (message.tag == kReport && !rank.lost) {
        CrewReport report = report_of(message, own_.size());
        rank.given[report.worker % own_.size()].pop_front();
        return report;
      }
    }
    return std::nullopt;
  }

  void find_lost() {
    for (std::size_t i = 1; i < others_.size(); ++i) {
      Rank& rank = others_[i];
      if (rank.lost || Clock::now() < rank.heard_at + kRankSilence) {
        continue;
      }
      rank.lost = true;
      for (std::size_t worker = 0; worker < own_.size(); ++worker) {
        for (const Task& task : rank.given[worker]) {
          lose(i * own_.size() + worker, task);
        }
      }
    }
  }

  void lose(std::size_t worker, const Task& task) {
    CrewReport& report = lost_.emplace_back();
    report.worker = worker;
    report.report.task = task;
    report.report.ending = Ending::kLost;
  }

  LocalCrew& own_;
  std::vector<Rank> others_;  // by rank; that of rank 0 is not used
  std::deque<CrewReport> lost_;
  Pulse pulse_;
};

// A rank's work; returns how it is to end.
Farewell serve(LocalCrew& own) {
  Pulse pulse;
  auto heard_at = Clock::now();
  for (;;) {
    for (Message message; receive(message);) {
      heard_at = Clock::now();
      if (message.tag == kFinish) {
        EC_CHECK(message.bytes.size() == 1, "rank 0 says how to end");
        return static_cast<Farewell>(message.bytes.front());
      }
      if (message.tag == kCancel) {
        own.cancel();
      } else if (message.tag == kTask) {
        TaskMessage given;
        EC_CHECK(message.bytes.size() == sizeof given, "rank 0 sends tasks");
        message.bytes.copy(reinterpret_cast<char*>(&given), sizeof given);
        own.give(given.worker, given.task);
      }
    }
    if (Clock::now() > heard_at + kLeaderSilence) {
      return Farewell::kLeave;
    }
    if (pulse.is_due()) {
      send(0, kAlive, nullptr, 0);
    }
    if (const auto report = own.next(kLook)) {
      const std::string bytes = message_of(*report);
      send(0, kReport, bytes.data(), bytes.size());
    }
  }
}

std::unique_ptr<Crew> join(LocalCrew& own) {
  MPI_Init(nullptr, nullptr);
  // A message to a rank that is gone must not end this one.
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) {
    return std::make_unique<MpiCrew>(own, ranks);
  }
  if (serve(own) == Farewell::kFinalize) {
    MPI_Finalize();
  }
  return nullptr;
}

}  // namespace

const Cluster& mpi_cluster() {
  static const Cluster cluster{join};
  return cluster;
}

}  // namespace edgecut::campaigns

#include "campaigns/mpi/mpi_cluster.hpp"

#include <cstring>
#include <string>

#include <mpi.h>

#include "base/errors.hpp"

namespace edgecut::campaigns {
namespace {

using std::chrono::milliseconds;

enum Tag : int { kTask = 1, kReport, kCancel, kFinish };

// How long a rank listens to its own workers before it looks for messages again.
constexpr milliseconds kLook{1};

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

// All workers of all ranks, seen from rank 0, whose own come first.
class MpiCrew : public Crew {
 public:
  MpiCrew(LocalCrew& own, int ranks) : own_(own), ranks_(ranks) {}

  ~MpiCrew() override {
    for (int rank = 1; rank < ranks_; ++rank) {
      send(rank, kFinish, nullptr, 0);
    }
    MPI_Finalize();
  }

  [[nodiscard]] std::size_t size() const override {
    return own_.size() * static_cast<std::size_t>(ranks_);
  }

  void give(std::size_t worker, const Task& task) override {
    const std::size_t rank = worker / own_.size();
    if (rank == 0) {
      own_.give(worker, task);
      return;
    }
    const TaskMessage message = {worker % own_.size(), task};
    send(static_cast<int>(rank), kTask, &message, sizeof message);
  }

  std::optional<CrewReport> next(milliseconds patience) override {
    const auto until = std::chrono::steady_clock::now() + patience;
    do {
      if (Message message; receive(message)) {
        return report_of(message, own_.size());
      }
      if (auto report = own_.next(kLook)) {
        return report;
      }
    } while (std::chrono::steady_clock::now() < until);
    return std::nullopt;
  }

  void cancel() override {
    own_.cancel();
    for (int rank = 1; rank < ranks_; ++rank) {
      send(rank, kCancel, nullptr, 0);
    }
  }

 private:
  LocalCrew& own_;
  int ranks_;
};

void serve(LocalCrew& own) {
  for (;;) {
    for (Message message; receive(message);) {
      if (message.tag == kFinish) {
        return;
      }
      if (message.tag == kCancel) {
        own.cancel();
      } else {
        TaskMessage given;
        EC_CHECK(message.bytes.size() == sizeof given, "rank 0 sends tasks");
        message.bytes.copy(reinterpret_cast<char*>(&given), sizeof given);
        own.give(given.worker, given.task);
      }
    }
    if (const auto report = own.next(kLook)) {
      const std::string bytes = message_of(*report);
      send(0, kReport, bytes.data(), bytes.size());
    }
  }
}

std::unique_ptr<Crew> join(LocalCrew& own) {
  MPI_Init(nullptr, nullptr);
  int rank = 0;
  int ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (rank == 0) {
    return std::make_unique<MpiCrew>(own, ranks);
  }
  serve(own);
  MPI_Finalize();
  return nullptr;
}

}  // namespace

const Cluster& mpi_cluster() {
  static const Cluster cluster{join};
  return cluster;
}

}  // namespace edgecut::campaigns

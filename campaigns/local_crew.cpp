#include "campaigns/local_crew.hpp"

#include <array>
#include <cerrno>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "campaigns/worker_process.hpp"

namespace edgecut::campaigns {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

// A flag that this process sets and its workers see.
std::atomic<bool>* make_shared_flag() {
  static_assert(std::atomic<bool>::is_always_lock_free);
  void* const page = mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) {
    fail("memory shared with workers");
  }
  return new (page) std::atomic<bool>(false);
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail("a pipe to a worker");
  }
  return ends;
}

}  // namespace

LocalCrew::LocalCrew(std::size_t workers, const Job& job) : cancelled_(make_shared_flag()) {
  for (std::size_t i = 0; i < workers; ++i) {
    hire(job);
  }
}

void LocalCrew::hire(const Job& job) {
  const std::array<int, 2> tasks = make_pipe();
  const std::array<int, 2> reports = make_pipe();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) {
    fail("a worker process");
  }
  if (child == 0) {
    close(tasks[1]);
    close(reports[0]);
    // A pipe ends when its last writer is gone: we must not be one of another worker's.
    close_pipes();
    be_worker({tasks[0], reports[1]}, *cancelled_, job, parent);
  }
  close(tasks[0]);
  close(reports[1]);
  Hand& hand = hands_.emplace_back();
  hand.tasks = tasks[1];
  hand.reports = reports[0];
  hand.guardian = child;
}

void LocalCrew::close_pipes() noexcept {
  for (const Hand& hand : hands_) {
    close(hand.tasks);
    close(hand.reports);
  }
}

LocalCrew::~LocalCrew() {
  cancelled_->store(true);
  close_pipes();
  for (const Hand& hand : hands_) {
    while (waitpid(hand.guardian, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  munmap(cancelled_, sizeof(std::atomic<bool>));
}

void LocalCrew::give(std::size_t worker, const Task& task) {
  Hand& hand = hands_.at(worker);
  ssize_t written = 0;
  do {
    written = write(hand.tasks, &task, sizeof task);
  } while (written < 0 && errno == EINTR);
  hand.gone = hand.gone || written != sizeof task;
  hand.given.push_back(task);
}

void LocalCrew::read_from(std::size_t worker) {
  Hand& hand = hands_[worker];
  std::array<char, 4096> chunk{};
  const ssize_t count = read(hand.reports, chunk.data(), chunk.size());
  if (count > 0) {
    hand.unread.append(chunk.data(), static_cast<std::size_t>(count));
  }
  hand.gone = count == 0 || (count < 0 && errno != EINTR);
}

std::optional<CrewReport> LocalCrew::report_of(std::size_t worker) {
  Hand& hand = hands_[worker];
  auto report = take_report(hand.unread);
  if (!report && hand.gone && !hand.given.empty()) {
    report.emplace().ending = Ending::kLost;
  }
  if (!report) {
    return std::nullopt;
  }
  EC_CHECK(!hand.given.empty(), "a worker crashed without a task: " + report->message);
  report->task = hand.given.front();
  hand.given.erase(hand.given.begin());
  return CrewReport{worker, std::move(*report)};
}

std::optional<CrewReport> LocalCrew::next(std::chrono::milliseconds patience) {
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t i = 0; i < hands_.size(); ++i) {
      const std::size_t worker = (first_asked_ + i) % hands_.size();
      if (auto report = report_of(worker)) {
        first_asked_ = worker + 1;
        return report;
      }
    }
    if (pass == 1) {
      break;
    }
    std::vector<pollfd> waiting;
    waiting.reserve(hands_.size());
    for (const Hand& hand : hands_) {
      waiting.push_back({hand.gone ? -1 : hand.reports, POLLIN, 0});
    }
    if (poll(waiting.data(), waiting.size(), static_cast<int>(patience.count())) <= 0) {
      return std::nullopt;  // nothing came, or a signal did
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) {
        read_from(i);
      }
    }
  }
  return std::nullopt;
}

void LocalCrew::cancel() { cancelled_->store(true); }

}  // namespace edgecut::campaigns

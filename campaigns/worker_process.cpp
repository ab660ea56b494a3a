#include "campaigns/worker_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace edgecut::campaigns {
namespace {

constexpr int kNoMoreTasks = 0;
constexpr int kUsedUp = 75;       // this process has run what it can
constexpr int kUnreachable = 76;  // nobody hears our reports

// Ends with `parent`, however that ends.
void end_with(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(kUnreachable);
  }
}

bool write_whole(int descriptor, const std::string& bytes) {
  ssize_t written = 0;
  do {
    written = ::write(descriptor, bytes.data(), bytes.size());
  } while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(bytes.size());  // pipes take so little in one piece
}

[[noreturn]] void do_tasks(const WorkerPipes& pipes, const std::atomic<bool>& cancelled,
                           const LocalCrew::Job& job) {
  for (;;) {
    Task task;
    const ssize_t count = ::read(pipes.tasks, &task, sizeof task);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count != sizeof task) {
      _exit(kNoMoreTasks);
    }
    const PointReport report = job(task, cancelled);
    if (!write_whole(pipes.reports, report_bytes(report))) {
      _exit(kUnreachable);
    }
    if (report.used_up) {
      _exit(kUsedUp);
    }
  }
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "crashed: signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
  }
  return "crashed: its process ended with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

void be_worker(const WorkerPipes& pipes, const std::atomic<bool>& cancelled,
               const LocalCrew::Job& job, int parent) {
  // Ctrl-C reaches every process of a terminal; who coordinates decides what it means.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  end_with(parent);
  for (;;) {
    const pid_t guardian = getpid();
    const pid_t child = fork();
    if (child == 0) {
      end_with(guardian);
      do_tasks(pipes, cancelled, job);
    }
    int status = 0;
    if (child < 0) {
      _exit(kUnreachable);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    if (code == kNoMoreTasks || code == kUnreachable) {
      _exit(code);
    }
    if (code != kUsedUp) {
      PointReport report;
      report.ending = Ending::kCrashed;
      report.message = how_it_ended(status);
      if (!write_whole(pipes.reports, report_bytes(report))) {
        _exit(kUnreachable);
      }
    }
  }
}

}  // namespace edgecut::campaigns

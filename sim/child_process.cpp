#include "sim/child_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "sim/run_control.hpp"

namespace edgecut::sim {
namespace {

// The first byte of what a child gives back.
enum class Kind : char {
  kBytes = 'b',
  kConfig = 'c',
  kInternal = 'i',
  kCancelled = 'x',
  kOther = 'o'
};

constexpr int kPatienceMs = 50;  // until the flag is looked at again

class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw std::system_error(errno, std::generic_category(), "a pipe to a child process");
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_writer() { close_end(1); }
  void close_reader() { close_end(0); }
  [[nodiscard]] bool readable() const { return ends_[0] >= 0; }
  /// Appends what is there; closes the reader at the end.
  void read_some(std::string& text) {
    std::array<char, 1U << 16U> chunk{};
    const ssize_t count = read(ends_[0], chunk.data(), chunk.size());
    if (count > 0) {
      text.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      close_end(0);
    }
  }

 private:
  void close_end(std::size_t end) {
    if (ends_.at(end) >= 0) {
      close(std::exchange(ends_.at(end), -1));
    }
  }
  std::array<int, 2> ends_{-1, -1};
};

bool write_all(int file, const std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = write(file, bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno != EINTR) {
      return false;
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return true;
}

std::string problems_bytes(const base::ConfigError& error) {
  nlohmann::json list = nlohmann::json::array();
  for (const base::Problem& problem : error.problems()) {
    list.push_back(nlohmann::json::binary({problem.where.begin(), problem.where.end()}));
    list.push_back(nlohmann::json::binary({problem.what.begin(), problem.what.end()}));
  }
  std::string bytes;
  nlohmann::json::to_cbor(list, bytes);
  return bytes;
}

[[noreturn]] void throw_problems(const std::string& bytes) {
  const auto list = nlohmann::json::from_cbor(bytes.begin(), bytes.end());
  const auto text = [&list](std::size_t i) {
    const auto& binary = list.at(i).get_binary();
    return std::string(binary.begin(), binary.end());
  };
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
    problems.push_back({text(i), text(i + 1)});
  }
  throw base::ConfigError(std::move(problems));
}

std::string answer_of(const std::function<std::string()>& work) {
  const auto with = [](Kind kind, const std::string& text) {
    return static_cast<char>(kind) + text;
  };
  try {
    return with(Kind::kBytes, work());
  } catch (const base::ConfigError& error) {
    return with(Kind::kConfig, problems_bytes(error));
  } catch (const base::InternalError& error) {
    return with(Kind::kInternal, error.what());
  } catch (const Cancelled&) {
    return with(Kind::kCancelled, "");
  } catch (const std::exception& error) {
    return with(Kind::kOther, error.what());
  }
}

// In the child. The parent alone hears of interruptions: it ends the child when its flag is set.
[[noreturn]] void be_child(const std::function<std::string()>& work, pid_t parent, int answers,
                           int said) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(1);  // it ended before the line above
  }
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  dup2(said, STDERR_FILENO);
  // What this process had not yet written out must not be written twice.
  dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
  _exit(write_all(answers, answer_of(work)) ? 0 : 1);
}

// A child that another thread forks while our pipes are open for writing would keep them open.
std::mutex& fork_mutex() {
  static std::mutex mutex;
  return mutex;
}

class Child {
 public:
  explicit Child(const std::function<std::string()>& work) {
    const std::lock_guard lock(fork_mutex());
    const pid_t parent = getpid();
    answers_.emplace();
    said_.emplace();
    id_ = fork();
    if (id_ < 0) {
      throw std::system_error(errno, std::generic_category(), "a child process");
    }
    if (id_ == 0) {
      be_child(work, parent, answers_->writer(), said_->writer());
    }
    answers_->close_writer();
    said_->close_writer();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (id_ > 0) {
      kill(id_, SIGKILL);
      wait();
    }
  }

  /// Its status, once it has said all; nothing when it is to be cancelled.
  std::optional<int> listen(const std::atomic<bool>* cancelled) {
    while (answers_->readable() || said_->readable()) {
      std::array<pollfd, 2> waiting{pollfd{answers_->reader(), POLLIN, 0},
                                    pollfd{said_->reader(), POLLIN, 0}};
      const int ready = poll(waiting.data(), waiting.size(), kPatienceMs);
      if (cancelled != nullptr && cancelled->load(std::memory_order_relaxed)) {
        return std::nullopt;
      }
      if (ready > 0 && waiting[0].revents != 0) {
        answers_->read_some(answer);
      }
      if (ready > 0 && waiting[1].revents != 0) {
        said_->read_some(said);
      }
    }
    return wait();
  }

  std::string answer;
  std::string said;

 private:
  int wait() {
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    return status;
  }

  pid_t id_ = -1;
  std::optional<Pipe> answers_;
  std::optional<Pipe> said_;
};

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "ended by signal " + std::to_string(signal) + " (" + strsignal(signal) + ")";
  }
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::string run_in_child(const std::function<std::string()>& work,
                         const std::atomic<bool>* cancelled) {
  throw_if_cancelled(cancelled);
  Child child(work);
  const std::optional<int> status = child.listen(cancelled);
  if (!status) {
    throw Cancelled();
  }
  if (*status != 0 || child.answer.empty()) {
    throw ChildCrashed(
        "a child process " + how_it_ended(*status) + (child.said.empty() ? "" : ":\n" + child.said),
        child.said);
  }
  write_all(STDERR_FILENO, child.said);
  std::string bytes = child.answer.substr(1);
  switch (static_cast<Kind>(child.answer[0])) {
    case Kind::kBytes:
      return bytes;
    case Kind::kConfig:
      throw_problems(bytes);
    case Kind::kInternal:
      throw base::InternalError(bytes);
    case Kind::kCancelled:
      throw Cancelled();
    case Kind::kOther:
      break;
  }
  throw std::runtime_error(bytes);
}

}  // namespace edgecut::sim

// The edgecut program as a child process, and scenarios for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace edgecut::cli::testing {

/// A folder of this test process and the program's working directory; removed at the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file; returns its name.
  std::string write(const std::string& name, const std::string& text) const;
  std::string write(const std::string& name, const nlohmann::json& document) const {
    return write(name, document.dump());
  }
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool has(const std::string& name) const;
  /// The names of everything in the folder, sorted.
  [[nodiscard]] std::vector<std::string> names(const std::string& folder = ".") const;
  /// Every file below a folder by its path there, with its bytes.
  [[nodiscard]] std::map<std::string, std::string> tree(const std::string& folder) const;

 private:
  std::filesystem::path path_;
};

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Ended {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  std::string out;
  std::string err;
};

struct Limits {
  std::string stdout_path;            // instead of a file that Ended::out is read from
  std::uint64_t memory_bytes = 0;     // of address space; 0: no limit
  std::uint64_t file_bytes = 0;       // of each file; 0: no limit
  std::vector<std::string> launcher;  // words before the program's: found by PATH
};

/// A program under way.
class Running {
 public:
  Running(const Scratch& scratch, const std::vector<std::string>& arguments,
          const Limits& limits = {});
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  /// Kills what still runs.
  ~Running();

  [[nodiscard]] pid_t pid() const { return pid_; }
  void send(int signal) const;
  /// Waits for the end; kills a program that takes more than a minute.
  Ended wait();

 private:
  std::filesystem::path out_path_;
  std::filesystem::path err_path_;
  bool reads_out_ = true;
  pid_t pid_ = -1;
};

Ended run(const Scratch& scratch, const std::vector<std::string>& arguments,
          const Limits& limits = {});

/// Waits until `condition` holds: true, or false when that takes more than a minute.
template <typename Condition>
[[nodiscard]] bool wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

/// A pure queue of exponential jobs at one GPU of load 0.1; `queries` of them.
nlohmann::json queue(double queries);
/// One DNN on four boards over a trace, three policies.
nlohmann::json fleet();

}  // namespace edgecut::cli::testing

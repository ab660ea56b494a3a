// Work done in a forked child, for libraries that allow one use a process or abort on bad input.
//
// The child has everything that this process has in memory and gives back bytes. It ends with this
// process, and with a run that is cancelled. Nothing it changes in memory is seen here, and what it
// writes to the standard output stream is lost.
#pragma once

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>

namespace edgecut::sim {

/// The child came to an end that `work` did not choose.
class ChildCrashed : public std::runtime_error {
 public:
  ChildCrashed(const std::string& what, std::string said)
      : std::runtime_error(what), said_(std::move(said)) {}
  /// What it wrote to the standard error stream.
  [[nodiscard]] const std::string& said() const { return said_; }

 private:
  std::string said_;
};

/// The bytes of `work`, run in a child of this process; from any thread, any number at a time. What
/// `work` throws is thrown here: ConfigError with its problems, InternalError, Cancelled; other
/// exceptions as std::runtime_error with their text. ChildCrashed names the signal otherwise.
/// Throws Cancelled, and ends the child, when `cancelled` is set. What the child writes to the
/// standard error stream is written here when it has ended as it should.
std::string run_in_child(const std::function<std::string()>& work,
                         const std::atomic<bool>* cancelled = nullptr);

}  // namespace edgecut::sim

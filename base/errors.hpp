// The three kinds of errors, and how each is told.
//
// 1. Bad input: collected as `Problem`s, thrown together as one `ConfigError`; the program prints
//    every line and exits with 2.
// 2. Outcomes of the model (overload, not converged): values in the results, never exceptions.
// 3. Our own bugs: EC_CHECK, on in every build.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace edgecut::base {

/// One thing wrong with the input: where it is ("fleet.json#/fleet/0/count", "trace.csv:17") and
/// what was found and is allowed.
struct Problem {
  std::string where;
  std::string what;
};

/// Bad input. `what()` is every problem, a line each.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Problem> problems);
  ConfigError(std::string where, std::string what);
  [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Collects problems while reading goes on, so that a user sees all of them at once.
class Problems {
 public:
  void add(std::string where, std::string what);
  /// Takes over the problems of an error thrown further in.
  void add(const ConfigError& error);
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const std::vector<Problem>& list() const { return list_; }
  /// Throws ConfigError when anything was added.
  void throw_if_any() const;

 private:
  std::vector<Problem> list_;
};

/// A bug of ours, never of the input.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char* condition, const std::string& message, const char* file,
                               int line);

/// The candidate closest to `name` by edit distance, or "" when none is close.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);
/// `, did you mean "x"?`, or a list of what is allowed when nothing is close; "" for no candidates.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace edgecut::base

/// Holds in every build; a failure is a bug in edgecut and is reported as such.
#define EC_CHECK(condition, message)                                            \
  do {                                                                          \
    if (!(condition)) [[unlikely]] {                                            \
      ::edgecut::base::check_failed(#condition, (message), __FILE__, __LINE__); \
    }                                                                           \
  } while (false)

/// For hot loops: checked in debug builds only.
#ifdef NDEBUG
#define EC_DCHECK(condition, message) static_cast<void>(0)
#else
#define EC_DCHECK(condition, message) EC_CHECK(condition, message)
#endif

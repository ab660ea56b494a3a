// How far a campaign is: a bar on a terminal, now and then a line elsewhere.
#pragma once

#include <chrono>
#include <optional>
#include <ostream>
#include <string>

#include "campaigns/dispatch.hpp"

namespace edgecut::campaigns {

class ProgressMeter {
 public:
  ProgressMeter(std::ostream& out, bool is_terminal);

  void show(const Tally& tally);
  /// The last word; afterwards other text may follow.
  void finish(const Tally& tally);

 private:
  std::ostream& out_;
  bool is_terminal_;
  std::chrono::steady_clock::time_point start_;
  std::optional<std::chrono::steady_clock::time_point> shown_;
};

/// "12/100 points, 3 kept, 1 failed, 0:42 left".
std::string progress_text(const Tally& tally, double elapsed_s);
/// "0:42", "3:05:10".
std::string clock_text(double duration_s);

}  // namespace edgecut::campaigns

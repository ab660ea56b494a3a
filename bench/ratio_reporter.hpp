// The closing table of a benchmark program: rates of the engine over those of bare loops.
#pragma once

#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/text.hpp"

namespace edgecut::bench {

/// Prints what google-benchmark prints, and remembers the rates (medians of repetitions).
class RatioReporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      const bool wanted = run.run_type == Run::RT_Iteration || run.aggregate_name == "median";
      const auto rate = run.counters.find("items_per_second");
      if (wanted && rate != run.counters.end()) {
        rates_[run.run_name.function_name + "/" + run.run_name.args] = rate->second;
      }
    }
  }

  /// The rate of benchmark `name` ("function/arguments") and its ratios to others; nothing when it
  /// did not run.
  void print_row(const std::string& title, const std::string& name,
                 const std::vector<std::string>& baselines) const {
    const auto mine = rates_.find(name);
    if (mine == rates_.end()) {
      return;
    }
    std::cout << title << ": engine " << base::format_fixed(mine->second / 1e6, 2);
    for (const std::string& baseline : baselines) {
      const auto other = rates_.find(baseline);
      if (other != rates_.end()) {
        std::cout << ", " << baseline.substr(0, baseline.find('/')) << ' '
                  << base::format_fixed(other->second / 1e6, 2) << " (ratio "
                  << base::format_fixed(mine->second / other->second, 2) << ")";
      }
    }
    std::cout << '\n';
  }

 private:
  std::map<std::string, double> rates_;
};

}  // namespace edgecut::bench

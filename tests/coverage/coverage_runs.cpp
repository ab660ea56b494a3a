// Runs of known queues, each until it is precise, as CSV: what scripts/coverage.py makes its table
// from.
//   coverage_runs truth                              the true values, a row a queue and load
//   coverage_runs QUEUE LOAD FIRST COUNT RULE...     a row a run and rule: queue, load, run, rule,
//                                                    whether precise, jobs, lag, then value and
//                                                    half-width of each metric
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "coverage/coverage_queue.hpp"

namespace {

using edgecut::base::format_number;
using edgecut::coverage::Case;
using edgecut::coverage::kJudged;
using edgecut::coverage::Stopped;

void print_truth() {
  std::cout << "queue,load";
  for (const auto metric : kJudged) {
    std::cout << ',' << edgecut::results::traits(metric).name;
  }
  std::cout << '\n';
  for (const std::string& queue : edgecut::coverage::queue_names()) {
    for (const double load : {0.3, 0.5, 0.7, 0.9, 0.95}) {
      std::cout << queue << ',' << format_number(load);
      for (const double value : Case{queue, load}.truth()) {
        std::cout << ',' << format_number(value);
      }
      std::cout << '\n';
    }
  }
}

void print_row(const Case& queue, std::uint32_t run, const Stopped& stopped) {
  std::string row = queue.queue + ',' + format_number(queue.load) + ',' + std::to_string(run) +
                    ',' + stopped.rule->name + (stopped.precise ? ",1," : ",0,") +
                    std::to_string(stopped.jobs) + ',' + std::to_string(stopped.lag);
  for (const auto metric : kJudged) {
    const auto& estimate = stopped.summary[metric];
    row += ',';
    if (estimate && estimate->half_width) {
      row += format_number(estimate->value) + ',' + format_number(*estimate->half_width);
    } else {
      row += ',';
    }
  }
  std::cout << row << std::endl;  // a row that was seen is a row that is done
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "truth") {
    print_truth();
    return 0;
  }
  if (words.size() < 5) {
    std::cerr << "usage: coverage_runs truth | QUEUE LOAD FIRST COUNT RULE...\n";
    return 2;
  }
  const Case queue = {words[0], std::stod(words[1])};
  const auto first = static_cast<std::uint32_t>(std::stoul(words[2]));
  const auto count = static_cast<std::uint32_t>(std::stoul(words[3]));
  const std::vector<std::string> wanted(words.begin() + 4, words.end());
  for (std::uint32_t i = first; i < first + count; ++i) {
    for (const Stopped& stopped : edgecut::coverage::run_case(queue, i, wanted, {})) {
      print_row(queue, i, stopped);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& error) {
    std::cerr << "coverage_runs: " << error.what() << '\n';
    return 2;
  }
}

// Queues whose time in system is known, one job after the other, to judge intervals by.
//
// A path feeds the estimators directly: coverage is a property of the estimators and of when a run
// is looked at, and needs more jobs than the whole engine could simulate.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "results/batch_series.hpp"
#include "results/lag_spaced.hpp"
#include "results/metrics.hpp"

namespace edgecut::coverage {

/// The metrics that are judged.
inline constexpr std::array kJudged = {
    results::Metric::kLatencyMean, results::Metric::kLatencyP50,  results::Metric::kLatencyP95,
    results::Metric::kLatencyP99,  results::Metric::kLatencyP999, results::Metric::kCompletedRate};

/// Jobs in the order of completion.
using Sink = std::function<void(double completed_at_s, double latency_s)>;

class Path {
 public:
  virtual ~Path() = default;
  /// Hands on all jobs that arrive before `end_s` (and are certain to be next to complete).
  virtual void run_until(double end_s, const Sink& sink) = 0;
};

/// A queue at a load, with mean service 1 at each of its servers.
struct Case {
  std::string queue;  // one of queue_names()
  double load = 0.5;

  [[nodiscard]] double arrival_rate() const;
  /// The true value of each of kJudged, in s and 1/s.
  [[nodiscard]] std::array<double, kJudged.size()> truth() const;
  [[nodiscard]] std::unique_ptr<Path> path(std::uint32_t replication) const;
};

const std::vector<std::string>& queue_names();

/// When a run stops: at the first check at which these are precise by this method.
struct Rule {
  std::string name;
  bool big_house = false;
  std::vector<results::Metric> metrics;
};

/// "batch-means" and "bighouse" ask it of mean and p95, "batch-means-p99" of mean and p99.
const std::vector<Rule>& rules();

struct Stopped {
  const Rule* rule = nullptr;
  bool precise = false;  // or out of jobs
  std::uint64_t jobs = 0;
  std::uint64_t lag = 0;  // of "bighouse"
  results::Summary summary;
};

struct RunLimits {
  double relative_precision = 0.05;
  double confidence = 0.95;
  double jobs_max = 1e9;
};

/// One run, on which every rule of `wanted` stops where it would stop alone, in the order in which
/// they stop.
std::vector<Stopped> run_case(const Case& queue, std::uint32_t replication,
                              const std::vector<std::string>& wanted, const RunLimits& limits);

}  // namespace edgecut::coverage

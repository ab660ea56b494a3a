// What a run reports with an interval, by name.
//
// Latency is the time from a query's arrival to its completion; energy is the device's, a completed
// query, in total and by what it was spent on; the completed rate counts completions, useful or
// not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edgecut::results {

enum class Metric : std::uint8_t {
  kLatencyMean,
  kLatencyP50,
  kLatencyP90,
  kLatencyP95,
  kLatencyP99,
  kLatencyP999,  // 99.9 %
  kEnergyMean,
  kEnergyCompute,
  kEnergyTransmit,
  kEnergyReceive,
  kEnergyPromotion,
  kEnergyTail,
  kCompletedRate,
};
inline constexpr std::size_t kMetricCount = 13;

struct MetricTraits {
  Metric metric;
  std::string_view name;    // "latency_mean", as a scenario names it
  std::string_view column;  // "latency_mean_s": the name with its unit, for CSV and JSON
  std::optional<double> quantile = std::nullopt;  // of latency, where the metric is one
};

const MetricTraits& traits(Metric metric);
/// All names, in the order of the enumerators.
std::vector<std::string> metric_names();
std::optional<Metric> metric_named(std::string_view name);

}  // namespace edgecut::results

#include "results/metrics.hpp"

#include <array>

namespace edgecut::results {
namespace {

constexpr std::array<MetricTraits, kMetricCount> kMetrics = {{
    {Metric::kLatencyMean, "latency_mean", "latency_mean_s"},
    {Metric::kLatencyP50, "latency_p50", "latency_p50_s", 0.5},
    {Metric::kLatencyP90, "latency_p90", "latency_p90_s", 0.9},
    {Metric::kLatencyP95, "latency_p95", "latency_p95_s", 0.95},
    {Metric::kLatencyP99, "latency_p99", "latency_p99_s", 0.99},
    {Metric::kLatencyP999, "latency_p999", "latency_p999_s", 0.999},
    {Metric::kEnergyMean, "energy_mean", "energy_mean_j"},
    {Metric::kEnergyCompute, "energy_compute", "energy_compute_j"},
    {Metric::kEnergyTransmit, "energy_transmit", "energy_transmit_j"},
    {Metric::kEnergyReceive, "energy_receive", "energy_receive_j"},
    {Metric::kEnergyPromotion, "energy_promotion", "energy_promotion_j"},
    {Metric::kEnergyTail, "energy_tail", "energy_tail_j"},
    {Metric::kCompletedRate, "completed_rate", "completed_per_s"},
}};

}  // namespace

const MetricTraits& traits(Metric metric) { return kMetrics[static_cast<std::size_t>(metric)]; }

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const MetricTraits& each : kMetrics) {
    names.emplace_back(each.name);
  }
  return names;
}

std::optional<Metric> metric_named(std::string_view name) {
  for (const MetricTraits& each : kMetrics) {
    if (each.name == name) {
      return each.metric;
    }
  }
  return std::nullopt;
}

}  // namespace edgecut::results

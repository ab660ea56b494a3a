// How much load a scenario's policies sustain within a limit on one metric.
//
// Each policy has its own search (scenarios/capacity_search.hpp); every measurement is a run of the
// scenario at another load, with the same seed, so that all loads and policies meet the same random
// numbers. A run at another load keeps the number of queries, not the simulated time.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "results/metrics.hpp"
#include "results/plot.hpp"
#include "scenarios/capacity_search.hpp"
#include "scenarios/report.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios {

/// What grows with the load.
enum class LoadAxis {
  kArrivals,  // the rate, on the same nodes; loads are queries/s
  kNodes,     // every group by the same factor, each node with its rate; loads are nodes
};

struct CapacityRequest {
  std::string metric = "latency_p99";  // a name of estimate_names()
  double at_most = 0;                  // in the metric's unit
  LoadAxis axis = LoadAxis::kArrivals;
  double relative_width = 0.01;
  /// Further runs at these shares of each policy's capacity, for the curve.
  std::vector<double> curve_shares;
  unsigned threads = 1;
  const std::atomic<bool>* cancelled = nullptr;
  /// Called, one at a time, after each run.
  std::function<void(const std::string& policy, const LoadPoint& point)> on_point;
};

/// One run on the way.
struct CapacityRun {
  double load = 0;
  Scenario scenario;  // the one that was run, with this policy alone
  PolicyResult result;
};

struct PolicyCapacity {
  std::string label;
  Capacity capacity;
  std::vector<CapacityRun> runs;  // by rising load
};

/// The scenario with another load and one policy. `load` is in the axis's unit.
Scenario at_load(const Scenario& scenario, const PolicyChoice& policy, LoadAxis axis, double load);
/// The load that the scenario's file has.
double load_of(const Scenario& scenario, LoadAxis axis);

/// Throws base::ConfigError for recorded arrivals, whose load is what it is, and sim::Cancelled.
std::vector<PolicyCapacity> find_capacities(const Scenario& scenario,
                                            const CapacityRequest& request);

std::string capacity_table(const CapacityRequest& request,
                           const std::vector<PolicyCapacity>& capacities);
/// A sentence for each policy whose interval is wide because its runs were cut off or too short.
std::string capacity_notes(const CapacityRequest& request,
                           const std::vector<PolicyCapacity>& capacities);
/// A row a policy.
std::string capacity_csv(const CapacityRequest& request,
                         const std::vector<PolicyCapacity>& capacities);
/// A row a policy and load, with the columns of throughput.csv.
std::string curve_csv(const CapacityRequest& request,
                      const std::vector<PolicyCapacity>& capacities);
/// The metric over the load, with intervals and the limit.
results::Plot capacity_plot(const CapacityRequest& request,
                            const std::vector<PolicyCapacity>& capacities);

}  // namespace edgecut::scenarios

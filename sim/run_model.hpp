// Everything one run needs, resolved: what an engine gets from the scenario layer.
//
// A run is one policy on one fleet, one cluster and one stream of queries. The model is immutable
// and may be shared by runs in several threads; nothing in it knows JSON.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/distribution.hpp"
#include "base/quantity.hpp"
#include "platforms/network.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/topology.hpp"
#include "policies/policy.hpp"
#include "predictors/cut_table.hpp"
#include "sim/cluster_model.hpp"
#include "workloads/arrivals.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::sim {

/// A kind of query: inference of a DNN, or a plain job whose times are drawn (queueing studies).
struct QueryClass {
  std::string name;
  double weight = 1;                                // share of the arrivals, relative to the others
  std::shared_ptr<const workloads::Dnn> dnn;        // null for a job
  std::optional<base::Distribution> device_time_s;  // of a job; absent: none on the device
  std::optional<base::Distribution> server_time_s;  // of a job; absent: none on the server
};

/// Nodes of one kind.
struct NodeGroup {
  std::string name;
  std::uint32_t count = 1;
  std::string device;
  std::optional<base::Power> idle_power;  // of the whole board; nothing without a device
  std::optional<base::Energy> battery;
  std::shared_ptr<const platforms::NetworkProfile> network;
  /// The uplinks; node i of the group gets trace i modulo their number. Never empty.
  std::vector<std::shared_ptr<const platforms::RateTrace>> traces;
  /// Each query's latency is drawn from these; null: it is the network's, which is what devices
  /// believe in either case.
  std::shared_ptr<const platforms::RoundTrips> round_trips;
  bool instant_uplink = false;  // sending takes no time; the traces are not asked
  /// Where the nodes' own links lead (RunModel::topology): node i of the group gets route i modulo
  /// their number. Empty: to the servers, with nothing in between.
  std::vector<std::uint32_t> routes;
  bool random_offset = true;  // each node starts at its own place in its trace
};

/// The true and the predicted cost of every cut of one query class on one node group. Server times
/// are those of one GPU, alone and not batched; with several kinds of servers their mean over GPUs.
struct CutCosts {
  predictors::CutTable truth;
  predictors::CutTable belief;
};

/// Where the intervals of latency come from.
enum class IntervalMethod : std::uint8_t {
  kBatchMeans,  // results::BatchSeries
  kBigHouse,    // results::LagSpaced
};

/// When a run ends.
struct StopRule {
  base::Duration duration;  // of simulated time, at the most
  /// After `duration` no query arrives, but those under way are completed (recorded arrivals).
  bool drain = false;
  /// Ends earlier, at a checkpoint, when every metric is this precise.
  std::optional<double> relative_precision;
  double confidence = 0.95;
  IntervalMethod method = IntervalMethod::kBatchMeans;
  std::vector<std::string> metrics;
};

/// What works the transfers out; all else is the same.
enum class Engine : std::uint8_t {
  kQueueing,  // links in closed form, cells with processor sharing
  kSimGrid,   // flows on SimGrid; every group has a route
};

struct RunModel {
  Engine engine = Engine::kQueueing;
  std::vector<QueryClass> classes;
  std::vector<NodeGroup> groups;
  std::vector<CutCosts> costs;  // of group g and class q at g * classes.size() + q
  workloads::ArrivalSpec arrivals;
  platforms::Topology topology;
  Cluster cluster;
  StopRule stop;
  std::uint64_t seed = 1;
  std::uint32_t replication = 0;
  /// Length of a time slab; nothing: chosen by the engine. The results do not depend on it.
  std::optional<base::Duration> slab;

  [[nodiscard]] const CutCosts& costs_of(std::size_t group, std::size_t query_class) const {
    return costs[group * classes.size() + query_class];
  }
  [[nodiscard]] bool any_dnn() const {
    return std::any_of(classes.begin(), classes.end(),
                       [](const QueryClass& query_class) { return query_class.dnn != nullptr; });
  }
  [[nodiscard]] std::uint32_t nodes() const {
    std::uint32_t total = 0;
    for (const NodeGroup& group : groups) {
      total += group.count;
    }
    return total;
  }
};

}  // namespace edgecut::sim

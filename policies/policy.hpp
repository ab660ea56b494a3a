// A split policy: from what a device can observe to a cut.
//
// A policy knows what its device knows: which DNN the query asks for, the predicted cost of every
// cut (predictors::CutTable), its network's profile, an estimate of the uplink's rate, and the
// server's load as last published. It is a pure function of these and keeps no state, so that it
// can be tested without an engine. Everything that does not depend on bandwidth is computed once,
// in `prepare`.
//
// Only the oracle sees more (UplinkTruth); it stands for the best decision that hindsight about
// costs and bandwidth allows.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/network.hpp"
#include "policies/choice_table.hpp"
#include "predictors/cut_table.hpp"

namespace edgecut::policies {

/// What the servers publish now and then, as a device last saw it; a signal fills in what it tells
/// and leaves the others as on an idle server.
struct ServerLoad {
  base::Duration wait = {};         // how long a query that arrives now waits for a GPU
  double level = 1;                 // how many times as long its layers take as alone
  base::Duration kernel_wait = {};  // how long each of its layers waits for its turn
  // For priced policies, which look at these instead of `wait`:
  base::Duration expected_wait = {};  // on average, at the present load
  double price = 0;                   // s of delay that a GPU-second costs the others
};

/// What a device sees when it asks for a decision, for one DNN on one kind of node.
struct Situation {
  const predictors::CutTable& cuts;  // predicted costs
  const platforms::NetworkProfile& network;
};

/// The future of one node's uplink, for policies that may see the truth.
class UplinkTruth {
 public:
  UplinkTruth() = default;
  UplinkTruth(const UplinkTruth&) = delete;
  UplinkTruth& operator=(const UplinkTruth&) = delete;
  virtual ~UplinkTruth() = default;
  /// When the upload of `size` ends that the node can start at `ready` at the earliest.
  [[nodiscard]] virtual base::Duration upload_end(base::Duration ready,
                                                  base::DataSize size) const = 0;
};

/// A policy made ready for one DNN on one kind of node.
class Decider {
 public:
  Decider() = default;
  Decider(const Decider&) = delete;
  Decider& operator=(const Decider&) = delete;
  virtual ~Decider() = default;

  /// The cut as a function of the estimated rate, under this published load.
  [[nodiscard]] virtual ChoiceTable choices(const ServerLoad& load) const = 0;
  /// Whether `choices` depends on the load at all.
  [[nodiscard]] virtual bool depends_on_load() const { return false; }

  /// Whether queries take the price at a factor of their own, drawn between a half and three
  /// halves: devices alike then answer a price by degrees instead of all at once.
  [[nodiscard]] virtual bool takes_own_price() const { return false; }

  /// Whether `choose_knowing` is to be asked for each query instead of `choices`.
  [[nodiscard]] virtual bool wants_truth() const { return false; }
  /// The cut for a query whose device layers can start at `start`.
  [[nodiscard]] virtual std::uint32_t choose_knowing(const UplinkTruth& uplink,
                                                     base::Duration start,
                                                     const ServerLoad& load) const;
};

/// For policies that do not look at the load: the same choices always.
std::unique_ptr<Decider> make_settled_decider(ChoiceTable choices);

/// Weights of what a policy minimises besides the upload; not negative, one of them positive.
struct Objective {
  double device_time = 0;    // a second on the device
  double server_time = 0;    // a second on the server
  double device_energy = 0;  // a joule of the device's layers
  bool operator==(const Objective&) const = default;
};
inline constexpr Objective kLatency = {.device_time = 1, .server_time = 1};
inline constexpr Objective kEnergy = {.device_energy = 1};

class Policy {
 public:
  explicit Policy(std::string name) : name_(std::move(name)) {}
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;
  virtual ~Policy() = default;

  /// As it stands in results; a scenario may label it otherwise.
  [[nodiscard]] const std::string& name() const { return name_; }
  /// Whether it is given the true costs where others are given predicted ones.
  [[nodiscard]] virtual bool sees_true_costs() const { return false; }
  /// Objectives besides latency and energy for which a layer graph's cuts are to be among those
  /// that it chooses from (policies/candidate_cuts.hpp).
  [[nodiscard]] virtual std::vector<Objective> objectives() const { return {}; }
  /// `dnn` names the layers for policies that are told where to cut.
  [[nodiscard]] virtual std::unique_ptr<Decider> prepare(const workloads::Dnn& dnn,
                                                         const Situation& situation) const = 0;

 private:
  std::string name_;
};

/// Expected latency of a cut when the uplink runs at `rate` and nothing else is under way: device
/// layers, upload, way there, server layers, way back, download (Neurosurgeon, ASPLOS 2017, eq. of
/// section 5.2, with the round trip added where the network has one). Infinite at rate zero when
/// anything is sent.
base::Duration expected_latency(const Situation& situation, const predictors::CutCost& cut,
                                base::DataRate rate, const ServerLoad& load);
/// The part of that which the load adds: level x server time in place of the server time, the wait
/// once, the kernels' waits once a layer on the server, price x server time. Zero when nothing runs
/// there.
base::Duration added_by_load(const predictors::CutCost& cut, const ServerLoad& load);
/// Expected energy of the device: its layers, transmission and reception.
base::Energy expected_energy(const Situation& situation, const predictors::CutCost& cut,
                             base::DataRate rate);

/// The same two as lines over 1 / rate.
CutLine latency_line(const Situation& situation, std::size_t cut, const ServerLoad& load);
CutLine energy_line(const Situation& situation, std::size_t cut);

}  // namespace edgecut::policies

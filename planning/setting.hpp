// One place in which a network may be split: a DNN on a device, a server, and the network between.
//
// Nothing is simulated: one query alone, nothing under way on the device or the radio. The server
// may be busy with others: at load L, each of its layers takes 1 / (1 - L) times as long, the mean
// sojourn of processor sharing (M/G/1-PS; Kleinrock, Queueing Systems vol. 2, 1976, section 4.4),
// which is how a GPU serves processes that take turns. Ignored: promotion and tail of the radio,
// which depend on what was sent before.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/network.hpp"
#include "policies/policy.hpp"
#include "predictors/cut_table.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::planning {

/// A setting by names, as a user gives it; each is that of a shipped file, or a path.
struct Request {
  std::string model;
  std::string device;
  std::string server;
  std::string network;
  std::optional<base::DataRate> uplink;                        // instead of the network's own
  std::optional<workloads::TensorPrecision> tensor_precision;  // instead of the model's own
  double load = 0;  // in [0, 1): share of the server's time that others take
  /// What the cuts are chosen by: a name of predictors::belief_names(), or the path of a
  /// predictor's file for the device (the server's is then the fitted one).
  std::string predictor = "truth";
};

struct Setting {
  std::shared_ptr<const workloads::Dnn> dnn;
  Request names;
  platforms::NetworkProfile network;
  base::DataRate uplink;        // infinite where sending takes no time
  predictors::CutTable truth;   // what each cut costs; server times at the request's load
  predictors::CutTable belief;  // what the predictor says; the same cuts

  [[nodiscard]] bool sending_takes_time() const { return base::is_finite(uplink); }
  [[nodiscard]] bool is_predicted() const { return names.predictor != "truth"; }
  [[nodiscard]] policies::Situation by_truth() const { return {truth, network}; }
  [[nodiscard]] policies::Situation by_belief() const { return {belief, network}; }
};

/// Finds and loads everything; relative paths are those of the working directory. On a layer graph
/// the tables hold, besides the prefixes of the layers' order, every cut that is cheapest for
/// latency, energy or one of `further_objectives` at some rate, by truth or by belief. Throws
/// base::ConfigError with everything that is wrong.
Setting make_setting(const Request& request,
                     const std::vector<policies::Objective>& further_objectives = {});

/// The same for a network that the caller has; `request.model` is not looked at.
Setting make_setting(std::shared_ptr<const workloads::Dnn> dnn, const Request& request,
                     const std::vector<policies::Objective>& further_objectives = {});

/// The last layer on the device, "input" for cloud-only; more in predictors::cut_name.
std::string cut_name(const Setting& setting, std::size_t cut);

}  // namespace edgecut::planning

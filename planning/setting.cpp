#include "planning/setting.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "base/errors.hpp"
#include "platforms/device.hpp"
#include "policies/candidate_cuts.hpp"
#include "predictors/belief.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::planning {
namespace {

const std::filesystem::path kHere = ".";

// A server of which others take a share: everything takes longer.
class BusyServer final : public predictors::CostModel {
 public:
  BusyServer(std::unique_ptr<predictors::CostModel> idle, double load)
      : idle_(std::move(idle)), factor_(1 / (1 - load)) {}
  [[nodiscard]] const std::string& name() const override { return idle_->name(); }
  [[nodiscard]] predictors::LayerCost cost(const workloads::Dnn& dnn,
                                           std::size_t layer) const override {
    predictors::LayerCost cost = idle_->cost(dnn, layer);
    cost.time *= factor_;
    return cost;
  }

 private:
  std::unique_ptr<predictors::CostModel> idle_;
  double factor_;
};

// What the costs of cuts come from: by truth or by belief.
struct Processors {
  std::unique_ptr<predictors::CostModel> device;
  BusyServer server;
};

// Adds what a step throws to the problems; whether it did its work.
void attempt(base::Problems& problems, const std::function<void()>& step) {
  try {
    step();
  } catch (const base::ConfigError& error) {
    problems.add(error);
  }
}

// Everything but the network's layers.
struct Places {
  platforms::Device device;
  platforms::Device server;
  platforms::NetworkProfile network;
};

Places find_places(const Request& request, base::Problems& problems) {
  Places places;
  attempt(problems,
          [&] { places.device = platforms::find_device(request.device, kHere, "--device"); });
  attempt(problems,
          [&] { places.server = platforms::find_device(request.server, kHere, "--server"); });
  attempt(problems,
          [&] { places.network = platforms::find_network(request.network, kHere, "--network"); });
  if (problems.empty() && places.device.kind == platforms::DeviceKind::kServer) {
    problems.add("--device", "\"" + places.device.name + "\" is a server: name a mobile device");
  }
  return places;
}

predictors::Belief belief_of(const Request& request) {
  const std::vector<std::string>& names = predictors::belief_names();
  const auto found = std::find(names.begin(), names.end(), request.predictor);
  if (found != names.end()) {
    return {static_cast<predictors::BeliefKind>(found - names.begin()), {}};
  }
  if (request.predictor.find('/') == std::string::npos && !request.predictor.ends_with(".json")) {
    throw base::ConfigError("--predictor", "unknown predictor \"" + request.predictor + "\"" +
                                               base::suggestion(request.predictor, names) +
                                               "; or the path of a predictor file");
  }
  return {predictors::BeliefKind::kFitted, {{request.device, request.predictor}}};
}

Processors find_processors(const predictors::Belief& belief, const Request& request) {
  return {predictors::find_costs(request.device, belief, kHere),
          {predictors::find_costs(request.server, belief, kHere), request.load}};
}

Setting combine(std::shared_ptr<const workloads::Dnn> dnn, const Places& places,
                const Request& request,
                const std::vector<policies::Objective>& further_objectives) {
  Setting setting;
  setting.dnn = std::move(dnn);
  setting.names = request;
  setting.network = places.network;
  constexpr base::DataRate kInstant = base::bits_per_s(std::numeric_limits<double>::infinity());
  setting.uplink = request.uplink.value_or(setting.network.uplink.value_or(kInstant));
  std::vector<policies::Objective> objectives = {policies::kLatency, policies::kEnergy};
  objectives.insert(objectives.end(), further_objectives.begin(), further_objectives.end());
  const Processors truth = find_processors({}, request);
  const Processors belief = find_processors(belief_of(request), request);
  const auto further_cuts = [&](const Processors& by) {
    return policies::further_cuts(*setting.dnn, *by.device, by.server, objectives);
  };
  // Both tables list the same cuts, so that a cut has one number.
  const auto further = policies::merge_cuts(further_cuts(truth), further_cuts(belief));
  setting.truth = predictors::make_cut_table(*setting.dnn, *truth.device, truth.server, further);
  setting.belief = predictors::make_cut_table(*setting.dnn, *belief.device, belief.server, further);
  return setting;
}

}  // namespace

Setting make_setting(const Request& request,
                     const std::vector<policies::Objective>& further_objectives) {
  base::Problems problems;
  std::shared_ptr<const workloads::Dnn> dnn;
  attempt(problems, [&] {
    const auto found = workloads::find_model(request.model, kHere, "--model");
    dnn = std::make_shared<const workloads::Dnn>(
        request.tensor_precision ? found.sent_as(*request.tensor_precision) : found);
  });
  const Places places = find_places(request, problems);
  problems.throw_if_any();
  return combine(std::move(dnn), places, request, further_objectives);
}

Setting make_setting(std::shared_ptr<const workloads::Dnn> dnn, const Request& request,
                     const std::vector<policies::Objective>& further_objectives) {
  base::Problems problems;
  const Places places = find_places(request, problems);
  problems.throw_if_any();
  return combine(std::move(dnn), places, request, further_objectives);
}

std::string cut_name(const Setting& setting, std::size_t cut) {
  return predictors::cut_name(*setting.dnn, setting.truth, cut);
}

}  // namespace edgecut::planning

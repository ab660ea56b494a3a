#include "planning/setting.hpp"

#include <functional>
#include <limits>

#include "base/errors.hpp"
#include "platforms/device.hpp"
#include "policies/candidate_cuts.hpp"
#include "predictors/calibrated_model.hpp"
#include "predictors/form_predictor.hpp"
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

Processors find_processors(bool by_truth, const platforms::Device& device,
                           const platforms::Device& server, double load) {
  const auto find = by_truth ? predictors::find_cost_model : predictors::find_form_predictor;
  return {find(device.cost_model, device.directory, "--device"),
          {find(server.cost_model, server.directory, "--server"), load}};
}

}  // namespace

Setting make_setting(const Request& request,
                     const std::vector<policies::Objective>& further_objectives) {
  base::Problems problems;
  const auto attempt = [&problems](const std::function<void()>& step) {
    try {
      step();
    } catch (const base::ConfigError& error) {
      problems.add(error);
    }
  };
  Setting setting;
  setting.names = request;
  platforms::Device device;
  platforms::Device server;
  attempt([&] {
    setting.dnn = std::make_shared<const workloads::Dnn>(
        workloads::find_model(request.model, kHere, "--model"));
  });
  attempt([&] { device = platforms::find_device(request.device, kHere, "--device"); });
  attempt([&] { server = platforms::find_device(request.server, kHere, "--server"); });
  attempt([&] { setting.network = platforms::find_network(request.network, kHere, "--network"); });
  problems.throw_if_any();
  if (device.kind == platforms::DeviceKind::kServer) {
    problems.add("--device", "\"" + device.name + "\" is a server: name a mobile device");
  }
  problems.throw_if_any();

  constexpr base::DataRate kInstant = base::bits_per_s(std::numeric_limits<double>::infinity());
  setting.uplink = request.uplink.value_or(setting.network.uplink.value_or(kInstant));
  std::vector<policies::Objective> objectives = {policies::kLatency, policies::kEnergy};
  objectives.insert(objectives.end(), further_objectives.begin(), further_objectives.end());
  const Processors truth = find_processors(true, device, server, request.load);
  const Processors belief = find_processors(!setting.is_predicted(), device, server, request.load);
  const auto further_cuts = [&](const Processors& by) {
    return policies::further_cuts(*setting.dnn, *by.device, by.server, objectives);
  };
  // Both tables list the same cuts, so that a cut has one number.
  const auto further = policies::merge_cuts(further_cuts(truth), further_cuts(belief));
  setting.truth = predictors::make_cut_table(*setting.dnn, *truth.device, truth.server, further);
  setting.belief = predictors::make_cut_table(*setting.dnn, *belief.device, belief.server, further);
  return setting;
}

std::string cut_name(const Setting& setting, std::size_t cut) {
  return predictors::cut_name(*setting.dnn, setting.truth, cut);
}

}  // namespace edgecut::planning

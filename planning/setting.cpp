#include "planning/setting.hpp"

#include <functional>
#include <limits>

#include "base/errors.hpp"
#include "platforms/device.hpp"
#include "predictors/calibrated_model.hpp"
#include "predictors/form_predictor.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::planning {
namespace {

const std::filesystem::path kHere = ".";

void stretch(predictors::CutTable& table, double load) {
  for (predictors::CutCost& cut : table.cuts) {
    cut.server_time *= 1 / (1 - load);
  }
}

}  // namespace

Setting make_setting(const Request& request) {
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
  const auto table = [&](bool truth) {
    const auto find = truth ? predictors::find_cost_model : predictors::find_form_predictor;
    const auto of_device = find(device.cost_model, device.directory, "--device");
    const auto of_server = find(server.cost_model, server.directory, "--server");
    predictors::CutTable cuts = predictors::make_cut_table(*setting.dnn, *of_device, *of_server);
    stretch(cuts, request.load);
    return cuts;
  };
  setting.truth = table(true);
  setting.belief = table(!setting.is_predicted());
  return setting;
}

std::string cut_name(const Setting& setting, std::size_t cut) {
  return cut == 0 ? "input" : setting.dnn->layers()[cut - 1].name;
}

}  // namespace edgecut::planning

#include "reproduction/study_rows.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::reproduction {
namespace {

using workloads::Dnn;

// The network with other accounting: what its input weighs, who sends the last tensor.
std::shared_ptr<const Dnn> accounted(const std::string& model, const Variant& variant) {
  const Dnn dnn = workloads::find_model(model, ".", "study.json#/models");
  nlohmann::json document = nlohmann::json::parse(workloads::write_model(dnn));
  document["input"]["size_bytes"] = base::in_bytes(dnn.input_size()) * variant.input_size_factor;
  document["output_is_uploaded"] = variant.output_is_uploaded.value_or(dnn.output_is_uploaded());
  return std::make_shared<const Dnn>(
      workloads::read_model(base::JsonDocument::from_text(document.dump(), model)));
}

planning::Request request_of(const Study& study, const std::string& model,
                             const std::string& device, const std::string& network,
                             const std::string& predictor) {
  planning::Request request;
  request.model = model;
  request.device = device;
  request.server = study.server;
  request.network = network;
  request.predictor = predictor;
  return request;
}

void apply(const Variant& variant, predictors::CutTable& table) {
  for (predictors::CutCost& cut : table.cuts) {
    cut.server_time *= variant.server_time_factor;
    cut.device_energy += base::watts(variant.device_power_offset_w) * cut.device_time;
  }
}

}  // namespace

std::vector<std::unique_ptr<planning::Setting>> study_settings(const Study& study,
                                                               const std::string& predictor,
                                                               const Variant& variant) {
  std::vector<std::unique_ptr<planning::Setting>> settings;
  const auto& networks = variant.networks.empty() ? study.networks : variant.networks;
  for (const std::string& model : study.models) {
    const std::shared_ptr<const Dnn> dnn = accounted(model, variant);
    for (const std::string& network : networks) {
      for (const std::string& device : study.devices) {
        settings.push_back(std::make_unique<planning::Setting>(
            planning::make_setting(dnn, request_of(study, model, device, network, predictor))));
        planning::Setting& setting = *settings.back();
        setting.uplink = setting.uplink * variant.uplink_factor;
        apply(variant, setting.truth);
        apply(variant, setting.belief);
      }
    }
  }
  return settings;
}

planning::Setting study_setting(const Study& study, const std::string& model,
                                const std::string& device, const std::string& network) {
  return planning::make_setting(request_of(study, model, device, network, "truth"));
}

std::vector<planning::ConfigurationRow> compare_all(
    const std::vector<std::unique_ptr<planning::Setting>>& settings,
    const planning::Objective& objective) {
  std::vector<planning::ConfigurationRow> rows;
  for (const auto& setting : settings) {
    rows.push_back(planning::compare(*setting, objective));
  }
  return rows;
}

}  // namespace edgecut::reproduction

#include "predictors/belief.hpp"

#include <utility>

#include "base/file.hpp"
#include "platforms/device.hpp"
#include "predictors/form_predictor.hpp"
#include "predictors/predictor.hpp"

namespace edgecut::predictors {
namespace {

// A predictor's file beside the powers of the device's cost model, for profiles without power.
std::unique_ptr<CostModel> with_powers(const std::filesystem::path& predictor,
                                       const platforms::Device& device, const std::string& where) {
  const CalibratedModelData model = load_calibrated_model(base::resolve_data(
      device.cost_model, "predictors/models", ".json", device.directory, where, "cost model"));
  std::array<base::Power, kLayerTypes> powers;
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    powers.at(t) = model.forms.at(t).power;
  }
  return std::make_unique<FittedPredictor>(load_predictor(predictor), powers);
}

}  // namespace

const std::vector<std::string>& belief_names() {
  static const std::vector<std::string> names = {"truth", "forms", "published", "fitted"};
  return names;
}

std::unique_ptr<CostModel> find_costs(const std::string& device, const Belief& belief,
                                      const std::filesystem::path& directory) {
  const platforms::Device found = platforms::find_device(device, directory, device);
  const std::string where = "device " + found.name + "#/cost_model";
  if (const auto file = belief.files.find(device); file != belief.files.end()) {
    return with_powers(base::resolve_data(file->second, "predictors/fitted", ".json", directory,
                                          "predictor of " + device, "predictor"),
                       found, where);
  }
  switch (belief.kind) {
    case BeliefKind::kTruth:
      return find_cost_model(found.cost_model, found.directory, where);
    case BeliefKind::kForms:
      return find_form_predictor(found.cost_model, found.directory, where);
    case BeliefKind::kPublished:
    case BeliefKind::kFitted:
      break;
  }
  const bool is_fitted = belief.kind == BeliefKind::kFitted;
  return with_powers(
      base::resolve_data(found.name, is_fitted ? "predictors/fitted" : "predictors/published",
                         ".json", directory, "predictor of " + device, "predictor"),
      found, where);
}

}  // namespace edgecut::predictors

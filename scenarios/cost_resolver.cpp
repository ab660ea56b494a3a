#include "scenarios/cost_resolver.hpp"

#include <map>

#include "platforms/device.hpp"
#include "predictors/calibrated_model.hpp"
#include "predictors/form_predictor.hpp"

namespace edgecut::scenarios {
namespace {

using predictors::CostModel;

using Find = std::unique_ptr<CostModel> (*)(const std::string&, const std::filesystem::path&,
                                            const std::string&);

// The models of every processor of the scenario, each loaded once.
class CostModels {
 public:
  CostModels(std::filesystem::path directory, Find find)
      : directory_(std::move(directory)), find_(find) {}

  const CostModel& of_device(const std::string& reference) {
    auto& model = models_[reference];
    if (!model) {
      const platforms::Device device = platforms::find_device(reference, directory_, reference);
      model = find_(device.cost_model, device.directory, "device " + device.name + "#/cost_model");
    }
    return *model;
  }

 private:
  std::filesystem::path directory_;
  Find find_;
  std::map<std::string, std::unique_ptr<CostModel>> models_;
};

// A job has no layers to split: one way to run it, with times that are drawn.
predictors::CutTable job_table() {
  predictors::CutTable table;
  table.cuts.emplace_back();
  return table;
}

}  // namespace

void resolve_costs(Scenario& scenario, const std::filesystem::path& directory, Belief belief) {
  CostModels truths(directory, predictors::find_cost_model);
  CostModels beliefs(directory, belief == Belief::kForms ? predictors::find_form_predictor
                                                         : predictors::find_cost_model);
  sim::RunModel& model = scenario.model;
  const auto table = [&model](CostModels& models, const sim::NodeGroup& group,
                              const workloads::Dnn& dnn) {
    return predictors::make_cut_table(dnn, models.of_device(group.device),
                                      models.of_device(model.cluster.server));
  };
  for (const sim::NodeGroup& group : model.groups) {
    for (const sim::QueryClass& query_class : model.classes) {
      if (query_class.dnn) {
        model.costs.push_back(
            {table(truths, group, *query_class.dnn), table(beliefs, group, *query_class.dnn)});
      } else {
        model.costs.push_back({job_table(), job_table()});
      }
    }
  }
}

}  // namespace edgecut::scenarios

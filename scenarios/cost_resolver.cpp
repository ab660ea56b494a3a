#include "scenarios/cost_resolver.hpp"

#include <map>

#include "platforms/device.hpp"
#include "predictors/calibrated_model.hpp"

namespace edgecut::scenarios {
namespace {

using predictors::CostModel;

// Every cost model that the scenario needs, loaded once.
class CostModels {
 public:
  explicit CostModels(std::filesystem::path directory) : directory_(std::move(directory)) {}

  const CostModel& of_device(const std::string& reference) {
    auto& model = models_[reference];
    if (!model) {
      const platforms::Device device = platforms::find_device(reference, directory_, reference);
      model = predictors::find_cost_model(device.cost_model, device.directory, device.name);
    }
    return *model;
  }

 private:
  std::filesystem::path directory_;
  std::map<std::string, std::unique_ptr<CostModel>> models_;
};

// A job has no layers to split: one way to run it, with times that are drawn.
predictors::CutTable job_table() {
  predictors::CutTable table;
  table.cuts.emplace_back();
  return table;
}

}  // namespace

void resolve_costs(Scenario& scenario) {
  CostModels models(scenario.path.parent_path());
  sim::RunModel& model = scenario.model;
  for (const sim::NodeGroup& group : model.groups) {
    for (const sim::QueryClass& query_class : model.classes) {
      if (!query_class.dnn) {
        model.costs.push_back({job_table(), job_table()});
        continue;
      }
      predictors::CutTable truth = predictors::make_cut_table(
          *query_class.dnn, models.of_device(group.device), models.of_device(model.cluster.server));
      model.costs.push_back({truth, truth});
    }
  }
}

}  // namespace edgecut::scenarios

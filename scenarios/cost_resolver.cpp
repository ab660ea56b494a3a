#include "scenarios/cost_resolver.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include "policies/candidate_cuts.hpp"
#include "predictors/belief.hpp"

namespace edgecut::scenarios {
namespace {

using predictors::CostModel;

// The models of every processor of the scenario, each loaded once.
class CostModels {
 public:
  CostModels(std::filesystem::path directory, predictors::Belief belief)
      : directory_(std::move(directory)), belief_(std::move(belief)) {}

  const CostModel& of_device(const std::string& reference) {
    auto& model = models_[reference];
    if (!model) {
      model = predictors::find_costs(reference, belief_, directory_);
    }
    return *model;
  }

 private:
  std::filesystem::path directory_;
  predictors::Belief belief_;
  std::map<std::string, std::unique_ptr<CostModel>> models_;
};

// A job has no layers to split: one way to run it, with times that are drawn.
predictors::CutTable job_table() {
  predictors::CutTable table;
  table.cuts.emplace_back();
  return table;
}

struct Processors {
  const CostModel& device;
  const CostModel& server;
};

// What the scenario's policies minimise; latency and energy always, so that cuts have the same
// numbers and names whichever of the usual policies are run.
std::vector<policies::Objective> objectives_of(const Scenario& scenario) {
  std::vector<policies::Objective> objectives = {policies::kLatency, policies::kEnergy};
  for (const PolicyChoice& choice : scenario.policies) {
    for (const policies::Objective& objective : choice.policy->objectives()) {
      if (std::find(objectives.begin(), objectives.end(), objective) == objectives.end()) {
        objectives.push_back(objective);
      }
    }
  }
  return objectives;
}

}  // namespace

void resolve_costs(Scenario& scenario, const std::filesystem::path& directory,
                   const predictors::Belief& belief) {
  CostModels truths(directory, {});
  CostModels beliefs(directory, belief);
  sim::RunModel& model = scenario.model;
  const std::vector<policies::Objective> objectives = objectives_of(scenario);
  for (const sim::NodeGroup& group : model.groups) {
    for (const sim::QueryClass& query_class : model.classes) {
      if (query_class.dnn) {
        const workloads::Dnn& dnn = *query_class.dnn;
        const Processors truth = {truths.of_device(group.device),
                                  truths.of_device(model.cluster.server)};
        const Processors believed = {beliefs.of_device(group.device),
                                     beliefs.of_device(model.cluster.server)};
        // Both tables list the same cuts, so that a cut has one number.
        const auto further = policies::merge_cuts(
            policies::further_cuts(dnn, truth.device, truth.server, objectives),
            policies::further_cuts(dnn, believed.device, believed.server, objectives));
        model.costs.push_back(
            {predictors::make_cut_table(dnn, truth.device, truth.server, further),
             predictors::make_cut_table(dnn, believed.device, believed.server, further)});
      } else {
        model.costs.push_back({job_table(), job_table()});
      }
    }
  }
}

}  // namespace edgecut::scenarios

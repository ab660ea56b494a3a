#include "scenarios/cost_resolver.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "policies/candidate_cuts.hpp"
#include "predictors/mean_cost_model.hpp"
#include "predictors/server_work.hpp"

namespace edgecut::scenarios {
namespace {

using predictors::CostModel;
using predictors::CutTable;

// The models of every processor, under one belief.
class CostModels {
 public:
  CostModels(std::filesystem::path directory, predictors::Belief belief, SharedInputs& inputs)
      : directory_(std::move(directory)), belief_(std::move(belief)), inputs_(inputs) {}

  // What tells this belief from others, for the keys of what is kept.
  [[nodiscard]] std::string name() const {
    std::string text = predictors::belief_names().at(static_cast<std::size_t>(belief_.kind));
    for (const auto& [device, file] : belief_.files) {
      text += '\n' + device + '\n' + file;
    }
    return text;
  }

  std::shared_ptr<const std::unique_ptr<CostModel>> of_device(const std::string& reference) {
    return inputs_.get<std::unique_ptr<CostModel>>(
        "costs", {directory_.string(), name(), reference},
        [&] { return predictors::find_costs(reference, belief_, directory_); });
  }

 private:
  std::filesystem::path directory_;
  predictors::Belief belief_;
  SharedInputs& inputs_;
};

// A job has no layers to split: one way to run it, with times that are drawn.
CutTable job_table() {
  CutTable table;
  table.cuts.emplace_back();
  return table;
}

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

std::string text_of(const std::vector<policies::Objective>& objectives) {
  std::string text;
  for (const policies::Objective& one : objectives) {
    for (const double weight : {one.device_time, one.server_time, one.device_energy}) {
      text += base::format_number(weight) + ' ';
    }
  }
  return text;
}

// What a query expects of a server: the mean over the GPUs of all kinds.
std::shared_ptr<const CostModel> server_of(const sim::Cluster& cluster, CostModels& models) {
  const auto of_kind = [&](const sim::ServerKind& kind) {
    const auto kept = models.of_device(kind.server);
    return std::shared_ptr<const CostModel>(kept, kept->get());
  };
  if (cluster.kinds.size() == 1) {
    return of_kind(cluster.kinds.front());
  }
  std::vector<predictors::MeanCostModel::Part> parts;
  for (const sim::ServerKind& kind : cluster.kinds) {
    parts.push_back({of_kind(kind), static_cast<double>(kind.count) * kind.gpus / cluster.gpus()});
  }
  return std::make_shared<const predictors::MeanCostModel>(std::move(parts));
}

// What the tables depend on of the servers.
std::string text_of(const sim::Cluster& cluster) {
  std::string text;
  for (const sim::ServerKind& kind : cluster.kinds) {
    text += kind.server + '\n';
    if (cluster.kinds.size() > 1) {
      text += std::to_string(std::uint64_t{kind.count} * kind.gpus) + '\n';
    }
  }
  return text;
}

// The costs of every cut of a network between a device and the servers.
sim::CutCosts tables_of(const workloads::Dnn& dnn, const std::string& device,
                        const sim::Cluster& cluster, CostModels& truths, CostModels& beliefs,
                        const std::vector<policies::Objective>& objectives) {
  const auto true_device = truths.of_device(device);
  const auto true_server = server_of(cluster, truths);
  const auto believed_device = beliefs.of_device(device);
  const auto believed_server = server_of(cluster, beliefs);
  // Both tables list the same cuts, so that a cut has one number.
  const auto further = policies::merge_cuts(
      policies::further_cuts(dnn, **true_device, *true_server, objectives),
      policies::further_cuts(dnn, **believed_device, *believed_server, objectives));
  return {predictors::make_cut_table(dnn, **true_device, *true_server, further),
          predictors::make_cut_table(dnn, **believed_device, *believed_server, further)};
}

// What the servers of a kind have to do for every class.
void resolve_work(const std::vector<sim::QueryClass>& classes, CostModels& truths,
                  sim::ServerKind& kind) {
  const std::uint32_t batch_max =
      kind.discipline == sim::Discipline::kBatching ? kind.batching.size_max : 1;
  for (const sim::QueryClass& query_class : classes) {
    kind.work.push_back(
        query_class.dnn
            ? predictors::ServerWork(*query_class.dnn, **truths.of_device(kind.server), batch_max)
            : predictors::ServerWork());
  }
}

}  // namespace

std::shared_ptr<const platforms::Device> find_shared_device(const std::string& reference,
                                                            const std::filesystem::path& directory,
                                                            const std::string& where,
                                                            SharedInputs& inputs) {
  return inputs.get<platforms::Device>("device", {directory.string(), reference}, [&] {
    return platforms::find_device(reference, directory, where);
  });
}

void resolve_costs(Scenario& scenario, const std::filesystem::path& directory,
                   const predictors::Belief& belief, SharedInputs& inputs) {
  struct Kept {
    std::shared_ptr<const workloads::Dnn> dnn;  // lives, so that its address stays its own
    sim::CutCosts costs;
  };
  CostModels truths(directory, {}, inputs);
  CostModels beliefs(directory, belief, inputs);
  sim::RunModel& model = scenario.model;
  const std::vector<policies::Objective> objectives = objectives_of(scenario);
  const std::string minimised = text_of(objectives);
  const std::string servers = text_of(model.cluster);
  for (sim::ServerKind& kind : model.cluster.kinds) {
    resolve_work(model.classes, truths, kind);
  }
  for (const sim::NodeGroup& group : model.groups) {
    for (const sim::QueryClass& query_class : model.classes) {
      if (!query_class.dnn) {
        model.costs.push_back({job_table(), job_table()});
        continue;
      }
      const auto address = std::to_string(reinterpret_cast<std::uintptr_t>(query_class.dnn.get()));
      const auto kept = inputs.get<Kept>(
          "cuts", {directory.string(), beliefs.name(), address, group.device, servers, minimised},
          [&] {
            return Kept{query_class.dnn, tables_of(*query_class.dnn, group.device, model.cluster,
                                                   truths, beliefs, objectives)};
          });
      model.costs.push_back(kept->costs);
    }
  }
}

}  // namespace edgecut::scenarios

// The study's configurations in other worlds: does splitting still pay, and for whom?
//
// Each configuration (world, DNN, device, network) is a simulated run of one device that asks now
// and then, so that nothing waits for anything: what is compared are decisions, not queues. Rates
// that vary, radios with states and believed costs are all that can mislead a policy.
#include <algorithm>
#include <map>

#include "base/json_reader.hpp"
#include "reproduction/figure_parts.hpp"
#include "reproduction/figures.hpp"
#include "results/csv.hpp"
#include "scenarios/parallel.hpp"
#include "scenarios/runner.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::reproduction {
namespace {

using nlohmann::json;
using results::CsvCell;
using results::Metric;

struct Configuration {
  const World* world = nullptr;
  std::string model;
  bool in_study = true;
  std::string device;
  std::size_t network = 0;  // of the study's
};

struct Measured {
  Configuration configuration;
  std::vector<double> latency_s;  // by policy
  std::vector<double> energy_j;
};

std::vector<Configuration> configurations_of(const Study& study, const World& world) {
  std::vector<Configuration> list;
  const auto add = [&](const std::string& model, bool in_study) {
    for (std::size_t network = 0; network < study.networks.size(); ++network) {
      for (const std::string& device : study.devices) {
        list.push_back({&world, model, in_study, device, network});
      }
    }
  };
  for (const std::string& model : study.models) {
    add(model, true);
  }
  for (const std::string& model : study.beyond.models) {
    add(model, false);
  }
  return list;
}

json scenario_of(const Study& study, const Configuration& configuration) {
  const World& world = *configuration.world;
  json query = {{"model", configuration.model}};
  if (!world.tensor_precision.empty()) {
    query["tensor_precision"] = world.tensor_precision;
  }
  const auto& networks = world.networks.empty() ? study.networks : world.networks;
  json group = {
      {"count", 1}, {"device", configuration.device}, {"network", networks[configuration.network]}};
  if (!world.traces.empty()) {
    group["trace"] = world.traces[configuration.network];
    group["count"] = world.traces[configuration.network].size();
  }
  return {
      {"workload",
       {{"queries", {query}},
        {"arrivals",
         {{"process", "poisson"}, {"rate_per_s", study.beyond.rate_per_s}, {"scope", "node"}}}}},
      {"fleet", {group}},
      {"cloud", {{"server", study.server}}},
      {"predictor", study.beyond.predictor},
      {"policies", study.beyond.policies},
      {"compare", "none"},
      {"allow_overload", true},
      {"stop", {{"queries", study.beyond.queries}}}};
}

Measured measure(const Study& study, const Configuration& configuration,
                 const FigureOptions& options, scenarios::SharedInputs& inputs) {
  scenarios::ScenarioOptions how;
  how.trace_directory = options.trace_directory;
  how.shared = &inputs;
  const auto scenario = scenarios::read_scenario(
      base::JsonDocument::from_text(scenario_of(study, configuration).dump(), "beyond"),
      study.path.parent_path(), how);
  scenarios::RunnerOptions run;
  run.cancelled = options.cancelled;
  Measured measured{configuration, {}, {}};
  for (const auto& result : scenarios::run_policies(scenario, run)) {
    const auto summary = result.outcome.summarize(scenario.model.stop.confidence);
    measured.latency_s.push_back(summary[Metric::kLatencyMean]->value);
    measured.energy_j.push_back(summary[Metric::kEnergyMean]->value);
  }
  return measured;
}

std::size_t place_of(const Study& study, const std::string& policy) {
  const auto& policies = study.beyond.policies;
  const auto found = std::find(policies.begin(), policies.end(), policy);
  if (found == policies.end()) {
    throw base::ConfigError(study.path.string() + "#/beyond/policies",
                            "needs \"" + policy + "\", which the others are held against");
  }
  return static_cast<std::size_t>(found - policies.begin());
}

// What one policy does for the configurations of a world.
struct Gains {
  double mean = 1;  // over cloud-only, geometric
  double max = 1;
  double over_better_end = 1;  // over the better of cloud-only and device-only, geometric mean
  double energy_mean = 1;
  double slower = 0;          // configurations in which cloud-only is faster by 1 % and more
  double worse_than_end = 0;  // in which one of the ends is faster by 1 % and more
};

Gains gains_of(const Study& study, const std::vector<Measured>& all, const World& world,
               std::size_t policy, bool in_study) {
  const std::size_t cloud = place_of(study, "cloud-only");
  const std::size_t device = place_of(study, "device-only");
  std::vector<double> latency;
  std::vector<double> energy;
  std::vector<double> over_ends;
  Gains gains;
  for (const Measured& one : all) {
    if (one.configuration.world != &world || one.configuration.in_study != in_study) {
      continue;
    }
    const double mine = one.latency_s[policy];
    const double end = std::min(one.latency_s[cloud], one.latency_s[device]);
    latency.push_back(one.latency_s[cloud] / mine);
    over_ends.push_back(end / mine);
    energy.push_back(one.energy_j[cloud] / one.energy_j[policy]);
    gains.slower += latency.back() < 0.99 ? 1 : 0;
    gains.worse_than_end += over_ends.back() < 0.99 ? 1 : 0;
  }
  gains.mean = geometric_mean(latency);
  gains.max = *std::max_element(latency.begin(), latency.end());
  gains.over_better_end = geometric_mean(over_ends);
  gains.energy_mean = geometric_mean(energy);
  return gains;
}

std::string configurations_csv(const Study& study, const std::vector<Measured>& all) {
  std::vector<CsvCell> header = {"world", "model", "device", "network"};
  for (const std::string& policy : study.beyond.policies) {
    header.emplace_back(policy + "_latency_s");
    header.emplace_back(policy + "_energy_j");
  }
  std::string text = results::csv_line(header);
  for (const Measured& one : all) {
    const Configuration& configuration = one.configuration;
    std::vector<CsvCell> cells = {configuration.world->name, configuration.model,
                                  configuration.device,
                                  technology(study.networks[configuration.network])};
    for (std::size_t p = 0; p < one.latency_s.size(); ++p) {
      cells.emplace_back(one.latency_s[p]);
      cells.emplace_back(one.energy_j[p]);
    }
    text += results::csv_line(cells);
  }
  return text;
}

std::vector<Measured> measure_all(const Study& study, const std::vector<const World*>& worlds,
                                  const FigureOptions& options) {
  std::vector<Configuration> list;
  for (const World* world : worlds) {
    const auto more = configurations_of(study, *world);
    list.insert(list.end(), more.begin(), more.end());
  }
  std::vector<Measured> all(list.size());
  const std::size_t shares = std::max(1U, options.threads);
  scenarios::for_each_index(shares, options.threads, [&](std::size_t share) {
    scenarios::SharedInputs inputs;
    for (std::size_t i = share; i < list.size(); i += shares) {
      all[i] = measure(study, list[i], options, inputs);
    }
  });
  return all;
}

}  // namespace

Figure beyond(const Study& study, const FigureOptions& options) {
  std::vector<const World*> worlds;
  Figure figure;
  for (const World& world : study.beyond.worlds) {
    if (!world.needs_recordings || !options.trace_directory.empty()) {
      worlds.push_back(&world);
    } else {
      figure.remarks.push_back("World \"" + world.name +
                               "\" was left out: its recordings do not ship (--trace-dir).");
    }
  }
  const std::vector<Measured> all = measure_all(study, worlds, options);
  std::string text =
      results::csv_line({"world", "networks", "policy", "latency_gain_mean", "latency_gain_max",
                         "gain_over_better_end", "energy_gain_mean", "slower_than_cloud_only",
                         "slower_than_better_end", "configurations"});
  results::PlotPanel panel{"Latency gain over cloud-only, geometric mean",
                           {.label = "", .names_upright = true},
                           {.label = "times", .min = 0},
                           {}};
  for (const bool in_study : {true, false}) {
    const std::string models = in_study ? "the study's eight" : "later DNNs";
    for (std::size_t p = 0; p < study.beyond.policies.size(); ++p) {
      const std::string& policy = study.beyond.policies[p];
      results::PlotSeries series{
          policy + (in_study ? "" : ", later DNNs"), {}, results::PlotStyle::kLinePoints};
      for (std::size_t w = 0; w < worlds.size(); ++w) {
        const Gains gains = gains_of(study, all, *worlds[w], p, in_study);
        const double count =
            static_cast<double>((in_study ? study.models : study.beyond.models).size() *
                                study.devices.size() * study.networks.size());
        text += results::csv_line({worlds[w]->name, models, policy, gains.mean, gains.max,
                                   gains.over_better_end, gains.energy_mean, gains.slower,
                                   gains.worse_than_end, count});
        series.points.push_back({static_cast<double>(w), gains.mean});
        if (policy == "neurosurgeon-latency") {
          const std::string of = worlds[w]->name + (in_study ? "" : ", later DNNs");
          figure.comparisons.push_back(
              {"Neurosurgeon over cloud-only, " + of, "x", gains.mean, {}, {}});
        }
      }
      if (policy != "cloud-only" && in_study) {
        panel.series.push_back(std::move(series));
      }
    }
  }
  for (std::size_t w = 0; w < worlds.size(); ++w) {
    panel.x.names.emplace_back(static_cast<double>(w), worlds[w]->name);
  }
  figure.remarks.push_back(
      "One device that asks once in a while; Neurosurgeon and DADS believe in the fitted "
      "predictors. gain_over_better_end: over the better of cloud-only and device-only in each "
      "configuration, so 1 means that a fixed choice would do.");
  figure.tables.emplace_back("beyond.csv", text);
  figure.tables.emplace_back("beyond-configurations.csv", configurations_csv(study, all));
  figure.plots.emplace_back("beyond", results::Plot{{panel}, 1000, 520});
  return figure;
}

}  // namespace edgecut::reproduction

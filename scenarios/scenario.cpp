#include "scenarios/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "policies/registry.hpp"
#include "results/metrics.hpp"
#include "scenarios/cost_resolver.hpp"
#include "scenarios/fleet_reader.hpp"
#include "scenarios/workload_reader.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kQueriesMax = 1e11;
constexpr double kDefaultQueries = 1e6;

void read_stop(JsonObject& root, const ScenarioOptions& options, Scenario& scenario) {
  sim::StopRule& stop = scenario.model.stop;
  double queries = kDefaultQueries;
  stop.metrics = {"latency_mean", "latency_p95"};
  if (const auto value = root.find("stop")) {
    JsonObject object = value->object();
    if (const auto fixed = object.find("queries")) {
      queries = static_cast<double>(fixed->integer(Range::between(1, kQueriesMax)));
    } else {
      queries = static_cast<double>(object.integer_or("queries_max",
                                                      static_cast<std::int64_t>(kDefaultQueries),
                                                      Range::between(1, kQueriesMax)));
      if (const auto precision =
              object.optional_number("relative_precision", Range::between(1e-4, 0.5))) {
        stop.relative_precision = *precision;
      }
    }
    stop.confidence = object.number_or("confidence", 0.95, Range::between(0.5, 0.9999));
    if (const auto metrics = object.find("metrics")) {
      stop.metrics.clear();
      for (const JsonValue& metric : metrics->array(1)) {
        stop.metrics.push_back(results::metric_names()[metric.one_of(results::metric_names())]);
      }
    }
    object.finish();
  }
  if (options.queries) {
    queries = std::min(queries, static_cast<double>(*options.queries));
  }
  const auto& replay = scenario.model.arrivals.replay;
  if (replay) {
    // Recorded arrivals end by themselves; what is then under way is completed.
    const std::size_t count = std::min(static_cast<std::size_t>(queries), replay->arrivals.size());
    const double last = count == 0 ? 0 : base::in_seconds(replay->arrivals[count - 1].time);
    stop.duration = base::seconds(std::nextafter(last, HUGE_VAL));
    stop.drain = true;
  } else {
    stop.duration = queries / scenario.model.arrivals.rate;
  }
  scenario.resolved["stop"] = {{"queries", queries}, {"confidence", stop.confidence}};
  if (stop.relative_precision) {
    scenario.resolved["stop"]["relative_precision"] = *stop.relative_precision;
    scenario.resolved["stop"]["metrics"] = stop.metrics;
  }
}

void read_policies(JsonObject& root, Scenario& scenario) {
  policies::Dnns dnns;
  for (const sim::QueryClass& query_class : scenario.model.classes) {
    if (query_class.dnn) {
      dnns[query_class.name] = query_class.dnn.get();
    }
  }
  std::set<std::string> labels;
  for (const JsonValue& value : root.array("policies", 1)) {
    std::shared_ptr<const policies::Policy> policy = policies::read_policy(value, dnns);
    if (!policy) {
      continue;
    }
    std::string label = policy->name();
    if (value.is_object()) {
      label = JsonObject(value).string_or("label", label);
    }
    if (!labels.insert(label).second) {
      value.problem("a second policy called \"" + label + "\": give it a \"label\" of its own");
    }
    scenario.policies.push_back({label, policy});
    scenario.resolved["policies"].push_back(nlohmann::ordered_json(value.raw()));
  }
}

}  // namespace

Scenario read_scenario(const base::JsonDocument& document, const fs::path& directory,
                       const ScenarioOptions& options) {
  base::Problems problems;
  Scenario scenario;
  scenario.path = document.name();
  JsonObject root = document.root(problems).object();
  root.find("$schema");  // for editors
  scenario.name = root.string_or("name", fs::path(document.name()).stem().string());
  scenario.description = root.string_or("description", "");
  root.one_of_or("engine", {"queueing"}, 0);
  sim::RunModel& model = scenario.model;
  model.seed = static_cast<std::uint64_t>(root.integer_or("seed", 1, Range::between(0, 9e15)));
  if (options.seed) {
    model.seed = *options.seed;
  }
  model.slab = options.slab;
  scenario.allow_overload = root.boolean_or("allow_overload", false);
  scenario.resolved["name"] = scenario.name;
  scenario.resolved["engine"] = "queueing";
  scenario.resolved["seed"] = model.seed;

  read_workload(root, directory, scenario);
  read_fleet(root, directory, options, scenario);
  read_cloud(root, directory, scenario);
  if (problems.empty()) {
    resolve_costs(scenario);
  }
  read_policies(root, scenario);
  read_stop(root, options, scenario);
  scenario.resolved["allow_overload"] = scenario.allow_overload;
  root.finish();
  problems.throw_if_any();
  return scenario;
}

Scenario load_scenario(const fs::path& path, const ScenarioOptions& options) {
  return read_scenario(base::JsonDocument::from_file(path), path.parent_path(), options);
}

}  // namespace edgecut::scenarios

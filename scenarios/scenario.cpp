#include "scenarios/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "policies/registry.hpp"
#include "results/lag_spaced.hpp"
#include "results/metrics.hpp"
#include "scenarios/cloud_reader.hpp"
#include "scenarios/cost_resolver.hpp"
#include "scenarios/estimator_reader.hpp"
#include "scenarios/fleet_reader.hpp"
#include "scenarios/shared_inputs.hpp"
#include "scenarios/workload_reader.hpp"
#include "sim/engines.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kQueriesMax = 1e11;
constexpr double kDefaultQueries = 1e6;
constexpr double kReplicationsMax = 4096;
// Clocks are doubles: at the most, latencies are still exact to 2 microseconds.
constexpr double kDurationMinS = 1e-6;
constexpr double kDurationMaxS = 1e10;

// In the order of sim::Engine, sim::IntervalMethod and Comparing.
const std::vector<std::string> kEngines = {"queueing", "simgrid"};
const std::vector<std::string> kIntervalMethods = {"batch-means", "bighouse"};
const std::vector<std::string> kComparisons = {"first", "all", "none"};

void read_metrics(const JsonValue& metrics, sim::StopRule& stop) {
  stop.metrics.clear();
  for (const JsonValue& value : metrics.array(1)) {
    const auto metric = static_cast<results::Metric>(value.one_of(results::metric_names()));
    stop.metrics.emplace_back(results::traits(metric).name);
    if (stop.method == sim::IntervalMethod::kBigHouse && !results::LagSpaced::covers(metric)) {
      value.problem(
          "the method \"bighouse\" judges latency only: name its mean or a percentile, or take the "
          "method \"batch-means\"");
    }
  }
}

// How many queries to run, from either "queries" or "queries_max" with a precision.
double read_queries(JsonObject& object, sim::StopRule& stop) {
  const Range range = Range::between(1, kQueriesMax);
  const auto fixed = object.find("queries");
  const auto most = object.find("queries_max");
  const auto precision = object.find("relative_precision");
  const auto metrics = object.find("metrics");
  if (fixed && (most || precision)) {
    object.problem(
        "give either \"queries\" (a run of fixed length) or \"relative_precision\" with "
        "\"queries_max\" (a run until it is precise), not both");
  }
  if (precision) {
    stop.relative_precision = precision->number(Range::between(1e-4, 0.5));
  } else if (metrics) {
    metrics->problem("needs a \"relative_precision\", which is asked of these metrics");
  }
  if (metrics) {
    read_metrics(*metrics, stop);
  }
  const auto given = fixed ? fixed : most;
  return given ? static_cast<double>(given->integer(range)) : kDefaultQueries;
}

// Recorded arrivals end by themselves, or after so many; what is then under way is completed.
void stop_after_replay(double queries, sim::RunModel& model) {
  auto& arrivals = model.arrivals.replay->arrivals;
  if (queries < static_cast<double>(arrivals.size())) {
    arrivals.resize(static_cast<std::size_t>(queries));
  }
  const double last_s = std::max(base::in_seconds(arrivals.back().time), kDurationMinS);
  model.stop.duration = base::seconds(std::nextafter(last_s, HUGE_VAL));
  model.stop.drain = true;
  model.arrivals.rate = base::per_second(static_cast<double>(arrivals.size()) / last_s);
}

void check_duration(const JsonObject& root, double queries, const sim::RunModel& model) {
  const double duration_s = base::in_seconds(model.stop.duration);
  if (root.problems().empty() &&
      !Range::between(kDurationMinS, kDurationMaxS).contains(duration_s)) {
    root.problem(base::format_number(queries) + " queries at " +
                 base::format_number(base::in_per_second(model.arrivals.rate)) +
                 "/s make a run of " + base::format_number(duration_s) + " s; expected " +
                 Range::between(kDurationMinS, kDurationMaxS).describe() +
                 ": change stop or rate_per_s");
  }
}

// Replications share a length that is known before they start.
void check_replications(const JsonObject& root, const Scenario& scenario) {
  if (scenario.replications > 1 && scenario.model.stop.relative_precision) {
    root.problem("replications share a run of fixed length: give stop.queries, no precision");
  }
  if (scenario.replications > 1 && scenario.model.stop.method != sim::IntervalMethod::kBatchMeans) {
    root.problem("replications have intervals from batches: leave stop.method away");
  }
  if (scenario.replications > 1 && scenario.model.arrivals.replay) {
    root.problem("recorded arrivals are the same in every replication: leave replications away");
  }
}

void read_stop(JsonObject& root, const ScenarioOptions& options, Scenario& scenario) {
  sim::StopRule& stop = scenario.model.stop;
  double queries = kDefaultQueries;
  stop.metrics = {"latency_mean", "latency_p95"};
  if (const auto value = root.find("stop")) {
    JsonObject object = value->object();
    stop.method = static_cast<sim::IntervalMethod>(object.one_of_or("method", kIntervalMethods, 0));
    queries = read_queries(object, stop);
    stop.confidence = object.number_or("confidence", 0.95, Range::between(0.5, 0.9999));
    object.finish();
  }
  if (options.queries) {
    queries = std::min(queries, static_cast<double>(*options.queries));
  }
  if (scenario.model.arrivals.replay) {
    stop_after_replay(queries, scenario.model);
  } else {
    stop.duration = queries / scenario.replications / scenario.model.arrivals.rate;
  }
  check_replications(root, scenario);
  check_duration(root, queries, scenario.model);
  scenario.resolved["stop"] = {{stop.relative_precision ? "queries_max" : "queries", queries},
                               {"confidence", stop.confidence},
                               {"method", interval_method(scenario)}};
  if (stop.relative_precision) {
    scenario.resolved["stop"]["relative_precision"] = *stop.relative_precision;
    scenario.resolved["stop"]["metrics"] = stop.metrics;
  }
}

// Names go to terminals and tables as they are.
void check_name(const JsonObject& where, const std::string& key, const std::string& name) {
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    where.problems().add(where.where() + "/" + key, "holds a control character");
  }
}

// A name, or the files of some processors beside the kind of the others.
predictors::Belief read_belief(const JsonValue& value, const Scenario& scenario) {
  predictors::Belief belief;
  const std::vector<std::string>& names = predictors::belief_names();
  if (!value.is_object()) {
    belief.kind = static_cast<predictors::BeliefKind>(value.one_of(names));
    return belief;
  }
  JsonObject object = value.object();
  constexpr auto kFitted = static_cast<std::size_t>(predictors::BeliefKind::kFitted);
  belief.kind = static_cast<predictors::BeliefKind>(object.one_of_or("kind", names, kFitted));
  std::vector<std::string> processors;
  for (const sim::ServerKind& kind : scenario.model.cluster.kinds) {
    processors.push_back(kind.server);
  }
  for (const sim::NodeGroup& group : scenario.model.groups) {
    processors.push_back(group.device);
  }
  if (const auto files = object.require("files")) {
    JsonObject by_processor = files->object();
    for (const auto& [processor, file] : by_processor.members()) {
      if (std::find(processors.begin(), processors.end(), processor) == processors.end()) {
        file.problem("the scenario has no such device or server" +
                     base::suggestion(processor, processors));
      }
      belief.files[processor] = file.string();
    }
  }
  object.finish();
  return belief;
}

// What makes the policy decide as it does, given the estimate.
std::string rule_of(const JsonValue& value) {
  nlohmann::json rule = value.is_object() ? value.raw() : nlohmann::json{{"policy", value.raw()}};
  rule.erase("label");
  rule.erase("estimator");
  return rule.dump();
}

// Nobody knows what other flows will leave of a shared link.
void check_foresight(const JsonValue& value, const policies::Policy& policy,
                     const platforms::EstimatorSpec& estimator, const sim::RunModel& model) {
  const bool estimate = estimator.kind == platforms::EstimatorKind::kOracle;
  if ((estimate || policy.name() == "oracle") && !model.topology.channels.empty()) {
    value.problem(std::string(estimate ? "the estimator \"oracle\"" : "\"oracle\"") +
                  " knows the future of each uplink, which links that are shared do not have");
  }
}

void read_policies(JsonObject& root, const platforms::EstimatorSpec& estimator,
                   Scenario& scenario) {
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
    if (value.is_object() && JsonObject(value).boolean_or("load_aware", false) &&
        !scenario.model.cluster.load_poll_interval) {
      value.problem(
          "load_aware needs cloud.load_poll_interval_s or cloud.load: without it no load is "
          "published");
    }
    if (policy->name() == "priced" &&
        (!scenario.model.cluster.load_poll_interval ||
         scenario.model.cluster.load_signal != sim::LoadSignal::kPrice)) {
      value.problem("\"priced\" needs cloud.load with \"signal\": \"price\"");
    }
    std::string label = policy->name();
    platforms::EstimatorSpec own = estimator;
    if (value.is_object()) {
      if (const auto given = JsonObject(value).find("estimator")) {
        own = read_estimator(*given, scenario.model);
      }
      label = JsonObject(value).string_or("label", label);
      check_name(JsonObject(value), "label", label);
    }
    check_foresight(value, *policy, own, scenario.model);
    if (!labels.insert(label).second) {
      value.problem("a second policy called \"" + label + "\": give it a \"label\" of its own");
    }
    scenario.policies.push_back({label, policy, own, rule_of(value)});
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
  check_name(root, "name", scenario.name);
  scenario.description = root.string_or("description", "");
  sim::RunModel& model = scenario.model;
  model.engine = static_cast<sim::Engine>(root.one_of_or("engine", kEngines, 0));
  try {
    sim::check_engine(model.engine);
  } catch (const base::ConfigError& error) {
    problems.add(root.where() + "/engine", error.problems().front().what);
  }
  model.seed = static_cast<std::uint64_t>(root.integer_or("seed", 1, Range::between(0, 9e15)));
  if (options.seed) {
    model.seed = *options.seed;
  }
  model.slab = options.slab;
  scenario.allow_overload = root.boolean_or("allow_overload", false);
  const std::optional<JsonValue> predictor = root.find("predictor");
  const std::optional<JsonValue> estimator = root.find("estimator");
  scenario.compare = static_cast<Comparing>(root.one_of_or("compare", kComparisons, 0));
  scenario.resolved["name"] = scenario.name;
  scenario.resolved["engine"] = engine_name(scenario);
  scenario.resolved["seed"] = model.seed;
  scenario.replications = static_cast<std::uint32_t>(
      root.integer_or("replications", 1, Range::between(1, kReplicationsMax)));
  if (scenario.replications > 1) {
    scenario.resolved["replications"] = scenario.replications;
  }

  SharedInputs own;
  SharedInputs& inputs = options.shared != nullptr ? *options.shared : own;
  read_workload(root, directory, inputs, scenario);
  read_fleet(root, directory, options, inputs, scenario);
  read_cloud(root, directory, inputs, scenario);
  const predictors::Belief belief =
      predictor ? read_belief(*predictor, scenario) : predictors::Belief{};
  const bool has_costs = problems.empty();
  if (!estimator) {
    check_default_estimator(root, model);
  }
  const platforms::EstimatorSpec common =
      estimator ? read_estimator(*estimator, model) : platforms::EstimatorSpec{};
  read_policies(root, common, scenario);
  if (has_costs) {
    resolve_costs(scenario, directory, belief, inputs);
  }
  read_stop(root, options, scenario);
  scenario.resolved["compare"] = kComparisons[static_cast<std::size_t>(scenario.compare)];
  scenario.resolved["predictor"] = predictor ? nlohmann::ordered_json(predictor->raw()) : "truth";
  scenario.resolved["estimator"] = estimator_json(common);
  scenario.resolved["allow_overload"] = scenario.allow_overload;
  root.finish();
  problems.throw_if_any();
  return scenario;
}

std::string engine_name(const Scenario& scenario) {
  return kEngines[static_cast<std::size_t>(scenario.model.engine)];
}

std::string interval_method(const Scenario& scenario) {
  return kIntervalMethods[static_cast<std::size_t>(scenario.model.stop.method)];
}

Scenario load_scenario(const fs::path& path, const ScenarioOptions& options) {
  return read_scenario(base::JsonDocument::from_file(path), path.parent_path(), options);
}

}  // namespace edgecut::scenarios

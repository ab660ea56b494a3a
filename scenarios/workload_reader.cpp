#include "scenarios/workload_reader.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::scenarios {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kWeightMax = 1e12;
// No run is much longer; sums of longer times would not be exact.
constexpr double kMeanTimeMaxS = 1e9;

base::Distribution read_time(const JsonValue& value, const fs::path& directory) {
  base::Distribution time_s = base::read_distribution(value, directory, "_s");
  if (time_s.mean() > kMeanTimeMaxS) {
    value.problem("a mean of " + base::format_number(time_s.mean()) + " s; expected at most " +
                  base::format_number(kMeanTimeMaxS));
  }
  return time_s;
}

// {"model": "imc"} or {"job": "batch", "server_time": {...}, "device_time": {...}}.
sim::QueryClass read_query(const JsonValue& value, const fs::path& directory,
                           SharedInputs& inputs) {
  JsonObject object = value.object();
  sim::QueryClass query_class;
  query_class.weight = object.number_or("weight", 1, Range::above_up_to(0, kWeightMax));
  const auto model = object.find("model");
  const auto job = object.find("job");
  if (model.has_value() == job.has_value()) {
    value.problem(
        "expected either \"model\" (a DNN) or \"job\" (a name for queries of drawn times)");
  } else if (model) {
    const std::string reference = model->string();
    std::optional<workloads::TensorPrecision> precision;
    if (object.has("tensor_precision")) {
      precision = static_cast<workloads::TensorPrecision>(
          object.one_of("tensor_precision", workloads::tensor_precision_names()));
    }
    const std::string sent_as =
        precision ? std::to_string(static_cast<int>(*precision)) : std::string();
    try {
      query_class.dnn =
          inputs.get<workloads::Dnn>("model", {directory.string(), reference, sent_as}, [&] {
            auto dnn = workloads::find_model(reference, directory, model->where());
            return precision ? dnn.sent_as(*precision) : dnn;
          });
      query_class.name = query_class.dnn->name();
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
  } else {
    query_class.name = job->string();
    if (const auto time = object.find("device_time")) {
      query_class.device_time_s = read_time(*time, directory);
    }
    if (const auto time = object.find("server_time")) {
      query_class.server_time_s = read_time(*time, directory);
    }
    if (!query_class.device_time_s && !query_class.server_time_s) {
      value.problem("a job needs a device_time or a server_time");
    }
  }
  object.finish();
  return query_class;
}

// Recorded arrivals and measured distributions are files; the same ones serve many points.
workloads::ArrivalSpec read_shared_arrivals(const JsonValue& value, const fs::path& directory,
                                            SharedInputs& inputs) {
  try {
    return *inputs.get<workloads::ArrivalSpec>(
        "arrivals", {directory.string(), value.raw().dump()}, [&] {
          base::Problems problems;
          auto spec =
              workloads::read_arrivals(JsonValue(value.raw(), value.where(), problems), directory);
          problems.throw_if_any();
          return spec;
        });
  } catch (const base::ConfigError& error) {
    value.problems().add(error);
    return {};
  }
}

void check_replayed_names(const JsonValue& where, const Scenario& scenario) {
  if (!scenario.model.arrivals.replay) {
    return;
  }
  std::vector<std::string> names;
  for (const sim::QueryClass& query_class : scenario.model.classes) {
    names.push_back(query_class.name);
  }
  for (const std::string& name : scenario.model.arrivals.replay->query_names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      where.problem("a recorded arrival asks for \"" + name + "\", which is not among the queries" +
                    base::suggestion(name, names));
    }
  }
}

}  // namespace

void read_workload(JsonObject& root, const fs::path& directory, SharedInputs& inputs,
                   Scenario& scenario) {
  const auto value = root.require("workload");
  if (!value) {
    return;
  }
  JsonObject workload = value->object();
  std::set<std::string> names;
  for (const JsonValue& query : workload.array("queries", 1)) {
    sim::QueryClass query_class = read_query(query, directory, inputs);
    if (!query_class.name.empty() && !names.insert(query_class.name).second) {
      query.problem("a second query called \"" + query_class.name + "\"");
    }
    scenario.model.classes.push_back(std::move(query_class));
  }
  if (const auto arrivals = workload.require("arrivals")) {
    scenario.model.arrivals = read_shared_arrivals(*arrivals, directory, inputs);
    check_replayed_names(*arrivals, scenario);
  }
  workload.finish();
  scenario.resolved["workload"] = value->raw();
}

}  // namespace edgecut::scenarios

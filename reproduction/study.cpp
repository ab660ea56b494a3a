#include "reproduction/study.hpp"

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::reproduction {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;

std::vector<std::string> strings(JsonObject& object, const std::string& key) {
  std::vector<std::string> list;
  for (const JsonValue& value : object.array(key, 1)) {
    list.push_back(value.string());
  }
  return list;
}

Variant read_variant(const JsonValue& value) {
  JsonObject object = value.object();
  const Range factor = Range::between(0, 1e6);
  Variant variant;
  variant.name = object.string("name");
  variant.input_size_factor = object.number_or("input_size_factor", 1, factor);
  variant.server_time_factor = object.number_or("server_time_factor", 1, factor);
  variant.uplink_factor = object.number_or("uplink_factor", 1, Range::between(1e-6, 1e6));
  variant.device_power_offset_w =
      object.number_or("device_power_offset_w", 0, Range::between(-1e3, 1e3));
  if (const auto uploaded = object.find("output_is_uploaded")) {
    variant.output_is_uploaded = uploaded->boolean();
  }
  for (const JsonValue& network : object.array_or_empty("networks")) {
    variant.networks.push_back(network.string());
  }
  object.finish();
  return variant;
}

void read_throughput(JsonObject& root, Study& study) {
  if (const auto value = root.require("throughput")) {
    JsonObject object = value->object();
    study.throughput_scenario = study.path.parent_path() / object.string("scenario");
    for (const JsonValue& percent : object.array("gpu_percent", 1)) {
      study.gpu_percent.push_back(static_cast<int>(percent.integer(Range::between(0, 100))));
    }
    study.server_sojourn_s = object.number("server_sojourn_s", Range::between(1e-9, 1e9));
    object.finish();
  }
}

// {"scenario": FILE}, relative to the study's file.
std::filesystem::path scenario_of(JsonObject& root, const std::string& key, const Study& study) {
  std::filesystem::path path;
  if (const auto value = root.require(key)) {
    JsonObject object = value->object();
    path = study.path.parent_path() / object.string("scenario");
    object.finish();
  }
  return path;
}

World read_world(const JsonValue& value, const Study& study) {
  JsonObject object = value.object();
  World world;
  world.name = object.string("name");
  for (const JsonValue& network : object.array_or_empty("networks")) {
    world.networks.push_back(network.string());
  }
  for (const JsonValue& of_network : object.array_or_empty("traces")) {
    std::vector<std::string>& traces = world.traces.emplace_back();
    for (const JsonValue& trace : of_network.array(1)) {
      traces.push_back(trace.string());
    }
  }
  for (const std::size_t count : {world.networks.size(), world.traces.size()}) {
    if (count != 0 && count != study.networks.size()) {
      value.problem("expected networks and traces for each of the study's " +
                    std::to_string(study.networks.size()) + " networks, got " +
                    std::to_string(count));
    }
  }
  if (const auto precision = object.find("tensor_precision")) {
    const auto& names = workloads::tensor_precision_names();
    world.tensor_precision = names[precision->one_of(names)];
  }
  world.needs_recordings = object.boolean_or("needs_recordings", false);
  object.finish();
  return world;
}

void read_beyond(JsonObject& root, Study& study) {
  if (const auto value = root.require("beyond")) {
    JsonObject object = value->object();
    Beyond& beyond = study.beyond;
    beyond.models = strings(object, "models");
    beyond.policies = strings(object, "policies");
    beyond.predictor = object.string("predictor");
    beyond.rate_per_s = object.number("rate_per_s", Range::between(1e-6, 1e6));
    beyond.queries = object.number("queries", Range::between(1, 1e9));
    for (const JsonValue& world : object.array("worlds", 1)) {
      beyond.worlds.push_back(read_world(world, study));
    }
    object.finish();
  }
}

void read_published(JsonObject& root, Study& study) {
  if (const auto value = root.require("published")) {
    JsonObject object = value->object();
    study.published_source = object.string("source");
    if (const auto values = object.require("values")) {
      JsonObject list = values->object();
      for (const auto& [name, number] : list.members()) {
        study.published[name] = number.number(Range::between(0, 1e12));
      }
    }
    object.finish();
  }
}

}  // namespace

std::optional<double> Study::published_value(const std::string& name) const {
  const auto found = published.find(name);
  return found == published.end() ? std::nullopt : std::optional(found->second);
}

std::filesystem::path shipped_study() {
  return base::data_directory() / "scenarios/study/study.json";
}

Study read_study(const std::filesystem::path& path) {
  const base::JsonDocument document = base::JsonDocument::from_file(path);
  base::Problems problems;
  JsonObject root = document.root(problems).object();
  Study study;
  study.path = path;
  study.models = strings(root, "models");
  study.devices = strings(root, "devices");
  study.networks = strings(root, "networks");
  study.server = root.string("server");
  study.predictor = root.string("predictor");
  read_throughput(root, study);
  for (const JsonValue& variant : root.array_or_empty("variants")) {
    study.variants.push_back(read_variant(variant));
  }
  study.lte_scenario = scenario_of(root, "lte_variation", study);
  study.load_scenario = scenario_of(root, "server_load", study);
  read_beyond(root, study);
  read_published(root, study);
  root.finish();
  problems.throw_if_any();
  return study;
}

}  // namespace edgecut::reproduction

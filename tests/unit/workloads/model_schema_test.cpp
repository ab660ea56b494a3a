// The schema that editors use says what the reader does, key by key and limit by limit.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "workloads/model_file.hpp"
#include "workloads/shape_inference.hpp"

using namespace edgecut;
using nlohmann::json;

namespace {

json schema() {
  const auto path = std::filesystem::path(EDGECUT_SOURCE_DIR) / "docs/schemas/model.schema.json";
  return json::parse(base::read_file(path, 1U << 20U));
}

// The branch of the schema for each layer type.
std::map<std::string, json> branches() {
  std::map<std::string, json> result;
  const json whole = schema();
  for (const json& branch : whole["definitions"]["layer"]["oneOf"]) {
    const json& type = branch["properties"]["type"];
    if (type.contains("const")) {
      result[type["const"].get<std::string>()] = branch;
    } else {
      for (const json& name : type["enum"]) {
        result[name.get<std::string>()] = branch;
      }
    }
  }
  return result;
}

// A value that every layer takes for the key.
json sample(const std::string& key) {
  static const std::map<std::string, json> samples = {{"name", "a"},
                                                      {"inputs", {"input"}},
                                                      {"outputs", 1},
                                                      {"axis", 1},
                                                      {"output", {1, 4, 6, 6}},
                                                      {"flop_per_element", 2},
                                                      {"parameters", 3},
                                                      {"work_flop", 5},
                                                      {"kernel", 2},
                                                      {"stride", 2},
                                                      {"pad", 1},
                                                      {"dilation", 1},
                                                      {"groups", 1},
                                                      {"bias", false},
                                                      {"round_up", false},
                                                      {"global_pooling", false},
                                                      {"local_size", 3}};
  return samples.at(key);
}

bool reads(const json& layer) {
  json model = {{"name", "n"}, {"input", {{"channels", 4}, {"height", 6}, {"width", 6}}}};
  model["layers"] = json::array({layer});
  if (layer["type"] == "concat" || layer["type"] == "eltwise") {
    json first = {{"name", "first"}, {"type", "relu"}};
    json last = layer;
    if (layer.contains("inputs")) {
      last["inputs"] = {"input", "first"};
    }
    model["layers"] = json::array({first, last});
  }
  try {
    workloads::read_model(base::JsonDocument::from_text(model.dump(), "m"));
  } catch (const base::ConfigError&) {
    return false;
  }
  return true;
}

json layer_with(const json& branch, const std::string& type, bool optional_too) {
  json layer = {{"type", type}};
  for (const auto& [key, rule] : branch["properties"].items()) {
    const bool is_required = branch["required"] == json()
                                 ? false
                                 : std::find(branch["required"].begin(), branch["required"].end(),
                                             key) != branch["required"].end();
    if (key != "type" && (optional_too || is_required)) {
      layer[key] = sample(key);
    }
  }
  return layer;
}

}  // namespace

TEST_CASE("schema and reader know the same layer types") {
  std::set<std::string> in_schema;
  for (const auto& entry : branches()) {
    in_schema.insert(entry.first);
  }
  const auto& names = workloads::layer_type_names();
  CHECK(in_schema == std::set<std::string>(names.begin(), names.end()));
}

TEST_CASE("schema and reader take the same keys for every layer type") {
  const std::set<std::string> all = {"inputs",   "outputs",          "kernel",     "stride",
                                     "pad",      "dilation",         "groups",     "bias",
                                     "round_up", "global_pooling",   "local_size", "axis",
                                     "output",   "flop_per_element", "parameters", "work_flop"};
  for (const auto& entry : branches()) {
    const std::string& type = entry.first;
    const json& branch = entry.second;
    CAPTURE(type);
    CHECK(branch["additionalProperties"] == false);
    CHECK(reads(layer_with(branch, type, true)));
    json least = layer_with(branch, type, false);
    if (type == "pooling") {
      least["kernel"] = 2;  // required unless global_pooling, which the schema says apart
    }
    CHECK(reads(least));
    for (const std::string& key : all) {
      CAPTURE(key);
      if (!branch["properties"].contains(key)) {
        json layer = least;
        layer[key] = sample(key);
        CHECK(!reads(layer));
      }
    }
    for (const json& key : branch["required"]) {
      json layer = least;
      layer.erase(key.get<std::string>());
      CHECK(((key == "type") || !reads(layer)));
    }
  }
}

TEST_CASE("the schema's limits are the reader's") {
  const json definitions = schema()["definitions"];
  CHECK(definitions["dimension"]["minimum"] == 1);
  CHECK(definitions["dimension"]["maximum"] == workloads::kDimensionMax);
  CHECK(definitions["side"]["minimum"] == 0);
  CHECK(definitions["side"]["maximum"] == workloads::kDimensionMax);
  json layer = {{"name", "a"}, {"type", "fully_connected"}, {"outputs", workloads::kDimensionMax}};
  CHECK(reads(layer));
  layer["outputs"] = workloads::kDimensionMax + 1;
  CHECK(!reads(layer));
}

TEST_CASE("schema and reader take the same keys at the top and for the input") {
  const json root = schema();
  CHECK(root["additionalProperties"] == false);
  CHECK(root["required"] == json({"name", "input", "layers"}));
  json model = {
      {"$schema", "x"},
      {"name", "n"},
      {"title", "t"},
      {"source", "s"},
      {"output_is_uploaded", true},
      {"tensor_precision", "fp16"},
      {"notes", {"assumed"}},
      {"input", {{"batch", 1}, {"channels", 1}, {"height", 1}, {"width", 1}, {"size_bytes", 1.5}}},
      {"layers", json::array({{{"name", "r"}, {"type", "relu"}}})}};
  std::set<std::string> keys;
  for (const auto& [key, value] : model.items()) {
    CHECK(root["properties"].contains(key));
  }
  CHECK(root["properties"].size() == model.size());
  const json& input = root["properties"]["input"];
  CHECK(input["properties"].size() == model["input"].size());
  CHECK(input["required"] == json({"channels"}));
  CHECK_NOTHROW(workloads::read_model(base::JsonDocument::from_text(model.dump(), "m")));
  for (const json& key : root["required"]) {
    json lacking = model;
    lacking.erase(key.get<std::string>());
    CHECK_THROWS_AS(workloads::read_model(base::JsonDocument::from_text(lacking.dump(), "m")),
                    base::ConfigError);
  }
}

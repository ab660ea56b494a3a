// The schema that editors use says what the reader does, key by key and limit by limit.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "platforms/rate_estimator.hpp"
#include "policies/registry.hpp"
#include "results/metrics.hpp"
#include "support.hpp"
#include "workloads/arrivals.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

json schema() {
  const auto path = std::filesystem::path(EDGECUT_SOURCE_DIR) / "docs/schemas/scenario.schema.json";
  return json::parse(base::read_file(path, 1U << 20U));
}

json definition(const std::string& name) { return schema()["definitions"][name]; }

// The object branches of a definition: itself, or those of its "oneOf".
std::vector<json> branches(const json& rule) {
  if (!rule.contains("oneOf")) {
    return {rule};
  }
  std::vector<json> result;
  for (const json& branch : rule["oneOf"]) {
    if (branch.contains("properties")) {
      result.push_back(branch);
    }
  }
  return result;
}

// A value that the reader takes for the key, where a scenario of DNNs and jobs says it.
json sample(const std::string& key) {
  static const json samples = json::parse(R"({
    "$schema": "x", "name": "n", "description": "d", "engine": "queueing", "seed": 2,
    "allow_overload": true, "predictor": "forms", "compare": "all", "weight": 2, "model": "dig", "tensor_precision": "fp16", "job": "other", "count": 2,
    "device": "jetson-tk1-gpu", "network": "wifi-2015", "trace": "lte-driving",
    "bandwidth_mbps": 5, "trace_offset": "none", "trace_stamps": "end",
    "trace_format": "csv", "trace_direction": "uplink", "trace_lenient": true, "round_trip_ms": [10, 20], "battery_wh": 12,
    "server": "tesla-k40", "gpus": 2,
    "discipline": "fifo", "load_poll_interval_s": 1, "queries": 10, "queries_max": 10,
    "relative_precision": 0.1, "metrics": ["latency_p50"], "confidence": 0.9, "method": "bighouse", "rate_per_s": 3,
    "bandwidth_mbps": 5, "trace_offset": "none", "trace_stamps": "end", "server": "tesla-k40", "gpus": 2,
    "discipline": "time-slicing", "load_poll_interval_s": 1, "dispatch": "power-of-two",
    "servers": [{"gpus": 2}, {"count": 3}], "admission_limit": 5, "job_slice_s": 0.01,
    "load": {"poll_interval_s": 1}, "batching": {"size_max": 4}, "signal": "turn",
    "background": {"kernel_s": 0.001, "steps": [{"from_s": 0, "processes": 1}]},
    "poll_interval_s": 2, "delay_s": 0.1, "size_max": 4, "wait_max_s": 0.01, "from_s": 1,
    "processes": 3, "kernel_s": 0.01, "kernel": {}, "batch": 3, "inputs": 4, "outputs": 5,
    "steps": [{"from_s": 0, "processes": 1}], "queries": 10, "queries_max": 10,
    "relative_precision": 0.1, "metrics": ["latency_p50"], "confidence": 0.9, "rate_per_s": 3,
    "estimator": {"kind": "ewma", "half_life_s": 5}, "sample_interval_s": 0.5, "half_life_s": 3,
    "windows": 7, "scope": "fleet", "cv": 1.5, "label": "l", "load_aware": true,
    "cut_after": {"dig": "conv1"}, "latency_weight_per_s": 1, "energy_weight_per_j": 1,
    "value_s": 1, "min_s": 1, "max_s": 2, "mean_s": 1,
    "topology": {"links": [{"name": "n", "medium_mbps": 50}]}, "via": ["n"],
    "links": [{"name": "n"}], "medium_mbps": 50, "uplink_mbps": 20,
    "downlink_mbps": 30, "medium_trace": "wifi-home", "uplink_trace": "wifi-home",
    "downlink_trace": "wifi-home", "latency_ms": 4,
    "device_time": {"distribution": "constant", "value_s": 1},
    "server_time": {"distribution": "constant", "value_s": 1}})");
  return samples.at(key);
}

// An object of a branch with these keys; `tag` is the key that names the branch's kind.
json object_of(const json& branch, const std::vector<std::string>& keys, const std::string& tag,
               const std::string& kind) {
  json object = json::object();
  for (const std::string& key : keys) {
    if (key == tag) {
      object[key] = kind;
    } else if (key == "file") {
      object[key] = kind == "replay" ? "r.csv" : "c.cdf";
    } else {
      object[key] = sample(key);
    }
  }
  CHECK(branch["additionalProperties"] == false);
  return object;
}

std::vector<std::string> keys_of(const json& branch) {
  std::vector<std::string> keys;
  for (const auto& [key, rule] : branch["properties"].items()) {
    keys.push_back(key);
  }
  return keys;
}

// Holds a branch against the reader: `place` puts an object of it into a scenario.
template <class Place>
void compare(const json& branch, const std::string& tag, const std::string& kind,
             const std::set<std::string>& not_together, Place place) {
  const Scratch scratch;
  scratch.write("r.csv", "time_s\n1\n2\n");
  scratch.write("c.cdf", "0 0\n1 1\n");
  CAPTURE(kind);
  const auto required = branch["required"].get<std::vector<std::string>>();
  const json least = object_of(branch, required, tag, kind);
  const auto reads = [&](const json& object) {
    const std::string problems = told(place(object), scratch.path());
    INFO(problems);
    return problems.empty();
  };
  CHECK(reads(least));
  for (const std::string& key : required) {
    json lacking = least;
    lacking.erase(key);
    CAPTURE(key);
    CHECK(!reads(lacking));
  }
  for (const std::string& key : keys_of(branch)) {
    CAPTURE(key);
    if (!not_together.contains(key)) {
      json more = least;
      more[key] = object_of(branch, {key}, tag, kind)[key];
      CHECK(reads(more));
    }
  }
  json unknown = least;
  unknown["no_such_key"] = 1;
  CHECK(!reads(unknown));
}

}  // namespace

TEST_CASE("schema and reader take the same keys at the top") {
  const json root = schema();
  CHECK(root["additionalProperties"] == false);
  json document = dnn();
  for (const std::string key :
       {"$schema", "name", "description", "engine", "seed", "allow_overload", "predictor",
        "estimator", "compare", "topology"}) {
    document[key] = sample(key);
  }
  document["replications"] = 2;
  document["stop"] = {{"queries", 10}};
  CHECK(told(document).empty());
  CHECK(root["properties"].size() == document.size());
  for (const auto& [key, value] : document.items()) {
    CHECK(root["properties"].contains(key));
  }
  for (const json& key : root["required"]) {
    CHECK(!told(without(dnn(), "/" + key.get<std::string>())).empty());
  }
}

TEST_CASE("schema and reader take the same keys for queries") {
  for (const json& branch : branches(definition("query"))) {
    json with_time = branch;
    if (branch["properties"].contains("job")) {
      CHECK(branch["anyOf"].size() == 2);  // one of the times, which `required` cannot say
      with_time["required"].push_back("server_time");
    }
    compare(with_time, "", "", {},
            [](const json& query) { return with(dnn(), "/workload/queries/0", query); });
  }
}

TEST_CASE("schema and reader know the same distributions and take the same keys for them") {
  std::set<std::string> kinds;
  for (const json& branch : branches(definition("distribution"))) {
    for (const json& kind : branch["properties"]["distribution"]["enum"]) {
      kinds.insert(kind);
      compare(branch, "distribution", kind, {}, [](const json& distribution) {
        return with(jobs(), "/workload/queries/0/server_time", distribution);
      });
    }
  }
  const std::string refusal =
      told(with(jobs(), "/workload/queries/0/server_time", {{"distribution", 0}}));
  for (const std::string& kind : kinds) {
    CHECK(refusal.find(kind) != std::string::npos);
  }
  CHECK(kinds.size() == 7);
}

TEST_CASE("schema and reader know the same arrival processes and take the same keys for them") {
  std::set<std::string> kinds;
  for (const json& branch : branches(definition("arrivals"))) {
    for (const json& kind : branch["properties"]["process"]["enum"]) {
      kinds.insert(kind);
      compare(branch, "process", kind, {},
              [](const json& arrivals) { return with(jobs(), "/workload/arrivals", arrivals); });
    }
  }
  const auto& names = workloads::arrival_process_names();
  CHECK(kinds == std::set<std::string>(names.begin(), names.end()));
}

TEST_CASE("schema and reader know the same policies and take the same keys for them") {
  std::set<std::string> kinds;
  for (const json& branch : branches(definition("policy"))) {
    for (const json& kind : branch["properties"]["policy"]["enum"]) {
      kinds.insert(kind);
      compare(branch, "policy", kind, {}, [](const json& policy) {
        return with(with(dnn(), "/cloud/load", {{"signal", "price"}, {"poll_interval_s", 1}}),
                    "/policies/0", policy);
      });
    }
  }
  std::set<std::string> names;
  for (const policies::PolicyEntry& entry : policies::policy_entries()) {
    names.insert(entry.name);
  }
  CHECK(kinds == names);
  for (const std::string& name : names) {
    CAPTURE(name);
    const json bare = definition("policy")["oneOf"][0]["enum"];
    const json priced_load = {{"signal", "price"}, {"poll_interval_s", 1}};
    const bool in_schema = std::find(bare.begin(), bare.end(), name) != bare.end();
    CHECK(told(with(with(dnn(), "/cloud/load", priced_load), "/policies/0", name)).empty() ==
          in_schema);
  }
}

TEST_CASE("schema and reader know the same estimators and take the same keys for them") {
  std::set<std::string> kinds;
  for (const json& branch : branches(definition("estimator"))) {
    const std::string kind = branch["properties"]["kind"]["enum"][0];
    kinds.insert(kind);
    json with_one = branch;
    std::set<std::string> not_together;
    if (branch.contains("oneOf")) {  // weight or half_life_s, which `required` cannot say
      CHECK(branch["oneOf"].size() == 2);
      with_one["required"].push_back("half_life_s");
      not_together = {"weight"};
    }
    compare(with_one, "kind", kind, not_together,
            [](const json& estimator) { return with(dnn(), "/estimator", estimator); });
  }
  const auto& names = platforms::estimator_names();
  CHECK(kinds == std::set<std::string>(names.begin(), names.end()));
  const json bare = definition("estimator")["oneOf"][0]["enum"];
  for (const std::string& name : names) {
    const bool in_schema = std::find(bare.begin(), bare.end(), name) != bare.end();
    CHECK(told(with(dnn(), "/estimator", name)).empty() == in_schema);
  }
}

TEST_CASE("schema and reader take the same keys for the fleet and the cloud") {
  compare(definition("group"), "", "", {"battery_wh", "attach"}, [](const json& group) {
    return with(with(jobs(), "/topology", sample("topology")), "/fleet/0", group);
  });
  CHECK(definition("group")["not"]["required"] == json({"trace", "bandwidth_mbps"}));
  const std::set<std::string> not_alone = {"batching", "background", "job_slice_s"};
  compare(schema()["properties"]["cloud"], "", "", not_alone,
          [](const json& cloud) { return with(jobs(), "/cloud", cloud); });
  compare(definition("server"), "", "", not_alone,
          [](const json& server) { return with(jobs(), "/cloud/servers", json::array({server})); });
}

TEST_CASE("schema and reader take the same keys for the topology") {
  json topology = schema()["properties"]["topology"];
  topology["required"] = topology["oneOf"][0]["required"];
  compare(topology, "", "", {"platform", "servers_at"},
          [](const json& value) { return with(jobs(), "/topology", value); });
  for (const json& key : topology["oneOf"][1]["required"]) {
    json lacking = {{"platform", "no.xml"}, {"servers_at", "cloud"}};
    lacking.erase(key.get<std::string>());
    CHECK(told(with(jobs(), "/topology", lacking)).find("missing key") != std::string::npos);
  }
  compare(definition("shared_link"), "", "", {},
          [](const json& link) { return with(jobs(), "/topology/links", json::array({link})); });
  const std::string refusal = told(with(jobs(), "/engine", ""));
  const json engines = schema()["properties"]["engine"]["enum"];
  for (const json& value : engines) {
    CHECK(refusal.find(value.get<std::string>()) != std::string::npos);
  }
}

TEST_CASE("schema and reader take the same keys for what belongs to one discipline") {
  const auto rule = [](const std::string& key) { return definition("server")["properties"][key]; };
  compare(rule("batching"), "", "", {}, [](const json& batching) {
    return with(jobs(), "/cloud", {{"discipline", "batching"}, {"batching", batching}});
  });
  const auto slicing = [](const json& background) {
    return with(dnn(), "/cloud",
                {{"server", "tesla-k40"},
                 {"discipline", "time-slicing"},
                 {"job_slice_s", sample("job_slice_s")},
                 {"background", background}});
  };
  json background = rule("background");
  for (const json& branch : background["oneOf"]) {
    json with_kernel = background;
    const std::string key = branch["required"][0];
    with_kernel["required"].push_back(key);
    compare(with_kernel, "", "", {"kernel", "kernel_s"}, slicing);
    CHECK(told(slicing({{"steps", sample("steps")}, {key, sample(key)}})).empty());
  }
  const json steps = background["properties"]["steps"];
  compare(steps["items"], "", "", {}, [&](const json& step) {
    return slicing({{"kernel_s", 1}, {"steps", json::array({step})}});
  });
  compare(background["properties"]["kernel"], "", "", {}, [&](const json& kernel) {
    return slicing({{"kernel", kernel}, {"steps", sample("steps")}});
  });
}

TEST_CASE("schema and reader take the same keys and signals for the load") {
  const json cloud = schema()["properties"]["cloud"];
  compare(cloud["properties"]["load"], "", "", {},
          [](const json& load) { return with(jobs(), "/cloud/load", load); });
  CHECK(cloud["not"]["required"] == json({"load", "load_poll_interval_s"}));
  for (const std::string key : {"dispatch", "discipline"}) {
    const std::string refusal = told(with(jobs(), "/cloud/" + key, ""));
    for (const json& value : cloud["properties"][key]["enum"]) {
      CHECK(refusal.find(value.get<std::string>()) != std::string::npos);
    }
  }
  const std::string refusal = told(with(jobs(), "/cloud/load", {{"signal", ""}}));
  for (const json& value : cloud["properties"]["load"]["properties"]["signal"]["enum"]) {
    CHECK(refusal.find(value.get<std::string>()) != std::string::npos);
  }
}

TEST_CASE("schema and reader take the same keys and metrics for stop") {
  const json stop = definition("stop");
  compare(stop, "", "", {"metrics"},
          [](const json& value) { return with(jobs(), "/stop", value); });
  CHECK(stop["dependencies"]["metrics"] == json({"relative_precision"}));
  CHECK(stop["properties"]["metrics"]["items"]["enum"] == json(results::metric_names()));
}

TEST_CASE("the schema's limits are the reader's") {
  const auto group = definition("group")["properties"];
  const auto stop = definition("stop")["properties"];
  const auto cloud = schema()["properties"]["cloud"]["properties"];
  const std::map<std::string, json> rules = {
      {"/seed", schema()["properties"]["seed"]},
      {"/replications", schema()["properties"]["replications"]},
      {"/fleet/0/count", group["count"]},
      {"/fleet/0/bandwidth_mbps", group["bandwidth_mbps"]},
      {"/cloud/gpus", cloud["gpus"]},
      {"/cloud/count", cloud["count"]},
      {"/cloud/admission_limit", cloud["admission_limit"]},
      {"/cloud/load_poll_interval_s", cloud["load_poll_interval_s"]},
      {"/stop/queries", stop["queries"]},
      {"/stop/queries_max", stop["queries_max"]},
      {"/stop/relative_precision", stop["relative_precision"]},
      {"/stop/confidence", stop["confidence"]}};
  for (const auto& entry : rules) {
    const std::string& pointer = entry.first;
    CAPTURE(pointer);
    const double low = entry.second["minimum"];
    const double high = entry.second["maximum"];
    const json good = with(jobs(), "/workload/arrivals/rate_per_s", 100);
    CHECK(told(with(good, pointer, low)).empty());
    CHECK(told(with(good, pointer, high)).empty());
    const double step = entry.second["type"] == "integer" ? 1 : high * 1e-9;
    CHECK(
        !told(with(good, pointer, low - (low < 1 ? low / 2 + (low == 0 ? 1 : 0) : step))).empty());
    CHECK(!told(with(good, pointer, high + step)).empty());
  }
}

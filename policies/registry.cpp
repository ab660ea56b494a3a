#include "policies/registry.hpp"

#include <functional>

#include "base/json_reader.hpp"
#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

using base::JsonObject;
using base::Range;

constexpr double kWeightMax = 1e12;

std::unique_ptr<Policy> read_neurosurgeon(const std::string& name, NeurosurgeonOptions options,
                                          JsonObject& object) {
  options.load_aware = object.boolean_or("load_aware", options.load_aware);
  return make_neurosurgeon(name, options);
}

std::unique_ptr<Policy> read_weighted(const std::string& name, JsonObject& object) {
  const std::size_t problems_before = object.problems().list().size();
  NeurosurgeonOptions options;
  options.latency_weight = object.number("latency_weight_per_s", Range::between(0, kWeightMax));
  options.energy_weight = object.number("energy_weight_per_j", Range::between(0, kWeightMax));
  if (options.latency_weight + options.energy_weight <= 0 &&
      object.problems().list().size() == problems_before) {
    object.problem("latency_weight_per_s and energy_weight_per_j are both zero");
  }
  return read_neurosurgeon(name, options, object);
}

// {"cut_after": {"imc": "pool5"}}: the last layer on the device for each DNN.
std::unique_ptr<Policy> read_fixed_cut(JsonObject& object, const Dnns& dnns) {
  std::map<std::string, std::uint32_t> device_layers;
  const auto value = object.require("cut_after");
  if (!value) {
    return nullptr;
  }
  JsonObject cuts = value->object();
  std::vector<std::string> known;
  for (const auto& [name, dnn] : dnns) {
    known.push_back(name);
  }
  for (const auto& [name, layer] : cuts.members()) {
    const auto dnn = dnns.find(name);
    if (dnn == dnns.end()) {
      layer.problem("this scenario has no query of a DNN named \"" + name + "\"" +
                    base::suggestion(name, known));
      continue;
    }
    std::vector<std::string> layers = {"input"};
    for (const workloads::Layer& one : dnn->second->layers()) {
      layers.push_back(one.name);
    }
    device_layers[name] = static_cast<std::uint32_t>(layer.one_of(layers));
  }
  return make_fixed_cut(std::move(device_layers));
}

struct Registration {
  PolicyEntry entry;
  std::function<std::unique_ptr<Policy>(JsonObject&, const Dnns&)> read;
};

const std::vector<Registration>& registrations() {
  static const std::vector<Registration> table = {
      {{"cloud-only", "every layer on the server (the status quo)"},
       [](JsonObject&, const Dnns&) { return make_cloud_only(); }},
      {{"device-only", "every layer on the device"},
       [](JsonObject&, const Dnns&) { return make_device_only(); }},
      {{"fixed-cut", "the same cut for every query; cut_after: {DNN: last layer on the device}"},
       [](JsonObject& object, const Dnns& dnns) { return read_fixed_cut(object, dnns); }},
      {{"neurosurgeon-latency", "the cut of least predicted latency at the estimated bandwidth"},
       [](JsonObject& object, const Dnns&) {
         return read_neurosurgeon("neurosurgeon-latency", {}, object);
       }},
      {{"neurosurgeon-energy", "the cut of least predicted device energy"},
       [](JsonObject& object, const Dnns&) {
         return read_neurosurgeon("neurosurgeon-energy", {.latency_weight = 0, .energy_weight = 1},
                                  object);
       }},
      {{"neurosurgeon-weighted",
        "least latency_weight_per_s * latency + energy_weight_per_j * energy"},
       [](JsonObject& object, const Dnns&) {
         return read_weighted("neurosurgeon-weighted", object);
       }},
      {{"priced",
        "least predicted latency + published price x server time; needs cloud.load.signal price"},
       [](JsonObject&, const Dnns&) { return make_priced(); }},
      {{"dads-light", "the cut of least predicted latency of the layer graph (minimum cut)"},
       [](JsonObject&, const Dnns&) { return make_dads_light(); }},
      {{"dads-heavy", "the cut whose slowest stage (device, upload, server) is the fastest"},
       [](JsonObject&, const Dnns&) { return make_dads_heavy(); }},
      {{"maui", "one decision a layer type, each predicted by the mean of its type"},
       [](JsonObject&, const Dnns&) { return make_maui(); }},
      {{"oracle",
        "least latency knowing true layer costs, own backlog and the uplink's future (not the "
        "servers' queue)"},
       [](JsonObject&, const Dnns&) { return make_oracle(); }},
  };
  return table;
}

}  // namespace

const std::vector<PolicyEntry>& policy_entries() {
  static const std::vector<PolicyEntry> entries = [] {
    std::vector<PolicyEntry> list;
    for (const Registration& registration : registrations()) {
      list.push_back(registration.entry);
    }
    return list;
  }();
  return entries;
}

std::unique_ptr<Policy> read_policy(const base::JsonValue& value, const Dnns& dnns) {
  std::vector<std::string> names;
  for (const PolicyEntry& entry : policy_entries()) {
    names.push_back(entry.name);
  }
  const std::size_t problems_before = value.problems().list().size();
  std::unique_ptr<Policy> policy;
  // A bare name is an object with nothing but the name.
  const nlohmann::json bare = nlohmann::json::object({{"policy", value.raw()}});
  const bool is_object = value.is_object();
  JsonObject object(is_object ? value : base::JsonValue(bare, value.where(), value.problems()));
  if (is_object) {
    const std::size_t index = object.one_of("policy", names);
    if (value.problems().list().size() == problems_before) {
      policy = registrations()[index].read(object, dnns);
      object.find("label");  // these two are the scenario's
      object.find("estimator");
      object.finish();
    }
  } else {
    const std::size_t index = value.one_of(names);
    if (value.problems().list().size() == problems_before) {
      policy = registrations()[index].read(object, dnns);
    }
  }
  return value.problems().list().size() == problems_before ? std::move(policy) : nullptr;
}

}  // namespace edgecut::policies

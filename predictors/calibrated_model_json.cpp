// Reading and writing of predictors/models/<device>.json (docs/schemas/cost-model.schema.json).
#include <cmath>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "predictors/calibrated_model.hpp"

namespace edgecut::predictors {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kElementsMax = 9e15;

FitErrors read_errors(JsonObject& form) {
  FitErrors errors;
  errors.samples = static_cast<std::size_t>(form.integer("samples", Range::between(0, 1e9)));
  errors.median = form.number("error_median", Range::at_least(0));
  errors.p90 = form.number("error_p90", Range::at_least(0));
  errors.max = form.number("error_max", Range::at_least(0));
  return errors;
}

LayerForm read_form(const JsonValue& value) {
  JsonObject object = value.object();
  LayerForm form;
  form.basis = object.string("basis");
  for (std::size_t i = 0; i < kAmounts; ++i) {
    form.coefficients[i] =
        object.number_or(coefficient_keys()[i], 0, Range::between(0, i == 0 ? kTimeMaxS : 1));
  }
  form.network_factor = object.number("network_factor", Range::between(0, 1e3));
  form.power = base::watts(object.number("power_w", Range::between(0, kPowerMaxW)));
  form.errors = read_errors(object);
  object.finish();
  return form;
}

void read_forms(JsonObject& root, CalibratedModelData& data) {
  const std::optional<JsonValue> value = root.require("forms");
  if (!value) {
    return;
  }
  JsonObject forms = value->object();
  const std::vector<std::string>& types = workloads::layer_type_names();
  for (std::size_t t = 0; t < types.size(); ++t) {
    const std::optional<JsonValue> form =
        t < kLayerTypesInFiles ? forms.require(types[t]) : forms.find(types[t]);
    if (form) {
      data.forms.at(t) = read_form(*form);
    } else {
      data.forms.at(t).is_implied = t >= kLayerTypesInFiles;
    }
  }
  forms.finish();
  data.imply_forms();
}

LayerEntry read_layer(const JsonValue& value) {
  JsonObject object = value.object();
  const Range count = Range::between(0, kElementsMax);
  LayerEntry entry;
  entry.layer = object.string("layer");
  entry.is_measured = object.one_of("basis", {"estimated", "measured"}) == 1;
  entry.work = base::flop(object.number("work_flop", Range::at_least(0)));
  entry.input_elements = object.integer("input_elements", count);
  entry.output_elements = object.integer("output_elements", count);
  entry.weights = object.integer("weights", count);
  entry.time = base::seconds(object.number("time_s", Range::between(0, kTimeMaxS)));
  object.finish();
  return entry;
}

NetworkEntry read_network(const JsonValue& value) {
  JsonObject object = value.object();
  NetworkEntry network;
  network.dnn = object.string("dnn");
  network.power = base::watts(object.number("power_w", Range::between(0, kPowerMaxW)));
  network.total = base::seconds(object.number("total_s", Range::between(0, kTimeMaxS)));
  network.estimate_factor = object.number("estimate_factor", Range::at_least(0));
  std::set<std::string> names;
  for (const JsonValue& layer : object.array("layers", 1)) {
    network.layers.push_back(read_layer(layer));
    if (!names.insert(network.layers.back().layer).second) {
      layer.problem("layer \"" + network.layers.back().layer + "\" stands here twice");
    }
  }
  object.finish();
  return network;
}

}  // namespace

CalibratedModelData load_calibrated_model(const std::filesystem::path& path) {
  const base::JsonDocument document = base::JsonDocument::from_file(path);
  base::Problems problems;
  JsonObject root = document.root(problems).object();
  CalibratedModelData data;
  data.name = path.stem().string();
  data.title = root.string("title");
  data.source = root.string("source");
  read_forms(root, data);
  std::set<std::string> names;
  for (const JsonValue& network : root.array_or_empty("networks")) {
    data.networks.push_back(read_network(network));
    if (!names.insert(data.networks.back().dnn).second) {
      network.problem("network \"" + data.networks.back().dnn + "\" stands here twice");
    }
  }
  root.finish();
  problems.throw_if_any();
  return data;
}

namespace {

// Six digits are far more than the measurements hold, and hide the last bits in which linear
// algebra may differ between compilers.
std::string number(double value) { return base::format_significant(value, 6); }
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string form_json(const LayerForm& form) {
  std::string text = "{\"basis\": " + quoted(form.basis) + ",\n     ";
  for (std::size_t i = 0; i < kAmounts; ++i) {
    if (form.coefficients[i] > 0) {
      text += "\"" + coefficient_keys()[i] + "\": " + number(form.coefficients[i]) + ", ";
    }
  }
  text += "\"network_factor\": " + number(form.network_factor);
  text += ", \"power_w\": " + number(base::in_watts(form.power));
  text += ",\n     \"samples\": " + std::to_string(form.errors.samples);
  text += ", \"error_median\": " + base::format_significant(form.errors.median, 3);
  text += ", \"error_p90\": " + base::format_significant(form.errors.p90, 3);
  return text + ", \"error_max\": " + base::format_significant(form.errors.max, 3) + "}";
}

std::string layer_json(const LayerEntry& entry) {
  return "{\"layer\": " + quoted(entry.layer) +
         ", \"basis\": " + (entry.is_measured ? "\"measured\"" : "\"estimated\"") +
         ", \"work_flop\": " + base::format_number(base::in_flop(entry.work)) +
         ", \"input_elements\": " + std::to_string(entry.input_elements) +
         ", \"output_elements\": " + std::to_string(entry.output_elements) +
         ", \"weights\": " + std::to_string(entry.weights) +
         ", \"time_s\": " + number(base::in_seconds(entry.time)) + "}";
}

}  // namespace

std::string calibrated_model_json(const CalibratedModelData& data) {
  std::string text = "{\n  \"title\": " + quoted(data.title) + ",\n  \"source\": ";
  text += quoted(data.source) + ",\n  \"forms\": {";
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    if (data.forms.at(t).is_implied) {
      continue;
    }
    text += t == 0 ? "\n    " : ",\n    ";
    text += quoted(workloads::layer_type_names()[t]) + ": " + form_json(data.forms.at(t));
  }
  text += "\n  },\n  \"networks\": [";
  for (std::size_t n = 0; n < data.networks.size(); ++n) {
    const NetworkEntry& network = data.networks[n];
    text += n == 0 ? "\n    " : ",\n    ";
    text += "{\"dnn\": " + quoted(network.dnn);
    text += ", \"power_w\": " + number(base::in_watts(network.power));
    text += ", \"total_s\": " + number(base::in_seconds(network.total));
    text += ", \"estimate_factor\": " + number(network.estimate_factor) + ", \"layers\": [";
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      text += i == 0 ? "\n      " : ",\n      ";
      text += layer_json(network.layers[i]);
    }
    text += "]}";
  }
  return text + "\n  ]\n}\n";
}

}  // namespace edgecut::predictors

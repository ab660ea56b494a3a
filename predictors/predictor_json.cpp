// Reading and writing of predictor files (docs/schemas/predictor.schema.json).
#include <cmath>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "predictors/predictor.hpp"
#include "predictors/regression_json.hpp"

namespace edgecut::predictors {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;
using Json = nlohmann::ordered_json;

constexpr double kSamplesMax = 1e12;

double three_digits(double value) {
  return base::parse_number(base::format_significant(value, 3)).value_or(0);
}

Json score_json(const FormScore& score) {
  return {{"form", form_names()[static_cast<std::size_t>(score.form)]},
          {"layers", score.layers},
          {"error_median", three_digits(score.median)},
          {"error_p90", three_digits(score.p90)},
          {"within_10_percent", three_digits(score.within_10)},
          {"within_20_percent", three_digits(score.within_20)},
          {"r2", three_digits(score.r2)}};
}

Json scores_json(const std::vector<FormScore>& scores) {
  Json list = Json::array();
  for (const FormScore& score : scores) {
    list.push_back(score_json(score));
  }
  return list;
}

Json type_json(const TypePredictor& predictor) {
  Json json;
  json["samples"] = predictor.samples;
  json["network_factor"] = six_digits(predictor.network_factor);
  json["tried"] = scores_json(predictor.tried);
  json["time"] = regression_json(predictor.time);
  if (predictor.copy) {
    json["copy_of_input"] = regression_json(*predictor.copy);
    json["s_per_tensor_byte"] = six_digits(predictor.s_per_tensor_byte);
  }
  if (predictor.power) {
    json["tried_power"] = scores_json(predictor.tried_power);
    json["power"] = regression_json(*predictor.power);
  }
  return json;
}

FormScore read_score(const JsonValue& value) {
  JsonObject object = value.object();
  const Range share = Range::between(0, 1);
  FormScore score;
  score.form = static_cast<Form>(object.one_of("form", form_names()));
  score.layers = static_cast<std::size_t>(object.integer("layers", Range::between(0, kSamplesMax)));
  score.median = object.number("error_median", Range::at_least(0));
  score.p90 = object.number("error_p90", Range::at_least(0));
  score.within_10 = object.number("within_10_percent", share);
  score.within_20 = object.number("within_20_percent", share);
  score.r2 = object.number("r2", Range::any());
  object.finish();
  return score;
}

std::vector<FormScore> read_scores(const std::vector<JsonValue>& values) {
  std::vector<FormScore> scores;
  for (const JsonValue& value : values) {
    scores.push_back(read_score(value));
  }
  return scores;
}

TypePredictor read_type(const JsonValue& value, workloads::LayerType type) {
  JsonObject object = value.object();
  TypePredictor predictor;
  predictor.type = type;
  predictor.samples =
      static_cast<std::size_t>(object.integer("samples", Range::between(0, kSamplesMax)));
  predictor.network_factor = object.number_or("network_factor", 1, Range::between(0, 1e3));
  predictor.tried = read_scores(object.array_or_empty("tried"));
  predictor.tried_power = read_scores(object.array_or_empty("tried_power"));
  if (const auto time = object.require("time")) {
    predictor.time = read_regression(*time, type, Target::kTime);
  }
  if (const auto power = object.find("power")) {
    predictor.power = read_regression(*power, type, Target::kPower);
  }
  if (const auto copy = object.find("copy_of_input")) {
    predictor.s_per_tensor_byte = object.number_or("s_per_tensor_byte", 0, Range::between(0, 1));
    predictor.copy = read_regression(*copy, type, Target::kTime);
    if (predictor.copy->form != Form::kRoofline) {
      copy->problem("expected the form \"roofline\"");
    }
  }
  object.finish();
  return predictor;
}

void read_not_fitted(JsonObject& root, PredictorData& data) {
  for (const JsonValue& value : root.array_or_empty("not_fitted")) {
    JsonObject object = value.object();
    NotFitted entry;
    entry.type =
        static_cast<workloads::LayerType>(object.one_of("type", workloads::layer_type_names()));
    entry.samples =
        static_cast<std::size_t>(object.integer("samples", Range::between(0, kSamplesMax)));
    entry.why = object.string("why");
    object.finish();
    data.not_fitted.push_back(std::move(entry));
  }
}

void read_card(JsonObject& root, PredictorData& data) {
  const std::optional<JsonValue> value = root.require("card");
  if (!value) {
    return;
  }
  JsonObject card = value->object();
  data.source = card.string("data");
  data.date = card.string_or("date", "");
  data.folds = static_cast<int>(card.integer("folds", Range::between(2, 1000)));
  data.seed = static_cast<std::uint64_t>(card.integer("seed", Range::between(0, 9e15)));
  card.find("choice");  // for people
  card.finish();
}

}  // namespace

std::string predictor_json(const PredictorData& data) {
  Json card = {{"data", data.source}};
  if (!data.date.empty()) {
    card["date"] = data.date;
  }
  card["choice"] =
      "by type, the form with the least median relative error on held-out layers; a more elaborate "
      "one must be better by 1 %";
  card["folds"] = data.folds;
  card["seed"] = data.seed;
  const auto text = [](const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
  };
  std::string result = "{\n  \"device\": " + text(Json(data.device)) + ",\n  \"card\": ";
  result += text(card) + ",\n  \"not_fitted\": [";
  for (const NotFitted& entry : data.not_fitted) {
    result += &entry == data.not_fitted.data() ? "\n    " : ",\n    ";
    result += text(Json{{"type", workloads::layer_type_name(entry.type)},
                        {"samples", entry.samples},
                        {"why", entry.why}});
  }
  result += "],\n  \"types\": {";
  for (const TypePredictor& predictor : data.types) {
    result += &predictor == data.types.data() ? "\n    " : ",\n    ";
    result += text(Json(workloads::layer_type_name(predictor.type))) + ": {";
    const Json json = type_json(predictor);
    bool first = true;
    for (const auto& [key, value] : json.items()) {
      result +=
          std::string(first ? "\n      " : ",\n      ") + text(Json(key)) + ": " + text(value);
      first = false;
    }
    result += "}";
  }
  return result + "\n  }\n}\n";
}

PredictorData load_predictor(const std::filesystem::path& path) {
  const base::JsonDocument document = base::JsonDocument::from_file(path);
  base::Problems problems;
  JsonObject root = document.root(problems).object();
  PredictorData data;
  root.find("$schema");  // for editors
  data.device = root.string("device");
  read_card(root, data);
  read_not_fitted(root, data);
  if (const auto value = root.require("types")) {
    JsonObject types = value->object();
    for (std::size_t t = 0; t < kLayerTypes; ++t) {
      if (const auto type = types.find(workloads::layer_type_names()[t])) {
        data.types.push_back(read_type(*type, static_cast<workloads::LayerType>(t)));
      }
    }
    types.finish();
  }
  root.finish();
  problems.throw_if_any();
  return data;
}

}  // namespace edgecut::predictors

#include "scenarios/estimator_reader.hpp"

#include <optional>
#include <vector>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "platforms/estimate_table.hpp"

namespace edgecut::scenarios {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;
using platforms::EstimatorKind;
using platforms::EstimatorSpec;

constexpr double kIntervalMinS = 1e-3;
constexpr double kIntervalMaxS = 1e6;
constexpr double kWindowsMax = 1000;  // of the harmonic mean

double read_weight(const std::optional<JsonValue>& weight,
                   const std::optional<JsonValue>& half_life, const JsonValue& value,
                   base::Duration interval) {
  if (weight.has_value() == half_life.has_value()) {
    value.problem(
        "\"ewma\" needs either \"weight\", the share of the newest sample, or \"half_life_s\"");
    return 1;
  }
  if (weight) {
    return weight->number(Range::between(1e-6, 1));
  }
  return platforms::ewma_weight(
      base::seconds(half_life->number(Range::between(kIntervalMinS, kIntervalMaxS))), interval);
}

// The first trace with more windows than a table may have; nothing when there is none.
std::optional<std::string> too_many_windows(const sim::RunModel& model, base::Duration interval) {
  for (const sim::NodeGroup& group : model.groups) {
    for (const auto& trace : group.traces) {
      if (trace->period() / interval > platforms::EstimateTable::kWindowsMax) {
        const double shortest_s =
            base::in_seconds(trace->period()) / platforms::EstimateTable::kWindowsMax;
        return "a trace of group \"" + group.name + "\" has too many windows of " +
               base::format_number(base::in_seconds(interval)) + " s; expected at least " +
               base::format_number(shortest_s) + " s";
      }
    }
  }
  return std::nullopt;
}

void refuse_unused(const std::optional<JsonValue>& value, EstimatorKind kind,
                   EstimatorKind of_kind) {
  if (value && kind != of_kind) {
    value->problem("is of \"" + platforms::estimator_names()[static_cast<std::size_t>(of_kind)] +
                   "\" only");
  }
}

}  // namespace

EstimatorSpec read_estimator(const JsonValue& value, const sim::RunModel& model) {
  EstimatorSpec spec;
  // A bare name is an object with nothing but the name.
  const nlohmann::json bare = nlohmann::json::object({{"kind", value.raw()}});
  const bool is_object = value.is_object();
  if (!is_object) {
    const std::size_t problems_before = value.problems().list().size();
    spec.kind = static_cast<EstimatorKind>(value.one_of(platforms::estimator_names()));
    if (value.problems().list().size() > problems_before) {
      return {};
    }
  }
  JsonObject object(is_object ? value : JsonValue(bare, value.where(), value.problems()));
  spec.kind = static_cast<EstimatorKind>(object.one_of("kind", platforms::estimator_names()));
  const double interval_s =
      object.number_or("sample_interval_s", 1, Range::between(kIntervalMinS, kIntervalMaxS));
  spec.sample_interval = base::seconds(interval_s);
  const auto weight = object.find("weight");
  const auto half_life = object.find("half_life_s");
  const auto windows = object.find("windows");
  refuse_unused(weight, spec.kind, EstimatorKind::kEwma);
  refuse_unused(half_life, spec.kind, EstimatorKind::kEwma);
  refuse_unused(windows, spec.kind, EstimatorKind::kHarmonicMean);
  if (spec.kind == EstimatorKind::kEwma) {
    spec.weight = read_weight(weight, half_life, value, spec.sample_interval);
  } else if (spec.kind == EstimatorKind::kHarmonicMean && windows) {
    spec.windows = static_cast<std::uint32_t>(windows->integer(Range::between(1, kWindowsMax)));
  }
  object.finish();
  if (const auto problem = too_many_windows(model, spec.sample_interval)) {
    value.problem(*problem);
  }
  return spec;
}

void check_default_estimator(const JsonObject& root, const sim::RunModel& model) {
  if (const auto problem = too_many_windows(model, EstimatorSpec{}.sample_interval)) {
    root.problem(*problem + ": give \"estimator\" with a \"sample_interval_s\"");
  }
}

nlohmann::ordered_json estimator_json(const EstimatorSpec& spec) {
  nlohmann::ordered_json object;
  object["kind"] = platforms::estimator_names()[static_cast<std::size_t>(spec.kind)];
  if (spec.kind == EstimatorKind::kEwma) {
    object["weight"] = spec.weight;
  } else if (spec.kind == EstimatorKind::kHarmonicMean) {
    object["windows"] = spec.windows;
  }
  object["sample_interval_s"] = base::in_seconds(spec.sample_interval);
  return object;
}

}  // namespace edgecut::scenarios

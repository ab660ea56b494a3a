// The text forms of base/distribution.hpp: `.cdf` files and JSON.
#include <algorithm>
#include <optional>

#include "base/distribution.hpp"
#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

namespace edgecut::base {
namespace {

constexpr std::size_t kCdfBytesMax = 64U << 20U;
constexpr std::size_t kLinesTold = 20;
// BigHouse's own files end at 0.9990 or above; one that ends lower has lost rows.
constexpr double kLastProbabilityMin = 0.99;
constexpr double kValueMax = 1e15;

// The point of one line, or what is wrong with it.
std::optional<CdfPoint> parse_row(std::string_view line, std::string& fault) {
  std::vector<std::string_view> cells =
      line.find(',') == std::string_view::npos ? split_blanks(line) : split(line, ',');
  if (cells.size() != 2) {
    fault = "expected \"value probability\", got " + std::to_string(cells.size()) +
            (cells.size() == 1 ? " column" : " columns");
    return std::nullopt;
  }
  const auto value = parse_number(cells[0]);
  const auto probability = parse_number(cells[1]);
  if (!value || *value < 0 || *value > kValueMax) {
    fault = "expected a value in [0, 1e15], got \"" + std::string(trim(cells[0])) + "\"";
  } else if (!probability || *probability < 0 || *probability > 1) {
    fault = "expected a probability in [0, 1], got \"" + std::string(trim(cells[1])) + "\"";
  } else {
    return CdfPoint{*value, *probability};
  }
  return std::nullopt;
}

std::string order_fault(const CdfPoint& before, const CdfPoint& point) {
  if (point.value < before.value) {
    return "value falls from " + format_number(before.value) + " to " + format_number(point.value);
  }
  if (point.probability < before.probability) {
    return "probability falls from " + format_number(before.probability) + " to " +
           format_number(point.probability);
  }
  return "";
}

void check_ends(const std::vector<CdfPoint>& points, const std::string& name, Problems& problems) {
  if (points.size() < 2) {
    problems.add(name, "expected at least 2 rows \"value probability\"");
    return;
  }
  if (points.front().probability != 0) {
    problems.add(
        name, "the first probability must be 0, got " + format_number(points.front().probability));
  }
  if (points.back().probability < kLastProbabilityMin) {
    problems.add(name, "the last probability must be in [0.99, 1], got " +
                           format_number(points.back().probability));
  }
  const auto has_all_mass = [&points](const CdfPoint& point) {
    return point.probability == points.back().probability;
  };
  if (std::find_if(points.begin(), points.end(), has_all_mass)->value == 0) {
    problems.add(name, "every value is 0: the mean must be positive");
  }
}

MeanAndCv read_moments(JsonObject& object, const std::string& suffix, double cv_min) {
  return {.mean = object.number("mean" + suffix, Range::above_up_to(0, kValueMax)),
          .cv = object.number("cv", Range::between(cv_min, kCvMax))};
}

Bounds read_bounds(JsonObject& object, const std::string& suffix) {
  const double low = object.number("min" + suffix, Range::between(0, kValueMax));
  const double high = object.number("max" + suffix, Range::above_up_to(low, kValueMax));
  return {.low = low, .high = high};
}

Distribution read_empirical(JsonObject& object, const std::filesystem::path& relative_to,
                            const std::string& suffix, const JsonValue& json) {
  const auto mean = object.optional_number("mean" + suffix, Range::above_up_to(0, kValueMax));
  const auto file = object.require("file");
  if (!file || !file->raw().is_string()) {
    if (file) {
      static_cast<void>(file->string());
    }
    return {};
  }
  try {
    const auto distribution = Distribution::empirical(read_cdf_file(relative_to / file->string()));
    return mean && *mean > 0 ? distribution.scaled_to_mean(*mean) : distribution;
  } catch (const ConfigError& error) {
    for (const Problem& problem : error.problems()) {
      json.problems().add(file->where(), problem.where + ": " + problem.what);
    }
    return {};
  }
}

}  // namespace

std::vector<CdfPoint> parse_cdf(std::string_view text, const std::string& name) {
  Problems problems;
  std::vector<CdfPoint> points;
  std::size_t line_number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++line_number;
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    std::string fault;
    const auto point = parse_row(line, fault);
    if (point && !points.empty()) {
      fault = order_fault(points.back(), *point);
    }
    if (!fault.empty()) {
      problems.add(name + ":" + std::to_string(line_number), fault);
      if (problems.list().size() == kLinesTold) {
        problems.add(name, "reading stopped after " + std::to_string(kLinesTold) + " problems");
        problems.throw_if_any();
      }
    } else {
      points.push_back(*point);
    }
  }
  if (problems.empty()) {
    check_ends(points, name, problems);
  }
  problems.throw_if_any();
  return points;
}

std::vector<CdfPoint> read_cdf_file(const std::filesystem::path& path) {
  return parse_cdf(read_file(path, kCdfBytesMax), path.string());
}

Distribution read_distribution(const JsonValue& json, const std::filesystem::path& relative_to,
                               const std::string& unit_suffix) {
  if (!json.is_object()) {
    json.problem("expected an object such as {\"distribution\": \"exponential\", \"mean" +
                 unit_suffix + "\": 1}");
    return {};
  }
  JsonObject object = json.object();
  const std::size_t problems_before = json.problems().list().size();
  const std::size_t kind =
      object.one_of("distribution", {"constant", "uniform", "exponential", "gamma", "lognormal",
                                     "hyperexponential", "empirical"});
  if (json.problems().list().size() != problems_before) {
    return {};  // the keys to expect depend on the name
  }
  double value = 0;
  Bounds bounds{};
  MeanAndCv moments{};
  Distribution empirical;
  switch (kind) {
    case 0:
      value = object.number("value" + unit_suffix, Range::between(0, kValueMax));
      break;
    case 1:
      bounds = read_bounds(object, unit_suffix);
      break;
    case 2:
      value = object.number("mean" + unit_suffix, Range::above_up_to(0, kValueMax));
      break;
    case 3:
    case 4:
      moments = read_moments(object, unit_suffix, kCvMin);
      break;
    case 5:
      moments = read_moments(object, unit_suffix, 1);
      break;
    default:
      empirical = read_empirical(object, relative_to, unit_suffix, json);
      break;
  }
  object.finish();
  if (json.problems().list().size() != problems_before) {
    return {};
  }
  switch (kind) {
    case 0:
      return Distribution::constant(value);
    case 1:
      return Distribution::uniform(bounds);
    case 2:
      return Distribution::exponential(value);
    case 3:
      return Distribution::gamma(moments);
    case 4:
      return Distribution::lognormal(moments);
    case 5:
      return Distribution::hyperexponential(moments);
    default:
      return empirical;
  }
}

}  // namespace edgecut::base

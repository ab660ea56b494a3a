#include "predictors/regression_json.hpp"

#include <algorithm>

#include "base/json_reader.hpp"
#include "base/text.hpp"

namespace edgecut::predictors {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;
using Json = nlohmann::ordered_json;

constexpr double kNumberMax = 1e15;  // far above any coefficient: sums stay finite
constexpr std::size_t kPointsMax = static_cast<std::size_t>(kKrigingSamplesMax);

const Range& any_number() {
  static const Range range = Range::between(-kNumberMax, kNumberMax);
  return range;
}

Json numbers_json(const Eigen::VectorXd& values) {
  Json list = Json::array();
  for (const double value : values) {
    list.push_back(six_digits(value));
  }
  return list;
}

Json kriging_json(const Kriging& kriging) {
  Json points = Json::array();
  for (Eigen::Index i = 0; i < kriging.points.rows(); ++i) {
    points.push_back(numbers_json(kriging.points.row(i).transpose()));
  }
  return {{"length", kriging.length},
          {"centre", numbers_json(kriging.centre)},
          {"spread", numbers_json(kriging.spread)},
          {"weights", numbers_json(kriging.weights)},
          {"points", std::move(points)}};
}

// A leaf is [value]; an inner node [column, threshold, index of the node above], the one below
// follows.
Json trees_json(const BoostedTrees& trees) {
  Json list = Json::array();
  for (const std::vector<BoostedTrees::Node>& tree : trees.trees) {
    Json nodes = Json::array();
    for (const BoostedTrees::Node& node : tree) {
      nodes.push_back(node.column < 0
                          ? Json::array({six_digits(node.value)})
                          : Json::array({node.column, six_digits(node.threshold), node.above}));
    }
    list.push_back(std::move(nodes));
  }
  return list;
}

Eigen::VectorXd read_numbers(const std::vector<JsonValue>& values) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    result(static_cast<Eigen::Index>(i)) = values[i].number(any_number());
  }
  return result;
}

void check_size(const JsonValue& value, Eigen::Index found, std::size_t expected) {
  if (found != static_cast<Eigen::Index>(expected)) {
    value.problem("expected " + std::to_string(expected) + " numbers, found " +
                  std::to_string(found));
  }
}

// A vector of `size` numbers under a key; zeros on a problem.
Eigen::VectorXd read_vector(JsonObject& object, const std::string& key, std::size_t size) {
  Eigen::VectorXd result = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(size));
  if (const auto value = object.require(key)) {
    const Eigen::VectorXd found = read_numbers(value->array());
    check_size(*value, found.size(), size);
    result = found.size() == result.size() ? found : result;
  }
  return result;
}

Kriging read_kriging(const JsonValue& value, std::size_t columns) {
  JsonObject object = value.object();
  Kriging kriging;
  kriging.length = object.number("length", Range::between(1e-3, 1e3));
  kriging.centre = read_vector(object, "centre", columns);
  kriging.spread = read_vector(object, "spread", columns);
  if (!(kriging.spread.size() == 0 || kriging.spread.minCoeff() > 0)) {
    object.problem("spread: expected numbers > 0");
  }
  const std::vector<JsonValue> rows = object.array("points", 1);
  if (rows.size() > kPointsMax) {
    object.problem("points: expected at most " + std::to_string(kPointsMax));
  }
  kriging.weights = read_vector(object, "weights", rows.size());
  kriging.points.resize(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(columns));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Eigen::VectorXd row = read_numbers(rows[i].array());
    check_size(rows[i], row.size(), columns);
    if (row.size() == kriging.points.cols()) {
      kriging.points.row(static_cast<Eigen::Index>(i)) = row.transpose();
    }
  }
  object.finish();
  return kriging;
}

BoostedTrees::Node read_node(const JsonValue& value, std::size_t self, std::size_t nodes,
                             std::size_t columns) {
  const std::vector<JsonValue> parts = value.array(1);
  BoostedTrees::Node node;
  if (parts.size() == 1) {
    node.value = parts[0].number(any_number());
  } else if (parts.size() == 3) {
    // Children stand behind their parent: walking down always ends.
    const auto last = static_cast<double>(nodes) - 1;
    node.column =
        static_cast<int>(parts[0].integer(Range::between(0, static_cast<double>(columns) - 1)));
    node.threshold = parts[1].number(any_number());
    node.above =
        static_cast<int>(parts[2].integer(Range::between(static_cast<double>(self) + 1, last)));
  } else {
    value.problem("expected [value] or [column, threshold, above]");
  }
  return node;
}

BoostedTrees read_trees(const std::vector<JsonValue>& values, std::size_t columns) {
  BoostedTrees result;
  for (const JsonValue& tree : values) {
    const std::vector<JsonValue> nodes = tree.array(1);
    result.trees.emplace_back();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      result.trees.back().push_back(read_node(nodes[i], i, nodes.size(), columns));
    }
  }
  return result;
}

std::size_t base_size(const Regression& regression) {
  switch (regression.form) {
    case Form::kConstant:
    case Form::kKrigedTrend:
      return 1;
    case Form::kPublished:
      return published_size(regression.type);
    case Form::kLogLinear:
    case Form::kBoosted:
      return regression.columns.size() + 1;
    case Form::kRoofline:
    case Form::kKrigedRoofline:
      return kAmounts + 1;
  }
  return 0;
}

}  // namespace

double six_digits(double value) {
  return base::parse_number(base::format_significant(value, 7)).value_or(0);
}

Json regression_json(const Regression& regression) {
  Json json = {{"form", form_names()[static_cast<std::size_t>(regression.form)]}};
  if (!regression.columns.empty()) {
    Json columns = Json::array();
    for (const Fact column : regression.columns) {
      columns.push_back(fact_names()[static_cast<std::size_t>(column)]);
    }
    json["columns"] = std::move(columns);
  }
  json["base"] = Json::array();
  for (const double value : regression.base) {
    json["base"].push_back(six_digits(value));
  }
  if (regression.form == Form::kPublished) {
    json["floor"] = six_digits(regression.floor);
  }
  if (regression.kriging) {
    json["kriging"] = kriging_json(*regression.kriging);
  }
  if (regression.trees) {
    json["trees"] = trees_json(*regression.trees);
  }
  return json;
}

Regression read_regression(const JsonValue& value, workloads::LayerType type, Target target) {
  JsonObject object = value.object();
  Regression r;
  r.form = static_cast<Form>(object.one_of("form", form_names()));
  r.type = type;
  r.target = target;
  for (const JsonValue& column : object.array_or_empty("columns")) {
    r.columns.push_back(static_cast<Fact>(column.one_of(fact_names())));
  }
  const Eigen::VectorXd base = read_vector(object, "base", base_size(r));
  r.base.assign(base.begin(), base.end());
  const bool is_roofline = r.form == Form::kRoofline || r.form == Form::kKrigedRoofline;
  const bool is_level = r.form == Form::kConstant || r.form == Form::kKrigedTrend;
  if ((is_roofline || is_level) && base.size() > 0 && base.minCoeff() < 0) {
    object.problem("base: expected numbers >= 0");
  }
  if (r.form == Form::kPublished) {
    r.floor = object.number("floor", Range::above_up_to(0, 1e30));
  }
  if (r.form == Form::kKrigedTrend || r.form == Form::kKrigedRoofline) {
    if (const auto kriging = object.require("kriging")) {
      r.kriging = read_kriging(*kriging, r.columns.size());
      r.kriging->has_trend = r.form == Form::kKrigedTrend;
    }
  }
  if (r.form == Form::kBoosted) {
    r.trees = read_trees(object.array("trees", 1), r.columns.size());
  }
  object.finish();
  return r;
}

}  // namespace edgecut::predictors

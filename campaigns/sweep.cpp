#include "campaigns/sweep.hpp"

#include "base/errors.hpp"
#include "base/text.hpp"

namespace edgecut::campaigns {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::uint64_t size_of(const AxisGroup& group) { return group.front().values.size(); }

// Calls `visit(axis, index of its value)` for every axis at a point, in the order of the columns.
template <class Visit>
void for_each_axis(const Sweep& sweep, std::uint64_t point, Visit&& visit) {
  std::uint64_t slower = sweep.points();
  std::uint64_t rest = point;
  EC_CHECK(point < slower, "a point of the sweep");
  for (const AxisGroup& group : sweep.groups) {
    slower /= size_of(group);
    const std::uint64_t index = rest / slower;
    rest %= slower;
    for (const Axis& axis : group) {
      visit(axis, static_cast<std::size_t>(index));
    }
  }
}

std::string text_of(const json& value) {
  if (value.is_string()) {
    return value.get<std::string>();
  }
  if (value.is_number_float()) {
    return base::format_number(value.get<double>());
  }
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

ordered_json axis_json(const Axis& axis) {
  ordered_json object;
  object["name"] = axis.name;
  object["pointer"] = axis.pointers;
  object["values"] = ordered_json::array();
  for (const json& value : axis.values) {
    object["values"].push_back(ordered_json(value));
  }
  if (!axis.labels.empty()) {
    object["labels"] = axis.labels;
  }
  return object;
}

}  // namespace

std::uint64_t Sweep::points() const {
  std::uint64_t product = 1;
  for (const AxisGroup& group : groups) {
    product *= size_of(group);
  }
  return product;
}

ordered_json sweep_json(const Sweep& sweep) {
  ordered_json object;
  object["name"] = sweep.name;
  object["description"] = sweep.description;
  object["base"] = sweep.base;
  object["axes"] = ordered_json::array();
  for (const AxisGroup& group : sweep.groups) {
    if (group.size() == 1) {
      object["axes"].push_back(axis_json(group.front()));
      continue;
    }
    ordered_json together = ordered_json::array();
    for (const Axis& axis : group) {
      together.push_back(axis_json(axis));
    }
    object["axes"].push_back({{"zip", together}});
  }
  return object;
}

std::vector<std::string> axis_names(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const AxisGroup& group : sweep.groups) {
    for (const Axis& axis : group) {
      names.push_back(axis.name);
    }
  }
  return names;
}

std::vector<std::string> axis_cells(const Sweep& sweep, std::uint64_t point) {
  std::vector<std::string> cells;
  for_each_axis(sweep, point, [&](const Axis& axis, std::size_t index) {
    cells.push_back(axis.labels.empty() ? text_of(axis.values[index]) : axis.labels[index]);
  });
  return cells;
}

json resolve(const Sweep& sweep, std::uint64_t point) {
  json document = sweep.base;
  for_each_axis(sweep, point, [&](const Axis& axis, std::size_t index) {
    for (const std::string& pointer : axis.pointers) {
      document[json::json_pointer(pointer)] = axis.values[index];
    }
  });
  return document;
}

}  // namespace edgecut::campaigns

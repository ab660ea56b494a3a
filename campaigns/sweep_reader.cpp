#include <algorithm>
#include <set>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "campaigns/axis_reader.hpp"
#include "campaigns/sweep.hpp"
#include "campaigns/tables.hpp"

namespace edgecut::campaigns {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using nlohmann::json;

// Why a pointer leads nowhere in the base; empty when it leads to a place. The last key of an
// object may be new: whether a scenario has it, the scenario reader knows.
std::string why_unknown(const json& base, const std::string& pointer) {
  const json* here = &base;
  std::string path;
  const std::vector<std::string_view> segments = base::split(pointer, '/');
  for (std::size_t i = 1; i < segments.size(); ++i) {
    const std::string key = json::json_pointer("/" + std::string(segments[i])).back();
    const bool is_last = i + 1 == segments.size();
    const std::string at = path.empty() ? "the base" : "\"" + path + "\" in the base";
    if (here->is_array()) {
      const auto index = base::parse_number(key);
      if (key.find_first_not_of("0123456789") != std::string::npos || !index ||
          *index >= static_cast<double>(here->size())) {
        return at + " has no element \"" + key + "\"; it has " + std::to_string(here->size());
      }
      here = &(*here)[static_cast<std::size_t>(*index)];
    } else if (here->is_object()) {
      if (!here->contains(key)) {
        std::vector<std::string> keys;
        for (const auto& [name, unused] : here->items()) {
          keys.push_back(name);
        }
        return is_last ? "" : at + " has no \"" + key + "\"" + base::suggestion(key, keys);
      }
      here = &(*here)[key];
    } else {
      return at + " is a " + here->type_name() + ", nothing is below it";
    }
    path += "/" + std::string(segments[i]);
  }
  return "";
}

bool is_at_or_below(const std::string& pointer, const std::string& other) {
  return pointer == other || pointer.starts_with(other + "/");
}

// Names and pointers of all axes, to find two that want the same.
class AxisRegister {
 public:
  explicit AxisRegister(const json& base) : base_(base) {}

  void add(const JsonValue& where, const Axis& axis) {
    const auto& taken = own_columns();
    if (std::find(taken.begin(), taken.end(), axis.name) != taken.end()) {
      where.problem("\"" + axis.name +
                    "\" is a column of the results: give the axis another \"name\"");
    } else if (axis.name.empty() || !names_.insert(axis.name).second) {
      where.problem("a second axis called \"" + axis.name + "\": give it a \"name\" of its own");
    }
    for (const std::string& pointer : axis.pointers) {
      const std::string why = why_unknown(base_, pointer);
      if (!why.empty()) {
        where.problem("unknown pointer \"" + pointer + "\": " + why);
      }
      for (const std::string& other : pointers_) {
        if (is_at_or_below(pointer, other) || is_at_or_below(other, pointer)) {
          where.problem("\"" + pointer + "\" and \"" + other +
                        "\" of two axes are the same place, or one lies within the other");
        }
      }
    }
    pointers_.insert(pointers_.end(), axis.pointers.begin(), axis.pointers.end());
  }

 private:
  const json& base_;
  std::set<std::string> names_;
  std::vector<std::string> pointers_;
};

AxisGroup read_group(const JsonValue& value, const GlobRoot& root, AxisRegister& axes) {
  AxisGroup group;
  if (!value.is_object() || !value.raw().contains("zip")) {
    group.push_back(read_axis(value, root));
    axes.add(value, group.back());
    return group;
  }
  JsonObject object = value.object();
  for (const JsonValue& one : object.array("zip", 2)) {
    Axis axis = read_axis(one, root);
    axes.add(one, axis);
    if (!group.empty() && axis.values.size() != group.front().values.size()) {
      one.problem("axes in a zip need as many values each: " +
                  std::to_string(group.front().values.size()) + " of \"" + group.front().name +
                  "\", " + std::to_string(axis.values.size()) + " of \"" + axis.name + "\"");
    }
    group.push_back(std::move(axis));
  }
  object.finish();
  return group;
}

void check_size(const JsonValue& axes, const Sweep& sweep) {
  double product = 1;
  for (const AxisGroup& group : sweep.groups) {
    product *= group.empty() ? 1 : static_cast<double>(group.front().values.size());
  }
  if (product > static_cast<double>(kPointsMax)) {
    axes.problem("the axes make " + base::format_number(product) + " points; at most " +
                 std::to_string(kPointsMax) + " are allowed");
  }
}

// Where the base comes from: a scenario in the sweep itself, or a file.
void read_base(const JsonValue& value, const fs::path& directory, Sweep& sweep) {
  sweep.directory = directory;
  if (value.is_object()) {
    sweep.base = value.raw();
    return;
  }
  if (!value.is_string()) {
    value.problem("expected a scenario, or the path of a scenario file");
    return;
  }
  const fs::path given = value.string();
  const fs::path path = given.is_absolute() ? given : directory / given;
  try {
    const auto document = base::JsonDocument::from_file(path);
    if (!document.raw().is_object()) {
      value.problem(path.string() + " is no scenario: expected an object");
      return;
    }
    sweep.base = document.raw();
    sweep.base_name = path.filename().string();
    sweep.directory = path.parent_path();
  } catch (const base::ConfigError& error) {
    value.problems().add(error);
  }
}

Sweep read(const JsonValue& value, const fs::path& directory, const std::string& base_name,
           const fs::path& trace_directory) {
  Sweep sweep;
  JsonObject root = value.object();
  root.find("$schema");  // for editors
  sweep.name = root.string_or("name", fs::path(base_name).stem().string());
  sweep.description = root.string_or("description", "");
  sweep.base_name = base_name;
  const auto base = root.require("base");
  if (base) {
    read_base(*base, directory, sweep);
  }
  const auto axes = root.require("axes");
  if (base && sweep.base.is_object() && axes) {
    const GlobRoot glob_root{trace_directory.empty() ? sweep.directory : trace_directory,
                             !trace_directory.empty()};
    AxisRegister names(sweep.base);
    for (const JsonValue& axis : axes->array(1)) {
      sweep.groups.push_back(read_group(axis, glob_root, names));
    }
    check_size(*axes, sweep);
  }
  root.finish();
  value.problems().throw_if_any();
  return sweep;
}

}  // namespace

Sweep read_sweep(const fs::path& path, const fs::path& trace_directory) {
  std::error_code error;
  if (!trace_directory.empty() && !fs::is_directory(trace_directory, error)) {
    throw base::ConfigError("--trace-dir", "no such folder: " + trace_directory.string());
  }
  const auto document = base::JsonDocument::from_file(path);
  base::Problems problems;
  return read(document.root(problems), path.parent_path(), path.filename().string(),
              trace_directory);
}

Sweep read_sweep_json(const JsonValue& value, const std::string& base_name) {
  return read(value, {}, base_name, {});
}

}  // namespace edgecut::campaigns

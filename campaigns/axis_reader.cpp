#include "campaigns/axis_reader.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include <glob.h>

#include "base/json_reader.hpp"
#include "base/stable_math.hpp"
#include "base/text.hpp"
#include "campaigns/tables.hpp"
#include "platforms/trace_formats.hpp"

namespace edgecut::campaigns {
namespace {

namespace fs = std::filesystem;
using base::JsonObject;
using base::JsonValue;
using base::Range;
using nlohmann::json;

constexpr double kValuesMax = 1e6;  // of one range
constexpr double kExact = 9007199254740992.0;

// A number as a person would write it: whole where it is, else to nine digits.
json plain_number(double value) {
  constexpr int kDigits = 9;
  const double shown = *base::parse_number(base::format_significant(value, kDigits));
  if (shown == std::trunc(shown) && std::abs(shown) < kExact) {
    return static_cast<std::int64_t>(shown);
  }
  return shown;
}

std::vector<json> read_range(JsonObject& object, const JsonValue& from, const JsonValue& to) {
  const auto count = object.integer("count", Range::between(1, kValuesMax));
  const bool is_log = object.one_of_or("scale", {"linear", "log"}, 0) == 1;
  const Range range = is_log ? Range::above_up_to(0, 1e300) : Range::between(-1e300, 1e300);
  const std::size_t problems = object.problems().list().size();
  const double low = from.number(range);
  const double high = to.number(range);
  std::vector<json> values;
  if (object.problems().list().size() > problems) {
    return values;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const double share = count > 1 ? static_cast<double>(i) / static_cast<double>(count - 1) : 0;
    const double value = is_log ? low * base::stable_exp(share * base::stable_log(high / low))
                                : low + share * (high - low);
    values.push_back(plain_number(i > 0 && i + 1 == count ? high : value));
  }
  return values;
}

// The regular files that a pattern matches, relative to the root.
std::vector<std::string> matches(const JsonValue& where, const std::string& pattern,
                                 const GlobRoot& root) {
  std::vector<std::string> found;
  const fs::path full =
      fs::path(pattern).is_absolute() ? fs::path(pattern) : root.directory / pattern;
  glob_t list{};
  const int status = glob(full.c_str(), GLOB_NOSORT, nullptr, &list);
  for (std::size_t i = 0; status == 0 && i < list.gl_pathc; ++i) {
    const fs::path path = list.gl_pathv[i];
    std::error_code error;
    if (fs::is_regular_file(path, error)) {
      found.push_back(fs::path(pattern).is_absolute()
                          ? path.string()
                          : path.lexically_relative(root.directory).string());
    }
  }
  globfree(&list);
  if (status != 0 && status != GLOB_NOMATCH) {
    where.problem("the files of \"" + full.string() + "\" cannot be listed");
  } else if (found.empty()) {
    where.problem(
        "no file matches \"" + full.string() + "\"" +
        (root.is_trace_directory ? "" : " (--trace-dir names another folder to look in)"));
  }
  return found;
}

bool is_readable_trace(const fs::path& path) {
  try {
    platforms::read_trace(path);
    return true;
  } catch (const base::ConfigError&) {
    return false;
  }
}

std::vector<json> read_glob(JsonObject& object, const JsonValue& patterns, const GlobRoot& root) {
  const bool skips = object.one_of_or("unreadable", {"fail", "skip"}, 0) == 1;
  std::set<std::string> names;  // sorted, each once
  const std::vector<JsonValue> list =
      patterns.is_array() ? patterns.array(1) : std::vector<JsonValue>{patterns};
  for (const JsonValue& pattern : list) {
    if (!pattern.is_string()) {
      pattern.problem("expected a pattern of file names, such as \"lte-*/*\"");
      continue;
    }
    const std::vector<std::string> found = matches(pattern, pattern.string(), root);
    names.insert(found.begin(), found.end());
  }
  std::vector<json> values;
  for (const std::string& name : names) {
    if (!skips || is_readable_trace(root.directory / name)) {
      values.emplace_back(name);
    }
  }
  if (values.empty() && !names.empty()) {
    patterns.problem("none of the " + std::to_string(names.size()) +
                     " files that match is a readable trace");
  }
  return values;
}

std::vector<std::string> read_pointers(const JsonValue& value) {
  std::vector<std::string> pointers;
  const std::vector<JsonValue> list =
      value.is_array() ? value.array(1) : std::vector<JsonValue>{value};
  for (const JsonValue& one : list) {
    if (!one.is_string()) {
      one.problem("expected a JSON pointer into the base, such as \"/fleet/0/bandwidth_mbps\"");
      continue;
    }
    const std::string pointer = one.string();
    try {
      if (json::json_pointer(pointer).empty()) {
        one.problem("expected a place inside the base, such as \"/seed\", got \"" + pointer + "\"");
        continue;
      }
      pointers.push_back(pointer);
    } catch (const json::exception&) {
      one.problem("\"" + pointer + "\" is no JSON pointer; expected \"/key/0/key\"");
    }
  }
  return pointers;
}

// "bandwidth_mbps" for "/fleet/0/bandwidth_mbps"; the whole pointer, "policies_0" for
// "/policies/0", where its end is a number or the name of a column of the results.
std::string name_of(const std::string& pointer) {
  const std::string last = json::json_pointer(pointer).back();
  const auto& taken = own_columns();
  if (last.find_first_not_of("0123456789") != std::string::npos &&
      std::find(taken.begin(), taken.end(), last) == taken.end()) {
    return last;
  }
  std::string name = pointer.substr(1);
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

std::vector<json> read_list(const JsonValue& value) {
  std::vector<json> values;
  for (const JsonValue& one : value.array(1)) {
    values.push_back(one.raw());
  }
  return values;
}

void read_labels(const JsonValue& value, Axis& axis) {
  for (const JsonValue& label : value.array()) {
    axis.labels.push_back(label.string());
  }
  if (axis.labels.size() != axis.values.size()) {
    value.problem(std::to_string(axis.labels.size()) + " labels for " +
                  std::to_string(axis.values.size()) + " values");
    axis.labels.clear();
  }
}

}  // namespace

Axis read_axis(const JsonValue& value, const GlobRoot& root) {
  JsonObject object = value.object();
  Axis axis;
  if (const auto pointer = object.require("pointer")) {
    axis.pointers = read_pointers(*pointer);
  }
  axis.name =
      object.string_or("name", axis.pointers.empty() ? "axis" : name_of(axis.pointers.front()));
  const auto list = object.find("values");
  const auto from = object.find("from");
  const auto to = object.find("to");
  const auto patterns = object.find("glob");
  const int kinds = (list ? 1 : 0) + (from || to ? 1 : 0) + (patterns ? 1 : 0);
  if (value.is_object() && kinds != 1) {
    value.problem(
        "expected one of \"values\" (a list), \"from\" and \"to\" with \"count\" (a range), "
        "\"glob\" (files)");
  } else if (list) {
    axis.values = read_list(*list);
  } else if (patterns) {
    axis.values = read_glob(object, *patterns, root);
  } else if (from && to) {
    axis.values = read_range(object, *from, *to);
  } else if (from || to) {
    value.problem("a range needs \"from\", \"to\" and \"count\"");
  }
  if (const auto labels = object.find("labels")) {
    read_labels(*labels, axis);
  }
  if (kinds == 1) {
    object.finish();
  }
  return axis;
}

}  // namespace edgecut::campaigns

// A sweep: a base scenario, and axes along which it is varied.
//
// Every axis puts its values at one or more places of the base, named by JSON pointers (RFC 6901).
// Axes multiply; axes in a `zip` go side by side. Point number 0 has the first value of every axis
// and the last axis turns fastest. A point is nothing but the base with values put in: it is read
// by the scenario reader like any file, so all that a scenario can say can be swept.
//
// docs/formats.md explains every key; docs/schemas/sweep.schema.json serves editors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"

namespace edgecut::campaigns {

struct Axis {
  std::string name;                   // its column in the result tables
  std::vector<std::string> pointers;  // where each value goes
  std::vector<nlohmann::json> values;
  std::vector<std::string> labels;  // what the column says for each value; empty: the value itself
};

/// Axes that turn together: all have as many values.
using AxisGroup = std::vector<Axis>;

struct Sweep {
  std::string name;
  std::string description;
  std::string base_name;            // how messages call the base
  std::filesystem::path directory;  // what file names in the base are relative to
  nlohmann::json base;
  std::vector<AxisGroup> groups;

  [[nodiscard]] std::uint64_t points() const;
};

/// More would be no campaign that anyone waits for; a typing error is likelier.
inline constexpr std::uint64_t kPointsMax = 10'000'000;

/// Reads a sweep file and its base, and expands ranges and globs. Globs look below
/// `trace_directory` when given, else below the folder of the base. Throws base::ConfigError with
/// all problems.
Sweep read_sweep(const std::filesystem::path& path, const std::filesystem::path& trace_directory);

/// The sweep with everything in it: base inline, ranges and globs as lists. `read_sweep_json` of it
/// gives the same sweep, without any other file.
nlohmann::ordered_json sweep_json(const Sweep& sweep);
Sweep read_sweep_json(const base::JsonValue& value, const std::string& base_name);

/// The names of the axes, in the order of the columns.
std::vector<std::string> axis_names(const Sweep& sweep);
/// What the columns say at a point, as fields of a CSV.
std::vector<std::string> axis_cells(const Sweep& sweep, std::uint64_t point);
/// The scenario of a point.
nlohmann::json resolve(const Sweep& sweep, std::uint64_t point);

}  // namespace edgecut::campaigns

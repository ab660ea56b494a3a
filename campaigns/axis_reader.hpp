// One axis of a sweep file: from a list, a range or a glob to its values.
#pragma once

#include <filesystem>

#include "base/json_reader.hpp"
#include "campaigns/sweep.hpp"

namespace edgecut::campaigns {

/// Where globs look.
struct GlobRoot {
  std::filesystem::path directory;
  bool is_trace_directory = false;  // named by --trace-dir
};

/// Reads an axis. Problems are added to the value's; an axis with problems may have no values.
Axis read_axis(const base::JsonValue& value, const GlobRoot& root);

}  // namespace edgecut::campaigns

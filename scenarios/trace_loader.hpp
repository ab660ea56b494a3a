// Traces that a scenario names, each file read once.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/json_reader.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/trace_formats.hpp"

namespace edgecut::scenarios {

class TraceLoader {
 public:
  /// A trace is looked for by its name among those that ship, then as a path below
  /// `trace_directory` (when given), then as a path relative to `scenario_directory`.
  TraceLoader(std::filesystem::path scenario_directory, std::filesystem::path trace_directory);

  /// `stamp`: what the time stamps of a file mark. Adds to the value's problems and returns nothing
  /// when there is no such trace or it is damaged.
  std::shared_ptr<const platforms::RateTrace> load(const base::JsonValue& reference,
                                                   platforms::StampMarks stamp);

 private:
  [[nodiscard]] std::filesystem::path find(const base::JsonValue& value,
                                           const std::string& reference) const;

  std::filesystem::path scenario_directory_;
  std::filesystem::path trace_directory_;
  std::map<std::pair<std::filesystem::path, platforms::StampMarks>,
           std::shared_ptr<const platforms::RateTrace>>
      loaded_;
};

}  // namespace edgecut::scenarios

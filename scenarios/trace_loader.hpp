// Traces that a scenario names, each file read once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/json_reader.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/trace_formats.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::scenarios {

class TraceLoader {
 public:
  /// A trace is looked for by its name among those that ship, then as a path below
  /// `trace_directory` (when given), then as a path relative to `scenario_directory`.
  TraceLoader(std::filesystem::path scenario_directory, std::filesystem::path trace_directory,
              SharedInputs& inputs);

  /// Adds to the value's problems and returns nothing when there is no such trace or it is damaged.
  std::shared_ptr<const platforms::RateTrace> load(const base::JsonValue& reference,
                                                   const platforms::TraceReadOptions& options);
  /// Recorded round trips: a file, found as a trace is.
  std::shared_ptr<const platforms::RoundTrips> load_round_trips(const base::JsonValue& reference,
                                                                bool lenient);

  /// Rows that were left out, by reference; empty when none was.
  [[nodiscard]] const nlohmann::ordered_json& rows_skipped() const { return rows_skipped_; }

 private:
  [[nodiscard]] std::filesystem::path find(const base::JsonValue& value,
                                           const std::string& reference) const;

  [[nodiscard]] std::optional<std::filesystem::path> path_of(const base::JsonValue& value) const;
  void count_skipped(const base::JsonValue& value, std::size_t rows);

  std::filesystem::path scenario_directory_;
  std::filesystem::path trace_directory_;
  SharedInputs& inputs_;
  nlohmann::ordered_json rows_skipped_ = nlohmann::ordered_json::object();
};

}  // namespace edgecut::scenarios

// Small sweeps as JSON, and what their reader says to them.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "campaigns/sweep.hpp"
#include "support/scenario_run.hpp"

namespace edgecut::campaigns::testing {

using nlohmann::json;

/// A queue of jobs, 200 of them.
inline json base() {
  return json::parse(R"({
    "workload": {"queries": [{"job": "job", "server_time": {"distribution": "exponential", "mean_s": 0.01}}],
                 "arrivals": {"process": "poisson", "rate_per_s": 10}},
    "fleet": [{"count": 1, "network": "ideal"}],
    "cloud": {"gpus": 1},
    "policies": ["cloud-only"],
    "stop": {"queries": 200}})");
}

inline json sweep(const std::vector<json>& axes) {
  return {{"base", base()}, {"axes", json(axes)}};
}

inline json axis(const std::string& pointer, const json& values) {
  return {{"pointer", pointer}, {"values", values}};
}

inline Sweep read(const json& document, const edgecut::testing::TempFolder& folder,
                  const std::filesystem::path& trace_directory = {}) {
  folder.write("sweep.json", document.dump());
  return read_sweep(folder.path() / "sweep.json", trace_directory);
}

/// Every problem, a line each; "" when there is none.
inline std::string told(const json& document, const edgecut::testing::TempFolder& folder,
                        const std::filesystem::path& trace_directory = {}) {
  try {
    read(document, folder, trace_directory);
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace edgecut::campaigns::testing

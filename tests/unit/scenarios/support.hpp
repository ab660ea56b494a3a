// Small scenarios as JSON, and what the reader says to them.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/errors.hpp"
#include "base/json_reader.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::scenarios::testing {

using nlohmann::json;

/// A folder of this test process, removed at the end.
class Scratch {
 public:
  Scratch()
      : path_(std::filesystem::temp_directory_path() /
              ("edgecut-scenarios-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

/// Jobs of constant length at one GPU: nothing that is not needed.
inline json jobs() {
  return json::parse(R"({
    "workload": {"queries": [{"job": "job", "server_time": {"distribution": "constant", "value_s": 0.01}}],
                 "arrivals": {"process": "poisson", "rate_per_s": 10}},
    "fleet": [{"count": 1, "network": "ideal"}],
    "cloud": {},
    "policies": ["cloud-only"]})");
}

/// One DNN on one board.
inline json dnn() {
  json document = jobs();
  document["workload"]["queries"] = json::parse(R"([{"model": "dig"}])");
  document["fleet"] =
      json::parse(R"([{"count": 1, "device": "jetson-tk1-gpu", "network": "wifi-2015"}])");
  document["cloud"]["server"] = "tesla-k40";
  return document;
}

inline json with(json document, const std::string& pointer, json value) {
  document[json::json_pointer(pointer)] = std::move(value);
  return document;
}

inline json without(json document, const std::string& pointer) {
  const json::json_pointer place(pointer);
  document[place.parent_pointer()].erase(place.back());
  return document;
}

inline Scenario read(const json& document, const std::filesystem::path& directory = {},
                     const ScenarioOptions& options = {}) {
  return read_scenario(base::JsonDocument::from_text(document.dump(), "s"), directory, options);
}

/// Every problem, a line each: "s#/pointer: what\n"; "" when there is none.
inline std::string told(const json& document, const std::filesystem::path& directory = {},
                        const ScenarioOptions& options = {}) {
  std::string text;
  try {
    read(document, directory, options);
  } catch (const base::ConfigError& error) {
    for (const base::Problem& problem : error.problems()) {
      text += problem.where + ": " + problem.what + "\n";
    }
  }
  return text;
}

}  // namespace edgecut::scenarios::testing

// What the study of 2015 compared and what it published: scenarios/study/study.json.
//
// The published values are here to be set beside simulated ones; nothing is fitted to them
// (calibration reads predictors/calibration alone).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edgecut::reproduction {

/// One changed assumption under which the headline numbers are computed again.
struct Variant {
  std::string name;
  double input_size_factor = 1;
  std::optional<bool> output_is_uploaded;  // for all networks; absent: as each model says
  std::vector<std::string> networks;       // instead of the study's; empty: the same
  double server_time_factor = 1;
  double device_power_offset_w = 0;  // on top of every layer's power
  double uplink_factor = 1;
};

/// Other surroundings for the study's configurations.
struct World {
  std::string name;
  std::vector<std::string> networks;             // instead of the study's; empty: the same
  std::vector<std::vector<std::string>> traces;  // of each network; empty: constant rates
  std::string tensor_precision;                  // empty: as the models say
  bool needs_recordings = false;                 // traces are files that do not ship
};

/// The study's question asked again in other worlds.
struct Beyond {
  std::vector<World> worlds;
  std::vector<std::string> models;  // besides the study's
  std::vector<std::string> policies;
  std::string predictor;
  double rate_per_s = 0;  // of the one device
  double queries = 0;
};

struct Study {
  std::filesystem::path path;
  std::vector<std::string> models;
  std::vector<std::string> devices;
  std::vector<std::string> networks;
  std::string server;
  std::string predictor;
  std::filesystem::path throughput_scenario;
  std::vector<int> gpu_percent;
  double server_sojourn_s = 0;
  std::vector<Variant> variants;
  std::filesystem::path lte_scenario;   // cloud-only first, then a policy that adapts
  std::filesystem::path load_scenario;  // cloud-only first, the load-aware policy last
  Beyond beyond;
  std::string published_source;
  std::map<std::string, double> published;

  /// The published value of this name; nothing where the study gives none.
  [[nodiscard]] std::optional<double> published_value(const std::string& name) const;
};

/// Reads a file. Throws base::ConfigError with everything that is wrong.
Study read_study(const std::filesystem::path& path);
/// The one that ships.
std::filesystem::path shipped_study();

}  // namespace edgecut::reproduction

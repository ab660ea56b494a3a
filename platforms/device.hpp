// A processor that runs layers: a phone's or board's CPU or GPU, or one of a server.
//
// Models what a scenario needs of it beyond layer costs: its kind, the power of the whole board
// while nothing runs, and the name of its cost model (predictors/models). Ignores temperature,
// frequency scaling and memory limits: the cost model holds for the state in which it was measured.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::platforms {

enum class DeviceKind { kMobile, kServer };

/// One published fact about the hardware, with where and when; for people, not for the simulation.
struct HardwareFact {
  std::string name;
  std::string value;
  std::string source;
  int year = 0;
};

struct Device {
  std::string name;  // the file's name without extension, "jetson-tk1-gpu"
  std::string title;
  DeviceKind kind = DeviceKind::kMobile;
  base::Power idle_power;   // whole board; zero for a server, whose energy no device pays
  std::string idle_source;  // where the idle power comes from
  std::string cost_model;   // a name in predictors/models, or a path relative to `directory`
  std::filesystem::path directory;  // of the device's file
  std::vector<HardwareFact> hardware;
};

/// Reads a device file. Throws ConfigError with every problem.
Device load_device(const std::filesystem::path& path);

/// The device that a scenario names: one shipped in platforms/devices, or a path relative to
/// `relative_to`. `where` is the place of the reference, for the error.
Device find_device(const std::string& reference, const std::filesystem::path& relative_to,
                   const std::string& where);

}  // namespace edgecut::platforms

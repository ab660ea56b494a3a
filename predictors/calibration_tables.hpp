// The measurements that cost models are calibrated to: three CSV tables in predictors/calibration.
//
//   measured-layers.csv  dnn, layer, <device>_us ...      a layer inside its network; empty:
//   unsound single-layers.csv    layer_type, channels, height, width, outputs, kernel, stride,
//   local_size,
//                        <device>_us ...                  a layer run alone, input copied from host
//   totals.csv           device, dnn, time_ms, power_w    a whole network; empty power: not metered
//
// Lines that start with '#' are comments (source, year, what is left out and why).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

struct MeasuredLayer {
  std::string dnn;
  std::string layer;
  std::map<std::string, base::Duration> time;  // by device; absent: not soundly measured
};

struct SingleLayer {
  workloads::Layer layer;  // with everything inferred
  std::map<std::string, base::Duration> time;
};

struct MeasuredTotal {
  std::string device;
  std::string dnn;
  base::Duration time;
  std::optional<base::Power> power;
};

struct CalibrationTables {
  std::vector<MeasuredLayer> layers;
  std::vector<SingleLayer> single_layers;
  std::vector<MeasuredTotal> totals;
};

/// Reads the three tables of a folder. Throws ConfigError with every problem, file and line.
CalibrationTables load_calibration_tables(const std::filesystem::path& folder);

}  // namespace edgecut::predictors

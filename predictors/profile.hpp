// Profiles: CSV tables of measured layers (docs/formats.md), what predictors are fitted to.
//
// One row a layer. A table with our own header names its columns as it likes, in any order; tables
// with another header are read where the layout is known (profile_layouts.cpp).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "predictors/layer_facts.hpp"

namespace edgecut::predictors {

struct ProfileRow {
  workloads::LayerType type = workloads::LayerType::kRelu;
  Facts facts{};
  double time_s = 0;
  std::optional<double> power_w;
};

struct Profile {
  std::vector<ProfileRow> rows;
  /// The times hold the copy of the input from the host (a GPU layer run alone).
  bool input_is_copied = false;
};

struct ProfileOptions {
  /// Tables with a column "device": which of its values to read; empty: there must be one only.
  std::string device;
};

/// Reads the tables as one profile. Throws base::ConfigError with every problem (of the first
/// hundred), file and line.
Profile load_profile(const std::vector<std::filesystem::path>& paths,
                     const ProfileOptions& options = {});

}  // namespace edgecut::predictors

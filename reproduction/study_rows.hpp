// The study's configurations as settings, also under changed assumptions.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "planning/configurations.hpp"
#include "planning/setting.hpp"
#include "reproduction/study.hpp"

namespace edgecut::reproduction {

/// Model x network x device, in the study's order; settings keep their address.
std::vector<std::unique_ptr<planning::Setting>> study_settings(const Study& study,
                                                               const std::string& predictor,
                                                               const Variant& variant = {});

/// One of them by names, with costs by truth.
planning::Setting study_setting(const Study& study, const std::string& model,
                                const std::string& device, const std::string& network);

/// What compare() says of each.
std::vector<planning::ConfigurationRow> compare_all(
    const std::vector<std::unique_ptr<planning::Setting>>& settings,
    const planning::Objective& objective);

/// One setting's choice by one decision a layer type, beside Neurosurgeon's; true costs.
struct MauiRow {
  planning::ConfigurationRow ours{};
  std::uint32_t cut = 0;
  double latency_s = 0;
  [[nodiscard]] double gain() const { return latency_s / ours.by_choice; }
};
MauiRow compare_with_maui(const planning::Setting& setting);

}  // namespace edgecut::reproduction

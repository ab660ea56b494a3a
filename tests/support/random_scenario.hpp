// Small random scenarios for properties, drawn by rapidcheck: mixes of DNNs and jobs, shipped and
// made-up networks, constant and stepped uplinks with outages, every arrival process and policy.
#pragma once

#include <memory>

#include <nlohmann/json.hpp>

#include "support/random_cloud.hpp"
#include "support/scenario_run.hpp"

namespace edgecut::testing {

struct RandomScenario {
  nlohmann::json document;
  std::shared_ptr<TempFolder> folder;  // what the document names
  scenarios::Scenario scenario;
};

struct RandomOptions {
  /// After the last arrival the run goes on until every query is done, whatever the process.
  bool drain = false;
  bool jobs = true;
  CloudOptions cloud = {};
};

/// Call inside a property.
RandomScenario any_scenario(const RandomOptions& options = {});

}  // namespace edgecut::testing

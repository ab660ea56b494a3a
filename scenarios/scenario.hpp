// A scenario file, read and resolved: every name found, every file it refers to loaded.
//
// The reader is the authority on the format (docs/formats.md explains every key;
// docs/schemas/scenario.schema.json serves editors). Reading yields immutable values; nothing later
// sees JSON.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json_reader.hpp"
#include "platforms/rate_estimator.hpp"
#include "policies/policy.hpp"
#include "sim/run_model.hpp"

namespace edgecut::scenarios {

class SharedInputs;

/// What the command line adds to a file.
struct ScenarioOptions {
  std::filesystem::path trace_directory;  // where trace files are looked for as well
  std::optional<std::uint64_t> seed;      // instead of the file's
  std::optional<std::uint64_t> queries;   // a cap on the length of every run
  std::optional<base::Duration> slab;     // of the queueing engine; for tests
  SharedInputs* shared = nullptr;         // files that other scenarios of this process read too
};

/// A policy as a scenario asks for it.
struct PolicyChoice {
  std::string label;  // its name, or what the scenario calls it
  std::shared_ptr<const policies::Policy> policy;
  platforms::EstimatorSpec estimator;  // of the devices that decide by it
  /// The policy with its parameters, without label and estimator: choices alike in it differ by
  /// what they believe of the uplink alone.
  std::string rule;
};

/// Which pairs of policies are compared on their common random numbers.
enum class Comparing : std::uint8_t {
  kFirst,  // each with the first of the scenario
  kAll,    // every two
  kNone,
};

struct Scenario {
  std::string name;
  std::string description;
  std::filesystem::path path;
  sim::RunModel model;  // shared by all policies
  std::vector<PolicyChoice> policies;
  Comparing compare = Comparing::kFirst;
  bool allow_overload = false;
  std::uint32_t replications = 1;  // independent runs that share the queries asked for
  /// The file with the command line's overrides, for run_info.json.
  nlohmann::ordered_json resolved;
};

/// The name of its engine: "queueing" or "simgrid".
std::string engine_name(const Scenario& scenario);
/// The name of its interval method: "batch-means" or "bighouse".
std::string interval_method(const Scenario& scenario);

/// Reads a scenario and everything that it names. Throws base::ConfigError with all problems.
Scenario load_scenario(const std::filesystem::path& path, const ScenarioOptions& options = {});
Scenario read_scenario(const base::JsonDocument& document, const std::filesystem::path& directory,
                       const ScenarioOptions& options = {});

}  // namespace edgecut::scenarios

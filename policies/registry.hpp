// Every policy by its name, in one visible table.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/json_fwd.hpp"
#include "policies/policy.hpp"

namespace edgecut::policies {

struct PolicyEntry {
  std::string name;
  std::string summary;  // a line for `edgecut list policies`
};

/// In the order in which they are listed.
const std::vector<PolicyEntry>& policy_entries();

/// The DNNs of a scenario by name, for policies that name layers.
using Dnns = std::map<std::string, const workloads::Dnn*>;

/// A policy from a scenario: its name, or an object {"policy": name, ...parameters, "label": text}.
/// Adds to the value's problems and returns nothing when it is wrong.
std::unique_ptr<Policy> read_policy(const base::JsonValue& value, const Dnns& dnns);

}  // namespace edgecut::policies

// What the program and the library that holds SimGrid say to each other.
//
// SimGrid costs every start of a program that links it tens of milliseconds, so nothing links it:
// `edgecut-simgrid.so` does, and is loaded when a run asks for it (sim/simgrid_network.hpp). The
// two are built together; a library of another build is refused by its revision. Errors cross as
// text.
#pragma once

#include <cstdint>
#include <string>

#include "sim/flow_network.hpp"

namespace edgecut::sim {

/// Raised with every change of what crosses.
inline constexpr std::uint32_t kSimgridRevision = 1;
/// The symbol of the function below.
inline constexpr const char* kSimgridModuleSymbol = "edgecut_simgrid_module";
inline constexpr const char* kSimgridModuleFile = "edgecut-simgrid.so";

struct SimgridModule {
  std::uint32_t revision = 0;
  /// Of the SimGrid library in use: "3.32".
  std::string (*version)() = nullptr;
  /// Null with `problem` set when there is an Engine in this process already, or SimGrid complains.
  FlowNetwork* (*make_network)(const FlowNetworkModel& model, std::string& problem) = nullptr;
};

using SimgridModuleFunction = const SimgridModule* (*)();

}  // namespace edgecut::sim

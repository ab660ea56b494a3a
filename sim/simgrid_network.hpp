// The network of flows on SimGrid, from the library `edgecut-simgrid.so`, loaded on first use.
//
// SimGrid allows one network in the life of a process: runs that use it go through
// sim/isolated_run.hpp, with `load_simgrid()` called before, so that children share what is loaded.
#pragma once

#include <memory>
#include <string>

#include "sim/flow_network.hpp"

namespace edgecut::sim {

/// Loads the library from the folder that EDGECUT_MODULES names if set, else from beside the
/// program, else from `../lib/edgecut`. From any thread; does its work once. Returns SimGrid's
/// version. Throws ConfigError at "/engine", with what to install, when it cannot.
std::string load_simgrid();

/// The only one of this process. `model.topology` and the traces must outlive it. Throws as
/// load_simgrid(), and InternalError when there has been one.
std::unique_ptr<FlowNetwork> make_simgrid_network(const FlowNetworkModel& model);

}  // namespace edgecut::sim

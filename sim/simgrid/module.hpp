// What the program and the library that holds SimGrid say to each other.
//
// SimGrid costs every start of a program that links it tens of milliseconds, so nothing links it:
// `edgecut-simgrid.so` does, and is loaded when a run asks for it (sim/simgrid_network.hpp). The
// two are built together; a library of another build is refused by its revision. Errors cross as
// text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/flow_network.hpp"

namespace edgecut::sim {

/// Raised with every change of what crosses.
inline constexpr std::uint32_t kSimgridRevision = 1;
/// The symbol of the function below.
inline constexpr const char* kSimgridModuleSymbol = "edgecut_simgrid_module";
inline constexpr const char* kSimgridModuleFile = "edgecut-simgrid.so";

/// What SimGrid says of the ways between hosts of a platform file. In SimGrid's units.
struct PlatformWays {
  enum class Sharing : std::uint8_t { kShared, kFatpipe, kWifi, kNonlinear };
  struct Link {
    std::string name;
    double bytes_per_s = 0;
    Sharing sharing = Sharing::kShared;
  };
  struct Way {
    std::vector<std::uint32_t> links;  // in `links`
    double latency_s = 0;
  };
  std::vector<Link> links;
  std::vector<std::string> hosts;  // all of the platform, when one asked for is missing
  // By attachment.
  std::vector<Way> up;
  std::vector<Way> down;
};

struct SimgridModule {
  std::uint32_t revision = 0;
  /// Of the SimGrid library in use: "3.32".
  std::string (*version)() = nullptr;
  /// Null with `problem` set when there is an Engine in this process already, or SimGrid complains.
  FlowNetwork* (*make_network)(const FlowNetworkModel& model, std::string& problem) = nullptr;
  /// Loads a platform file, which takes the process's Engine. SimGrid may end the process over what
  /// it does not like. `hosts`: that of the cloud, then the attachments.
  void (*read_platform)(const std::string& file, const std::vector<std::string>& hosts,
                        PlatformWays& ways, std::string& problem) = nullptr;
};

using SimgridModuleFunction = const SimgridModule* (*)();

/// The library, loaded on the first call (sim/simgrid_network.hpp says from where). In the program.
const SimgridModule& loaded_simgrid();

}  // namespace edgecut::sim

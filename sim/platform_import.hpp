// Topologies from SimGrid's platform files (XML, version 4.1), as SimGrid's own reader routes them.
//
// The links on the way between an attachment's host and the cloud's become channels, latencies add
// up, a FATPIPE link is a cap of each flow; the two halves of a split duplex link are two channels,
// a shared link that both ways cross is a medium. Ignored: hosts' speeds, disks, everything that is
// not on these ways, and `<config>` in the file. Refused: Wi-Fi links (their capacity depends on
// who talks) and anything that varies in time (give a channel a trace in the scenario instead).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platforms/topology.hpp"

namespace edgecut::sim {

struct PlatformImport {
  std::filesystem::path file;
  std::string cloud_host;
  std::vector<std::string> attachment_hosts;
};

/// A route for each attachment, in their order; channels have the links' names. Reads the file in a
/// child process, since that takes a SimGrid engine. Throws ConfigError at the file, with SimGrid's
/// reason or everything that edgecut cannot have, and as load_simgrid().
platforms::Topology import_platform(const PlatformImport& import);

}  // namespace edgecut::sim

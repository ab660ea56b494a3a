// SimGrid's own reader of platform files, asked for the ways between hosts.
#pragma once

#include <string>
#include <vector>

#include "sim/simgrid/module.hpp"

namespace edgecut::sim::simgrid_module {

/// As SimgridModule::read_platform.
void read_platform(const std::string& file, const std::vector<std::string>& hosts,
                   PlatformWays& ways, std::string& problem);

}  // namespace edgecut::sim::simgrid_module

#include "sim/simgrid/module.hpp"

#include <exception>

#include <simgrid/s4u.hpp>
#include <simgrid/version.h>

#include "sim/simgrid/network.hpp"
#include "sim/simgrid/platform_reader.hpp"

namespace edgecut::sim::simgrid_module {
namespace {

std::string version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  sg_version_get(&major, &minor, &patch);
  return std::to_string(major) + "." + std::to_string(minor) +
         (patch > 0 ? "." + std::to_string(patch) : "");
}

FlowNetwork* make_network(const FlowNetworkModel& model, std::string& problem) {
  if (::simgrid::s4u::Engine::has_instance()) {
    problem = "SimGrid allows one engine a process, and this one has had it";
    return nullptr;
  }
  try {
    return new SimgridNetwork(model);
  } catch (const std::exception& error) {
    problem = error.what();
    return nullptr;
  }
}

}  // namespace
}  // namespace edgecut::sim::simgrid_module

extern "C" __attribute__((visibility("default"))) const edgecut::sim::SimgridModule*
edgecut_simgrid_module() {
  using namespace edgecut::sim;
  static const SimgridModule module{kSimgridRevision, simgrid_module::version,
                                    simgrid_module::make_network, simgrid_module::read_platform};
  return &module;
}

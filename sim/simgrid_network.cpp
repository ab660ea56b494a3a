#include "sim/simgrid_network.hpp"

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include "base/errors.hpp"
#include "sim/simgrid/module.hpp"

namespace edgecut::sim {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> module_folders() {
  if (const char* chosen = std::getenv("EDGECUT_MODULES"); chosen != nullptr && *chosen != '\0') {
    return {chosen};
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  return {program, program.parent_path() / "lib" / "edgecut"};
}

[[noreturn]] void refuse(const std::string& reason) {
  throw base::ConfigError("/engine", "\"simgrid\" cannot be used: " + reason);
}

const SimgridModule* open_module(const fs::path& path) {
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const reason = dlerror();
    refuse(std::string(reason != nullptr ? reason : "unknown reason") +
           " (SimGrid's library is in the package libsimgrid3.32)");
  }
  void* const symbol = dlsym(library, kSimgridModuleSymbol);
  const auto* const module =
      symbol == nullptr ? nullptr : reinterpret_cast<SimgridModuleFunction>(symbol)();
  if (module == nullptr || module->revision != kSimgridRevision) {
    refuse(path.string() + " is of another build than this program");
  }
  return module;
}

const SimgridModule* find_module() {
  std::string looked;
  for (const fs::path& folder : module_folders()) {
    const fs::path path = folder / kSimgridModuleFile;
    std::error_code error;
    if (fs::exists(path, error)) {
      return open_module(path);
    }
    looked += (looked.empty() ? "" : ", ") + path.string();
  }
  refuse("there is no " + looked +
         ". Build edgecut with the package libsimgrid-dev 3.32 installed and "
         "-DEDGECUT_WITH_SIMGRID=ON, or name the library's folder in EDGECUT_MODULES");
}

}  // namespace

const SimgridModule& loaded_simgrid() {
  static std::mutex mutex;
  static const SimgridModule* module = nullptr;
  const std::lock_guard lock(mutex);
  if (module == nullptr) {
    module = find_module();
  }
  return *module;
}

std::string load_simgrid() { return loaded_simgrid().version(); }

std::unique_ptr<FlowNetwork> make_simgrid_network(const FlowNetworkModel& model) {
  std::string problem;
  FlowNetwork* const network = loaded_simgrid().make_network(model, problem);
  EC_CHECK(network != nullptr, problem);
  return std::unique_ptr<FlowNetwork>(network);
}

}  // namespace edgecut::sim

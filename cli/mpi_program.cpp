// From `edgecut` to the program beside it that knows MPI.
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <unistd.h>

#include "base/errors.hpp"
#include "cli/commands.hpp"

namespace edgecut::cli {

void run_mpi_program(const ProgramContext& context) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto program = self.parent_path() / "edgecut-mpi";
  if (!std::filesystem::exists(program, error)) {
    throw base::ConfigError(
        "", "started by an MPI launcher, but this edgecut was built without MPI (no " +
                program.string() + "); build it where Open MPI is installed, or " +
                "use --jobs and --shard");
  }
  execv(program.c_str(), context.argv);
  throw base::ConfigError(program.string(),
                          std::string("cannot be started: ") + std::strerror(errno));
}

}  // namespace edgecut::cli

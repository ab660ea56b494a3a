#include "cli/run_info.hpp"

#include <sys/resource.h>

#include "cli/version.hpp"

namespace edgecut::cli {

scenarios::RunInfo run_info(double wall_s, unsigned threads) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  scenarios::RunInfo info;
  info.version = kVersion;
  info.commit = kCommit;
  info.wall_s = wall_s;
  info.peak_memory_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  info.threads = threads;
  return info;
}

}  // namespace edgecut::cli

#include "campaigns/cluster.hpp"

#include <array>
#include <cstdlib>

namespace edgecut::campaigns {
namespace {

// Set by Open MPI's mpirun, and by launchers that speak PMIx (srun --mpi=pmix).
constexpr std::array kRankVariables = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK"};

const char* rank_text() {
  for (const char* name : kRankVariables) {
    const char* text = std::getenv(name);
    if (text != nullptr && *text != '\0') {
      return text;
    }
  }
  return nullptr;
}

}  // namespace

bool is_in_job() { return rank_text() != nullptr; }

int rank_in_job() {
  const char* text = rank_text();
  return text == nullptr ? 0 : static_cast<int>(std::strtol(text, nullptr, 10));
}

}  // namespace edgecut::campaigns

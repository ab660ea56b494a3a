// The ranks of an MPI job as one crew. A program that is built without MPI has no Cluster.
#pragma once

#include <memory>

#include "campaigns/local_crew.hpp"

namespace edgecut::campaigns {

struct Cluster {
  /// Joins the job with the workers of this rank; every rank has as many. On rank 0: the workers
  /// of all ranks as one crew, which ends the job when it goes. On every other rank: serves rank 0
  /// to the end of the job and returns nothing.
  std::unique_ptr<Crew> (*join)(LocalCrew& own);
};

/// Whether this process is a rank of a job of mpirun or srun, and which; by the environment.
bool is_in_job();
int rank_in_job();

}  // namespace edgecut::campaigns

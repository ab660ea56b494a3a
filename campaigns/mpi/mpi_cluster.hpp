// Ranks of an MPI job (Open MPI) as one crew: rank 0 hands out the points.
//
// A rank is a small process that passes messages between rank 0 and its workers, which were forked
// before MPI started and know nothing of it: a point that crashes does not end its rank. Messages
// are few and small; ranks sleep between looks instead of spinning, so that a rank beside its
// worker costs no core.
//
// Ranks say every second that they are there. Of one that has been silent for long the tasks are
// given to others; a job of which a rank was lost ends without MPI_Finalize, which would wait for
// it. Open MPI 4 lets the others live when it is started with `mpirun --enable-recovery`; otherwise
// it ends the whole job. What was finished is kept in the folder; the next start does the rest.
#pragma once

#include "campaigns/cluster.hpp"

namespace edgecut::campaigns {

const Cluster& mpi_cluster();

}  // namespace edgecut::campaigns

// Of the program `edgecut-mpi`: it works with the ranks of its job.
#include "campaigns/mpi/mpi_cluster.hpp"
#include "cli/cluster_access.hpp"

namespace edgecut::cli {

const campaigns::Cluster* cluster_of_program() { return &campaigns::mpi_cluster(); }

}  // namespace edgecut::cli

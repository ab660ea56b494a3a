// Of the program `edgecut`: it knows no ranks.
#include "campaigns/cluster.hpp"
#include "cli/cluster_access.hpp"

namespace edgecut::cli {

const campaigns::Cluster* cluster_of_program() { return nullptr; }

}  // namespace edgecut::cli

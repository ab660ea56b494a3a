// What sets the program with MPI apart from the one without.
#pragma once

namespace edgecut::campaigns {
struct Cluster;
}  // namespace edgecut::campaigns

namespace edgecut::cli {

/// Null in a program without MPI.
const campaigns::Cluster* cluster_of_program();

}  // namespace edgecut::cli

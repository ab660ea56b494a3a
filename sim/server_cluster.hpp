// The servers of a run and who goes where.
//
// Which server a query goes to is decided when it reaches the cluster, in the order of (time, node,
// number), and depends on nothing but the seed, the query's node and number, and the queries before
// it:
// - random: a server in proportion to its GPUs;
// - round-robin: the next one in the order of the kinds;
// - shortest queue: the one with the fewest queries for each GPU (waiting or served), the first of
//   several;
// - power of two: of two servers drawn as in `random` and different, the one with the fewest for
//   each GPU, the first drawn when equal (Mitzenmacher, IEEE TPDS 2001).
// The first two look at no queue, so each server is run over its arrivals of a whole slab at once.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "policies/policy.hpp"
#include "sim/cluster_model.hpp"
#include "sim/server.hpp"

namespace edgecut::sim {

/// A query that reaches the cluster and has something to do there.
struct ClusterJob {
  base::Duration time;
  base::Duration drawn;  // the service of a job; zero: by table
  std::uint32_t node = 0;
  std::uint32_t number = 0;
  std::uint32_t work = 0;
  std::uint32_t handle = 0;
};

class ServerCluster {
 public:
  /// `tables` by kind. Both must outlive this.
  ServerCluster(const Cluster& model, const std::vector<ServerTables>& tables,
                const base::RandomSource& source);

  /// As Server::run, for all servers.
  void run(std::span<const ClusterJob> jobs, base::Duration until, ServerOutput& output);

  /// What is published at `now`, up to which the servers were run: the mean over GPUs, with
  /// shortest-queue dispatch that of the server which comes next. Remembers for the utilisation.
  policies::ServerLoad publish(base::Duration now);

  /// Queries taken and not given back.
  [[nodiscard]] std::size_t held() const { return held_; }
  /// No query leaves, or is certain to, before this when none arrives.
  [[nodiscard]] base::Duration next_event() const;

 private:
  [[nodiscard]] ServerJob job_at(const ClusterJob& job, std::size_t server) const;
  [[nodiscard]] std::size_t random_server(double uniform) const;
  void choose_blindly(std::span<const ClusterJob> jobs);
  std::size_t choose(const ClusterJob& job, ServerOutput& output);
  std::size_t shortest(base::Duration now, ServerOutput& output);
  std::size_t shorter_of_two(const ClusterJob& job, ServerOutput& output);
  [[nodiscard]] bool shorter(std::size_t a, std::size_t b, base::Duration now) const;
  void run_apart(std::span<const ClusterJob> jobs, base::Duration until, ServerOutput& output);
  policies::ServerLoad load_of(std::size_t server, base::Duration now);

  const Cluster& model_;
  const std::vector<ServerTables>& tables_;
  base::RandomSource source_;
  bool immediate_;  // FIFO everywhere: a server has nothing to do between arrivals
  std::vector<std::unique_ptr<Server>> servers_;
  std::vector<std::uint32_t> kind_of_;  // by server
  std::vector<std::size_t> first_gpu_;  // by kind, and their number
  std::uint64_t next_in_turn_ = 0;
  std::size_t held_ = 0;
  // Arrivals of a slab by server.
  std::vector<std::uint32_t> choices_;  // of each job
  std::vector<std::uint32_t> ends_;
  std::vector<ServerJob> sorted_;
  // At the last publication.
  base::Duration published_at_;
  std::vector<base::Duration> busy_;
};

}  // namespace edgecut::sim

// One server of the cluster: the queries that reach it in order of time go in, those it is done
// with come out. Each discipline is a file of its own behind this interface.
//
// A server is worked slab by slab and keeps its state between. What happens at one instant happens
// in this order: services and kernels end, waits for a batch end, background processes come and go,
// queries arrive. So `run` to an instant and then on gives the same as `run` over both at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/quantity.hpp"
#include "sim/cluster_model.hpp"

namespace edgecut::sim {

/// A query at a server.
struct ServerJob {
  base::Duration time;     // of its arrival
  base::Duration service;  // what it takes alone on a GPU of this server, > 0
  std::uint32_t work = 0;  // which layers: index into ServerTables
  std::uint32_t handle = 0;
};

/// A query that a server is done with, or knows when it will be.
struct ServerDeparture {
  base::Duration start;  // of its first layer
  base::Duration end;
  base::Duration wait = {};        // at the server while nothing of it ran
  base::Duration in_service = {};  // GPU time of what it took part in
  base::Duration shared = {};      // of that, what the others of its batch account for
  std::uint32_t handle = 0;
};

struct ServerOutput {
  std::vector<ServerDeparture> departures;
  std::vector<std::uint32_t> dropped;  // handles
  void clear() {
    departures.clear();
    dropped.clear();
  }
};

/// What a server could say about itself at an instant.
struct ServerState {
  std::uint32_t present = 0;    // queries, waiting or served
  std::uint32_t processes = 0;  // those, and what runs in the background
  base::Duration wait;          // until a GPU would take up a query that came now
  base::Duration turn;          // what each of its layers would wait for the other processes
  base::Duration busy;          // GPU time used since the start of the run
};

/// What the servers of one kind need to know about the work, by class and cut.
struct ServerTables {
  std::vector<base::Duration> service;                   // alone
  std::vector<std::span<const base::Duration>> kernels;  // empty for a job
  std::vector<std::vector<base::Duration>> batches;      // by size less one; empty for a job
  std::vector<std::vector<base::Duration>> own_kernels;  // what some of `kernels` refer to

  /// Puts work at the end.
  void add(base::Duration alone, std::vector<base::Duration> of_kernels,
           std::vector<base::Duration> of_batches) {
    service.push_back(alone);
    kernels.emplace_back(own_kernels.emplace_back(std::move(of_kernels)));
    batches.push_back(std::move(of_batches));
  }

  ServerTables() = default;
  ServerTables(ServerTables&&) = default;
  ServerTables& operator=(ServerTables&&) = default;
};

class Server {
 public:
  Server() = default;
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  virtual ~Server() = default;

  /// Takes up `arrivals` (in order of time, none later than `until`, none before the last `until`)
  /// and does all that happens up to and at `until`.
  virtual void run(std::span<const ServerJob> arrivals, base::Duration until,
                   ServerOutput& output) = 0;
  /// As of `now`, up to which it was run.
  [[nodiscard]] virtual ServerState state(base::Duration now) = 0;
  /// Queries there, waiting or served, as of `now`, up to which it was run.
  [[nodiscard]] virtual std::uint32_t present(base::Duration now) = 0;
  /// No query leaves that did not leave yet, and none starts, before this when none arrives.
  [[nodiscard]] virtual base::Duration next_event() const { return base::kForever; }
};

/// A server of `kind`; `tables` must outlive it. `counted`: `present` and `state` will be asked.
std::unique_ptr<Server> make_server(const ServerKind& kind, const ServerTables& tables,
                                    bool counted);

}  // namespace edgecut::sim

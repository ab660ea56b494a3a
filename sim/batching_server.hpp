// Dynamic batching: queries of one network that were cut at one place run together.
//
// A batch starts as soon as a GPU is free and either `size_max` of its queries are there or its
// first one has waited `wait_max`; it takes up to `size_max` of those that are there. Among several
// that may start, the one whose first query came first goes. What a batch takes is a table by its
// size (predictors::ServerWork); jobs of drawn times run side by side, as long as the longest.
//
// Ignores padding of unequal inputs, and batches of different networks on one GPU at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/ring_buffer.hpp"
#include "sim/server.hpp"

namespace edgecut::sim {

class BatchingServer final : public Server {
 public:
  /// `tables` must outlive the server.
  BatchingServer(const ServerKind& kind, const ServerTables& tables);

  void run(std::span<const ServerJob> arrivals, base::Duration until,
           ServerOutput& output) override;
  /// `wait`: until a GPU is free, and the full batches before it; not the time in which a batch
  /// fills.
  [[nodiscard]] ServerState state(base::Duration now) override;
  [[nodiscard]] std::uint32_t present(base::Duration now) override;
  [[nodiscard]] base::Duration next_event() const override;

 private:
  struct Gpu {
    base::Duration free_at;
    std::uint32_t queries = 0;  // in the batch until then
  };
  // The next batch that may start, and when.
  struct Launch {
    base::Duration time = base::kForever;
    std::size_t line = 0;  // into active_
    std::size_t gpu = 0;
  };

  void join(const ServerJob& job, ServerOutput& output);
  void start_batches(base::Duration until, ServerOutput& output);
  [[nodiscard]] Launch next_launch() const;
  [[nodiscard]] base::Duration ready_at(const RingBuffer<ServerJob>& line) const;
  [[nodiscard]] base::Duration batch_time(std::uint32_t work, std::uint32_t queries) const;

  BatchRule rule_;
  std::optional<std::uint32_t> admission_limit_;
  const ServerTables* tables_;
  std::vector<Gpu> gpus_;
  std::vector<RingBuffer<ServerJob>> lines_;  // waiting, by work
  std::vector<std::uint32_t> active_;         // the works whose lines are not empty
  std::uint32_t waiting_ = 0;
  std::optional<Launch>
      next_;                 // next_launch(), until a batch starts or a line becomes ready sooner
  base::Duration taken_up_;  // GPU time of all batches so far
};

}  // namespace edgecut::sim

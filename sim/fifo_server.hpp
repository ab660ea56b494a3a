// First come, first served on any number of GPUs: the recursion of Kiefer and Wolfowitz (GpuPool).
// When a query will be done is known when it arrives.
#pragma once

#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "sim/gpu_pool.hpp"
#include "sim/server.hpp"

namespace edgecut::sim {

class FifoServer final : public Server {
 public:
  FifoServer(std::uint32_t gpus, std::optional<std::uint32_t> admission_limit, bool counted);

  void run(std::span<const ServerJob> arrivals, base::Duration until,
           ServerOutput& output) override;
  [[nodiscard]] ServerState state(base::Duration now) override;
  [[nodiscard]] std::uint32_t present(base::Duration now) override;

 private:
  GpuPool gpus_;
  std::optional<std::uint32_t> admission_limit_;
  bool counted_;
  base::Duration taken_up_;  // work of all queries so far
  // Ends of those that are there.
  std::priority_queue<base::Duration, std::vector<base::Duration>, std::greater<>> ends_;
};

}  // namespace edgecut::sim

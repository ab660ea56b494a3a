// The completions of a slab in the order of time, for statistics that depend on the order.
//
// Stations work node by node, so queries complete in no order within a slab; but all that complete
// before its end are known at its end. Ties go by (node, number), as everywhere.
#pragma once

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

#include "base/quantity.hpp"
#include "results/lag_spaced.hpp"

namespace edgecut::sim {

class CompletionOrder {
 public:
  struct Completion {
    base::Duration done;
    base::Duration latency;
    std::uint32_t node = 0;
    std::uint32_t number = 0;
  };

  void add(const Completion& completion) { completions_.push_back(completion); }

  /// At the end of a slab: hands the latencies over and forgets them.
  void pass_on(results::LagSpaced& spaced) {
    std::sort(completions_.begin(), completions_.end(),
              [](const Completion& a, const Completion& b) {
                return std::tie(a.done, a.node, a.number) < std::tie(b.done, b.node, b.number);
              });
    for (const Completion& completion : completions_) {
      spaced.add(base::in_seconds(completion.latency));
    }
    completions_.clear();
  }

 private:
  std::vector<Completion> completions_;
};

}  // namespace edgecut::sim

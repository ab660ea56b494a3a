// Answers at the base station that wait until their node's radio listens.
//
// In the order in which they will be heard, ties by node and number. All answers of a node are
// heard at one time; when an upload wakes the radio before, they become due at once.
#pragma once

#include <set>
#include <utility>

#include "base/quantity.hpp"
#include "sim/query.hpp"

namespace edgecut::sim {

/// `query.time` is when it is heard.
struct WaitingAnswer {
  Query query;
  base::Duration since;
};

class WaitingAnswers {
 public:
  void add(const Query& query, base::Duration heard_at) {
    WaitingAnswer answer{query, query.time};
    answer.query.time = heard_at;
    answer.query.heard = true;
    answers_.insert(answer);
  }

  [[nodiscard]] bool empty() const { return answers_.empty(); }
  [[nodiscard]] std::size_t size() const { return answers_.size(); }
  /// Of all, the one that is heard first; there must be one.
  [[nodiscard]] const Query& first() const { return answers_.begin()->query; }
  /// When that is; never, where none waits.
  [[nodiscard]] base::Duration next() const { return empty() ? base::kForever : first().time; }
  WaitingAnswer take_first() { return answers_.extract(answers_.begin()).value(); }

  /// The radio of `node`, which would hear at `heard_at`, is woken at `time`.
  void wake(std::uint32_t node, base::Duration heard_at, base::Duration time) {
    if (time == heard_at) {
      return;
    }
    Query key{};
    key.time = heard_at;
    key.node = node;
    for (;;) {
      const auto found = answers_.lower_bound(WaitingAnswer{key, {}});
      if (found == answers_.end() || found->query.node != node || found->query.time != heard_at) {
        return;
      }
      auto answer = answers_.extract(found);
      answer.value().query.time = time;
      answers_.insert(std::move(answer));
    }
  }

 private:
  struct Earlier {
    bool operator()(const WaitingAnswer& a, const WaitingAnswer& b) const {
      return a.query.earlier(b.query);
    }
  };
  std::set<WaitingAnswer, Earlier> answers_;
};

}  // namespace edgecut::sim

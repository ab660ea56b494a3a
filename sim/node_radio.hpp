// What transfers do to a node's radio: promotion, tail and active time.
#pragma once

#include "sim/node_table.hpp"
#include "sim/prepared_run.hpp"
#include "sim/query.hpp"

namespace edgecut::sim {

/// Brings the radio up for a transfer that is asked for at query.time; returns when it may start.
inline base::Duration wake_radio(const Link& link, Node& node, Query& query) {
  if (query.time > node.radio_active_until) {
    const platforms::GapCost gap = base::is_finite(node.radio_active_until)
                                       ? link.radio.gap_cost(query.time - node.radio_active_until)
                                       : link.radio.cold_start();
    query.tail += gap.tail;
    query.promotion += gap.promotion;
    node.radio_ready_at = query.time + gap.promotion_delay;
    node.radio_active_until = node.radio_ready_at;
  }
  return base::max(query.time, node.radio_ready_at);
}

/// The radio is active until `end`; returns the base power's energy for the time this adds.
inline base::Energy extend_activity(const Link& link, Node& node, base::Duration start,
                                    base::Duration end) {
  const base::Duration from = base::max(start, node.radio_active_until);
  node.radio_active_until = base::max(node.radio_active_until, end);
  return end > from ? link.beta * (end - from) : base::Energy{};
}

}  // namespace edgecut::sim

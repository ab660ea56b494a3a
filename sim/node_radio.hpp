// What transfers do to a node's radio: waking, promotion, tail and active time.
//
// Functions of the time since the last activity and the little that a node keeps; an engine calls
// them in the order of time. An answer that reaches the base station asks `answer_heard_at` first;
// where it must wait the engine comes back with it at that time, or when an upload has woken the
// radio, whichever is first.
#pragma once

#include <optional>

#include "sim/node_table.hpp"
#include "sim/prepared_run.hpp"
#include "sim/query.hpp"
#include "sim/radio_totals.hpp"

namespace edgecut::sim {

/// Whether answers wait for the radio to listen.
inline bool holds_answers(const Node& node) { return node.radio_hears_after > base::seconds(0); }

/// When a radio that holds answers will hear them, if nothing wakes it before.
inline base::Duration hears_at(const Node& node) {
  return node.radio_active_until + node.radio_hears_after;
}

/// When an answer that is at the base station at `time` will be heard; nothing where it need not
/// wait. The node then holds answers.
inline std::optional<base::Duration> answer_heard_at(const Link& link, Node& node,
                                                     base::Duration time) {
  if (!(time > node.radio_active_until)) {
    return std::nullopt;  // active, or on its way
  }
  if (!holds_answers(node)) {
    const base::Duration idle_for = time - node.radio_active_until;
    const base::Duration heard_after = link.radio.heard_after(idle_for);
    if (!(heard_after > idle_for)) {
      return std::nullopt;
    }
    node.radio_hears_after = heard_after;
  }
  return base::max(time, hears_at(node));
}

/// Brings the radio up for a transfer that is asked for, or an answer that is heard, at query.time;
/// returns when it may start.
inline base::Duration wake_radio(const Link& link, Node& node, Query& query, RadioTotals& totals) {
  if (query.time > node.radio_active_until) {
    platforms::GapCost gap = link.radio.cold_start();
    if (base::is_finite(node.radio_active_until)) {
      // What was decided when the answer came holds to the last bit.
      const base::Duration idle_for = query.heard && holds_answers(node)
                                          ? node.radio_hears_after
                                          : query.time - node.radio_active_until;
      gap = link.radio.gap_cost(idle_for);
      totals.add_tail(link.radio, idle_for);
    }
    query.tail += gap.tail;
    query.promotion += gap.promotion;
    totals.promotion_s.add(base::in_seconds(gap.promotion_delay));
    node.radio_ready_at = query.time + gap.promotion_delay;
    node.radio_active_until = node.radio_ready_at;
    node.radio_hears_after = base::seconds(0);
  }
  return base::max(query.time, node.radio_ready_at);
}

/// The radio is active until `end`; counts the time that this adds, and returns the base power's
/// energy for it.
inline base::Energy extend_activity(const Link& link, Node& node, base::Duration start,
                                    base::Duration end, results::ExactSum& added_s) {
  const base::Duration from = base::max(start, node.radio_active_until);
  node.radio_active_until = base::max(node.radio_active_until, end);
  if (!(end > from)) {
    return {};
  }
  added_s.add(base::in_seconds(end - from));
  return link.beta * (end - from);
}

}  // namespace edgecut::sim

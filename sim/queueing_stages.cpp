#include <algorithm>
#include <limits>

#include "sim/node_radio.hpp"
#include "sim/queueing_run.hpp"

namespace edgecut::sim {

using base::Duration;
using base::in_seconds;
using base::seconds;

std::uint32_t QueueingRun::choose(const Chooser& chooser, const Node& node, Duration time) const {
  if (chooser.fixed) [[likely]] {
    return *chooser.fixed;
  }
  if (chooser.decider->wants_truth()) {
    const NodeUplink uplink(*this, run_.links()[node.group], node);
    return chooser.decider->choose_knowing(uplink, base::max(time, node.processor_free_at), load_);
  }
  const policies::ChoiceTable& table = table_of(chooser, node);
  if (run_.knows_rates()) {
    const Duration start = base::max(time, node.processor_free_at);
    return table.choose_each([&](std::uint32_t cut) {
      return base::in_bits_per_s(true_rate(run_.slots()[chooser.slot_first + cut], node, start));
    });
  }
  return table.choose(estimated_rate(node, time));
}

// By the price that the query takes for its own, where it does.
const policies::ChoiceTable& QueueingRun::table_of(const Chooser& chooser, const Node& node) const {
  if (chooser.priced.empty()) {
    return chooser.table;
  }
  const auto id = static_cast<std::uint32_t>(&node - nodes_.data());
  const double share = source_.uniforms(base::Purpose::kPolicy, id, node.query_number).first;
  const auto factor = static_cast<std::size_t>(share * static_cast<double>(chooser.priced.size()));
  return chooser.priced[std::min(factor, chooser.priced.size() - 1)];
}

// What a cut's own transfer will get, when its device layers can start at `start`: the oracle's
// estimate. It knows what the node has promised to send before, but not when a radio with states
// will be awake.
base::DataRate QueueingRun::true_rate(const Slot& slot, const Node& node, Duration start) const {
  const Duration ready = base::max(start + slot.device_time, node.uplink_promised_until);
  const Duration sending = transfer_time(run_.links()[node.group], node, ready, slot.upload);
  return sending > seconds(0) ? slot.upload / sending
                              : base::bits_per_s(std::numeric_limits<double>::infinity());
}

// For the log: the uplink over the next window, and what the policy took for its rate.
SeenUplink QueueingRun::seen_uplink(const Chooser& chooser, const Slot& slot, const Node& node,
                                    Duration time) const {
  SeenUplink seen;
  if (run_.links()[node.group].instant) {
    return seen;
  }
  const Duration now = trace_time(node, time);
  const Duration window = run_.estimator().sample_interval;
  seen.rate = traces_[node.trace]->carried(now, now + window) / window;
  const bool knows = run_.knows_rates() || (chooser.decider && chooser.decider->wants_truth());
  if (!knows) {
    seen.estimate = estimated_rate(node, time);
  } else if (slot.upload > base::bits(0)) {
    seen.estimate = true_rate(slot, node, base::max(time, node.processor_free_at));
  }
  return seen;
}

Duration QueueingRun::device_time(const Slot& slot, const Node& node, std::uint32_t id) const {
  if (!slot.device_drawn) [[likely]] {
    return slot.device_time;
  }
  // A stream of its own for each query: a draw may take several uniforms.
  base::RandomStream stream(source_, base::Purpose::kService, id,
                            std::uint64_t{node.query_number} << 32U);
  return seconds(model_.classes[slot.query_class].device_time_s->draw(stream));
}

// Arrival, decision and processor of one query, and its upload where nothing can interfere.
void QueueingRun::issue(std::uint32_t id, Node& node, Duration time, std::uint32_t query_class) {
  const Chooser& chooser = run_.chooser(node.group, query_class);
  const std::size_t slot_index = chooser.slot_first + choose(chooser, node, time);
  const Slot& slot = run_.slots()[slot_index];
  const Link& link = run_.links()[node.group];
  const Duration start = base::max(time, node.processor_free_at);
  const Duration on_device = device_time(slot, node, id);
  const Duration ready = start + on_device;
  const SeenUplink seen = recorder_.is_on() ? seen_uplink(chooser, slot, node, time) : SeenUplink{};
  node.processor_free_at = ready;

  Query query{.time = ready,
              .issued_at = time,
              .transmit = {},
              .receive = {},
              .promotion = {},
              .tail = {},
              .node = id,
              .number = node.query_number++,
              .slot = static_cast<std::uint32_t>(slot_index)};
  ++issued_;
  ClassTotals& totals = totals_[slot.class_index];
  ++cut_counts_[slot_index];
  ++totals.issued;
  totals.device_wait_s.add(in_seconds(start - time));
  totals.device_s.add(in_seconds(on_device));
  totals.compute_j.add(base::in_joules(slot.compute));
  totals.device_work_gflop.add(slot.device_work_gflop);
  totals.work_gflop.add(slot.work_gflop);
  recorder_.issued(query, slot, slot_index - chooser.slot_first, start, ready, seen);
  if (run_.wants_truth()) {
    const Duration upload_start = base::max(ready, node.uplink_promised_until);
    node.uplink_promised_until =
        upload_start + transfer_time(link, node, upload_start, slot.upload);
  }
  if (!slot.to_server) {
    finish(query, ready);
  } else if (link.two_way || link.flows) {
    to_radio_.push(query);
  } else {
    upload_one_way(link, slot, node, query);
    to_server_.push(query);
  }
}

// Sends the query's tensor from `start` on; returns how long that takes.
Duration QueueingRun::send(const Link& link, const Slot& slot, Node& node, Query& query,
                           Duration start) {
  const Duration sending = transfer_time(link, node, start, slot.upload);
  node.uplink_free_at = start + sending;
  book_upload(link, slot, query, start, sending);
  return sending;
}

// The query was sent: it is on its way to the servers.
void QueueingRun::book_upload(const Link& link, const Slot& slot, Query& query, Duration start,
                              Duration sending) {
  ClassTotals& totals = totals_[slot.class_index];
  totals.radio_wait_s.add(in_seconds(start - query.time));
  totals.upload_s.add(in_seconds(sending));
  totals.uploaded_bytes.add(base::in_bytes(slot.upload));
  const Duration end = start + sending;
  query.time = end + one_way(link, link.uplink_latency, query);
  if (link.flows) {
    query.time += flows_->route(query.node).latency_up;
  }
  recorder_.uploaded(query, start, end, query.time);
}

// A radio without states and downloads: only the uplink's own queue and trace matter.
void QueueingRun::upload_one_way(const Link& link, const Slot& slot, Node& node, Query& query) {
  const Duration start = base::max(query.time, node.uplink_free_at);
  query.transmit = slot.transmit_fixed + link.beta * send(link, slot, node, query, start);
}

// Everything that a node's radio does in the slab, up and down, in the order of time.
void QueueingRun::radio_stage() {
  due_.clear();
  to_radio_.take_before(until_, due_);
  if (!due_.empty()) {
    for (const std::uint32_t index : sorter_.order(due_)) {
      // Answers that began to wait in this slab may be heard in it.
      while (!waiting_.empty() && waiting_.first().earlier(due_[index])) {
        hear_first();
      }
      use_radio(due_[index]);
    }
  }
  while (waiting_.next() < until_) {
    hear_first();
  }
  if (flows_) {
    flows_->run(until_);
  }
}

void QueueingRun::hear_first() {
  WaitingAnswer answer = waiting_.take_first();
  const Slot& slot = run_.slots()[answer.query.slot];
  const Link& link = run_.links()[slot.group];
  if (link.flows) {
    flows_->run(answer.query.time);
  }
  start_transfer(link, slot, nodes_[answer.query.node], answer.query, answer.since);
}

void QueueingRun::use_radio(Query& query) {
  Node& node = nodes_[query.node];
  const Slot& slot = run_.slots()[query.slot];
  const Link& link = run_.links()[node.group];
  bool active = false;  // and the time of the last activity not known yet
  if (link.flows) {
    flows_->run(query.time);
    active = flows_->active(query.node);
  }
  if (!active && query.answered && answer_waits(link, node, query)) {
    return;
  }
  if (!active && !query.answered && holds_answers(node)) [[unlikely]] {
    waiting_.wake(query.node, hears_at(node), query.time);
  }
  start_transfer(link, slot, node, query, query.time);
}

void QueueingRun::start_transfer(const Link& link, const Slot& slot, Node& node, Query& query,
                                 Duration since) {
  if (link.flows) {
    flows_->request(query, since);
  } else if (query.answered) {
    download(link, slot, node, query, since);
  } else {
    upload_two_way(link, slot, node, query);
  }
}

void QueueingRun::uploaded(Query& query, Duration start, Duration end) {
  const Slot& slot = run_.slots()[query.slot];
  book_upload(run_.links()[slot.group], slot, query, start, end - start);
  to_server_.push(query);
}

void QueueingRun::upload_two_way(const Link& link, const Slot& slot, Node& node, Query& query) {
  RadioTotals& radio = totals_[slot.class_index].radio;
  const Duration start = base::max(wake_radio(link, node, query, radio), node.uplink_free_at);
  send(link, slot, node, query, start);
  query.transmit =
      slot.transmit_fixed + extend_activity(link, node, start, node.uplink_free_at, radio.up_s);
  to_server_.push(query);
}

// The answer is at the base station. A radio that sleeps does not hear it yet.
bool QueueingRun::answer_waits(const Link& link, Node& node, const Query& query) {
  if (!link.radio.answers_wait()) {
    return false;
  }
  const auto heard = answer_heard_at(link, node, query.time);
  if (heard) {
    waiting_.add(query, *heard);
  }
  return heard.has_value();
}

void QueueingRun::download(const Link& link, const Slot& slot, Node& node, Query& query,
                           Duration answered_at) {
  RadioTotals& radio = totals_[slot.class_index].radio;
  const Duration start = base::max(wake_radio(link, node, query, radio), node.downlink_free_at);
  node.downlink_free_at = start + slot.download_time;
  query.receive =
      slot.receive_fixed + extend_activity(link, node, start, node.downlink_free_at, radio.down_s);
  book_download(slot, query, answered_at, start, slot.download_time);
  finish(query, node.downlink_free_at);
}

void QueueingRun::book_download(const Slot& slot, const Query& query, Duration answered_at,
                                Duration start, Duration receiving) {
  ClassTotals& totals = totals_[slot.class_index];
  totals.download_wait_s.add(in_seconds(start - answered_at));
  totals.download_s.add(in_seconds(receiving));
  totals.radio.downloaded_bytes.add(base::in_bytes(slot.download));
  recorder_.downloading(query, answered_at, start);
}

void QueueingRun::downloaded(Query& query, Duration answered_at, Duration start, Duration end) {
  book_download(run_.slots()[query.slot], query, answered_at, start, end - start);
  finish(query, end);
}

void QueueingRun::server_stage() {
  due_.clear();
  to_server_.take_before(until_, due_);
  if (cluster_) {
    cluster_stage();
    return;
  }
  if (due_.empty()) {
    return;
  }
  for (const std::uint32_t index : sorter_.order(due_)) {
    serve(due_[index]);
  }
}

// Drawn in the order of arrival.
Duration QueueingRun::service_time(const Slot& slot) {
  return slot.server_drawn
             ? seconds(model_.classes[slot.query_class].server_time_s->draw(service_stream_))
             : slot.server_time;
}

void QueueingRun::serve(Query& query) {
  const Duration service = service_time(run_.slots()[query.slot]);
  tell_price_setter(service);
  const Duration start = service > seconds(0) ? gpus_.start(query.time, service) : query.time;
  leave_server(
      query,
      {.start = start, .end = start + service, .wait = start - query.time, .in_service = service});
}

// A server is done with the query, or knows when it will be.
void QueueingRun::leave_server(Query& query, const ServerDeparture& departure) {
  const Slot& slot = run_.slots()[query.slot];
  ClassTotals& totals = totals_[slot.class_index];
  totals.server_wait_s.add(in_seconds(departure.wait));
  totals.server_s.add(in_seconds(departure.in_service));
  if (departure.shared > seconds(0)) {
    totals.server_shared_s.add(in_seconds(departure.shared));
  }
  totals.served += departure.in_service > seconds(0) ? 1U : 0U;
  recorder_.served(query, departure.start, departure.end);
  const Link& link = run_.links()[slot.group];
  Duration answered = departure.end + one_way(link, link.downlink_latency, query);
  if (link.flows) {
    answered += flows_->route(query.node).latency_down;
  }
  if (link.network->charges_download) {
    query.answered = true;
    query.time = answered;
    to_radio_.push(query);
  } else {
    finish(query, answered);
  }
}

void QueueingRun::finish(Query& query, Duration done) {
  if (done < until_) {
    complete(query, done);
  } else {
    query.time = done;
    to_finish_.push(query);
  }
}

void QueueingRun::complete(const Query& query, Duration done) {
  const Slot& slot = run_.slots()[query.slot];
  const Duration latency = done - query.issued_at;
  const results::EnergySplit energy{.compute = slot.compute,
                                    .transmit = query.transmit,
                                    .receive = query.receive,
                                    .promotion = query.promotion,
                                    .tail = query.tail};
  count(done, latency, energy);
  if (spaced_) {
    completions_.add({done, latency, query.node, query.number});
  }
  ++completed_;
  last_completion_ = base::max(last_completion_, done);
  ClassTotals& totals = totals_[slot.class_index];
  ++totals.completed;
  totals.latency_s.add(in_seconds(latency));
  totals.energy_j.add(base::in_joules(energy.compute + energy.transmit + energy.receive +
                                      energy.promotion + energy.tail));
  recorder_.completed(query, done, energy);
}

void QueueingRun::advance(Duration until) {
  throw_if_cancelled(cancelled_);
  until_ = until;
  due_.clear();
  to_finish_.take_before(until, due_);
  for (const Query& query : due_) {
    complete(query, query.time);
  }
  if (job_block_) {
    job_block_stage();
    return;
  }
  if (queue_alone_) {
    job_stage();
    count_block();
    return;
  }
  // A run that drains goes on after the last arrival.
  arrivals_.issue_before(base::min(until, schedule_.end()), nodes_,
                         [this](std::uint32_t id, Node& node, Duration time, std::uint32_t kind) {
                           issue(id, node, time, kind);
                         });
  radio_stage();
  server_stage();
  count_block();
  if (spaced_) {
    completions_.pass_on(*spaced_);
  }
}

}  // namespace edgecut::sim

#include "sim/queueing_engine.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/errors.hpp"
#include "base/random.hpp"
#include "platforms/radio.hpp"
#include "sim/arrival_source.hpp"
#include "sim/gpu_pool.hpp"
#include "sim/node_table.hpp"
#include "sim/prepared_run.hpp"
#include "sim/query_recorder.hpp"
#include "sim/run_schedule.hpp"
#include "sim/slab_calendar.hpp"
#include "sim/time_sorter.hpp"

namespace edgecut::sim {
namespace {

using base::Duration;
using base::Energy;
using base::in_seconds;
using base::seconds;

// A query between two stations.
struct Query {
  Duration time;  // when it is due at the next station
  Duration issued_at;
  Energy transmit;
  Energy receive;
  Energy promotion;
  Energy tail;
  std::uint32_t node;
  std::uint32_t number;
  std::uint32_t slot;
  bool answered = false;  // on its way back

  [[nodiscard]] bool earlier(const Query& other) const {
    if (time != other.time) {
      return time < other.time;
    }
    return std::pair(node, number) < std::pair(other.node, other.number);
  }
};

// Length of the slabs: long enough that a slab holds a good number of queries (a query a node, when
// every node is looked at in every slab), short enough for the caches and for what feeds back.
Duration choose_slab(const PreparedRun& run) {
  constexpr double kQueriesMin = 8192;
  const RunModel& model = run.model();
  const double queries = std::max(kQueriesMin, static_cast<double>(model.nodes()));
  Duration slab = model.slab.value_or(queries / model.arrivals.rate);
  // A hair below the bound, so that rounding cannot bring an answer back into the same slab.
  slab = base::min(slab, 0.999 * run.lookahead());
  if (run.depends_on_load() && model.cluster.load_poll_interval) {
    slab = base::min(slab, *model.cluster.load_poll_interval);
  }
  return slab;
}

class QueueingRun {
 public:
  QueueingRun(const RunModel& model, const policies::Policy& policy, QueryLog* log,
              const std::atomic<bool>* cancelled)
      : run_(model, policy),
        model_(model),
        source_(model.seed, model.replication),
        schedule_(model),
        grid_(choose_slab(run_)),
        arrivals_(model, source_, grid_, run_.class_mix()),
        to_radio_(grid_),
        to_server_(grid_),
        to_finish_(grid_),
        gpus_(model.cluster.gpus),
        service_stream_(source_, base::Purpose::kService, kServerEntity),
        series_(schedule_.end() / 1024),
        totals_(run_.slots().size()),
        recorder_(log),
        cancelled_(cancelled) {
    std::vector<std::uint32_t> first_trace;
    for (const NodeGroup& group : model.groups) {
      first_trace.push_back(static_cast<std::uint32_t>(traces_.size()));
      for (const auto& trace : group.traces) {
        traces_.push_back(trace.get());
      }
    }
    nodes_ = make_nodes(model, source_, first_trace);
    arrivals_.start(nodes_);
  }

  RunOutcome run();

 private:
  static constexpr std::uint32_t kServerEntity = 0x80000000U;
  // Beyond this many queries under way a run that is overloaded ends early, to bound its memory.
  static constexpr std::uint64_t kInFlightMax = 4'000'000;

  // What is remembered of an instant, so that later sums can leave out what was before it.
  struct Snapshot {
    Duration time;
    std::vector<CutTotals> totals;
    results::ExactSum server_work_s;
    std::uint64_t issued = 0;
    std::uint64_t in_flight = 0;
  };

  void advance(Duration until);
  void issue(std::uint32_t id, Node& node, Duration time, std::uint32_t query_class);
  std::uint32_t choose(const Chooser& chooser, const Node& node, Duration time) const;
  Duration device_time(const Slot& slot, const Node& node, std::uint32_t id) const;
  void upload_one_way(const Link& link, const Slot& slot, Node& node, Query& query);
  void radio_stage();
  void upload_two_way(const Link& link, const Slot& slot, Node& node, Query& query);
  void download(const Link& link, const Slot& slot, Node& node, Query& query);
  Duration wake_radio(const Link& link, Node& node, Query& query) const;
  static Energy extend_activity(const Link& link, Node& node, Duration start, Duration end);
  void server_stage();
  void serve(Query& query);
  void finish(Query& query, Duration done);
  void complete(const Query& query, Duration done);

  [[nodiscard]] Duration trace_time(const Node& node, Duration time) const {
    return time + static_cast<double>(node.trace_offset_share) * traces_[node.trace]->period();
  }
  [[nodiscard]] Duration transfer_time(const Link& link, const Node& node, Duration start,
                                       base::DataSize size) const {
    return link.instant ? seconds(0)
                        : traces_[node.trace]->transfer_time(trace_time(node, start), size);
  }
  [[nodiscard]] std::uint64_t in_flight() const {
    return to_radio_.size() + to_server_.size() + to_finish_.size();
  }
  void take_snapshot();
  [[nodiscard]] const Snapshot& snapshot_before(Duration time) const;
  [[nodiscard]] bool is_overloaded() const;
  [[nodiscard]] bool is_precise() const;
  RunOutcome report(std::optional<bool> converged);

  // The oracle's view of one node.
  class NodeUplink final : public policies::UplinkTruth {
   public:
    NodeUplink(const QueueingRun& run, const Link& link, const Node& node)
        : run_(run), link_(link), node_(node) {}
    [[nodiscard]] Duration upload_end(Duration ready, base::DataSize size) const override {
      const Duration start = base::max(ready, node_.uplink_free_at);
      return start + run_.transfer_time(link_, node_, start, size);
    }

   private:
    const QueueingRun& run_;
    const Link& link_;
    const Node& node_;
  };

  PreparedRun run_;
  const RunModel& model_;
  base::RandomSource source_;
  RunSchedule schedule_;
  SlabGrid grid_;
  ArrivalSource arrivals_;
  std::vector<Node> nodes_;
  std::vector<const platforms::RateTrace*> traces_;
  SlabCalendar<Query> to_radio_;
  SlabCalendar<Query> to_server_;
  SlabCalendar<Query> to_finish_;
  std::vector<Query> due_;
  TimeSorter<Query> sorter_;
  GpuPool gpus_;
  base::RandomStream service_stream_;
  policies::ServerLoad load_;

  Duration until_;  // end of the slab under work
  results::BatchSeries series_;
  std::vector<CutTotals> totals_;
  results::ExactSum server_work_s_;
  results::ExactSum uploaded_bytes_;
  std::uint64_t issued_ = 0;
  std::uint64_t completed_ = 0;
  Duration last_completion_;
  std::vector<Snapshot> snapshots_;
  QueryRecorder recorder_;
  const std::atomic<bool>* cancelled_;
};

std::uint32_t QueueingRun::choose(const Chooser& chooser, const Node& node, Duration time) const {
  if (chooser.fixed) [[likely]] {
    return *chooser.fixed;
  }
  if (chooser.decider->wants_truth()) {
    const NodeUplink uplink(*this, run_.links()[node.group], node);
    return chooser.decider->choose_knowing(uplink, base::max(time, node.processor_free_at), load_);
  }
  return chooser.table.choose(traces_[node.trace]->window_mean(trace_time(node, time)));
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
  CutTotals& totals = totals_[slot_index];
  ++totals.issued;
  totals.device_wait_s.add(in_seconds(start - time));
  totals.device_s.add(in_seconds(on_device));
  recorder_.issued(query, slot, slot_index - chooser.slot_first, start, ready);
  if (!slot.to_server) {
    finish(query, ready);
  } else if (link.two_way) {
    to_radio_.push(query);
  } else {
    upload_one_way(link, slot, node, query);
    to_server_.push(query);
  }
}

// A radio without states and downloads: only the uplink's own queue and trace matter.
void QueueingRun::upload_one_way(const Link& link, const Slot& slot, Node& node, Query& query) {
  const Duration ready = query.time;
  const Duration start = base::max(ready, node.uplink_free_at);
  const Duration sending = transfer_time(link, node, start, slot.upload);
  node.uplink_free_at = start + sending;
  query.transmit = slot.transmit_fixed + link.beta * sending;
  query.time = node.uplink_free_at + link.uplink_latency;
  CutTotals& totals = totals_[query.slot];
  totals.radio_wait_s.add(in_seconds(start - ready));
  totals.upload_s.add(in_seconds(sending));
  uploaded_bytes_.add(base::in_bytes(slot.upload));
  recorder_.uploaded(query, start, node.uplink_free_at, query.time);
}

// Everything that a node's radio does in the slab, up and down, in the order of time.
void QueueingRun::radio_stage() {
  due_.clear();
  to_radio_.take_before(until_, due_);
  if (due_.empty()) {
    return;
  }
  for (const std::uint32_t index : sorter_.order(due_)) {
    Query& query = due_[index];
    Node& node = nodes_[query.node];
    const Slot& slot = run_.slots()[query.slot];
    const Link& link = run_.links()[node.group];
    if (query.answered) {
      download(link, slot, node, query);
    } else {
      upload_two_way(link, slot, node, query);
    }
  }
}

// Brings the radio up for a transfer that is asked for at query.time; returns when it may start.
Duration QueueingRun::wake_radio(const Link& link, Node& node, Query& query) const {
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

// The radio is active until `end`; returns the base power's energy for the time this adds.
Energy QueueingRun::extend_activity(const Link& link, Node& node, Duration start, Duration end) {
  const Duration from = base::max(start, node.radio_active_until);
  node.radio_active_until = base::max(node.radio_active_until, end);
  return end > from ? link.beta * (end - from) : Energy{};
}

void QueueingRun::upload_two_way(const Link& link, const Slot& slot, Node& node, Query& query) {
  const Duration ready = query.time;
  const Duration start = base::max(wake_radio(link, node, query), node.uplink_free_at);
  const Duration sending = transfer_time(link, node, start, slot.upload);
  node.uplink_free_at = start + sending;
  query.transmit = slot.transmit_fixed + extend_activity(link, node, start, node.uplink_free_at);
  query.time = node.uplink_free_at + link.uplink_latency;
  CutTotals& totals = totals_[query.slot];
  totals.radio_wait_s.add(in_seconds(start - ready));
  totals.upload_s.add(in_seconds(sending));
  uploaded_bytes_.add(base::in_bytes(slot.upload));
  recorder_.uploaded(query, start, node.uplink_free_at, query.time);
  to_server_.push(query);
}

void QueueingRun::download(const Link& link, const Slot& slot, Node& node, Query& query) {
  const Duration start = base::max(wake_radio(link, node, query), node.downlink_free_at);
  node.downlink_free_at = start + slot.download_time;
  query.receive = slot.receive_fixed + extend_activity(link, node, start, node.downlink_free_at);
  finish(query, node.downlink_free_at);
}

void QueueingRun::server_stage() {
  due_.clear();
  to_server_.take_before(until_, due_);
  if (due_.empty()) {
    return;
  }
  for (const std::uint32_t index : sorter_.order(due_)) {
    serve(due_[index]);
  }
}

void QueueingRun::serve(Query& query) {
  const Slot& slot = run_.slots()[query.slot];
  Duration service = slot.server_time;
  if (slot.server_drawn) {
    service = seconds(model_.classes[slot.query_class].server_time_s->draw(service_stream_));
  }
  Duration start = query.time;
  if (service > seconds(0)) {
    start = gpus_.start(query.time, service);
    server_work_s_.add(in_seconds(service));
  }
  CutTotals& totals = totals_[query.slot];
  totals.server_wait_s.add(in_seconds(start - query.time));
  totals.server_s.add(in_seconds(service));
  const Duration end = start + service;
  recorder_.served(query, start, end);
  const Link& link = run_.links()[slot.group];
  if (link.network->charges_download) {
    query.answered = true;
    query.time = end + link.downlink_latency;
    to_radio_.push(query);
  } else {
    finish(query, end + link.downlink_latency);
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
  series_.add(done, latency, energy);
  ++completed_;
  last_completion_ = base::max(last_completion_, done);
  CutTotals& totals = totals_[query.slot];
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
  arrivals_.issue_before(until, nodes_,
                         [this](std::uint32_t id, Node& node, Duration time, std::uint32_t kind) {
                           issue(id, node, time, kind);
                         });
  radio_stage();
  server_stage();
}

void QueueingRun::take_snapshot() {
  snapshots_.push_back({until_, totals_, server_work_s_, issued_, in_flight()});
}

const QueueingRun::Snapshot& QueueingRun::snapshot_before(Duration time) const {
  std::size_t best = 0;
  for (std::size_t i = 0; i < snapshots_.size(); ++i) {
    if (snapshots_[i].time <= time) {
      best = i;
    }
  }
  return snapshots_[best];
}

// Queries pile up: of those that came in the later part of the run, over a hundredth (and more than
// chance allows) are still there beyond the number at its start; or the GPUs were offered more work
// than they can do.
bool QueueingRun::is_overloaded() const {
  const Snapshot& middle = snapshot_before(0.7 * until_);
  const auto came = static_cast<double>(issued_ - middle.issued);
  const double grown = static_cast<double>(in_flight()) - static_cast<double>(middle.in_flight);
  return grown > 0.01 * came + 5 * std::sqrt(came);
}

bool QueueingRun::is_precise() const {
  if (!model_.stop.relative_precision) {
    return false;
  }
  std::vector<results::Metric> metrics;
  for (const std::string& name : model_.stop.metrics) {
    metrics.push_back(*results::metric_named(name));
  }
  const results::Summary summary = series_.summarize(until_, model_.stop.confidence);
  return results::precise(summary, metrics, *model_.stop.relative_precision);
}

RunOutcome QueueingRun::run() {
  snapshots_.push_back({seconds(0), totals_, {}, 0, 0});
  const bool sees_load = run_.depends_on_load() && model_.cluster.load_poll_interval;
  std::int64_t publications = 0;
  const auto next_publication = [&] {
    return sees_load ? static_cast<double>(publications + 1) * *model_.cluster.load_poll_interval
                     : base::kForever;
  };
  Duration now = seconds(0);
  bool precise = false;
  while (now < schedule_.end() && !precise) {
    const Duration snapshot = schedule_.next_snapshot(now);
    const Duration check = schedule_.next_check(now);
    Duration until = grid_.boundary(grid_.cell(now) + 1);
    until = base::min(base::min(until, next_publication()), base::min(snapshot, check));
    advance(until);
    now = until;
    if (now == next_publication()) {
      ++publications;
      load_ = {gpus_.wait(now)};
      run_.see_load(load_);
    }
    if (now == snapshot) {
      take_snapshot();
      series_.settle(now);
      if (in_flight() > kInFlightMax && is_overloaded()) {
        break;
      }
    }
    precise = now == check && is_precise() && !is_overloaded();
  }
  if (model_.stop.drain) {
    while (in_flight() > 0) {
      advance(grid_.boundary(grid_.cell(until_) + 1));
    }
    until_ = seconds(std::nextafter(in_seconds(last_completion_), HUGE_VAL));
  }
  const auto& rule = model_.stop.relative_precision;
  return report(rule ? std::optional<bool>(precise || is_precise()) : std::nullopt);
}

RunOutcome QueueingRun::report(std::optional<bool> converged) {
  RunOutcome outcome(std::move(series_));
  outcome.end = until_;
  outcome.queries = {.issued = issued_, .completed = completed_, .in_flight = in_flight()};
  EC_CHECK(outcome.queries.holds(), "queries were lost or made up");
  const Snapshot& warm = snapshot_before(0.1 * until_ * (1 + 1e-9));
  outcome.warmup = warm.time;
  outcome.cuts.offsets = run_.slot_offsets();
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    outcome.cuts.totals.push_back(totals_[i].since(warm.totals[i]));
  }
  results::ExactSum work = server_work_s_;
  work.subtract(warm.server_work_s);
  outcome.server_utilisation =
      work.value() / (in_seconds(until_ - warm.time) * static_cast<double>(gpus_.size()));
  outcome.uploaded_bytes = uploaded_bytes_;
  if (is_overloaded() || outcome.server_utilisation >= 1) {
    outcome.verdict = Verdict::kOverloaded;
    outcome.converged.reset();
  } else {
    outcome.converged = converged;
  }
  for (const Node& node : nodes_) {
    const Link& link = run_.links()[node.group];
    if (node.radio_active_until < until_ && base::is_finite(node.radio_active_until)) {
      outcome.unattributed_tail += link.radio.tail_energy(until_ - node.radio_active_until);
    }
  }
  return outcome;
}

}  // namespace

RunOutcome run_queueing(const RunModel& model, const policies::Policy& policy, QueryLog* log,
                        const std::atomic<bool>* cancelled) {
  return QueueingRun(model, policy, log, cancelled).run();
}

}  // namespace edgecut::sim

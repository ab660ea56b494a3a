#include "sim/queueing_engine.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"
#include "sim/queueing_run.hpp"
#include "sim/shared_cells.hpp"

namespace edgecut::sim {

using base::Duration;
using base::in_seconds;
using base::seconds;

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

// The end of the next slab in which anything is due. What lies before it is empty, so the slab may
// begin at `now`.
Duration QueueingRun::end_of_slab(Duration now) const {
  std::int64_t due =
      std::min({arrivals_.next_cell(grid_, now), to_radio_.next_cell(), grid_.cell(waiting_.next()),
                to_server_.next_cell(), to_finish_.next_cell(), jobs_to_finish_.next_cell()});
  if (cluster_) {
    due = std::min(due, grid_.cell(cluster_->next_event()));
  }
  if (flows_) {
    due = std::min(due, grid_.cell(flows_->next_event()));
  }
  constexpr std::int64_t kFar = std::int64_t{1} << 61;  // and no overflow on the way
  return grid_.boundary(std::clamp(due, grid_.cell(now), kFar) + 1);
}

void QueueingRun::take_snapshot() { snapshots_.add({until_, totals_}); }

// The group's processors or uplinks were booked for longer than the run after its warm-up took.
bool QueueingRun::offered_too_much(std::size_t group) const {
  const Snapshot& warm = snapshots_.before(SnapshotSeries::kWarmup * until_);
  const double span = in_seconds(until_ - warm.time) * model_.groups[group].count;
  results::ExactSum processors;
  results::ExactSum uplinks;
  const std::size_t classes = model_.classes.size();
  for (std::size_t i = group * classes; i < (group + 1) * classes; ++i) {
    const ClassTotals later = totals_[i].since(warm.classes[i]);
    processors.merge(later.device_s);
    uplinks.merge(later.upload_s);
  }
  return processors.value() >= span || uplinks.value() >= span;
}

// Queries of a group pile up when, of those that came in the last 30 % of the run, over a hundredth
// (and more than chance allows) are there beyond the number at its start.
std::vector<std::size_t> QueueingRun::overloaded_groups() const {
  const Snapshot& earlier = snapshots_.before(0.7 * until_);
  const std::size_t classes = model_.classes.size();
  std::vector<std::size_t> groups;
  for (std::size_t g = 0; g < model_.groups.size(); ++g) {
    double came = 0;
    double grown = 0;
    for (std::size_t i = g * classes; i < (g + 1) * classes; ++i) {
      const ClassTotals later = totals_[i].since(earlier.classes[i]);
      came += static_cast<double>(later.issued);
      grown +=
          static_cast<double>(later.issued) - static_cast<double>(later.completed + later.dropped);
    }
    if (grown > 0.01 * came + 5 * std::sqrt(came) || offered_too_much(g)) {
      groups.push_back(g);
    }
  }
  return groups;
}

// Remembers what the run has found so far; true when that is as precise as was asked for.
bool QueueingRun::check_precision() {
  checkpoints_.push_back(series_.batched(until_));
  const StopRule& rule = model_.stop;
  if (!rule.relative_precision) {
    return false;
  }
  std::vector<results::Metric> metrics;
  for (const std::string& name : rule.metrics) {
    metrics.push_back(*results::metric_named(name));
  }
  results::Summary summary = results::to_summary(checkpoints_.back(), rule.confidence);
  if (spaced_) {
    results::replace_latencies(summary, *spaced_, rule.confidence);
  }
  return results::precise(summary, metrics, *rule.relative_precision);
}

RunOutcome QueueingRun::run() {
  Duration now = seconds(0);
  bool precise = false;
  while (now < schedule_.end() && !precise) {
    const Duration snapshot = snapshots_.next();
    const Duration check = schedule_.next_check(now);
    Duration until = end_of_slab(now);
    until = base::min(base::min(until, load_board_.next()), base::min(snapshot, check));
    if (flows_) {
      until = base::min(until, flows_->next_publication());
    }
    advance(until);
    now = until;
    if (flows_ && now == flows_->next_publication()) {
      flows_->publish();
    }
    if (now == load_board_.next_look()) {
      policies::ServerLoad seen =
          cluster_ ? cluster_->publish(now) : policies::ServerLoad{.wait = gpus_.wait(now)};
      if (prices_) {
        prices_->publish(now, seen);
      }
      load_board_.put(seen);
    }
    if (now == load_board_.next_change()) {
      load_ = load_board_.take();
      run_.see_load(load_);
    }
    if (now == snapshot) {
      take_snapshot();
      series_.settle(now);
      if (in_flight() > kInFlightMax && !overloaded_groups().empty()) {
        break;
      }
    }
    precise = now == check && check_precision() && overloaded_groups().empty();
  }
  const bool drained = model_.stop.drain && !precise && issued_ > 0;
  if (drained) {
    while (in_flight() > 0) {
      advance(end_of_slab(until_));
    }
    until_ = seconds(std::nextafter(in_seconds(last_completion_), HUGE_VAL));
  }
  const bool converged = precise || (drained && check_precision());
  const auto& rule = model_.stop.relative_precision;
  return report(rule ? std::optional<bool>(converged) : std::nullopt, drained);
}

// Whether something keeps the servers from more work than they can do: decisions that look at their
// load, or an admission limit. They may then be busy all the time, and only what piles up tells.
bool QueueingRun::servers_are_guarded() const {
  const auto& kinds = model_.cluster.kinds;
  return load_board_.is_read() || std::any_of(kinds.begin(), kinds.end(), [](const auto& kind) {
           return kind.admission_limit.has_value();
         });
}

// Work that reached the GPUs over what they can do, after the warm-up.
double QueueingRun::server_utilisation(const RunOutcome& outcome) const {
  if (outcome.intervals.empty()) {
    return 0;
  }
  ClassTotals work;
  for (std::size_t i = 0; i < totals_.size(); ++i) {
    work.merge(outcome.totals_of(i));
  }
  const Duration span = outcome.intervals.back().until - outcome.intervals.front().from;
  return work.gpu_s() / (in_seconds(span) * static_cast<double>(model_.cluster.gpus()));
}

RunOutcome QueueingRun::report(std::optional<bool> converged, bool drained) {
  RunOutcome outcome(std::move(series_));
  outcome.checkpoints = std::move(checkpoints_);
  outcome.spaced = std::move(spaced_);
  outcome.end = until_;
  outcome.queries = {
      .issued = issued_, .completed = completed_, .dropped = dropped_, .in_flight = in_flight()};
  EC_CHECK(outcome.queries.holds(), "queries were lost or made up");
  outcome.intervals = snapshots_.intervals();
  outcome.cut_counts = cut_counts_;
  outcome.cut_offsets = run_.slot_offsets();
  // A run that drained has completed everything, whatever the rush.
  if (!drained) {
    outcome.overloaded_groups = overloaded_groups();
  }
  const bool servers_too_slow =
      !drained && !servers_are_guarded() && server_utilisation(outcome) >= 1;
  if (!outcome.overloaded_groups.empty() || servers_too_slow) {
    outcome.verdict = Verdict::kOverloaded;
  } else {
    outcome.converged = converged;
  }
  if (flows_) {
    flows_->close(until_);
  }
  report_radios(outcome);
  return outcome;
}

// The end of every node's timeline, for which no query has paid.
void QueueingRun::report_radios(RunOutcome& outcome) const {
  outcome.whole_run = totals_;
  outcome.radio_rests.resize(model_.groups.size());
  for (const Node& node : nodes_) {
    const Link& link = run_.links()[node.group];
    RadioRests& rests = outcome.radio_rests[node.group];
    rests.node_s.add(in_seconds(base::max(until_, node.radio_active_until)));
    if (node.radio_active_until < until_ && base::is_finite(node.radio_active_until)) {
      const Duration idle_for = until_ - node.radio_active_until;
      outcome.unattributed_tail += link.radio.tail_energy(idle_for);
      const platforms::TailTimes times = link.radio.tail_times(idle_for);
      for (std::size_t i = 0; i < times.size(); ++i) {
        rests.tail_s[i].add(in_seconds(times[i]));
      }
    }
  }
}

RunOutcome run_queueing(const RunModel& model, const policies::Policy& policy,
                        const RunOptions& options) {
  return QueueingRun(model, policy, make_shared_cells, options).run();
}

}  // namespace edgecut::sim

// One run of the queueing engine: the state of every station, and what happens in a slab.
//
// Internal to the engine; sim/queueing_engine.hpp is the way in. The stations are in
// queueing_stages.cpp, the slab loop and the report in queueing_engine.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/quantity.hpp"
#include "base/random.hpp"
#include "platforms/estimate_table.hpp"
#include "policies/policy.hpp"
#include "sim/arrival_source.hpp"
#include "sim/completion_order.hpp"
#include "sim/flow_stage.hpp"
#include "sim/gpu_pool.hpp"
#include "sim/job_block.hpp"
#include "sim/load_board.hpp"
#include "sim/node_table.hpp"
#include "sim/outcome.hpp"
#include "sim/prepared_run.hpp"
#include "sim/price_setter.hpp"
#include "sim/query.hpp"
#include "sim/query_recorder.hpp"
#include "sim/round_trip_draw.hpp"
#include "sim/run_control.hpp"
#include "sim/run_model.hpp"
#include "sim/run_schedule.hpp"
#include "sim/server_cluster.hpp"
#include "sim/slab_calendar.hpp"
#include "sim/snapshot_series.hpp"
#include "sim/time_sorter.hpp"
#include "sim/waiting_answers.hpp"

namespace edgecut::sim {

/// The length of the engine's slabs for a run.
base::Duration choose_slab(const PreparedRun& run);

class QueueingRun final : public TransferSink {
 public:
  /// `make_network` is asked where a node group has a route.
  QueueingRun(const RunModel& model, const policies::Policy& policy,
              const FlowNetworkMaker& make_network, const RunOptions& options)
      : run_(model, policy, options.estimator),
        model_(model),
        source_(model.seed, model.replication),
        schedule_(model),
        grid_(choose_slab(run_)),
        arrivals_(model, source_, grid_, run_.class_mix()),
        to_radio_(grid_),
        to_server_(grid_),
        to_finish_(grid_),
        gpus_(model.cluster.kinds.front().gpus),
        load_board_(model.cluster, run_.depends_on_load()),
        service_stream_(source_, base::Purpose::kService, kServerEntity),
        series_(schedule_.next_check(base::seconds(0)) / 1024),
        spaced_(model.stop.method == IntervalMethod::kBigHouse ? std::optional(results::LagSpaced())
                                                               : std::nullopt),
        totals_(run_.chooser_count()),
        cut_counts_(run_.slots().size()),
        snapshots_(schedule_.snapshot_spacing(), run_.chooser_count()),
        recorder_(options.log),
        cancelled_(options.cancelled),
        queue_alone_(is_queue_alone(model, options.log != nullptr)),
        jobs_to_finish_(grid_) {
    std::vector<std::uint32_t> first_trace;
    for (const NodeGroup& group : model.groups) {
      first_trace.push_back(static_cast<std::uint32_t>(traces_.size()));
      for (const auto& trace : group.traces) {
        traces_.push_back(trace.get());
        estimates_.emplace_back(*trace, options.estimator);
      }
    }
    if (model.cluster.load_signal == LoadSignal::kPrice && run_.depends_on_load()) {
      prices_.emplace(model.cluster.gpus(),
                      model.cluster.load_delay +
                          model.cluster.load_poll_interval.value_or(base::seconds(0)) / 2.0);
    }
    if (!model.cluster.is_one_fifo_queue()) {
      cluster_.emplace(model.cluster, run_.server_tables(), source_);
    }
    if (goes_in_blocks()) {
      job_block_ = std::make_unique<JobBlock>();
    }
    nodes_ = make_nodes(model, source_, first_trace);
    if (!model.topology.routes.empty()) {
      flows_.emplace(run_, nodes_, totals_, flow_network_model(model, nodes_, traces_),
                     make_network, *this);
    }
    arrivals_.start(nodes_);
  }

  RunOutcome run();

  /// One node, whose queries are all jobs for the servers over a network that takes no time:
  /// nothing lies between arrival and server, and nothing between server and completion.
  static bool is_queue_alone(const RunModel& model, bool logged);

 private:
  static constexpr std::uint32_t kServerEntity = 0x80000000U;
  // Beyond this many queries under way a run that is overloaded ends early, to bound its memory.
  static constexpr std::uint64_t kInFlightMax = 4'000'000;

  [[nodiscard]] base::Duration end_of_slab(base::Duration now) const;
  void advance(base::Duration until);
  void issue(std::uint32_t id, Node& node, base::Duration time, std::uint32_t query_class);
  std::uint32_t choose(const Chooser& chooser, const Node& node, base::Duration time) const;
  [[nodiscard]] const policies::ChoiceTable& table_of(const Chooser& chooser,
                                                      const Node& node) const;
  [[nodiscard]] base::DataRate estimated_rate(const Node& node, base::Duration time) const {
    const base::DataRate own = estimates_[node.trace].at(trace_time(node, time));
    if (!run_.links()[node.group].contended) [[likely]] {
      return own;
    }
    return base::min(own, flows_->offered(static_cast<std::uint32_t>(&node - nodes_.data())));
  }
  [[nodiscard]] base::DataRate true_rate(const Slot& slot, const Node& node,
                                         base::Duration start) const;
  [[nodiscard]] SeenUplink seen_uplink(const Chooser& chooser, const Slot& slot, const Node& node,
                                       base::Duration time) const;
  base::Duration device_time(const Slot& slot, const Node& node, std::uint32_t id) const;
  [[nodiscard]] base::Duration one_way(const Link& link, base::Duration constant,
                                       const Query& query) const {
    return link.round_trips == nullptr
               ? constant
               : draw_one_way(*link.round_trips, source_, query.node, query.number);
  }
  base::Duration send(const Link& link, const Slot& slot, Node& node, Query& query,
                      base::Duration start);
  void book_upload(const Link& link, const Slot& slot, Query& query, base::Duration start,
                   base::Duration sending);
  void upload_one_way(const Link& link, const Slot& slot, Node& node, Query& query);
  void radio_stage();
  void hear_first();
  void use_radio(Query& query);
  void start_transfer(const Link& link, const Slot& slot, Node& node, Query& query,
                      base::Duration since);
  bool answer_waits(const Link& link, Node& node, const Query& query);
  void upload_two_way(const Link& link, const Slot& slot, Node& node, Query& query);
  void download(const Link& link, const Slot& slot, Node& node, Query& query,
                base::Duration answered_at);
  void book_download(const Slot& slot, const Query& query, base::Duration answered_at,
                     base::Duration start, base::Duration receiving);
  void uploaded(Query& query, base::Duration start, base::Duration end) override;
  void downloaded(Query& query, base::Duration answered_at, base::Duration start,
                  base::Duration end) override;
  void server_stage();
  void serve(Query& query);
  void cluster_stage();
  void run_cluster();
  void job_stage();
  void take_job(const Query& query, base::Duration service);
  // Of a queueing study in blocks:
  [[nodiscard]] bool goes_in_blocks() const;
  void job_block_stage();
  void finish_jobs();
  void serve_block();
  void send_block(std::uint32_t work, std::uint32_t first_number);
  void run_cluster_of_jobs(base::Duration until);
  std::uint32_t hold_job(base::Duration issued_at);
  void count_jobs(std::span<const double> done_s, std::span<const double> latency_s);
  ClassTotals& job_totals();
  std::uint32_t hold(const Query& query);
  Query release(std::uint32_t handle);
  void leave_server(Query& query, const ServerDeparture& departure);
  void drop(const Query& query);
  void tell_price_setter(base::Duration service) {
    if (prices_ && service > base::seconds(0)) {
      prices_->arrived(service);
    }
  }
  [[nodiscard]] base::Duration service_time(const Slot& slot);
  void finish(Query& query, base::Duration done);
  void count(base::Duration done, base::Duration latency, const results::EnergySplit& energy) {
    completed_block_.add(done, latency, energy);
    if (completed_block_.full()) {
      count_block();
    }
  }
  void count_block() {
    series_.add_all(completed_block_.columns());
    completed_block_.clear();
  }
  void complete(const Query& query, base::Duration done);

  [[nodiscard]] base::Duration trace_time(const Node& node, base::Duration time) const {
    return time + static_cast<double>(node.trace_offset_share) * traces_[node.trace]->period();
  }
  [[nodiscard]] base::Duration transfer_time(const Link& link, const Node& node,
                                             base::Duration start, base::DataSize size) const {
    return link.instant ? base::seconds(0)
                        : traces_[node.trace]->transfer_time(trace_time(node, start), size);
  }
  [[nodiscard]] std::uint64_t in_flight() const {
    return to_radio_.size() + waiting_.size() + to_server_.size() + to_finish_.size() +
           jobs_to_finish_.size() + (cluster_ ? cluster_->held() : 0) +
           (flows_ ? flows_->held() : 0);
  }
  void take_snapshot();
  [[nodiscard]] std::vector<std::size_t> overloaded_groups() const;
  [[nodiscard]] bool offered_too_much(std::size_t group) const;
  [[nodiscard]] bool servers_are_guarded() const;
  [[nodiscard]] double server_utilisation(const RunOutcome& outcome) const;
  [[nodiscard]] bool check_precision();
  RunOutcome report(std::optional<bool> converged, bool drained);
  void report_radios(RunOutcome& outcome) const;

  // The oracle's view of one node: what its queries so far will keep the uplink busy with.
  class NodeUplink final : public policies::UplinkTruth {
   public:
    NodeUplink(const QueueingRun& run, const Link& link, const Node& node)
        : run_(run), link_(link), node_(node) {}
    [[nodiscard]] base::Duration upload_end(base::Duration ready,
                                            base::DataSize size) const override {
      const base::Duration start = base::max(ready, node_.uplink_promised_until);
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
  std::vector<platforms::EstimateTable> estimates_;  // by trace
  std::optional<FlowStage> flows_;
  SlabCalendar<Query> to_radio_;
  WaitingAnswers waiting_;
  SlabCalendar<Query> to_server_;
  SlabCalendar<Query> to_finish_;
  std::vector<Query> due_;
  TimeSorter<Query> sorter_;
  GpuPool gpus_;                          // of the only server, when it is FIFO
  std::optional<ServerCluster> cluster_;  // else
  std::vector<ClusterJob> jobs_;
  ServerOutput served_;
  std::vector<Query> held_;  // by handle
  std::vector<std::uint32_t> free_handles_;
  LoadBoard load_board_;
  std::optional<PriceSetter> prices_;
  base::RandomStream service_stream_;
  policies::ServerLoad load_;

  base::Duration until_;  // end of the slab under work
  results::BatchSeries series_;
  results::QueryBlock completed_block_;  // on its way to series_; empty between slabs
  CompletionOrder completions_;          // feeds spaced_, when there is one
  std::optional<results::LagSpaced> spaced_;
  std::vector<results::BatchedSummary> checkpoints_;
  std::vector<ClassTotals> totals_;        // by group and class
  std::vector<std::uint64_t> cut_counts_;  // by slot
  std::uint64_t issued_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t dropped_ = 0;
  base::Duration last_completion_;
  SnapshotSeries snapshots_;
  QueryRecorder recorder_;
  const std::atomic<bool>* cancelled_;
  bool queue_alone_;
  // Of a queue alone whose jobs go in blocks; then these stand for queries.
  std::unique_ptr<JobBlock> job_block_;
  std::vector<base::Duration> held_jobs_;  // when each came, by handle
  SlabCalendar<JobUnderWay> jobs_to_finish_;
  std::vector<JobUnderWay> jobs_due_;
};

}  // namespace edgecut::sim

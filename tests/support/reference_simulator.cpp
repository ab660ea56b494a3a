#include "support/reference_simulator.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>
#include <tuple>

#include "base/random.hpp"
#include "sim/round_trip_draw.hpp"
#include "support/plain_radio.hpp"
#include "support/reference_cluster.hpp"

namespace edgecut::testing {
namespace {

using base::in_seconds;
using base::seconds;

enum class What {
  kPublish,
  kIssue,
  kDeviceDone,
  kPromoted,
  kUploaded,
  kAtServer,
  kServerWakes,
  kAnswer,
  kHeard,
  kDownloaded
};

struct Event {
  double time;
  What what;
  std::size_t query;                           // or server
  std::pair<std::uint32_t, std::uint32_t> id;  // node and number: ties are broken by them

  // Servers go on before anything reaches them; the load is looked at last.
  [[nodiscard]] int rank() const {
    return what == What::kServerWakes ? 0 : what == What::kPublish ? 2 : 1;
  }
  bool operator>(const Event& other) const {
    return std::tuple(time, rank(), id) > std::tuple(other.time, other.rank(), other.id);
  }
};

enum class Radio { kIdle, kPromoting, kActive, kTail };

struct PlainNode {
  bool computing = false;
  std::deque<std::size_t> to_compute;
  Radio radio = Radio::kIdle;
  double since = 0;  // in the tail
  bool sending = false;
  bool receiving = false;
  std::deque<std::size_t> to_send;
  std::deque<std::size_t> to_receive;
  std::vector<std::size_t> unheard;     // answers at the base station, while the radio sleeps
  bool paged = false;                   // they are heard when the tail is over
  std::vector<PlainStretch> stretches;  // in the order in which transfers were asked for
};

// What one query needs.
struct Needs {
  double device_s = 0;
  double server_s = 0;
  double download_s = 0;
  base::DataSize upload;
  base::DataSize download;
  bool to_server = false;
};

// What each job takes on a server, by its place in the log: drawn in the order of arrival there.
// (From start to end it may have waited for others, so the log does not tell.)
std::vector<double> drawn_services_s(const sim::RunModel& model, const sim::QueryLog& log) {
  constexpr std::uint32_t kServerEntity = 0x80000000U;  // as the engine numbers its streams
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (model.classes[log[i].query_class].server_time_s) {
      order.push_back(i);
    }
  }
  std::sort(order.begin(), order.end(), [&log](std::size_t a, std::size_t b) {
    const auto key = [&log](std::size_t i) {
      return std::tuple(log[i].server_arrival, log[i].node, log[i].number);
    };
    return key(a) < key(b);
  });
  base::RandomStream stream(base::RandomSource(model.seed, model.replication),
                            base::Purpose::kService, kServerEntity);
  std::vector<double> services(log.size());
  for (const std::size_t i : order) {
    services[i] = model.classes[log[i].query_class].server_time_s->draw(stream);
  }
  return services;
}

class PlainSimulator {
 public:
  PlainSimulator(const sim::RunModel& model, const sim::QueryLog& log)
      : model_(model),
        nodes_(model.nodes()),
        cluster_(model,
                 {.wake_at =
                      [this](double time, std::size_t server) {
                        events_.push({time, What::kServerWakes, server, {0, 0}});
                      },
                  .started = [this](std::size_t q) { records_[q].server_start = seconds(now_); },
                  .done = [this](std::size_t q) { served(q); }}) {
    const std::vector<double> services = drawn_services_s(model, log);
    for (const sim::QueryRecord& logged : log) {
      needs_.push_back(needs_of(logged));
      if (!model.classes[logged.query_class].dnn) {
        needs_.back().server_s = services[records_.size()];
      }
      sim::QueryRecord record;
      record.node = logged.node;
      record.number = logged.number;
      record.group = logged.group;
      record.query_class = logged.query_class;
      record.cut = logged.cut;
      record.issued_at = logged.issued_at;
      records_.push_back(record);
      ++left_;
      schedule(in_seconds(logged.issued_at), What::kIssue, records_.size() - 1);
      last_issue_ = std::max(last_issue_, in_seconds(logged.issued_at));
    }
    if (model.cluster.load_poll_interval) {
      for (double k = 1;; ++k) {
        const double time = k * in_seconds(*model.cluster.load_poll_interval);
        if (time > last_issue_) {
          break;
        }
        events_.push({time, What::kPublish, 0, {0, 0}});
      }
    }
  }

  ReferenceRun run() {
    // Background processes never end.
    while (!events_.empty() && (left_ > 0 || events_.top().what != What::kServerWakes)) {
      const Event event = events_.top();
      events_.pop();
      now_ = event.time;
      handle(event);
    }
    ReferenceRun result;
    result.unattributed_tail = settle_radios();
    result.queries = std::move(records_);
    result.loads = std::move(loads_);
    return result;
  }

 private:
  Needs needs_of(const sim::QueryRecord& logged) const {
    const sim::QueryClass& kind = model_.classes[logged.query_class];
    const platforms::NetworkProfile& network = *model_.groups[logged.group].network;
    Needs needs;
    if (!kind.dnn) {
      needs.device_s = kind.device_time_s ? in_seconds(logged.device_end - logged.device_start) : 0;
      needs.to_server = kind.server_time_s.has_value();
      return needs;
    }
    const predictors::CutCost& cut =
        model_.costs_of(logged.group, logged.query_class).truth.cuts[logged.cut];
    needs.device_s = in_seconds(cut.device_time);
    needs.server_s = in_seconds(cut.server_time);
    needs.upload = cut.upload;
    needs.download = cut.download;
    needs.to_server = cut.upload > base::bits(0) || cut.server_time > seconds(0);
    if (network.charges_download && network.downlink) {
      needs.download_s = in_seconds(cut.download / *network.downlink);
    }
    return needs;
  }

  void schedule(double time, What what, std::size_t query) {
    events_.push({time, what, query, {records_[query].node, records_[query].number}});
  }
  // The constant latency of the network, or half of the query's own round trip.
  double one_way_s(std::size_t query, base::Duration constant) const {
    const sim::QueryRecord& record = records_[query];
    const auto& trips = model_.groups[record.group].round_trips;
    if (!trips) {
      return in_seconds(constant);
    }
    const base::RandomSource source(model_.seed, model_.replication);
    return in_seconds(sim::draw_one_way(*trips, source, record.node, record.number));
  }

  const platforms::NetworkProfile& network_of(std::size_t query) const {
    return *model_.groups[records_[query].group].network;
  }

  void handle(const Event& event) {
    if (event.what == What::kPublish) {
      loads_.emplace_back(now_ + in_seconds(model_.cluster.load_delay), cluster_.load(now_));
      return;
    }
    if (event.what == What::kServerWakes) {
      cluster_.woken(now_, event.query);
      return;
    }
    const std::size_t q = event.query;
    PlainNode& node = nodes_[records_[q].node];
    switch (event.what) {
      case What::kIssue:
        node.to_compute.push_back(q);
        compute_next(node);
        break;
      case What::kDeviceDone:
        device_done(node, q);
        break;
      case What::kPromoted:
        node.radio = Radio::kActive;
        send_next(node);
        receive_next(node);
        break;
      case What::kUploaded:
        records_[q].upload_end = seconds(now_);
        node.sending = false;
        schedule(now_ + one_way_s(q, network_of(q).uplink_latency), What::kAtServer, q);
        send_next(node);
        rest(node);
        break;
      case What::kAtServer:
        at_server(q);
        break;
      case What::kAnswer:
        answer(node, q);
        break;
      case What::kHeard:
        // An upload may have woken the radio since.
        if (std::count(node.unheard.begin(), node.unheard.end(), q) > 0) {
          hear(node);
        }
        break;
      case What::kDownloaded:
        node.receiving = false;
        complete(q, now_);
        receive_next(node);
        rest(node);
        break;
      case What::kPublish:
      case What::kServerWakes:
        break;
    }
  }

  void compute_next(PlainNode& node) {
    if (node.computing || node.to_compute.empty()) {
      return;
    }
    const std::size_t q = node.to_compute.front();
    node.to_compute.pop_front();
    node.computing = true;
    records_[q].device_start = seconds(now_);
    schedule(now_ + needs_[q].device_s, What::kDeviceDone, q);
  }

  void device_done(PlainNode& node, std::size_t q) {
    sim::QueryRecord& record = records_[q];
    node.computing = false;
    compute_next(node);
    record.device_end = record.upload_start = record.upload_end = seconds(now_);
    record.server_arrival = record.server_start = record.server_end = seconds(now_);
    record.energy.compute =
        model_.costs_of(record.group, record.query_class).truth.cuts[record.cut].device_energy;
    if (needs_[q].to_server) {
      ask(node, q, true);
    } else {
      complete(q, now_);
    }
  }

  void answer(PlainNode& node, std::size_t q) {
    records_[q].answered_at = seconds(now_);
    const platforms::NetworkProfile& network = network_of(q);
    if (network.answers_wait && node.radio == Radio::kTail && now_ > node.since) {
      if (!node.unheard.empty()) {
        node.unheard.push_back(q);
        return;
      }
      const PlainListening next = plain_listening(network, now_ - node.since);
      if (next.at_s > now_ - node.since) {
        node.unheard.push_back(q);
        node.paged = next.idle;
        schedule(node.since + next.at_s, What::kHeard, q);
        return;
      }
    }
    ask(node, q, false);
  }

  void hear(PlainNode& node) {
    std::vector<std::size_t> heard;
    heard.swap(node.unheard);
    std::sort(heard.begin(), heard.end(), [this](std::size_t a, std::size_t b) {
      return records_[a].number < records_[b].number;
    });
    for (const std::size_t q : heard) {
      ask(node, q, false, node.paged);
    }
  }

  // A transfer is asked for: the radio wakes up if it must.
  void ask(PlainNode& node, std::size_t q, bool up, bool paged = false) {
    const platforms::NetworkProfile& network = network_of(q);
    node.stretches.push_back({q, up});
    (up ? node.to_send : node.to_receive).push_back(q);
    if (node.radio == Radio::kTail) {
      records_[q].energy.tail += plain_tail_energy(network, now_ - node.since);
      // A transfer that is asked for at the very instant of another's end continues it.
      const bool awake =
          !paged && (now_ == node.since || now_ - node.since < plain_tail_s(network));
      node.radio = awake ? Radio::kActive : Radio::kIdle;
    }
    if (node.radio == Radio::kIdle) {
      records_[q].energy.promotion += network.promotion_power * network.promotion_duration;
      node.radio = Radio::kPromoting;
      schedule(now_ + in_seconds(network.promotion_duration), What::kPromoted, q);
    }
    if (node.radio == Radio::kActive) {
      send_next(node);
      receive_next(node);
    }
    if (up && !node.unheard.empty()) {
      node.paged = false;
      hear(node);
    }
  }

  void start_stretch(PlainNode& node, std::size_t q, bool up, double end) {
    for (PlainStretch& stretch : node.stretches) {
      if (stretch.query == q && stretch.up == up) {
        stretch.start = now_;
        stretch.end = end;
      }
    }
  }

  void send_next(PlainNode& node) {
    if (node.sending || node.to_send.empty() || node.radio != Radio::kActive) {
      return;
    }
    const std::size_t q = node.to_send.front();
    node.to_send.pop_front();
    node.sending = true;
    records_[q].upload_start = seconds(now_);
    const double end =
        now_ + plain_transfer_s(model_, records_[q].node, now_, base::in_bits(needs_[q].upload));
    start_stretch(node, q, true, end);
    schedule(end, What::kUploaded, q);
  }

  void receive_next(PlainNode& node) {
    if (node.receiving || node.to_receive.empty() || node.radio != Radio::kActive) {
      return;
    }
    const std::size_t q = node.to_receive.front();
    node.to_receive.pop_front();
    node.receiving = true;
    records_[q].download_start = seconds(now_);
    start_stretch(node, q, false, now_ + needs_[q].download_s);
    schedule(now_ + needs_[q].download_s, What::kDownloaded, q);
  }

  void rest(PlainNode& node) {
    if (!node.sending && !node.receiving) {
      node.radio = Radio::kTail;
      node.since = now_;
    }
  }

  void at_server(std::size_t q) {
    sim::QueryRecord& record = records_[q];
    record.server_arrival = record.server_start = record.server_end = seconds(now_);
    if (needs_[q].server_s > 0) {
      const bool job = !model_.classes[record.query_class].dnn;
      cluster_.arrive(now_, {q, record.node, record.number, record.query_class, record.cut,
                             job ? needs_[q].server_s : 0});
    } else {
      served(q);
    }
  }

  void served(std::size_t q) {
    const platforms::NetworkProfile& network = network_of(q);
    records_[q].server_end = seconds(now_);
    if (network.charges_download) {
      schedule(now_ + one_way_s(q, network.downlink_latency), What::kAnswer, q);
    } else {
      complete(q, now_ + one_way_s(q, network.downlink_latency));
    }
  }
  void complete(std::size_t q, double time) {
    records_[q].completed_at = seconds(time);
    if (!network_of(q).charges_download || !needs_[q].to_server) {
      records_[q].answered_at = records_[q].download_start = seconds(time);
    }
    --left_;
  }

  base::Energy settle_radios();

  const sim::RunModel& model_;
  std::vector<PlainNode> nodes_;
  std::vector<Needs> needs_;
  sim::QueryLog records_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  double now_ = 0;
  double last_issue_ = 0;
  std::size_t left_ = 0;  // not completed
  PlainCluster cluster_;
  std::vector<std::pair<double, policies::ServerLoad>> loads_;
};

// Transmit and receive energy: the rate's part by bits, the base power for the time that a transfer
// adds to those asked for before it. Returns the tails after the last transfers.
base::Energy PlainSimulator::settle_radios() {
  double end = 0;
  for (const sim::QueryRecord& record : records_) {
    end = std::max(end, in_seconds(record.completed_at));
  }
  base::Energy rest;
  for (const PlainNode& node : nodes_) {
    for (std::size_t i = 0; i < node.stretches.size(); ++i) {
      const std::size_t q = node.stretches[i].query;
      const platforms::NetworkProfile& network = network_of(q);
      const base::Energy active = network.beta * seconds(plain_added_s(node.stretches, i));
      if (node.stretches[i].up) {
        records_[q].energy.transmit = network.alpha_up * needs_[q].upload + active;
      } else {
        records_[q].energy.receive = network.alpha_down * needs_[q].download + active;
      }
    }
    if (node.radio == Radio::kTail) {
      rest += plain_tail_energy(network_of(node.stretches.front().query), end - node.since);
    }
  }
  return rest;
}

}  // namespace

NodeTrace trace_of(const sim::RunModel& model, std::uint32_t node) {
  std::uint32_t first = 0;
  for (const sim::NodeGroup& group : model.groups) {
    if (node < first + group.count) {
      NodeTrace found;
      found.trace = group.traces[(node - first) % group.traces.size()].get();
      found.instant = group.instant_uplink;
      if (group.random_offset) {
        const base::RandomSource source(model.seed, model.replication);
        const auto share =
            static_cast<float>(source.uniforms(base::Purpose::kTraceOffset, node, 0).first);
        found.offset_s = static_cast<double>(share) * in_seconds(found.trace->period());
      }
      return found;
    }
    first += group.count;
  }
  return {};
}

double plain_transfer_s(const sim::RunModel& model, std::uint32_t node, double start_s,
                        double bits) {
  const NodeTrace found = trace_of(model, node);
  if (found.instant || bits <= 0) {
    return 0;
  }
  const std::vector<platforms::RateStep> steps = found.trace->steps();
  const double period = in_seconds(found.trace->period());
  const double position = std::fmod(start_s + found.offset_s, period);
  std::size_t step = steps.size() - 1;
  while (step > 0 && in_seconds(steps[step].start) > position) {
    --step;
  }
  double from = position;
  double elapsed = 0;
  for (;;) {
    const double until = step + 1 < steps.size() ? in_seconds(steps[step + 1].start) : period;
    const double rate = base::in_bits_per_s(steps[step].rate);
    if (rate * (until - from) >= bits) {
      return elapsed + bits / rate;
    }
    bits -= rate * (until - from);
    elapsed += until - from;
    step = (step + 1) % steps.size();
    from = in_seconds(steps[step].start);
  }
}

ReferenceRun simulate_plainly(const sim::RunModel& model, const sim::QueryLog& log) {
  return PlainSimulator(model, log).run();
}

}  // namespace edgecut::testing

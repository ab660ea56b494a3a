#include "sim/prepared_run.hpp"

#include <algorithm>

#include "base/errors.hpp"

namespace edgecut::sim {
namespace {

std::vector<double> weights_of(const std::vector<QueryClass>& classes) {
  std::vector<double> weights;
  for (const QueryClass& query_class : classes) {
    weights.push_back(query_class.weight);
  }
  return weights;
}

Link make_link(const RunModel& model, const NodeGroup& group) {
  const platforms::NetworkProfile& network = *group.network;
  Link link;
  link.network = &network;
  link.uplink_latency = network.uplink_latency;
  link.downlink_latency = network.downlink_latency;
  link.round_trips = group.round_trips.get();
  link.beta = network.beta;
  link.radio = platforms::RadioTiming(network);
  link.instant = group.instant_uplink;
  link.flows = !group.routes.empty();
  link.contended = std::any_of(group.routes.begin(), group.routes.end(), [&](std::uint32_t route) {
    return !model.topology.routes[route].up.empty();
  });
  link.two_way = network.charges_download || link.radio.is_stateful();
  return link;
}

base::Duration downlink_latency_min(const RunModel& model, const NodeGroup& group,
                                    const Link& link) {
  const base::Duration own = link.round_trips == nullptr
                                 ? link.downlink_latency
                                 : platforms::round_trip_statistics(*link.round_trips).min / 2;
  base::Duration route = group.routes.empty() ? base::seconds(0) : base::kForever;
  for (const std::uint32_t number : group.routes) {
    route = base::min(route, model.topology.routes[number].latency_down);
  }
  return own + route;
}

// The network as devices take it to be: with the mean latencies of the routes behind it.
platforms::NetworkProfile with_routes(const RunModel& model, const NodeGroup& group) {
  platforms::NetworkProfile network = *group.network;
  const auto routes = static_cast<double>(group.routes.size());
  for (const std::uint32_t number : group.routes) {
    network.uplink_latency += model.topology.routes[number].latency_up / routes;
    network.downlink_latency += model.topology.routes[number].latency_down / routes;
  }
  return network;
}

}  // namespace

PreparedRun::PreparedRun(const RunModel& model, const policies::Policy& policy,
                         const platforms::EstimatorSpec& estimator)
    : model_(model),
      estimator_(estimator),
      server_works_(model.classes),
      class_mix_(weights_of(model.classes)),
      wants_truth_(knows_rates()) {
  for (std::size_t g = 0; g < model.groups.size(); ++g) {
    const NodeGroup& group = model.groups[g];
    links_.push_back(make_link(model, group));
    seen_networks_.push_back(with_routes(model, group));
    if (links_.back().two_way) {
      const base::Duration latency = downlink_latency_min(model, group, links_.back());
      EC_CHECK(latency > base::seconds(0),
               "a network with downloads or radio states needs a downlink latency");
      lookahead_ = base::min(lookahead_, latency);
    }
    for (std::size_t q = 0; q < model.classes.size(); ++q) {
      const CutCosts& costs = model.costs_of(g, q);
      Chooser chooser;
      chooser.slot_first = slots_.size();
      if (model.classes[q].dnn) {
        const auto& seen = policy.sees_true_costs() ? costs.truth : costs.belief;
        chooser.decider =
            policy.prepare(*model.classes[q].dnn, policies::Situation{seen, seen_networks_.back()});
        wants_truth_ = wants_truth_ || chooser.decider->wants_truth();
        depends_on_load_ = depends_on_load_ || chooser.decider->depends_on_load();
      }
      choosers_.push_back(std::move(chooser));
      add_slots(g, q);
    }
  }
  if (!model.cluster.is_one_fifo_queue()) {
    for (const ServerKind& kind : model.cluster.kinds) {
      server_tables_.push_back(server_works_.tables_of(kind));
    }
  }
  for (std::size_t i = 0; i < choosers_.size(); ++i) {
    settle_choice(i, policies::ServerLoad{});
  }
}

void PreparedRun::add_slots(std::size_t group, std::size_t query_class) {
  const platforms::NetworkProfile& network = *model_.groups[group].network;
  const QueryClass& kind = model_.classes[query_class];
  const predictors::CutTable& table = model_.costs_of(group, query_class).truth;
  for (std::size_t number = 0; number < table.cuts.size(); ++number) {
    const predictors::CutCost& cut = table.cuts[number];
    Slot slot;
    slot.device_time = cut.device_time;
    slot.upload = cut.upload;
    slot.server_time = cut.server_time;
    slot.compute = cut.device_energy;
    slot.device_drawn = kind.device_time_s.has_value();
    slot.server_drawn = kind.server_time_s.has_value();
    slot.to_server =
        cut.upload > base::bits(0) || cut.server_time > base::seconds(0) || slot.server_drawn;
    slot.transmit_fixed = network.alpha_up * cut.upload;
    if (network.charges_download && slot.to_server) {
      slot.download = cut.download;
      slot.receive_fixed = network.alpha_down * cut.download;
      slot.download_time = network.downlink ? cut.download / *network.downlink : base::seconds(0);
    }
    slot.group = static_cast<std::uint32_t>(group);
    slot.query_class = static_cast<std::uint32_t>(query_class);
    slot.work = server_works_.number_of(query_class, table, number);
    slot.class_index = static_cast<std::uint32_t>(group * model_.classes.size() + query_class);
    if (kind.dnn) {
      const auto layers = kind.dnn->layers();
      for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const double work_gflop = 1e-9 * base::in_flop(layers[layer].work);
        slot.work_gflop += work_gflop;
        if (table.on_device(number, layer)) {
          slot.device_work_gflop += work_gflop;
        }
      }
    }
    slots_.push_back(slot);
  }
}

void PreparedRun::settle_choice(std::size_t index, const policies::ServerLoad& load) {
  Chooser& chooser = choosers_[index];
  chooser.fixed.reset();
  if (!chooser.decider) {
    chooser.fixed = 0;
    return;
  }
  chooser.priced.clear();
  if (chooser.decider->takes_own_price() && load.price > 0) {
    policies::ServerLoad own = load;
    for (std::size_t i = 0; i < kPriceFactors; ++i) {
      const double share = (static_cast<double>(i) + 0.5) / kPriceFactors;
      own.price = (0.5 + share) * load.price;
      chooser.priced.push_back(chooser.decider->choices(own));
    }
    return;
  }
  chooser.table = chooser.decider->choices(load);
  if (chooser.decider->wants_truth()) {
    return;
  }
  const NodeGroup& group = model_.groups[index / model_.classes.size()];
  const auto& traces = group.traces;
  // A cut that is the best at any one rate need not be when each has its own.
  if (knows_rates() ? chooser.table.is_settled() : chooser.table.intervals().size() == 1) {
    chooser.fixed = chooser.table.intervals().front().cut;
  } else if (traces.size() == 1 && traces.front()->is_constant() &&
             !links_[index / model_.classes.size()].contended) {
    chooser.fixed = chooser.table.choose(traces.front()->mean_rate());
  }
}

void PreparedRun::see_load(const policies::ServerLoad& load) {
  for (std::size_t i = 0; i < choosers_.size(); ++i) {
    if (choosers_[i].decider && choosers_[i].decider->depends_on_load()) {
      settle_choice(i, load);
    }
  }
}

std::vector<std::size_t> PreparedRun::slot_offsets() const {
  std::vector<std::size_t> offsets;
  for (const Chooser& chooser : choosers_) {
    offsets.push_back(chooser.slot_first);
  }
  offsets.push_back(slots_.size());
  return offsets;
}

}  // namespace edgecut::sim

#include "scenarios/radio_use.hpp"

#include "platforms/radio.hpp"
#include "scenarios/class_estimates.hpp"

namespace edgecut::scenarios {
namespace {

constexpr double kSecondsPerHour = 3600;

bool is_two_way(const platforms::NetworkProfile& network) {
  return network.charges_download || platforms::RadioTiming(network).is_stateful();
}

// `rests`: nothing where only what queries have ended counts.
std::vector<StateUse> states_of(const sim::NodeGroup& group, const sim::ClassTotals& totals,
                                const sim::RadioRests* rests, double node_s) {
  const platforms::NetworkProfile& network = *group.network;
  const sim::RadioTotals& radio = totals.radio;
  const double beta_w = base::in_watts(network.beta);
  // A one-way link's uploads follow each other, so all their time counts.
  const double up_s = is_two_way(network) ? radio.up_s.value() : totals.upload_s.value();
  const double down_s = radio.down_s.value();
  const auto by_bytes = [](base::EnergyPerBit alpha, const results::ExactSum& bytes) {
    return base::in_joules(alpha * base::bytes(bytes.value()));
  };
  const double promotion_s = radio.promotion_s.value();
  std::vector<StateUse> states = {
      {"promotion", promotion_s, base::in_watts(network.promotion_power) * promotion_s, 0},
      {"active up", up_s, by_bytes(network.alpha_up, totals.uploaded_bytes) + beta_w * up_s, 0},
      {"active down", down_s,
       by_bytes(network.alpha_down, radio.downloaded_bytes) + beta_w * down_s, 0}};
  for (std::size_t i = 0; i < network.tail.size(); ++i) {
    const double power_w = base::in_watts(network.tail[i].power);
    const double rest_s = rests != nullptr ? rests->tail_s[i].value() : 0;
    const double time_s = radio.tail_s[i].value() + rest_s;
    states.push_back(
        {platforms::tail_state_name(network, i), time_s, power_w * time_s, power_w * rest_s});
  }
  double idle_s = node_s;
  for (const StateUse& state : states) {
    idle_s -= state.time_s;
  }
  const double idle_w = network.idle ? base::in_watts(platforms::mean_power(*network.idle)) : 0;
  states.push_back({network.idle_state, idle_s, idle_w * idle_s, idle_w * idle_s});
  return states;
}

}  // namespace

bool has_radio(const sim::NodeGroup& group) {
  return group.network->uplink || is_two_way(*group.network);
}

GroupRadio group_radio(const sim::RunModel& model, const sim::RunOutcome& outcome,
                       std::size_t group) {
  const sim::NodeGroup& nodes = model.groups[group];
  const std::size_t first = group * model.classes.size();
  GroupRadio radio;
  sim::ClassTotals whole;
  std::vector<sim::ClassTotals> batches;
  for (std::size_t q = 0; q < model.classes.size(); ++q) {
    whole.merge(outcome.whole_run[first + q]);
    const std::vector<StretchTotals> own = batch_totals(outcome, first + q);
    batches.resize(own.size());
    radio.batches.resize(own.size());
    for (std::size_t b = 0; b < own.size(); ++b) {
      batches[b].merge(own[b].totals);
      radio.batches[b].node_s = nodes.count * base::in_seconds(own[b].length);
      if (model.classes[q].dnn) {
        radio.batches[b].busy_s += own[b].totals.device_s.value();
      }
    }
  }
  const sim::RadioRests& rests = outcome.radio_rests[group];
  radio.whole_run = states_of(nodes, whole, &rests, rests.node_s.value());
  for (std::size_t b = 0; b < batches.size(); ++b) {
    GroupRadio::Batch& batch = radio.batches[b];
    batch.states = states_of(nodes, batches[b], nullptr, batch.node_s);
    batch.queries = static_cast<double>(batches[b].issued);
    batch.compute_j = batches[b].compute_j.value();
  }
  return radio;
}

GroupPower group_power(const sim::NodeGroup& group, const GroupRadio& radio, double confidence) {
  struct Parts {
    double idle_j, compute_j, radio_j, node_s;
  };
  std::vector<Parts> parts;
  for (const GroupRadio::Batch& batch : radio.batches) {
    double radio_j = 0;
    for (const StateUse& state : batch.states) {
      radio_j += state.energy_j;
    }
    const double idle_j = base::in_watts(*group.idle_power) * (batch.node_s - batch.busy_s);
    parts.push_back({idle_j, batch.compute_j, radio_j, batch.node_s});
  }
  const auto estimate = [&](const auto& sum,
                            const auto& weight) -> std::optional<results::Estimate> {
    std::vector<results::RatioTerm> terms;
    for (const Parts& one : parts) {
      terms.push_back({sum(one), weight(one)});
    }
    const auto batched = results::batched_ratio(terms);
    return batched ? std::optional(results::to_estimate(*batched, confidence)) : std::nullopt;
  };
  const auto time = [](const Parts& one) { return one.node_s; };
  const auto energy = [](const Parts& one) { return one.idle_j + one.compute_j + one.radio_j; };
  GroupPower power;
  power.board_idle_w = estimate([](const Parts& one) { return one.idle_j; }, time);
  power.compute_w = estimate([](const Parts& one) { return one.compute_j; }, time);
  power.radio_w = estimate([](const Parts& one) { return one.radio_j; }, time);
  power.power_w = estimate(energy, time);
  if (group.battery) {
    const double battery_j = base::in_joules(*group.battery);
    power.battery_life_h = estimate(
        [&](const Parts& one) { return battery_j * one.node_s / kSecondsPerHour; }, energy);
  }
  return power;
}

}  // namespace edgecut::scenarios

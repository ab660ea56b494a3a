#include "policies/policy.hpp"

#include <utility>

#include "base/errors.hpp"

namespace edgecut::policies {
namespace {

using base::bits;
using base::in_bits;
using base::in_bits_per_s;
using base::in_joules;
using base::in_seconds;

bool talks_to_server(const predictors::CutCost& cut) {
  return cut.upload > bits(0) || cut.server_time > base::seconds(0);
}

base::Duration download_time(const platforms::NetworkProfile& network,
                             const predictors::CutCost& cut) {
  return network.charges_download && network.downlink ? cut.download / *network.downlink
                                                      : base::seconds(0);
}

// What of the latency does not depend on the uplink's rate.
base::Duration fixed_latency(const Situation& situation, const predictors::CutCost& cut,
                             const ServerLoad& load) {
  base::Duration total = cut.device_time + cut.server_time;
  total += added_by_load(cut, load);
  if (talks_to_server(cut)) {
    total += situation.network.uplink_latency + situation.network.downlink_latency;
    total += download_time(situation.network, cut);
  }
  return total;
}

base::Energy fixed_energy(const Situation& situation, const predictors::CutCost& cut) {
  const platforms::NetworkProfile& network = situation.network;
  base::Energy total = cut.device_energy + network.alpha_up * cut.upload;
  if (network.charges_download && talks_to_server(cut)) {
    total += network.alpha_down * cut.download + network.beta * download_time(network, cut);
  }
  return total;
}

class SettledDecider final : public Decider {
 public:
  explicit SettledDecider(ChoiceTable choices) : choices_(std::move(choices)) {}
  [[nodiscard]] ChoiceTable choices(const ServerLoad& /*load*/) const override { return choices_; }

 private:
  ChoiceTable choices_;
};

}  // namespace

std::unique_ptr<Decider> make_settled_decider(ChoiceTable choices) {
  return std::make_unique<SettledDecider>(std::move(choices));
}

std::uint32_t Decider::choose_knowing(const UplinkTruth& /*uplink*/, base::Duration /*start*/,
                                      const ServerLoad& /*load*/) const {
  EC_CHECK(false, "this policy decides without the truth");
}

base::Duration added_by_load(const predictors::CutCost& cut, const ServerLoad& load) {
  if (cut.server_time <= base::seconds(0)) {
    return base::seconds(0);
  }
  return load.wait + (load.level - 1 + load.price) * cut.server_time +
         static_cast<double>(cut.server_kernels) * load.kernel_wait;
}

base::Duration expected_latency(const Situation& situation, const predictors::CutCost& cut,
                                base::DataRate rate, const ServerLoad& load) {
  const base::Duration fixed = fixed_latency(situation, cut, load);
  return cut.upload > bits(0) ? fixed + cut.upload / rate : fixed;
}

base::Energy expected_energy(const Situation& situation, const predictors::CutCost& cut,
                             base::DataRate rate) {
  const base::Energy fixed = fixed_energy(situation, cut);
  return cut.upload > bits(0) ? fixed + situation.network.beta * (cut.upload / rate) : fixed;
}

CutLine latency_line(const Situation& situation, std::size_t cut, const ServerLoad& load) {
  const predictors::CutCost& cost = situation.cuts.cuts[cut];
  return {in_seconds(fixed_latency(situation, cost, load)), in_bits(cost.upload),
          static_cast<std::uint32_t>(cut)};
}

CutLine energy_line(const Situation& situation, std::size_t cut) {
  const predictors::CutCost& cost = situation.cuts.cuts[cut];
  return {in_joules(fixed_energy(situation, cost)),
          base::in_watts(situation.network.beta) * in_bits(cost.upload),
          static_cast<std::uint32_t>(cut)};
}

}  // namespace edgecut::policies

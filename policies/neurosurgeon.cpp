#include <utility>

#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

ServerLoad seen_by(const NeurosurgeonOptions& options, const ServerLoad& load) {
  if (options.priced) {
    return {.wait = load.expected_wait, .price = load.price};
  }
  ServerLoad seen = options.load_aware ? load : ServerLoad{};
  seen.price = 0;
  return seen;
}

class NeurosurgeonDecider final : public Decider {
 public:
  NeurosurgeonDecider(const Situation& situation, NeurosurgeonOptions options)
      : situation_(situation), options_(options) {}

  [[nodiscard]] ChoiceTable choices(const ServerLoad& load) const override {
    const ServerLoad seen = seen_by(options_, load);
    std::vector<CutLine> lines;
    lines.reserve(situation_.cuts.cuts.size());
    for (std::size_t cut = 0; cut < situation_.cuts.cuts.size(); ++cut) {
      const CutLine latency = latency_line(situation_, cut, seen);
      const CutLine energy = energy_line(situation_, cut);
      lines.push_back(
          {options_.latency_weight * latency.fixed + options_.energy_weight * energy.fixed,
           options_.latency_weight * latency.slope + options_.energy_weight * energy.slope,
           latency.cut});
    }
    return ChoiceTable::cheapest(std::move(lines));
  }
  [[nodiscard]] bool depends_on_load() const override {
    return options_.load_aware || options_.priced;
  }
  [[nodiscard]] bool takes_own_price() const override { return options_.priced; }

 private:
  Situation situation_;
  NeurosurgeonOptions options_;
};

class Neurosurgeon final : public Policy {
 public:
  Neurosurgeon(const std::string& name, NeurosurgeonOptions options)
      : Policy(name), options_(options) {}
  [[nodiscard]] std::vector<Objective> objectives() const override {
    return {{.device_time = options_.latency_weight,
             .server_time = options_.latency_weight,
             .device_energy = options_.energy_weight}};
  }
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& /*dnn*/,
                                                 const Situation& situation) const override {
    return std::make_unique<NeurosurgeonDecider>(situation, options_);
  }

 private:
  NeurosurgeonOptions options_;
};

}  // namespace

std::unique_ptr<Policy> make_neurosurgeon(const std::string& name, NeurosurgeonOptions options) {
  return std::make_unique<Neurosurgeon>(name, options);
}

std::unique_ptr<Policy> make_priced() {
  return std::make_unique<Neurosurgeon>("priced", NeurosurgeonOptions{.priced = true});
}

}  // namespace edgecut::policies

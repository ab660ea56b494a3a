// DADS (Hu, Bao, Wang, Li, "Dynamic adaptive DNN surgery for inference acceleration on the edge",
// INFOCOM 2019): the minimum cut of a layer graph for light load, and the fastest slowest stage for
// heavy load.
#include <utility>

#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

class DadsHeavy final : public Policy {
 public:
  DadsHeavy() : Policy("dads-heavy") {}
  // With equal weights a stage's sum is at most three times the least maximum; the others make the
  // candidates denser where one stage is to give way to another.
  [[nodiscard]] std::vector<Objective> objectives() const override {
    std::vector<Objective> list;
    for (const double ratio : {0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1.4, 2.5, 5.0, 10.0, 30.0, 100.0}) {
      list.push_back({.device_time = 1, .server_time = ratio});
    }
    return list;
  }
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& /*dnn*/,
                                                 const Situation& situation) const override {
    std::vector<CutLine> stages;
    for (const predictors::CutCost& cut : situation.cuts.cuts) {
      stages.push_back({base::in_seconds(base::max(cut.device_time, cut.server_time)),
                        base::in_bits(cut.upload), static_cast<std::uint32_t>(stages.size())});
    }
    return make_settled_decider(ChoiceTable::least_maximum(std::move(stages)));
  }
};

}  // namespace

std::unique_ptr<Policy> make_dads_light() { return make_neurosurgeon("dads-light", {}); }

std::unique_ptr<Policy> make_dads_heavy() { return std::make_unique<DadsHeavy>(); }

}  // namespace edgecut::policies

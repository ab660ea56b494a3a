#include <algorithm>

#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

class OracleDecider final : public Decider {
 public:
  explicit OracleDecider(const Situation& situation) : situation_(situation) {
    // A cut cannot take less than its latency without any upload: trying the cuts in the order of
    // that bound, the search ends at the first bound that is no better than the best found.
    const std::size_t count = situation.cuts.cuts.size();
    candidates_.reserve(count);
    for (std::size_t cut = 0; cut < count; ++cut) {
      candidates_.push_back(latency_line(situation, cut, ServerLoad{}));
    }
    std::sort(candidates_.begin(), candidates_.end(), [](const CutLine& a, const CutLine& b) {
      return a.fixed != b.fixed ? a.fixed < b.fixed : a.cut < b.cut;
    });
  }

  [[nodiscard]] ChoiceTable choices(const ServerLoad& load) const override {
    std::vector<CutLine> lines;
    for (std::size_t cut = 0; cut < situation_.cuts.cuts.size(); ++cut) {
      lines.push_back(latency_line(situation_, cut, load));
    }
    return ChoiceTable::cheapest(std::move(lines));
  }
  [[nodiscard]] bool depends_on_load() const override { return true; }
  [[nodiscard]] bool wants_truth() const override { return true; }

  [[nodiscard]] std::uint32_t choose_knowing(const UplinkTruth& uplink, base::Duration start,
                                             const ServerLoad& load) const override {
    std::uint32_t best = candidates_.front().cut;
    base::Duration best_latency = base::kForever;
    for (const CutLine& candidate : candidates_) {
      if (base::seconds(candidate.fixed) >= best_latency) {
        break;
      }
      const base::Duration latency = true_latency(candidate, uplink, start, load);
      if (latency < best_latency) {
        best_latency = latency;
        best = candidate.cut;
      }
    }
    return best;
  }

 private:
  [[nodiscard]] base::Duration true_latency(const CutLine& candidate, const UplinkTruth& uplink,
                                            base::Duration start, const ServerLoad& load) const {
    const predictors::CutCost& cut = situation_.cuts.cuts[candidate.cut];
    base::Duration latency = base::seconds(candidate.fixed);
    latency += added_by_load(cut, load);
    if (cut.upload > base::bits(0)) {
      const base::Duration ready = start + cut.device_time;
      latency += uplink.upload_end(ready, cut.upload) - ready;
    }
    return latency;
  }

  Situation situation_;
  std::vector<CutLine> candidates_;
};

class Oracle final : public Policy {
 public:
  Oracle() : Policy("oracle") {}
  [[nodiscard]] bool sees_true_costs() const override { return true; }
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& /*dnn*/,
                                                 const Situation& situation) const override {
    return std::make_unique<OracleDecider>(situation);
  }
};

}  // namespace

std::unique_ptr<Policy> make_oracle() { return std::make_unique<Oracle>(); }

}  // namespace edgecut::policies

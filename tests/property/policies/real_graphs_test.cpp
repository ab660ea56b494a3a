// Published graphs on the shipped processors: no prefix is faster than the best cut, at any rate.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "platforms/network.hpp"
#include "policies/candidate_cuts.hpp"
#include "policies/catalogue.hpp"
#include "predictors/calibrated_model.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::policies;

namespace {

// Whether the choice is at most as slow as every prefix at each rate, and where it is faster.
struct Sweep {
  bool never_slower = true;
  std::vector<double> faster_at_mbps;
  double gain_max = 0;  // 1 - latency / that of the best prefix
};

Sweep sweep_rates(const workloads::Dnn& dnn, const predictors::CostModel& device,
                  const predictors::CostModel& server, const platforms::NetworkProfile& network) {
  const std::vector<Objective> objectives = {kLatency};
  const auto table = predictors::make_cut_table(dnn, device, server,
                                                further_cuts(dnn, device, server, objectives));
  const Situation situation{table, network};
  const ChoiceTable choices = make_dads_light()->prepare(dnn, situation)->choices({});
  Sweep sweep;
  constexpr int kStepsADecade = 100;
  for (int step = -kStepsADecade; step <= 3 * kStepsADecade; ++step) {
    const double mbps = std::pow(10, static_cast<double>(step) / kStepsADecade);
    const auto rate = base::megabits_per_s(mbps);
    const auto latency = [&](std::size_t cut) {
      return expected_latency(situation, table.cuts[cut], rate, {});
    };
    base::Duration best_prefix = base::kForever;
    for (std::size_t cut = 0; cut <= table.device_only(); ++cut) {
      best_prefix = base::min(best_prefix, latency(cut));
    }
    const base::Duration chosen = latency(choices.choose(rate));
    sweep.never_slower = sweep.never_slower && chosen <= best_prefix * (1 + 1e-12);
    const double gain = 1 - chosen / best_prefix;
    if (gain > 1e-9) {
      sweep.faster_at_mbps.push_back(mbps);
      sweep.gain_max = std::max(sweep.gain_max, gain);
    }
  }
  return sweep;
}

}  // namespace

TEST_CASE("from 0.1 to 1000 Mbit/s no prefix of a published graph is faster than its best cut") {
  for (const std::string& model : std::vector<std::string>{"inception_v1", "resnet50"}) {
    const auto path =
        std::filesystem::path(EDGECUT_SHARED_DIR) / "models" / "onnx" / (model + ".onnx");
    if (!std::filesystem::exists(path)) {
      MESSAGE("skipped: no " << path.string());
      continue;
    }
    const workloads::Dnn dnn = workloads::import_model(path);
    for (const std::string& processor :
         std::vector<std::string>{"jetson-tk1-cpu", "jetson-tk1-gpu"}) {
      const auto device = predictors::find_cost_model(processor, {}, "test");
      for (const std::string& other :
           std::vector<std::string>{"tesla-k40", "xeon-e5-2620v2", "jetson-tk1-gpu"}) {
        const auto server = predictors::find_cost_model(other, {}, "test");
        for (const std::string& access :
             std::vector<std::string>{"wifi-2015", "lte-2015", "wifi"}) {
          const auto network = platforms::find_network(access, {}, "test");
          const Sweep sweep = sweep_rates(dnn, *device, *server, network);
          CAPTURE(model);
          CAPTURE(processor);
          CAPTURE(other);
          CAPTURE(access);
          CHECK(sweep.never_slower);
          if (!sweep.faster_at_mbps.empty()) {
            MESSAGE(model << " " << processor << " to " << other << " over " << access
                          << ": faster than every prefix from " << sweep.faster_at_mbps.front()
                          << " to " << sweep.faster_at_mbps.back() << " Mbit/s, by "
                          << 100 * sweep.gain_max << " % at most");
          }
        }
      }
    }
  }
}

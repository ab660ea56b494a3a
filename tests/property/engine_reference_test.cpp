// The engine against a second simulator of the same model: every stage and every energy of every
// query, and the policies' decisions by brute force.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "platforms/estimate_table.hpp"
#include "support/query_agreement.hpp"
#include "support/random_scenario.hpp"
#include "support/reference_simulator.hpp"

using namespace edgecut;
using base::in_joules;
using base::in_seconds;
using nlohmann::json;
using testing::any_scenario;
using testing::RandomScenario;
using testing::ReferenceRun;

namespace {

constexpr double kTolerance = 1e-11;

bool close(double a, double b) { return testing::close(a, b, kTolerance); }
bool close(base::Energy a, base::Energy b) { return close(in_joules(a), in_joules(b)); }

// What a policy weighs: the predicted latency and energy of a cut when nothing else is under way.
struct Prospect {
  double latency_s;
  double energy_j;
};

double added_s(const predictors::CutCost& cost, const policies::ServerLoad& load) {
  return in_seconds(load.wait) + in_seconds(cost.server_time) * (load.level - 1) +
         cost.server_kernels * in_seconds(load.kernel_wait);
}

Prospect prospect(const sim::RunModel& model, const sim::QueryRecord& query, std::size_t cut,
                  double rate, const policies::ServerLoad& load) {
  const platforms::NetworkProfile& network = *model.groups[query.group].network;
  const auto& cost = model.costs_of(query.group, query.query_class).belief.cuts[cut];
  const double bits = base::in_bits(cost.upload);
  const double upload = bits > 0 ? bits / rate : 0;
  Prospect result = {in_seconds(cost.device_time), in_joules(cost.device_energy)};
  if (bits == 0 && in_seconds(cost.server_time) == 0) {
    return result;
  }
  result.latency_s += upload + in_seconds(cost.server_time) +
                      in_seconds(network.uplink_latency + network.downlink_latency) +
                      (in_seconds(cost.server_time) > 0 ? added_s(cost, load) : 0);
  const double beta = base::in_watts(network.beta);
  result.energy_j += in_joules(network.alpha_up * cost.upload) + (beta > 0 ? beta * upload : 0);
  if (network.charges_download) {
    const double download = network.downlink ? in_seconds(cost.download / *network.downlink) : 0;
    result.latency_s += download;
    result.energy_j += in_joules(network.alpha_down * cost.download) + beta * download;
  }
  return result;
}

// The load that the devices knew at an instant.
policies::ServerLoad published_load(const ReferenceRun& plain, double time) {
  policies::ServerLoad load;
  for (const auto& [instant, value] : plain.loads) {
    load = instant <= time ? value : load;
  }
  return load;
}

// Utilisation takes its past with it, and what waits for a batch is an estimate: not simulated
// twice.
bool load_is_plain(const sim::Cluster& cluster) {
  const bool batches = std::any_of(
      cluster.kinds.begin(), cluster.kinds.end(),
      [](const sim::ServerKind& kind) { return kind.discipline == sim::Discipline::kBatching; });
  return cluster.load_signal == sim::LoadSignal::kProcesses ||
         (cluster.load_signal != sim::LoadSignal::kUtilisation && !batches);
}

struct Weights {
  double latency = 0;
  double energy = 0;
  bool sees_load = false;
};

std::optional<Weights> weights_of(const json& policy) {
  const std::string name = (policy.is_string() ? policy : policy["policy"]).get<std::string>();
  const bool load = policy.is_object() && policy.value("load_aware", false);
  if (name == "neurosurgeon-latency") {
    return Weights{1, 0, load};
  }
  if (name == "neurosurgeon-energy") {
    return Weights{0, 1, load};
  }
  if (name == "neurosurgeon-weighted") {
    return Weights{policy["latency_weight_per_s"], policy["energy_weight_per_j"], load};
  }
  return std::nullopt;
}

// No cut would have looked better to the policy than the one it chose.
void expect_best(const sim::RunModel& model, const sim::QueryRecord& query, const Weights& weights,
                 const ReferenceRun& plain) {
  if (!model.classes[query.query_class].dnn) {
    return;
  }
  const auto place = testing::trace_of(model, query.node);
  const double rate = base::in_bits_per_s(platforms::EstimateTable(*place.trace, {})
                                              .at(query.issued_at + base::seconds(place.offset_s)));
  const policies::ServerLoad load = weights.sees_load
                                        ? published_load(plain, in_seconds(query.issued_at))
                                        : policies::ServerLoad{};
  const auto cost = [&](std::size_t cut) {
    const Prospect seen = prospect(model, query, cut, rate, load);
    const double latency = weights.latency > 0 ? weights.latency * seen.latency_s : 0;
    return latency + (weights.energy > 0 ? weights.energy * seen.energy_j : 0);
  };
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t cut = 0; cut < model.costs_of(query.group, query.query_class).belief.cuts.size();
       ++cut) {
    best = std::min(best, cost(cut));
  }
  RC_LOG() << "node " << query.node << " number " << query.number << " cut " << query.cut
           << " rate " << rate << " costs " << cost(query.cut) << " best " << best << "\n";
  RC_ASSERT(cost(query.cut) <= best * (1 + 1e-9));
}

}  // namespace

TEST_CASE("every stage and energy of every query equals those of a plain event-driven simulator") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true, .cloud = {.admission = false}});
    const auto results = testing::run_logged(sample.scenario);
    for (std::size_t p = 0; p < results.size(); ++p) {
      RC_LOG() << results[p].label << "\n";
      const sim::QueryLog log = testing::sorted_log(results[p].queries);
      if (testing::has_near_ties(log)) {
        continue;
      }
      const ReferenceRun plain = testing::simulate_plainly(sample.scenario.model, log);
      for (std::size_t i = 0; i < log.size(); ++i) {
        testing::expect_same(log[i], plain.queries[i], kTolerance);
      }
      RC_ASSERT(close(results[p].outcome.unattributed_tail, plain.unattributed_tail));
      const auto weights = weights_of(sample.document["policies"][p]);
      if (weights && !(weights->sees_load && !load_is_plain(sample.scenario.model.cluster))) {
        for (const sim::QueryRecord& query : log) {
          expect_best(sample.scenario.model, query, *weights, plain);
        }
      }
    }
  }));
}

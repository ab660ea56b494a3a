// Policies in the engine where nothing is under way, so that each cut's latency and energy can be
// tried one by one.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "policies/choice_table.hpp"
#include "support/random_scenario.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using base::in_joules;
using base::in_seconds;
using nlohmann::json;
using policies::ChoiceTable;
using policies::CutLine;

namespace {

// One policy for each cut of a DNN, then `others`.
json every_cut(const std::string& model, const json& others) {
  const workloads::Dnn dnn = workloads::find_model(model, {}, "test");
  json list = json::array();
  const auto add = [&](const std::string& layer) {
    list.push_back({{"policy", "fixed-cut"}, {"cut_after", {{model, layer}}}, {"label", layer}});
  };
  add("input");
  for (const workloads::Layer& layer : dnn.layers()) {
    add(layer.name);
  }
  list.insert(list.end(), others.begin(), others.end());
  return list;
}

struct Trial {
  std::vector<sim::QueryLog> fixed;   // by cut
  std::vector<sim::QueryLog> others;  // by policy
};

// A node that gets a query now and then: every one finds it, its radio and the server idle.
Trial try_cuts(const json& group, const std::string& model, const json& others) {
  const testing::TempFolder folder;
  std::string arrivals = "time_s\n";
  std::string trace = "time_s,rate_mbps\n";
  double time_s = *rc::gen::inRange(0, 1000000) * 1e-5;
  for (int i = 0; i < 5; ++i) {
    arrivals += std::to_string(time_s) + "\n";
    time_s += 1000 + *rc::gen::inRange(0, 1000000) * 1e-5;
  }
  for (int i = 0; i < 20; ++i) {
    trace += std::to_string(i) + "," +
             std::to_string(*rc::gen::inRange(i == 0 ? 1 : 0, 300) / 10.0) + "\n";
  }
  folder.write("arrivals.csv", arrivals);
  folder.write("trace.csv", trace);
  json node = {{"count", 1},
               {"device",
                *rc::gen::elementOf(std::vector<std::string>{"jetson-tk1-cpu", "jetson-tk1-gpu"})}};
  node.update(group);
  const json document = {{"workload",
                          {{"queries", {{{"model", model}}}},
                           {"arrivals", {{"process", "replay"}, {"file", "arrivals.csv"}}}}},
                         {"fleet", json::array({node})},
                         {"cloud", {{"server", "tesla-k40"}}},
                         {"policies", every_cut(model, others)}};
  const auto results = testing::run_logged(testing::read_json(document, folder.path()));
  RC_LOG() << node.dump() << model << "\n" << trace;
  Trial trial;
  for (std::size_t i = 0; i < results.size(); ++i) {
    (i + others.size() < results.size() ? trial.fixed : trial.others)
        .push_back(testing::sorted_log(results[i].queries));
  }
  return trial;
}

double latency_s(const sim::QueryRecord& query) {
  return in_seconds(query.completed_at - query.issued_at);
}

double energy_j(const sim::QueryRecord& query) {
  return in_joules(query.energy.compute + query.energy.transmit + query.energy.receive);
}

std::string any_model() {
  return *rc::gen::elementOf(
      std::vector<std::string>{"imc", "face", "dig", "asr", "pos", "ner", "chk"});
}

}  // namespace

// On networks without radio states: a promotion, which the oracle does not foresee, can push an
// upload into an outage that another cut escapes.
TEST_CASE("unloaded, on networks without radio states, no fixed cut is faster than the oracle") {
  CHECK(rc::check([] {
    const auto network =
        *rc::gen::elementOf(std::vector<std::string>{"wifi-2015", "lte-2015", "3g-2015", "ideal"});
    const Trial trial =
        try_cuts({{"network", network}, {"trace", "trace.csv"}}, any_model(), {"oracle"});
    for (std::size_t cut = 0; cut < trial.fixed.size(); ++cut) {
      for (std::size_t i = 0; i < trial.others[0].size(); ++i) {
        const double oracle = latency_s(trial.others[0][i]);
        const double fixed = latency_s(trial.fixed[cut][i]);
        RC_LOG() << "query " << i << " cut " << cut << " takes " << fixed << ", the oracle's cut "
                 << trial.others[0][i].cut << " " << oracle << "\n";
        RC_ASSERT(oracle <= fixed * (1 + 1e-9));
      }
    }
  }));
}

TEST_CASE("unloaded, at constant bandwidth, Neurosurgeon finds the cut that trying all finds") {
  CHECK(rc::check([] {
    const auto network =
        *rc::gen::elementOf(std::vector<std::string>{"wifi-2015", "lte-2015", "3g-2015", "ideal"});
    const double rate = *rc::gen::inRange(1, 1000) / 10.0;
    const Trial trial = try_cuts({{"network", network}, {"bandwidth_mbps", rate}}, any_model(),
                                 {"neurosurgeon-latency", "neurosurgeon-energy"});
    double latency_min = std::numeric_limits<double>::infinity();
    double energy_min = std::numeric_limits<double>::infinity();
    for (const sim::QueryLog& log : trial.fixed) {
      latency_min = std::min(latency_min, latency_s(log[0]));
      energy_min = std::min(energy_min, energy_j(log[0]));
    }
    RC_ASSERT(latency_s(trial.others[0][0]) <= latency_min * (1 + 1e-9));
    RC_ASSERT(energy_j(trial.others[1][0]) <= energy_min * (1 + 1e-9));
  }));
}

// The oracle's estimate is each cut's own rate, so nothing is lost: neither time nor energy.
TEST_CASE("unloaded, over a trace, Neurosurgeon with the oracle's estimate finds the best cut") {
  CHECK(rc::check([] {
    const auto network =
        *rc::gen::elementOf(std::vector<std::string>{"wifi-2015", "lte-2015", "3g-2015"});
    const json others = {{{"policy", "neurosurgeon-latency"}, {"estimator", "oracle"}},
                         {{"policy", "neurosurgeon-energy"}, {"estimator", "oracle"}}};
    const Trial trial =
        try_cuts({{"network", network}, {"trace", "trace.csv"}}, any_model(), others);
    for (std::size_t i = 0; i < trial.others[0].size(); ++i) {
      double latency_min = std::numeric_limits<double>::infinity();
      double energy_min = std::numeric_limits<double>::infinity();
      for (const sim::QueryLog& log : trial.fixed) {
        latency_min = std::min(latency_min, latency_s(log[i]));
        energy_min = std::min(energy_min, energy_j(log[i]));
      }
      RC_LOG() << "query " << i << " takes " << latency_s(trial.others[0][i]) << ", at best "
               << latency_min << "\n";
      RC_ASSERT(latency_s(trial.others[0][i]) <= latency_min * (1 + 1e-9));
      RC_ASSERT(energy_j(trial.others[1][i]) <= energy_min * (1 + 1e-9));
      // What the log says the policy saw is what the upload got.
      const sim::QueryRecord& query = trial.others[0][i];
      const double sending_s = in_seconds(query.upload_end - query.upload_start);
      RC_ASSERT(query.uplink.estimate.has_value() == (sending_s > 0));
    }
  }));
}

TEST_CASE("where each cut has a rate of its own, the cheapest of them all is chosen") {
  CHECK(rc::check([] {
    std::vector<CutLine> lines;
    std::vector<double> rates;
    const int count = *rc::gen::inRange(1, 30);
    const int range = *rc::gen::elementOf(std::vector<int>{3, 20, 100000});  // small: many ties
    for (int i = 0; i < count; ++i) {
      lines.push_back({*rc::gen::inRange(0, range) / 8.0, *rc::gen::inRange(0, range) * 1e3,
                       static_cast<std::uint32_t>(i)});
      rates.push_back(*rc::gen::inRange(0, 50) * 100.0);
    }
    const bool slowest = *rc::gen::arbitrary<bool>();
    const ChoiceTable table = slowest ? ChoiceTable::least_maximum(lines)  //
                                      : ChoiceTable::cheapest(lines);
    const auto cost = [&](std::size_t cut, double rate) {
      const double sent = lines[cut].slope > 0 ? lines[cut].slope / rate : 0;
      return slowest ? std::max(lines[cut].fixed, sent) : lines[cut].fixed + sent;
    };
    double best = std::numeric_limits<double>::infinity();
    double best_alike = best;
    for (std::size_t cut = 0; cut < lines.size(); ++cut) {
      best = std::min(best, cost(cut, rates[cut]));
      best_alike = std::min(best_alike, cost(cut, 700));
    }
    const auto chosen = table.choose_each([&](std::uint32_t cut) { return rates[cut]; });
    RC_ASSERT(cost(chosen, rates[chosen]) == best);
    // With one rate for all the choice costs what the table's costs.
    const auto alike = table.choose_each([](std::uint32_t) { return 700.0; });
    RC_ASSERT(cost(alike, 700) == best_alike);
    RC_ASSERT(cost(table.choose(base::bits_per_s(700)), 700) <= best_alike * (1 + 1e-12));
  }));
}

TEST_CASE("the table of cheapest cuts costs what trying every line costs, at every rate") {
  CHECK(rc::check([] {
    std::vector<CutLine> lines;
    const int count = *rc::gen::inRange(1, 30);
    const int range = *rc::gen::elementOf(std::vector<int>{3, 20, 100000});  // small: many ties
    for (int i = 0; i < count; ++i) {
      lines.push_back({*rc::gen::inRange(0, range) / 8.0, *rc::gen::inRange(0, range) * 1e3,
                       static_cast<std::uint32_t>(i)});
    }
    const ChoiceTable table = ChoiceTable::cheapest(lines);
    const auto cost = [&](std::uint32_t cut, double rate) {
      return lines[cut].fixed + (lines[cut].slope > 0 ? lines[cut].slope / rate : 0);
    };
    std::vector<double> rates = {1e-3, 1e12};
    for (int i = 0; i < 30; ++i) {
      rates.push_back(std::pow(10, *rc::gen::inRange(0, 1000) / 100.0));
    }
    for (const auto& interval : table.intervals()) {
      rates.push_back(base::in_bits_per_s(interval.rate_min) * (1 + 1e-6));
      rates.push_back(base::in_bits_per_s(interval.rate_min) * (1 - 1e-6));
    }
    for (const double rate : rates) {
      if (rate <= 0) {
        continue;
      }
      double best = std::numeric_limits<double>::infinity();
      for (const CutLine& line : lines) {
        best = std::min(best, cost(line.cut, rate));
      }
      RC_ASSERT(cost(table.choose(base::bits_per_s(rate)), rate) <= best * (1 + 1e-12));
    }
    // At rate 0 the fewest bits win, then the least fixed cost.
    const CutLine& still = lines[table.choose(base::bits_per_s(0))];
    for (const CutLine& line : lines) {
      RC_ASSERT(still.slope <= line.slope);
      RC_ASSERT(line.slope > still.slope || still.fixed <= line.fixed);
    }
  }));
}

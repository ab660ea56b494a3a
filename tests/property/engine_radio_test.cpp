// The radios of whole runs: states against a state machine that walks each node's timeline, and
// what the queries pay against that integral.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "scenarios/radio_use.hpp"
#include "support/radio_walk.hpp"
#include "support/random_scenario.hpp"

using namespace edgecut;
using base::in_joules;
using base::in_seconds;
using testing::any_scenario;
using testing::RandomScenario;
using testing::WalkedRadio;

namespace {

// Sums over some thousand transfers, each cut to 2^-44 s, of a run of up to 10^4 s.
bool close(double a, double b) { return std::abs(a - b) <= 1e-9 * (1 + std::abs(b)); }

// The walks of a group's nodes together, and what its queries have paid for their radios.
struct Walked {
  WalkedRadio states;
  double queries_j = 0;
};

Walked walk_group(const sim::RunModel& model, std::size_t group, const sim::QueryLog& log,
                  double end_s) {
  std::map<std::uint32_t, std::vector<sim::QueryRecord>> by_node;
  std::uint32_t first = 0;
  for (std::size_t g = 0; g < group; ++g) {
    first += model.groups[g].count;
  }
  for (std::uint32_t i = 0; i < model.groups[group].count; ++i) {
    by_node[first + i];  // also those without a query
  }
  Walked walked;
  for (const sim::QueryRecord& query : log) {
    if (query.group == group) {
      by_node[query.node].push_back(query);
      walked.queries_j += in_joules(query.energy.transmit + query.energy.receive +
                                    query.energy.promotion + query.energy.tail);
    }
  }
  for (const auto& [node, queries] : by_node) {
    testing::add_to(walked.states, testing::walk_radio(model, group, queries, end_s));
  }
  return walked;
}

// "active up" and "active down" are one state of the walk, and idle has no name of its own.
std::string walked_name(const sim::NodeGroup& group, const scenarios::StateUse& state) {
  if (state.state == group.network->idle_state) {
    return "idle";
  }
  return state.state.rfind("active", 0) == 0 ? "active" : state.state;
}

}  // namespace

TEST_CASE("time and energy of every state are those of a state machine that walks every node") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true, .cloud = {.admission = false}});
    const sim::RunModel& model = sample.scenario.model;
    for (const auto& result : testing::run_logged(sample.scenario)) {
      const double end_s = in_seconds(result.outcome.end);
      for (std::size_t g = 0; g < model.groups.size(); ++g) {
        Walked walked = walk_group(model, g, result.queries, end_s);
        WalkedRadio found;
        double time_s = 0;
        for (const auto& state : scenarios::group_radio(model, result.outcome, g).whole_run) {
          const std::string name = walked_name(model.groups[g], state);
          found[name].time_s += state.time_s;
          found[name].energy_j += state.energy_j;
          time_s += state.time_s;
        }
        for (const auto& [name, state] : found) {
          RC_LOG() << result.label << " group " << g << " state " << name << " " << state.time_s
                   << " s, walked " << walked.states[name].time_s << " s\n";
          RC_ASSERT(close(state.time_s, walked.states[name].time_s));
          RC_ASSERT(close(state.energy_j, walked.states[name].energy_j));
        }
        for (const auto& [name, state] : walked.states) {
          RC_ASSERT(found.count(name) == 1U);
        }
        RC_ASSERT(close(time_s, end_s * model.groups[g].count));
      }
    }
  }));
}

TEST_CASE("what queries pay and the tails that none pays are the integral of the radios' power") {
  CHECK(rc::check([] {
    const RandomScenario sample = any_scenario({.drain = true, .cloud = {.admission = false}});
    const sim::RunModel& model = sample.scenario.model;
    for (const auto& result : testing::run_logged(sample.scenario)) {
      double unattributed_j = 0;
      for (std::size_t g = 0; g < model.groups.size(); ++g) {
        const Walked walked = walk_group(model, g, result.queries, in_seconds(result.outcome.end));
        double walked_j = 0;
        for (const auto& [name, state] : walked.states) {
          walked_j += name == "idle" ? 0 : state.energy_j;
        }
        double rest_j = 0;
        for (const auto& state : scenarios::group_radio(model, result.outcome, g).whole_run) {
          rest_j += walked_name(model.groups[g], state) == "idle" ? 0 : state.unattributed_j;
        }
        RC_ASSERT(close(walked.queries_j + rest_j, walked_j));
        unattributed_j += rest_j;
      }
      RC_ASSERT(close(in_joules(result.outcome.unattributed_tail), unattributed_j));
    }
  }));
}

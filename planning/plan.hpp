// What every cut of a network costs in one setting, and which is best.
//
// The costs are those that a policy expects (policies::expected_latency, expected_energy), the best
// cut is the one that Neurosurgeon would take: what is planned here is what a run does when nothing
// waits.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "planning/setting.hpp"
#include "policies/choice_table.hpp"
#include "policies/policy.hpp"

namespace edgecut::planning {

/// One cut at one bandwidth.
struct CutRow {
  std::uint32_t cut = 0;
  base::Duration device;
  base::DataSize upload;
  base::Duration transfer;  // of the upload
  base::Duration server;
  base::Duration latency;  // these three, and what the network adds (round trip, download)
  base::Energy compute;    // of the device's layers
  base::Energy radio;      // sending and receiving
  base::Energy energy;
};

/// What a best cut has the least of: a weighted sum of latency and energy.
struct Objective {
  std::string name;           // "latency", "energy", "weighted"
  double latency_weight = 1;  // 1/s
  double energy_weight = 0;   // 1/J
  [[nodiscard]] double value(const CutRow& row) const;
};
Objective latency_objective();
Objective energy_objective();
/// Neurosurgeon with this objective.
std::unique_ptr<policies::Policy> neurosurgeon_for(const Objective& objective);
/// "12.3 ms", "4.5 mJ"; a weighted sum has no unit.
std::string amount_text(const Objective& objective, double value);

/// All cuts at this rate, in the order of the table; costs by truth or by belief.
std::vector<CutRow> cut_rows(const policies::Situation& situation, base::DataRate rate);

/// The best cut as a function of the rate.
policies::ChoiceTable best_cuts(const Setting& setting, const policies::Situation& situation,
                                const Objective& objective);

/// A range of rates with one best cut.
struct BestInterval {
  base::DataRate from;
  base::DataRate to;
  std::uint32_t cut;
};
/// The best cuts between two rates, rising.
std::vector<BestInterval> best_between(const policies::ChoiceTable& choices, base::DataRate from,
                                       base::DataRate to);

/// `count` rates from `from` to `to`, both included, evenly spaced or by equal factors.
struct Sweep {
  base::DataRate from;
  base::DataRate to;
  bool is_logarithmic = true;
  std::size_t count = 0;
};
std::vector<base::DataRate> rates_of(const Sweep& sweep);
/// "0.5:100", "0.5:100:log", "0.5:100:linear", each with ":COUNT" behind; Mbit/s. Throws
/// base::ConfigError at `where`.
Sweep read_sweep(const std::string& text, const std::string& where);
/// "12.4" in Mbit/s. Throws base::ConfigError at `where`.
base::DataRate read_rate(const std::string& text, const std::string& where);

}  // namespace edgecut::planning

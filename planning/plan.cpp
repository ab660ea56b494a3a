#include "planning/plan.hpp"

#include <algorithm>
#include <cmath>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "policies/catalogue.hpp"

namespace edgecut::planning {
namespace {

constexpr double kRateMinMbps = 1e-6;
constexpr double kRateMaxMbps = 1e7;
constexpr std::size_t kSweepCountDefault = 121;
constexpr double kSweepCountMax = 1e6;

}  // namespace

Objective latency_objective() { return {"latency", 1, 0}; }
Objective energy_objective() { return {"energy", 0, 1}; }

// A weight of zero leaves its part out, also when that is infinite.
double Objective::value(const CutRow& row) const {
  return (latency_weight > 0 ? latency_weight * base::in_seconds(row.latency) : 0) +
         (energy_weight > 0 ? energy_weight * base::in_joules(row.energy) : 0);
}

std::string amount_text(const Objective& objective, double value) {
  if (objective.name == "latency" || objective.name == "energy") {
    return base::format_significant(1e3 * value, 4) + (objective.name == "latency" ? " ms" : " mJ");
  }
  return base::format_significant(value, 4);
}

std::vector<CutRow> cut_rows(const policies::Situation& situation, base::DataRate rate) {
  std::vector<CutRow> rows;
  rows.reserve(situation.cuts.cuts.size());
  for (const predictors::CutCost& cost : situation.cuts.cuts) {
    CutRow row;
    row.cut = static_cast<std::uint32_t>(rows.size());
    row.device = cost.device_time;
    row.upload = cost.upload;
    row.transfer = cost.upload / rate;
    row.server = cost.server_time;
    row.latency = policies::expected_latency(situation, cost, rate, {});
    row.compute = cost.device_energy;
    row.energy = policies::expected_energy(situation, cost, rate);
    row.radio = row.energy - row.compute;
    rows.push_back(row);
  }
  return rows;
}

std::unique_ptr<policies::Policy> neurosurgeon_for(const Objective& objective) {
  return policies::make_neurosurgeon(objective.name, {.latency_weight = objective.latency_weight,
                                                      .energy_weight = objective.energy_weight});
}

policies::ChoiceTable best_cuts(const Setting& setting, const policies::Situation& situation,
                                const Objective& objective) {
  return neurosurgeon_for(objective)->prepare(*setting.dnn, situation)->choices({});
}

std::vector<BestInterval> best_between(const policies::ChoiceTable& choices, base::DataRate from,
                                       base::DataRate to) {
  std::vector<BestInterval> list;
  base::DataRate end = to;
  for (const policies::ChoiceTable::Interval& interval : choices.intervals()) {
    if (interval.rate_min < end) {
      const base::DataRate begin = base::max(interval.rate_min, from);
      list.push_back({begin, end, interval.cut});
      end = begin;
    }
    if (!(end > from)) {
      break;
    }
  }
  std::reverse(list.begin(), list.end());
  return list;
}

std::vector<base::DataRate> rates_of(const Sweep& sweep) {
  std::vector<base::DataRate> rates;
  const double from = base::in_bits_per_s(sweep.from);
  const double to = base::in_bits_per_s(sweep.to);
  for (std::size_t i = 0; i < sweep.count; ++i) {
    const double place = static_cast<double>(i) / static_cast<double>(sweep.count - 1);
    const double rate =
        sweep.is_logarithmic ? from * std::pow(to / from, place) : from + (to - from) * place;
    rates.push_back(base::bits_per_s(i + 1 == sweep.count ? to : rate));
  }
  return rates;
}

base::DataRate read_rate(const std::string& text, const std::string& where) {
  const auto value = base::parse_number(text);
  if (!value || !(*value >= kRateMinMbps && *value <= kRateMaxMbps)) {
    throw base::ConfigError(where,
                            "expected a rate from 1e-06 to 1e+07 Mbit/s, got \"" + text + "\"");
  }
  return base::megabits_per_s(*value);
}

Sweep read_sweep(const std::string& text, const std::string& where) {
  const std::vector<std::string_view> parts = base::split(text, ':');
  const auto refuse = [&](const std::string& what) {
    throw base::ConfigError(where, what + "; a sweep is FROM:TO, FROM:TO:log or FROM:TO:linear, " +
                                       "with :COUNT behind if wanted, got \"" + text + "\"");
  };
  if (parts.size() < 2 || parts.size() > 4) {
    refuse("expected two to four parts");
  }
  Sweep sweep{read_rate(std::string(parts[0]), where), read_rate(std::string(parts[1]), where),
              true, kSweepCountDefault};
  if (!(sweep.from < sweep.to)) {
    refuse("the first rate must be below the second");
  }
  if (parts.size() > 2) {
    if (parts[2] != "log" && parts[2] != "linear") {
      refuse("\"" + std::string(parts[2]) + "\" is neither log nor linear");
    }
    sweep.is_logarithmic = parts[2] == "log";
  }
  if (parts.size() > 3) {
    const auto count = base::parse_number(parts[3]);
    if (!count || *count < 2 || *count > kSweepCountMax || *count != std::floor(*count)) {
      refuse("COUNT is a whole number from 2 to 1000000");
    }
    sweep.count = static_cast<std::size_t>(*count);
  }
  return sweep;
}

}  // namespace edgecut::planning

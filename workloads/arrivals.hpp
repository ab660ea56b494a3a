// When queries arrive, and at which node: renewal processes, or a recorded list.
//
// A renewal process has independent gaps of one distribution; what it leaves out is correlation
// (bursts, the time of day), for which a recorded list can be replayed. Its first arrival is drawn
// from the equilibrium distribution of the residual gap, so the process is stationary from t = 0
// and nodes do not start in phase. Equations and sources: docs, part "Arrivals".
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/distribution.hpp"
#include "base/json_fwd.hpp"
#include "base/quantity.hpp"

namespace edgecut::workloads {

/// One row of a recorded list.
struct ReplayArrival {
  base::Duration time;
  std::optional<std::uint32_t> node;   ///< nothing: the caller draws a node
  std::optional<std::uint32_t> query;  ///< index into Replay::query_names; nothing: from the mix
};

/// Arrivals in the order of the file: times do not fall.
struct Replay {
  std::vector<ReplayArrival> arrivals;
  /// In order of first appearance; that they exist in the mix is checked by the scenario.
  std::vector<std::string> query_names;
  /// 1 + the largest node named, 0 when none is.
  std::uint32_t node_count_min = 0;
};

enum class ArrivalScope {
  kNode,   ///< each node a renewal process of its own; the rate is shared equally
  kFleet,  ///< one renewal process; each arrival goes to a node drawn uniformly
};

struct ArrivalSpec {
  std::string process = "poisson";
  base::Frequency rate;  ///< of the whole fleet; for a replay its rows over its last time
  ArrivalScope scope = ArrivalScope::kNode;
  base::Distribution gaps = base::Distribution::exponential(1);  ///< mean 1: gap times rate
  std::optional<Replay> replay;  ///< then rate, scope and gaps describe nothing that is drawn
};

/// The gaps in seconds of one node's process (`kNode`) or of the fleet's (`kFleet`).
/// `node_count` >= 1; not for a replay.
base::Distribution gaps_s(const ArrivalSpec& spec, std::uint64_t node_count);

/// The instant of the first arrival of a process with these gaps, from the stream kFirstArrival.
base::Duration first_arrival(const base::Distribution& gaps_s, const base::RandomSource& source,
                             std::uint32_t entity);

/// {"process": "poisson", "rate_per_s": 60, "scope": "node"}; see docs. File names are relative to
/// `relative_to`. Adds to the value's Problems and returns a harmless spec on a mistake.
ArrivalSpec read_arrivals(const base::JsonValue& json, const std::filesystem::path& relative_to);

/// A CSV with a header naming `time_s` and optionally `node` and `query`. Throws ConfigError naming
/// each damaged line (the first 20).
Replay parse_replay(std::string_view text, const std::string& name);
Replay read_replay_file(const std::filesystem::path& path);

/// The names that "process" takes.
const std::vector<std::string>& arrival_process_names();

}  // namespace edgecut::workloads

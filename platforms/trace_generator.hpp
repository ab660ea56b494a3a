// Seeded synthetic bandwidth traces with asked-for 1 s statistics.
//
// The rate is G(t) I(t): G log-normal with an AR(1) logarithm, I a two-state Markov chain over
// whole seconds that is 0 in outages. Parameters follow from the asked moments in closed form
// (equations in docs/model.md, part "Trace generator") and are then corrected on the generated
// trace itself, so that this trace, not only the process, has the statistics. Ignored: time of day,
// cell geometry, any correlation beyond that of the two processes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// Statistics as trace_statistics() measures them, of the whole trace including its outages.
struct TraceModel {
  base::DataRate mean;         // (0.2, 10^5] Mbit/s
  double cv = 0;               // [0, 3]; at least sqrt(o / (1 - o)) with the outage share o
  double autocorrelation = 0;  // lag 1 s, [-0.5, 0.99]
  double outage_share = 0;     // [0, 0.8]
  base::Duration outage_mean = base::seconds(3);  // [1, 1000] s
};

struct TraceGeneration {
  TraceModel model;
  base::Duration duration = base::seconds(600);  // whole seconds, [60, 10^7]
  base::Duration step = base::seconds(1);        // a whole fraction of 1 s, [0.001, 1]
  std::uint64_t seed = 1;
};

/// Rates are whole kbit/s. Throws ConfigError for a parameter out of its range and when no trace of
/// this length comes close (mean 2 %, CV 0.05, autocorrelation 0.05, outage share 0.01).
RateTrace generate_trace(const TraceGeneration& generation);

/// A named model of platforms/traces/presets.json.
struct TracePreset {
  std::string name;
  std::string title;
  std::string source;
  TraceModel model;
};
std::vector<TracePreset> read_trace_presets(const std::filesystem::path& path);

}  // namespace edgecut::platforms

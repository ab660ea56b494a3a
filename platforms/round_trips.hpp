// Recorded round trips: samples of the time to a server and back.
//
// The traces of MECPerf: `YYYY-mm-dd HH:MM:SS.ffffff_VALUE`, separated by commas or
// line ends, VALUE in ms. They are samples, not a function of time: a recording lasts seconds, and
// the first sample of a cellular one is often a radio's promotion, not the path.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.hpp"

namespace edgecut::platforms {

struct RoundTripSample {
  base::Duration stamp;  // since the first sample
  base::Duration round_trip;
};

struct RoundTripStatistics {
  std::size_t samples = 0;
  base::Duration duration;  // first stamp to last
  base::Duration median;    // of an even number the mean of the two in the middle
  base::Duration mean;
  base::Duration min;
  base::Duration max;
  double cv = 0;  // population standard deviation / mean
};

struct RoundTrips {
  std::vector<RoundTripSample> samples;  // in the order of the file, never empty
  std::size_t samples_skipped = 0;       // damaged; 0 unless lenient
};

inline constexpr std::string_view kRoundTripFormat = "mecperf-rtt";

/// Whether a text begins with such a sample.
bool begins_with_round_trip(std::string_view text);
/// The same of a file; false for one that cannot be read.
bool holds_round_trips(const std::filesystem::path& path);
/// Throws ConfigError for a missing or damaged file (numbering samples), or one of more than 64
/// MiB.
RoundTrips read_round_trips(const std::filesystem::path& path, bool lenient = false);
RoundTrips round_trips_from_text(std::string_view text, const std::string& name,
                                 bool lenient = false);

RoundTripStatistics round_trip_statistics(const RoundTrips& trips);

}  // namespace edgecut::platforms

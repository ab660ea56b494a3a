#include "platforms/round_trips.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <optional>
#include <utility>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "platforms/trace_text.hpp"

namespace edgecut::platforms {
namespace {

constexpr double kRoundTripMaxMs = 1e6;
constexpr double kUsPerS = 1e6;
constexpr std::size_t kFileBytesMax = std::size_t{1} << 26U;
constexpr std::string_view kSampleShape = "YYYY-mm-dd HH:MM:SS.ffffff_MS";

// YYYY-mm-dd HH:MM:SS[.f] as whole us, so that differences are exact; nothing when it is no such
// instant.
std::optional<std::int64_t> instant_us(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd dd:dd:";
  if (text.size() < kShape.size() + 2) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) {
      return std::nullopt;
    }
  }
  const auto part = [text](std::size_t first, std::size_t length) {
    return static_cast<unsigned>(parse_whole(text.substr(first, length)).value_or(0));
  };
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(part(0, 4))),
                                         std::chrono::month(part(5, 2)),
                                         std::chrono::day(part(8, 2)));
  const auto seconds = base::parse_number(text.substr(kShape.size()));
  if (!date.ok() || part(11, 2) > 23 || part(14, 2) > 59 || !seconds || *seconds < 0 ||
      *seconds >= 61) {
    return std::nullopt;
  }
  const auto minute = std::chrono::sys_days(date) + std::chrono::hours(part(11, 2)) +
                      std::chrono::minutes(part(14, 2));
  return std::chrono::microseconds(minute.time_since_epoch()).count() +
         std::llround(*seconds * kUsPerS);
}

struct Sample {
  std::int64_t stamp_us;
  double round_trip_ms;
};

std::optional<Sample> parse_sample(std::string_view text) {
  const std::size_t mark = text.rfind('_');
  if (mark == std::string_view::npos) {
    return std::nullopt;
  }
  const auto stamp = instant_us(text.substr(0, mark));
  const auto value = base::parse_number(text.substr(mark + 1));
  if (!stamp || !value || !(*value >= 0 && *value <= kRoundTripMaxMs)) {
    return std::nullopt;
  }
  return Sample{*stamp, *value};
}

}  // namespace

bool begins_with_round_trip(std::string_view text) {
  return parse_sample(base::trim(text.substr(0, text.find_first_of(",\n")))).has_value();
}

bool holds_round_trips(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return false;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string head(64, '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(stream.gcount()));
  return begins_with_round_trip(head);
}

RoundTrips round_trips_from_text(std::string_view text, const std::string& name, bool lenient) {
  DamagedRows damaged(name, lenient);
  RoundTrips trips;
  std::int64_t origin = 0;
  std::int64_t last = 0;
  std::size_t number = 0;
  std::string_view first;
  for (const std::string_view line : base::split(text, '\n')) {
    for (const std::string_view piece : base::split(line, ',')) {
      const std::string_view field = base::trim(piece);
      if (field.empty()) {
        continue;
      }
      first = ++number == 1 ? field : first;
      const auto sample = parse_sample(field);
      const bool ordered = sample && (trips.samples.empty() || sample->stamp_us >= last);
      if (!ordered) {
        damaged.add(number, ": sample " + std::to_string(number),
                    "found " + excerpt(field) + "; expected " + std::string(kSampleShape) +
                        ", not before the one before, with a round trip in [0, " +
                        base::format_number(kRoundTripMaxMs) + "] ms");
        continue;
      }
      if (trips.samples.empty()) {
        origin = sample->stamp_us;
      }
      last = sample->stamp_us;
      trips.samples.push_back({base::seconds(static_cast<double>(last - origin) / kUsPerS),
                               base::milliseconds(sample->round_trip_ms)});
    }
  }
  if (trips.samples.empty()) {
    throw base::ConfigError(name, "no recorded round trips" +
                                      (number > 0 ? ", it begins with " + excerpt(first) : "") +
                                      "; expected samples " + std::string(kSampleShape) +
                                      " separated by commas or line ends");
  }
  damaged.throw_if_refused();
  trips.samples_skipped = damaged.rows();
  return trips;
}

RoundTrips read_round_trips(const std::filesystem::path& path, bool lenient) {
  return round_trips_from_text(base::read_file(path, kFileBytesMax), path.string(), lenient);
}

RoundTripStatistics round_trip_statistics(const RoundTrips& trips) {
  std::vector<double> values;
  double sum = 0;
  for (const RoundTripSample& sample : trips.samples) {
    values.push_back(base::in_seconds(sample.round_trip));
    sum += values.back();
  }
  EC_CHECK(!values.empty(), "statistics need at least one sample");
  std::sort(values.begin(), values.end());
  const double mean = sum / static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  const std::size_t half = values.size() / 2;
  RoundTripStatistics result;
  result.samples = values.size();
  result.duration = trips.samples.back().stamp;
  result.median =
      base::seconds(values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2);
  result.mean = base::seconds(mean);
  result.min = base::seconds(values.front());
  result.max = base::seconds(values.back());
  result.cv = mean > 0 ? std::sqrt(squares / static_cast<double>(values.size())) / mean : 0;
  return result;
}

}  // namespace edgecut::platforms

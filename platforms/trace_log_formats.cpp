// Logs of measurement programs: bytes by interval (Riiser et al., MMSys 2013; van der Hooft et al.,
// IEEE Communications Letters 2016) and iperf's rates, each with a unit of its own (Mei et al., PAM
// 2019).
#include <array>
#include <string>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

constexpr std::size_t kLogColumns = 6;
constexpr std::uint64_t kUnixMillisecondsMin = 100'000'000'000;  // as seconds: the year 5138
constexpr double kMillisecondsMax = 1e9;

// The first column of a log of six columns; nothing for other lines.
std::optional<std::uint64_t> log_stamp(std::string_view line) {
  const auto fields = base::split_blanks(line);
  return fields.size() == kLogColumns ? parse_whole(fields[0]) : std::nullopt;
}

// The last two columns are all that is used: what came in the interval that ended at the stamp.
void read_log(const TraceInput& input) {
  IntervalRows rows(1000, input.sink);
  while (input.text.next_line()) {
    const auto fields = base::split_blanks(input.text.line());
    if (fields.size() != kLogColumns) {
      input.damaged.add(input.text.line_number(),
                        "found " + excerpt(input.text.line()) +
                            "; expected 6 columns: stamp, ms, latitude, longitude, bytes, "
                            "interval in ms");
      continue;
    }
    const auto bytes = checked_number(input, fields[4], {"bytes", "bytes", kRateMaxBitsPerS});
    const auto interval = checked_number(input, fields[5], {"interval", "ms", kMillisecondsMax});
    if (!bytes || !interval) {
      continue;
    }
    if (*interval > 0) {
      rows.add(*interval, base::bits_per_s(*bytes * 8 * 1000 / *interval));
    } else if (*bytes > 0) {
      input.damaged.add(input.text.line_number(), "interval 0 ms with " +
                                                      base::format_number(*bytes) +
                                                      " bytes; expected an interval above 0");
    }
  }
  rows.finish(input.text.name());
}

struct IperfUnit {
  std::string_view name;
  double bits_per_s;
};
constexpr std::array<IperfUnit, 4> kIperfUnits = {
    {{"bits/sec", 1}, {"Kbits/sec", 1e3}, {"Mbits/sec", 1e6}, {"Gbits/sec", 1e9}}};

std::optional<double> iperf_factor(std::string_view unit) {
  for (const IperfUnit& known : kIperfUnits) {
    if (unit == known.name) {
      return known.bits_per_s;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_ghent(const TraceHead& head) {
  return log_stamp(head.lines.front()).value_or(0) >= kUnixMillisecondsMin;
}
void read_ghent(const TraceInput& input) { read_log(input); }

bool is_hsdpa(const TraceHead& head) {
  return log_stamp(head.lines.front()).value_or(kUnixMillisecondsMin) < kUnixMillisecondsMin;
}
void read_hsdpa(const TraceInput& input) { read_log(input); }

// Some files have a header: one of the first rows tells.
bool is_iperf(const TraceHead& head) {
  for (std::size_t i = 0; i < head.lines.size() && i < 2; ++i) {
    const auto cells = delimited_cells(head.lines[i], ',');
    if (cells.size() == 2 && iperf_factor(cells[1])) {
      return true;
    }
  }
  return false;
}

void read_iperf(const TraceInput& input) {
  IntervalRows rows(1, input.sink);
  for (bool first = true; input.text.next_line(); first = false) {
    const auto cells = delimited_cells(input.text.line(), ',');
    const auto factor = cells.size() == 2 ? iperf_factor(cells[1]) : std::nullopt;
    if (factor) {
      const auto value =
          checked_number(input, cells[0], {"rate", cells[1], kRateMaxBitsPerS / *factor});
      if (value) {
        rows.add(1, base::bits_per_s(*value * *factor));
      }
    } else if (const bool is_header =
                   first && cells.size() == 2 && !cells[0].empty() && !base::parse_number(cells[0]);
               !is_header) {
      input.damaged.add(input.text.line_number(),
                        "found " + excerpt(input.text.line()) +
                            "; expected value,unit with a unit of bits/sec, Kbits/sec, Mbits/sec "
                            "or Gbits/sec");
    }
  }
  rows.finish(input.text.name());
}

}  // namespace edgecut::platforms

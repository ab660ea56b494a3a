// CSV files whose header names the columns: G-NetTrack recordings (UCC), video chunks (Lumos), and
// any file that names a time or a length and a rate with their units.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

struct UnitSuffix {
  std::string_view suffix;
  double factor;  // of the unit in s or bit/s
};

constexpr std::array<UnitSuffix, 3> kTimeSuffixes = {{{"_s", 1}, {"_ms", 1e-3}, {"_us", 1e-6}}};
constexpr std::array<UnitSuffix, 9> kRateSuffixes = {{{"_bytes_per_s", 8},
                                                      {"_bits_per_s", 1},
                                                      {"_kbit_per_s", 1e3},
                                                      {"_mbit_per_s", 1e6},
                                                      {"_gbit_per_s", 1e9},
                                                      {"_kbps", 1e3},
                                                      {"_mbps", 1e6},
                                                      {"_gbps", 1e9},
                                                      {"_bps", 1}}};
constexpr std::array<std::string_view, 3> kTimeNames = {"time", "timestamp", "t"};
constexpr std::array<std::string_view, 2> kLengthNames = {"duration", "interval"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

struct Column {
  std::size_t index = 0;
  std::string name;
  double factor = 1;
};

// The column whose name is one of `names` with a unit of time.
template <std::size_t N>
std::optional<Column> time_column(const std::vector<std::string>& header,
                                  const std::array<std::string_view, N>& names) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    for (const UnitSuffix& unit : kTimeSuffixes) {
      for (const std::string_view name : names) {
        if (lower(header[i]) == std::string(name) + std::string(unit.suffix)) {
          return Column{i, header[i], unit.factor};
        }
      }
    }
  }
  return std::nullopt;
}

std::vector<Column> rate_columns(const std::vector<std::string>& header) {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name = lower(header[i]);
    const auto unit = std::find_if(
        kRateSuffixes.begin(), kRateSuffixes.end(), [&name](const UnitSuffix& candidate) {
          return name.ends_with(candidate.suffix) && name.size() > candidate.suffix.size();
        });
    if (unit != kRateSuffixes.end()) {
      columns.push_back({i, header[i], unit->factor});
    }
  }
  return columns;
}

TraceDirection wanted_direction(const TraceInput& input) {
  if (!input.options.direction) {
    throw base::ConfigError(input.text.name(),
                            "holds both directions of the link; say which one is meant, uplink or "
                            "downlink");
  }
  return *input.options.direction;
}

bool names_direction(const std::string& column, TraceDirection direction) {
  const std::string name = lower(column);
  const bool up = direction == TraceDirection::kUplink;
  return name.starts_with(up ? "up" : "down") || name.starts_with(up ? "ul_" : "dl_");
}

// Of several rates the one of the direction asked for.
Column rate_column(const TraceInput& input, const std::vector<std::string>& header) {
  std::vector<Column> columns = rate_columns(header);
  std::string found;
  for (const Column& column : columns) {
    found += (found.empty() ? "" : ", ") + column.name;
  }
  if (columns.size() > 1) {
    const TraceDirection direction = wanted_direction(input);
    std::erase_if(columns, [direction](const Column& column) {
      return !names_direction(column.name, direction);
    });
  }
  if (columns.size() != 1) {
    throw base::ConfigError(
        input.text.name() + ":" + std::to_string(input.text.line_number()),
        found.empty() ? "the header names no rate; expected a column such as rate_mbps, "
                        "bandwidth_kbps, uplink_bps or throughput_bytes_per_s"
                      : "the header names " + std::to_string(columns.size()) +
                            " rates of that direction (its rates: " + found + "); expected one");
  }
  return columns.front();
}

char separator_of(std::string_view header) {
  for (const char separator : {',', ';', '\t'}) {
    if (header.find(separator) != std::string_view::npos) {
      return separator;
    }
  }
  return ',';
}

std::vector<std::string> header_cells(std::string_view line) {
  return delimited_cells(line, separator_of(line));
}

bool has_columns(const TraceHead& head, std::initializer_list<std::string_view> names) {
  const auto cells = header_cells(head.lines.front());
  return std::all_of(names.begin(), names.end(), [&cells](std::string_view name) {
    return std::find(cells.begin(), cells.end(), name) != cells.end();
  });
}

std::size_t required_column(const TraceInput& input, const std::vector<std::string>& header,
                            std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    throw base::ConfigError(input.text.name() + ":" + std::to_string(input.text.line_number()),
                            "the header has no column " + std::string(name));
  }
  return static_cast<std::size_t>(found - header.begin());
}

// Calls `row(cells)` for each row that reaches to column `last`; shorter ones are told.
template <class Row>
void for_each_row(const TraceInput& input, char separator, std::size_t last, Row row) {
  while (input.text.next_line()) {
    const auto cells = delimited_cells(input.text.line(), separator);
    if (cells.size() <= last) {
      input.damaged.add(input.text.line_number(), "found " + excerpt(input.text.line()) +
                                                      "; expected at least " +
                                                      std::to_string(last + 1) + " columns");
      continue;
    }
    row(cells);
  }
}

// Unix seconds of YYYY.MM.DD_HH.MM.SS; nothing when it is no such date.
std::optional<double> gnettrack_seconds(std::string_view text) {
  constexpr std::string_view kShape = "dddd.dd.dd_dd.dd.dd";
  if (text.size() != kShape.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) {
      return std::nullopt;
    }
  }
  const auto part = [text](std::size_t first, std::size_t length) {
    return static_cast<unsigned>(*parse_whole(text.substr(first, length)));
  };
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(part(0, 4))),
                                         std::chrono::month(part(5, 2)),
                                         std::chrono::day(part(8, 2)));
  if (!date.ok() || part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 60) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return static_cast<double>(days) * 86400 + part(11, 2) * 3600.0 + part(14, 2) * 60.0 +
         part(17, 2);
}

}  // namespace

bool is_ucc(const TraceHead& head) {
  return has_columns(head, {"Timestamp", "DL_bitrate", "UL_bitrate"});
}

void read_ucc(const TraceInput& input) {
  const bool up = wanted_direction(input) == TraceDirection::kUplink;
  input.text.next_line();
  const auto header = delimited_cells(input.text.line(), ',');
  const std::size_t stamp = required_column(input, header, "Timestamp");
  const std::size_t rate = required_column(input, header, up ? "UL_bitrate" : "DL_bitrate");
  StampedRows rows(StampMarks::kStart, input.sink, EqualStamps::kMean);
  for_each_row(input, ',', std::max(stamp, rate), [&](const std::vector<std::string>& cells) {
    const auto time = gnettrack_seconds(cells[stamp]);
    if (!time) {
      input.damaged.add(input.text.line_number(),
                        "time " + excerpt(cells[stamp]) + "; expected YYYY.MM.DD_HH.MM.SS");
    }
    const bool ordered = time && is_in_order(input, *time, rows.last_time_s());
    if (cells[rate] == "-") {
      return;  // not measured: the row before holds on
    }
    const auto kbps =
        checked_number(input, cells[rate], {"rate", "kbit/s", kRateMaxBitsPerS / 1e3});
    if (ordered && kbps) {
      rows.add(*time, base::bits_per_s(*kbps * 1e3));
    }
  });
  rows.finish(input.text.name());
}

bool is_lumos(const TraceHead& head) {
  return has_columns(head, {"app_throughput", "delivery_time"});
}

// Chunks one after the other: what passed between two of them is not recorded and not counted.
void read_lumos(const TraceInput& input) {
  input.text.next_line();
  const auto header = delimited_cells(input.text.line(), ',');
  const std::size_t length = required_column(input, header, "delivery_time");
  const std::size_t rate = required_column(input, header, "app_throughput");
  IntervalRows rows(1, input.sink);
  for_each_row(input, ',', std::max(length, rate), [&](const std::vector<std::string>& cells) {
    const auto seconds = checked_number(input, cells[length], {"delivery_time", "s", kStampMaxS});
    const auto kbps =
        checked_number(input, cells[rate], {"app_throughput", "kbit/s", kRateMaxBitsPerS / 1e3});
    if (seconds && kbps && *seconds > 0) {
      rows.add(*seconds, base::bits_per_s(*kbps * 1e3));
    }
  });
  rows.finish(input.text.name());
}

bool is_columns(const TraceHead& head) {
  const auto header = header_cells(head.lines.front());
  return time_column(header, kTimeNames) || time_column(header, kLengthNames);
}

void read_columns(const TraceInput& input) {
  if (!input.text.next_line()) {
    throw base::ConfigError(input.text.name(), "no rows; expected a header and rows");
  }
  const char separator = separator_of(input.text.line());
  const auto header = delimited_cells(input.text.line(), separator);
  const auto stamp = time_column(header, kTimeNames);
  const auto length = time_column(header, kLengthNames);
  if (!stamp && !length) {
    throw base::ConfigError(input.text.name() + ":" + std::to_string(input.text.line_number()),
                            "found " + excerpt(input.text.line()) +
                                "; expected a header that names a time_s (time_ms, time_us) or "
                                "a duration_s");
  }
  const Column rate = rate_column(input, header);
  const Column& time = stamp ? *stamp : *length;
  const FieldUnit rate_unit = {"rate", rate.name, kRateMaxBitsPerS / rate.factor};
  StampedRows stamped(input.options.stamp, input.sink);
  IntervalRows intervals(1 / time.factor, input.sink);
  for_each_row(input, separator, std::max(time.index, rate.index),
               [&](const std::vector<std::string>& cells) {
                 const auto value = checked_number(input, cells[time.index],
                                                   {"time", time.name, kStampMaxS / time.factor});
                 const double seconds = value.value_or(0) * time.factor;
                 const bool ordered =
                     value && (!stamp || is_in_order(input, seconds, stamped.last_time_s()));
                 const auto number = checked_number(input, cells[rate.index], rate_unit);
                 if (!ordered || !number) {
                   return;
                 }
                 const auto bits_per_s = base::bits_per_s(*number * rate.factor);
                 if (stamp) {
                   stamped.add(seconds, bits_per_s);
                 } else if (*value > 0) {
                   intervals.add(*value, bits_per_s);
                 }
               });
  if (stamp) {
    stamped.finish(input.text.name());
  } else {
    intervals.finish(input.text.name());
  }
}

}  // namespace edgecut::platforms

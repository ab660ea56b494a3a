#include "platforms/trace_formats.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"

namespace edgecut::platforms {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1} << 30U;
constexpr std::string_view kCsvHeader = "time_s,rate_mbps";
constexpr double kPacketBits = 1500 * 8;
constexpr double kTimeMaxS = 1e12;  // Unix time stamps pass, and 0.1 ms is still told apart
constexpr double kRateMaxMbps = 1e9;

std::string excerpt(std::string_view line) {
  constexpr std::size_t kLength = 60;
  std::string text = "\"";
  text += line.substr(0, kLength);
  text += line.size() > kLength ? "...\"" : "\"";
  return text;
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

// The fields between blanks or commas; a comma may have blanks around it.
std::vector<std::string_view> pair_fields(std::string_view line) {
  if (line.find(',') == std::string_view::npos) {
    return base::split_blanks(line);
  }
  std::vector<std::string_view> fields = base::split(line, ',');
  for (std::string_view& field : fields) {
    field = base::trim(field);
  }
  return fields;
}

bool is_csv(const std::vector<std::string_view>& lines) { return lines.front() == kCsvHeader; }

bool is_mahimahi(const std::vector<std::string_view>& lines) {
  return parse_whole(lines.front()).has_value();
}

// One number is enough: damage in the other is for the reader to tell.
bool is_pairs(const std::vector<std::string_view>& lines) {
  const auto fields = pair_fields(lines.front());
  return fields.size() == 2 && (base::parse_number(fields[0]) || base::parse_number(fields[1]));
}

// One row of `time Mbit/s`; refused rows are told and yield nothing.
void read_pair(std::size_t number, std::string_view line, std::vector<StampedRate>& rows,
               RowProblems& problems) {
  const auto fields = pair_fields(line);
  if (fields.size() != 2) {
    problems.add(number, "found " + excerpt(line) + "; expected two numbers, seconds and Mbit/s");
    return;
  }
  const auto time = base::parse_number(fields[0]);
  const auto rate = base::parse_number(fields[1]);
  if (!time || *time < 0 || *time > kTimeMaxS) {
    problems.add(number, "time " + excerpt(fields[0]) + "; expected seconds, a number in [0, " +
                             base::format_number(kTimeMaxS) + "]");
  } else if (!rows.empty() && *time < rows.back().time_s) {
    problems.add(number, "time " + base::format_number(*time) + " s; expected at least the " +
                             "row before it, " + base::format_number(rows.back().time_s) + " s");
  }
  if (!rate || *rate < 0 || *rate > kRateMaxMbps) {
    problems.add(number, "rate " + excerpt(fields[1]) + "; expected Mbit/s, a number in [0, " +
                             base::format_number(kRateMaxMbps) + "]");
  }
  if (time && rate) {
    rows.push_back({*time, *rate * 1e6});
  }
}

TraceSteps read_pairs(std::string_view text, const std::string& name,
                      const TraceReadOptions& options) {
  RowProblems problems(name);
  std::vector<StampedRate> rows;
  for_each_data_line(text, [&](std::size_t number, std::string_view line) {
    read_pair(number, line, rows, problems);
  });
  problems.throw_if_any();
  return steps_from_stamps(rows, options.stamp, name);
}

TraceSteps read_csv(std::string_view text, const std::string& name, const TraceReadOptions&) {
  RowProblems problems(name);
  std::vector<StampedRate> rows;
  bool header = true;
  for_each_data_line(text, [&](std::size_t number, std::string_view line) {
    if (header) {
      header = false;
      if (line != kCsvHeader) {
        problems.add(number,
                     "found " + excerpt(line) + "; expected the header " + std::string(kCsvHeader));
      }
      return;
    }
    read_pair(number, line, rows, problems);
  });
  problems.throw_if_any();
  return steps_from_stamps(rows, StampMarks::kStart, name);
}

// A packet stamped m ms is through at m, so it is the traffic of the millisecond that ends there; a
// stamp of 0 coincides with the last one at each repetition and belongs to the last millisecond.
TraceSteps read_mahimahi(std::string_view text, const std::string& name, const TraceReadOptions&) {
  constexpr std::uint64_t kStampMax = 1'000'000'000'000;
  RowProblems problems(name);
  struct Millisecond {
    std::uint64_t stamp;
    std::uint64_t packets;
  };
  std::vector<Millisecond> counts;
  for_each_data_line(text, [&](std::size_t number, std::string_view line) {
    const auto stamp = parse_whole(line);
    if (!stamp || *stamp > kStampMax) {
      problems.add(number, "found " + excerpt(line) + "; expected a time in whole ms, at most " +
                               std::to_string(kStampMax));
    } else if (!counts.empty() && *stamp < counts.back().stamp) {
      problems.add(number, "time " + std::to_string(*stamp) + " ms; expected at least the row " +
                               "before it, " + std::to_string(counts.back().stamp) + " ms");
    } else if (!counts.empty() && *stamp == counts.back().stamp) {
      ++counts.back().packets;
    } else {
      counts.push_back({*stamp, 1});
    }
  });
  problems.throw_if_any();
  const std::uint64_t period = counts.back().stamp;
  if (period == 0) {
    throw base::ConfigError(name,
                            "every packet is stamped 0 ms; expected a last stamp above 0, "
                            "where the trace repeats");
  }
  if (counts.front().stamp == 0) {
    counts.back().packets += counts.front().packets;
    counts.erase(counts.begin());
  }
  TraceSteps result;
  result.period = base::seconds(static_cast<double>(period) / 1000);
  std::uint64_t covered = 0;  // ms
  const auto add = [&](std::uint64_t start, std::uint64_t packets) {
    result.steps.push_back({base::seconds(static_cast<double>(start) / 1000),
                            base::bits_per_s(static_cast<double>(packets) * kPacketBits * 1000)});
  };
  for (const Millisecond& ms : counts) {
    if (ms.stamp - 1 > covered) {
      add(covered, 0);
    }
    add(ms.stamp - 1, ms.packets);
    covered = ms.stamp;
  }
  return result;
}

const TraceFormat& format_of(std::string_view text, const std::string& name,
                             const TraceReadOptions& options) {
  std::vector<std::string> names;
  for (const TraceFormat& format : trace_formats()) {
    if (format.name == options.format) {
      return format;
    }
    names.push_back(format.name);
  }
  if (!options.format.empty()) {
    throw base::ConfigError(name, "unknown trace format \"" + options.format + "\"" +
                                      base::suggestion(options.format, names));
  }
  std::vector<std::string_view> lines;
  std::size_t start = 0;
  while (start < text.size() && lines.size() < 2) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = base::trim(text.substr(start, end - start));
    if (!line.empty() && line.front() != '#') {
      lines.push_back(line);
    }
    start = end + 1;
  }
  for (const TraceFormat& format : trace_formats()) {
    if (format.matches(lines)) {
      return format;
    }
  }
  // A damaged first row: told by the reader of the format that it resembles.
  std::string known;
  for (const TraceFormat& format : trace_formats()) {
    known += (known.empty() ? "" : "; ") + format.name + ": " + format.description;
  }
  throw base::ConfigError(name, "no known trace format starts with " + excerpt(lines.front()) +
                                    " (known are " + known + ")");
}

}  // namespace

void RowProblems::add(std::size_t line, std::string what) {
  if (++count_ <= kShown) {
    problems_.add(name_ + ":" + std::to_string(line), std::move(what));
  }
}

void RowProblems::throw_if_any() {
  if (count_ > kShown) {
    problems_.add(name_, "and " + std::to_string(count_ - kShown) + " more problems");
  }
  problems_.throw_if_any();
}

void for_each_data_line(std::string_view text,
                        const std::function<void(std::size_t, std::string_view)>& row) {
  std::size_t number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = base::trim(text.substr(start, end - start));
    ++number;
    if (!line.empty() && line.front() != '#') {
      row(number, line);
    }
    start = end + 1;
  }
}

TraceSteps steps_from_stamps(const std::vector<StampedRate>& rows, StampMarks stamp,
                             const std::string& name) {
  const bool at_end = stamp == StampMarks::kEnd;
  // Of rows with one stamp all but one last no time at all.
  std::vector<StampedRate> distinct;
  for (const StampedRate& row : rows) {
    if (distinct.empty() || row.time_s > distinct.back().time_s) {
      distinct.push_back(row);
    } else if (!at_end) {
      distinct.back() = row;
    }
  }
  if (distinct.size() < 2) {
    throw base::ConfigError(name, "found " + std::to_string(distinct.size()) +
                                      " times; expected at least two, which give a length");
  }
  TraceSteps result;
  const double origin = distinct.front().time_s;
  for (std::size_t i = at_end ? 1 : 0; i < distinct.size(); ++i) {
    const double start = distinct[at_end ? i - 1 : i].time_s - origin;
    result.steps.push_back({base::seconds(start), base::bits_per_s(distinct[i].rate_bits_per_s)});
  }
  const double last = distinct.back().time_s;
  const double length_last = last - distinct[distinct.size() - 2].time_s;
  result.period = base::seconds(last - origin + (at_end ? 0 : length_last));
  return result;
}

const std::vector<TraceFormat>& trace_formats() {
  static const std::vector<TraceFormat> kFormats = {
      {"csv", "header time_s,rate_mbps, then rows", is_csv, read_csv},
      {"mahimahi", "a line a packet of 1500 bytes, its time in whole ms", is_mahimahi,
       read_mahimahi},
      {"pairs", "time in s and Mbit/s, separated by blanks or a comma", is_pairs, read_pairs},
  };
  return kFormats;
}

RateTrace trace_from_text(std::string_view text, const std::string& name,
                          const TraceReadOptions& options) {
  if (text.find('\0') != std::string_view::npos) {
    throw base::ConfigError(name, "a binary file; expected text");
  }
  bool empty = true;
  for (std::size_t start = 0; empty && start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = base::trim(text.substr(start, end - start));
    empty = line.empty() || line.front() == '#';
    start = end + 1;
  }
  if (empty) {
    throw base::ConfigError(name, "no rows; expected a bandwidth trace");
  }
  const TraceSteps steps = format_of(text, name, options).read(text, name, options);
  return {steps.steps, steps.period, options.sample_interval, name};
}

RateTrace read_trace(const std::filesystem::path& path, const TraceReadOptions& options) {
  return trace_from_text(base::read_file(path, kFileBytesMax), path.string(), options);
}

std::string trace_to_csv(const RateTrace& trace, base::Duration step, std::string_view comment) {
  std::string text;
  for (const std::string_view line : base::split(comment, '\n')) {
    if (!line.empty()) {
      text += "# " + std::string(line) + "\n";
    }
  }
  text += std::string(kCsvHeader) + "\n";
  const double period = base::in_seconds(trace.period());
  const double length = base::in_seconds(step);
  EC_CHECK(length > 0, "a CSV step has a length");
  const auto count = static_cast<std::size_t>(period / length + 0.5);
  for (std::size_t i = 0; i < count; ++i) {
    const double start = static_cast<double>(i) * length;
    // The middle of the step: its start may round into the one before.
    const base::DataRate rate = trace.rate_at(base::seconds(start + length / 2));
    text += base::format_number(start) + "," + base::format_number(base::in_megabits_per_s(rate)) +
            "\n";
  }
  return text;
}

}  // namespace edgecut::platforms

#include "platforms/trace_formats.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "base/units_as_read.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCsvHeader = "time_s,rate_mbps";
constexpr std::size_t kHeadLines = 64;

const TraceFormat& format_of(const TraceText& text, const std::string& asked) {
  if (!asked.empty()) {
    for (const TraceFormat& format : trace_formats()) {
      if (format.name == asked) {
        return format;
      }
    }
    throw base::ConfigError(text.name(), "unknown trace format \"" + asked + "\"" +
                                             base::suggestion(asked, trace_format_names()));
  }
  const TraceHead head = text.head(kHeadLines);
  if (head.lines.empty()) {
    throw base::ConfigError(text.name(), "no rows; expected a bandwidth trace");
  }
  if (begins_with_round_trip(head.lines.front())) {
    throw base::ConfigError(text.name(), "recorded round trips (" + std::string(kRoundTripFormat) +
                                             "); expected a bandwidth trace");
  }
  for (const TraceFormat& format : trace_formats()) {
    if (format.matches(head)) {
      return format;
    }
  }
  std::string known;
  for (const std::string& name : trace_format_names()) {
    known += (known.empty() ? "" : ", ") + name;
  }
  throw base::ConfigError(text.name(), "no known trace format begins with " +
                                           excerpt(head.lines.front()) + "; expected one of " +
                                           known + " (docs/formats.md)");
}

// What every trace must be, looked at as it passes.
class SegmentCheck {
 public:
  SegmentCheck(std::string name, const SegmentSink& sink) : name_(std::move(name)), sink_(sink) {}
  void pass(const RateSegment& segment) {
    carries_ = carries_ || base::in_bits_per_s(segment.rate) > 1e-9;
    if (base::in_seconds(segment.end) > kPeriodMaxS) {
      throw base::ConfigError(name_, "reaches " +
                                         base::format_number(base::in_seconds(segment.end)) +
                                         " s after its beginning; expected at most " +
                                         base::format_number(kPeriodMaxS) + " s");
    }
    sink_(segment);
  }
  void finish() const {
    if (!carries_) {
      throw base::ConfigError(name_, "the rate is zero for ever: no transfer would end");
    }
  }

 private:
  std::string name_;
  const SegmentSink& sink_;
  bool carries_ = false;
};

}  // namespace

const std::vector<TraceFormat>& trace_formats() {
  static const std::vector<TraceFormat> kFormats = {
      {"sabre", is_sabre, read_sabre},          {"ucc", is_ucc, read_ucc},
      {"lumos", is_lumos, read_lumos},          {"csv", is_columns, read_columns},
      {"mahimahi", is_mahimahi, read_mahimahi}, {"ghent", is_ghent, read_ghent},
      {"hsdpa", is_hsdpa, read_hsdpa},          {"iperf", is_iperf, read_iperf},
      {"bytes", is_bytes, read_bytes},          {"simgrid", is_simgrid, read_simgrid},
      {"cooked", is_cooked, read_cooked},       {"pairs", is_pairs, read_pairs},
  };
  return kFormats;
}

std::vector<std::string> trace_format_names() {
  std::vector<std::string> names;
  for (const TraceFormat& format : trace_formats()) {
    names.push_back(format.name);
  }
  return names;
}

TraceReading read_segments(std::istream& stream, const std::string& name,
                           const TraceReadOptions& options, const SegmentSink& sink) {
  TraceText text(stream, name);
  const TraceFormat& format = format_of(text, options.format);
  DamagedRows damaged(name, options.lenient);
  SegmentCheck check(name, sink);
  const SegmentSink checked = [&check](const RateSegment& segment) { check.pass(segment); };
  try {
    format.read({text, options, damaged, checked});
  } catch (const base::ConfigError&) {
    damaged.throw_if_refused();  // the rows say more than what their absence led to
    throw;
  }
  damaged.throw_if_refused();
  check.finish();
  return {format.name, damaged.rows()};
}

TraceReading read_segments(const fs::path& path, const TraceReadOptions& options,
                           const SegmentSink& sink) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw base::ConfigError(path.string(), "no such file");
  }
  if (fs::is_directory(status)) {
    throw base::ConfigError(path.string(), "is a directory, expected a file");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    throw base::ConfigError(path.string(), "cannot be opened for reading");
  }
  return read_segments(stream, path.string(), options, sink);
}

LoadedTrace load_trace(const fs::path& path, const TraceReadOptions& options) {
  StepCollector steps(path.string());
  TraceReading reading =
      read_segments(path, options, [&steps](const RateSegment& segment) { steps.add(segment); });
  return {steps.trace(), std::move(reading)};
}

RateTrace read_trace(const fs::path& path, const TraceReadOptions& options) {
  return load_trace(path, options).trace;
}

RateTrace trace_from_text(std::string_view text, const std::string& name,
                          const TraceReadOptions& options) {
  std::istringstream stream{std::string(text)};
  StepCollector steps(name);
  read_segments(stream, name, options,
                [&steps](const RateSegment& segment) { steps.add(segment); });
  return steps.trace();
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
    text += base::format_number(start) + "," +
            base::format_number(base::megabits_per_s_as_read(rate)) + "\n";
  }
  return text;
}

}  // namespace edgecut::platforms

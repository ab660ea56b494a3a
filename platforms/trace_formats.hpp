// Reading bandwidth traces in the formats that people have.
//
// One table, name -> reader; the format is detected from the first lines or asked for by name.
// Damaged rows are refused with their line number, what was found and what is allowed, or left out
// and counted when the user asks for it. Blank lines and lines that start with '#' are skipped,
// lines may end in LF or CR LF. Files are read in pieces: memory does not grow with them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/trace_segments.hpp"

namespace edgecut::platforms {

/// Which column of a recording that has both.
enum class TraceDirection { kUplink, kDownlink };

struct TraceReadOptions {
  std::string format{};  // a name of trace_formats(); empty: detected
  /// What the time stamps of `pairs`, `csv` and `bytes` mark; formats with a fixed meaning ignore
  /// it.
  StampMarks stamp = StampMarks::kStart;
  /// Nothing: a file with both directions is refused.
  std::optional<TraceDirection> direction{};
  /// Leave damaged rows out and count them, instead of refusing the file.
  bool lenient = false;
};

/// How a file was read.
struct TraceReading {
  std::string format;
  std::size_t rows_skipped = 0;  // damaged; 0 unless lenient
};

struct TraceHead;
struct TraceInput;

struct TraceFormat {
  std::string name;
  bool (*matches)(const TraceHead& head);
  void (*read)(const TraceInput& input);
};

/// Every format, in the order in which detection asks.
const std::vector<TraceFormat>& trace_formats();
std::vector<std::string> trace_format_names();

/// Gives the trace to `sink`, segment by segment. Throws ConfigError for a missing, binary, empty
/// or damaged file, one that is zero for ever or longer than 10^9 s; the sink may have got a part
/// of it by then.
TraceReading read_segments(const std::filesystem::path& path, const TraceReadOptions& options,
                           const SegmentSink& sink);
TraceReading read_segments(std::istream& stream, const std::string& name,
                           const TraceReadOptions& options, const SegmentSink& sink);

struct LoadedTrace {
  RateTrace trace;
  TraceReading reading;
};

/// The whole trace in memory, for a run; see StepCollector for the limit.
LoadedTrace load_trace(const std::filesystem::path& path, const TraceReadOptions& options = {});
RateTrace read_trace(const std::filesystem::path& path, const TraceReadOptions& options = {});
RateTrace trace_from_text(std::string_view text, const std::string& name,
                          const TraceReadOptions& options = {});

/// The trace as a text in the `csv` format, with `comment` lines ("# ...") before the header. Reads
/// back to the same rates but for rounding of the last bit; the last step's length must equal the
/// one before it.
std::string trace_to_csv(const RateTrace& trace, base::Duration step, std::string_view comment);

}  // namespace edgecut::platforms

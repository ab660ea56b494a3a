// Reading bandwidth traces in the formats that people have.
//
// One table, name -> reader; the format is detected from the first lines or asked for by name.
// Damaged rows are refused with their line number, what was found and what is allowed. Blank lines
// and lines that start with '#' are skipped, lines may end in LF or CR LF.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// Which end of its interval the time stamp of a pair marks; formats with a fixed meaning ignore
/// it.
enum class StampMarks { kStart, kEnd };

struct TraceReadOptions {
  std::string format;  // a name of trace_formats(); empty: detected
  StampMarks stamp = StampMarks::kStart;
  base::Duration sample_interval = base::seconds(1);  // see RateTrace::window_mean
};

/// What a reader makes of a text: the arguments of a RateTrace.
struct TraceSteps {
  std::vector<RateStep> steps;
  base::Duration period;
};

struct TraceFormat {
  std::string name;
  std::string description;
  /// Whether a text that starts with these data lines (the first two at most) may be this format.
  bool (*matches)(const std::vector<std::string_view>& lines);
  /// `name` is that of the file, for problems.
  TraceSteps (*read)(std::string_view text, const std::string& name,
                     const TraceReadOptions& options);
};

/// Every format, in the order in which detection asks.
const std::vector<TraceFormat>& trace_formats();

/// Throw ConfigError for a missing, binary, empty, damaged or oversized (> 1 GiB) file.
RateTrace read_trace(const std::filesystem::path& path, const TraceReadOptions& options = {});
RateTrace trace_from_text(std::string_view text, const std::string& name,
                          const TraceReadOptions& options = {});

/// The trace as a text in the `csv` format, with `comment` lines ("# ...") before the header. Reads
/// back to the same rates but for rounding of the last bit; the last step's length must equal the
/// one before it.
std::string trace_to_csv(const RateTrace& trace, base::Duration step, std::string_view comment);

/// For readers: calls `row(line number, trimmed line)` for each data line.
void for_each_data_line(std::string_view text,
                        const std::function<void(std::size_t, std::string_view)>& row);

/// For readers: rows of damage, all told at once up to a limit.
class RowProblems {
 public:
  explicit RowProblems(std::string name) : name_(std::move(name)) {}
  void add(std::size_t line, std::string what);
  /// Throws when a row was damaged.
  void throw_if_any();

 private:
  static constexpr std::size_t kShown = 20;
  std::string name_;
  std::size_t count_ = 0;
  base::Problems problems_;
};

/// For readers: rows of (time stamp, rate) as steps; see StampMarks. The last interval of
/// start-stamped rows is as long as the one before it; the first of end-stamped rows has no known
/// length and is left out. Of rows with equal stamps (iperf after a stall) all but one last no time
/// and count for nothing.
struct StampedRate {
  double time_s;
  double rate_bits_per_s;
};
TraceSteps steps_from_stamps(const std::vector<StampedRate>& rows, StampMarks stamp,
                             const std::string& name);

}  // namespace edgecut::platforms

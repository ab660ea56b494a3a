// `edgecut trace`: recorded and synthetic bandwidth traces.
#include "cli/trace_command.hpp"

#include <utility>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "sim/run_control.hpp"

namespace edgecut::cli {

void TraceReadArguments::add_to(CLI::App& command) {
  command.add_option("--format", format, "Format instead of the detected one")
      ->check(CLI::IsMember(platforms::trace_format_names()));
  command
      .add_option("--stamps", stamps,
                  "What a time stamp marks: start or end of its interval (pairs, csv, bytes)")
      ->check(CLI::IsMember({"start", "end"}));
  command.add_flag_callback(
      "--stamps-mark-end", [this] { stamps = "end"; }, "The same as --stamps end");
  command
      .add_option("--direction", direction,
                  "Of files with both: downlink (default, what such recordings measured) or uplink")
      ->check(CLI::IsMember({"uplink", "downlink"}));
  command.add_flag("--lenient", lenient, "Leave damaged rows out and count them");
}

platforms::TraceReadOptions TraceReadArguments::options() const {
  platforms::TraceReadOptions options;
  options.format = format;
  options.stamp = stamps == "end" ? platforms::StampMarks::kEnd : platforms::StampMarks::kStart;
  options.direction = direction == "uplink" ? platforms::TraceDirection::kUplink
                                            : platforms::TraceDirection::kDownlink;
  options.lenient = lenient;
  return options;
}

std::filesystem::path trace_path(const std::string& reference) {
  std::error_code error;
  const std::filesystem::path shipped =
      base::data_directory() / "platforms/traces" / (reference + ".csv");
  if (std::filesystem::is_regular_file(shipped, error)) {
    return shipped;
  }
  if (!std::filesystem::exists(reference, error)) {
    const std::string nearest =
        base::suggestion(reference, base::data_names("platforms/traces", ".csv"));
    throw base::ConfigError(reference.empty() ? "\"\"" : reference,
                            "no such file, and no trace that ships is called so" + nearest);
  }
  return reference;
}

platforms::SegmentSink interruptible(platforms::SegmentSink sink) {
  return [sink = std::move(sink)](const platforms::RateSegment& segment) {
    sim::throw_if_cancelled(&interrupted);
    sink(segment);
  };
}

void add_trace_command(CLI::App& app, int& exit_code) {
  CLI::App* trace = app.add_subcommand("trace", "Bandwidth traces");
  trace->require_subcommand(1);
  add_trace_info(*trace, exit_code);
  add_trace_convert(*trace, exit_code);
  add_trace_transfer(*trace, exit_code);
  add_trace_generate(*trace, exit_code);
}

}  // namespace edgecut::cli

// The parts of `edgecut trace`, and what they share: finding a trace and how to read it.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

#include "platforms/trace_formats.hpp"
#include "platforms/trace_segments.hpp"

namespace edgecut::cli {

/// The options of every subcommand that reads traces.
struct TraceReadArguments {
  std::string format;
  std::string stamps = "start";
  std::string direction = "downlink";
  bool lenient = false;

  void add_to(CLI::App& command);
  [[nodiscard]] platforms::TraceReadOptions options() const;
};

/// A name of a shipped trace, or a file. Throws ConfigError when there is neither.
std::filesystem::path trace_path(const std::string& reference);

/// `sink`, ended by Ctrl-C: throws sim::Cancelled.
platforms::SegmentSink interruptible(platforms::SegmentSink sink);

void add_trace_info(CLI::App& trace, int& exit_code);
void add_trace_convert(CLI::App& trace, int& exit_code);
void add_trace_transfer(CLI::App& trace, int& exit_code);
void add_trace_generate(CLI::App& trace, int& exit_code);

}  // namespace edgecut::cli

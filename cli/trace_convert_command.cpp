// `edgecut trace convert`: a trace in another format, in bounded memory.
#include <iostream>
#include <memory>
#include <optional>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/report_stream.hpp"
#include "cli/trace_command.hpp"
#include "platforms/trace_writers.hpp"
#include "results/atomic_file.hpp"
#include "sim/run_control.hpp"

namespace edgecut::cli {
namespace {

struct ConvertArguments {
  std::string in;
  std::string out;
  std::string to;
  TraceReadArguments read;
  std::optional<double> step_s;
  double latency_ms = 0;
};

const platforms::WritableFormat& writable(const std::string& name) {
  for (const platforms::WritableFormat& format : platforms::writable_formats()) {
    if (format.name == name) {
      return format;
    }
  }
  throw base::ConfigError("--to", "cannot write \"" + name + "\"");
}

int convert(const ConvertArguments& arguments) {
  const platforms::WritableFormat& format = writable(arguments.to);
  std::ostream& report = report_stream(arguments.out);
  results::AtomicFile file(arguments.out);
  const auto writer = format.make(
      [&file](std::string_view text) {
        sim::throw_if_cancelled(&interrupted);
        file.append(text);
      },
      {.latency = base::milliseconds(arguments.latency_ms)});
  platforms::MergedSegments merged(
      [&writer](const platforms::RateSegment& segment) { writer->add(segment); });
  const auto merge = [&merged](const platforms::RateSegment& segment) { merged.add(segment); };
  platforms::ResampledSegments resampled(base::seconds(arguments.step_s.value_or(1)), merge);
  platforms::SegmentSink sink = merge;
  if (arguments.step_s) {
    sink = [&resampled](const platforms::RateSegment& segment) { resampled.add(segment); };
  }
  const platforms::TraceReading reading = platforms::read_segments(
      trace_path(arguments.in), arguments.read.options(), interruptible(sink));
  if (arguments.step_s) {
    resampled.finish();
  }
  merged.finish();
  writer->finish();
  file.commit();
  report << arguments.out << ": " << format.name << ", from " << reading.format << '\n';
  const auto tell_loss = [&report](const std::string& loss) {
    report << (loss.empty() ? "" : "  lost: " + loss + "\n");
  };
  tell_loss(format.loss);
  tell_loss(arguments.step_s
                ? "what happens within " + base::format_number(*arguments.step_s) + " s"
                : "");
  tell_loss(reading.rows_skipped > 0
                ? std::to_string(reading.rows_skipped) + " damaged rows of " + arguments.in
                : "");
  return kDone;
}

}  // namespace

void add_trace_convert(CLI::App& trace, int& exit_code) {
  constexpr double kStepMinS = 1e-3;
  constexpr double kStepMaxS = 1e6;
  constexpr double kLatencyMaxMs = 1e6;
  auto arguments = std::make_shared<ConvertArguments>();
  CLI::App* command = trace.add_subcommand("convert", "A trace in another format");
  command->add_option("in", arguments->in, "Trace file, or name of a shipped trace")->required();
  command->add_option("out", arguments->out, "File to write")->required();
  std::vector<std::string> names;
  for (const platforms::WritableFormat& format : platforms::writable_formats()) {
    names.push_back(format.name);
  }
  command->add_option("--to", arguments->to, "Format to write")
      ->required()
      ->check(CLI::IsMember(names));
  arguments->read.add_to(*command);
  command->add_option("--step-s", arguments->step_s, "Average over steps of this length, s")
      ->check(number_between(kStepMinS, kStepMaxS));
  command->add_option("--latency-ms", arguments->latency_ms, "Latency of each period (sabre)")
      ->check(number_between(0, kLatencyMaxMs));
  command->callback([arguments, &exit_code] { exit_code = convert(*arguments); });
}

}  // namespace edgecut::cli

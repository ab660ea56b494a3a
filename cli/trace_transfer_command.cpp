// `edgecut trace transfer`: when a transfer over a trace ends.
#include <iostream>
#include <memory>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/trace_command.hpp"
#include "results/json_text.hpp"

namespace edgecut::cli {
namespace {

struct TransferArguments {
  std::string file;
  TraceReadArguments read;
  double bytes = 0;
  double at_s = 0;
  bool json = false;
};

int transfer(const TransferArguments& arguments) {
  const platforms::LoadedTrace loaded =
      platforms::load_trace(trace_path(arguments.file), arguments.read.options());
  const base::DataSize size = base::bytes(arguments.bytes);
  const base::Duration start = base::seconds(arguments.at_s);
  const base::Duration duration = loaded.trace.transfer_time(start, size);
  const double end_s = base::in_seconds(start + duration);
  const double duration_s = base::in_seconds(duration);
  if (arguments.json) {
    nlohmann::ordered_json object;
    object["file"] = arguments.file;
    object["format"] = loaded.reading.format;
    object["bytes"] = arguments.bytes;
    object["at_s"] = arguments.at_s;
    object["duration_s"] = duration_s;
    object["end_s"] = end_s;
    object["rows_skipped"] = loaded.reading.rows_skipped;
    std::cout << results::json_text(object);
    return kDone;
  }
  std::cout << base::format_significant(arguments.bytes, 15) << " bytes from "
            << base::format_significant(arguments.at_s, 15) << " s on: through at "
            << base::format_significant(end_s, 15) << " s, after "
            << base::format_significant(duration_s, 15) << " s";
  if (duration_s > 0) {
    std::cout << " (" << base::format_fixed(base::in_megabits_per_s(size / duration), 3)
              << " Mbit/s)";
  }
  std::cout << '\n';
  return kDone;
}

}  // namespace

void add_trace_transfer(CLI::App& trace, int& exit_code) {
  constexpr double kBytesMax = 1e15;
  constexpr double kTimeMaxS = 1e12;
  auto arguments = std::make_shared<TransferArguments>();
  CLI::App* command = trace.add_subcommand("transfer", "When a transfer over a trace ends");
  command->add_option("trace", arguments->file, "Trace file, or name of a shipped trace")
      ->required();
  command->add_option("--bytes", arguments->bytes, "Size of the transfer")
      ->required()
      ->check(number_between(0, kBytesMax));
  command
      ->add_option("--at", arguments->at_s,
                   "When it starts, s since the trace's beginning; beyond its end it repeats")
      ->check(number_between(0, kTimeMaxS));
  arguments->read.add_to(*command);
  command->add_flag("--json", arguments->json, "JSON instead of a line of text");
  command->callback([arguments, &exit_code] { exit_code = transfer(*arguments); });
}

}  // namespace edgecut::cli

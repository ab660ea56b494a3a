#include "scenarios/trace_loader.hpp"

#include <system_error>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "base/file_reads.hpp"
#include "base/json_reader.hpp"

namespace edgecut::scenarios {
namespace fs = std::filesystem;
using base::JsonValue;

TraceLoader::TraceLoader(fs::path scenario_directory, fs::path trace_directory,
                         SharedInputs& inputs)
    : scenario_directory_(std::move(scenario_directory)),
      trace_directory_(std::move(trace_directory)),
      inputs_(inputs) {}

fs::path TraceLoader::find(const JsonValue& value, const std::string& reference) const {
  std::error_code error;
  const fs::path shipped = base::data_directory() / "platforms/traces" / (reference + ".csv");
  if (reference.find('/') == std::string::npos && fs::is_regular_file(shipped, error)) {
    return shipped;
  }
  std::string tried;
  std::vector<fs::path> directories = {scenario_directory_};
  if (!trace_directory_.empty()) {
    directories.insert(directories.begin(), trace_directory_);
  }
  for (const fs::path& directory : directories) {
    const fs::path path = directory / reference;
    if (fs::is_regular_file(path, error)) {
      return path;
    }
    tried += (tried.empty() ? "" : ", ") + path.string();
  }
  value.problem("no trace \"" + reference + "\": none that ships is called so" +
                base::suggestion(reference, base::data_names("platforms/traces", ".csv")) +
                "; no such file: " + tried +
                (trace_directory_.empty() ? " (--trace-dir names another folder to look in)" : ""));
  return {};
}

std::shared_ptr<const platforms::RateTrace> TraceLoader::load(
    const JsonValue& value, const platforms::TraceReadOptions& options) {
  const auto path = path_of(value);
  if (!path) {
    return nullptr;
  }
  const auto mark = [](bool set) { return std::string(set ? "1" : "0"); };
  const std::vector<std::string> key = {
      path->string(), options.format, mark(options.stamp == platforms::StampMarks::kStart),
      options.direction ? mark(*options.direction == platforms::TraceDirection::kUplink) : "",
      mark(options.lenient)};
  try {
    const auto loaded = inputs_.get<platforms::LoadedTrace>("trace", key, [&] {
      base::FileReads::note_streamed(*path);
      return platforms::load_trace(*path, options);
    });
    count_skipped(value, loaded->reading.rows_skipped);
    return {loaded, &loaded->trace};
  } catch (const base::ConfigError& error) {
    value.problems().add(error);
    return nullptr;
  }
}

std::shared_ptr<const platforms::RoundTrips> TraceLoader::load_round_trips(const JsonValue& value,
                                                                           bool lenient) {
  const auto path = path_of(value);
  if (!path) {
    return nullptr;
  }
  try {
    auto trips = inputs_.get<platforms::RoundTrips>(
        "round trips", {path->string(), lenient ? "lenient" : "strict"}, [&] {
          base::FileReads::note_streamed(*path);
          return platforms::read_round_trips(*path, lenient);
        });
    count_skipped(value, trips->samples_skipped);
    return trips;
  } catch (const base::ConfigError& error) {
    value.problems().add(error);
    return nullptr;
  }
}

// The file of a reference; nothing, with a problem, when there is none.
std::optional<fs::path> TraceLoader::path_of(const JsonValue& value) const {
  const std::size_t problems_before = value.problems().list().size();
  const std::string reference = value.string();
  if (value.problems().list().size() > problems_before) {
    return std::nullopt;
  }
  fs::path path = find(value, reference);
  return path.empty() ? std::nullopt : std::optional(std::move(path));
}

void TraceLoader::count_skipped(const JsonValue& value, std::size_t rows) {
  if (rows > 0) {
    rows_skipped_[value.raw().get<std::string>()] = rows;
  }
}

}  // namespace edgecut::scenarios

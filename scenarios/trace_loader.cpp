#include "scenarios/trace_loader.hpp"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.hpp"

namespace edgecut::scenarios {
namespace fs = std::filesystem;

TraceLoader::TraceLoader(fs::path scenario_directory, fs::path trace_directory)
    : scenario_directory_(std::move(scenario_directory)),
      trace_directory_(std::move(trace_directory)) {}

fs::path TraceLoader::find(const base::JsonValue& value, const std::string& reference) const {
  std::error_code error;
  const auto names = base::data_names("platforms/traces", ".csv");
  if (std::find(names.begin(), names.end(), reference) != names.end()) {
    return base::data_directory() / "platforms/traces" / (reference + ".csv");
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
                base::suggestion(reference, names) + "; no such file: " + tried +
                (trace_directory_.empty() ? " (--trace-dir names another folder to look in)" : ""));
  return {};
}

std::shared_ptr<const platforms::RateTrace> TraceLoader::load(const base::JsonValue& value,
                                                              platforms::StampMarks stamp) {
  const std::size_t problems_before = value.problems().list().size();
  const std::string reference = value.string();
  if (value.problems().list().size() > problems_before) {
    return nullptr;
  }
  const fs::path path = find(value, reference);
  if (path.empty()) {
    return nullptr;
  }
  auto& trace = loaded_[{path, stamp}];
  if (!trace) {
    try {
      platforms::TraceReadOptions options;
      options.stamp = stamp;
      trace = std::make_shared<const platforms::RateTrace>(platforms::read_trace(path, options));
    } catch (const base::ConfigError& error) {
      value.problems().add(error);
    }
  }
  return trace;
}

}  // namespace edgecut::scenarios

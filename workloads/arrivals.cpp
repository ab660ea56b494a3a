#include "workloads/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/file.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"

namespace edgecut::workloads {
namespace {

using base::Distribution;
using base::Range;

constexpr std::size_t kReplayBytesMax = std::size_t{2} << 30U;
constexpr std::size_t kLinesTold = 20;
constexpr double kTimeMaxS = 1e12;
constexpr double kRateMaxPerS = 1e12;
constexpr std::uint32_t kNodeMax = 0xfffffffe;

enum class Column { kTime, kNode, kQuery };

// Which column of the file is what; problems go to the header's line.
std::vector<Column> read_header(std::string_view line, const std::string& where,
                                base::Problems& problems) {
  static const std::vector<std::string> kNames = {"time_s", "node", "query"};
  std::vector<Column> columns;
  for (const std::string_view cell : base::split(line, ',')) {
    const std::string name(base::trim(cell));
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) {
      problems.add(where, "unknown column \"" + name + "\"" + base::suggestion(name, kNames));
      continue;
    }
    const auto column = static_cast<Column>(found - kNames.begin());
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      problems.add(where, "column \"" + name + "\" stands twice");
    }
    columns.push_back(column);
  }
  if (std::find(columns.begin(), columns.end(), Column::kTime) == columns.end()) {
    problems.add(where, "missing column \"time_s\"; the first line names the columns");
  }
  return columns;
}

class ReplayReader {
 public:
  explicit ReplayReader(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // Adds the row, or returns what is wrong with it.
  std::string add(std::string_view line) {
    const auto cells = base::split(line, ',');
    if (cells.size() != columns_.size()) {
      return "expected " + std::to_string(columns_.size()) + " cells as in the header, got " +
             std::to_string(cells.size());
    }
    ReplayArrival arrival;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string fault = read_cell(columns_[i], base::trim(cells[i]), arrival);
      if (!fault.empty()) {
        return fault;
      }
    }
    if (!replay_.arrivals.empty() && arrival.time < replay_.arrivals.back().time) {
      return "time_s falls from " +
             base::format_number(base::in_seconds(replay_.arrivals.back().time)) + " to " +
             base::format_number(base::in_seconds(arrival.time)) + ": sort the file by time";
    }
    if (arrival.node) {
      replay_.node_count_min = std::max(replay_.node_count_min, *arrival.node + 1);
    }
    replay_.arrivals.push_back(arrival);
    return "";
  }

  Replay take() { return std::move(replay_); }

 private:
  std::string read_cell(Column column, std::string_view cell, ReplayArrival& arrival) {
    if (column == Column::kQuery) {
      if (cell.empty()) {
        return "expected the name of a query, got an empty cell";
      }
      const auto [entry, is_new] = query_index_.try_emplace(
          std::string(cell), static_cast<std::uint32_t>(query_index_.size()));
      if (is_new) {
        replay_.query_names.push_back(entry->first);
      }
      arrival.query = entry->second;
      return "";
    }
    const auto number = base::parse_number(cell);
    if (column == Column::kTime) {
      if (!number || *number < 0 || *number > kTimeMaxS) {
        return "expected time_s in [0, 1e12], got \"" + std::string(cell) + "\"";
      }
      arrival.time = base::seconds(*number);
      return "";
    }
    if (!number || *number < 0 || *number > kNodeMax || std::trunc(*number) != *number) {
      return "expected node to be a whole number in [0, 4294967294], got \"" + std::string(cell) +
             "\"";
    }
    arrival.node = static_cast<std::uint32_t>(*number);
    return "";
  }

  std::vector<Column> columns_;
  Replay replay_;
  std::map<std::string, std::uint32_t, std::less<>> query_index_;
};

// Problems of a file named by `key` are told at the key, with the file's own place.
void add_file_problems(const base::JsonValue& key, const base::ConfigError& error) {
  for (const base::Problem& problem : error.problems()) {
    key.problem(problem.where.empty() || problem.where == key.where()
                    ? problem.what
                    : problem.where + ": " + problem.what);
  }
}

std::filesystem::path cdf_path(const std::string& reference,
                               const std::filesystem::path& relative_to, const std::string& where) {
  return base::resolve_data(reference, "workloads/arrivals", ".cdf", relative_to, where,
                            "arrival distribution");
}

void read_cdf_gaps(const base::JsonValue& key, const std::string& reference,
                   const std::filesystem::path& relative_to, ArrivalSpec& spec) {
  try {
    const auto path = cdf_path(reference, relative_to, key.where());
    spec.gaps = Distribution::empirical(base::read_cdf_file(path)).scaled_to_mean(1);
  } catch (const base::ConfigError& error) {
    add_file_problems(key, error);
  }
}

void read_replay_key(const base::JsonValue& key, const std::filesystem::path& relative_to,
                     ArrivalSpec& spec) {
  try {
    spec.replay = read_replay_file(relative_to / key.string());
    const auto& arrivals = spec.replay->arrivals;
    const base::Duration first = arrivals.front().time;
    const base::Duration last = arrivals.back().time;
    // Stamps of a calendar (Unix time) would put an age of silence before the first arrival.
    constexpr double kSilenceMax = 1000;
    constexpr base::Duration kEarly = base::seconds(1e6);
    if (first > kEarly && first > kSilenceMax * (last - first)) {
      key.problem("the first arrival is at " + base::format_number(in_seconds(first)) +
                  " s, over 1000 times the recording's length later than 0: subtract the time at "
                  "which the recording starts");
    }
    if (last > base::Duration{}) {
      spec.rate = static_cast<double>(arrivals.size()) * base::per_second(1 / in_seconds(last));
    }
  } catch (const base::ConfigError& error) {
    spec.replay.reset();
    add_file_problems(key, error);
  }
}

// A required string key, or nothing (the problem is told).
std::optional<base::JsonValue> string_key(base::JsonObject& object, const std::string& name) {
  auto key = object.require(name);
  if (key && !key->is_string()) {
    static_cast<void>(key->string());
    return std::nullopt;
  }
  return key;
}

}  // namespace

const std::vector<std::string>& arrival_process_names() {
  static const std::vector<std::string> kNames = {
      "poisson",          "deterministic", "gamma", "lognormal",
      "hyperexponential", "google-search", "cdf",   "replay"};
  return kNames;
}

Distribution gaps_s(const ArrivalSpec& spec, std::uint64_t node_count) {
  EC_CHECK(!spec.replay && node_count >= 1 && spec.rate > base::Frequency{},
           "gaps are those of a renewal process with a rate and nodes");
  const double processes = spec.scope == ArrivalScope::kNode ? static_cast<double>(node_count) : 1;
  return spec.gaps.scaled_to_mean(processes / base::in_per_second(spec.rate));
}

base::Duration first_arrival(const Distribution& gaps_s, const base::RandomSource& source,
                             std::uint32_t entity) {
  base::RandomStream stream(source, base::Purpose::kFirstArrival, entity);
  return base::seconds(gaps_s.draw_residual(stream));
}

ArrivalSpec read_arrivals(const base::JsonValue& json, const std::filesystem::path& relative_to) {
  ArrivalSpec spec;
  if (!json.is_object()) {
    json.problem("expected an object such as {\"process\": \"poisson\", \"rate_per_s\": 60}");
    return spec;
  }
  base::JsonObject object = json.object();
  const std::size_t problems_before = json.problems().list().size();
  const std::string process =
      arrival_process_names()[object.one_of("process", arrival_process_names())];
  if (json.problems().list().size() != problems_before) {
    return spec;  // the keys to expect depend on the name
  }
  spec.process = process;
  if (process == "replay") {
    if (const auto file = string_key(object, "file")) {
      read_replay_key(*file, relative_to, spec);
    }
    object.finish();
    return spec;
  }
  spec.rate = base::per_second(object.number("rate_per_s", Range::above_up_to(0, kRateMaxPerS)));
  spec.scope = object.one_of_or("scope", {"node", "fleet"}, 0) == 0 ? ArrivalScope::kNode
                                                                    : ArrivalScope::kFleet;
  if (process == "deterministic") {
    spec.gaps = Distribution::constant(1);
  } else if (process == "gamma" || process == "lognormal" || process == "hyperexponential") {
    const double cv_min = process == "hyperexponential" ? 1 : base::kCvMin;
    const double cv = object.number("cv", Range::between(cv_min, base::kCvMax));
    const base::MeanAndCv moments = {.mean = 1, .cv = std::clamp(cv, cv_min, base::kCvMax)};
    spec.gaps = process == "gamma"       ? Distribution::gamma(moments)
                : process == "lognormal" ? Distribution::lognormal(moments)
                                         : Distribution::hyperexponential(moments);
  } else if (process == "google-search") {
    read_cdf_gaps(json, process, relative_to, spec);
  } else if (process == "cdf") {
    if (const auto file = string_key(object, "file")) {
      read_cdf_gaps(*file, file->string(), relative_to, spec);
    }
  }
  object.finish();
  return spec;
}

Replay parse_replay(std::string_view text, const std::string& name) {
  base::Problems problems;
  std::optional<ReplayReader> reader;
  std::size_t line_number = 0;
  // Line by line instead of base::split: a list may have tens of millions of rows.
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = base::trim(text.substr(start, end - start));
    start = end + 1;
    ++line_number;
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (!reader) {
      reader.emplace(read_header(line, name + ":" + std::to_string(line_number), problems));
      problems.throw_if_any();
      continue;
    }
    std::string fault = reader->add(line);
    if (!fault.empty()) {
      problems.add(name + ":" + std::to_string(line_number), std::move(fault));
      if (problems.list().size() == kLinesTold) {
        problems.add(name, "reading stopped after " + std::to_string(kLinesTold) + " problems");
        break;
      }
    }
  }
  problems.throw_if_any();
  Replay replay = reader ? reader->take() : Replay{};
  if (replay.arrivals.empty()) {
    throw base::ConfigError(name, "holds no arrival: expected a header naming time_s and a row");
  }
  return replay;
}

Replay read_replay_file(const std::filesystem::path& path) {
  return parse_replay(base::read_file(path, kReplayBytesMax), path.string());
}

}  // namespace edgecut::workloads

// `edgecut trace info`: what is in trace files, in one table, as JSON or as a plot.
#include <iostream>
#include <memory>
#include <optional>
#include <variant>

#include "base/text.hpp"
#include "base/units_as_read.hpp"
#include "cli/commands.hpp"
#include "cli/trace_command.hpp"
#include "platforms/rate_curve.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/trace_statistics.hpp"
#include "results/json_text.hpp"
#include "results/plot.hpp"
#include "results/text_table.hpp"

namespace edgecut::cli {
namespace {

using base::format_fixed;
using base::in_megabits_per_s;
using base::in_milliseconds;
using base::in_seconds;

struct InfoArguments {
  std::vector<std::string> files;
  TraceReadArguments read;
  bool json = false;
  std::string plot;
};

struct Rates {
  platforms::TraceReading reading;
  platforms::TraceStatistics statistics;
  platforms::RateCurve curve;
};

struct Trips {
  platforms::RoundTrips samples;
  platforms::RoundTripStatistics statistics;
};

// A file that was read.
struct Described {
  std::string file;
  std::variant<Rates, Trips> what;
};

Described describe(const std::string& file, const InfoArguments& arguments) {
  const std::filesystem::path path = trace_path(file);
  if (arguments.read.format.empty() && platforms::holds_round_trips(path)) {
    Trips trips;
    trips.samples = platforms::read_round_trips(path, arguments.read.lenient);
    trips.statistics = platforms::round_trip_statistics(trips.samples);
    return {file, trips};
  }
  Rates rates;
  platforms::StatisticsStream stream;
  rates.reading = platforms::read_segments(
      path, arguments.read.options(), interruptible([&](const platforms::RateSegment& segment) {
        stream.add(segment);
        rates.curve.add(segment);
      }));
  rates.statistics = stream.finish();
  return {file, rates};
}

std::string rates_table(const std::vector<Described>& described, bool skipped) {
  using results::Align;
  std::vector<std::vector<std::string>> cells;
  for (const Described& one : described) {
    const auto* rates = std::get_if<Rates>(&one.what);
    if (rates == nullptr) {
      continue;
    }
    const platforms::TraceStatistics& s = rates->statistics;
    cells.push_back(
        {one.file, rates->reading.format, format_fixed(in_seconds(s.duration), 0),
         format_fixed(in_megabits_per_s(s.mean), 2), format_fixed(s.cv, 2),
         format_fixed(in_megabits_per_s(s.min), 2), format_fixed(in_megabits_per_s(s.max), 2),
         format_fixed(100 * s.outage_share, 1), format_fixed(in_seconds(s.outage_longest), 0),
         format_fixed(s.autocorrelation, 2)});
    if (skipped) {
      cells.back().push_back(std::to_string(rates->reading.rows_skipped));
    }
  }
  if (cells.empty()) {
    return "";
  }
  std::vector<results::TextColumn> columns = {{"trace"}, {"format"}};
  for (const char* name : {"duration_s", "mean_mbps", "cv", "min_mbps", "max_mbps", "outage_pct",
                           "longest_s", "acf_1s", "skipped"}) {
    if (columns.size() < cells.front().size()) {
      columns.push_back({name, Align::kRight});
    }
  }
  return results::text_table(columns, cells);
}

std::string trips_table(const std::vector<Described>& described) {
  using results::Align;
  std::vector<std::vector<std::string>> cells;
  for (const Described& one : described) {
    if (const auto* trips = std::get_if<Trips>(&one.what)) {
      const platforms::RoundTripStatistics& s = trips->statistics;
      cells.push_back({one.file, std::to_string(s.samples), format_fixed(in_seconds(s.duration), 1),
                       format_fixed(in_milliseconds(s.median), 1), format_fixed(s.cv, 2),
                       format_fixed(in_milliseconds(s.min), 1),
                       format_fixed(in_milliseconds(s.max), 1),
                       std::to_string(trips->samples.samples_skipped)});
    }
  }
  return cells.empty() ? ""
                       : results::text_table({{"round trips"},
                                              {"samples", Align::kRight},
                                              {"duration_s", Align::kRight},
                                              {"median_ms", Align::kRight},
                                              {"cv", Align::kRight},
                                              {"min_ms", Align::kRight},
                                              {"max_ms", Align::kRight},
                                              {"skipped", Align::kRight}},
                                             cells);
}

nlohmann::ordered_json json_of(const Described& one) {
  nlohmann::ordered_json object;
  object["file"] = one.file;
  if (const auto* trips = std::get_if<Trips>(&one.what)) {
    const platforms::RoundTripStatistics& s = trips->statistics;
    object["format"] = platforms::kRoundTripFormat;
    object["samples"] = s.samples;
    object["duration_s"] = in_seconds(s.duration);
    object["median_ms"] = base::milliseconds_as_read(s.median);
    object["mean_ms"] = base::milliseconds_as_read(s.mean);
    object["cv"] = s.cv;
    object["min_ms"] = base::milliseconds_as_read(s.min);
    object["max_ms"] = base::milliseconds_as_read(s.max);
    object["rows_skipped"] = trips->samples.samples_skipped;
    return object;
  }
  const Rates& rates = std::get<Rates>(one.what);
  const platforms::TraceStatistics& s = rates.statistics;
  object["format"] = rates.reading.format;
  object["duration_s"] = in_seconds(s.duration);
  object["mean_mbps"] = base::megabits_per_s_as_read(s.mean);
  object["cv"] = s.cv;
  object["min_mbps"] = base::megabits_per_s_as_read(s.min);
  object["max_mbps"] = base::megabits_per_s_as_read(s.max);
  object["outage_share"] = s.outage_share;
  object["longest_outage_s"] = in_seconds(s.outage_longest);
  object["acf1"] = s.autocorrelation;
  object["rows_skipped"] = rates.reading.rows_skipped;
  return object;
}

results::PlotPanel panel_of(const Described& one) {
  results::PlotPanel panel;
  results::PlotSeries series;
  if (const auto* trips = std::get_if<Trips>(&one.what)) {
    const platforms::RoundTripStatistics& s = trips->statistics;
    panel.title = one.file + ": round trips, median " + format_fixed(in_milliseconds(s.median), 1) +
                  " ms, CV " + format_fixed(s.cv, 2);
    panel.y.label = "round trip, ms";
    series.style = results::PlotStyle::kPoints;
    for (const platforms::RoundTripSample& sample : trips->samples.samples) {
      series.points.push_back({in_seconds(sample.stamp), in_milliseconds(sample.round_trip)});
    }
  } else {
    const Rates& rates = std::get<Rates>(one.what);
    const platforms::TraceStatistics& s = rates.statistics;
    panel.title = one.file + " (" + rates.reading.format + "): mean " +
                  format_fixed(in_megabits_per_s(s.mean), 2) + " Mbit/s, CV " +
                  format_fixed(s.cv, 2) + ", outages " + format_fixed(100 * s.outage_share, 1) +
                  " %";
    panel.y.label = "rate, Mbit/s";
    panel.x.max = in_seconds(s.duration);
    series.style = results::PlotStyle::kSteps;
    for (const auto& [start, rate] : rates.curve.points()) {
      series.points.push_back({in_seconds(start), in_megabits_per_s(rate)});
    }
  }
  panel.x.label = "time, s";
  panel.y.min = 0;
  panel.series.push_back(std::move(series));
  return panel;
}

void plot(const std::vector<Described>& described, const std::string& file) {
  constexpr std::size_t kPanelsMax = 100;
  if (described.size() > kPanelsMax) {
    throw base::ConfigError("--plot", "at most " + std::to_string(kPanelsMax) +
                                          " traces in one plot, got " +
                                          std::to_string(described.size()));
  }
  results::Plot plot;
  plot.panel_height_px = described.size() == 1 ? 400 : 260;
  for (const Described& one : described) {
    plot.panels.push_back(panel_of(one));
  }
  results::write_plot(plot, file);
}

void print(const std::vector<Described>& described, bool json) {
  if (json) {
    auto list = nlohmann::ordered_json::array();
    for (const Described& one : described) {
      list.push_back(json_of(one));
    }
    std::cout << results::json_text(list);
    return;
  }
  bool skipped = false;
  for (const Described& one : described) {
    const auto* rates = std::get_if<Rates>(&one.what);
    skipped = skipped || (rates != nullptr && rates->reading.rows_skipped > 0);
  }
  const std::string rates = rates_table(described, skipped);
  const std::string trips = trips_table(described);
  std::cout << rates << (rates.empty() || trips.empty() ? "" : "\n") << trips;
}

int info(const InfoArguments& arguments) {
  if (!arguments.plot.empty()) {
    results::check_plot_path(arguments.plot);
  }
  base::Problems problems;
  std::vector<Described> described;
  for (const std::string& file : arguments.files) {
    try {
      described.push_back(describe(file, arguments));
    } catch (const base::ConfigError& error) {
      problems.add(error);
    }
  }
  if (!described.empty() || arguments.json) {
    print(described, arguments.json);
    std::cout.flush();
  }
  if (!arguments.plot.empty() && !described.empty()) {
    try {
      plot(described, arguments.plot);
    } catch (const base::ConfigError& error) {
      problems.add(error);
    }
  }
  problems.throw_if_any();
  return kDone;
}

}  // namespace

void add_trace_info(CLI::App& trace, int& exit_code) {
  auto arguments = std::make_shared<InfoArguments>();
  CLI::App* command = trace.add_subcommand("info", "Duration, rates and outages of traces");
  command->add_option("traces", arguments->files, "Trace files, or names of shipped traces")
      ->required();
  arguments->read.add_to(*command);
  command->add_flag("--json", arguments->json, "JSON instead of a table");
  command->add_option("--plot", arguments->plot, "Draw the rates over time into an .svg or .png");
  command->callback([arguments, &exit_code] { exit_code = info(*arguments); });
}

}  // namespace edgecut::cli

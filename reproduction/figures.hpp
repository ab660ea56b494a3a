// The figures and tables of the study, each made again from models, platforms and scenarios.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reproduction/study.hpp"
#include "results/plot.hpp"

namespace edgecut::reproduction {

/// A simulated number beside the published one.
struct Comparison {
  std::string what;
  std::string unit;  // "x", "s", "%" (of one: 0.5 is 50 %), "" for counts
  double simulated = 0;
  std::optional<double> half_width;
  std::optional<double> published;

  /// simulated / published - 1; nothing without a published value.
  [[nodiscard]] std::optional<double> deviation() const;
};

struct Figure {
  std::string id;     // "fig6"
  std::string title;  // what the study's figure shows, in our words
  std::vector<Comparison> comparisons;
  std::vector<std::string> remarks;                          // a sentence each
  std::vector<std::pair<std::string, std::string>> tables;   // file name, CSV
  std::vector<std::pair<std::string, results::Plot>> plots;  // file name without extension
};

struct FigureOptions {
  unsigned threads = 1;
  const std::atomic<bool>* cancelled = nullptr;
  std::filesystem::path trace_directory;  // of recordings; empty: there are none
};

struct FigureEntry {
  std::string id;
  std::string title;
  Figure (*make)(const Study& study, const FigureOptions& options);
};

/// In the study's order.
const std::vector<FigureEntry>& figure_entries();
Figure make_figure(const FigureEntry& entry, const Study& study, const FigureOptions& options);

/// The comparison with the published value of this name.
Comparison compare_with(const Study& study, const std::string& name, std::string what,
                        std::string unit, double simulated,
                        std::optional<double> half_width = std::nullopt);

// One a figure: alexnet_figures.cpp, configuration_figures.cpp, scenario_figures.cpp,
// sensitivity.cpp, throughput_figure.cpp, beyond_figure.cpp.
Figure hardware_tables(const Study& study, const FigureOptions& options);
Figure alexnet_latency(const Study& study, const FigureOptions& options);
Figure alexnet_energy(const Study& study, const FigureOptions& options);
Figure alexnet_layers(const Study& study, const FigureOptions& options);
Figure alexnet_cuts(const Study& study, const FigureOptions& options);
Figure other_cuts(const Study& study, const FigureOptions& options);
Figure latency_gains(const Study& study, const FigureOptions& options);
Figure energy_savings(const Study& study, const FigureOptions& options);
Figure maui_comparison(const Study& study, const FigureOptions& options);
Figure lte_variation(const Study& study, const FigureOptions& options);
Figure server_load(const Study& study, const FigureOptions& options);
Figure beyond(const Study& study, const FigureOptions& options);
Figure sensitivity(const Study& study, const FigureOptions& options);
Figure throughput(const Study& study, const FigureOptions& options);

}  // namespace edgecut::reproduction

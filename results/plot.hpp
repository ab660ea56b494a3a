// Plots as SVG or PNG files, drawn by gnuplot.
//
// A plot is a column of panels, each with its own axes and series. This file knows lines, steps,
// points, bars and intervals; what they mean is the caller's. The same plot and gnuplot give the
// same bytes. gnuplot is a program on the user's machine, started only here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace edgecut::results {

enum class PlotStyle : unsigned char {
  kLine,
  kSteps,  // y holds from its x to the next one
  kPoints,
  kLinePoints,
  kBars,   // from 0 to y, half a unit of x wide at most
  kMarks,  // triangles that stand on their points, to point something out
};

/// A value that is not finite leaves a gap in the line.
struct PlotPoint {
  double x = 0;
  double y = 0;
  /// The ends of an interval around y, drawn as a bar with caps.
  std::optional<std::pair<double, double>> interval{};
};

struct PlotSeries {
  std::string title;
  std::vector<PlotPoint> points;
  PlotStyle style = PlotStyle::kLine;
};

struct PlotAxis {
  std::string label;  // with its unit
  bool logarithmic = false;
  std::optional<double> min{};
  std::optional<double> max{};
  /// Named places instead of numbers, for categories.
  std::vector<std::pair<double, std::string>> names{};
  /// Names that stand upright, where there are too many to lie beside each other.
  bool names_upright = false;
};

struct PlotPanel {
  std::string title;
  PlotAxis x;
  PlotAxis y;
  std::vector<PlotSeries> series;
};

struct Plot {
  std::vector<PlotPanel> panels;  // from the top
  int width_px = 900;
  int panel_height_px = 360;
};

/// Throws OutputError unless the name ends in .svg or .png. For commands that work for long before
/// they draw; `write_plot` asks too.
void check_plot_path(const std::filesystem::path& path);

/// Draws into the file, which appears whole or not at all. Throws OutputError for another
/// extension, when gnuplot is missing or fails (with what it said), and when the file cannot be
/// written.
void write_plot(const Plot& plot, const std::filesystem::path& path);

/// The bytes that `write_plot` would write into a file of this name.
std::string draw_plot(const Plot& plot, const std::filesystem::path& name);

/// What gnuplot is given, data included; it draws to its standard output. `terminal` is "svg" or
/// "pngcairo". At least one panel, each with at least one series.
std::string plot_script(const Plot& plot, const std::string& terminal);

}  // namespace edgecut::results

#include "results/plot.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "results/atomic_file.hpp"
#include "results/output_folder.hpp"

namespace edgecut::results {
namespace {

using base::format_number;

// Told apart by people who see colours differently (Okabe and Ito, Color Universal Design, 2008).
constexpr std::array<std::string_view, 8> kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                                      "#e69f00", "#56b4e9", "#000000", "#8c8c00"};

constexpr std::string_view kMarkColour = "#c00000";

// In single quotes gnuplot takes every character for itself; a quote is doubled.
std::string gnuplot_text(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    result += c == '\'' ? "'" : "";
  }
  return result + "'";
}

// The text of a tic is a format: a percent sign is doubled.
std::string tic_text(std::string_view name) {
  std::string text;
  for (const char c : name) {
    text += c == '%' ? "%%" : std::string(1, c);
  }
  return gnuplot_text(text);
}

// About what a character of a title takes, and its share of the margins, px.
constexpr int kCharacterWidthPx = 9;

// Where the characters of a text in UTF-8 begin.
std::vector<std::size_t> characters(std::string_view text) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) {
      places.push_back(i);
    }
  }
  return places;
}

// A word that is longer than a line without its middle: of a path, the file's name stays.
std::string shortened(std::string_view word, std::size_t length_max) {
  const auto places = characters(word);
  if (places.size() <= length_max) {
    return std::string(word);
  }
  const std::size_t start = length_max / 4;
  return std::string(word.substr(0, places[start])) + "..." +
         std::string(word.substr(places[places.size() - (length_max - start - 3)]));
}

// Lines that fit into the width, broken at blanks.
std::string title_text(std::string_view title, int width_px) {
  const auto length_max = static_cast<std::size_t>(width_px / kCharacterWidthPx);
  std::string text;
  std::string line;
  for (const std::string_view part : base::split(title, ' ')) {
    const std::string word = shortened(part, length_max);
    if (!line.empty() && characters(line).size() + 1 + characters(word).size() > length_max) {
      text += gnuplot_text(line) + ".\"\\n\".";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return text + gnuplot_text(line);
}

std::string block_name(std::size_t panel, std::size_t series) {
  return "$data_" + std::to_string(panel) + "_" + std::to_string(series);
}

bool has_intervals(const PlotSeries& series) {
  for (const PlotPoint& point : series.points) {
    if (point.interval) {
      return true;
    }
  }
  return false;
}

// Bars that do not start at 0 mislead.
bool has_bars(const PlotPanel& panel) {
  return std::any_of(panel.series.begin(), panel.series.end(),
                     [](const PlotSeries& series) { return series.style == PlotStyle::kBars; });
}

// Rows of x, y, low, high; without an interval its ends are y.
std::string data_block(const PlotSeries& series, const std::string& name) {
  std::string text = name + " << EOD\n";
  for (const PlotPoint& point : series.points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
      text += '\n';
      continue;
    }
    const auto [low, high] = point.interval.value_or(std::pair{point.y, point.y});
    text += format_number(point.x) + " " + format_number(point.y) + " " + format_number(low) + " " +
            format_number(high) + "\n";
  }
  return text + "EOD\n";
}

std::string axis_commands(const PlotAxis& axis, const std::string& letter) {
  std::string text = "set " + letter + "label " + gnuplot_text(axis.label) +
                     (letter == "x" ? " offset 0,0.4" : "") + "\n";
  text += (axis.logarithmic ? "set logscale " : "unset logscale ") + letter + "\n";
  text += "set " + letter + "range [" + (axis.min ? format_number(*axis.min) : "*") + ":" +
          (axis.max ? format_number(*axis.max) : "*") + "]\n";
  text += "set " + letter + "tics autofreq norotate\n";
  if (!axis.names.empty()) {
    text += "set " + letter + "tics (";
    for (const auto& [place, name] : axis.names) {
      text += (text.back() == '(' ? "" : ", ") + tic_text(name) + " " + format_number(place);
    }
    text += axis.names_upright ? ") rotate by 90 right\n" : ")\n";
  }
  return text;
}

std::string_view style_words(PlotStyle style) {
  switch (style) {
    case PlotStyle::kLine:
      return "lines linewidth 1.5";
    case PlotStyle::kSteps:
      return "steps linewidth 1.2";
    case PlotStyle::kPoints:
      return "points pointtype 7 pointsize 0.6";
    case PlotStyle::kLinePoints:
      return "linespoints linewidth 1.5 pointtype 7 pointsize 0.6";
    case PlotStyle::kBars:
      return "boxes fill solid 0.6";
    case PlotStyle::kMarks:
      return "points pointtype 11 pointsize 1.3";
  }
  return "lines";
}

std::string plot_command(const PlotPanel& panel, std::size_t index) {
  std::string text = "plot ";
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    const PlotSeries& series = panel.series[i];
    const bool marks = series.style == PlotStyle::kMarks;
    const std::string colour =
        " linecolor rgb " + gnuplot_text(marks ? kMarkColour : kColours[i % kColours.size()]);
    text += i > 0 ? ", \\\n  " : "";
    text += block_name(index, i) + " using 1:2 with ";
    text += style_words(series.style);
    text += colour + (series.title.empty() ? " notitle" : " title " + gnuplot_text(series.title));
    if (has_intervals(series)) {
      text += ", \\\n  " + block_name(index, i) +
              " using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.4 linewidth 1.2" +
              (series.style == PlotStyle::kBars ? " linecolor rgb '#404040'" : colour) + " notitle";
    }
  }
  return text + "\n";
}

std::string_view terminal_of(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".svg") {
    return "svg";
  }
  if (extension == ".png") {
    return "pngcairo";
  }
  throw OutputError(path.string(), "a plot ends in .svg or .png");
}

using TemporaryFile = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Without a name: nothing is left behind, whatever happens.
TemporaryFile temporary_file(const std::string& where) {
  TemporaryFile file(std::tmpfile(), &std::fclose);
  if (!file) {
    throw OutputError(where, std::string("no temporary file for gnuplot: ") + std::strerror(errno));
  }
  return file;
}

std::string contents(std::FILE* file) {
  std::string text;
  std::array<char, 1U << 14U> chunk{};
  std::rewind(file);
  for (std::size_t count = 0; (count = std::fread(chunk.data(), 1, chunk.size(), file)) > 0;) {
    text.append(chunk.data(), count);
  }
  return text;
}

// What gnuplot draws for a script.
std::string run_gnuplot(const std::string& script, const std::string& where) {
  const TemporaryFile input = temporary_file(where);
  const TemporaryFile output = temporary_file(where);
  const TemporaryFile messages = temporary_file(where);
  if (std::fwrite(script.data(), 1, script.size(), input.get()) != script.size() ||
      std::fflush(input.get()) != 0) {
    throw OutputError(where, std::string("no room for gnuplot's data: ") + std::strerror(errno));
  }
  std::rewind(input.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(messages.get()), STDERR_FILENO);
  std::array<std::string, 2> words = {"gnuplot", "-"};
  std::array<char*, 3> arguments = {words[0].data(), words[1].data(), nullptr};
  pid_t child = 0;
  const int error = posix_spawnp(&child, "gnuplot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw OutputError(where, std::string("plots need the program gnuplot, which does not start (") +
                                 std::strerror(error) + "); Debian's package is gnuplot-nox");
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::string drawn = contents(output.get());
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || drawn.empty()) {
    const std::string said = contents(messages.get());
    throw OutputError(where, "gnuplot failed: " + std::string(base::trim(said)));
  }
  return drawn;
}

}  // namespace

void check_plot_path(const std::filesystem::path& path) { static_cast<void>(terminal_of(path)); }

std::string plot_script(const Plot& plot, const std::string& terminal) {
  EC_CHECK(!plot.panels.empty(), "a plot has a panel");
  const auto count = static_cast<int>(plot.panels.size());
  std::string text;
  for (std::size_t i = 0; i < plot.panels.size(); ++i) {
    EC_CHECK(!plot.panels[i].series.empty(), "a panel has a series");
    for (std::size_t j = 0; j < plot.panels[i].series.size(); ++j) {
      text += data_block(plot.panels[i].series[j], block_name(i, j));
    }
  }
  text += "set encoding utf8\n";
  text += "set terminal " + terminal + " noenhanced size " + std::to_string(plot.width_px) + "," +
          std::to_string(plot.panel_height_px * count) + " background rgb 'white'\n";
  text +=
      "set border 3\nset tics nomirror out\nset grid linetype 1 linewidth 0.5 linecolor rgb "
      "'#d8d8d8'\n";
  text += "set boxwidth 0.5\nset key below center horizontal Left reverse\n";
  if (count > 1) {
    text += "set multiplot layout " + std::to_string(count) + ",1\n";
  }
  for (std::size_t i = 0; i < plot.panels.size(); ++i) {
    const PlotPanel& panel = plot.panels[i];
    PlotAxis y = panel.y;
    if (!y.min && !y.logarithmic && has_bars(panel)) {
      y.min = 0;
    }
    text += "set title " + title_text(panel.title, plot.width_px) + "\n";
    text += axis_commands(panel.x, "x") + axis_commands(y, "y") + plot_command(panel, i);
  }
  return text + (count > 1 ? "unset multiplot\n" : "");
}

std::string draw_plot(const Plot& plot, const std::filesystem::path& name) {
  const std::string terminal(terminal_of(name));
  return run_gnuplot(plot_script(plot, terminal), name.string());
}

void write_plot(const Plot& plot, const std::filesystem::path& path) {
  write_file_atomically(path, draw_plot(plot, path));
}

}  // namespace edgecut::results

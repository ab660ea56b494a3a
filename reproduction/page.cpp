#include "reproduction/page.hpp"

#include <cmath>

#include "base/text.hpp"
#include "results/csv.hpp"

namespace edgecut::reproduction {
namespace {

using results::CsvCell;

std::string number(double value, const std::string& unit) {
  if (unit == "%") {
    return base::format_significant(100 * value, 3) + " %";
  }
  return base::format_significant(value, 4) + (unit.empty() ? "" : " ") + unit;
}

std::string simulated_cell(const Comparison& comparison) {
  std::string text = number(comparison.simulated, comparison.unit);
  if (comparison.half_width) {
    text += " ± " + base::format_significant(*comparison.half_width, 2);
  }
  return text;
}

std::string deviation_cell(const Comparison& comparison) {
  const auto deviation = comparison.deviation();
  if (!deviation) {
    return "-";
  }
  return (*deviation < 0 ? "" : "+") + base::format_fixed(100 * *deviation, 1) + " %";
}

std::string figure_section(const Figure& figure, bool with_plots) {
  std::string text = "\n## " + figure.id + ": " + figure.title + "\n";
  if (!figure.comparisons.empty()) {
    text += "| | simulated | published | deviation |\n|---|---|---|---|\n";
    for (const Comparison& comparison : figure.comparisons) {
      text += "| " + comparison.what + " | " + simulated_cell(comparison) + " | " +
              (comparison.published ? number(*comparison.published, comparison.unit) : "-") +
              " | " + deviation_cell(comparison) + " |\n";
    }
  }
  for (const std::string& remark : figure.remarks) {
    text += "\n" + remark + "\n";
  }
  std::string files;
  for (const auto& [name, csv] : figure.tables) {
    files += (files.empty() ? "" : ", ") + ("[" + name + "](" + name + ")");
  }
  text += "\nData: " + files + "\n";
  for (const auto& [name, plot] : with_plots ? figure.plots : decltype(figure.plots)()) {
    text += "\n![" + figure.title + "](" + name + ".svg)\n";
  }
  return text;
}

}  // namespace

std::string page(const Study& study, const std::vector<Figure>& figures, bool with_plots) {
  std::string text =
      "# The study, simulated and published\n\nPublished values: " + study.published_source +
      ".\nDeviation is simulated over published, less one. Nothing is fitted to "
      "published results: costs are calibrated to measurements\nof the hardware "
      "alone (docs/validation.md).\n";
  for (const Figure& figure : figures) {
    text += figure_section(figure, with_plots);
  }
  return text;
}

std::string comparisons_csv(const std::vector<Figure>& figures) {
  std::string text = results::csv_line(
      {"figure", "what", "unit", "simulated", "half_width", "published", "deviation"});
  for (const Figure& figure : figures) {
    for (const Comparison& one : figure.comparisons) {
      text += results::csv_line({figure.id, one.what, one.unit, one.simulated, one.half_width,
                                 one.published, one.deviation()});
    }
  }
  return text;
}

std::vector<std::string> write_figures(const results::OutputFolder& output, const Study& study,
                                       const std::vector<Figure>& figures, bool with_plots) {
  std::vector<std::string> messages;
  output.write("README.md", page(study, figures, with_plots));
  output.write("comparisons.csv", comparisons_csv(figures));
  for (const Figure& figure : figures) {
    for (const auto& [name, csv] : figure.tables) {
      output.write(name, csv);
    }
    for (const auto& [name, plot] : with_plots ? figure.plots : decltype(figure.plots)()) {
      try {
        output.write(name + ".svg", results::draw_plot(plot, name + ".svg"));
      } catch (const base::ConfigError& error) {
        messages.emplace_back(error.what());
      }
    }
  }
  return messages;
}

}  // namespace edgecut::reproduction

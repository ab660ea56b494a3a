// `edgecut reproduce`: the study's figures and tables, simulated beside published.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/number_between.hpp"
#include "cli/run_info.hpp"
#include "reproduction/page.hpp"
#include "results/text_table.hpp"
#include "sim/run_control.hpp"

namespace edgecut::cli {
namespace {

struct ReproduceArguments {
  std::vector<std::string> figures;
  std::string study;
  std::string out;
  std::string trace_directory;
  unsigned threads = 0;
  bool no_plots = false;
  bool quiet = false;
};

std::vector<reproduction::FigureEntry> entries_of(const std::vector<std::string>& wanted) {
  const auto& all = reproduction::figure_entries();
  if (wanted.empty() || std::find(wanted.begin(), wanted.end(), "all") != wanted.end()) {
    return all;
  }
  std::vector<reproduction::FigureEntry> entries;
  for (const reproduction::FigureEntry& entry : all) {
    if (std::find(wanted.begin(), wanted.end(), entry.id) != wanted.end()) {
      entries.push_back(entry);
    }
  }
  return entries;
}

std::vector<std::string> figure_names() {
  std::vector<std::string> names = {"all"};
  for (const reproduction::FigureEntry& entry : reproduction::figure_entries()) {
    names.push_back(entry.id);
  }
  return names;
}

std::string comparison_table(const std::vector<reproduction::Figure>& figures) {
  using results::Align;
  std::vector<std::vector<std::string>> cells;
  for (const reproduction::Figure& figure : figures) {
    for (const reproduction::Comparison& one : figure.comparisons) {
      const double scale = one.unit == "%" ? 100 : 1;
      const auto deviation = one.deviation();
      cells.push_back({figure.id, one.what, base::format_significant(scale * one.simulated, 4),
                       one.published ? base::format_significant(scale * *one.published, 4) : "-",
                       one.unit, deviation ? base::format_fixed(100 * *deviation, 1) + " %" : "-"});
    }
  }
  return results::text_table({{"figure"},
                              {"what"},
                              {"simulated", Align::kRight},
                              {"published", Align::kRight},
                              {"unit"},
                              {"deviation", Align::kRight}},
                             cells);
}

int reproduce(const ReproduceArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  const reproduction::Study study = reproduction::read_study(
      arguments.study.empty() ? reproduction::shipped_study().string() : arguments.study);
  if (!arguments.out.empty()) {
    // Better to hear of an unusable folder now than when the work is done.
    const results::OutputFolder probe(arguments.out);
  }
  reproduction::FigureOptions options;
  options.threads = arguments.threads > 0 ? arguments.threads : std::thread::hardware_concurrency();
  options.cancelled = &interrupted;
  options.trace_directory = arguments.trace_directory;
  std::vector<reproduction::Figure> figures;
  for (const reproduction::FigureEntry& entry : entries_of(arguments.figures)) {
    sim::throw_if_cancelled(&interrupted);
    if (!arguments.quiet) {
      std::cerr << "edgecut: " << entry.id << ": " << entry.title << '\n';
    }
    figures.push_back(reproduction::make_figure(entry, study, options));
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  if (!arguments.out.empty()) {
    results::OutputFolder output(arguments.out);
    for (const std::string& message :
         reproduction::write_figures(output, study, figures, !arguments.no_plots)) {
      std::cerr << "edgecut: no plot: " << message << '\n';
    }
    output.write(std::string(results::OutputFolder::kRunInfo),
                 scenarios::run_info_json(run_info(wall.count(), options.threads)));
    output.commit();
  }
  std::cout << comparison_table(figures) << '\n' << base::format_fixed(wall.count(), 1) << " s";
  if (!arguments.out.empty()) {
    std::cout << "; the page is " << arguments.out << "/README.md";
  }
  std::cout << '\n';
  return kDone;
}

}  // namespace

void add_reproduce_command(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<ReproduceArguments>();
  CLI::App* command = app.add_subcommand(
      "reproduce", "Make the figures of the 2015 study again, simulated beside published");
  command->add_option("figures", arguments->figures, "Which ones (default: all)")
      ->check(CLI::IsMember(figure_names()));
  command->add_option("--out,-o", arguments->out, "Folder for the page, CSVs and pictures");
  command->add_option("--study", arguments->study,
                      "Study file (default: the shipped scenarios/study/study.json)");
  command
      ->add_option("--trace-dir", arguments->trace_directory,
                   "Folder of bandwidth recordings, for what needs them")
      ->check(CLI::ExistingDirectory);
  command
      ->add_option("--threads", arguments->threads,
                   "Policies run at a time (default: one a core); results do not depend on it")
      ->check(number_between(0, kThreadsMax));
  command->add_flag("--no-plots", arguments->no_plots, "No pictures");
  command->add_flag("--quiet,-q", arguments->quiet, "No progress");
  command->callback([arguments, &exit_code] { exit_code = reproduce(*arguments); });
}

}  // namespace edgecut::cli

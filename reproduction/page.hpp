// The figures as a folder: CSVs, pictures, and one page that sets simulated beside published.
#pragma once

#include <string>
#include <vector>

#include "reproduction/figures.hpp"
#include "results/output_folder.hpp"

namespace edgecut::reproduction {

/// README.md of the folder, with its pictures or without.
std::string page(const Study& study, const std::vector<Figure>& figures, bool with_plots);
/// A row a comparison.
std::string comparisons_csv(const std::vector<Figure>& figures);

/// Everything but run_info.json. A picture that cannot be drawn is missing; the messages are
/// returned.
std::vector<std::string> write_figures(const results::OutputFolder& output, const Study& study,
                                       const std::vector<Figure>& figures, bool with_plots);

}  // namespace edgecut::reproduction

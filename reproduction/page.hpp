// The figures as a folder: CSVs, pictures, and one page that sets simulated beside published.
#pragma once

#include <string>
#include <vector>

#include "reproduction/figures.hpp"
#include "results/output_folder.hpp"

namespace edgecut::reproduction {

/// README.md of the folder.
std::string page(const Study& study, const std::vector<Figure>& figures);
/// A row a comparison.
std::string comparisons_csv(const std::vector<Figure>& figures);

/// Everything but run_info.json. A picture that cannot be drawn is left out; the messages are
/// returned.
std::vector<std::string> write_figures(const results::OutputFolder& output, const Study& study,
                                       const std::vector<Figure>& figures);

}  // namespace edgecut::reproduction

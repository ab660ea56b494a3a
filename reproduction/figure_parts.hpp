// What several figures are made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "results/plot.hpp"

namespace edgecut::reproduction {

/// "wifi-2015" -> "wifi".
std::string technology(const std::string& network);

/// Of positive values, at least one.
double geometric_mean(const std::vector<double>& values);

/// Bars side by side, a category each.
results::PlotPanel bars(const std::string& title, const std::string& y_label,
                        const std::vector<std::pair<std::string, double>>& values);

}  // namespace edgecut::reproduction

#include "reproduction/figure_parts.hpp"

#include <cmath>

namespace edgecut::reproduction {

std::string technology(const std::string& network) { return network.substr(0, network.find('-')); }

double geometric_mean(const std::vector<double>& values) {
  double logs = 0;
  for (const double value : values) {
    logs += std::log(value);
  }
  return std::exp(logs / static_cast<double>(values.size()));
}

results::PlotPanel bars(const std::string& title, const std::string& y_label,
                        const std::vector<std::pair<std::string, double>>& values) {
  results::PlotPanel panel;
  panel.title = title;
  panel.y.label = y_label;
  panel.x.names_upright = values.size() > 8;
  panel.x.min = -0.5;
  panel.x.max = static_cast<double>(values.size()) - 0.5;
  results::PlotSeries series{"", {}, results::PlotStyle::kBars};
  for (std::size_t i = 0; i < values.size(); ++i) {
    panel.x.names.emplace_back(static_cast<double>(i), values[i].first);
    series.points.push_back({static_cast<double>(i), values[i].second});
  }
  panel.series.push_back(std::move(series));
  return panel;
}

}  // namespace edgecut::reproduction

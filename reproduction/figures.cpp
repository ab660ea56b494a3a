#include "reproduction/figures.hpp"

namespace edgecut::reproduction {

std::optional<double> Comparison::deviation() const {
  if (!published || *published == 0) {
    return std::nullopt;
  }
  return simulated / *published - 1;
}

Comparison compare_with(const Study& study, const std::string& name, std::string what,
                        std::string unit, double simulated, std::optional<double> half_width) {
  return {std::move(what), std::move(unit), simulated, half_width, study.published_value(name)};
}

const std::vector<FigureEntry>& figure_entries() {
  static const std::vector<FigureEntry> entries = {
      {"tables", "Hardware and networks: measured and modelled totals", hardware_tables},
      {"fig3", "AlexNet: latency on the server and on the device", alexnet_latency},
      {"fig4", "AlexNet: energy of the device", alexnet_energy},
      {"fig5", "AlexNet: time and output of every layer", alexnet_layers},
      {"fig6", "AlexNet: latency and energy of every cut", alexnet_cuts},
      {"fig9", "The other DNNs: best cuts over Wi-Fi", other_cuts},
      {"fig11", "Latency against cloud-only, 48 configurations", latency_gains},
      {"fig12", "Energy against cloud-only, 48 configurations", energy_savings},
      {"fig13", "Latency against one decision a layer type", maui_comparison},
      {"fig14", "AlexNet while an LTE uplink varies", lte_variation},
      {"fig15", "AlexNet while other processes load the server", server_load},
      {"sensitivity", "The headline numbers under other assumptions", sensitivity},
      {"fig16", "Queries a second that the data centre sustains", throughput},
      {"beyond", "Beyond the study: radios, recordings, precision, later DNNs and policies",
       beyond},
  };
  return entries;
}

Figure make_figure(const FigureEntry& entry, const Study& study, const FigureOptions& options) {
  Figure figure = entry.make(study, options);
  figure.id = entry.id;
  figure.title = entry.title;
  return figure;
}

}  // namespace edgecut::reproduction

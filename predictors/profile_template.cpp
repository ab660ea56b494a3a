#include "predictors/profile_template.hpp"

#include <set>

#include "base/text.hpp"
#include "predictors/profile_row.hpp"

namespace edgecut::predictors {
namespace {

using workloads::LayerType;

bool is_measured(LayerType type) {
  return type != LayerType::kFlatten && type != LayerType::kReshape && type != LayerType::kDropout;
}

// Names are free text; a comma or a quote would end the cell.
std::string name_cell(const std::string& name) {
  std::string cell;
  for (const char c : name) {
    const bool is_plain = static_cast<unsigned char>(c) >= 0x20 && c != ',' && c != '"' && c != '#';
    cell += is_plain ? c : '_';
  }
  return cell;
}

std::string value_cells(const RowValues& row) {
  std::string cells;
  for (const auto& value : row.values) {
    cells += "," + (value ? base::format_number(*value) : std::string());
  }
  return cells;
}

}  // namespace

std::string profile_template(std::span<const workloads::Dnn> dnns) {
  std::string text =
      "# Fill in the time of each layer, one query, inside its network or run alone; the unit is "
      "in\n"
      "# the column's name (time_s, time_ms or time_us). A column power_w is welcome, in watts.\n"
      "dnn,layer,layer_type";
  for (const std::string& key : key_names()) {
    text += "," + key;
  }
  text += ",time_ms\n";
  std::set<std::string> seen;
  for (const workloads::Dnn& dnn : dnns) {
    for (const workloads::Layer& layer : dnn.layers()) {
      const std::string cells =
          std::string(workloads::layer_type_name(layer.type)) + value_cells(layer_row(layer));
      if (is_measured(layer.type) && seen.insert(cells).second) {
        text += name_cell(dnn.name()) + "," + name_cell(layer.name) + "," + cells + ",\n";
      }
    }
  }
  return text;
}

}  // namespace edgecut::predictors

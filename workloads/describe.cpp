#include "workloads/describe.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"
#include "workloads/network_inference.hpp"

namespace edgecut::workloads {
namespace {

struct TableColumn {
  std::string title;
  bool is_number = false;
  std::vector<std::string> cells = {};
};

// Characters of a UTF-8 text, near enough to columns of a terminal for names in Latin letters.
std::size_t text_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string mflop(base::Work work) { return base::format_fixed(base::in_flop(work) / 1e6, 3); }
std::string whole(double value) { return base::format_fixed(value, 0); }

std::string input_names(const Dnn& dnn, const Layer& layer) {
  std::string text;
  for (const std::uint32_t input : layer.inputs) {
    text += (text.empty() ? "" : " ");
    text += input == kNetworkInput ? std::string(kInputName) : dnn.layers()[input].name;
  }
  return text;
}

std::vector<TableColumn> columns_of(const Dnn& dnn) {
  TableColumn index{.title = "#", .is_number = true};
  TableColumn name{.title = "layer"};
  TableColumn type{.title = "type"};
  TableColumn inputs{.title = "inputs"};
  TableColumn shape{.title = "output"};
  TableColumn elements{.title = "elements", .is_number = true};
  TableColumn bytes{.title = "bytes", .is_number = true};
  TableColumn work{.title = "Mflop", .is_number = true};
  TableColumn weights{.title = "parameters", .is_number = true};
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    const Layer& layer = dnn.layers()[i];
    index.cells.push_back(std::to_string(i + 1));
    name.cells.push_back(layer.name);
    type.cells.emplace_back(layer_type_name(layer.type));
    inputs.cells.push_back(input_names(dnn, layer));
    shape.cells.push_back(shape_text(layer.output));
    elements.cells.push_back(std::to_string(layer.output.elements()));
    bytes.cells.push_back(whole(base::in_bytes(dnn.output_size(i))));
    work.cells.push_back(mflop(layer.work));
    weights.cells.push_back(std::to_string(layer.weights));
  }
  for (TableColumn* empty : {&index, &type, &inputs, &shape, &elements, &bytes}) {
    empty->cells.emplace_back();
  }
  name.cells.emplace_back("total");
  work.cells.push_back(mflop(dnn.work()));
  weights.cells.push_back(std::to_string(dnn.weights()));
  std::vector<TableColumn> columns = {index, name, type};
  if (!dnn.is_chain()) {
    columns.push_back(inputs);
  }
  columns.insert(columns.end(), {shape, elements, bytes, work, weights});
  return columns;
}

std::string table(const std::vector<TableColumn>& columns) {
  std::vector<std::string> lines(columns.front().cells.size() + 1);
  for (const TableColumn& column : columns) {
    std::size_t width = text_width(column.title);
    for (const std::string& cell : column.cells) {
      width = std::max(width, text_width(cell));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string& cell = i == 0 ? column.title : column.cells[i - 1];
      const std::string blanks(width - text_width(cell), ' ');
      lines[i] += "  " + (column.is_number ? blanks + cell : cell + blanks);
    }
  }
  std::string text;
  for (std::string& line : lines) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string describe(const Dnn& dnn) {
  std::string text = dnn.name() + (dnn.title().empty() ? "" : ": " + dnn.title()) + "\n";
  if (!dnn.source().empty()) {
    text += "source: " + dnn.source() + "\n";
  }
  text += "input: " + shape_text(dnn.input_shape()) + ", " +
          base::format_number(base::in_bytes(dnn.input_size())) + " bytes when sent unprocessed\n";
  for (const std::string& note : dnn.notes()) {
    text += "note: " + note + "\n";
  }
  text += dnn.output_is_uploaded() ? "output: uploaded even when every layer runs on the device\n"
                                   : "output: stays on the device when every layer runs there\n";
  return text + table(columns_of(dnn));
}

nlohmann::ordered_json describe_json(const Dnn& dnn) {
  const Shape& shape = dnn.input_shape();
  nlohmann::ordered_json model;
  model["name"] = dnn.name();
  model["source"] = dnn.source();
  model["layers"] = dnn.layers().size();
  model["is_chain"] = dnn.is_chain();
  model["parameters"] = dnn.weights();
  model["work_flop"] = static_cast<std::int64_t>(base::in_flop(dnn.work()));
  model["multiply_adds"] = static_cast<std::int64_t>(dnn.multiply_adds());
  model["input"] = {{"batch", shape.batch},
                    {"channels", shape.channels},
                    {"height", shape.height},
                    {"width", shape.width}};
  model["input_bytes"] = base::in_bytes(dnn.input_size());
  nlohmann::ordered_json report;
  report["model"] = std::move(model);
  report["notes"] = dnn.notes();
  return report;
}

}  // namespace edgecut::workloads

#include "predictors/calibration_tables.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace edgecut::predictors {
namespace {

constexpr std::size_t kTableBytesMax = 16U << 20U;
constexpr double kMicrosecondsMax = 1e12;
constexpr double kCountMax = 1e6;

struct Row {
  std::string where;  // "table.csv:17"
  std::vector<std::string> cells;
};

struct Table {
  std::string where;
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

Table read_table(const std::filesystem::path& path, base::Problems& problems) {
  const std::string text = base::read_file(path, kTableBytesMax);
  Table table;
  table.where = path.string();
  std::size_t number = 0;
  for (const std::string_view line : base::split(text, '\n')) {
    ++number;
    if (base::trim(line).empty() || line.front() == '#') {
      continue;
    }
    Row row{path.string() + ":" + std::to_string(number), {}};
    for (const std::string_view cell : base::split(line, ',')) {
      row.cells.emplace_back(base::trim(cell));
    }
    if (table.columns.empty()) {
      table.columns = row.cells;
    } else if (row.cells.size() != table.columns.size()) {
      problems.add(row.where, "found " + std::to_string(row.cells.size()) +
                                  " cells, the header has " + std::to_string(table.columns.size()));
    } else {
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

// The header must start with `expected`; false and a problem otherwise.
bool check_columns(const Table& table, const std::vector<std::string>& expected,
                   base::Problems& problems) {
  if (table.columns.size() >= expected.size() &&
      std::equal(expected.begin(), expected.end(), table.columns.begin())) {
    return true;
  }
  std::string text;
  for (const std::string& column : expected) {
    text += (text.empty() ? "" : ",") + column;
  }
  problems.add(table.where, "expected a header that starts with " + text);
  return false;
}

double positive(const Row& row, std::size_t column, double max, base::Problems& problems) {
  const std::optional<double> value = base::parse_number(row.cells[column]);
  if (!value || !(*value > 0) || *value > max) {
    problems.add(row.where, "column " + std::to_string(column + 1) + ": expected a number in (0, " +
                                base::format_number(max) + "], found \"" + row.cells[column] +
                                "\"");
    return 1;
  }
  return *value;
}

// A count that may be left out.
std::int64_t count(const Row& row, std::size_t column, base::Problems& problems) {
  if (row.cells[column].empty()) {
    return 0;
  }
  const double value = positive(row, column, kCountMax, problems);
  if (value != std::floor(value)) {
    problems.add(row.where, "column " + std::to_string(column + 1) + ": expected a whole number");
  }
  return static_cast<std::int64_t>(value);
}

// Columns from `first` on are "<device>_us".
std::map<std::string, base::Duration> read_times(const Table& table, const Row& row,
                                                 std::size_t first, base::Problems& problems) {
  constexpr std::string_view kUnit = "_us";
  std::map<std::string, base::Duration> times;
  for (std::size_t c = first; c < table.columns.size(); ++c) {
    const std::string& column = table.columns[c];
    if (column.size() <= kUnit.size() || !column.ends_with(kUnit)) {
      problems.add(table.where, "column \"" + column + "\": expected <device>_us");
    } else if (!row.cells[c].empty()) {
      times[column.substr(0, column.size() - kUnit.size())] =
          base::seconds(positive(row, c, kMicrosecondsMax, problems) * 1e-6);
    }
  }
  return times;
}

// A network of this one layer infers what the table does not hold.
void read_single_layer(const Table& table, const Row& row, CalibrationTables& tables,
                       base::Problems& problems) {
  const std::vector<std::string>& types = workloads::layer_type_names();
  const auto type = std::find(types.begin(), types.end(), row.cells[0]);
  if (type == types.end()) {
    problems.add(row.where, "unknown layer type \"" + row.cells[0] + "\"" +
                                base::suggestion(row.cells[0], types));
    return;
  }
  workloads::Layer layer;
  layer.name = "single";
  layer.type = static_cast<workloads::LayerType>(type - types.begin());
  layer.inputs = {workloads::kNetworkInput};
  workloads::LayerParameters& p = layer.parameters;
  p.outputs = count(row, 4, problems);
  p.kernel_height = std::max<std::int64_t>(1, count(row, 5, problems));
  p.kernel_width = p.kernel_height;
  p.stride = std::max<std::int64_t>(1, count(row, 6, problems));
  p.local_size = count(row, 7, problems);
  workloads::Dnn::Description description;
  description.name = "single";
  description.input = {.channels = count(row, 1, problems),
                       .height = count(row, 2, problems),
                       .width = count(row, 3, problems)};
  description.input_size = base::bytes(4.0 * static_cast<double>(description.input.elements()));
  description.layers = {layer};
  try {
    const workloads::Dnn dnn(description, row.where);
    tables.single_layers.push_back({dnn.layers()[0], read_times(table, row, 8, problems)});
  } catch (const base::ConfigError& error) {
    problems.add(error);
  }
}

void read_total(const Row& row, CalibrationTables& tables, base::Problems& problems) {
  MeasuredTotal total;
  total.device = row.cells[0];
  total.dnn = row.cells[1];
  total.time = base::milliseconds(positive(row, 2, kMicrosecondsMax, problems));
  if (!row.cells[3].empty()) {
    total.power = base::watts(positive(row, 3, 1e5, problems));
  }
  tables.totals.push_back(std::move(total));
}

}  // namespace

CalibrationTables load_calibration_tables(const std::filesystem::path& folder) {
  base::Problems problems;
  CalibrationTables tables;
  const Table layers = read_table(folder / "measured-layers.csv", problems);
  if (check_columns(layers, {"dnn", "layer"}, problems)) {
    for (const Row& row : layers.rows) {
      tables.layers.push_back({row.cells[0], row.cells[1], read_times(layers, row, 2, problems)});
    }
  }
  const Table singles = read_table(folder / "single-layers.csv", problems);
  if (check_columns(singles,
                    {"layer_type", "channels", "height", "width", "outputs", "kernel", "stride",
                     "local_size"},
                    problems)) {
    for (const Row& row : singles.rows) {
      read_single_layer(singles, row, tables, problems);
    }
  }
  const Table totals = read_table(folder / "totals.csv", problems);
  if (check_columns(totals, {"device", "dnn", "time_ms", "power_w"}, problems)) {
    for (const Row& row : totals.rows) {
      read_total(row, tables, problems);
    }
  }
  problems.throw_if_any();
  return tables;
}

}  // namespace edgecut::predictors

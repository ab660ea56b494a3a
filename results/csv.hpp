// Tables as CSV (RFC 4180 quoting, a header line, lines end in LF).
//
// Numbers are the shortest text that reads back to the same double. An absent value is an empty
// field; NaN and infinity are refused, since a table must not carry them unseen into a plot.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace edgecut::results {

/// One field: nothing, a number, a whole number or text.
class CsvCell {
 public:
  CsvCell() = default;
  CsvCell(double value) : value_(value) {}
  CsvCell(std::string value) : value_(std::move(value)) {}
  CsvCell(std::string_view value) : value_(std::string(value)) {}
  CsvCell(const char* value) : value_(std::string(value)) {}
  CsvCell(bool value) : value_(std::string(value ? "true" : "false")) {}
  template <class Whole>
  requires(std::is_integral_v<Whole> && !std::is_same_v<Whole, bool>) CsvCell(Whole value)
      : value_(std::conditional_t<std::is_signed_v<Whole>, std::int64_t, std::uint64_t>{value}) {}
  template <class Value>
  CsvCell(const std::optional<Value>& value) : CsvCell(value ? CsvCell(*value) : CsvCell()) {}

  /// Appends the field, quoted where the format wants it. Throws InternalError for NaN or infinity.
  void append_to(std::string& line) const;

 private:
  std::variant<std::monostate, double, std::int64_t, std::uint64_t, std::string> value_;
};

/// A column, declared once: its name (with unit) and what a row has in it.
template <class Row>
struct CsvColumn {
  std::string name;
  std::function<CsvCell(const Row&)> cell;
};

/// One line of fields, with its line end.
std::string csv_line(const std::vector<CsvCell>& cells);

template <class Row>
std::string csv_header(const std::vector<CsvColumn<Row>>& columns) {
  std::vector<CsvCell> cells;
  cells.reserve(columns.size());
  for (const CsvColumn<Row>& column : columns) {
    cells.emplace_back(column.name);
  }
  return csv_line(cells);
}

template <class Row>
std::string csv_row(const std::vector<CsvColumn<Row>>& columns, const Row& row) {
  std::vector<CsvCell> cells;
  cells.reserve(columns.size());
  for (const CsvColumn<Row>& column : columns) {
    cells.push_back(column.cell(row));
  }
  return csv_line(cells);
}

/// Header and rows.
template <class Row>
std::string csv_table(const std::vector<CsvColumn<Row>>& columns, const std::vector<Row>& rows) {
  std::string text = csv_header(columns);
  for (const Row& row : rows) {
    text += csv_row(columns, row);
  }
  return text;
}

}  // namespace edgecut::results

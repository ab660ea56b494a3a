#include "results/text_table.hpp"

#include <algorithm>
#include <string_view>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

std::size_t width_of(std::string_view text) {
  // Bytes that continue a UTF-8 code point are 10xxxxxx.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

}  // namespace

std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  std::vector<std::string> header;
  for (const TextColumn& column : columns) {
    header.push_back(column.header);
    widths.push_back(width_of(column.header));
  }
  for (const auto& row : rows) {
    EC_CHECK(row.size() == columns.size(), "a table row has a cell for every column");
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i]));
    }
  }
  std::string text;
  const auto append = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string blanks(widths[i] - width_of(cells[i]), ' ');
      line += i > 0 ? "  " : "";
      line += columns[i].align == Align::kLeft ? cells[i] + blanks : blanks + cells[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  append(header);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) {
    rule.emplace_back(width, '-');
  }
  append(rule);
  for (const auto& row : rows) {
    append(row);
  }
  return text;
}

}  // namespace edgecut::results

// Plain-text tables with aligned columns, for a terminal.
#pragma once

#include <string>
#include <vector>

namespace edgecut::results {

enum class Align : unsigned char { kLeft, kRight };

struct TextColumn {
  std::string header;
  Align align = Align::kLeft;
};

/// Header, a rule and the rows, two blanks between columns, none at line ends. Every row has a cell
/// for every column. Width is counted in code points, so "±" and "µ" take one place.
std::string text_table(const std::vector<TextColumn>& columns,
                       const std::vector<std::vector<std::string>>& rows);

}  // namespace edgecut::results

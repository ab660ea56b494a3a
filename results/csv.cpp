#include "results/csv.hpp"

#include <cmath>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace edgecut::results {
namespace {

void append_text(std::string& line, const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') {
      line += '"';
    }
    line += c;
  }
  line += '"';
}

}  // namespace

void CsvCell::append_to(std::string& line) const {
  if (const auto* number = std::get_if<double>(&value_)) {
    EC_CHECK(std::isfinite(*number), "a table holds finite numbers only");
    line += base::format_number(*number);
  } else if (const auto* whole = std::get_if<std::int64_t>(&value_)) {
    line += std::to_string(*whole);
  } else if (const auto* count = std::get_if<std::uint64_t>(&value_)) {
    line += std::to_string(*count);
  } else if (const auto* text = std::get_if<std::string>(&value_)) {
    append_text(line, *text);
  }
}

std::string csv_line(const std::vector<CsvCell>& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) {
      line += ',';
    }
    cells[i].append_to(line);
  }
  line += '\n';
  return line;
}

}  // namespace edgecut::results

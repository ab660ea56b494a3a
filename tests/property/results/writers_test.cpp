#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "base/text.hpp"
#include "results/csv.hpp"
#include "results/json_text.hpp"

namespace edgecut::results {
namespace {

constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15ULL;  // odd, so every double is reached

// A reader of RFC 4180 for one line, written from its grammar.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {  // without the line end
    const char c = line[i];
    if (quoted && c == '"' && line[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

TEST_CASE("any text survives CSV") {
  CHECK(rc::check([] {
    const auto texts = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
        rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab,\"\n\r ;'\t")))));
    std::vector<CsvCell> cells;
    for (const std::string& text : texts) {
      cells.emplace_back(text);
    }
    RC_ASSERT(fields_of(csv_line(cells)) == texts);
  }));
}

TEST_CASE("any finite number survives JSON and CSV to the bit") {
  CHECK(rc::check([] {
    // Any exponent from the first test on: generated whole numbers start small.
    const auto number = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>() * kSpread);
    RC_PRE(std::isfinite(number));
    const auto back = nlohmann::json::parse(json_text(number)).get<double>();
    RC_ASSERT(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(number));
    RC_ASSERT(base::parse_number(csv_line({number})) == number);
  }));
}

}  // namespace
}  // namespace edgecut::results

#include "base/text.hpp"

#include <limits>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut::base;

TEST_CASE("format_number gives the shortest text that reads back to the same double") {
  for (const double value : {0.1, 1.0 / 3, 1e21, -2.5e-300, 5e-324, 0.0, 123456789.0}) {
    const auto back = parse_number(format_number(value));
    REQUIRE(back);
    CHECK(*back == value);
  }
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(1e21) == "1e+21");
  CHECK(format_number(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("fixed and significant formats round as asked") {
  CHECK(format_fixed(12.3, 2) == "12.30");
  CHECK(format_fixed(-0.005, 1) == "-0.0");
  CHECK(format_significant(0.012345, 3) == "0.0123");
  CHECK(format_significant(1.2e-5, 3) == "1.2e-05");
  CHECK(format_significant(1e300, 2) == "1e+300");
}

TEST_CASE("parse_number takes one finite number and nothing else") {
  CHECK(parse_number(" 1.5\t") == 1.5);
  CHECK(parse_number("+2") == 2.0);
  CHECK(parse_number("-3e2") == -300.0);
  for (const std::string_view bad :
       {"", " ", "1 2", "1,5", "nan", "inf", "-inf", "1e999", "0x10", "1.5s", "--1", "+-1", "e5"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_number(bad));
  }
}

TEST_CASE("split keeps empty pieces, split_blanks drops them") {
  using Pieces = std::vector<std::string_view>;
  CHECK(split("a,,b", ',') == Pieces{"a", "", "b"});
  CHECK(split("", ',') == Pieces{""});
  CHECK(split(",", ',') == Pieces{"", ""});
  CHECK(split_blanks("  a \t b ") == Pieces{"a", "b"});
  CHECK(split_blanks(" \t").empty());
  CHECK(trim("\t a b \r\n") == "a b");
  CHECK(trim("  ").empty());
}

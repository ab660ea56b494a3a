#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "results/csv.hpp"
#include "results/format.hpp"
#include "results/json_text.hpp"
#include "results/text_table.hpp"

namespace edgecut::results {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("CSV quotes what RFC 4180 wants quoted and nothing else") {
  CHECK(csv_line({"plain", "a,b", "say \"hi\"", "two\nlines", " blank "}) ==
        "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\", blank \n");
}

TEST_CASE("CSV numbers read back to the same value, and absent values are empty") {
  const std::optional<double> absent;
  CHECK(csv_line({0.1, 1.0 / 3, 1e300, std::optional(2.5), absent}) ==
        "0.1,0.3333333333333333,1e+300,2.5,\n");
  CHECK(csv_line({std::uint64_t{18446744073709551615U}, -3, true}) ==
        "18446744073709551615,-3,true\n");
  CHECK_THROWS_AS((void)csv_line({kNan}), base::InternalError);
  CHECK_THROWS_AS((void)csv_line({std::optional(std::numeric_limits<double>::infinity())}),
                  base::InternalError);
}

TEST_CASE("a CSV table has its columns declared once, with header and cell together") {
  struct Row {
    std::string policy;
    std::optional<double> latency_s;
  };
  const std::vector<CsvColumn<Row>> columns = {
      {"policy", [](const Row& row) { return CsvCell(row.policy); }},
      {"latency_mean_s", [](const Row& row) { return CsvCell(row.latency_s); }}};
  CHECK(csv_table<Row>(columns, {{"cloud-only", 0.25}, {"fixed, 3", std::nullopt}}) ==
        "policy,latency_mean_s\ncloud-only,0.25\n\"fixed, 3\",\n");
}

TEST_CASE("JSON text keeps the order of keys and the shortest form of numbers") {
  nlohmann::ordered_json document;
  document["zebra"] = 0.1;
  document["apple"] = {1, 2.5, "x"};
  document["nested"] =
      nlohmann::ordered_json::array({{{"a", true}}, nlohmann::ordered_json::object()});
  put_if(document, "absent", std::optional<double>());
  put_if(document, "present", std::optional<double>(5e-324));
  CHECK(json_text(document) ==
        "{\n"
        "  \"zebra\": 0.1,\n"
        "  \"apple\": [1, 2.5, \"x\"],\n"
        "  \"nested\": [\n"
        "    {\n"
        "      \"a\": true\n"
        "    },\n"
        "    {}\n"
        "  ],\n"
        "  \"present\": 5e-324\n"
        "}\n");
  CHECK(nlohmann::ordered_json::parse(json_text(document)) == document);
}

TEST_CASE("JSON text refuses NaN with its place, and escapes strings") {
  nlohmann::ordered_json document;
  document["points"][0]["latency_s"] = kNan;
  try {
    (void)json_text(document);
    FAIL("NaN was written");
  } catch (const base::InternalError& error) {
    CHECK(std::string(error.what()).find("#/points/0/latency_s") != std::string::npos);
  }
  CHECK(json_text("quote \" and \n and \xff") == "\"quote \\\" and \\n and \xEF\xBF\xBD\"\n");
  CHECK(json_text(nlohmann::ordered_json()) == "null\n");
}

TEST_CASE("an estimate's JSON leaves out what is absent") {
  CHECK(estimate_json({1.5, std::nullopt, std::nullopt}).dump() == R"({"value":1.5})");
  CHECK(estimate_json({1.5, 0.5, -0.25}).dump() ==
        R"({"value":1.5,"half_width":0.5,"autocorrelation":-0.25})");
}

TEST_CASE("text tables align left and right by characters, not bytes") {
  const std::string table = text_table({{"policy"}, {"latency", Align::kRight}},
                                       {{"cloud", "9 ms ±1"}, {"a longer one", "120 µs"}});
  CHECK(table ==
        "policy        latency\n"
        "------------  -------\n"
        "cloud         9 ms ±1\n"
        "a longer one   120 µs\n");
  CHECK(text_table({{"a"}, {"b"}}, {{"x", ""}}) == "a  b\n-  -\nx\n");
  CHECK_THROWS_AS((void)text_table({{"a"}}, {{"x", "y"}}), base::InternalError);
}

TEST_CASE("a value is shown to the digits that its interval supports") {
  const auto shown = [](double value, std::optional<double> half_width) {
    return format_estimate({value, half_width, std::nullopt}, "ms");
  };
  CHECK(shown(123.4321, 1.234) == "123.4 ms ±1.2");
  CHECK(shown(123.4321, 12.34) == "123 ms ±12");
  CHECK(shown(123.4321, 0.01234) == "123.432 ms ±0.012");
  CHECK(shown(123.4321, 9.97) == "123 ms ±10");
  CHECK(shown(123456.7, 2345) == "123457 ms ±2345");
  CHECK(shown(123.4321, std::nullopt) == "123.4 ms");
  CHECK(shown(5, 0.0) == "5 ms ±0");
  CHECK(shown(-0.5, 0.25) == "-0.50 ms ±0.25");
}

TEST_CASE("seconds and joules take the prefix that suits the value") {
  CHECK(format_scaled({0.1234, 0.0012, std::nullopt}, "s") == "123.4 ms ±1.2");
  CHECK(format_scaled({12.34, 0.12, std::nullopt}, "J") == "12.34 J ±0.12");
  CHECK(format_scaled({12.5e-6, std::nullopt, std::nullopt}, "s") == "12.5 µs");
  CHECK(format_scaled({0, std::nullopt, std::nullopt}, "s") == "0 s");
  CHECK(format_bounds({-0.0121, 0.0009, std::nullopt}, "s") == "-12.10 ms [-13.00, -11.20]");
  CHECK(format_bounds({0.0001, 0.0123, std::nullopt}, "s") == "0 ms [-12, 12]");
  CHECK(format_bounds({0, 0, std::nullopt}, "J") == "0 J [0, 0]");
  CHECK(format_bounds({2.5, std::nullopt, std::nullopt}, "s") == "2.5 s");
}

}  // namespace
}  // namespace edgecut::results

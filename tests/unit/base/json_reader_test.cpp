#include "base/json_reader.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

using namespace edgecut::base;

namespace {

JsonDocument document(const std::string& text) { return JsonDocument::from_text(text, "t.json"); }

/// The problem told at a place, "" when there is none.
std::string told_at(const Problems& problems, const std::string& where) {
  for (const Problem& problem : problems.list()) {
    if (problem.where == where) {
      return problem.what;
    }
  }
  return "";
}

/// What `integer` says of one value, "" when it is taken.
std::string integer_problem(const std::string& value, Range range = Range::any()) {
  const auto json = document("{\"n\": " + value + "}");
  Problems problems;
  JsonObject object = json.root(problems).object();
  static_cast<void>(object.integer("n", range));
  return told_at(problems, "t.json#/n");
}

}  // namespace

TEST_CASE("values of the right type and range are read without a problem") {
  const auto json = document(R"({"x": 1.5, "n": 3, "whole": 3.0, "b": true, "s": "text",
                                 "list": [1, 2], "kind": "lte"})");
  Problems problems;
  JsonObject object = json.root(problems).object();
  CHECK(object.number("x", Range::between(1.5, 2)) == 1.5);
  CHECK(object.integer("n", Range::at_least(3)) == 3);
  CHECK(object.integer("whole") == 3);
  CHECK(object.boolean_or("b", false));
  CHECK(object.string("s") == "text");
  CHECK(object.array("list", 2).size() == 2);
  CHECK(object.array("list")[1].integer() == 2);
  CHECK(object.one_of("kind", {"wifi", "lte"}) == 1);
  CHECK(object.number_or("absent", 7) == 7);
  CHECK_FALSE(object.optional_number("absent2"));
  CHECK(object.string_or("absent3", "d") == "d");
  object.finish();
  CHECK(problems.empty());
}

TEST_CASE("every mistake of a document is told at once, at its pointer") {
  const auto json = document(R"({"links": [{"latency_s": "x", "bandwith_mbps": 5}, {}], "n": -1})");
  Problems problems;
  JsonObject object = json.root(problems).object();
  for (const JsonValue& value : object.array("links")) {
    JsonObject link = value.object();
    link.number("latency_s");
    link.number_or("bandwidth_mbps", 1);
    link.finish();
  }
  object.integer("n", Range::at_least(0));
  object.string("name");
  object.finish();
  CHECK(told_at(problems, "t.json#/links/0/latency_s") == "expected a number, got string \"x\"");
  CHECK(told_at(problems, "t.json#/links/0/bandwith_mbps") ==
        "unknown key, did you mean \"bandwidth_mbps\"?");
  CHECK(told_at(problems, "t.json#/links/1") == "missing key \"latency_s\"");
  CHECK(told_at(problems, "t.json#/n") == "expected a whole number >= 0, got number -1");
  CHECK(told_at(problems, "t.json#") == "missing key \"name\"");
  CHECK(problems.list().size() == 5);
  CHECK_THROWS_AS(problems.throw_if_any(), ConfigError);
}

TEST_CASE("pointers escape the two characters that RFC 6901 reserves") {
  const auto json = document(R"({"a/b": {"c~d": {"x": "no number"}}})");
  Problems problems;
  JsonObject outer = json.root(problems).object();
  for (const auto& [key, value] : outer.members()) {
    JsonObject inner = value.object();
    JsonObject innermost = inner.require("c~d")->object();
    innermost.number("x");
  }
  outer.finish();
  CHECK(problems.list().front().where == "t.json#/a~1b/c~0d/x");
  CHECK(problems.list().size() == 1);
}

TEST_CASE("ranges include or exclude their ends as declared, and never hold NaN or infinity") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(Range::at_least(0).contains(0));
  CHECK_FALSE(Range::above(0).contains(0));
  CHECK(Range::between(0, 1).contains(1));
  CHECK_FALSE(Range::between(0, 1).contains(1.0000001));
  CHECK_FALSE(Range::strictly_between(0, 1).contains(1));
  CHECK(Range::above_up_to(0, 1).contains(1));
  CHECK_FALSE(Range::above_up_to(0, 1).contains(0));
  CHECK_FALSE(Range::any().contains(infinity));
  CHECK_FALSE(Range::any().contains(std::numeric_limits<double>::quiet_NaN()));
  CHECK(Range::above(0).describe() == "a number > 0");
  CHECK(Range::between(0, 1).describe() == "a number in [0, 1]");
  CHECK(Range::above_up_to(0, 1).describe() == "a number in (0, 1]");
}

TEST_CASE("a fraction, a huge number and other types are no whole numbers") {
  CHECK(integer_problem("3") == "");
  CHECK(integer_problem("3.7") == "expected a whole number, got number 3.7");
  CHECK(integer_problem("1e30").starts_with("expected a whole number"));
  CHECK(integer_problem("18446744073709551615").starts_with("expected a whole number"));
  CHECK(integer_problem("\"3\"").starts_with("expected a whole number"));
  CHECK(integer_problem("true").starts_with("expected a whole number"));
  CHECK(integer_problem("null").starts_with("expected a whole number"));
  CHECK(integer_problem("11", Range::between(1, 10)).starts_with("expected a whole number in [1"));
}

TEST_CASE("NaN, infinity and numbers beyond double are refused while parsing") {
  for (const std::string text : {R"({"x": NaN})", R"({"x": Infinity})", R"({"x": 1e999})"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(document(text), ConfigError);
  }
}

TEST_CASE("broken and empty texts are refused with the name of the file") {
  for (const std::string text :
       {"", "{", "{\"a\": 1,}", "[1, 2", "{\"a\" 1}", "{} {}", "\xff\xfe"}) {
    CAPTURE(text);
    try {
      document(text);
      FAIL("expected a ConfigError");
    } catch (const ConfigError& error) {
      CHECK(error.problems().front().where == "t.json");
      CHECK(error.problems().front().what.starts_with("not valid JSON"));
    }
  }
}

TEST_CASE("duplicate keys are refused, in nested objects too, but not in siblings") {
  CHECK_THROWS_AS(document(R"({"a": 1, "a": 1})"), ConfigError);
  CHECK_THROWS_AS(document(R"({"o": [{"b": 1, "c": 2, "b": 3}]})"), ConfigError);
  CHECK_NOTHROW(document(R"({"x": {"a": 1}, "y": {"a": 1}, "a": [{"a": 1}, {"a": 2}]})"));
}

TEST_CASE("a value of the wrong kind is one problem and reading goes on") {
  const auto json = document("[1, 2]");
  Problems problems;
  JsonObject object = json.root(problems).object();
  CHECK(object.number("x", Range::at_least(4)) == 4);
  CHECK(object.string("y").empty());
  object.finish();
  CHECK(problems.list().size() == 1);
  CHECK(problems.list().front().what == "expected an object, got array");
}

TEST_CASE("an unknown choice names the nearest, a short array says how many it needs") {
  const auto json = document(R"({"kind": "ltee", "list": []})");
  Problems problems;
  JsonObject object = json.root(problems).object();
  object.one_of("kind", {"wifi", "lte"});
  object.array("list", 1);
  CHECK(told_at(problems, "t.json#/kind") == "unknown value \"ltee\", did you mean \"lte\"?");
  CHECK(told_at(problems, "t.json#/list") == "expected at least 1 element, got 0");
}

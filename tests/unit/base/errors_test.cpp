#include "base/errors.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace edgecut::base;

TEST_CASE("a ConfigError tells every problem, a line each") {
  Problems problems;
  problems.throw_if_any();
  problems.add("a.json#/x", "too small");
  problems.add(ConfigError("b.csv:7", "no number"));
  problems.add("", "nowhere in particular");
  REQUIRE(problems.list().size() == 3);
  CHECK_THROWS_WITH_AS(problems.throw_if_any(),
                       "a.json#/x: too small\nb.csv:7: no number\nnowhere in particular",
                       ConfigError);
}

TEST_CASE("the nearest name is offered, or the list when nothing is near") {
  CHECK(nearest_name("bandwith_mbps", {"latency_s", "bandwidth_mbps"}) == "bandwidth_mbps");
  CHECK(nearest_name("zzzzzz", {"latency_s", "rate"}).empty());
  CHECK(suggestion("poison", {"poisson", "gamma"}) == ", did you mean \"poisson\"?");
  CHECK(suggestion("zzzzzz", {"poisson", "gamma"}) == "; allowed: poisson, gamma");
  CHECK(suggestion("anything", {}).empty());
}

TEST_CASE("EC_CHECK throws an InternalError that names the condition and the message") {
  const int count = 3;
  CHECK_NOTHROW([&] { EC_CHECK(count == 3, "must hold"); }());
  try {
    EC_CHECK(count < 3, "count got " + std::to_string(count));
    FAIL("expected an InternalError");
  } catch (const InternalError& error) {
    const std::string text = error.what();
    CHECK(text.find("count < 3") != std::string::npos);
    CHECK(text.find("count got 3") != std::string::npos);
    CHECK(text.find("errors_test.cpp:") != std::string::npos);
    CHECK(text.find('/') == std::string::npos);
  }
}

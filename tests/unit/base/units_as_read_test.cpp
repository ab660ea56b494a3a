#include "base/units_as_read.hpp"

#include <doctest/doctest.h>

using namespace edgecut;

TEST_CASE("what was read in ms or Mbit/s is the same number when it is written") {
  CHECK(base::in_milliseconds(base::milliseconds(51)) != 51);  // why the function is there
  for (int i = 0; i < 100000; ++i) {
    const double whole = i;
    const double fraction = i / 1000.0;
    REQUIRE(base::milliseconds_as_read(base::milliseconds(whole)) == whole);
    REQUIRE(base::milliseconds_as_read(base::milliseconds(fraction)) == fraction);
    REQUIRE(base::megabits_per_s_as_read(base::megabits_per_s(whole)) == whole);
    REQUIRE(base::megabits_per_s_as_read(base::megabits_per_s(fraction)) == fraction);
  }
}

TEST_CASE("a quantity with all its digits is written so that it reads back to the same") {
  for (int i = 1; i < 1000; ++i) {
    const double number = 1000.0 / (7 * i);
    const base::DataRate rate = base::megabits_per_s(number);
    REQUIRE(base::megabits_per_s(base::megabits_per_s_as_read(rate)) == rate);
    const base::Duration time = base::milliseconds(number);
    REQUIRE(base::milliseconds(base::milliseconds_as_read(time)) == time);
  }
}

TEST_CASE("a rate read in another unit is written without the bit that this cost") {
  const double kilobits = 8200;
  const base::DataRate rate = base::bits_per_s(kilobits * 1e3);
  CHECK(base::megabits_per_s(8.2) != rate);
  CHECK(base::megabits_per_s_as_read(rate) == 8.2);
}

TEST_CASE("a duration that no number of ms makes is given as near as can be") {
  const base::Duration time = base::seconds(1.0 / 3);
  CHECK(base::milliseconds_as_read(time) == doctest::Approx(1000.0 / 3).epsilon(1e-15));
  CHECK(base::milliseconds_as_read(base::seconds(0)) == 0);
}

#include "base/quantity.hpp"

#include <concepts>
#include <type_traits>

#include <doctest/doctest.h>

using namespace edgecut::base;

namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Subtractable = requires(A a, B b) {
  a - b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};

static_assert(Addable<Duration, Duration> && Comparable<Duration, Duration>);
static_assert(!Addable<Duration, DataSize> && !Subtractable<Duration, DataSize>);
static_assert(!Addable<Duration, double> && !Addable<double, Duration>);
static_assert(!Comparable<Duration, double> && !Comparable<Duration, Energy>);
static_assert(!std::convertible_to<double, Duration> && !std::convertible_to<Duration, double>);
static_assert(!std::constructible_from<Duration, double>);
static_assert(!std::assignable_from<Duration&, double>);

static_assert(std::is_same_v<decltype(DataSize{} / DataRate{}), Duration>);
static_assert(std::is_same_v<decltype(DataRate{} * Duration{}), DataSize>);
static_assert(std::is_same_v<decltype(Work{} / Speed{}), Duration>);
static_assert(std::is_same_v<decltype(Power{} * Duration{}), Energy>);
static_assert(std::is_same_v<decltype(EnergyPerBit{} * DataRate{}), Power>);
static_assert(std::is_same_v<decltype(Duration{} / Duration{}), double>);
static_assert(std::is_same_v<decltype(Frequency{} * Duration{}), double>);
static_assert(sizeof(Duration) == sizeof(double) && std::is_trivially_copyable_v<Duration>);

}  // namespace

TEST_CASE("a rate times a duration is a size, and a size over a rate a duration") {
  const DataRate rate = megabits_per_s(8);
  const Duration duration = seconds(0.5);
  CHECK(in_bytes(rate * duration) == 8e6 * 0.5 / 8);
  CHECK(in_seconds(bytes(1000) / bits_per_s(4000)) == 1000 * 8 / 4000.0);
  CHECK(in_joules(watts(2.5) * seconds(4)) == 2.5 * 4);
  CHECK(in_seconds(flop(1e9) / flop_per_s(2e9)) == 0.5);
}

TEST_CASE("numbers leave in the unit that the reader names") {
  CHECK(in_milliseconds(seconds(0.25)) == 250);
  CHECK(in_seconds(milliseconds(250)) == 0.25);
  CHECK(in_bits(bytes(3)) == 24);
  CHECK(in_megabits_per_s(bits_per_s(5.5e6)) == 5.5);
}

TEST_CASE("quantities of one kind add, scale and compare like numbers") {
  Duration sum = seconds(1);
  sum += seconds(2);
  sum -= seconds(0.5);
  sum *= 2;
  CHECK(sum == seconds((1 + 2 - 0.5) * 2));
  CHECK(-sum < Duration{});
  CHECK(max(seconds(1), seconds(2)) == seconds(2));
  CHECK(min(seconds(1), seconds(2)) == seconds(1));
  CHECK(is_finite(sum));
  CHECK_FALSE(is_finite(kForever));
  CHECK(seconds(1e300) < kForever);
}

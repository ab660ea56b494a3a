#include "platforms/trace_statistics.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_bits_per_s;
using base::in_megabits_per_s;
using base::in_seconds;
using base::megabits_per_s;
using base::seconds;
using platforms::RateTrace;

TEST_CASE("the statistics of a square wave follow from its levels") {
  // 2 Mbit/s and 0 in turn, 10 s each, 5 times: mean 1, CV 1, half outage, 9 changes in 100 s.
  std::vector<platforms::RateStep> steps;
  for (int i = 0; i < 10; ++i) {
    steps.push_back({seconds(10 * i), megabits_per_s(i % 2 == 0 ? 2 : 0)});
  }
  const auto s = platforms::trace_statistics(RateTrace(steps, seconds(100)));
  CHECK(in_seconds(s.duration) == 100);
  CHECK(s.mean == megabits_per_s(1));
  CHECK(s.max == megabits_per_s(2));
  CHECK(s.min == megabits_per_s(0));
  CHECK(s.cv == doctest::Approx(1));
  CHECK(s.outage_share == doctest::Approx(0.5));
  CHECK(in_seconds(s.outage_longest) == 10);
  CHECK(s.autocorrelation == doctest::Approx((99 - 2.0 * 9) / 100));
}

TEST_CASE("a bin of several rates has their mean by time, and a rest of 0.9 s counts") {
  // [0, 0.25) 4, [0.25, 1.5) 8, [1.5, 2.9375) 0 Mbit/s.
  platforms::StatisticsStream stream;
  stream.add({seconds(0), seconds(0.25), megabits_per_s(4)});
  stream.add({seconds(0.25), seconds(1.5), megabits_per_s(8)});
  stream.add({seconds(1.5), seconds(2.9375), megabits_per_s(0)});
  const auto s = stream.finish();
  const double first = 0.25 * 4 + 0.75 * 8;
  const double second = 0.5 * 8;
  CHECK(in_seconds(s.duration) == 2.9375);
  CHECK(in_megabits_per_s(s.mean) == doctest::Approx((first + second + 0) / 3));
  CHECK(in_megabits_per_s(s.max) == doctest::Approx(first));
  CHECK(s.outage_share == doctest::Approx(1.0 / 3));
}

TEST_CASE("a shorter rest is left out, unless there is nothing else") {
  platforms::StatisticsStream stream;
  stream.add({seconds(0), seconds(1), megabits_per_s(4)});
  stream.add({seconds(1), seconds(1.75), megabits_per_s(100)});
  CHECK(in_megabits_per_s(stream.finish().mean) == 4);
  platforms::StatisticsStream moment;
  moment.add({seconds(0), seconds(0.25), megabits_per_s(3)});
  CHECK(in_megabits_per_s(moment.finish().mean) == 3);
}

TEST_CASE("one long step counts as many bins without taking as many steps") {
  platforms::StatisticsStream stream;
  stream.add({seconds(0), seconds(5e8), megabits_per_s(1)});
  stream.add({seconds(5e8), seconds(1e9), megabits_per_s(3)});
  const auto s = stream.finish();
  CHECK(in_megabits_per_s(s.mean) == doctest::Approx(2));
  CHECK(s.cv == doctest::Approx(0.5));
  CHECK(s.autocorrelation == doctest::Approx(1));
}

TEST_CASE("streamed sums equal those of two passes where the rates are far from zero") {
  platforms::BinSums sums;
  std::vector<double> bins;
  for (int i = 0; i < 1000; ++i) {
    bins.push_back(5e7 + 1e5 * std::sin(0.7 * i) + 1e4 * (i % 7));
    sums.add(bins.back());
  }
  double mean = 0;
  for (const double bin : bins) {
    mean += bin / static_cast<double>(bins.size());
  }
  double squares = 0;
  double products = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    squares += (bins[i] - mean) * (bins[i] - mean);
    products += i > 0 ? (bins[i] - mean) * (bins[i - 1] - mean) : 0;
  }
  const auto s = sums.statistics();
  CHECK(in_bits_per_s(s.mean) == doctest::Approx(mean).epsilon(1e-12));
  CHECK(s.cv == doctest::Approx(std::sqrt(squares / 1000) / mean).epsilon(1e-9));
  CHECK(s.autocorrelation == doctest::Approx(products / squares).epsilon(1e-9));
}

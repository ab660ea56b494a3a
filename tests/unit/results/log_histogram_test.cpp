#include "results/log_histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::results {
namespace {

LogHistogram histogram_of(const std::vector<double>& values) {
  LogHistogram histogram;
  for (const double value : values) {
    histogram.add(value);
  }
  return histogram;
}

std::vector<double> skewed_values(std::size_t count, std::uint32_t entity) {
  base::RandomStream random(base::RandomSource(11), base::Purpose::kTest, entity);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double u = random.uniform();
    values.push_back(1e-3 * u / ((1 - u) * (1 - u)));  // over eight powers of ten
  }
  return values;
}

TEST_CASE("a quantile is within a bucket's width of the order statistic it stands for") {
  std::vector<double> values = skewed_values(4000, 0);
  const LogHistogram histogram = histogram_of(values);
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  for (const double q : {0.0005, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.9999}) {
    const double exact = values[static_cast<std::size_t>(std::ceil(q * count)) - 1];
    CAPTURE(q);
    CHECK(std::abs(histogram.quantile(q) - exact) <= LogHistogram::kRelativeWidth * exact);
  }
  CHECK(histogram.quantile(0) == values.front());
  CHECK(histogram.quantile(1) == values.back());
}

TEST_CASE("values are spread evenly inside a bucket and kept within the extremes") {
  const double low = 1;
  const double high = 1 + LogHistogram::kRelativeWidth;
  const double inside = low + 0.75 * (high - low);
  const LogHistogram histogram = histogram_of({low, inside});
  CHECK(histogram.quantile(0.5) == low + 0.5 * (high - low));
  CHECK(histogram.quantile(0.9) == inside);
  const double constant = 0.1234;
  CHECK(histogram_of({constant, constant, constant}).quantile(0.95) == constant);
}

TEST_CASE("zero and what is below the floor or above the ceiling is counted, to the extremes") {
  const double large = 4 * LogHistogram::kCeiling;
  const LogHistogram histogram = histogram_of({0, LogHistogram::kFloor / 2, 1, large});
  CHECK(histogram.count() == 4);
  CHECK(histogram.quantile(0.25) <= LogHistogram::kFloor);
  CHECK(histogram.quantile(1) == large);
  CHECK(histogram.min() == 0);
  CHECK(histogram.fraction_above(1.5) == 0.25);
  CHECK(histogram.fraction_above(0.5) == 0.5);
}

TEST_CASE("the share above a value counts whole buckets exactly and its own evenly") {
  const LogHistogram histogram = histogram_of({1, 2, 2, 4});
  CHECK(histogram.fraction_above(3) == 0.25);
  CHECK(histogram.fraction_above(1.5) == 0.75);
  CHECK(histogram.fraction_above(0.5) == 1);
  CHECK(histogram.fraction_above(4) == 0);
  const double quarter_up = 2 * (1 + 0.25 * LogHistogram::kRelativeWidth);
  CHECK(histogram.fraction_above(quarter_up) == doctest::Approx((1 + 2 * 0.75) / 4));
  CHECK(LogHistogram().fraction_above(1) == 0);
}

TEST_CASE("the share before the place of a quantile is that quantile's share, ties or not") {
  const double large = 4 * LogHistogram::kCeiling;
  for (const std::vector<double>& values :
       {skewed_values(500, 3), std::vector<double>(50, 0.25),
        std::vector<double>{0, 1, 1, 1, large},
        std::vector<double>{LogHistogram::kFloor / 2, LogHistogram::kFloor / 4, large}}) {
    const LogHistogram histogram = histogram_of(values);
    for (const double q : {0.0, 0.1, 0.5, 0.9, 1.0}) {
      CAPTURE(q);
      CHECK(histogram.share_before(histogram.place_of(q)) == doctest::Approx(q));
    }
  }
  // A place is one and the same point in any histogram.
  const LogHistogram all = histogram_of({1, 2, 4, 8});
  const auto place = all.place_of(0.5);  // the end of the bucket of 2
  CHECK(histogram_of({1, 1.5, 4}).share_before(place) == doctest::Approx(2.0 / 3));
  CHECK(histogram_of({16, 32}).share_before(place) == 0);
  CHECK(histogram_of({0.001}).share_before(place) == 1);
  CHECK(LogHistogram().share_before(place) == 0);
}

TEST_CASE("merging histograms is the same as adding all values to one, in any grouping") {
  const std::vector<double> a = skewed_values(300, 1);
  const std::vector<double> b = {0, 1e12, 5};
  const std::vector<double> c = {1e-6};
  std::vector<double> everything = a;
  everything.insert(everything.end(), b.begin(), b.end());
  everything.insert(everything.end(), c.begin(), c.end());
  LogHistogram left = histogram_of(a);
  left.merge(histogram_of(b));
  left.merge(histogram_of(c));
  LogHistogram right_part = histogram_of(c);
  right_part.merge(histogram_of(b));
  LogHistogram right = right_part;
  right.merge(histogram_of(a));
  std::reverse(everything.begin(), everything.end());
  CHECK(left == right);
  CHECK(left == histogram_of(everything));
  CHECK(left.quantile(0.9) == right.quantile(0.9));
  right.add(1);
  CHECK(!(left == right));
}

TEST_CASE("histograms refuse negative values, NaN, and questions about nothing") {
  LogHistogram histogram;
  CHECK_THROWS_AS(histogram.add(-1e-12), base::InternalError);
  CHECK_THROWS_AS(histogram.add(std::numeric_limits<double>::quiet_NaN()), base::InternalError);
  CHECK_THROWS_AS((void)histogram.quantile(0.5), base::InternalError);
  CHECK_THROWS_AS((void)histogram.max(), base::InternalError);
  histogram.add(1);
  CHECK_THROWS_AS((void)histogram.quantile(1.5), base::InternalError);
  CHECK(histogram.count() == 1);
}

}  // namespace
}  // namespace edgecut::results

#include "results/intervals.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"

namespace edgecut::results {
namespace {

using doctest::Approx;

TEST_CASE("Student's and the normal quantiles are those of the published tables") {
  // Two-sided 95 % and 99 % points as in the tables of statistics text books.
  CHECK(student_t_two_sided(0.95, 1) == Approx(12.706).epsilon(1e-4));
  CHECK(student_t_two_sided(0.95, 31) == Approx(2.0395).epsilon(1e-4));
  CHECK(student_t_two_sided(0.99, 10) == Approx(3.1693).epsilon(1e-4));
  CHECK(normal_two_sided(0.95) == Approx(1.959964).epsilon(1e-6));
  CHECK(student_t_two_sided(0.95, 1e7) == Approx(normal_two_sided(0.95)).epsilon(1e-6));
  CHECK_THROWS_AS((void)student_t_two_sided(1, 5), base::InternalError);
}

TEST_CASE("batches of equal counts give the classical batch-means interval") {
  const std::vector<double> means = {1, 3, 2, 4, 3, 5, 2, 4};
  const double count = 50;
  std::vector<RatioTerm> batches;
  for (const double mean : means) {
    batches.push_back({mean * count, count});
  }
  const double n = static_cast<double>(means.size());
  const double mean = 24 / n;
  const double squares = 4 + 0 + 1 + 1 + 0 + 4 + 1 + 1;
  const Estimate estimate = to_estimate(batched_ratio(batches).value(), 0.95);
  CHECK(estimate.value == mean);
  const double t = student_t_two_sided(0.95, n - 1);
  const std::vector<double> deviations = {-2, 0, -1, 1, 0, 2, -1, 1};  // symmetric: no skewness
  REQUIRE(lag1_autocorrelation(deviations) < 0);                       // and no correction for it
  CHECK(estimate.half_width.value() == Approx(t * std::sqrt(squares / (n - 1) / n)));
}

TEST_CASE("correlated batches widen the interval as a first-order autoregression would") {
  const std::vector<double> rising = {-4, -3, -1, -1, 1, 1, 3, 4};
  const double r = lag1_autocorrelation(rising);
  REQUIRE(r > 0.5);
  const double n = static_cast<double>(rising.size());
  const double squares = 2 * (16 + 9 + 1 + 1);
  const double plain = std::sqrt(squares / (n * (n - 1)));
  CHECK(standard_error(rising) == Approx(plain * std::sqrt((1 + r) / (1 - r))));
  const std::vector<double> swinging = {4, -4, 3, -3, 1, -1, 1, -1};
  CHECK(standard_error(swinging) == Approx(plain));  // a negative one is chance
  CHECK_THROWS_AS((void)standard_error(std::vector<double>{1}), base::InternalError);
}

TEST_CASE("skewed batches reach farther, as far as Willink's formula says, to either side") {
  const std::vector<double> skewed = {-1, -1, -1, -1, -1, -1, -1, 7};
  const double n = 8;
  const double t = 2;
  const double variance = (7 + 49) / (n - 1);
  const double third = n * (343 - 7) / ((n - 1) * (n - 2));
  const double a = third / std::pow(variance, 1.5) / (6 * std::sqrt(n));
  const double farther = (1 - std::cbrt(1 - 6 * a * (t + a))) / (2 * a);
  REQUIRE(farther > t);
  CHECK(skewed_reach(skewed, t) == Approx(farther));
  std::vector<double> mirrored = skewed;
  for (double& deviation : mirrored) {
    deviation = -deviation;
  }
  CHECK(skewed_reach(mirrored, t) == Approx(farther));
  CHECK(skewed_reach(std::vector<double>{-2, -1, 0, 1, 2, 0, 0, 0}, t) == t);
  CHECK(skewed_reach(std::vector<double>(8, 1.0), t) == t);
  // The series for slight skewness meets the formula.
  std::vector<double> slight(32);
  for (std::size_t i = 0; i < slight.size(); ++i) {
    slight[i] = i % 2 == 0 ? 1 : -1;
  }
  slight[0] += 0.02;
  CHECK(skewed_reach(slight, t) == Approx(t).epsilon(1e-3));
  CHECK(skewed_reach(slight, t) > t);
}

TEST_CASE("unequal batches weigh by their counts, and an empty one pulls at nothing") {
  std::vector<RatioTerm> batches(8, RatioTerm{20, 10});
  batches[0] = {90, 30};
  batches[1] = {0, 0};
  const Batched ratio = batched_ratio(batches).value();
  const double value = (90.0 + 6 * 20) / (30 + 6 * 10);
  const double count_mean = 90.0 / 8;
  CHECK(ratio.value == Approx(value));
  CHECK(ratio.deviations[0] == Approx((90 - value * 30) / count_mean));
  CHECK(ratio.deviations[1] == 0);
  CHECK(ratio.deviations[2] == Approx((20 - value * 10) / count_mean));
  CHECK(!batched_ratio(std::vector<RatioTerm>(8)).has_value());
  CHECK(!batched_ratio({}).has_value());
}

TEST_CASE("too few batches give a value without an interval") {
  const std::vector<RatioTerm> batches(kBatchesMin - 1, RatioTerm{2, 1});
  const Estimate estimate = to_estimate(batched_ratio(batches).value(), 0.95);
  CHECK(estimate.value == 2);
  CHECK(!estimate.half_width.has_value());
  CHECK(!estimate.autocorrelation.has_value());
}

// Sections of `count` values each: section b has `beyond[b]` values of 10 s, the others of 1 s.
std::vector<LogHistogram> two_values(const std::vector<int>& beyond, int count) {
  std::vector<LogHistogram> sections(beyond.size());
  for (std::size_t b = 0; b < beyond.size(); ++b) {
    for (int i = 0; i < count; ++i) {
      sections[b].add(i < beyond[b] ? 10 : 1);
    }
  }
  return sections;
}

TEST_CASE("a quantile's interval is that of the share below it, seen through the distribution") {
  // Uniform on (1, 2): its inverse has slope 1 everywhere, so values spread as shares do.
  const double p = 0.5;
  const std::vector<double> shifts = {-0.04, 0.03, -0.01, 0.02, -0.02, 0.01, -0.03, 0.04};
  std::vector<LogHistogram> sections(shifts.size());
  constexpr int kCount = 2000;
  for (std::size_t b = 0; b < sections.size(); ++b) {
    for (int i = 0; i < kCount; ++i) {
      const double u = (i + 0.5) / kCount;
      // A share p + shift of the section lies below 1.5.
      const double below = p + shifts[b];
      sections[b].add(1 + (u < below ? 0.5 * u / below : 0.5 + 0.5 * (u - below) / (1 - below)));
    }
  }
  const Batched median = batched_quantile(sections, p).value();
  CHECK(median.value == Approx(1.5).epsilon(0.002));
  for (std::size_t b = 0; b < shifts.size(); ++b) {
    CAPTURE(b);
    CHECK(median.deviations[b] == Approx(-shifts[b]).epsilon(0.1));
  }
  const double n = static_cast<double>(shifts.size());
  CHECK(to_estimate(median, 0.9).half_width.value() ==
        Approx(student_t_two_sided(0.9, n - 1) * standard_error(median.deviations)));
}

TEST_CASE("a quantile near a step of the distribution may lie on either side of the step") {
  // 5.2 % lie at 10 s, so p95 is 10 s; with the spread of the sections it might be 1 s.
  const int count = 1000;
  const Batched unsure =
      batched_quantile(two_values({40, 64, 48, 56, 44, 60, 42, 62}, count), 0.95).value();
  CHECK(unsure.value == Approx(10).epsilon(0.01));
  const double half_width = to_estimate(unsure, 0.95).half_width.value();
  CHECK(half_width > 5);
  // With 30 % there it cannot be.
  const Batched sure =
      batched_quantile(two_values({300, 310, 290, 305, 295, 300, 310, 290}, count), 0.95).value();
  CHECK(to_estimate(sure, 0.95).half_width.value() < 0.1);
}

TEST_CASE("a bucket that holds more values than the interval reaches over is not looked into") {
  const double width = LogHistogram::kRelativeWidth;
  LogHistogram step;  // 90 % in the bucket of 1, which may all be 1; the others far away
  for (int i = 0; i < 1000; ++i) {
    step.add(i < 900 ? 1 : 3);
  }
  step.add(1 + 0.9 * width);
  const double median = step.quantile(0.5);
  CHECK(quantile_reach(step, 0.5, 0.01).value() ==
        Approx(std::max(median - 1, 1 + width - median)));
  LogHistogram smooth;
  for (int i = 0; i < 1000; ++i) {
    smooth.add(1 + (i + 0.5) / 1000);
  }
  CHECK(quantile_reach(smooth, 0.5, 0.1).value() == Approx(0.1).epsilon(0.02));
  CHECK(!quantile_reach(smooth, 0.95, 0.05).has_value());
}

TEST_CASE("a quantile of equal values is exact") {
  const Batched constant = batched_quantile(two_values(std::vector<int>(8, 0), 100), 0.95).value();
  CHECK(constant.value == 1);
  CHECK(to_estimate(constant, 0.95).half_width.value() == 0);
}

TEST_CASE("a quantile has an interval only when batches hold enough values beyond it") {
  const double q = 0.95;
  const auto just_enough = static_cast<int>(std::ceil(kBeyondQuantileMin / (1 - q)));
  for (const int count : {just_enough - 1, just_enough}) {
    std::vector<LogHistogram> sections(kBatchesMin);
    for (LogHistogram& section : sections) {
      for (int i = 0; i < count; ++i) {
        section.add(1 + i);
      }
    }
    CAPTURE(count);
    CHECK(to_estimate(batched_quantile(sections, q).value(), 0.95).half_width.has_value() ==
          (count >= just_enough));
  }
  CHECK(!batched_quantile(std::vector<LogHistogram>(8), q).has_value());
  // Two standard errors of the share reach beyond the last value: nothing can be said.
  const Batched wild = batched_quantile(two_values({0, 480, 0, 0, 0, 0, 0, 0}, 1000), q).value();
  CHECK(!to_estimate(wild, 0.95).half_width.has_value());
}

TEST_CASE("a paired difference cancels what both runs share") {
  std::vector<RatioTerm> a;
  std::vector<RatioTerm> b;
  const double gap = 0.25;
  for (const double shared : {1.0, 3.0, 2.0, 5.0, 1.0, 4.0, 2.0, 6.0}) {
    a.push_back({shared + gap, 1});
    b.push_back({shared, 1});
  }
  const Batched mean_a = batched_ratio(a).value();
  const Estimate difference =
      to_estimate(paired_difference(mean_a, batched_ratio(b).value()), 0.95);
  CHECK(difference.value == Approx(gap));
  CHECK(difference.half_width.value() < 1e-12);
  CHECK(to_estimate(mean_a, 0.95).half_width.value() > 1);
}

TEST_CASE("lag-1 autocorrelation is that of hand arithmetic") {
  const std::vector<double> values = {1, 2, 3, 4};  // around 2.5: -1.5, -0.5, 0.5, 1.5
  const double products = 0.75 - 0.25 + 0.75;
  const double squares = 2.25 + 0.25 + 0.25 + 2.25;
  CHECK(lag1_autocorrelation(values) == Approx(products / squares));
  CHECK(lag1_autocorrelation(std::vector<double>{3, 3, 3}) == 0);
  CHECK(lag1_autocorrelation({}) == 0);
}

TEST_CASE("moments merge to those of all values") {
  const std::vector<double> values = {4, 7, 13, 16, 1e3, -5, 0.5};
  Moments whole;
  Moments left;
  Moments right;
  for (std::size_t i = 0; i < values.size(); ++i) {
    whole.add(values[i]);
    (i < 3 ? left : right).add(values[i]);
  }
  left.merge(right);
  left.merge(Moments{});
  CHECK(left.count == values.size());
  CHECK(left.mean == Approx(whole.mean));
  CHECK(left.variance() == Approx(whole.variance()));
  Moments none;
  none.merge(whole);
  CHECK(none.mean == whole.mean);
}

TEST_CASE("replications give Student's interval of their mean, two at least") {
  Moments replications;
  replications.add(1);
  CHECK(!mean_of_replications(replications, 0.95).half_width.has_value());
  replications.add(3);
  replications.add(5);
  const Estimate estimate = mean_of_replications(replications, 0.95);
  const double variance = (4.0 + 0 + 4) / 2;
  CHECK(estimate.value == 3);
  CHECK(estimate.half_width.value() ==
        Approx(student_t_two_sided(0.95, 2) * std::sqrt(variance / 3)));
}

}  // namespace
}  // namespace edgecut::results

#include "results/intervals.hpp"

#include <array>
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
  CHECK(estimate.half_width.value() ==
        Approx(student_t_two_sided(0.95, n - 1) * std::sqrt(squares / (n - 1) / n)));
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

TEST_CASE("sectioning takes the sections' quantiles around the overall quantile") {
  // Constant sections: the quantile of section b is its constant, exactly.
  const std::array<double, 8> constants = {1, 2, 3, 4, 5, 6, 7, 8};
  const int count = 100;
  std::vector<LogHistogram> sections(constants.size());
  for (std::size_t b = 0; b < sections.size(); ++b) {
    for (int i = 0; i < count; ++i) {
      sections[b].add(constants[b]);
    }
  }
  const Batched batched = batched_quantile(sections, 0.5).value();
  LogHistogram all;
  for (const LogHistogram& section : sections) {
    all.merge(section);
  }
  CHECK(batched.value == all.quantile(0.5));
  double squares = 0;
  for (std::size_t b = 0; b < sections.size(); ++b) {
    CHECK(batched.deviations[b] == constants[b] - batched.value);
    squares += std::pow(constants[b] - batched.value, 2);
  }
  const double n = static_cast<double>(sections.size());
  CHECK(to_estimate(batched, 0.9).half_width.value() ==
        Approx(student_t_two_sided(0.9, n - 1) * std::sqrt(squares / (n * (n - 1)))));
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

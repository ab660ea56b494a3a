// Do 95 % intervals contain the truth in 95 % of runs? A small part of the experiment of
// docs/validation.md, with the same code (tests/coverage); scripts/coverage.py runs the whole.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "coverage/coverage_queue.hpp"
#include "coverage/sojourn_laws.hpp"

namespace edgecut::coverage {
namespace {

using results::Metric;

struct Count {
  int runs = 0;
  std::map<Metric, int> held;
  double half_width_worst = 0;  // of the mean, relative
};

Count count_of(const Case& queue, const std::string& rule, int runs, const RunLimits& limits) {
  const auto truth = queue.truth();
  Count count;
  for (int run = 0; run < runs; ++run) {
    const auto stopped = run_case(queue, static_cast<std::uint32_t>(run), {rule}, limits);
    REQUIRE(stopped.size() == 1);
    REQUIRE(stopped.front().precise);
    ++count.runs;
    const results::Summary& summary = stopped.front().summary;
    for (std::size_t i = 0; i < kJudged.size(); ++i) {
      const auto& estimate = summary[kJudged[i]];
      if (estimate && estimate->half_width) {
        count.held[kJudged[i]] +=
            std::abs(estimate->value - truth[i]) <= *estimate->half_width ? 1 : 0;
      }
    }
    const auto& mean = *summary[Metric::kLatencyMean];
    count.half_width_worst = std::max(count.half_width_worst, *mean.half_width / mean.value);
  }
  return count;
}

// The covering runs are binomial; three standard deviations beyond the share that the whole
// experiment found would be bad luck of one in 700.
void check_share(const Count& count, Metric metric, double lowest, double highest) {
  CAPTURE(results::traits(metric).name);
  const double runs = count.runs;
  const auto held = static_cast<double>(count.held.at(metric));
  CAPTURE(held / runs);
  const auto spread = [runs](double share) { return 3 * std::sqrt(share * (1 - share) / runs); };
  CHECK(held / runs >= lowest - spread(lowest));
  // An interval that always covers is wider than asked, however rare its misses should be.
  CHECK(held / runs <= std::min(highest + spread(highest), 1 - 0.5 / runs));
}

void check_batch_means(const Case& queue, int runs) {
  const RunLimits limits;
  const Count count = count_of(queue, "batch-means", runs, limits);
  check_share(count, Metric::kLatencyMean, 0.93, 0.97);
  check_share(count, Metric::kLatencyP95, 0.92, 0.98);
  check_share(count, Metric::kLatencyP99, 0.92, 0.98);
  check_share(count, Metric::kCompletedRate, 0.93, 0.97);
  CHECK(count.half_width_worst <= limits.relative_precision);
  CHECK(count.half_width_worst > limits.relative_precision / 3);
}

TEST_CASE("intervals of mean, p95, p99 and rate cover the law of M/M/1 at load 0.5") {
  check_batch_means({"M/M/1", 0.5}, 300);
}

TEST_CASE("intervals of mean, p95, p99 and rate cover the law of M/M/8 at load 0.7") {
  check_batch_means({"M/M/8", 0.7}, 200);
}

TEST_CASE("intervals of mean, p95, p99 and rate cover the law of M/G/1 at load 0.3") {
  check_batch_means({"M/G/1", 0.3}, 200);
}

TEST_CASE("intervals of mean, p95, p99 and rate cover the law of a tandem at load 0.5") {
  check_batch_means({"tandem", 0.5}, 200);
}

TEST_CASE("the method of BigHouse covers as often as the experiment says, not as often as asked") {
  const Count count = count_of({"M/M/1", 0.5}, "bighouse", 300, {});
  check_share(count, Metric::kLatencyMean, 0.86, 0.94);
  check_share(count, Metric::kLatencyP95, 0.86, 0.95);
}

TEST_CASE("the laws of the queues agree where two ways lead to one") {
  const testing::Queue queue = {.lambda = 0.7, .mean_s = 1};
  // Gamma service of variation 1 is exponential: M/M/1, by inversion and in closed form.
  const auto inverted = testing::mg1_gamma_tail(queue, 1);
  for (const double t_s : {0.5, 3.0, 10.0, 30.0}) {
    CHECK(inverted(t_s) == doctest::Approx(testing::mmk_tail(queue, t_s)).epsilon(1e-5));
  }
  // Nearly constant service by inversion, constant by Crommelin's sum.
  const auto constant = testing::md1_tail(queue);
  const auto narrow = testing::mg1_gamma_tail(queue, 0.01);
  for (const double t_s : {2.5, 5.5, 9.5}) {
    CHECK(narrow(t_s) == doctest::Approx(constant(t_s)).epsilon(5e-3));
  }
  // A tail sums up to the mean.
  double area = 0;
  constexpr double kStep = 0.01;
  for (double t_s = kStep / 2; t_s < 60; t_s += kStep) {
    area += kStep * constant(t_s);
  }
  CHECK(area == doctest::Approx(testing::mg1_mean_s(queue, 0)).epsilon(1e-4));
}

}  // namespace
}  // namespace edgecut::coverage

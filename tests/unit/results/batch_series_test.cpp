#include "results/batch_series.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::results {
namespace {

using base::joules;
using base::seconds;

struct Query {
  double completed_at_s;
  double latency_s;
  EnergySplit energy;
};

constexpr EnergySplit kNoEnergy{};

std::vector<Query> random_queries(std::size_t count, double span_s, std::uint32_t entity) {
  base::RandomStream random(base::RandomSource(3), base::Purpose::kTest, entity);
  std::vector<Query> queries;
  for (std::size_t i = 0; i < count; ++i) {
    const double time_s = span_s * random.uniform();
    const double latency_s = random.uniform() / random.uniform();
    queries.push_back({time_s,
                       latency_s,
                       {joules(random.uniform()), joules(random.uniform()), joules(0),
                        joules(random.uniform()), joules(random.uniform())}});
  }
  return queries;
}

void add_all(BatchSeries& series, const std::vector<Query>& queries) {
  for (const Query& query : queries) {
    series.add(seconds(query.completed_at_s), seconds(query.latency_s), query.energy);
  }
}

BatchSeries series_of(const std::vector<Query>& queries, double window_s) {
  BatchSeries series(seconds(window_s));
  add_all(series, queries);
  return series;
}

void check_same(const Summary& a, const Summary& b) {
  CHECK(a.from == b.from);
  CHECK(a.until == b.until);
  CHECK(a.queries == b.queries);
  CHECK(a.batches == b.batches);
  CHECK(a.latency_max == b.latency_max);
  CHECK(a.estimates == b.estimates);  // bit by bit
}

TEST_CASE("a summary is the same bits for any order of queries and any split over threads") {
  std::vector<Query> queries = random_queries(20000, 1000, 0);
  const Summary expected = series_of(queries, 2).summarize(seconds(900), 0.95);
  REQUIRE(expected.batches == BatchSeries::kBatches);
  REQUIRE(expected[Metric::kLatencyP95]->half_width.has_value());

  std::sort(queries.begin(), queries.end(),
            [](const Query& a, const Query& b) { return a.latency_s > b.latency_s; });
  check_same(series_of(queries, 2).summarize(seconds(900), 0.95), expected);

  base::RandomStream random(base::RandomSource(4), base::Purpose::kTest, 0);
  std::vector<BatchSeries> parts(3, BatchSeries(seconds(2)));
  for (const Query& query : queries) {
    parts[random.below(parts.size())].add(seconds(query.completed_at_s), seconds(query.latency_s),
                                          query.energy);
  }
  parts[1].settle(seconds(900));  // parts may have given up resolution, or not
  for (const auto& order : {std::array<std::size_t, 3>{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
    BatchSeries merged = parts[order[0]];
    merged.merge(parts[order[1]]);
    merged.merge(parts[order[2]]);
    check_same(merged.summarize(seconds(900), 0.95), expected);
  }
}

TEST_CASE("queries that complete after the end do not show, however far ahead they lie") {
  const std::vector<Query> queries = random_queries(3000, 100, 1);
  BatchSeries series = series_of(queries, 0.3);
  const Summary expected = series.summarize(seconds(100), 0.95);
  for (const double later_s : {100.0, 101.0, 5e3, 1e9, 1e300}) {
    series.add(seconds(later_s), seconds(7e5), kNoEnergy);
  }
  check_same(series.summarize(seconds(100), 0.95), expected);
  series.settle(seconds(100));
  check_same(series.summarize(seconds(100), 0.95), expected);
  CHECK(series.count() == queries.size() + 5);
}

TEST_CASE("settling at checkpoints on the way changes nothing") {
  BatchSeries settled(seconds(0.01));
  BatchSeries lazy(seconds(0.01));
  const std::vector<Query> queries = random_queries(5000, 200, 2);
  for (const double now_s : {1.0, 3.0, 10.0, 70.0, 200.0}) {
    for (const Query& query : queries) {
      if (query.completed_at_s < now_s && query.completed_at_s >= now_s / 3) {
        settled.add(seconds(query.completed_at_s), seconds(query.latency_s), query.energy);
        lazy.add(seconds(query.completed_at_s), seconds(query.latency_s), query.energy);
      }
    }
    settled.settle(seconds(now_s));
    check_same(settled.summarize(seconds(now_s), 0.9), lazy.summarize(seconds(now_s), 0.9));
  }
  CHECK(settled.window_length() > lazy.window_length());
}

TEST_CASE("the first window's length does not show once the span has 128 of them") {
  const std::vector<Query> queries = random_queries(4000, 100, 3);
  const Summary expected = series_of(queries, 100.0 / 128).summarize(seconds(100), 0.95);
  check_same(series_of(queries, 1e-3).summarize(seconds(100), 0.95), expected);
  BatchSeries mixed = series_of(queries, 0.5);
  mixed.merge(BatchSeries(seconds(1e-3)));
  check_same(mixed.summarize(seconds(100), 0.95), expected);
}

TEST_CASE("a span of 256 windows and a bit has the same batches from a finer first window") {
  const double coarse_s = 1.0 / 512;
  const double end_s = 256.5 * coarse_s;  // 513 windows of half the length
  BatchSeries coarse(seconds(coarse_s));
  BatchSeries fine(seconds(coarse_s / 2));
  for (BatchSeries* series : {&coarse, &fine}) {
    for (const Query& query : random_queries(500, end_s, 9)) {
      series->add(seconds(query.completed_at_s), seconds(query.latency_s), query.energy);
    }
    series->settle(seconds(end_s));
  }
  CHECK(coarse.summarize(seconds(end_s), 0.95).estimates ==
        fine.summarize(seconds(end_s), 0.95).estimates);
}

TEST_CASE("between 128 and 256 whole windows are used and a tenth is dropped") {
  for (const double end_s : {127.5, 128.0, 255.9, 256.0, 256.5, 257.0, 511.0, 512.0, 513.0, 1e6}) {
    BatchSeries series(seconds(1));
    series.add(seconds(0), seconds(1), kNoEnergy);
    const Summary summary = series.summarize(seconds(end_s), 0.95);
    series.settle(seconds(end_s));
    const double window_s = base::in_seconds(series.window_length());
    const double windows = base::in_seconds(summary.until) / window_s;
    CAPTURE(end_s);
    CHECK(windows == std::floor(end_s / window_s));
    CHECK(windows <= 256);
    CHECK((windows >= 128 || end_s < 128));
    CHECK(summary.from >= BatchSeries::kWarmup * summary.until);
    CHECK(summary.from - seconds(window_s) < BatchSeries::kWarmup * summary.until);
    CHECK(summary.batches == BatchSeries::kBatches);
    CHECK(summary.queries == 0);
    CHECK(!summary[Metric::kLatencyMean].has_value());
    CHECK(summary[Metric::kCompletedRate]->value == 0);
  }
}

TEST_CASE("a query at a window's bound belongs to the window that starts there") {
  BatchSeries series(seconds(1));
  series.add(seconds(20), seconds(1), kNoEnergy);
  series.add(seconds(200), seconds(2), kNoEnergy);
  CHECK(series.summarize(seconds(200), 0.95).queries == 1);  // 20 is past the warm-up of 20 windows
  CHECK(series.summarize(seconds(201), 0.95).queries == 1);  // warm-up of 21 windows
  CHECK(series.summarize(seconds(201), 0.95)[Metric::kLatencyMean]->value == 2);
}

TEST_CASE("means, energies, quantiles and rate are those of the queries in the span") {
  BatchSeries series(seconds(1));
  const double end_s = 160;
  const double first_s = 16;  // a tenth
  const double fast_s = 0.5;
  const double slow_s = 2;
  const EnergySplit split = {joules(1), joules(2), joules(4), joules(8), joules(16)};
  for (double t = 0.25; t < end_s; t += 0.5) {
    const bool warm = t >= first_s;
    const bool slow = std::fmod(t, 2.0) < 0.5;  // one query in four
    series.add(seconds(t), seconds(warm ? (slow ? slow_s : fast_s) : 1e6),
               warm ? split : EnergySplit{joules(1e6), {}, {}, {}, {}});
  }
  const Summary summary = series.summarize(seconds(end_s), 0.95);
  CHECK(summary.from == seconds(first_s));
  CHECK(summary.until == seconds(end_s));
  CHECK(summary.queries == static_cast<std::uint64_t>((end_s - first_s) * 2));
  CHECK(summary.latency_max == seconds(slow_s));
  CHECK(summary[Metric::kLatencyMean]->value == (3 * fast_s + slow_s) / 4);
  CHECK(summary[Metric::kLatencyP50]->value ==
        doctest::Approx(fast_s).epsilon(LogHistogram::kRelativeWidth));
  CHECK(summary[Metric::kLatencyP95]->value ==
        doctest::Approx(slow_s).epsilon(LogHistogram::kRelativeWidth));
  CHECK(summary[Metric::kEnergyCompute]->value == 1);
  CHECK(summary[Metric::kEnergyTransmit]->value == 2);
  CHECK(summary[Metric::kEnergyReceive]->value == 4);
  CHECK(summary[Metric::kEnergyPromotion]->value == 8);
  CHECK(summary[Metric::kEnergyTail]->value == 16);
  CHECK(summary[Metric::kEnergyMean]->value == 1 + 2 + 4 + 8 + 16);
  CHECK(summary[Metric::kEnergyMean]->half_width == 0);
  CHECK(summary[Metric::kCompletedRate]->value == 2);
  CHECK(series.latency_histogram(seconds(end_s)).count() == summary.queries);
}

TEST_CASE("a run shorter than its windows has no estimates and no interval") {
  BatchSeries series(seconds(1));
  series.add(seconds(0.5), seconds(1), kNoEnergy);
  const Summary nothing = series.summarize(seconds(0.9), 0.95);
  CHECK(nothing.batches == 0);
  CHECK(!nothing[Metric::kLatencyMean].has_value());
  CHECK(!nothing[Metric::kCompletedRate].has_value());
  series.add(seconds(3), seconds(1), kNoEnergy);
  const Summary few = series.summarize(seconds(5), 0.95);
  CHECK(few.batches == 4);
  CHECK(few[Metric::kLatencyMean]->value == 1);
  CHECK(!few[Metric::kLatencyMean]->half_width.has_value());
}

TEST_CASE("precise asks for an interval, its width and uncorrelated batches, of each metric") {
  Summary summary;
  const std::array metrics = {Metric::kLatencyMean, Metric::kLatencyP95};
  auto& mean = summary.estimates[static_cast<std::size_t>(Metric::kLatencyMean)];
  auto& p95 = summary.estimates[static_cast<std::size_t>(Metric::kLatencyP95)];
  CHECK(!precise(summary, metrics, 0.05));
  mean = Estimate{10, 0.5, 0.1};
  p95 = Estimate{20, 1.0, -0.1};
  CHECK(precise(summary, metrics, 0.05));
  CHECK(!precise(summary, metrics, 0.049));
  p95->autocorrelation = 0.5;
  CHECK(!precise(summary, metrics, 0.05));
  p95->autocorrelation = -0.6;  // chance
  CHECK(precise(summary, metrics, 0.05));
  p95 = Estimate{20, 1.0, std::nullopt};  // not of batches
  CHECK(precise(summary, metrics, 0.05));
  p95 = Estimate{20, std::nullopt, std::nullopt};
  CHECK(!precise(summary, metrics, 0.05));
  p95 = Estimate{20, 1e-12, 0.9};  // the same in every batch: rounding has no correlation to judge
  CHECK(precise(summary, metrics, 0.05));
}

TEST_CASE("paired differences of two runs use the same batches") {
  const std::vector<Query> queries = random_queries(20000, 256, 5);
  BatchSeries a(seconds(1));
  BatchSeries b(seconds(1));
  const double gap_s = 0.125;
  for (const Query& query : queries) {
    a.add(seconds(query.completed_at_s), seconds(query.latency_s + gap_s), query.energy);
    b.add(seconds(query.completed_at_s), seconds(query.latency_s), query.energy);
  }
  const auto batched = [](const BatchSeries& series) {
    return series.batched(Metric::kLatencyMean, seconds(256)).value();
  };
  const Estimate difference = to_estimate(paired_difference(batched(a), batched(b)), 0.95);
  CHECK(difference.value == doctest::Approx(gap_s));
  CHECK(difference.half_width.value() < 1e-9);
}

TEST_CASE("instants that are none are refused") {
  BatchSeries series(seconds(1));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(series.add(seconds(-1e-9), seconds(1), kNoEnergy), base::InternalError);
  CHECK_THROWS_AS(series.add(seconds(nan), seconds(1), kNoEnergy), base::InternalError);
  CHECK_THROWS_AS(series.add(seconds(1), seconds(-1), kNoEnergy), base::InternalError);
  CHECK_THROWS_AS((void)series.summarize(seconds(nan), 0.95), base::InternalError);
  CHECK_THROWS_AS((void)BatchSeries(seconds(0)), base::InternalError);
}

TEST_CASE("metrics are found by the names that scenarios use") {
  for (const std::string& name : metric_names()) {
    const Metric metric = metric_named(name).value();
    CHECK(traits(metric).name == name);
    CHECK(traits(metric).metric == metric);
  }
  CHECK(metric_names().size() == kMetricCount);
  CHECK(!metric_named("latency").has_value());
}

}  // namespace
}  // namespace edgecut::results

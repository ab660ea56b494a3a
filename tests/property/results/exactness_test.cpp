#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "results/batch_series.hpp"
#include "results/exact_sum.hpp"
#include "results/log_histogram.hpp"

namespace edgecut::results {
namespace {

// A positive double of any size between 2^low and 2^high, with a full mantissa.
rc::Gen<double> log_uniform(int low, int high) {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange(low, high), rc::gen::inRange<std::int64_t>(0, 1LL << 52)),
      [](const std::pair<int, std::int64_t>& drawn) {
        return std::ldexp(1 + static_cast<double>(drawn.second) * 0x1p-52, drawn.first);
      });
}

template <class Statistic, class Values>
Statistic added(const Values& values) {
  Statistic statistic;
  for (const auto& value : values) {
    statistic.add(value);
  }
  return statistic;
}

// Adds the values to one of `parts` statistics each, by `choice`, and merges from the last to the
// first.
template <class Statistic>
Statistic scattered(const std::vector<double>& values, const std::vector<unsigned>& choices,
                    std::size_t parts) {
  std::vector<Statistic> partial(parts);
  for (std::size_t i = 0; i < values.size(); ++i) {
    partial[(choices.empty() ? i : choices[i % choices.size()]) % parts].add(values[i]);
  }
  Statistic merged;
  for (std::size_t i = parts; i-- > 0;) {
    merged.merge(partial[i]);
  }
  return merged;
}

// In blocks of the sizes that `cuts` gives in turn.
template <class Statistic>
Statistic added_in_blocks(const std::vector<double>& values, const std::vector<unsigned>& cuts) {
  Statistic statistic;
  std::span<const double> rest = values;
  for (std::size_t i = 0; !rest.empty(); ++i) {
    const std::size_t size = std::min<std::size_t>(cuts[i % cuts.size()], rest.size());
    statistic.add_all(rest.first(size));
    rest = rest.subspan(size);
  }
  return statistic;
}

rc::Gen<std::vector<unsigned>> any_cuts() {
  return rc::gen::nonEmpty(rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(1U, 300U)));
}

TEST_CASE("sums and histograms of blocks are those of their members one by one") {
  CHECK(rc::check([] {
    // Mostly what fits the fast path, of 64 bits, and sometimes what does not.
    const int high = *rc::gen::element(-10, 19, 70);
    const auto count = *rc::gen::inRange<std::size_t>(0, 2000);
    auto values = *rc::gen::container<std::vector<double>>(
        count, rc::gen::oneOf(log_uniform(-60, high), rc::gen::just(0.0)));
    const auto cuts = *any_cuts();
    const auto histogram = added_in_blocks<LogHistogram>(values, cuts);
    RC_ASSERT(histogram == added<LogHistogram>(values));
    for (std::size_t i = 0; i < values.size(); i += 3) {
      values[i] = -values[i];
    }
    RC_ASSERT(added_in_blocks<ExactSum>(values, cuts) == added<ExactSum>(values));
  }));
}

TEST_CASE("exact sums are the same bits after any reordering and any split") {
  CHECK(rc::check([] {
    auto values = *rc::gen::container<std::vector<double>>(log_uniform(-60, 70));
    const auto signs =
        *rc::gen::container<std::vector<bool>>(values.size(), rc::gen::arbitrary<bool>());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = signs[i] ? values[i] : -values[i];
    }
    const auto choices = *rc::gen::arbitrary<std::vector<unsigned>>();
    const auto parts = *rc::gen::inRange<std::size_t>(1, 6);
    const ExactSum expected = added<ExactSum>(values);
    RC_ASSERT(scattered<ExactSum>(values, choices, parts) == expected);
    std::sort(values.begin(), values.end());
    RC_ASSERT(added<ExactSum>(values) == expected);
  }));
}

TEST_CASE("an exact sum is within a quantum an addend of the true sum") {
  CHECK(rc::check([] {
    const auto values = *rc::gen::container<std::vector<double>>(log_uniform(-50, 19));
    long double exact = 0;  // 64 bits of mantissa: enough for these few
    for (const double value : values) {
      exact += static_cast<long double>(value);
    }
    const auto count = static_cast<double>(values.size());
    const double error = static_cast<double>(exact) - added<ExactSum>(values).value();
    RC_ASSERT(std::abs(error) <= count * 0x1p-44 + static_cast<double>(exact) * 0x1p-52);
  }));
}

TEST_CASE("histogram quantiles are within a bucket's width of the sorted sample") {
  CHECK(rc::check([] {
    auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(log_uniform(-30, 30)));
    const double q = *rc::gen::map(rc::gen::inRange(0, 1001), [](int k) { return k / 1000.0; });
    const LogHistogram histogram = added<LogHistogram>(values);
    std::sort(values.begin(), values.end());
    const double rank = std::ceil(q * static_cast<double>(values.size()));
    const double exact = values[rank < 1 ? 0 : static_cast<std::size_t>(rank) - 1];
    RC_ASSERT(std::abs(histogram.quantile(q) - exact) <= LogHistogram::kRelativeWidth * exact);
  }));
}

TEST_CASE("histograms are equal after any reordering and any split, quantiles to the bit") {
  CHECK(rc::check([] {
    auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::oneOf(log_uniform(-40, 40), rc::gen::just(0.0))));
    const auto choices = *rc::gen::arbitrary<std::vector<unsigned>>();
    const auto parts = *rc::gen::inRange<std::size_t>(1, 6);
    const LogHistogram expected = added<LogHistogram>(values);
    const LogHistogram merged = scattered<LogHistogram>(values, choices, parts);
    RC_ASSERT(merged == expected);
    RC_ASSERT(merged.quantile(0.95) == expected.quantile(0.95));
    RC_ASSERT(merged.fraction_above(values.front()) == expected.fraction_above(values.front()));
    std::sort(values.begin(), values.end());
    RC_ASSERT(added<LogHistogram>(values) == expected);
  }));
}

TEST_CASE("a histogram's quantiles rise with the share and its shares fall with the value") {
  CHECK(rc::check([] {
    const auto values =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(log_uniform(-35, 35)));
    const LogHistogram histogram = added<LogHistogram>(values);
    for (int k = 0; k < 20; ++k) {
      const double lower = histogram.quantile(k / 20.0);
      const double upper = histogram.quantile((k + 1) / 20.0);
      RC_ASSERT(lower <= upper);
      RC_ASSERT(histogram.fraction_above(lower) >= histogram.fraction_above(upper));
    }
  }));
}

TEST_CASE("a summary does not depend on order, split, settling or what lies ahead") {
  CHECK(rc::check([] {
    const auto times =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(log_uniform(-8, 14)));
    const double end_s = *log_uniform(-2, 10);
    const double window_s = end_s / *rc::gen::inRange(257, 5000);
    const auto choices = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<unsigned>>());
    std::vector<BatchSeries> parts(2, BatchSeries(base::seconds(window_s)));
    BatchSeries whole(base::seconds(end_s / 256));  // another first window, and nothing from ahead
    for (std::size_t i = 0; i < times.size(); ++i) {
      const base::Duration latency = base::seconds(times[times.size() - 1 - i]);
      const EnergySplit energy = {base::joules(times[i]), {}, {}, base::joules(1 / times[i]), {}};
      parts[choices[i % choices.size()] % 2].add(base::seconds(times[i]), latency, energy);
      if (times[i] < end_s) {
        whole.add(base::seconds(times[i]), latency, energy);
      }
    }
    parts[choices.front() % 2].settle(base::seconds(end_s));
    parts[1].merge(parts[0]);
    const Summary merged = parts[1].summarize(base::seconds(end_s), 0.95);
    const Summary expected = whole.summarize(base::seconds(end_s), 0.95);
    RC_ASSERT(merged.queries == expected.queries);
    RC_ASSERT((merged.from == expected.from && merged.until == expected.until));
    RC_ASSERT((merged.estimates == expected.estimates));
  }));
}

TEST_CASE("a series takes blocks of queries as it takes them one by one") {
  CHECK(rc::check([] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 3000);
    const double spread_s = *log_uniform(-6, 4);  // of completions around the order of time
    const auto cuts = *any_cuts();
    const auto latencies_s = *rc::gen::container<std::vector<double>>(count, log_uniform(-8, 4));
    const auto shifts = *rc::gen::container<std::vector<double>>(count, log_uniform(-4, 0));
    std::vector<double> times_s;
    for (std::size_t i = 0; i < count; ++i) {
      times_s.push_back(0.01 * static_cast<double>(i) + spread_s * shifts[i]);
    }
    const base::Duration end = base::seconds(0.01 * static_cast<double>(count) + 0.1);
    BatchSeries one_by_one(end / 1024);
    BatchSeries in_blocks(end / 1024);
    std::size_t begin = 0;
    for (std::size_t i = 0; begin < count; ++i) {
      const std::size_t size = std::min<std::size_t>(cuts[i % cuts.size()], count - begin);
      QueryColumns block{std::span(times_s).subspan(begin, size),
                         std::span(latencies_s).subspan(begin, size)};
      block.energies_j[0] = std::span(shifts).subspan(begin, size);
      block.energies_j[3] = block.completed_at_s;
      in_blocks.add_all(block);
      begin += size;
    }
    for (std::size_t i = 0; i < count; ++i) {
      one_by_one.add(base::seconds(times_s[i]), base::seconds(latencies_s[i]),
                     {base::joules(shifts[i]), {}, {}, base::joules(times_s[i]), {}});
    }
    RC_ASSERT(in_blocks.count() == one_by_one.count());
    RC_ASSERT(in_blocks.latency_histogram(end) == one_by_one.latency_histogram(end));
    const Summary expected = one_by_one.summarize(end, 0.95);
    const Summary found = in_blocks.summarize(end, 0.95);
    RC_ASSERT(found.queries == expected.queries);
    RC_ASSERT((found.estimates == expected.estimates));
  }));
}

}  // namespace
}  // namespace edgecut::results

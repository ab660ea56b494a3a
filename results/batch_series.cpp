#include "results/batch_series.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/errors.hpp"
#include "results/extremes.hpp"

namespace edgecut::results {

void BatchSeries::Window::add_all(const QueryColumns& queries) {
  latencies.add_all(queries.latency_s);
  latency.add_all(queries.latency_s);
  for (std::size_t e = 0; e < kEnergies; ++e) {
    energies[e].add_all(queries.energies_j[e]);
  }
}

void BatchSeries::Window::merge(const Window& other) {
  latency.merge(other.latency);
  for (std::size_t i = 0; i < kEnergies; ++i) {
    energies[i].merge(other.energies[i]);
  }
  latencies.merge(other.latencies);
}

BatchSeries::BatchSeries(base::Duration window_first) {
  const double length_s = base::in_seconds(window_first);
  EC_CHECK(length_s > 0x1p-40 && length_s < 0x1p40, "the first window needs a length");
  windows_per_s_ = std::ldexp(1, -std::ilogb(length_s));
}

BatchSeries BatchSeries::from_contents(Contents contents) {
  BatchSeries series(base::seconds(1 / contents.windows_per_s));
  series.windows_ = std::move(contents.windows);
  return series;
}

base::Duration BatchSeries::window_length() const { return base::seconds(1 / windows_per_s_); }

// Instants beyond the ladder share its last window, which no run lives to see.
double BatchSeries::far_position(double position) {
  EC_CHECK(position >= 0, "a query completes at a time >= 0");
  return kPositionMax - 1;
}

// Windows are ordered as their times, so queries belong to one window when the first and the last
// to complete do.
void BatchSeries::add_all(const QueryColumns& queries) {
  if (queries.size() > QueryBlock::kSize) {
    for (std::size_t i = 0; i < queries.size(); i += QueryBlock::kSize) {
      add_all(queries.part(i, std::min(QueryBlock::kSize, queries.size() - i)));
    }
    return;
  }
  Extremes times_s;
  times_s.widen(queries.completed_at_s);
  if (queries.size() > 0 &&
      index_of(times_s.min * windows_per_s_) == index_of(times_s.max * windows_per_s_)) {
    add_to(index_of(times_s.min * windows_per_s_), queries);
  } else {
    add_mixed(queries);
  }
}

// A window's latencies will span about what those of the one before did.
void BatchSeries::add_to(std::size_t index, const QueryColumns& queries) {
  Window& window = window_at(index);
  if (window.latencies.empty() && index > 0) {
    window.latencies.make_room_as(windows_[index - 1].latencies);
  }
  window.add_all(queries);
}

// A block of several windows: window by window while they have a good number of queries each, the
// rest one by one.
void BatchSeries::add_mixed(const QueryColumns& queries) {
  constexpr std::size_t kGood = 16;
  std::array<std::size_t, QueryBlock::kSize> index;
  std::array<std::uint32_t, QueryBlock::kSize> left;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    index[i] = index_of(queries.completed_at_s[i] * windows_per_s_);
    left[i] = static_cast<std::uint32_t>(i);
  }
  std::size_t left_size = queries.size();
  QueryBlock block;
  for (bool good = left_size >= kGood; good && left_size > 0;) {
    std::array<std::uint32_t, QueryBlock::kSize> same;
    const std::size_t window = index[left[0]];
    std::size_t same_size = 0;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < left_size; ++i) {
      const std::uint32_t place = left[i];
      const bool is_same = index[place] == window;
      same[same_size] = left[kept] = place;
      same_size += is_same ? 1U : 0U;
      kept += is_same ? 0U : 1U;
    }
    left_size = kept;
    good = same_size >= kGood;
    block.assign(queries, std::span(same).first(same_size));
    add_to(window, block.columns());
  }
  for (std::size_t i = 0; i < left_size; ++i) {
    const std::size_t place = left[i];
    add(base::seconds(queries.completed_at_s[place]), base::seconds(queries.latency_s[place]),
        queries.energy(place));
  }
}

// The pairs of the first 256 windows merge; every later rung moves down by one.
void BatchSeries::coarsen() {
  const std::size_t pairs = std::min(windows_.size(), kWindowsMax);
  const std::size_t merged = (pairs + 1) / 2;
  for (std::size_t i = 0; i < merged; ++i) {
    if (i > 0) {
      windows_[i] = std::move(windows_[2 * i]);
    }
    if (2 * i + 1 < pairs) {
      windows_[i].merge(windows_[2 * i + 1]);
    }
  }
  windows_.erase(windows_.begin() + static_cast<std::ptrdiff_t>(merged),
                 windows_.begin() + static_cast<std::ptrdiff_t>(pairs));
  windows_per_s_ /= 2;
}

void BatchSeries::merge(const BatchSeries& other) {
  while (windows_per_s_ > other.windows_per_s_) {
    coarsen();
  }
  if (windows_per_s_ < other.windows_per_s_) {
    BatchSeries coarser = other;
    while (coarser.windows_per_s_ > windows_per_s_) {
      coarser.coarsen();
    }
    merge(coarser);
    return;
  }
  if (windows_.size() < other.windows_.size()) {
    windows_.resize(other.windows_.size());
  }
  for (std::size_t i = 0; i < other.windows_.size(); ++i) {
    windows_[i].merge(other.windows_[i]);
  }
}

void BatchSeries::settle(base::Duration now) {
  for (int steps = plan(now).coarser; steps > 0; --steps) {
    coarsen();
  }
}

BatchSeries::Plan BatchSeries::plan(base::Duration end, std::size_t batches_max) const {
  const double position = std::floor(base::in_seconds(end) * windows_per_s_);
  EC_CHECK(position >= 0 && position < kPositionMax, "a summary needs an end within the run");
  const auto whole = static_cast<std::uint64_t>(position);
  Plan plan;
  if (whole == 0) {
    return plan;
  }
  // As coarse as it must be for 256 whole windows, whatever the length of those counted here.
  while ((whole >> plan.coarser) > kWindowsMax) {
    ++plan.coarser;
  }
  plan.last = static_cast<std::size_t>(whole >> plan.coarser);
  plan.first = static_cast<std::size_t>(std::ceil(static_cast<double>(plan.last) * kWarmup));
  plan.batches = std::min(plan.last - plan.first, batches_max);
  return plan;
}

// Every window held lies inside one batch: the ladder is never coarser than what `end` wants.
BatchSet BatchSeries::batches(base::Duration end, std::size_t batches_max) const {
  const Plan plan = this->plan(end, batches_max);
  BatchSet batches;
  batches.latency_s.resize(plan.batches);
  batches.energies_j.resize(plan.batches);
  batches.latencies_s.resize(plan.batches);
  const double length_s = std::ldexp(1 / windows_per_s_, plan.coarser);
  batches.from = base::seconds(length_s * static_cast<double>(plan.first));
  batches.until = base::seconds(length_s * static_cast<double>(plan.last));
  for (std::size_t b = 0; b < plan.batches; ++b) {
    const std::size_t windows = plan.boundary(b + 1) - plan.boundary(b);
    batches.lengths_s.push_back(length_s * static_cast<double>(windows));
  }
  std::size_t b = 0;
  for (std::size_t i = 0; i < windows_.size() && b < plan.batches; ++i) {
    const std::size_t rung = i < kWindowsMax ? 0 : i / kRung - 1;
    const std::uint64_t start = std::uint64_t{i - rung * kRung} << rung;
    const auto place = static_cast<std::size_t>(start >> plan.coarser);
    while (b < plan.batches && place >= plan.boundary(b + 1)) {
      ++b;
    }
    if (place >= plan.first && b < plan.batches) {
      batches.latency_s[b].merge(windows_[i].latency);
      for (std::size_t e = 0; e < kEnergies; ++e) {
        batches.energies_j[b][e].merge(windows_[i].energies[e]);
      }
      batches.latencies_s[b].merge(windows_[i].latencies);
    }
  }
  return batches;
}

std::optional<Batched> BatchSeries::batched(Metric metric, base::Duration end) const {
  return batches(end).batched(metric);
}

LogHistogram BatchSeries::latency_histogram(base::Duration end) const {
  return batches(end).all_latencies_s();
}

BatchedSummary BatchSeries::batched(base::Duration end) const {
  BatchedSummary summary = batches(end).batched();
  summary.end = end;
  return summary;
}

std::uint64_t BatchSeries::count() const {
  std::uint64_t count = 0;
  for (const Window& window : windows_) {
    count += window.latencies.count();
  }
  return count;
}

}  // namespace edgecut::results

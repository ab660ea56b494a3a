// The statistics of one run: completed queries, gathered in windows of simulated time.
//
// A query belongs to the window in which it completes, whoever adds it and when. Every window holds
// exact sums and counts, so partial results of threads merge to the same bits in any order.
//
// Windows are [k w, (k + 1) w) with w a power of two of a second, so that bounds are exact. Results
// at time `end` use the finest w that needs at most 256 windows up to `end`: a function of time
// alone. Observations may lie ahead of the run's present (a query's completion is known when its
// service starts). They wait in a ladder that loses nothing: the first 256 windows have length w,
// the next 128 have 2 w, the next 128 have 4 w, and so on; by the time `end` has come to the second
// rung, it wants windows of 2 w anyway. `settle` drops what is finer than the present needs: memory
// stays at 256 windows and what lies ahead, 2 kB a window for each power of two that its latencies
// and those of the windows before span, 123 kB at most.
//
// Ignores queries that never complete: overload and drops are for the run's verdict.
// docs/model.md has the equations and the measured coverage of the intervals.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "results/batch_set.hpp"
#include "results/exact_sum.hpp"
#include "results/intervals.hpp"
#include "results/log_histogram.hpp"
#include "results/metrics.hpp"
#include "results/query_block.hpp"

namespace edgecut::results {

class BatchSeries {
 public:
  /// Batches of a full-length summary; a shorter one has a batch a window.
  static constexpr std::size_t kBatches = 32;
  /// Share of the span that is dropped as warm-up, at least.
  static constexpr double kWarmup = 0.1;

  /// `window_first` > 0 is rounded down to a power of two of a second. Choose it at most 1/256 of
  /// the shortest span to be summarised; from there on results do not depend on it.
  explicit BatchSeries(base::Duration window_first);

  /// Counts a query. In any order; `completed_at` and `latency` finite and >= 0.
  void add(base::Duration completed_at, base::Duration latency, const EnergySplit& energy) {
    Window& window = window_at(index_of(base::in_seconds(completed_at) * windows_per_s_));
    window.latencies.add(base::in_seconds(latency));
    window.latency.add(base::in_seconds(latency));
    window.energies[0].add(base::in_joules(energy.compute));
    window.energies[1].add(base::in_joules(energy.transmit));
    window.energies[2].add(base::in_joules(energy.receive));
    window.energies[3].add(base::in_joules(energy.promotion));
    window.energies[4].add(base::in_joules(energy.tail));
  }

  /// As if each of a block of queries was added in turn. Faster the more of them lie in one window,
  /// so best in about the order of time.
  void add_all(const QueryColumns& queries);

  /// Takes over the partial results of another thread or shard of the same run.
  void merge(const BatchSeries& other);

  /// Gives up resolution that no summary at `now` or later needs.
  void settle(base::Duration now);

  /// What was seen in the whole windows up to `end`, without the first tenth.
  [[nodiscard]] Summary summarize(base::Duration end, double confidence) const {
    return to_summary(batched(end), confidence);
  }
  [[nodiscard]] BatchedSummary batched(base::Duration end) const;

  /// What that summary is made from, in at most so many batches.
  [[nodiscard]] BatchSet batches(base::Duration end, std::size_t batches_max = kBatches) const;

  /// One metric of that summary before a confidence is chosen.
  [[nodiscard]] std::optional<Batched> batched(Metric metric, base::Duration end) const;

  /// The latencies of that summary, s.
  [[nodiscard]] LogHistogram latency_histogram(base::Duration end) const;

  /// Queries added so far, those ahead of the present included.
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] base::Duration window_length() const;

  static constexpr std::size_t kEnergies = BatchSet::kEnergies;
  struct Window {
    ExactSum latency;
    std::array<ExactSum, kEnergies> energies;
    LogHistogram latencies;

    void add_all(const QueryColumns& queries);
    void merge(const Window& other);
  };

  /// All that the series knows, for other processes.
  struct Contents {
    double windows_per_s = 1;
    std::vector<Window> windows;  // the ladder, from its foot
  };
  [[nodiscard]] Contents contents() const { return {windows_per_s_, windows_}; }
  static BatchSeries from_contents(Contents contents);

 private:
  static constexpr int kRungBits = 7;
  static constexpr std::size_t kRung = std::size_t{1} << kRungBits;  // 128
  static constexpr std::size_t kWindowsMax = 2 * kRung;

  /// How the windows up to an end form batches; counted in windows of the length that end wants.
  struct Plan {
    int coarser = 0;        // that length is 2^coarser of ours
    std::size_t first = 0;  // of the windows after warm-up
    std::size_t last = 0;
    std::size_t batches = 0;

    [[nodiscard]] std::size_t boundary(std::size_t batch) const {
      return first + batch * (last - first) / batches;
    }
  };

  /// Place in the ladder of an instant counted in windows.
  static std::size_t index_of(double position) {
    if (!(position >= 0 && position < kPositionMax)) [[unlikely]] {
      position = far_position(position);
    }
    const auto k = static_cast<std::uint64_t>(position);
    const int rung = static_cast<int>(std::bit_width(k >> (kRungBits + 1)));
    return static_cast<std::size_t>(rung) * kRung + static_cast<std::size_t>(k >> rung);
  }
  static constexpr double kPositionMax = 0x1p48;

  static double far_position(double position);
  void add_to(std::size_t index, const QueryColumns& queries);
  void add_mixed(const QueryColumns& queries);
  Window& window_at(std::size_t index) {
    if (index >= windows_.size()) [[unlikely]] {
      windows_.resize(index + 1);
    }
    return windows_[index];
  }
  [[nodiscard]] Plan plan(base::Duration end, std::size_t batches_max = kBatches) const;
  void coarsen();

  double windows_per_s_;
  std::vector<Window> windows_;
};

}  // namespace edgecut::results

// The uplink rate over time: piecewise constant over [0, period), repeating for ever.
//
// A transfer of n bits that starts at t ends at the earliest instant where the integral of the rate
// from t reaches n, across any number of steps, outages (rate 0) and repetitions. Nothing is
// sampled or stepped: the end is located through cumulated bits. Ignored: protocol overhead, loss,
// the delay before the first bit (platforms/network.hpp has the latencies).
//
// Times are Durations on the trace's own clock, t >= 0; what lies beyond the period wraps. A node
// that starts elsewhere in the trace adds its offset before asking. Rates in bit/s, sizes in bits.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "base/quantity.hpp"

namespace edgecut::platforms {

/// The longest period of a trace, and the highest rate.
inline constexpr double kPeriodMaxS = 1e9;
inline constexpr double kRateMaxBitsPerS = 1e15;

/// `rate` holds from `start` to the start of the next step, or to the end of the period.
struct RateStep {
  base::Duration start;
  base::DataRate rate;
  bool operator==(const RateStep&) const = default;
};

/// Immutable; one object serves any number of nodes and threads.
///
/// Accuracy: `transfer_time` has a relative error near 1e-15 within a step and near 1e-12 over any
/// number of steps (cumulated bits are whole numbers of 2^-62 of a period's bits, so differences of
/// them are exact), whatever the start. `transfer_end` adds it to the start and so rounds to the
/// spacing of doubles there: 1e-10 s at 10^6 s. Prefer `transfer_time` where the length counts.
class RateTrace {
 public:
  /// Constraints: the first step starts at 0, starts rise, the last lies before the period; rates
  /// are finite and >= 0 and not all zero; the period is at most kPeriodMaxS. Throws ConfigError
  /// with `where` (a file, say) otherwise.
  RateTrace(const std::vector<RateStep>& steps, base::Duration period,
            const std::string& where = "trace");
  static RateTrace constant(base::DataRate rate);

  [[nodiscard]] base::DataRate rate_at(base::Duration t) const;
  /// The start of the next step after t (where the trace wraps it may have the rate of the last);
  /// infinite when the rate is constant.
  [[nodiscard]] base::Duration next_step(base::Duration t) const;
  /// Bits carried from `from` to `to` >= `from`.
  [[nodiscard]] base::DataSize carried(base::Duration from, base::Duration to) const;
  /// How long a transfer of `size` >= 0 that starts at `start` takes; zero for size zero. A rest of
  /// less than 10^-5 bit does not wait for the end of an outage.
  [[nodiscard]] base::Duration transfer_time(base::Duration start, base::DataSize size) const;
  [[nodiscard]] base::Duration transfer_end(base::Duration start, base::DataSize size) const {
    return start + transfer_time(start, size);
  }

  /// Where t >= 0 lies in the period, s.
  [[nodiscard]] double position_s(base::Duration t) const {
    return lap_of(base::in_seconds(t)).position;
  }
  [[nodiscard]] base::DataRate mean_rate() const {
    return base::bits_per_s(is_constant() ? steps_[0].rate : bits_ / period_);
  }
  [[nodiscard]] base::Duration period() const { return base::seconds(period_); }
  [[nodiscard]] bool is_constant() const { return step_count_ == 1; }
  /// Equal neighbours are merged.
  [[nodiscard]] std::vector<RateStep> steps() const;
  [[nodiscard]] std::size_t step_count() const { return step_count_; }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Step {
    double start;          // s
    double rate;           // bit/s
    std::uint64_t before;  // bits in [0, start), in units of unit_
  };
  struct Lap {
    double count;  // whole periods before the instant
    double position;
  };

  [[nodiscard]] Lap lap_of(double t) const;
  [[nodiscard]] std::size_t time_bin(double position) const {
    return static_cast<std::size_t>(position * time_bins_per_s_);
  }
  [[nodiscard]] std::size_t step_at(double position) const;
  [[nodiscard]] std::size_t step_that_reaches(std::uint64_t bits) const;
  [[nodiscard]] double end_position(double rest, std::uint64_t base) const;
  [[nodiscard]] double time_over_steps(double position, std::size_t step, double rest) const;
  void build_steps(const std::vector<RateStep>& steps);
  void build_guides();

  // A rest below this many bits is nothing: binary fractions of a second are not exact.
  static constexpr double kRestMax = 1e-5;
  static constexpr std::uint32_t kScanMax = 8;

  std::vector<Step> steps_;  // and one more that starts at the period
  std::size_t step_count_ = 0;
  double period_ = 0;
  double period_high_ = 0;  // the upper 26 bits of the period, and the rest: see lap_of()
  double period_low_ = 0;
  double laps_per_s_ = 0;
  double bits_ = 0;  // of a period
  double unit_ = 0;  // bits, a power of two
  double units_per_bit_ = 0;
  // Guide tables (Chen and Asau, 1974): for each of many equal bins the first candidate step; that
  // of the next bin is the last candidate.
  double time_bins_per_s_ = 0;
  int bit_bin_shift_ = 0;
  std::vector<std::uint32_t> step_of_time_bin_;
  std::vector<std::uint32_t> step_of_bit_bin_;
};

inline RateTrace::Lap RateTrace::lap_of(double t) const {
  EC_DCHECK(t >= 0, "the trace's clock starts at 0");
  if (t < period_) {
    return {0, t};
  }
  // The quotient has at most 26 bits, so its products with the two halves of the period are exact
  // and the position is that of the exact remainder; beyond, fmod gives it more slowly.
  const double quotient = t * laps_per_s_;
  double count = 0;
  double position = 0;
  if (quotient < 0x1.0p26) [[likely]] {
    count = static_cast<double>(static_cast<std::int64_t>(quotient));
    position = (t - count * period_high_) - count * period_low_;
  } else {
    position = std::fmod(t, period_);
    count = std::floor((t - position) / period_ + 0.5);
  }
  if (position < 0) {
    position += period_;
    count -= 1;
  }
  if (position < period_) {
    return {count, position};
  }
  return {count + 1, std::max(position - period_, 0.0)};
}

// Both searches begin at the last candidate of their bin. The first step down has no branch: which
// way it goes cannot be predicted, and few bins hold more than one boundary.
inline std::size_t RateTrace::step_at(double position) const {
  const std::size_t bin = time_bin(position);
  std::size_t first = step_of_time_bin_[bin];
  std::size_t step = step_of_time_bin_[bin + 1];
  while (step - first > kScanMax)
    [[unlikely]] {
      const std::size_t middle = first + (step - first) / 2;
      (steps_[middle].start <= position ? first : step) = middle;
    }
  step -= steps_[step].start > position ? 1U : 0U;
  while (steps_[step].start > position) {
    --step;
  }
  return step;
}

// The first step at whose end `bits` are reached; 0 < bits <= those of the period.
inline std::size_t RateTrace::step_that_reaches(std::uint64_t bits) const {
  const std::size_t bin = static_cast<std::size_t>(bits >> bit_bin_shift_);
  std::size_t first = step_of_bit_bin_[bin];
  std::size_t step = step_of_bit_bin_[bin + 1];
  while (step - first > kScanMax)
    [[unlikely]] {
      const std::size_t middle = first + (step - first) / 2;
      (steps_[middle].before < bits ? first : step) = middle;
    }
  step -= steps_[step].before >= bits ? 1U : 0U;
  while (steps_[step].before >= bits) {
    --step;
  }
  return step;
}

// Where in the period `rest` bits are reached, counted from where `base` were.
inline double RateTrace::end_position(double rest, std::uint64_t base) const {
  const std::uint64_t target = std::min(base + static_cast<std::uint64_t>(rest * units_per_bit_),
                                        steps_[step_count_].before);
  if (target == 0) {
    return 0;
  }
  const std::size_t step = step_that_reaches(target);
  const double rest_here = static_cast<double>(target - steps_[step].before) * unit_;
  if (rest_here < kRestMax && step > 0 && steps_[step - 1].rate == 0) [[unlikely]] {
    return steps_[step - 1].start;
  }
  return steps_[step].start + rest_here / steps_[step].rate;
}

inline base::DataRate RateTrace::rate_at(base::Duration t) const {
  if (step_count_ == 1) {
    return base::bits_per_s(steps_[0].rate);
  }
  return base::bits_per_s(steps_[step_at(lap_of(base::in_seconds(t)).position)].rate);
}

inline base::Duration RateTrace::transfer_time(base::Duration start, base::DataSize size) const {
  const double bits = base::in_bits(size);
  if (step_count_ == 1) {
    return base::seconds(bits / steps_[0].rate);
  }
  if (!(bits > 0)) {
    return base::seconds(0);
  }
  const double position = lap_of(base::in_seconds(start)).position;
  const std::size_t step = step_at(position);
  const double here = (steps_[step + 1].start - position) * steps_[step].rate;
  if (bits <= here) {
    return base::seconds(bits / steps_[step].rate);
  }
  return base::seconds(time_over_steps(position, step, bits - here));
}

// The time from `position` in `step` until `rest` bits beyond that step's end are through.
inline double RateTrace::time_over_steps(double position, std::size_t step, double rest) const {
  const Step& next = steps_[step + 1];
  if (step + 1 < step_count_) {
    const double to_period_end =
        static_cast<double>(steps_[step_count_].before - next.before) * unit_;
    if (rest <= to_period_end) {
      const double end = end_position(rest, next.before);
      // A rest of nothing before an outage ends where the step did.
      return end > next.start ? end - position : next.start - position;
    }
    rest -= to_period_end;
  }
  double laps = 0;
  if (rest > bits_) [[unlikely]] {
    laps = std::floor(rest / bits_);
    rest -= laps * bits_;
    if (!(rest > 0)) {  // an exact multiple ends where the last repetition's last bit does
      laps -= 1;
      rest += bits_;
    }
  }
  const Step& final = steps_[step_count_ - 1];
  if (rest < kRestMax && final.rate == 0) [[unlikely]] {
    return std::max(0.0, (final.start - position) + laps * period_);
  }
  return (period_ - position) + laps * period_ + end_position(rest, 0);
}

}  // namespace edgecut::platforms

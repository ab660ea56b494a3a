#include "platforms/rate_trace.hpp"

#include <bit>
#include <cmath>

#include "base/text.hpp"

namespace edgecut::platforms {
namespace {

constexpr int kBitsOfTotal = 62;

// A sum of two doubles: 106 bits (Dekker, 1971).
struct DoubleDouble {
  double high = 0;
  double low = 0;
};

DoubleDouble two_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}

DoubleDouble add(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_sum(a.high, b.high);
  return two_sum(high.high, high.low + (a.low + b.low));
}

// (end - start) * rate
DoubleDouble bits_of_step(double start, double end, double rate) {
  const DoubleDouble length = two_sum(end, -start);
  const double product = length.high * rate;
  const double error = std::fma(length.high, rate, -product);
  return two_sum(product, error + length.low * rate);
}

std::uint64_t rounded(DoubleDouble value) {
  const double whole = std::floor(value.high);
  const double rest = std::floor((value.high - whole) + value.low + 0.5);
  // The rest may be negative: unsigned arithmetic wraps back.
  return static_cast<std::uint64_t>(whole) +
         static_cast<std::uint64_t>(static_cast<std::int64_t>(rest));
}

std::string step_name(std::size_t index) { return "step " + std::to_string(index + 1); }

void check_steps(const std::vector<RateStep>& steps, double period, const std::string& where) {
  constexpr std::size_t kProblemsMax = 20;
  base::Problems problems;
  if (steps.empty()) {
    problems.add(where, "the trace has no steps; expected at least one");
  }
  if (!(period > 0 && period <= kPeriodMaxS)) {
    problems.add(where, "period " + base::format_number(period) + " s; expected a number in (0, " +
                            base::format_number(kPeriodMaxS) + "]");
  }
  bool carries = steps.empty();
  for (std::size_t i = 0; i < steps.size() && problems.list().size() < kProblemsMax; ++i) {
    const double start = base::in_seconds(steps[i].start);
    const double rate = base::in_bits_per_s(steps[i].rate);
    if (i == 0 ? start != 0 : !(start > base::in_seconds(steps[i - 1].start))) {
      problems.add(
          where,
          step_name(i) + " starts at " + base::format_number(start) + " s; " +
              (i == 0 ? "the first starts at 0"
                      : "expected more than the start before it, " +
                            base::format_number(base::in_seconds(steps[i - 1].start)) + " s"));
    }
    if (!(start < period)) {
      problems.add(where, step_name(i) + " starts at " + base::format_number(start) +
                              " s; expected less than the period, " + base::format_number(period) +
                              " s");
    }
    if (!(rate >= 0 && rate <= kRateMaxBitsPerS)) {
      problems.add(where, step_name(i) + " has the rate " + base::format_number(rate) +
                              " bit/s; expected a number in [0, " +
                              base::format_number(kRateMaxBitsPerS) + "]");
    }
    carries = carries || rate > 1e-9;
  }
  if (!carries && problems.empty()) {
    problems.add(where, "the rate is zero for ever: no transfer would end");
  }
  problems.throw_if_any();
}

}  // namespace

RateTrace::RateTrace(const std::vector<RateStep>& steps, base::Duration period,
                     const std::string& where)
    : period_(base::in_seconds(period)) {
  check_steps(steps, period_, where);
  laps_per_s_ = 1 / period_;
  constexpr std::uint64_t kLow27Bits = (std::uint64_t{1} << 27U) - 1;
  period_high_ = std::bit_cast<double>(std::bit_cast<std::uint64_t>(period_) & ~kLow27Bits);
  period_low_ = period_ - period_high_;
  build_steps(steps);
  build_guides();
}

RateTrace RateTrace::constant(base::DataRate rate) {
  return RateTrace({{base::seconds(0), rate}}, base::seconds(1), "constant rate");
}

void RateTrace::build_steps(const std::vector<RateStep>& steps) {
  for (const RateStep& step : steps) {
    const double rate = base::in_bits_per_s(step.rate);
    if (steps_.empty() || steps_.back().rate != rate) {
      steps_.push_back({base::in_seconds(step.start), rate, 0});
    }
  }
  step_count_ = steps_.size();
  steps_.push_back({period_, 0, 0});
  std::vector<DoubleDouble> before(steps_.size());
  for (std::size_t i = 0; i < step_count_; ++i) {
    before[i + 1] =
        add(before[i], bits_of_step(steps_[i].start, steps_[i + 1].start, steps_[i].rate));
  }
  bits_ = before.back().high;
  int exponent = 0;
  static_cast<void>(std::frexp(bits_, &exponent));
  units_per_bit_ = std::ldexp(1.0, kBitsOfTotal - exponent);
  unit_ = std::ldexp(1.0, exponent - kBitsOfTotal);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    steps_[i].before = rounded({before[i].high * units_per_bit_, before[i].low * units_per_bit_});
  }
  steps_.shrink_to_fit();
}

void RateTrace::build_guides() {
  if (step_count_ == 1) {
    return;
  }
  // Short traces: few bins with a boundary inside. Long ones: guides that stay in the cache, and a
  // few neighbouring steps to look at.
  constexpr std::size_t kShort = 4096;
  const std::size_t whole = std::bit_ceil(step_count_);
  const std::size_t bins = step_count_ <= kShort ? 4 * whole : std::max(whole / 2, 4 * kShort);
  time_bins_per_s_ = static_cast<double>(bins) / period_;
  step_of_time_bin_.resize(bins + 2);
  std::size_t step = 0;  // the last one that starts in an earlier bin
  for (std::size_t bin = 0; bin < step_of_time_bin_.size(); ++bin) {
    while (step + 1 < step_count_ && time_bin(steps_[step + 1].start) < bin) {
      ++step;
    }
    step_of_time_bin_[bin] = static_cast<std::uint32_t>(step);
  }
  bit_bin_shift_ = kBitsOfTotal - std::countr_zero(bins);
  step_of_bit_bin_.resize(bins + 2);
  step = 0;  // the first at whose end the bin's lowest bit is reached
  for (std::size_t bin = 0; bin < step_of_bit_bin_.size(); ++bin) {
    const std::uint64_t target = std::uint64_t{bin} << bit_bin_shift_;
    while (step + 1 < step_count_ && steps_[step + 1].before < target) {
      ++step;
    }
    step_of_bit_bin_[bin] = static_cast<std::uint32_t>(step);
  }
}

base::DataSize RateTrace::carried(base::Duration from, base::Duration to) const {
  EC_CHECK(from <= to, "carried() needs an interval");
  if (step_count_ == 1) {
    return base::bits((base::in_seconds(to) - base::in_seconds(from)) * steps_[0].rate);
  }
  const Lap first = lap_of(base::in_seconds(from));
  const Lap last = lap_of(base::in_seconds(to));
  const std::size_t i = step_at(first.position);
  const std::size_t j = step_at(last.position);
  const double into_last = (last.position - steps_[j].start) * steps_[j].rate;
  if (first.count == last.count && i == j) {
    return base::bits((last.position - first.position) * steps_[i].rate);
  }
  // Positive terms only, so that nothing cancels.
  const double out_of_first = (steps_[i + 1].start - first.position) * steps_[i].rate;
  if (first.count == last.count) {
    return base::bits(out_of_first +
                      static_cast<double>(steps_[j].before - steps_[i + 1].before) * unit_ +
                      into_last);
  }
  const double to_period_end =
      static_cast<double>(steps_[step_count_].before - steps_[i + 1].before) * unit_;
  const double from_period_start = static_cast<double>(steps_[j].before) * unit_;
  return base::bits(out_of_first + to_period_end + (last.count - first.count - 1) * bits_ +
                    from_period_start + into_last);
}

base::Duration RateTrace::next_step(base::Duration t) const {
  if (step_count_ == 1) {
    return base::kForever;
  }
  const Lap lap = lap_of(base::in_seconds(t));
  const double start = steps_[step_at(lap.position) + 1].start;
  const auto is_there = [&](double at) {
    const Lap reached = lap_of(at);
    return reached.count > lap.count || reached.position >= start;
  };
  double at = lap.count * period_ + start;
  while (!is_there(at)) {  // the sum was rounded down
    at = std::nextafter(at, HUGE_VAL);
  }
  return base::seconds(at);
}

std::vector<RateStep> RateTrace::steps() const {
  std::vector<RateStep> result;
  result.reserve(step_count_);
  for (std::size_t i = 0; i < step_count_; ++i) {
    result.push_back({base::seconds(steps_[i].start), base::bits_per_s(steps_[i].rate)});
  }
  return result;
}

std::size_t RateTrace::memory_bytes() const {
  return sizeof *this + steps_.capacity() * sizeof(Step) +
         (step_of_time_bin_.capacity() + step_of_bit_bin_.capacity()) * sizeof(std::uint32_t);
}

}  // namespace edgecut::platforms

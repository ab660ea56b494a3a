// What a transfer over a trace costs: RateTrace beside the bare method, two binary searches over
// cumulated bits in doubles. The same traces, starts and sizes in both, and the results are
// compared before anything is timed.
//
// Traces: a recording of 1 s samples, and packets in milliseconds (what a Mahimahi file becomes) of
// two lengths. Starts are spread over many periods, so nothing is in the cache by luck. A generator
// of its own draws them: equal on every machine.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/random.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut {
namespace {

using base::seconds;
using platforms::RateStep;
using platforms::RateTrace;

struct Transfer {
  double start_s;
  double bits;
};

// A trace with the transfers over it.
struct Case {
  std::vector<RateStep> steps;
  double period_s = 0;
  std::vector<Transfer> transfers;
};

base::RandomStream stream(std::uint32_t entity) {
  return {base::RandomSource(1), base::Purpose::kTest, entity};
}

void add_transfers(Case& trace) {
  constexpr std::size_t kTransfers = 1U << 16U;
  constexpr double kPeriods = 1000;
  base::RandomStream random = stream(1);
  for (std::size_t i = 0; i < kTransfers; ++i) {
    const double bytes = 1000 * std::pow(150.0, random.uniform());  // 1 to 150 kB
    trace.transfers.push_back({random.uniform() * kPeriods * trace.period_s, 8 * bytes});
  }
}

// 600 samples of 1 s, one in twenty an outage.
Case sampled() {
  Case trace;
  base::RandomStream random = stream(2);
  for (int i = 0; i < 600; ++i) {
    const bool outage = random.uniform() < 0.05;
    trace.steps.push_back(
        {seconds(i), base::megabits_per_s(outage ? 0 : 1 + 9 * random.uniform())});
  }
  trace.period_s = 600;
  add_transfers(trace);
  return trace;
}

// Packets of 1500 bytes by the millisecond, 5 Mbit/s in all, as they come from a cellular link:
// none in most, several in others.
Case packets(int length_s) {
  constexpr double kPacketsPerMs = 5e6 / (1500 * 8) / 1000;
  constexpr double kBusy = 0.2;  // share of the milliseconds that have packets
  Case trace;
  base::RandomStream random = stream(3);
  for (int ms = 0; ms < 1000 * length_s; ++ms) {
    const double count =
        random.uniform() < kBusy ? std::ceil(2 * random.uniform() * kPacketsPerMs / kBusy) : 0;
    trace.steps.push_back({seconds(ms / 1000.0), base::bits_per_s(count * 1500 * 8 * 1000)});
  }
  trace.period_s = length_s;
  add_transfers(trace);
  return trace;
}

// The method that everyone writes first.
class PrefixSums {
 public:
  explicit PrefixSums(const Case& trace) : period_(trace.period_s) {
    double bits = 0;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
      const double start = base::in_seconds(trace.steps[i].start);
      const double rate = base::in_bits_per_s(trace.steps[i].rate);
      if (!rates_.empty() && rates_.back() == rate) {
        continue;
      }
      if (!starts_.empty()) {
        bits += (start - starts_.back()) * rates_.back();
      }
      starts_.push_back(start);
      rates_.push_back(rate);
      before_.push_back(bits);
    }
    total_ = bits + (period_ - starts_.back()) * rates_.back();
  }

  [[nodiscard]] double transfer_time(double start, double bits) const {
    const double laps = std::floor(start / period_);
    const double position = start - laps * period_;
    const auto step = static_cast<std::size_t>(
        std::upper_bound(starts_.begin(), starts_.end(), position) - starts_.begin() - 1);
    double target = before_[step] + (position - starts_[step]) * rates_[step] + bits;
    const double more_laps = std::floor(target / total_);
    target -= more_laps * total_;
    const auto last = static_cast<std::size_t>(
        std::lower_bound(before_.begin(), before_.end(), target) - before_.begin());
    const std::size_t reached = last == 0 ? 0 : last - 1;
    return starts_[reached] + (target - before_[reached]) / rates_[reached] + more_laps * period_ -
           position;
  }

 private:
  double period_;
  double total_ = 0;
  std::vector<double> starts_;
  std::vector<double> rates_;
  std::vector<double> before_;
};

RateTrace rate_trace(const Case& trace) { return {trace.steps, seconds(trace.period_s)}; }

void check_agreement(const Case& trace) {
  const RateTrace ours = rate_trace(trace);
  const PrefixSums bare(trace);
  for (const Transfer& transfer : trace.transfers) {
    const double found =
        base::in_seconds(ours.transfer_time(seconds(transfer.start_s), base::bits(transfer.bits)));
    const double expected = bare.transfer_time(transfer.start_s, transfer.bits);
    if (std::abs(found - expected) > 1e-6 * (1 + expected)) {
      std::fprintf(stderr, "bench_traces: %.17g s and %.17g s for one transfer\n", found, expected);
      std::exit(1);
    }
  }
}

const Case& case_of(std::int64_t index) {
  static const std::vector<Case> kCases = [] {
    std::vector<Case> cases = {sampled(), packets(120), packets(1000)};
    std::for_each(cases.begin(), cases.end(), check_agreement);
    return cases;
  }();
  return kCases[static_cast<std::size_t>(index)];
}

// Each transfer waits for the one before, as a node's do: what is timed is how long one takes, not
// how many overlap in the processor.
template <class Ask>
void time_transfers(benchmark::State& state, const Case& trace, Ask ask) {
  std::size_t next = 0;
  double sum = 0;
  for (auto _ : state) {
    Transfer transfer = trace.transfers[next];
    transfer.start_s += 1e-9 * sum;
    sum = ask(transfer);
    next = (next + 1) & (trace.transfers.size() - 1);
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations());
}

void transfer_rate_trace(benchmark::State& state) {
  const Case& trace = case_of(state.range(0));
  const RateTrace ours = rate_trace(trace);
  time_transfers(state, trace, [&ours](const Transfer& transfer) {
    return base::in_seconds(
        ours.transfer_time(seconds(transfer.start_s), base::bits(transfer.bits)));
  });
  state.counters["steps"] = static_cast<double>(ours.step_count());
  state.counters["bytes"] = static_cast<double>(ours.memory_bytes());
}

void transfer_prefix_sums(benchmark::State& state) {
  const Case& trace = case_of(state.range(0));
  const PrefixSums bare(trace);
  time_transfers(state, trace, [&bare](const Transfer& transfer) {
    return bare.transfer_time(transfer.start_s, transfer.bits);
  });
}

// 0: samples of 1 s; 1 and 2: packets by the millisecond over 120 s and 1000 s.
BENCHMARK(transfer_rate_trace)->Arg(0)->Arg(1)->Arg(2);
BENCHMARK(transfer_prefix_sums)->Arg(0)->Arg(1)->Arg(2);

}  // namespace
}  // namespace edgecut

BENCHMARK_MAIN();

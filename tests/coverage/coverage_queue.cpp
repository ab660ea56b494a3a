#include "coverage/coverage_queue.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <utility>

#include "base/distribution.hpp"
#include "base/errors.hpp"
#include "base/random.hpp"
#include "coverage/sojourn_laws.hpp"
#include "sim/run_schedule.hpp"

namespace edgecut::coverage {
namespace {

using base::Distribution;
using base::RandomStream;
using results::Metric;
using testing::Queue;

constexpr int kManyServers = 8;
constexpr double kGammaCv = 2;
constexpr std::uint64_t kSeed = 2026;

// Poisson arrivals to one server, or to two in series with the same law of service (Lindley).
class SeriesPath : public Path {
 public:
  SeriesPath(double rate, Distribution service, std::size_t stations, std::uint32_t replication)
      : rate_(rate),
        service_(std::move(service)),
        gaps_(base::RandomSource(kSeed, replication), base::Purpose::kTest, 0),
        services_(base::RandomSource(kSeed, replication), base::Purpose::kTest, 1),
        free_s_(stations) {}

  void run_until(double end_s, const Sink& sink) override {
    while (arrival_s_ < end_s) {
      arrival_s_ -= base::stable_log(gaps_.uniform()) / rate_;
      double done_s = arrival_s_;
      for (double& free_s : free_s_) {
        free_s = std::max(done_s, free_s) + service_.draw(services_);
        done_s = free_s;
      }
      sink(done_s, done_s - arrival_s_);
    }
  }

 private:
  double rate_;
  Distribution service_;
  RandomStream gaps_;
  RandomStream services_;
  std::vector<double> free_s_;
  double arrival_s_ = 0;
};

// Poisson arrivals to one queue before several exponential servers (Kiefer and Wolfowitz). Jobs
// overtake each other, so completions wait until no later job can complete before them.
class ManyServersPath : public Path {
 public:
  ManyServersPath(double rate, std::uint32_t replication)
      : rate_(rate),
        gaps_(base::RandomSource(kSeed, replication), base::Purpose::kTest, 0),
        services_(base::RandomSource(kSeed, replication), base::Purpose::kTest, 1) {
    free_s_.fill(0);
  }

  void run_until(double end_s, const Sink& sink) override {
    while (arrival_s_ < end_s) {
      arrival_s_ -= base::stable_log(gaps_.uniform()) / rate_;
      const auto first = std::min_element(free_s_.begin(), free_s_.end());
      const double start_s = std::max(arrival_s_, *first);
      while (!under_way_.empty() && under_way_.top().first <= start_s) {
        sink(under_way_.top().first, under_way_.top().second);
        under_way_.pop();
      }
      *first = start_s - base::stable_log(services_.uniform());
      under_way_.emplace(*first, *first - arrival_s_);
    }
  }

 private:
  using Job = std::pair<double, double>;  // completed at, latency
  double rate_;
  RandomStream gaps_;
  RandomStream services_;
  std::array<double, kManyServers> free_s_;
  std::priority_queue<Job, std::vector<Job>, std::greater<>> under_way_;
  double arrival_s_ = 0;
};

bool one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The checks of a run of the program with these arrivals.
sim::RunSchedule schedule_of(double rate, const RunLimits& limits) {
  sim::RunModel model;
  model.arrivals.rate = base::per_second(rate);
  model.stop.duration = base::seconds(limits.jobs_max / rate);
  model.stop.relative_precision = limits.relative_precision;
  return sim::RunSchedule(model);
}

}  // namespace

const std::vector<std::string>& queue_names() {
  static const std::vector<std::string> names = {"M/M/1", "M/M/8", "M/D/1", "M/G/1", "tandem"};
  return names;
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> list = {
      {"batch-means", false, {Metric::kLatencyMean, Metric::kLatencyP95}},
      {"bighouse", true, {Metric::kLatencyMean, Metric::kLatencyP95}},
      {"batch-means-p99", false, {Metric::kLatencyMean, Metric::kLatencyP99}}};
  return list;
}

double Case::arrival_rate() const { return queue == "M/M/8" ? load * kManyServers : load; }

std::array<double, kJudged.size()> Case::truth() const {
  const Queue theory = {
      .lambda = arrival_rate(), .mean_s = 1, .servers = queue == "M/M/8" ? kManyServers : 1};
  double mean_s = testing::mmk_mean_s(theory);
  testing::Tail tail = [theory](double t_s) { return testing::mmk_tail(theory, t_s); };
  if (queue == "M/D/1") {
    mean_s = testing::mg1_mean_s(theory, 0);
    tail = testing::md1_tail(theory);
  } else if (queue == "M/G/1") {
    mean_s = testing::mg1_mean_s(theory, kGammaCv);
    tail = testing::mg1_gamma_tail(theory, kGammaCv);
  } else if (queue == "tandem") {
    mean_s *= 2;
    tail = testing::tandem_tail(theory);
  }
  std::array<double, kJudged.size()> values{};
  for (std::size_t i = 0; i < kJudged.size(); ++i) {
    const auto quantile = results::traits(kJudged[i]).quantile;
    values[i] = kJudged[i] == Metric::kCompletedRate ? theory.lambda
                : quantile                           ? testing::quantile_of(tail, *quantile, mean_s)
                                                     : mean_s;
  }
  return values;
}

std::unique_ptr<Path> Case::path(std::uint32_t replication) const {
  EC_CHECK(one_of(queue_names(), queue), "no such queue");
  if (queue == "M/M/8") {
    return std::make_unique<ManyServersPath>(arrival_rate(), replication);
  }
  const auto service = queue == "M/D/1"   ? Distribution::constant(1)
                       : queue == "M/G/1" ? Distribution::gamma({.mean = 1, .cv = kGammaCv})
                                          : Distribution::exponential(1);
  const std::size_t stations = queue == "tandem" ? 2 : 1;
  return std::make_unique<SeriesPath>(arrival_rate(), service, stations, replication);
}

std::vector<Stopped> run_case(const Case& queue, std::uint32_t replication,
                              const std::vector<std::string>& wanted, const RunLimits& limits) {
  const double rate = queue.arrival_rate();
  const sim::RunSchedule schedule = schedule_of(rate, limits);
  const auto path = queue.path(replication);
  base::Duration now = schedule.next_check(base::seconds(0));
  results::BatchSeries series(now / 256);
  results::LagSpaced spaced;
  std::uint64_t jobs = 0;
  std::vector<const Rule*> running;
  for (const Rule& rule : rules()) {
    if (one_of(wanted, rule.name)) {
      running.push_back(&rule);
    }
  }
  const bool needs_spaced = one_of(wanted, "bighouse");
  std::vector<Stopped> stopped;
  while (!running.empty()) {
    path->run_until(base::in_seconds(now), [&](double completed_at_s, double latency_s) {
      ++jobs;
      series.add(base::seconds(completed_at_s), base::seconds(latency_s), {});
      if (needs_spaced) {
        spaced.add(latency_s);
      }
    });
    const results::Summary by_batches = series.summarize(now, limits.confidence);
    results::Summary by_spacing = by_batches;
    results::replace_latencies(by_spacing, spaced, limits.confidence);
    std::erase_if(running, [&](const Rule* rule) {
      const results::Summary& summary = rule->big_house ? by_spacing : by_batches;
      const bool precise = results::precise(summary, rule->metrics, limits.relative_precision);
      const bool done = precise || now >= schedule.end();
      if (done) {
        stopped.push_back({rule, precise, jobs, spaced.lag().value_or(0), summary});
      }
      return done;
    });
    series.settle(now);
    now = schedule.next_check(now);
  }
  return stopped;
}

}  // namespace edgecut::coverage

#include "platforms/trace_generator.hpp"

#include <algorithm>
#include <cmath>

#include "base/json_reader.hpp"
#include "base/random.hpp"
#include "base/stable_math.hpp"
#include "base/text.hpp"
#include "platforms/trace_statistics.hpp"

namespace edgecut::platforms {
namespace {

using base::Range;

constexpr double kUsableMin = 101e3;  // bit/s; what is below 0.1 Mbit/s would count as an outage
constexpr double kGrid = 1e3;         // bit/s
constexpr double kMeanMinMbps = 0.2;
constexpr double kMeanMaxMbps = 1e5;

// The log-normal AR(1) of the usable seconds.
struct GoodState {
  double mean;   // bit/s
  double sigma;  // of the logarithm
  double phi;    // of the logarithm, for 1 s
};

// The draws, made once; corrections reshape them.
struct Draws {
  std::vector<bool> outage;        // a second each
  std::vector<double> innovation;  // a step each, standard normal
};

struct Shape {
  std::size_t seconds;
  std::size_t steps_per_s;
};

void check(const TraceGeneration& g, const Shape& shape) {
  base::Problems problems;
  const auto range = [&](const char* name, double value, Range allowed) {
    if (!allowed.contains(value)) {
      problems.add("trace generator", std::string(name) + " " + base::format_number(value) +
                                          "; expected " + allowed.describe());
    }
  };
  const TraceModel& m = g.model;
  const double duration = base::in_seconds(g.duration);
  const double step = base::in_seconds(g.step);
  range("mean_mbps", base::in_megabits_per_s(m.mean),
        Range::above_up_to(kMeanMinMbps, kMeanMaxMbps));
  range("outage_share", m.outage_share, Range::between(0, 0.8));
  range("cv", m.cv, Range::between(0, 3));
  range("autocorrelation_1s", m.autocorrelation, Range::between(-0.5, 0.99));
  range("outage_mean_s", base::in_seconds(m.outage_mean), Range::between(1, 1000));
  range("duration_s", duration, Range::between(60, 1e7));
  range("step_s", step, Range::between(0.001, 1));
  problems.throw_if_any();
  if (duration != static_cast<double>(shape.seconds)) {
    problems.add("trace generator",
                 "duration_s " + base::format_number(duration) + "; expected whole seconds");
  }
  if (std::abs(step * static_cast<double>(shape.steps_per_s) - 1) > 1e-9) {
    problems.add("trace generator",
                 "step_s " + base::format_number(step) + "; expected a whole fraction of 1 s");
  }
  if (shape.seconds * shape.steps_per_s > 50'000'000) {
    problems.add("trace generator", "more than 50 million steps; take a longer step_s");
  }
  const double cv_min = std::sqrt(m.outage_share / (1 - m.outage_share));
  if (m.cv < cv_min) {
    problems.add("trace generator", "cv " + base::format_number(m.cv) + "; outages alone give " +
                                        base::format_significant(cv_min, 3) +
                                        ", expected at least that");
  }
  problems.throw_if_any();
}

double leave_good(const TraceModel& m) {
  const double enter_good = 1 / base::in_seconds(m.outage_mean);
  return std::min(1.0, enter_good * m.outage_share / (1 - m.outage_share));
}

// What the good state must have so that the product has the asked moments: with g the usable share
// and q = P(outage next | good), E X = g m, E X^2 = g m^2 (1 + c^2) and E X0 X1 = g (1 - q) m^2
// (1 + c^2 r); the correlation of a log-normal's values is (e^(s^2 phi) - 1) / (e^(s^2) - 1).
GoodState analytic_state(const TraceModel& m) {
  const double good = 1 - m.outage_share;
  const double cv2 = m.cv * m.cv;
  const double c2 = std::max(good * (1 + cv2) - 1, 1e-9);
  const double product = (m.autocorrelation * cv2 + 1) * good / (1 - leave_good(m)) - 1;
  const double r = std::clamp(product / c2, -0.9, 0.999);
  const double sigma2 = base::stable_log(1 + c2);
  const double phi = base::stable_log(std::max(1 + r * c2, 1e-3)) / sigma2;
  return {base::in_bits_per_s(m.mean) / good, std::sqrt(sigma2), std::clamp(phi, -0.99, 0.999)};
}

Draws draw(const TraceGeneration& g, const Shape& shape, std::uint32_t attempt) {
  const base::RandomSource source(g.seed);
  base::RandomStream outages(source, base::Purpose::kTraceGeneration, 2 * attempt);
  base::RandomStream normals(source, base::Purpose::kTraceGeneration, 2 * attempt + 1);
  Draws draws;
  const double enter_good = 1 / base::in_seconds(g.model.outage_mean);
  const double enter_outage = leave_good(g.model);
  bool outage = outages.uniform() < g.model.outage_share;
  draws.outage.reserve(shape.seconds);
  for (std::size_t i = 0; i < shape.seconds; ++i) {
    draws.outage.push_back(outage);
    outage = outages.uniform() < (outage ? 1 - enter_good : enter_outage);
  }
  draws.innovation.reserve(shape.seconds * shape.steps_per_s);
  for (std::size_t i = 0; i < shape.seconds * shape.steps_per_s; ++i) {
    draws.innovation.push_back(base::normal_quantile(normals.uniform()));
  }
  return draws;
}

double outage_share(const Draws& draws) {
  return static_cast<double>(std::count(draws.outage.begin(), draws.outage.end(), true)) /
         static_cast<double>(draws.outage.size());
}

// The outages of a short trace vary much: of some draws, the first whose share is near.
Draws draw_near_share(const TraceGeneration& g, const Shape& shape) {
  constexpr double kNear = 0.004;
  constexpr std::uint32_t kAttempts = 200;
  Draws best = draw(g, shape, 0);
  double error = std::abs(outage_share(best) - g.model.outage_share);
  for (std::uint32_t attempt = 1; attempt < kAttempts && error > kNear; ++attempt) {
    Draws next = draw(g, shape, attempt);
    const double next_error = std::abs(outage_share(next) - g.model.outage_share);
    if (next_error < error) {
      best = std::move(next);
      error = next_error;
    }
  }
  return best;
}

std::vector<double> rates_of(const Draws& draws, const GoodState& state, const Shape& shape) {
  const auto steps = static_cast<double>(shape.steps_per_s);
  // Within a second a negative correlation has no meaning: the steps of one second share a value.
  const double phi =
      state.phi > 0 && steps > 1 ? base::stable_pow(state.phi, 1 / steps) : state.phi;
  const std::size_t stride = state.phi > 0 ? 1 : shape.steps_per_s;
  const double fresh = std::sqrt(1 - phi * phi);
  std::vector<double> rates(draws.innovation.size());
  double z = draws.innovation[0];
  for (std::size_t i = 0; i < rates.size(); ++i) {
    if (i > 0 && i % stride == 0) {
      z = phi * z + fresh * draws.innovation[i];
    }
    const double rate =
        state.mean * base::stable_exp(state.sigma * z - state.sigma * state.sigma / 2);
    const double on_grid = std::floor(rate / kGrid + 0.5) * kGrid;
    rates[i] = draws.outage[i / shape.steps_per_s] ? 0 : std::max(on_grid, kUsableMin);
  }
  return rates;
}

TraceStatistics measure(const std::vector<double>& rates, const Shape& shape) {
  std::vector<double> bins(shape.seconds);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    bins[i / shape.steps_per_s] += rates[i] / static_cast<double>(shape.steps_per_s);
  }
  return bin_statistics(bins);
}

// How far off, 1 at the edge of what is accepted.
double distance(const TraceStatistics& found, const TraceModel& asked) {
  const double mean = std::abs(found.mean / asked.mean - 1) / 0.02;
  const double cv = std::abs(found.cv - asked.cv) / 0.05;
  // A (nearly) constant rate has no correlation to speak of.
  const double correlation =
      asked.cv < 0.02 ? 0 : std::abs(found.autocorrelation - asked.autocorrelation) / 0.05;
  const double share = std::abs(found.outage_share - asked.outage_share) / 0.01;
  return std::max(std::max(mean, cv), std::max(correlation, share));
}

// Moves the parameters by what the last trace lacked, and keeps the best trace.
std::vector<double> corrected_rates(const TraceGeneration& g, const Draws& draws,
                                    const Shape& shape) {
  constexpr int kRounds = 60;
  const TraceModel& asked = g.model;
  GoodState state = analytic_state(asked);
  std::vector<double> best;
  TraceStatistics best_found;
  double best_distance = 1e300;
  for (int round = 0; round < kRounds && best_distance > 0.05; ++round) {
    std::vector<double> rates = rates_of(draws, state, shape);
    const TraceStatistics found = measure(rates, shape);
    const double now = distance(found, asked);
    if (now < best_distance) {
      best_distance = now;
      best_found = found;
      best = std::move(rates);
    }
    // The variance beyond what the outages alone make is what sigma governs.
    const double floor2 = found.outage_share / (1 - found.outage_share);
    const double wanted2 = std::max(asked.cv * asked.cv - floor2, 1e-9);
    const double found2 = std::max(found.cv * found.cv - floor2, 1e-9);
    state.mean *= asked.mean / found.mean;
    state.sigma *= std::clamp(std::sqrt(wanted2 / found2), 0.5, 2.0);
    state.sigma = std::clamp(state.sigma, 0.0, 3.0);
    const double step = 0.7 * (asked.autocorrelation - found.autocorrelation);
    state.phi = std::clamp(state.phi + step * (1.1 - std::abs(state.phi)), -0.99, 0.9999);
  }
  if (best_distance > 1) {
    throw base::ConfigError(
        "trace generator",
        "no trace of this length has the statistics asked for; nearest: mean " +
            base::format_significant(base::in_megabits_per_s(best_found.mean), 4) + " Mbit/s, cv " +
            base::format_significant(best_found.cv, 3) + ", autocorrelation " +
            base::format_significant(best_found.autocorrelation, 3) + ", outage share " +
            base::format_significant(best_found.outage_share, 3) +
            " (a longer duration_s or a milder model comes closer)");
  }
  return best;
}

}  // namespace

RateTrace generate_trace(const TraceGeneration& generation) {
  const double duration = base::in_seconds(generation.duration);
  const double step = base::in_seconds(generation.step);
  const auto whole = [](double value) {  // of a value not yet checked
    return value >= 0 && value < 1e9 ? static_cast<std::size_t>(value + 0.5) : std::size_t{0};
  };
  const Shape shape = {whole(duration), whole(1 / step)};
  check(generation, shape);
  const Draws draws = draw_near_share(generation, shape);
  const std::vector<double> rates = corrected_rates(generation, draws, shape);
  std::vector<RateStep> steps(rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double start = static_cast<double>(i) / static_cast<double>(shape.steps_per_s);
    steps[i] = {base::seconds(start), base::bits_per_s(rates[i])};
  }
  return {steps, generation.duration, "generated trace"};
}

std::vector<TracePreset> read_trace_presets(const std::filesystem::path& path) {
  const auto document = base::JsonDocument::from_file(path);
  base::Problems problems;
  std::vector<TracePreset> presets;
  base::JsonObject root = document.root(problems).object();
  for (const base::JsonValue& value : root.array("presets", 1)) {
    base::JsonObject object = value.object();
    TracePreset preset;
    preset.name = object.string("name");
    preset.title = object.string("title");
    preset.source = object.string("source");
    TraceModel& m = preset.model;
    m.mean = base::megabits_per_s(
        object.number("mean_mbps", Range::above_up_to(kMeanMinMbps, kMeanMaxMbps)));
    m.cv = object.number("cv", Range::between(0, 3));
    m.autocorrelation = object.number("autocorrelation_1s", Range::between(-0.5, 0.99));
    m.outage_share = object.number_or("outage_share", 0, Range::between(0, 0.8));
    m.outage_mean = base::seconds(object.number_or("outage_mean_s", 3, Range::between(1, 1000)));
    object.finish();
    presets.push_back(preset);
  }
  root.finish();
  problems.throw_if_any();
  return presets;
}

}  // namespace edgecut::platforms

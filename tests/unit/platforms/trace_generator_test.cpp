#include "platforms/trace_generator.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "platforms/trace_formats.hpp"
#include "platforms/trace_statistics.hpp"

using namespace edgecut;
using base::megabits_per_s;
using base::seconds;
using platforms::generate_trace;
using platforms::RateTrace;
using platforms::TraceGeneration;
using platforms::TraceModel;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::filesystem::path kFolder =
    std::filesystem::path(EDGECUT_SOURCE_DIR) / "platforms/traces";

void check_statistics(const RateTrace& trace, const TraceModel& asked) {
  const auto s = platforms::trace_statistics(trace);
  CHECK(std::abs(s.mean / asked.mean - 1) < 0.02);
  CHECK(std::abs(s.cv - asked.cv) < 0.05);
  CHECK(std::abs(s.autocorrelation - asked.autocorrelation) < 0.05);
  CHECK(std::abs(s.outage_share - asked.outage_share) < 0.01);
}

}  // namespace

TEST_CASE("every preset's trace has the statistics of the preset, short and long") {
  const auto presets = platforms::read_trace_presets(kFolder / "presets.json");
  REQUIRE(presets.size() == 4);
  for (const auto& preset : presets) {
    for (const double duration_s : {600.0, 20000.0}) {
      for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
        CAPTURE(preset.name);
        CAPTURE(duration_s);
        check_statistics(
            generate_trace({.model = preset.model, .duration = seconds(duration_s), .seed = seed}),
            preset.model);
      }
    }
  }
}

TEST_CASE("steps shorter than a second keep the statistics of the seconds") {
  const TraceModel model = {.mean = megabits_per_s(4),
                            .cv = 0.6,
                            .autocorrelation = 0.8,
                            .outage_share = 0.05,
                            .outage_mean = seconds(4)};
  const RateTrace trace =
      generate_trace({.model = model, .duration = seconds(2000), .step = seconds(0.1)});
  CHECK(trace.step_count() > 10000);
  check_statistics(trace, model);
}

TEST_CASE("outages last as long as asked on the average") {
  const TraceModel model = {.mean = megabits_per_s(1.44),
                            .cv = 0.6,
                            .autocorrelation = 0.85,
                            .outage_share = 0.1,
                            .outage_mean = seconds(6)};
  const RateTrace trace = generate_trace({.model = model, .duration = seconds(100000)});
  double outages = 0;
  double outage_s = 0;
  bool before = false;
  for (int second = 0; second < 100000; ++second) {
    const base::DataSize bits = trace.carried(seconds(second), seconds(second + 1));
    const bool outage = bits / seconds(1) < platforms::kOutageBelow;
    outages += outage && !before ? 1 : 0;
    outage_s += outage ? 1 : 0;
    before = outage;
  }
  CHECK(outage_s / outages == doctest::Approx(6).epsilon(0.1));
}

TEST_CASE("the seed decides the trace and nothing else does") {
  TraceGeneration g = {.model = {.mean = megabits_per_s(5), .cv = 0.5, .autocorrelation = 0.8}};
  const auto first = generate_trace(g).steps();
  CHECK(generate_trace(g).steps() == first);
  g.seed = 2;
  CHECK(generate_trace(g).steps() != first);
}

TEST_CASE("the shipped traces are what the generator makes of their preset and seed") {
  const auto presets = platforms::read_trace_presets(kFolder / "presets.json");
  const std::vector<std::pair<std::string, std::string>> shipped = {{"lte-driving", "lte-driving"},
                                                                    {"lte-walking", "lte"},
                                                                    {"3g-driving", "3g-driving"},
                                                                    {"wifi-home", "wifi"}};
  for (const auto& row : shipped) {
    const std::string& file = row.first;
    const std::string& name = row.second;
    CAPTURE(file);
    const auto preset =
        std::find_if(presets.begin(), presets.end(), [&](const auto& p) { return p.name == name; });
    REQUIRE(preset != presets.end());
    const RateTrace made = generate_trace({.model = preset->model, .seed = 1});
    const std::string text = base::read_file(kFolder / (file + ".csv"), 1U << 20U);
    const std::string rows = platforms::trace_to_csv(made, seconds(1), "");
    REQUIRE(text.size() > rows.size());
    CHECK(text.substr(text.size() - rows.size()) == rows);
    CHECK(platforms::read_trace(kFolder / (file + ".csv")).period() == made.period());
  }
}

TEST_CASE("parameters that no trace can have are refused") {
  const TraceGeneration good = {
      .model = {.mean = megabits_per_s(5), .cv = 0.5, .autocorrelation = 0.8}};
  const auto refused = [&](auto change) {
    TraceGeneration g = good;
    change(g);
    CHECK_THROWS_AS(static_cast<void>(generate_trace(g)), base::ConfigError);
  };
  refused([](TraceGeneration& g) { g.model.mean = megabits_per_s(0.1); });
  refused([](TraceGeneration& g) { g.model.mean = megabits_per_s(kNan); });
  refused([](TraceGeneration& g) { g.model.cv = -1; });
  refused([](TraceGeneration& g) { g.model.autocorrelation = 1; });
  refused([](TraceGeneration& g) { g.model.outage_share = 1; });
  refused([](TraceGeneration& g) { g.model.outage_share = 0.5; });  // its CV alone is 1
  refused([](TraceGeneration& g) { g.model.outage_mean = seconds(0.1); });
  refused([](TraceGeneration& g) { g.duration = seconds(10); });
  refused([](TraceGeneration& g) { g.duration = seconds(100.5); });
  refused([](TraceGeneration& g) { g.duration = seconds(kNan); });
  refused([](TraceGeneration& g) { g.step = seconds(0.3); });
  refused([](TraceGeneration& g) { g.step = seconds(0); });
  refused([](TraceGeneration& g) {
    g.model.autocorrelation = 0.1, g.model.cv = 0.5, g.model.outage_share = 0.18,
    g.model.outage_mean = seconds(50);
  });
}

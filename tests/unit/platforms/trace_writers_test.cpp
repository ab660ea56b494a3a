#include "platforms/trace_writers.hpp"

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "platforms/rate_curve.hpp"
#include "platforms/trace_formats.hpp"
#include "platforms/trace_segments.hpp"

using namespace edgecut;
using base::in_bits;
using base::in_bits_per_s;
using base::in_megabits_per_s;
using base::in_seconds;
using base::megabits_per_s;
using base::seconds;
using platforms::RateSegment;
using platforms::RateTrace;

namespace {

// [0, 1.5) 2, [1.5, 4) 0, [4, 4.25) 7.3 Mbit/s: a last step unlike the one before.
const std::vector<RateSegment> kSegments = {{seconds(0), seconds(1.5), megabits_per_s(2)},
                                            {seconds(1.5), seconds(4), megabits_per_s(0)},
                                            {seconds(4), seconds(4.25), megabits_per_s(7.3)}};

std::string written(const std::vector<RateSegment>& segments, const std::string& name) {
  std::string text;
  for (const platforms::WritableFormat& format : platforms::writable_formats()) {
    if (format.name == name) {
      const auto writer = format.make([&text](std::string_view piece) { text += piece; },
                                      {.latency = base::milliseconds(20)});
      for (const RateSegment& segment : segments) {
        writer->add(segment);
      }
      writer->finish();
    }
  }
  return text;
}

}  // namespace

TEST_CASE("what is written without loss reads back to the same trace, detected") {
  for (const std::string name : {"csv", "pairs", "sabre", "simgrid"}) {
    CAPTURE(name);
    const RateTrace back = platforms::trace_from_text(written(kSegments, name), "t");
    CHECK(in_seconds(back.period()) == doctest::Approx(4.25).epsilon(1e-14));
    const auto steps = back.steps();
    REQUIRE(steps.size() == kSegments.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      CHECK(in_seconds(steps[i].start) ==
            doctest::Approx(in_seconds(kSegments[i].start)).epsilon(1e-14));
      CHECK(in_bits_per_s(steps[i].rate) ==
            doctest::Approx(in_bits_per_s(kSegments[i].rate)).epsilon(1e-14));
    }
  }
}

// More rows than detection looks at: nothing that tells the format may stand at the end only.
TEST_CASE("every format that is written is detected as itself, with the same steps") {
  std::vector<RateSegment> segments;
  for (int i = 0; i < 200; ++i) {
    // Times in whole ms, rates in whole packets a ms.
    segments.push_back({seconds(i * 250 / 1000.0), seconds((i + 1) * 250 / 1000.0),
                        base::bits_per_s(12e6 * (1 + i % 3))});
  }
  for (const platforms::WritableFormat& format : platforms::writable_formats()) {
    CAPTURE(format.name);
    std::istringstream text(written(segments, format.name));
    platforms::StepCollector collector("t");
    const auto reading = platforms::read_segments(
        text, "t", {}, [&](const RateSegment& segment) { collector.add(segment); });
    CHECK(reading.format == format.name);
    const RateTrace back = collector.trace();
    CHECK(back.period() == segments.back().end);
    const auto steps = back.steps();
    REQUIRE(steps.size() == segments.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      REQUIRE(steps[i].start == segments[i].start);
      REQUIRE(steps[i].rate == segments[i].rate);
    }
  }
}

TEST_CASE("numbers are written as they were read") {
  const std::vector<RateSegment> segments = {
      {seconds(0), seconds(0.1), megabits_per_s(8.2)},
      {seconds(0.1), seconds(0.3), base::bits_per_s(4.1 * 1e3)},
      {seconds(0.3), seconds(0.4), megabits_per_s(1001.001)}};
  CHECK(written(segments, "csv") ==
        "time_s,rate_mbps\n0,8.2\n0.1,0.0041\n0.3,1001.001\n0.35,1001.001\n");
  const std::string sabre = written(segments, "sabre");
  CAPTURE(sabre);
  for (const std::string row : {"100, \"bandwidth_kbps\": 8200,", "200, \"bandwidth_kbps\": 4.1,",
                                "100, \"bandwidth_kbps\": 1001001,"}) {
    CAPTURE(row);
    CHECK(sabre.find("{\"duration_ms\": " + row) != std::string::npos);
  }
}

TEST_CASE("a trace of one step is written so that it can be read") {
  const std::vector<RateSegment> one = {{seconds(0), seconds(3), megabits_per_s(2)}};
  for (const std::string name : {"csv", "pairs", "sabre", "simgrid", "mahimahi"}) {
    CAPTURE(name);
    const RateTrace back = platforms::trace_from_text(written(one, name), "t");
    CHECK(in_seconds(back.period()) == doctest::Approx(3));
    CHECK(in_megabits_per_s(back.mean_rate()) == doctest::Approx(2));
  }
}

TEST_CASE("as Mahimahi packets a trace carries the same bits to a packet at any time") {
  const RateTrace back = platforms::trace_from_text(written(kSegments, "mahimahi"), "t");
  const double packet = 1500 * 8;
  CHECK(in_seconds(back.period()) == doctest::Approx(4.25));
  double carried = 0;
  for (const RateSegment& segment : kSegments) {
    carried += in_bits(segment.rate * (segment.end - segment.start));
    const double found = in_bits(back.carried(seconds(0), segment.end));
    CAPTURE(in_seconds(segment.end));
    CHECK(found <= carried + packet + 1e-3);
    CHECK(found > carried - packet);
  }
}

TEST_CASE("packets of a rate that a packet a millisecond makes are written as they were") {
  const std::string text = "1\n2\n3\n3\n7\n";
  std::vector<RateSegment> segments;
  const auto steps = platforms::trace_from_text(text, "t").steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto end = i + 1 < steps.size() ? steps[i + 1].start : seconds(0.007);
    segments.push_back({steps[i].start, end, steps[i].rate});
  }
  CHECK(written(segments, "mahimahi") == text);
}

TEST_CASE("steps of a coarser trace carry what they replace") {
  std::vector<RateSegment> coarse;
  platforms::ResampledSegments resampled(
      seconds(1), [&coarse](const RateSegment& segment) { coarse.push_back(segment); });
  for (const RateSegment& segment : kSegments) {
    resampled.add(segment);
  }
  resampled.finish();
  const std::vector<double> expected = {2, 2 * 0.5, 0, 0, 7.3};
  REQUIRE(coarse.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(in_seconds(coarse[i].start) == static_cast<double>(i));
    CHECK(in_megabits_per_s(coarse[i].rate) == doctest::Approx(expected[i]));
  }
  CHECK(in_seconds(coarse.back().end) == 4.25);
}

TEST_CASE("a curve has few points whatever the trace's length, and its bits") {
  platforms::RateCurve curve;
  double bits = 0;
  constexpr int kSteps = 100000;
  for (int i = 0; i < kSteps; ++i) {
    const auto rate = megabits_per_s(1 + i % 5);
    curve.add({seconds(0.7 * i), seconds(0.7 * (i + 1)), rate});
    bits += in_bits(rate * seconds(0.7));
  }
  const auto points = curve.points();
  CHECK(points.size() <= 2049);
  CHECK(points.size() > 1024);
  double found = 0;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    found += in_bits(points[i].second * (points[i + 1].first - points[i].first));
  }
  CHECK(found == doctest::Approx(bits));
}

// The formats of measurement programs: what a row means, what is detected, what is refused.
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/trace_formats.hpp"

using namespace edgecut;
using base::in_seconds;
using base::megabits_per_s;
using base::seconds;
using platforms::RateTrace;
using platforms::trace_from_text;
using platforms::TraceReadOptions;

namespace {

std::string error_of(const std::string& text, const TraceReadOptions& options = {}) {
  try {
    static_cast<void>(trace_from_text(text, "t", options));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string format_of(const std::string& text) {
  std::istringstream stream(text);
  TraceReadOptions options;
  options.direction = platforms::TraceDirection::kUplink;
  return platforms::read_segments(stream, "t", options, [](const platforms::RateSegment&) {})
      .format;
}

double mbps(const RateTrace& trace, double at_s) {
  return base::in_megabits_per_s(trace.rate_at(seconds(at_s)));
}

constexpr const char* kUccHeader = "Timestamp,NetworkMode,DL_bitrate,UL_bitrate\n";

}  // namespace

TEST_CASE("each format is detected from its first rows") {
  CHECK(format_of("[{\"duration_ms\": 1, \"bandwidth_kbps\": 2, \"latency_ms\": 3}]") == "sabre");
  CHECK(format_of(std::string(kUccHeader) +
                  "2020.02.27_17.30.15,5G,1,2\n2020.02.27_17.30.16,5G,1,2\n") == "ucc");
  CHECK(format_of("bitrate,app_throughput,delivery_time\n1,2,3\n") == "lumos");
  CHECK(format_of("time_s,bandwidth_mbps\n0,1\n1,2\n") == "csv");
  CHECK(format_of("1\n5\n") == "mahimahi");
  CHECK(format_of("1454606892659 94 51.05 3.69 100 94\n") == "ghent");
  CHECK(format_of("1284365019 332305 NOFIX NOFIX 162792 1013\n") == "hsdpa");
  CHECK(format_of("3.97,Mbits/sec\n0,bits/sec\n") == "iperf");
  CHECK(format_of("1,0\n2,1613412\n") == "bytes");
  CHECK(format_of("0 1000\n1 2000\nPERIODICITY 3\n") == "simgrid");
  CHECK(format_of("0.0\t3.7\r\n1.549\t0.6\r\n2.611\t0.4\r\n") == "cooked");
  CHECK(format_of("0.0\t3.7\n1.549\t0.6\n2.611\t0.4\n") == "pairs");
  CHECK(format_of("0 1\n1 2\n") == "pairs");
}

TEST_CASE("a SABRE period lasts its duration at its rate") {
  const RateTrace trace = trace_from_text(
      "[{\"duration_ms\": 1500, \"bandwidth_kbps\": 2000, \"latency_ms\": 20},\n"
      " {\"duration_ms\": 500, \"bandwidth_kbps\": 0}]",
      "t");
  CHECK(in_seconds(trace.period()) == 1.5 + 0.5);
  CHECK(mbps(trace, 1.4) == 2);
  CHECK(mbps(trace, 1.6) == 0);
}

TEST_CASE("damage in a SABRE file is told by its JSON pointer, and text that is no JSON at once") {
  const std::string damaged = error_of(
      "[{\"duration_ms\": 1, \"bandwidth_kbps\": 1}, {\"duration_ms\": -5, \"bandwidth_kbps\": "
      "\"x\"}, {\"duration_ms\": 1}, {\"duration_ms\": 1, \"bandwith_kbps\": 1}, "
      "{\"duration_ms\": 1, \"duration_ms\": 2, \"bandwidth_kbps\": 1}]");
  CHECK(has(damaged, "t#/1/duration_ms: found -5; expected a number in [0,"));
  CHECK(has(damaged, "t#/1/bandwidth_kbps: found \"x\"; expected a number"));
  CHECK(has(damaged, "t#/2: missing key \"bandwidth_kbps\""));
  CHECK(has(damaged, "t#/3: unknown key \"bandwith_kbps\", did you mean \"bandwidth_kbps\"?"));
  CHECK(has(damaged, "t#/4/duration_ms: the key is there twice"));
  CHECK(has(error_of("[{\"duration_ms\": 1,"), "no JSON from byte"));
  CHECK(has(error_of("[1, 2]"), "t#/0: found a number; expected a period"));
  CHECK(has(error_of("[[]]"), "t#/0: found an array; expected a period"));
  CHECK(has(error_of("[]"), "no rows"));
  const std::string deep(100000, '[');
  CHECK(has(error_of(deep), "t#/0: found an array"));
}

TEST_CASE("a log's rate is the bytes of an interval over its length") {
  const RateTrace trace = trace_from_text(
      "1284365019 332305 59.9 10.8 125000 1000\n1284365020 333313 NOFIX NOFIX 0 2500\n", "t");
  CHECK(in_seconds(trace.period()) == 1.0 + 2.5);
  CHECK(mbps(trace, 0.5) == 125000 * 8 / 1e6);
  CHECK(mbps(trace, 3.4) == 0);
  const std::string error =
      error_of("1284365019 1 2 3 100 1000\n1284365020 1 2 3 4\n1 2 3 4 -5 6\n1 2 3 4 5 0\n");
  CHECK(has(error, "t:2: found \"1284365020 1 2 3 4\"; expected 6 columns"));
  CHECK(has(error, "t:3: bytes \"-5\""));
  CHECK(has(error, "t:4: interval 0 ms with 5 bytes"));
}

TEST_CASE("each row of iperf has a unit of its own and lasts a second") {
  const RateTrace trace = trace_from_text(
      "Bandwidth,Unit\n3,Mbits/sec\n500,Kbits/sec\n8000,bits/sec\n1,Gbits/sec\n", "t");
  CHECK(in_seconds(trace.period()) == 4);
  CHECK(mbps(trace, 0.5) == 3);
  CHECK(mbps(trace, 1.5) == 0.5);
  CHECK(mbps(trace, 2.5) == 0.008);
  CHECK(mbps(trace, 3.5) == 1000);
  CHECK(has(error_of("3,Mbits/sec\n3,MBytes/sec\nstray\n"),
            "t:2: found \"3,MBytes/sec\"; expected value,unit"));
}

TEST_CASE("bytes a second are eight bits a second, from whole numbers beyond any Mbit/s") {
  const RateTrace trace = trace_from_text("1,125000\n2,0\n", "t");
  CHECK(in_seconds(trace.period()) == 2);
  CHECK(mbps(trace, 0.5) == 1);
  CHECK(mbps(trace_from_text("1,100\n2,0\n", "t"), 0.5) == 100);
  CHECK(mbps(trace_from_text("1,100\n2,0\n", "t", {.format = "bytes"}), 0.5) == 100 * 8 / 1e6);
}

TEST_CASE("of a recording with both directions one must be asked for") {
  const std::string text = std::string(kUccHeader) +
                           "2020.02.28_23.59.59,5G,1000,200\n"
                           "2020.02.29_00.00.00,5G,3000,400\n"
                           "2020.02.29_00.00.00,5G,5000,600\n"
                           "2020.02.29_00.00.01,5G,-,-\n"
                           "2020.02.29_00.00.03,5G,7000,800\n";
  const RateTrace down =
      trace_from_text(text, "t", {.direction = platforms::TraceDirection::kDownlink});
  CHECK(in_seconds(down.period()) == 1 + 3 + 3);
  CHECK(mbps(down, 0.5) == 1);
  CHECK(mbps(down, 3.5) == (3.0 + 5.0) / 2);  // the mean of its second, which holds on
  CHECK(mbps(down, 4.5) == 7);
  const RateTrace up =
      trace_from_text(text, "t", {.direction = platforms::TraceDirection::kUplink});
  CHECK(mbps(up, 0.5) == 0.2);
  CHECK(has(error_of(text), "both directions"));
  CHECK(has(error_of(std::string(kUccHeader) + "2020.02.30_00.00.00,5G,1,2\n",
                     {.direction = platforms::TraceDirection::kUplink}),
            "t:2: time \"2020.02.30_00.00.00\""));
}

TEST_CASE("video chunks follow one another, each at its throughput") {
  const RateTrace trace = trace_from_text(
      "connection_type,app_throughput,delivery_time\nwifi,8000,0.5\nwifi,2000,1.5\n", "t");
  CHECK(in_seconds(trace.period()) == 0.5 + 1.5);
  CHECK(mbps(trace, 0.4) == 8);
  CHECK(mbps(trace, 0.6) == 2);
}

TEST_CASE("columns are found by name and unit, whatever their order and separator") {
  const std::vector<std::string> same = {
      "time_s,rate_mbps\n0,2\n1,4\n", "x;Bandwidth_kbps;Time_ms\na;2000;0\nb;4000;1000\n",
      "\"time_s\",\"throughput_bytes_per_s\"\n0,250000\n1,500000\n",
      "duration_ms\tgoodput_bps\n1000\t2e6\n1000\t4e6\n",
      "interval_s,uplink_gbps\n1,0.002\n1,0.004\n"};
  for (const std::string& text : same) {
    CAPTURE(text);
    const RateTrace trace = trace_from_text(text, "t");
    CHECK(in_seconds(trace.period()) == doctest::Approx(2));
    CHECK(mbps(trace, 0.5) == doctest::Approx(2));
    CHECK(mbps(trace, 1.5) == doctest::Approx(4));
  }
  const std::string both = "time_s,uplink_mbps,downlink_mbps\n0,1,10\n1,2,20\n";
  CHECK(mbps(trace_from_text(both, "t", {.direction = platforms::TraceDirection::kUplink}), 1) ==
        2);
  CHECK(mbps(trace_from_text(both, "t", {.direction = platforms::TraceDirection::kDownlink}), 1) ==
        20);
  CHECK(has(error_of(both), "both directions"));
  CHECK(has(error_of("time_s,speed\n0,1\n"), "t:1: the header names no rate"));
  CHECK(has(
      error_of("time_s,a_mbps,b_mbps\n0,1,1\n", {.direction = platforms::TraceDirection::kUplink}),
      "its rates: a_mbps, b_mbps"));
  CHECK(has(error_of("time_s,rate_mbps\n0,1\n1\n"), "t:3: found \"1\"; expected at least 2"));
}

TEST_CASE("a SimGrid profile repeats by its period or its pause") {
  const RateTrace period = trace_from_text("PERIODICITY 12.0\n4.0 40000000\n8.0 60000000\n", "t");
  CHECK(in_seconds(period.period()) == 12);
  CHECK(mbps(period, 3) == 60000000 * 8 / 1e6);  // the last rate, from the round before
  CHECK(mbps(period, 5) == 40000000 * 8 / 1e6);
  const RateTrace pause = trace_from_text("% x\n0 1000000\n8.0 2000000\nLOOPAFTER 12\n", "t");
  CHECK(in_seconds(pause.period()) == 8 + 12);
  CHECK(has(error_of("0 1\n5 2\nPERIODICITY 5\n"), "repeats after 5 s; expected more than"));
  CHECK(has(error_of("0 1\n5 2\n", {.format = "simgrid"}), "neither PERIODICITY nor LOOPAFTER"));
  CHECK(has(error_of("0 1\nLOOPAFTER x\n"), "t:2: found \"LOOPAFTER x\""));
  CHECK(has(error_of("STOCHASTIC\n0 1\nLOOPAFTER 3\n"), "t:1: a stochastic profile"));
}

TEST_CASE("leniency leaves damaged rows out and counts each once") {
  const std::string text = "0 1\n1 nan\nx y\n2 3\n3 3\n";
  CHECK(has(error_of(text), "t:2: rate \"nan\""));
  std::istringstream stream(text);
  double end_s = 0;
  const auto reading = platforms::read_segments(
      stream, "t", {.lenient = true},
      [&end_s](const platforms::RateSegment& segment) { end_s = in_seconds(segment.end); });
  CHECK(reading.rows_skipped == 2);
  CHECK(end_s == 4);
  CHECK(mbps(trace_from_text(text, "t", {.lenient = true}), 1.5) == 1);
  CHECK(
      has(error_of("x y\n0 z\n", {.format = "pairs", .lenient = true}), "found 0 different times"));
}

TEST_CASE("a long file is read in pieces, with its lines and damage in their places") {
  std::string text;
  for (int i = 0; i < 60000; ++i) {
    text += std::to_string(i) + (i == 50000 ? " -1" : " 2.5") + "\r\n";
  }
  CHECK(text.size() > 7 * 65536);
  CHECK(error_of(text).find("t:50001: rate \"-1\"") == 0);
  CHECK(in_seconds(trace_from_text(text, "t", {.lenient = true}).period()) == 60000);
  CHECK(has(error_of("0 1\n1 " + std::string(200000, '1') + "\n2 1\n"),
            "t:2: a line of more than 65536 bytes"));
  CHECK(mbps(trace_from_text("\xEF\xBB\xBFtime_s,rate_mbps\n0,1\n1,2\n", "t"), 1.5) == 2);
}

TEST_CASE("recorded round trips are samples with statistics") {
  const std::string text =
      "2020-04-06 23:59:59.5_40.0,2020-04-07 00:00:00.500000_10.0,\n2020-04-07 "
      "00:00:01_20.0,2020-04-07 00:00:01.5_30.0";
  const auto s = platforms::round_trip_statistics(platforms::round_trips_from_text(text, "t"));
  CHECK(s.samples == 4);
  CHECK(in_seconds(s.duration) == 2);
  CHECK(base::in_milliseconds(s.median) == doctest::Approx((20.0 + 30.0) / 2));
  CHECK(base::in_milliseconds(s.min) == doctest::Approx(10));
  CHECK(base::in_milliseconds(s.max) == doctest::Approx(40));
  CHECK(s.cv == doctest::Approx(std::sqrt((15.0 * 15 + 5 * 5) * 2 / 4) / 25));
  const std::string damaged = "2020-04-06 10:00:00_40.0,2020-04-06 10:00:01_x,2020_5";
  try {
    static_cast<void>(platforms::round_trips_from_text(damaged, "t"));
    FAIL("damaged samples passed");
  } catch (const base::ConfigError& error) {
    CHECK(has(error.what(), "t: sample 2: found \"2020-04-06 10:00:01_x\""));
    CHECK(has(error.what(), "t: sample 3: found \"2020_5\""));
  }
  CHECK(platforms::round_trips_from_text(damaged, "t", true).samples_skipped == 2);
  for (const bool lenient : {false, true}) {
    CHECK_THROWS_WITH_AS(static_cast<void>(platforms::round_trips_from_text(
                             "time_s,rate_mbps\n0,1\n", "t", lenient)),
                         "t: no recorded round trips, it begins with \"time_s\"; expected samples "
                         "YYYY-mm-dd HH:MM:SS.ffffff_MS separated by commas or line ends",
                         base::ConfigError);
  }
  CHECK_THROWS_AS(static_cast<void>(platforms::round_trips_from_text(" \n", "t")),
                  base::ConfigError);
}

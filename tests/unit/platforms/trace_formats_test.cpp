#include "platforms/trace_formats.hpp"

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "platforms/trace_statistics.hpp"

using namespace edgecut;
using base::in_bits;
using base::in_bits_per_s;
using base::in_seconds;
using base::megabits_per_s;
using base::seconds;
using platforms::RateTrace;
using platforms::StampMarks;
using platforms::trace_from_text;

namespace {

std::string error_of(const std::string& text, const platforms::TraceReadOptions& options = {}) {
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

}  // namespace

TEST_CASE("a Mahimahi line is a packet that is through at its millisecond") {
  const RateTrace trace = trace_from_text("2\n2\n5\n", "t");
  const double packet = 1500 * 8;
  CHECK(in_seconds(trace.period()) == 0.005);
  CHECK(in_bits(trace.carried(seconds(0), seconds(0.005))) == doctest::Approx(3 * packet));
  CHECK(in_bits_per_s(trace.rate_at(seconds(0.0005))) == 0);
  CHECK(in_bits_per_s(trace.rate_at(seconds(0.0015))) == doctest::Approx(2 * packet / 1e-3));
  const std::vector<std::pair<int, double>> ends_s = {
      {2, 0.002}, {3, 0.005}, {5, 0.007}, {6, 0.010}};
  for (const auto& row : ends_s) {
    const int packets = row.first;
    const double end_s = row.second;
    CAPTURE(packets);
    CHECK(in_seconds(trace.transfer_end(seconds(0), base::bits(packets * packet))) ==
          doctest::Approx(end_s).epsilon(1e-9));
  }
}

TEST_CASE("a stamp of zero and the last stamp are the same instant of a repeating Mahimahi trace") {
  const RateTrace trace = trace_from_text("0\n4\n", "t");
  CHECK(in_bits_per_s(trace.rate_at(seconds(0.0035))) == doctest::Approx(2 * 12000 / 1e-3));
  CHECK(trace.step_count() == 2);
}

TEST_CASE("pairs may be separated by spaces, tabs or commas and end in CR LF") {
  for (const std::string text :
       {"0 1\n2 3\n", "0\t1\r\n2\t3\r\n", "0,1\n2,3", "# x\n\n0, 1\n2, 3\n"}) {
    CAPTURE(text);
    const RateTrace trace = trace_from_text(text, "t");
    CHECK(in_seconds(trace.period()) == 4);
    CHECK(trace.rate_at(seconds(1.9)) == megabits_per_s(1));
    CHECK(trace.rate_at(seconds(2.0)) == megabits_per_s(3));
  }
}

TEST_CASE("stamps that mark the end leave out the first row, whose length nobody knows") {
  const RateTrace trace =
      trace_from_text("10 1\n12 3\n13 5\n", "t", {.format = "pairs", .stamp = StampMarks::kEnd});
  CHECK(in_seconds(trace.period()) == 13 - 10);
  CHECK(trace.rate_at(seconds(1.9)) == megabits_per_s(3));
  CHECK(trace.rate_at(seconds(2.5)) == megabits_per_s(5));
}

TEST_CASE("the last interval is as long as the one before it when stamps mark the start") {
  CHECK(in_seconds(trace_from_text("100 1\n101 2\n103.5 1\n", "t").period()) ==
        103.5 - 100 + (103.5 - 101));
}

TEST_CASE("rows with equal stamps last no time, but for the one that reaches to another stamp") {
  const RateTrace at_start = trace_from_text("0 1\n2 9\n2 3\n4 5\n", "t");
  CHECK(at_start.rate_at(seconds(2)) == megabits_per_s(3));
  CHECK(at_start.step_count() == 3);
  const RateTrace at_end =
      trace_from_text("0 1\n2 9\n2 3\n4 5\n", "t", {.format = "", .stamp = StampMarks::kEnd});
  CHECK(at_end.rate_at(seconds(1)) == megabits_per_s(9));
  CHECK(at_end.step_count() == 2);
}

TEST_CASE("damaged rows are refused by line with what was found") {
  const std::string error = error_of("0 1\n1 nan\n2 -3\n2 5\nx 4\n7\n");
  CHECK(has(error, "t:2: rate \"nan\""));
  CHECK(has(error, "t:3: rate \"-3\""));
  CHECK(has(error, "t:5: time \"x\""));
  CHECK(has(error, "t:6: found \"7\""));
  CHECK(has(error_of("0 1\n2 1\n1 1\n"), "t:3: time 1 s; expected at least"));
  CHECK(has(error_of("0 1\n1 inf\n2 1\n", {.format = "pairs"}), "t:2: rate \"inf\""));
  CHECK(has(error_of("3\n9\n5\n"), "t:3: time 5 ms"));
  CHECK(has(error_of("3\n9\n-5\n"), "t:3: found \"-5\""));
  CHECK(has(error_of("3\n9\n1e3\n"), "t:3: found \"1e3\""));
  CHECK(has(error_of("time_s,rate_mbps\n0,1\n1,\n"), "t:3: rate \"\""));
}

TEST_CASE("files that are no trace are refused") {
  CHECK(has(error_of(""), "no rows"));
  CHECK(has(error_of("\n# only words\n"), "no rows"));
  CHECK(has(error_of(std::string("0 1\n\0 2\n", 9)), "binary"));
  CHECK(has(error_of("hello\nworld\n"), "no known trace format"));
  CHECK(has(error_of("0 1\n"), "at least two"));
  CHECK(has(error_of("time_s,rate_mbps\n"), "at least two"));
  CHECK(has(error_of("0\n0\n"), "last stamp above 0"));
  CHECK(has(error_of("0 0\n1 0\n"), "zero for ever"));
  CHECK(has(error_of("0 1\n1 2\n", {.format = "mahimaho"}), "did you mean \"mahimahi\""));
  CHECK_THROWS_AS(static_cast<void>(platforms::read_trace("no-such-file")), base::ConfigError);
}

TEST_CASE("a profile's loop rule among pairs in Mbit/s is refused by line, also leniently") {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += std::to_string(i) + " 1250000\n";
  }
  for (const bool lenient : {false, true}) {
    CAPTURE(lenient);
    const std::string error = error_of(text + "PERIODICITY 100\n", {.lenient = lenient});
    CHECK(has(error, "t:101: found \"PERIODICITY 100\" of a SimGrid profile"));
    CHECK(has(error, "expected seconds and Mbit/s"));
    CHECK(!has(error, "\n"));
  }
  CHECK(
      has(error_of("0,5\n1,6\nLOOPAFTER 1\n", {.format = "bytes"}), "t:3: found \"LOOPAFTER 1\""));
  const RateTrace named = trace_from_text(text + "PERIODICITY 100\n", "t", {.format = "simgrid"});
  CHECK(in_bits_per_s(named.mean_rate()) == 1250000 * 8);
}

TEST_CASE("recorded round trips are no bandwidth trace, and one line says so") {
  CHECK(error_of("2020-04-06 18:54:12.0_30.0,2020-04-06 18:54:12.1_10.0,") ==
        "t: recorded round trips (mecperf-rtt); expected a bandwidth trace");
}

TEST_CASE("damage in a long file is told up to a limit") {
  std::string text = "0 1\n1 1\n";
  for (int i = 0; i < 100; ++i) {
    text += "bad row\n";
  }
  CHECK(has(error_of(text), "and 180 more problems"));
}

TEST_CASE("a trace written as CSV reads back to the same rates") {
  const RateTrace trace({{seconds(0), megabits_per_s(1.5)},
                         {seconds(1), megabits_per_s(0)},
                         {seconds(3), megabits_per_s(0.1)}},
                        seconds(4));
  const std::string text = platforms::trace_to_csv(trace, seconds(1), "a comment\nand more");
  CHECK(text.rfind("# a comment\n# and more\ntime_s,rate_mbps\n0,1.5\n1,0\n", 0) == 0);
  const RateTrace back = trace_from_text(text, "t");
  CHECK(back.steps() == trace.steps());
  CHECK(back.period() == trace.period());
}

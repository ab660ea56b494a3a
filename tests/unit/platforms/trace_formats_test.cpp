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

struct Published {  // a row of the traces' README: 1 s statistics to the printed digits
  const char* file;
  StampMarks stamp;
  double duration_s, mean_mbps, cv, outage_pct, longest_s, acf;
};

const std::vector<Published> kPublished = {
    {"3g-nyc2018/downlink-3g-no-cross-subway.pps", {}, 243, 5.01, 0.60, 4.1, 4, 0.80},
    {"3g-nyc2018/uplink-3g-no-cross-subway.pps", {}, 244, 0.71, 0.59, 9.8, 5, 0.77},
    {"3g-mahimahi/TMobile-UMTS-driving.up", {}, 931, 0.94, 0.46, 5.7, 13, 0.85},
    {"lte-mahimahi/ATT-LTE-driving-2016.down", {}, 120, 4.56, 0.85, 0.0, 0, 0.62},
    {"lte-mahimahi/ATT-LTE-driving-2016.up", {}, 120, 1.91, 0.88, 7.5, 5, 0.40},
    {"lte-mahimahi/Verizon-LTE-short.down", {}, 140, 5.03, 0.64, 0.0, 0, 0.83},
    {"lte-mahimahi/Verizon-LTE-short.up", {}, 140, 5.95, 0.52, 0.7, 1, 0.74},
    {"3g-pensieve-cooked/tram.ljabru-jernbanetorget-report.2011-02-02_1345CET.log",
     StampMarks::kEnd, 1225, 1.13, 0.68, 0.0, 0, 0.90},
    {"3g-pensieve-cooked/ferry.nesoddtangen-oslo-report.2011-02-01_0740CET.log", StampMarks::kEnd,
     1098, 1.80, 0.58, 0.0, 0, 0.88},
    {"lte-lumos5g-pairs/4g_trace_walking_50016_c", {}, 800, 49.35, 0.94, 4.4, 32, 0.97},
    {"lte-lumos5g-pairs/4g_trace_driving_50097_dr", {}, 219, 18.15, 1.08, 7.8, 11, 0.88},
    {"5g-lumos5g-pairs/5g_trace_21_walking", {}, 799, 433.15, 1.22, 4.1, 8, 0.95},
    {"wifi-solis-pairs/wifi_cafe_231115-154511.txt", {}, 200, 7.62, 0.23, 0.0, 0, 0.45},
    {"wifi-solis-pairs/wifi_campus_231115-203027.txt", {}, 200, 49.53, 0.64, 6.5, 2, 0.73},
    {"wifi-solis-pairs/wifi_office_231114-154408.txt", {}, 200, 9.81, 0.70, 7.5, 2, 0.47},
    {"wifi-solis-pairs/wifi_restr_231115-132052.txt", {}, 200, 9.59, 0.22, 0.0, 0, -0.23},
};

}  // namespace

TEST_CASE("public traces have the statistics that were published with them") {
  const std::filesystem::path folder = std::filesystem::path(EDGECUT_SHARED_DIR) / "traces";
  if (!std::filesystem::is_directory(folder)) {
    MESSAGE("skipped: the public traces are not here");
    return;
  }
  const auto near = [](double found, double printed, double digit) {
    return std::abs(found - printed) <= 0.5 * digit + 1e-9;
  };
  for (const Published& p : kPublished) {
    CAPTURE(p.file);
    const auto trace = platforms::read_trace(folder / p.file, {.format = "", .stamp = p.stamp});
    const auto s = platforms::trace_statistics(trace);
    CAPTURE(in_seconds(s.duration));
    CHECK(near(in_seconds(s.duration), p.duration_s, 1));
    CAPTURE(base::in_megabits_per_s(s.mean));
    CHECK(near(base::in_megabits_per_s(s.mean), p.mean_mbps, 0.01));
    CAPTURE(s.cv);
    CHECK(near(s.cv, p.cv, 0.01));
    CAPTURE(s.outage_share);
    CHECK(near(100 * s.outage_share, p.outage_pct, 0.1));
    CHECK(in_seconds(s.outage_longest) == p.longest_s);
    CAPTURE(s.autocorrelation);
    CHECK(near(s.autocorrelation, p.acf, 0.01));
  }
}

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

TEST_CASE("the statistics of a square wave follow from its levels") {
  // 2 Mbit/s and 0 in turn, 10 s each, 5 times: mean 1, CV 1, half outage, 9 changes in 100 s.
  std::vector<platforms::RateStep> steps;
  for (int i = 0; i < 10; ++i) {
    steps.push_back({seconds(10 * i), megabits_per_s(i % 2 == 0 ? 2 : 0)});
  }
  const auto s = platforms::trace_statistics(RateTrace(steps, seconds(100)));
  CHECK(in_seconds(s.duration) == 100);
  CHECK(s.mean == megabits_per_s(1));
  CHECK(s.max == megabits_per_s(2));
  CHECK(s.min == megabits_per_s(0));
  CHECK(s.cv == doctest::Approx(1));
  CHECK(s.outage_share == doctest::Approx(0.5));
  CHECK(in_seconds(s.outage_longest) == 10);
  CHECK(s.autocorrelation == doctest::Approx((99 - 2.0 * 9) / 100));
}

TEST_CASE("the table has a head, a row a trace and aligned columns") {
  const auto s = platforms::trace_statistics(RateTrace::constant(megabits_per_s(5.5)));
  const std::string table = platforms::statistics_table({{"a", s}, {"longer-name", s}});
  const std::size_t width = table.find('\n') + 1;
  CHECK(table.size() == 3 * width);
  CHECK(has(table, "5.50"));
}

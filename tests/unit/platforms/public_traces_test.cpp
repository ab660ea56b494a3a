// Public recordings against the statistics that were published with them.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "platforms/round_trips.hpp"
#include "platforms/trace_formats.hpp"
#include "platforms/trace_statistics.hpp"

using namespace edgecut;
using base::in_megabits_per_s;
using base::in_seconds;

namespace {

const std::filesystem::path kFolder = std::filesystem::path(EDGECUT_SHARED_DIR) / "traces";

bool is_absent() {
  if (std::filesystem::is_directory(kFolder)) {
    return false;
  }
  MESSAGE("skipped: the public traces are not here");
  return true;
}

// Whether a figure rounds to the printed one, whose last digit is worth `digit`.
bool rounds_to(double found, double printed, double digit) {
  return std::abs(found - printed) <= 0.5 * digit + 1e-9;
}

// The table of ../shared/traces/README.md: 1 s bins, time-weighted, to its printed digits.
struct Published {
  const char* file;
  const char* format;
  double duration_s, mean_mbps, cv, min_mbps, max_mbps, outage_pct, longest_s, acf;
};

const std::vector<Published> kPublished = {
    {"3g-nyc2018/downlink-3g-no-cross-subway.pps", "mahimahi", 243, 5.01, 0.60, 0.01, 11.41, 4.1, 4,
     0.80},
    {"3g-nyc2018/uplink-3g-no-cross-subway.pps", "mahimahi", 244, 0.71, 0.59, 0.00, 1.40, 9.8, 5,
     0.77},
    {"3g-mahimahi/TMobile-UMTS-driving.up", "mahimahi", 931, 0.94, 0.46, 0.00, 1.48, 5.7, 13, 0.85},
    {"3g-riiser-log/report.2010-09-13_1003CEST_metro_Kalbakken_to_Jernbanetorget.txt", "hsdpa", 196,
     1.45, 0.26, 0.25, 2.24, 0.0, 0, 0.82},
    {"3g-riiser-log/report.2010-09-28_1407CEST_bus_Ljansbakkeln_to_Jernbanetorget.txt", "hsdpa",
     496, 2.58, 0.61, 0.00, 5.46, 5.7, 13, 0.96},
    {"3g-riiser-log/report.2010-11-23_1541CET_tram_ljabru_to_jernbanetorget.txt", "hsdpa", 1428,
     0.75, 0.48, 0.00, 2.30, 4.2, 30, 0.89},
    {"3g-sabre-json/report.2010-09-14_1415CEST.json", "sabre", 871, 0.31, 1.63, 0.00, 2.23, 57.9,
     107, 0.94},
    {"3g-sabre-json/report.2011-02-14_2108CET.json", "sabre", 453, 1.83, 0.50, 0.00, 5.50, 3.1, 14,
     0.83},
    {"3g-pensieve-cooked/tram.ljabru-jernbanetorget-report.2011-02-02_1345CET.log", "cooked", 1225,
     1.13, 0.68, 0.10, 5.27, 0.0, 0, 0.90},
    {"3g-pensieve-cooked/ferry.nesoddtangen-oslo-report.2011-02-01_0740CET.log", "cooked", 1098,
     1.80, 0.58, 0.11, 5.76, 0.0, 0, 0.88},
    {"lte-mahimahi/ATT-LTE-driving-2016.down", "mahimahi", 120, 4.56, 0.85, 0.23, 27.55, 0.0, 0,
     0.62},
    {"lte-mahimahi/ATT-LTE-driving-2016.up", "mahimahi", 120, 1.91, 0.88, 0.00, 12.77, 7.5, 5,
     0.40},
    {"lte-mahimahi/Verizon-LTE-short.down", "mahimahi", 140, 5.03, 0.64, 0.29, 16.78, 0.0, 0, 0.83},
    {"lte-mahimahi/Verizon-LTE-short.up", "mahimahi", 140, 5.95, 0.52, 0.00, 12.95, 0.7, 1, 0.74},
    {"lte-ghent-log/report_car_0003.log", "ghent", 494, 33.92, 0.44, 0.55, 82.25, 0.0, 0, 0.71},
    {"lte-ghent-log/report_foot_0001.log", "ghent", 403, 41.59, 0.28, 12.95, 70.09, 0.0, 0, 0.54},
    {"lte-sabre-json/report_tram_0002.json", "sabre", 658, 14.06, 0.78, 0.00, 58.74, 2.3, 3, 0.84},
    {"lte-sabre-json/report_bus_0004.json", "sabre", 280, 59.72, 0.45, 10.49, 108.83, 0.0, 0, 0.92},
    {"lte-nyu-mets/bus57_1.csv", "iperf", 2403, 7.21, 0.59, 0.00, 23.20, 1.1, 5, 0.89},
    {"lte-nyu-mets/Q_Train1.csv", "iperf", 1380, 7.42, 0.68, 0.00, 22.80, 4.1, 12, 0.86},
    {"lte-lumos5g-pairs/4g_trace_walking_50016_c", "pairs", 800, 49.35, 0.94, 0.00, 208.00, 4.4, 32,
     0.97},
    {"lte-lumos5g-pairs/4g_trace_driving_50097_dr", "pairs", 219, 18.15, 1.08, 0.00, 117.00, 7.8,
     11, 0.88},
    {"lte-sbu-csv/7_2_cellular.csv", "bytes", 100, 44.15, 0.37, 0.68, 88.74, 0.0, 0, 0.86},
    {"lte-sbu-csv/12_2_cellular.csv", "bytes", 100, 47.90, 0.34, 0.86, 83.88, 0.0, 0, 0.75},
    {"wifi-sbu-csv/7_2_wifi.csv", "bytes", 100, 14.81, 0.74, 0.00, 31.43, 24.0, 24, 0.90},
    {"wifi-sbu-csv/12_2_wifi.csv", "bytes", 100, 22.14, 0.92, 0.00, 62.62, 14.0, 7, 0.90},
    {"wifi-solis-pairs/wifi_cafe_231115-154511.txt", "pairs", 200, 7.62, 0.23, 0.36, 21.70, 0.0, 0,
     0.45},
    {"wifi-solis-pairs/wifi_campus_231115-203027.txt", "pairs", 200, 49.53, 0.64, 0.00, 112.99, 6.5,
     2, 0.73},
    {"wifi-solis-pairs/wifi_office_231114-154408.txt", "pairs", 200, 9.81, 0.70, 0.00, 39.90, 7.5,
     2, 0.47},
    {"wifi-solis-pairs/wifi_restr_231115-132052.txt", "pairs", 200, 9.59, 0.22, 6.15, 31.30, 0.0, 0,
     -0.23},
    {"wifi-lumos-chunks/210408_1931-50Mbps-wifi_2.4GHz-weak-bbb_4s-RobustMPC.csv", "lumos", 207,
     6.36, 0.19, 3.36, 11.37, 0.0, 0, 0.79},
    {"wifi-lumos-chunks/210422_1547-50Mbps-wifi_2.4GHz-medium-bbb_4s-BBA.csv", "lumos", 167, 8.40,
     0.68, 0.99, 25.04, 0.0, 0, 0.44},
    {"5g-lumos5g-pairs/5g_trace_21_walking", "pairs", 799, 433.15, 1.22, 0.00, 1860.00, 4.1, 8,
     0.95},
    {"5g-mixed-ucc-gnettrack/B_2020.02.27_17.30.15.csv", "ucc", 886, 3.11, 0.82, 0.00, 14.29, 6.7,
     12, 0.73},
    {"5g-mixed-ucc-gnettrack/B_2020.02.14_13.21.26.csv", "ucc", 1103, 130.21, 0.65, 0.00, 254.07,
     4.8, 5, 0.75},
};

// Of two directions the downlink was described.
platforms::TraceReadOptions table_options() {
  platforms::TraceReadOptions options;
  options.direction = platforms::TraceDirection::kDownlink;
  return options;
}

// A packet of a Mahimahi file is traffic of the millisecond that ends at its stamp, and so is that
// of a whole second; the table's least and greatest bins have it in the second that begins there. A
// millisecond later they are the same, with the packets stamped 0 in front.
class TableBins {
 public:
  explicit TableBins(const Published& row) {
    if (std::string(row.format) != "mahimahi") {
      return;
    }
    delay_ = base::milliseconds(1);
    std::ifstream file(kFolder / row.file);
    double packets = 0;
    for (std::string line; std::getline(file, line) && line == "0";) {
      ++packets;
    }
    stream_.add({base::seconds(0), delay_, base::bytes(1500 * packets) / delay_});
  }
  void add(const platforms::RateSegment& segment) {
    stream_.add({segment.start + delay_, segment.end + delay_, segment.rate});
  }
  [[nodiscard]] platforms::TraceStatistics finish() const { return stream_.finish(); }

 private:
  base::Duration delay_;
  platforms::StatisticsStream stream_;
};

struct PublishedRoundTrips {
  const char* file;
  double duration_s, samples, median_ms, cv, min_ms, max_ms;
};

const std::vector<PublishedRoundTrips> kPublishedRoundTrips = {
    {"rtt-mecperf-rtt/lte-TCPRTT-noise0M_Client_edge_trace0.txt", 1.4, 25, 51, 1.13, 40, 365},
    {"rtt-mecperf-rtt/lte-TCPRTT-noise0M_Client_cloud_trace0.txt", 1.9, 25, 81, 1.03, 70, 602},
    {"rtt-mecperf-rtt/wifi-TCPRTT-noise0M_Client_edge_trace0.txt", 0.0, 25, 2, 0.29, 1, 2},
    {"rtt-mecperf-rtt/wifi-TCPRTT-noise0M_Client_cloud_trace0.txt", 0.9, 25, 38, 0.02, 38, 41},
};

}  // namespace

TEST_CASE("every public recording is detected and has the statistics published with it") {
  if (is_absent()) {
    return;
  }
  CHECK(kPublished.size() == 35);
  for (const Published& p : kPublished) {
    CAPTURE(p.file);
    platforms::StatisticsStream stream;
    TableBins table_bins(p);
    const platforms::TraceReading reading = platforms::read_segments(
        kFolder / p.file, table_options(), [&](const platforms::RateSegment& segment) {
          stream.add(segment);
          table_bins.add(segment);
        });
    const platforms::TraceStatistics s = stream.finish();
    CHECK(reading.format == p.format);
    CHECK(reading.rows_skipped == 0);
    CAPTURE(in_seconds(s.duration));
    CHECK(rounds_to(in_seconds(s.duration), p.duration_s, 1));
    CAPTURE(in_megabits_per_s(s.mean));
    CHECK(rounds_to(in_megabits_per_s(s.mean), p.mean_mbps, 0.01));
    CAPTURE(s.cv);
    CHECK(rounds_to(s.cv, p.cv, 0.01));
    const platforms::TraceStatistics bins = table_bins.finish();
    CAPTURE(in_megabits_per_s(bins.min));
    CHECK(rounds_to(in_megabits_per_s(bins.min), p.min_mbps, 0.01));
    CAPTURE(in_megabits_per_s(bins.max));
    CHECK(rounds_to(in_megabits_per_s(bins.max), p.max_mbps, 0.01));
    CAPTURE(s.outage_share);
    CHECK(rounds_to(100 * s.outage_share, p.outage_pct, 0.1));
    CHECK(in_seconds(s.outage_longest) == p.longest_s);
    CAPTURE(s.autocorrelation);
    CHECK(rounds_to(s.autocorrelation, p.acf, 0.01));
  }
}

TEST_CASE("a recording in memory has the statistics of its stream") {
  if (is_absent()) {
    return;
  }
  for (const Published& p : kPublished) {
    CAPTURE(p.file);
    const auto s =
        platforms::trace_statistics(platforms::read_trace(kFolder / p.file, table_options()));
    CHECK(rounds_to(in_seconds(s.duration), p.duration_s, 1));
    CHECK(rounds_to(in_megabits_per_s(s.mean), p.mean_mbps, 0.01));
    CHECK(rounds_to(s.cv, p.cv, 0.01));
    CHECK(rounds_to(s.autocorrelation, p.acf, 0.01));
  }
}

TEST_CASE("recorded round trips have the statistics published with them") {
  if (is_absent()) {
    return;
  }
  for (const PublishedRoundTrips& p : kPublishedRoundTrips) {
    CAPTURE(p.file);
    CHECK(platforms::holds_round_trips(kFolder / p.file));
    const auto s = platforms::round_trip_statistics(platforms::read_round_trips(kFolder / p.file));
    CHECK(rounds_to(in_seconds(s.duration), p.duration_s, 0.1));
    CHECK(static_cast<double>(s.samples) == p.samples);
    CHECK(rounds_to(1e3 * in_seconds(s.median), p.median_ms, 1));
    CAPTURE(s.cv);
    CHECK(rounds_to(s.cv, p.cv, 0.01));
    CHECK(rounds_to(1e3 * in_seconds(s.min), p.min_ms, 1));
    CHECK(rounds_to(1e3 * in_seconds(s.max), p.max_ms, 1));
  }
}

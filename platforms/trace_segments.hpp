// A trace on its way from a file: pieces of constant rate, one after the other, never all at once.
//
// What reads a file gives segments to a sink; what wants the trace (RateTrace), its statistics or
// another file is a sink. Segments begin at 0 and touch: each starts where the one before ended.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"

namespace edgecut::platforms {

/// The rate over [start, end), end > start.
struct RateSegment {
  base::Duration start;
  base::Duration end;
  base::DataRate rate;
};

using SegmentSink = std::function<void(const RateSegment&)>;

/// Which end of its interval a time stamp marks.
enum class StampMarks { kStart, kEnd };

/// What rows of one time stamp say. One counts: the others last no time (iperf after a stall); with
/// start stamps the last one stays, with end stamps the first. Mean: several samples of one second.
enum class EqualStamps { kOneCounts, kMean };

/// Rows of (time stamp, rate) as segments; stamps count from the first one. The last interval of
/// start-stamped rows is as long as the one before it; the first of end-stamped rows has no known
/// length and is left out. Means are for start stamps only.
class StampedRows {
 public:
  StampedRows(StampMarks marks, const SegmentSink& sink,
              EqualStamps equal = EqualStamps::kOneCounts)
      : marks_(marks), equal_(equal), sink_(sink) {}
  /// `time_s` does not fall.
  void add(double time_s, base::DataRate rate);
  [[nodiscard]] std::optional<double> last_time_s() const { return last_time_s_; }
  /// After the last row. Throws ConfigError at `name` when there were less than two times.
  void finish(const std::string& name);

 private:
  StampMarks marks_;
  EqualStamps equal_;
  const SegmentSink& sink_;
  double origin_s_ = 0;
  std::optional<double> last_time_s_;
  double length_s_ = 0;    // of the interval before
  base::DataRate rate_;    // start-stamped: of the interval under way
  double rows_ = 0;        // of the last time
  std::size_t count_ = 0;  // distinct times
};

/// Rows of (length, rate) as segments. Lengths are summed in the unit of the file, so that whole
/// milliseconds stay exact.
class IntervalRows {
 public:
  IntervalRows(double units_per_s, const SegmentSink& sink)
      : units_per_s_(units_per_s), sink_(sink) {}
  /// `length` > 0.
  void add(double length, base::DataRate rate);
  /// Throws ConfigError at `name` when there was no row.
  void finish(const std::string& name) const;

 private:
  double units_per_s_;
  const SegmentSink& sink_;
  double position_ = 0;
};

/// Joins neighbours of equal rate; `finish` gives the last one on.
class MergedSegments {
 public:
  explicit MergedSegments(SegmentSink sink) : sink_(std::move(sink)) {}
  void add(const RateSegment& segment);
  void finish();

 private:
  SegmentSink sink_;
  std::optional<RateSegment> held_;
};

/// Averages over steps of equal length; a rest at the end is a shorter step. For coarser files.
class ResampledSegments {
 public:
  ResampledSegments(base::Duration step, SegmentSink sink)
      : step_s_(base::in_seconds(step)), sink_(std::move(sink)) {}
  void add(const RateSegment& segment);
  void finish();

 private:
  void emit(double end_s);

  double step_s_;
  SegmentSink sink_;
  double count_ = 0;  // whole steps given on
  double start_s_ = 0;
  double end_s_ = 0;
  double bits_ = 0;
};

/// The steps of a RateTrace; its memory is that of the steps, equal neighbours merged.
class StepCollector {
 public:
  /// Throws ConfigError at `name` beyond 2^26 different steps.
  explicit StepCollector(std::string name) : name_(std::move(name)) {}
  void add(const RateSegment& segment);
  [[nodiscard]] RateTrace trace() const;

 private:
  std::string name_;
  std::vector<RateStep> steps_;
  base::Duration period_;
};

}  // namespace edgecut::platforms

// Bandwidth traces as text in the formats that other programs read.
//
// What a format cannot hold is lost, and each says so (`loss`); read back, a trace differs by that
// and by the rounding of sums of doubles, nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.hpp"
#include "platforms/trace_segments.hpp"

namespace edgecut::platforms {

using TextSink = std::function<void(std::string_view)>;

/// Gets the segments of one trace in order, neighbours of equal rate joined, and gives text on.
class TraceWriter {
 public:
  virtual ~TraceWriter() = default;
  virtual void add(const RateSegment& segment) = 0;
  /// After the last segment.
  virtual void finish() = 0;
};

struct TraceWriteOptions {
  /// SABRE's latency of a period; other formats have none.
  base::Duration latency;
};

struct WritableFormat {
  std::string name;  // as in trace_formats()
  std::string loss;  // empty: nothing but rounding
  std::unique_ptr<TraceWriter> (*make)(TextSink text, const TraceWriteOptions& options);
};

const std::vector<WritableFormat>& writable_formats();

}  // namespace edgecut::platforms

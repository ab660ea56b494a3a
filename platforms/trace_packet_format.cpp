// Mahimahi: a line is the millisecond at which a packet of 1500 bytes may pass (Netravali et al.,
// USENIX ATC 2015).
#include <algorithm>
#include <string>

#include "base/errors.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

constexpr std::uint64_t kStampMax = 1'000'000'000'000;
constexpr double kPacketBits = 1500 * 8;

base::Duration ms(std::uint64_t value) { return base::seconds(static_cast<double>(value) / 1000); }

// A packet stamped m ms is through at m, so it is the traffic of the millisecond that ends there.
class PacketRows {
 public:
  explicit PacketRows(const SegmentSink& sink) : sink_(sink) {}

  [[nodiscard]] std::uint64_t stamp() const { return stamp_; }
  void add(std::uint64_t stamp) {
    if (stamp > stamp_) {
      emit();
      stamp_ = stamp;
    }
    ++packets_;
  }
  // A stamp of 0 coincides with the last one at each repetition and belongs to the last
  // millisecond.
  void finish(const std::string& name) {
    if (stamp_ == 0) {
      throw base::ConfigError(name, packets_ == 0
                                        ? "no rows; expected a bandwidth trace"
                                        : "every packet is stamped 0 ms; expected a last stamp "
                                          "above 0, where the trace repeats");
    }
    packets_ += packets_at_zero_;
    emit();
  }

 private:
  void emit() {
    if (stamp_ == 0) {
      packets_at_zero_ = packets_;
    } else {
      if (stamp_ - 1 > covered_) {
        sink_({ms(covered_), ms(stamp_ - 1), base::bits_per_s(0)});
      }
      sink_({ms(stamp_ - 1), ms(stamp_),
             base::bits_per_s(static_cast<double>(packets_) * kPacketBits * 1000)});
      covered_ = stamp_;
    }
    packets_ = 0;
  }

  const SegmentSink& sink_;
  std::uint64_t stamp_ = 0;  // ms, of the packets counted
  std::uint64_t packets_ = 0;
  std::uint64_t packets_at_zero_ = 0;
  std::uint64_t covered_ = 0;  // ms given on
};

}  // namespace

bool is_mahimahi(const TraceHead& head) { return parse_whole(head.lines.front()).has_value(); }

void read_mahimahi(const TraceInput& input) {
  PacketRows rows(input.sink);
  while (input.text.next_line()) {
    const auto stamp = parse_whole(input.text.line());
    if (!stamp || *stamp > kStampMax) {
      input.damaged.add(input.text.line_number(), "found " + excerpt(input.text.line()) +
                                                      "; expected a time in whole ms, at most " +
                                                      std::to_string(kStampMax));
    } else if (*stamp < rows.stamp()) {
      input.damaged.add(input.text.line_number(),
                        "time " + std::to_string(*stamp) + " ms; expected at least the row " +
                            "before it, " + std::to_string(rows.stamp()) + " ms");
    } else {
      rows.add(*stamp);
    }
  }
  rows.finish(input.text.name());
}

}  // namespace edgecut::platforms

#include "platforms/trace_writers.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "base/units_as_read.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

using base::format_number;
using base::in_seconds;

// Rows of (start, Mbit/s). A reader takes the last interval to be as long as the one before it: if
// it is not, it is written as two halves.
class StampedWriter final : public TraceWriter {
 public:
  StampedWriter(TextSink text, std::string_view header, char separator)
      : text_(std::move(text)), separator_(separator) {
    text_(header);
  }
  void add(const RateSegment& segment) override {
    if (held_) {
      row(in_seconds(held_->start), held_->rate);
      length_s_ = in_seconds(held_->end - held_->start);
    }
    held_ = segment;
  }
  void finish() override {
    EC_CHECK(held_.has_value(), "a trace has a segment");
    const double start = in_seconds(held_->start);
    const double length = in_seconds(held_->end - held_->start);
    row(start, held_->rate);
    if (length != length_s_) {
      row(start + length / 2, held_->rate);
    }
  }

 private:
  void row(double start_s, base::DataRate rate) {
    text_(format_number(start_s) + separator_ + format_number(base::megabits_per_s_as_read(rate)) +
          "\n");
  }

  TextSink text_;
  char separator_;
  std::optional<RateSegment> held_;
  double length_s_ = 0;
};

// A packet is stamped with the millisecond in which its last bit is through.
class PacketWriter final : public TraceWriter {
 public:
  explicit PacketWriter(TextSink text) : text_(std::move(text)) {}
  void add(const RateSegment& segment) override {
    const double rate = base::in_bits_per_s(segment.rate);
    const double start = in_seconds(segment.start);
    end_s_ = in_seconds(segment.end);
    double sent = 0;  // of this segment, bits
    const double total = rate * (end_s_ - start);
    // A millionth of a bit is rounding, not a reason to wait for the next segment.
    while (total - sent >= missing_ - kRounding) {
      sent += missing_;
      missing_ = kPacketBits;
      stamp(std::ceil(1000 * (start + sent / rate) - kRounding));
    }
    missing_ -= total - sent;
  }
  // The last stamp is where a reader begins again, so there must be a packet.
  void finish() override {
    const double period = std::ceil(1000 * end_s_ - kRounding);
    if (last_ms_ < period) {
      stamp(period);
    }
  }

 private:
  static constexpr double kPacketBits = 1500 * 8;
  static constexpr double kRounding = 1e-6;

  void stamp(double ms) {
    last_ms_ = std::max(last_ms_, ms);
    text_(std::to_string(static_cast<std::uint64_t>(last_ms_)) + "\n");
  }

  TextSink text_;
  double missing_ = kPacketBits;  // bits until the next packet is full
  double end_s_ = 0;
  double last_ms_ = 0;
};

class SabreWriter final : public TraceWriter {
 public:
  SabreWriter(TextSink text, base::Duration latency)
      : text_(std::move(text)), latency_ms_(format_number(base::milliseconds_as_read(latency))) {}
  void add(const RateSegment& segment) override {
    text_(first_ ? "[\n" : ",\n");
    first_ = false;
    const double start_ms = std::exchange(end_ms_, in_ms(in_seconds(segment.end)));
    text_("  {\"duration_ms\": " + format_number(end_ms_ - start_ms) +
          ", \"bandwidth_kbps\": " + format_number(in_kbps(base::in_bits_per_s(segment.rate))) +
          ", \"latency_ms\": " + latency_ms_ + "}");
  }
  void finish() override { text_("\n]\n"); }

 private:
  // As the reader makes seconds and bits of them.
  static double in_ms(double s) {
    return base::as_read(s, 1e3 * s, [](double ms) { return ms / 1e3; });
  }
  static double in_kbps(double bits_per_s) {
    return base::as_read(bits_per_s, bits_per_s / 1e3, [](double kbps) { return kbps * 1e3; });
  }

  TextSink text_;
  std::string latency_ms_;
  double end_ms_ = 0;
  bool first_ = true;
};

class ProfileWriter final : public TraceWriter {
 public:
  explicit ProfileWriter(TextSink text) : text_(std::move(text)) {
    text_(std::string(kProfileMark) + ": s and bytes/s\n");
  }
  void add(const RateSegment& segment) override {
    text_(format_number(in_seconds(segment.start)) + " " +
          format_number(base::in_bits_per_s(segment.rate) / 8) + "\n");
    end_s_ = in_seconds(segment.end);
  }
  void finish() override { text_("PERIODICITY " + format_number(end_s_) + "\n"); }

 private:
  TextSink text_;
  double end_s_ = 0;
};

}  // namespace

const std::vector<WritableFormat>& writable_formats() {
  static const std::vector<WritableFormat> kFormats = {
      {"csv", "",
       [](TextSink text, const TraceWriteOptions&) -> std::unique_ptr<TraceWriter> {
         return std::make_unique<StampedWriter>(std::move(text), "time_s,rate_mbps\n", ',');
       }},
      {"mahimahi",
       "rates within packets of 1500 bytes and whole ms; a packet is added where the end has none",
       [](TextSink text, const TraceWriteOptions&) -> std::unique_ptr<TraceWriter> {
         return std::make_unique<PacketWriter>(std::move(text));
       }},
      {"pairs", "",
       [](TextSink text, const TraceWriteOptions&) -> std::unique_ptr<TraceWriter> {
         return std::make_unique<StampedWriter>(std::move(text), "", '\t');
       }},
      {"sabre", "",
       [](TextSink text, const TraceWriteOptions& options) -> std::unique_ptr<TraceWriter> {
         return std::make_unique<SabreWriter>(std::move(text), options.latency);
       }},
      {"simgrid", "",
       [](TextSink text, const TraceWriteOptions&) -> std::unique_ptr<TraceWriter> {
         return std::make_unique<ProfileWriter>(std::move(text));
       }},
  };
  return kFormats;
}

}  // namespace edgecut::platforms

// The network files of SABRE (Spiteri et al., MMSys 2018): a JSON array of periods. Parsed as a
// stream of events, so that memory does not grow with the file.
#include <array>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

using Json = nlohmann::json;

// The bytes of a TraceText for the parser.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  ByteIterator() = default;  // the end
  explicit ByteIterator(TraceText& text) : text_(&text) { ++*this; }
  reference operator*() const { return byte_; }
  ByteIterator& operator++() {
    const int next = text_->next_byte();
    if (next < 0) {
      text_ = nullptr;
    } else {
      byte_ = static_cast<char>(next);
    }
    return *this;
  }
  ByteIterator operator++(int) {
    const ByteIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const ByteIterator& other) const { return text_ == other.text_; }

 private:
  TraceText* text_ = nullptr;
  char byte_ = 0;
};

constexpr std::array<std::string_view, 3> kKeys = {"duration_ms", "bandwidth_kbps", "latency_ms"};
constexpr std::array<double, 3> kMax = {1e12, kRateMaxBitsPerS / 1e3, 1e9};

// The parser's events: an array of flat objects of numbers.
class PeriodEvents final : public nlohmann::json_sax<Json> {
 public:
  explicit PeriodEvents(const TraceInput& input) : input_(input), rows_(1000, input.sink) {}
  void finish() const { rows_.finish(input_.text.name()); }

  bool start_object(std::size_t /*size*/) override {
    if (depth_ != 1) {
      return misplaced("an object");
    }
    ++depth_;
    values_.fill(std::nullopt);
    ok_ = true;
    return true;
  }
  bool end_object() override {
    --depth_;
    for (std::size_t i = 0; ok_ && i < 2; ++i) {  // the latency may be absent
      if (!values_[i]) {
        damaged("", "missing key \"" + std::string(kKeys[i]) + "\"");
      }
    }
    if (ok_ && *values_[0] > 0) {
      rows_.add(*values_[0], base::bits_per_s(*values_[1] * 1e3));
    }
    ++row_;
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    if (depth_ != 0) {
      return misplaced("an array");
    }
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(std::string& name) override {
    key_ = 0;
    while (key_ < kKeys.size() && kKeys[key_] != name) {
      ++key_;
    }
    if (key_ == kKeys.size()) {
      damaged("", "unknown key " + excerpt(name) +
                      base::suggestion(name, {kKeys.begin(), kKeys.end()}));
    } else if (values_[key_]) {
      damaged("/" + name, "the key is there twice");
    }
    return true;
  }
  bool number_integer(std::int64_t value) override { return number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) override { return number(static_cast<double>(value)); }
  bool number_float(double value, const std::string& /*text*/) override { return number(value); }
  bool null() override { return no_number("null"); }
  bool boolean(bool value) override { return no_number(value ? "true" : "false"); }
  bool string(std::string& value) override { return no_number(excerpt(value)); }
  bool binary(Json::binary_t& /*value*/) override { return no_number("binary data"); }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    throw base::ConfigError(input_.text.name(),
                            "no JSON from byte " + std::to_string(position) + " on");
  }

 private:
  void damaged(const std::string& place, std::string what) {
    ok_ = false;
    input_.damaged.add(row_, "#/" + std::to_string(row_) + place, std::move(what));
  }
  // What is no period cannot be skipped either: the file is no list of periods.
  bool misplaced(const std::string& found) const {
    throw base::ConfigError(input_.text.name() + (depth_ == 0 ? "#" : "#/" + std::to_string(row_)),
                            "found " + found + "; expected " +
                                (depth_ == 0 ? "an array of periods"
                                             : "a period of numbers: duration_ms, "
                                               "bandwidth_kbps, latency_ms"));
  }
  bool number(double value) {
    if (depth_ != 2) {
      return misplaced("a number");
    }
    if (key_ < kKeys.size()) {
      if (!(value >= 0 && value <= kMax[key_])) {
        damaged("/" + std::string(kKeys[key_]), "found " + base::format_number(value) +
                                                    "; expected a number in [0, " +
                                                    base::format_number(kMax[key_]) + "]");
      }
      values_[key_] = value;
    }
    return true;
  }
  bool no_number(const std::string& found) {
    if (depth_ != 2) {
      return misplaced(found);
    }
    if (key_ < kKeys.size()) {
      damaged("/" + std::string(kKeys[key_]), "found " + found + "; expected a number");
      values_[key_] = 0;
    }
    return true;
  }

  const TraceInput& input_;
  IntervalRows rows_;
  int depth_ = 0;
  std::size_t row_ = 0;
  bool ok_ = true;
  std::size_t key_ = 0;
  std::array<std::optional<double>, 3> values_;
};

}  // namespace

bool is_sabre(const TraceHead& head) { return head.lines.front().front() == '['; }

void read_sabre(const TraceInput& input) {
  PeriodEvents events(input);
  static_cast<void>(Json::sax_parse(ByteIterator(input.text), ByteIterator(), &events));
  events.finish();
}

}  // namespace edgecut::platforms

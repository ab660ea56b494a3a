// Two numbers a row: time and rate. What differs is the unit of the rate and what repeats.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/errors.hpp"
#include "base/text.hpp"
#include "platforms/trace_readers.hpp"

namespace edgecut::platforms {
namespace {

// The fields between blanks or commas; a comma may have blanks around it.
std::vector<std::string_view> pair_fields(std::string_view line) {
  if (line.find(',') == std::string_view::npos) {
    return base::split_blanks(line);
  }
  std::vector<std::string_view> fields = base::split(line, ',');
  for (std::string_view& field : fields) {
    field = base::trim(field);
  }
  return fields;
}

struct RateUnit {
  std::string_view name;
  double bits_per_s;
};
constexpr RateUnit kMegabits = {"Mbit/s", 1e6};
constexpr RateUnit kBytes = {"bytes/s", 8};

struct Pair {
  double time_s;
  base::DataRate rate;
};

// The row under work; what is wrong with it is told and yields nothing.
std::optional<Pair> checked_pair(const TraceInput& input, const RateUnit& unit,
                                 const std::optional<double>& last_s) {
  const auto fields = pair_fields(input.text.line());
  if (fields.size() != 2) {
    input.damaged.add(input.text.line_number(), "found " + excerpt(input.text.line()) +
                                                    "; expected two numbers, seconds and " +
                                                    std::string(unit.name));
    return std::nullopt;
  }
  const auto time = checked_number(input, fields[0], {"time", "seconds", kStampMaxS});
  const bool ordered = time && is_in_order(input, *time, last_s);
  const auto rate =
      checked_number(input, fields[1], {"rate", unit.name, kRateMaxBitsPerS / unit.bits_per_s});
  if (!ordered || !rate) {
    return std::nullopt;
  }
  return Pair{*time, base::bits_per_s(*rate * unit.bits_per_s)};
}

bool is_loop_rule(std::string_view line) {
  const std::string_view word = base::split_blanks(line).front();
  return word == "PERIODICITY" || word == "LOOPAFTER";
}

// No damage that leniency may pass over: the rates are in another unit.
void refuse_loop_rule(const TraceInput& input, const RateUnit& unit) {
  if (is_loop_rule(input.text.line())) {
    throw base::ConfigError(input.text.name() + ":" + std::to_string(input.text.line_number()),
                            "found " + excerpt(input.text.line()) +
                                " of a SimGrid profile, whose rates are in bytes/s; expected " +
                                "seconds and " + std::string(unit.name) +
                                ", or the format simgrid named");
  }
}

void read_stamped(const TraceInput& input, const RateUnit& unit, StampMarks stamp) {
  StampedRows rows(stamp, input.sink);
  while (input.text.next_line()) {
    refuse_loop_rule(input, unit);
    if (const auto pair = checked_pair(input, unit, rows.last_time_s())) {
      rows.add(pair->time_s, pair->rate);
    }
  }
  rows.finish(input.text.name());
}

enum class Loop { kNone, kPeriodicity, kLoopAfter };

struct LoopRule {
  Loop kind = Loop::kNone;
  double seconds = 0;
};

// A line `PERIODICITY s` or `LOOPAFTER s`.
bool read_loop_rule(const TraceInput& input, LoopRule& rule) {
  if (!is_loop_rule(input.text.line())) {
    return false;
  }
  const auto words = base::split_blanks(input.text.line());
  const auto seconds = words.size() == 2 ? base::parse_number(words[1]) : std::nullopt;
  if (!seconds || *seconds < 0 || *seconds > kStampMaxS) {
    input.damaged.add(input.text.line_number(), "found " + excerpt(input.text.line()) +
                                                    "; expected " + std::string(words.front()) +
                                                    " and seconds, a number in [0, " +
                                                    base::format_number(kStampMaxS) + "]");
  } else {
    rule = {words.front() == "PERIODICITY" ? Loop::kPeriodicity : Loop::kLoopAfter, *seconds};
  }
  return true;
}

// A profile's rate before its first instant is its last one: if there is such a time, the segments
// wait for the end.
class ProfileRows {
 public:
  explicit ProfileRows(const SegmentSink& sink) : sink_(sink) {}
  [[nodiscard]] std::optional<double> last_time_s() const {
    return any_ ? std::optional(under_way_.time_s) : std::nullopt;
  }
  void add(const Pair& pair) {
    if (!any_) {
      first_s_ = pair.time_s;
    } else if (pair.time_s > under_way_.time_s) {
      give({base::seconds(under_way_.time_s), base::seconds(pair.time_s), under_way_.rate});
    }
    under_way_ = pair;
    any_ = true;
  }
  void finish(const LoopRule& rule, const std::string& name) {
    if (!any_) {
      throw base::ConfigError(name, "no rows; expected a SimGrid profile");
    }
    const double last = under_way_.time_s;
    const double period = rule.kind == Loop::kPeriodicity ? rule.seconds : last + rule.seconds;
    if (!(period > last)) {
      throw base::ConfigError(
          name, rule.kind == Loop::kNone
                    ? "neither PERIODICITY nor LOOPAFTER says how long the last rate holds; "
                      "expected one of them"
                    : "the profile repeats after " + base::format_number(period) +
                          " s; expected more than its last instant, " + base::format_number(last) +
                          " s");
    }
    if (first_s_ > 0) {
      sink_({base::seconds(0), base::seconds(first_s_), under_way_.rate});
    }
    std::for_each(waiting_.begin(), waiting_.end(), sink_);
    sink_({base::seconds(last), base::seconds(period), under_way_.rate});
  }

 private:
  void give(const RateSegment& segment) {
    if (first_s_ > 0) {
      waiting_.push_back(segment);
    } else {
      sink_(segment);
    }
  }

  const SegmentSink& sink_;
  double first_s_ = 0;
  bool any_ = false;
  Pair under_way_{};
  std::vector<RateSegment> waiting_;
};

}  // namespace

std::optional<double> checked_number(const TraceInput& input, std::string_view text,
                                     const FieldUnit& unit) {
  const auto value = base::parse_number(text);
  if (!value || *value < 0 || *value > unit.max) {
    input.damaged.add(input.text.line_number(), std::string(unit.field) + " " + excerpt(text) +
                                                    "; expected " + std::string(unit.unit) +
                                                    ", a number in [0, " +
                                                    base::format_number(unit.max) + "]");
    return std::nullopt;
  }
  return value;
}

bool is_in_order(const TraceInput& input, double time_s, const std::optional<double>& last_s) {
  if (last_s && time_s < *last_s) {
    input.damaged.add(input.text.line_number(),
                      "time " + base::format_number(time_s) + " s; expected at least the row " +
                          "before it, " + base::format_number(*last_s) + " s");
    return false;
  }
  return true;
}

// The fingerprint of the cooked Norwegian 3G traces (Pensieve and what came after it): their times
// are those at which a measurement of about a second ended.
bool is_cooked(const TraceHead& head) {
  constexpr double kUneven = 0.005;  // s off whole steps
  double last = 0;
  std::size_t uneven = 0;
  for (const std::string_view line : head.lines) {
    const std::size_t tab = line.find('\t');
    const auto time = base::parse_number(line.substr(0, tab));
    if (tab == std::string_view::npos || !time || !base::parse_number(line.substr(tab))) {
      return false;
    }
    const double steps = *time - last;
    uneven += std::abs(steps - std::round(steps)) > kUneven ? 1U : 0U;
    last = *time;
  }
  return head.cr_lf && 2 * uneven > head.lines.size();
}

void read_cooked(const TraceInput& input) { read_stamped(input, kMegabits, StampMarks::kEnd); }

// One number is enough: damage in the other is for the reader to tell.
bool is_pairs(const TraceHead& head) {
  const auto fields = pair_fields(head.lines.front());
  return fields.size() == 2 && (base::parse_number(fields[0]) || base::parse_number(fields[1]));
}

void read_pairs(const TraceInput& input) { read_stamped(input, kMegabits, input.options.stamp); }

// Told from pairs in Mbit/s by whole numbers of which one is beyond any radio's Mbit/s.
bool is_bytes(const TraceHead& head) {
  constexpr std::uint64_t kMegabitsMax = 10'000;
  std::uint64_t rate_max = 0;
  for (const std::string_view line : head.lines) {
    const auto fields = base::split(line, ',');
    const auto time = fields.size() == 2 ? parse_whole(base::trim(fields[0])) : std::nullopt;
    const auto rate = fields.size() == 2 ? parse_whole(base::trim(fields[1])) : std::nullopt;
    if (time && rate) {
      rate_max = std::max(rate_max, *rate);
    } else if (&line == &head.lines.front()) {
      return false;
    }
  }
  return rate_max > kMegabitsMax;
}

void read_bytes(const TraceInput& input) { read_stamped(input, kBytes, input.options.stamp); }

bool is_simgrid(const TraceHead& head) {
  return std::any_of(head.lines.begin(), head.lines.end(), [](std::string_view line) {
    return line.starts_with(kProfileMark) || is_loop_rule(line);
  });
}

// PERIODICITY p: the pattern repeats every p s; LOOPAFTER d: d s after its last instant. Before the
// first instant SimGrid's link has the bandwidth of its declaration in the first round and the last
// rate of the profile in all others; a trace repeats for ever, so it has the last rate.
void read_simgrid(const TraceInput& input) {
  ProfileRows rows(input.sink);
  LoopRule rule;
  while (input.text.next_line()) {
    if (input.text.line().front() == '%' || read_loop_rule(input, rule)) {
      continue;
    }
    if (input.text.line().starts_with("STOCHASTIC")) {
      throw base::ConfigError(input.text.name() + ":" + std::to_string(input.text.line_number()),
                              "a stochastic profile is no trace; expected fixed times and rates");
    }
    if (const auto pair = checked_pair(input, kBytes, rows.last_time_s())) {
      rows.add(*pair);
    }
  }
  rows.finish(rule, input.text.name());
}

}  // namespace edgecut::platforms

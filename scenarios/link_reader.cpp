#include "scenarios/link_reader.hpp"

#include <utility>
#include <vector>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/units_as_read.hpp"
#include "platforms/network.hpp"
#include "platforms/radio.hpp"
#include "platforms/round_trips.hpp"
#include "platforms/trace_formats.hpp"

namespace edgecut::scenarios {
namespace {

using base::JsonObject;
using base::JsonValue;
using base::Range;

constexpr double kRateMinMbps = 1e-6;  // a bit a second
constexpr double kRateMaxMbps = 1e7;

// What the queueing engine cannot run exactly: an answer must need time to come back before it can
// touch a radio with states or a downlink.
void check_latency(const JsonValue& where, const platforms::NetworkProfile& network,
                   const platforms::RoundTrips* trips) {
  constexpr double kLatencyMin = 1e-4;
  const bool two_way = network.charges_download || platforms::RadioTiming(network).is_stateful();
  if (!two_way) {
    return;
  }
  const std::string reason =
      "network \"" + network.name + "\" has downloads or radio states, which need ";
  if (trips != nullptr) {
    const base::Duration shortest = platforms::round_trip_statistics(*trips).min;
    if (base::in_seconds(shortest) < 2 * kLatencyMin) {
      where.problem(reason + "round trips of at least 0.2 ms; the shortest takes " +
                    base::format_number(base::milliseconds_as_read(shortest)) + " ms");
    }
  } else if (base::in_seconds(network.downlink_latency) < kLatencyMin) {
    where.problem(reason + "a downlink_latency_ms of at least 0.1");
  }
}

platforms::TraceReadOptions read_trace_options(JsonObject& object) {
  platforms::TraceReadOptions options;
  std::vector<std::string> formats = platforms::trace_format_names();
  formats.insert(formats.begin(), "detected");
  if (const std::size_t format = object.one_of_or("trace_format", formats, 0); format > 0) {
    options.format = formats[format];
  }
  options.stamp = object.one_of_or("trace_stamps", {"start", "end"}, 0) == 0
                      ? platforms::StampMarks::kStart
                      : platforms::StampMarks::kEnd;
  if (const auto direction = object.find("trace_direction")) {
    options.direction = direction->one_of({"uplink", "downlink"}) == 0
                            ? platforms::TraceDirection::kUplink
                            : platforms::TraceDirection::kDownlink;
  }
  options.lenient = object.boolean_or("trace_lenient", false);
  return options;
}

std::shared_ptr<const platforms::RoundTrips> read_round_trips(const JsonValue& value,
                                                              TraceLoader& traces, bool lenient) {
  if (!value.is_array()) {
    return traces.load_round_trips(value, lenient);
  }
  constexpr double kRoundTripMaxMs = 1e6;
  platforms::RoundTrips trips;
  for (const JsonValue& sample : value.array(1)) {
    const double ms = sample.number(Range::between(0, kRoundTripMaxMs));
    trips.samples.push_back({base::seconds(0), base::milliseconds(ms)});
  }
  return trips.samples.empty() ? nullptr
                               : std::make_shared<const platforms::RoundTrips>(std::move(trips));
}

// The network with the latencies that devices believe in: those of the median round trip.
std::shared_ptr<const platforms::NetworkProfile> with_median(
    const platforms::NetworkProfile& network, const platforms::RoundTrips& trips) {
  platforms::NetworkProfile profile = network;
  profile.uplink_latency = platforms::round_trip_statistics(trips).median / 2;
  profile.downlink_latency = profile.uplink_latency;
  return std::make_shared<const platforms::NetworkProfile>(std::move(profile));
}

}  // namespace

void read_uplink(const JsonValue& value, JsonObject& object, TraceLoader& traces,
                 sim::NodeGroup& group) {
  const auto trace = object.find("trace");
  const auto bandwidth =
      object.optional_number("bandwidth_mbps", Range::between(kRateMinMbps, kRateMaxMbps));
  group.random_offset = object.one_of_or("trace_offset", {"random", "none"}, 0) == 0;
  const platforms::TraceReadOptions options = read_trace_options(object);
  if (trace && bandwidth) {
    value.problem("give either \"trace\" or \"bandwidth_mbps\", not both");
  }
  if (trace) {
    const std::vector<JsonValue> list =
        trace->is_array() ? trace->array(1) : std::vector<JsonValue>{*trace};
    for (const JsonValue& one : list) {
      if (auto loaded = traces.load(one, options)) {
        group.traces.push_back(std::move(loaded));
      }
    }
  } else if (group.network) {
    constexpr base::DataRate kUnlimited = base::megabits_per_s(1e9);
    group.instant_uplink = !bandwidth && !group.network->uplink;
    const base::DataRate rate =
        bandwidth ? base::megabits_per_s(*bandwidth) : group.network->uplink.value_or(kUnlimited);
    group.traces.push_back(
        std::make_shared<const platforms::RateTrace>(platforms::RateTrace::constant(rate)));
  }
}

void read_latency(const JsonValue& network, JsonObject& object, TraceLoader& traces,
                  sim::NodeGroup& group) {
  const auto trips = object.find("round_trip_ms");
  if (trips) {
    group.round_trips = read_round_trips(*trips, traces, object.boolean_or("trace_lenient", false));
  }
  if (!group.network || (trips && !group.round_trips)) {
    return;
  }
  check_latency(trips.value_or(network), *group.network, group.round_trips.get());
  if (group.round_trips) {
    group.network = with_median(*group.network, *group.round_trips);
  }
}

}  // namespace edgecut::scenarios

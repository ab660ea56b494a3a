// The "topology" of a scenario and the "via" of its node groups: shared links and the routes over
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_reader.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"
#include "scenarios/trace_loader.hpp"

namespace edgecut::scenarios {

class TopologyReader {
 public:
  /// Reads "topology", when there is one, into the model's channels. `traces` and `model` must
  /// outlive this.
  TopologyReader(base::JsonObject& root, TraceLoader& traces, sim::RunModel& model);

  /// Reads the group's "via" and gives it its routes. With the engine SimGrid every group has one.
  void read_via(base::JsonObject& group_object, sim::NodeGroup& group);

  /// When all groups are there: whether the engine can do it.
  void check_engine(const base::JsonObject& root) const;

 private:
  /// One of `count` alike links.
  struct Link {
    std::uint32_t count = 1;
    base::Duration latency;
    std::vector<std::uint32_t> up;  // channels by copy; empty: unlimited
    std::vector<std::uint32_t> down;
  };

  void read_link(const base::JsonValue& value);
  std::vector<std::uint32_t> add_channels(const std::string& name, std::uint32_t count,
                                          std::shared_ptr<const platforms::RateTrace> rate);
  std::shared_ptr<const platforms::RateTrace> read_rate(base::JsonObject& object,
                                                        const std::string& which);
  std::uint32_t add_route(const platforms::Route& route);

  TraceLoader& traces_;
  sim::RunModel& model_;
  std::map<std::string, Link> links_;
};

}  // namespace edgecut::scenarios

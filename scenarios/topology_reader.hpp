// The "topology" of a scenario and the "via" or "attach" of its node groups: shared links and the
// routes over them. Links are listed in the scenario, or come from a SimGrid platform file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json_fwd.hpp"
#include "scenarios/scenario.hpp"
#include "scenarios/shared_inputs.hpp"
#include "scenarios/trace_loader.hpp"

namespace edgecut::scenarios {

class TopologyReader {
 public:
  /// Reads "topology", when there is one, into the model's channels; its files are relative to
  /// `directory`. `traces` and `model` must outlive this.
  TopologyReader(base::JsonObject& root, const std::filesystem::path& directory,
                 TraceLoader& traces, sim::RunModel& model);

  /// Reads the group's "via" or "attach", for the group that comes next in the model. With the
  /// engine SimGrid every group has a route.
  void read_way(base::JsonObject& group_object, sim::NodeGroup& group);

  /// When all groups are there: imports what they are attached to, and tells whether the engine can
  /// do it.
  void finish(const base::JsonObject& root);

 private:
  /// One of `count` alike links.
  struct Link {
    std::uint32_t count = 1;
    base::Duration latency;
    std::vector<std::uint32_t> up;  // channels by copy; empty: unlimited
    std::vector<std::uint32_t> down;
  };

  /// Where nodes and servers are in a platform file.
  struct Platform {
    std::filesystem::path file;
    std::string servers_at;
    std::string where;
    std::vector<std::pair<std::size_t, std::vector<std::string>>> hosts;  // of groups
  };

  void read_platform(base::JsonObject& object, const std::filesystem::path& directory);
  void read_via(base::JsonObject& group_object, sim::NodeGroup& group);
  void read_attach(const base::JsonValue& value);
  void import_platform(base::Problems& problems);
  void check_engine(const base::JsonObject& root) const;
  void read_link(const base::JsonValue& value);
  std::vector<std::uint32_t> add_channels(const std::string& name, std::uint32_t count,
                                          std::shared_ptr<const platforms::RateTrace> rate);
  std::shared_ptr<const platforms::RateTrace> read_rate(base::JsonObject& object,
                                                        const std::string& which);
  std::uint32_t add_route(const platforms::Route& route);

  TraceLoader& traces_;
  sim::RunModel& model_;
  std::map<std::string, Link> links_;
  std::optional<Platform> platform_;
};

}  // namespace edgecut::scenarios

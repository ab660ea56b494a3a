// Topologies from links and routes by name, for programs and for readers of scenarios.
//
//   TopologyBuilder builder;
//   builder.medium("ap", {megabits_per_s(60)}, {.count = 4});       // ap/0 ... ap/3
//   builder.duplex("backhaul", {megabits_per_s(500)}, {megabits_per_s(500)});
//   builder.cap("shaper", {megabits_per_s(50)}, {megabits_per_s(100)}, {.latency = seconds(0.02)});
//   const std::uint32_t route = builder.route({"ap/2", "backhaul", "shaper"});
//   const Topology topology = builder.build();
//
// Checked: names are there and not given twice, no link twice in a route, rates and latencies in
// range. Every problem is told at once, by build(). Ignored: whether links could be plugged
// together.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "base/quantity.hpp"
#include "platforms/rate_trace.hpp"
#include "platforms/topology.hpp"

namespace edgecut::platforms {

/// Constant or varying.
class LinkRate {
 public:
  // Not explicit: a rate stands for itself in the calls below.
  LinkRate(base::DataRate rate) : rate_(rate) {}
  LinkRate(std::shared_ptr<const RateTrace> trace) : trace_(std::move(trace)) {}

 private:
  friend class TopologyBuilder;
  base::DataRate rate_;
  std::shared_ptr<const RateTrace> trace_;
};

struct LinkOptions {
  base::Duration latency;   // one way, [0, 1e4] s
  std::uint32_t count = 0;  // > 0: so many alike, "name/0", "name/1", ...
  std::string where;        // of its problems; empty: the link's name
};

class TopologyBuilder {
 public:
  /// Each direction shared by the flows that go that way. Channels "name up" and "name down".
  void duplex(const std::string& name, const LinkRate& up, const LinkRate& down,
              const LinkOptions& options = {});
  /// Shared by the flows of both directions. Channel "name".
  void medium(const std::string& name, const LinkRate& rate, const LinkOptions& options = {});
  /// Every flow alone gets so much at most. Constant rates in (0, 1e15] bit/s.
  void cap(const std::string& name, base::DataRate up, base::DataRate down,
           const LinkOptions& options = {});

  /// From the nodes' own links to the servers: latencies add up, the lowest cap counts. Its index
  /// in Topology::routes. `where`: of its problems.
  std::uint32_t route(const std::vector<std::string>& links, const std::string& where = "");

  /// Throws ConfigError with the problems of all calls.
  [[nodiscard]] Topology build() const;

 private:
  struct Link {
    std::vector<std::uint32_t> up;
    std::vector<std::uint32_t> down;
    std::optional<base::DataRate> cap_up;
    std::optional<base::DataRate> cap_down;
    base::Duration latency;
  };
  bool accept(const std::string& name, const LinkOptions& options);
  std::shared_ptr<const RateTrace> checked(const LinkRate& rate, const std::string& where);
  std::uint32_t add_channel(const std::string& name, std::shared_ptr<const RateTrace> rate);
  void append(Route& route, const Link& link) const;

  std::map<std::string, Link> links_;
  Topology topology_;
  base::Problems problems_;
};

}  // namespace edgecut::platforms

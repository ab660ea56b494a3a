#include "sim/simgrid/platform_reader.hpp"

#include <algorithm>
#include <exception>
#include <map>

#include <simgrid/s4u.hpp>

#include "sim/simgrid/flow_kernel.hpp"

namespace edgecut::sim::simgrid_module {
namespace {

namespace s4u = ::simgrid::s4u;

PlatformWays::Sharing sharing_of(const s4u::Link& link) {
  switch (link.get_sharing_policy()) {
    case s4u::Link::SharingPolicy::FATPIPE:
      return PlatformWays::Sharing::kFatpipe;
    case s4u::Link::SharingPolicy::WIFI:
      return PlatformWays::Sharing::kWifi;
    case s4u::Link::SharingPolicy::NONLINEAR:
      return PlatformWays::Sharing::kNonlinear;
    // The two halves of a split duplex link are links of their own on a route.
    case s4u::Link::SharingPolicy::SPLITDUPLEX:
    case s4u::Link::SharingPolicy::SHARED:
      break;
  }
  return PlatformWays::Sharing::kShared;
}

class Ways {
 public:
  explicit Ways(PlatformWays& ways) : ways_(ways) {}

  PlatformWays::Way between(const s4u::Host& from, const s4u::Host& to) {
    std::vector<s4u::Link*> links;
    PlatformWays::Way way;
    from.route_to(&to, links, &way.latency_s);
    for (const s4u::Link* link : links) {
      way.links.push_back(index_of(*link));
    }
    return way;
  }

 private:
  std::uint32_t index_of(const s4u::Link& link) {
    const auto [place, is_new] =
        index_.try_emplace(link.get_name(), static_cast<std::uint32_t>(ways_.links.size()));
    if (is_new) {
      ways_.links.push_back({link.get_name(), link.get_bandwidth(), sharing_of(link)});
    }
    return place->second;
  }

  PlatformWays& ways_;
  std::map<std::string, std::uint32_t> index_;
};

}  // namespace

void read_platform(const std::string& file, const std::vector<std::string>& hosts,
                   PlatformWays& ways, std::string& problem) {
  try {
    s4u::Engine* const engine = make_engine();
    engine->load_platform(file);
    engine->seal_platform();
    std::vector<const s4u::Host*> found;
    for (const std::string& name : hosts) {
      found.push_back(engine->host_by_name_or_null(name));
    }
    if (std::find(found.begin(), found.end(), nullptr) != found.end()) {
      for (const s4u::Host* host : engine->get_all_hosts()) {
        ways.hosts.push_back(host->get_name());
      }
      std::sort(ways.hosts.begin(), ways.hosts.end());
      return;
    }
    Ways all(ways);
    for (std::size_t i = 1; i < found.size(); ++i) {
      ways.up.push_back(all.between(*found[i], *found[0]));
      ways.down.push_back(all.between(*found[0], *found[i]));
    }
  } catch (const std::exception& error) {
    problem = error.what();
  }
}

}  // namespace edgecut::sim::simgrid_module

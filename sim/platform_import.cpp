#include "sim/platform_import.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "sim/child_process.hpp"
#include "sim/simgrid/module.hpp"
#include "sim/simgrid_network.hpp"

namespace edgecut::sim {
namespace {

using nlohmann::json;

constexpr std::size_t kFileBytesMax = std::size_t{256} << 20U;
constexpr double kRateMaxBitsPerS = 1e15;  // as RateTrace's
constexpr double kLatencyMaxS = 1e4;
constexpr rlim_t kSecondsMax = 20;               // of the child's processor
constexpr rlim_t kBytesMore = rlim_t{2} << 30U;  // than this process has at the fork

// A small file can ask for a cluster without end.
void bound_this_process() {
  const rlimit seconds{kSecondsMax, kSecondsMax};
  setrlimit(RLIMIT_CPU, &seconds);
#ifndef __SANITIZE_ADDRESS__  // which reserves far more than it uses
  rlim_t pages = 0;
  if (std::ifstream("/proc/self/statm") >> pages) {
    const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + kBytesMore;
    const rlimit bytes{most, most};
    setrlimit(RLIMIT_AS, &bytes);
  }
#endif
}

json bytes_json(const std::string& text) {
  return json::binary(std::vector<std::uint8_t>(text.begin(), text.end()));
}

std::string text_of(const json& value) {
  const auto& bytes = value.get_binary();
  return std::string(bytes.begin(), bytes.end());
}

json to_json(const std::vector<PlatformWays::Way>& ways) {
  json list = json::array();
  for (const PlatformWays::Way& way : ways) {
    list.push_back(json::array({way.links, way.latency_s}));
  }
  return list;
}

std::vector<PlatformWays::Way> ways_from(const json& value) {
  std::vector<PlatformWays::Way> ways;
  for (const json& way : value) {
    ways.push_back({way.at(0).get<std::vector<std::uint32_t>>(), way.at(1)});
  }
  return ways;
}

std::string bytes_of(const PlatformWays& ways, const std::string& problem) {
  json links = json::array();
  for (const PlatformWays::Link& link : ways.links) {
    links.push_back(json::array({bytes_json(link.name), link.bytes_per_s, link.sharing}));
  }
  json hosts = json::array();
  for (const std::string& host : ways.hosts) {
    hosts.push_back(bytes_json(host));
  }
  std::string bytes;
  json::to_cbor(json::array({bytes_json(problem), std::move(links), std::move(hosts),
                             to_json(ways.up), to_json(ways.down)}),
                bytes);
  return bytes;
}

// SimGrid's reason without its marks: "[0.000000] ./src/x.cpp:12: [root/CRITICAL] reason".
std::string reason_in(const std::string& said) {
  static const std::regex kMark(
      R"((?:^|\n)\[[0-9.]+\] (?:[^\n]*?: )?\[[^\]\n]*/[A-Z]+\] ([^\n]+))");
  std::smatch match;
  if (std::regex_search(said, match, kMark)) {
    return match[1];
  }
  return said.substr(0, said.find('\n'));
}

PlatformWays read(const PlatformImport& import) {
  const std::string file = import.file.string();
  std::vector<std::string> hosts = {import.cloud_host};
  hosts.insert(hosts.end(), import.attachment_hosts.begin(), import.attachment_hosts.end());
  const SimgridModule& module = loaded_simgrid();
  std::string bytes;
  try {
    bytes = run_in_child([&] {
      bound_this_process();
      PlatformWays ways;
      std::string problem;
      module.read_platform(file, hosts, ways, problem);
      return bytes_of(ways, problem);
    });
  } catch (const ChildCrashed& crash) {
    const std::string reason = reason_in(crash.said());
    throw base::ConfigError(file,
                            "SimGrid cannot read it: " + (reason.empty() ? crash.what() : reason));
  }
  const json all = json::from_cbor(bytes.begin(), bytes.end());
  if (const std::string problem = text_of(all.at(0)); !problem.empty()) {
    throw base::ConfigError(file, "SimGrid cannot read it: " + problem);
  }
  PlatformWays ways;
  for (const json& link : all.at(1)) {
    ways.links.push_back({text_of(link.at(0)), link.at(1), link.at(2)});
  }
  for (const json& host : all.at(2)) {
    ways.hosts.push_back(text_of(host));
  }
  ways.up = ways_from(all.at(3));
  ways.down = ways_from(all.at(4));
  return ways;
}

// What varies in time is told by the file only: SimGrid does not say which links it belongs to.
void refuse_profiles(const std::string& file, const std::string& text) {
  static const std::array<std::pair<const char*, const char*>, 5> kProfiles{{
      {"<trace_connect", "a <trace_connect>"},
      {"bandwidth_file", "a bandwidth_file"},
      {"latency_file", "a latency_file"},
      {"state_file", "a state_file"},
      {"availability_file", "an availability_file"},
  }};
  std::string bare;
  std::size_t from = 0;
  for (std::size_t start = text.find("<!--"); start != std::string::npos;
       start = text.find("<!--", from)) {
    bare.append(text, from, start - from);
    from = std::min(text.find("-->", start), text.size());
  }
  bare.append(text, from);
  base::Problems problems;
  for (const auto& [mark, name] : kProfiles) {
    if (bare.find(mark) != std::string::npos) {
      problems.add(file, std::string("has ") + name +
                             ": what varies in time is not imported; give the channel a trace "
                             "in the scenario");
    }
  }
  problems.throw_if_any();
}

class Builder {
 public:
  Builder(std::string file, const PlatformWays& ways) : file_(std::move(file)), ways_(ways) {}

  void add(const std::string& attachment, const std::string& cloud, const PlatformWays::Way& up,
           const PlatformWays::Way& down) {
    platforms::Route& route = topology_.routes.emplace_back();
    take(up, "from \"" + attachment + "\" to \"" + cloud + "\"", route.up, route.latency_up,
         route.cap_up);
    take(down, "from \"" + cloud + "\" to \"" + attachment + "\"", route.down, route.latency_down,
         route.cap_down);
  }

  platforms::Topology finish() {
    problems_.throw_if_any();
    return std::move(topology_);
  }

 private:
  void take(const PlatformWays::Way& way, const std::string& what,
            std::vector<std::uint32_t>& channels, base::Duration& latency,
            std::optional<base::DataRate>& cap) {
    if (way.links.empty()) {
      problems_.add(file_, "there is no route " + what);
    }
    if (!(way.latency_s >= 0 && way.latency_s <= kLatencyMaxS)) {
      problems_.add(file_, "the latency " + what + " is " + base::format_number(way.latency_s) +
                               " s; expected a number in [0, " + base::format_number(kLatencyMaxS) +
                               "]");
    }
    latency = base::seconds(way.latency_s);
    std::set<std::uint32_t> met;
    for (const std::uint32_t link : way.links) {
      if (!met.insert(link).second) {
        problems_.add(file_,
                      "the link \"" + ways_.links[link].name + "\" is twice on the way " + what);
      } else if (right(link)) {
        const base::DataRate rate = base::bits_per_s(ways_.links[link].bytes_per_s * 8);
        if (ways_.links[link].sharing == PlatformWays::Sharing::kFatpipe) {
          cap = cap ? base::min(*cap, rate) : rate;
        } else {
          channels.push_back(channel_of(link, rate));
        }
      }
    }
  }

  // Says what is wrong with a link once.
  bool right(std::uint32_t index) {
    const PlatformWays::Link& link = ways_.links[index];
    const double bits_per_s = link.bytes_per_s * 8;
    std::string problem;
    if (link.sharing == PlatformWays::Sharing::kWifi) {
      problem = "is a WIFI link, whose capacity depends on who talks; declare a medium instead";
    } else if (link.sharing == PlatformWays::Sharing::kNonlinear) {
      problem = "is shared by a function of its load, which cannot be imported";
    } else if (!(bits_per_s > 0 && bits_per_s <= kRateMaxBitsPerS)) {
      problem = "has " + base::format_number(bits_per_s) + " bit/s; expected a number in (0, " +
                base::format_number(kRateMaxBitsPerS) + "]";
    }
    if (!problem.empty() && told_.insert(index).second) {
      problems_.add(file_, "the link \"" + link.name + "\" " + problem);
    }
    return problem.empty();
  }

  std::uint32_t channel_of(std::uint32_t link, base::DataRate rate) {
    const auto [place, is_new] =
        channels_.try_emplace(link, static_cast<std::uint32_t>(topology_.channels.size()));
    if (is_new) {
      topology_.channels.push_back(
          {ways_.links[link].name,
           std::make_shared<const platforms::RateTrace>(platforms::RateTrace::constant(rate))});
    }
    return place->second;
  }

  std::string file_;
  const PlatformWays& ways_;
  platforms::Topology topology_;
  std::map<std::uint32_t, std::uint32_t> channels_;
  std::set<std::uint32_t> told_;
  base::Problems problems_;
};

void check_hosts(const PlatformImport& import, const PlatformWays& ways) {
  base::Problems problems;
  const auto check = [&](const std::string& name) {
    if (!std::binary_search(ways.hosts.begin(), ways.hosts.end(), name)) {
      problems.add(import.file.string(),
                   "has no host \"" + name + "\"" + base::suggestion(name, ways.hosts));
    }
  };
  check(import.cloud_host);
  for (const std::string& attachment : import.attachment_hosts) {
    check(attachment);
  }
  problems.throw_if_any();
}

}  // namespace

platforms::Topology import_platform(const PlatformImport& import) {
  const std::string file = import.file.string();
  refuse_profiles(file, base::read_file(import.file, kFileBytesMax));
  for (const std::string& attachment : import.attachment_hosts) {
    if (attachment == import.cloud_host) {
      throw base::ConfigError(
          file, "the host \"" + attachment + "\" is the cloud's; nodes attach elsewhere");
    }
  }
  const PlatformWays ways = read(import);
  if (!ways.hosts.empty()) {
    check_hosts(import, ways);
  }
  EC_CHECK(ways.up.size() == import.attachment_hosts.size() && ways.down.size() == ways.up.size(),
           "a way there and back for every attachment, or a list of hosts");
  Builder builder(file, ways);
  for (std::size_t i = 0; i < ways.up.size(); ++i) {
    builder.add(import.attachment_hosts[i], import.cloud_host, ways.up[i], ways.down[i]);
  }
  return builder.finish();
}

}  // namespace edgecut::sim

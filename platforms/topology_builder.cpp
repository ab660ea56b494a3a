#include "platforms/topology_builder.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace edgecut::platforms {
namespace {

constexpr double kLatencyMaxS = 1e4;
constexpr std::uint32_t kCountMax = 1'000'000;

std::string where_of(const std::string& name, const LinkOptions& options) {
  return options.where.empty() ? "link \"" + name + "\"" : options.where;
}

std::vector<std::string> names_of(const std::string& name, const LinkOptions& options) {
  if (options.count == 0) {
    return {name};
  }
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < options.count; ++i) {
    names.push_back(name + "/" + std::to_string(i));
  }
  return names;
}

// The lower of two, where a missing one is no bound.
std::optional<base::DataRate> lower(std::optional<base::DataRate> a,
                                    std::optional<base::DataRate> b) {
  if (a && b) {
    return base::min(*a, *b);
  }
  return a ? a : b;
}

}  // namespace

bool TopologyBuilder::accept(const std::string& name, const LinkOptions& options) {
  const std::string where = where_of(name, options);
  const std::size_t before = problems_.list().size();
  if (name.empty()) {
    problems_.add(where, "a link needs a name");
  }
  const double latency = base::in_seconds(options.latency);
  if (!(latency >= 0 && latency <= kLatencyMaxS)) {
    problems_.add(where, "latency " + base::format_number(latency) +
                             " s; expected a number in [0, " + base::format_number(kLatencyMaxS) +
                             "]");
  }
  if (options.count > kCountMax) {
    problems_.add(where, std::to_string(options.count) + " alike links; expected " +
                             std::to_string(kCountMax) + " at most");
    return false;
  }
  for (const std::string& one : names_of(name, options)) {
    if (links_.contains(one)) {
      problems_.add(where, "there is a link \"" + one + "\" already");
      break;
    }
  }
  return problems_.list().size() == before;
}

std::shared_ptr<const RateTrace> TopologyBuilder::checked(const LinkRate& rate,
                                                          const std::string& where) {
  if (rate.trace_) {
    return rate.trace_;
  }
  const double bits_per_s = base::in_bits_per_s(rate.rate_);
  if (!(bits_per_s > 0 && bits_per_s <= kRateMaxBitsPerS)) {
    problems_.add(where, "rate " + base::format_number(bits_per_s) +
                             " bit/s; expected a number in (0, " +
                             base::format_number(kRateMaxBitsPerS) + "], or a trace");
    return nullptr;
  }
  return std::make_shared<const RateTrace>(RateTrace::constant(rate.rate_));
}

std::uint32_t TopologyBuilder::add_channel(const std::string& name,
                                           std::shared_ptr<const RateTrace> rate) {
  topology_.channels.push_back({name, std::move(rate)});
  return static_cast<std::uint32_t>(topology_.channels.size() - 1);
}

void TopologyBuilder::duplex(const std::string& name, const LinkRate& up, const LinkRate& down,
                             const LinkOptions& options) {
  const std::string where = where_of(name, options);
  const auto up_rate = checked(up, where);
  const auto down_rate = checked(down, where);
  if (!accept(name, options) || !up_rate || !down_rate) {
    return;
  }
  for (const std::string& one : names_of(name, options)) {
    Link& link = links_[one];
    link.up = {add_channel(one + " up", up_rate)};
    link.down = {add_channel(one + " down", down_rate)};
    link.latency = options.latency;
  }
}

void TopologyBuilder::medium(const std::string& name, const LinkRate& rate,
                             const LinkOptions& options) {
  const auto both = checked(rate, where_of(name, options));
  if (!accept(name, options) || !both) {
    return;
  }
  for (const std::string& one : names_of(name, options)) {
    Link& link = links_[one];
    link.up = {add_channel(one, both)};
    link.down = link.up;
    link.latency = options.latency;
  }
}

void TopologyBuilder::cap(const std::string& name, base::DataRate up, base::DataRate down,
                          const LinkOptions& options) {
  const std::string where = where_of(name, options);
  const bool right = checked(LinkRate(up), where) && checked(LinkRate(down), where);
  if (!accept(name, options) || !right) {
    return;
  }
  for (const std::string& one : names_of(name, options)) {
    Link& link = links_[one];
    link.cap_up = up;
    link.cap_down = down;
    link.latency = options.latency;
  }
}

void TopologyBuilder::append(Route& route, const Link& link) const {
  route.up.insert(route.up.end(), link.up.begin(), link.up.end());
  // Downloads meet the links in the other order; for their shares it does not matter.
  route.down.insert(route.down.end(), link.down.begin(), link.down.end());
  route.latency_up += link.latency;
  route.latency_down += link.latency;
  route.cap_up = lower(route.cap_up, link.cap_up);
  route.cap_down = lower(route.cap_down, link.cap_down);
}

std::uint32_t TopologyBuilder::route(const std::vector<std::string>& links,
                                     const std::string& where) {
  const auto index = static_cast<std::uint32_t>(topology_.routes.size());
  const std::string place = where.empty() ? "route " + std::to_string(index) : where;
  Route route;
  std::set<std::string> met;
  for (const std::string& name : links) {
    const auto found = links_.find(name);
    if (found == links_.end()) {
      std::vector<std::string> known;
      for (const auto& [known_name, link] : links_) {
        known.push_back(known_name);
      }
      problems_.add(place, "no link \"" + name + "\"" + base::suggestion(name, known));
    } else if (!met.insert(name).second) {
      problems_.add(place, "the link \"" + name + "\" is twice in the route");
    } else {
      append(route, found->second);
    }
  }
  topology_.routes.push_back(std::move(route));
  return index;
}

Topology TopologyBuilder::build() const {
  problems_.throw_if_any();
  return topology_;
}

}  // namespace edgecut::platforms

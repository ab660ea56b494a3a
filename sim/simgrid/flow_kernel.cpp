#include "sim/simgrid/flow_kernel.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <simgrid/kernel/resource/Model.hpp>

#include "base/errors.hpp"

namespace edgecut::sim::simgrid_module {
namespace {

namespace s4u = ::simgrid::s4u;

constexpr double kLaneBitsPerS = 1e30;
// Shares are relative to the capacities; the default of 1e-5 would be theirs too.
constexpr const char* kSharePrecision = "1e-13";
// SimGrid treats events closer than this as one. It must exceed the spacing of doubles at the
// clock, or an event that rounding puts just before the clock would never come.
constexpr double kTimePrecisionMinS = 1e-13;

std::vector<s4u::LinkInRoute> as_route(const std::vector<LinkIndex>& links,
                                       const std::vector<s4u::Link*>& all) {
  std::vector<s4u::LinkInRoute> route;
  route.reserve(links.size());
  for (const LinkIndex link : links) {
    route.emplace_back(all.at(link));
  }
  return route;
}

}  // namespace

s4u::Engine* make_engine() {
  std::vector<std::string> arguments = {"edgecut",
                                        "--log=root.thresh:error",
                                        "--cfg=network/model:CM02",
                                        "--cfg=network/TCP-gamma:0",
                                        "--cfg=network/crosstraffic:0",
                                        "--cfg=network/weight-S:0",
                                        std::string("--cfg=maxmin/precision:") + kSharePrecision};
  std::vector<char*> pointers;
  for (std::string& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  auto count = static_cast<int>(arguments.size());
  return new s4u::Engine(&count, pointers.data());
}

void Transfer::set_bound(double bits_per_s) {
  // -1: none.
  action->set_bound(std::isfinite(bits_per_s) ? std::max(bits_per_s, kTrickleBitsPerS) : -1);
}

FlowKernel::FlowKernel()
    : engine_(make_engine()),
      zone_(s4u::create_star_zone("network")),
      servers_(zone_->create_host("servers", 1.0)) {
  zone_->add_route(servers_->get_netpoint(), nullptr, nullptr, nullptr,
                   std::vector<s4u::LinkInRoute>{}, true);
}

LinkIndex FlowKernel::add_link(double bits_per_s) {
  s4u::Link* const link = zone_->create_link("link " + std::to_string(links_.size()),
                                             std::max(bits_per_s, kTrickleBitsPerS));
  link->set_latency(0.0);
  links_.push_back(link);
  return static_cast<LinkIndex>(links_.size() - 1);
}

LinkIndex FlowKernel::add_lane() {
  const LinkIndex lane = add_link(kLaneBitsPerS);
  links_[lane]->set_sharing_policy(s4u::Link::SharingPolicy::FATPIPE);
  return lane;
}

EndIndex FlowKernel::add_end(const std::vector<LinkIndex>& up, const std::vector<LinkIndex>& down) {
  s4u::Host* const host = zone_->create_host("end " + std::to_string(ends_.size()), 1.0);
  zone_->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, as_route(up, links_), false);
  zone_->add_route(nullptr, host->get_netpoint(), nullptr, nullptr, as_route(down, links_), false);
  ends_.push_back(host);
  return static_cast<EndIndex>(ends_.size() - 1);
}

void FlowKernel::seal(std::function<void(void*)> ended) {
  zone_->seal();
  ended_ = std::move(ended);
  s4u::Activity::on_completion_cb(
      [this](const s4u::Activity& activity) { ended_(activity.get_data<void>()); });
}

::simgrid::kernel::resource::Action& FlowKernel::action_of(const s4u::Comm& comm) {
  if (network_ == nullptr) {
    for (auto* const model : engine_->get_all_models()) {
      const auto& started = *model->get_started_action_set();
      if (!started.empty() && started.back().get_activity() == comm.get_impl()) {
        network_ = model;
      }
    }
    EC_CHECK(network_ != nullptr, "SimGrid keeps a transfer's action elsewhere than expected");
  }
  auto& action = network_->get_started_action_set()->back();
  EC_CHECK(action.get_activity() == comm.get_impl(), "the last action is the last transfer's");
  return action;
}

Transfer FlowKernel::start(EndIndex end, bool up, double bits, double bound_bits_per_s,
                           void* owner) {
  catch_up();
  s4u::Host* const node = ends_[end];
  Transfer transfer;
  transfer.comm =
      up ? s4u::Comm::sendto_init(node, servers_) : s4u::Comm::sendto_init(servers_, node);
  transfer.comm->set_payload_size(1);
  transfer.comm->set_data(owner);
  transfer.comm->start();
  transfer.action = &action_of(*transfer.comm);
  transfer.action->set_remains(bits);
  // Always: without it SimGrid holds a transfer to what its links offered when it started, even
  // after they offer more (3.32).
  transfer.set_bound(bound_bits_per_s);
  return transfer;
}

void FlowKernel::set_bandwidth(LinkIndex link, double bits_per_s) {
  catch_up();
  links_[link]->set_bandwidth(std::max(bits_per_s, kTrickleBitsPerS));
}

FlowKernel::Timer* FlowKernel::at(double time_s, std::function<void()> action) {
  next_event_known_ = false;
  timers_s_.push(time_s);
  return Timer::set(time_s, std::move(action));
}

void FlowKernel::sharpen(double until_s) {
  const double spacing = std::nextafter(until_s, std::numeric_limits<double>::infinity()) - until_s;
  const double wanted = std::max(4 * spacing, kTimePrecisionMinS);
  if (wanted > precision_s_) {
    precision_s_ = wanted;
    next_event_known_ = false;
    s4u::Engine::set_config("surf/precision", wanted);
  }
}

double FlowKernel::next_event_s() {
  if (!next_event_known_) {
    constexpr double kNever = std::numeric_limits<double>::infinity();
    while (!timers_s_.empty() && timers_s_.top() < clock_s()) {
      timers_s_.pop();
    }
    const double timer_s = timers_s_.empty() ? kNever : timers_s_.top();
    // Negative: none.
    const double wait_s = network_ == nullptr ? -1 : network_->next_occurring_event(clock_s());
    // SimGrid takes what lies so close for due.
    next_event_s_ = std::min(timer_s, wait_s < 0 ? kNever : clock_s() + wait_s) - 2 * precision_s_;
    next_event_known_ = true;
  }
  return next_event_s_;
}

void FlowKernel::run(double until_s) {
  sharpen(until_s);
  if (next_event_s() <= until_s) {
    advance(until_s);
  }
  asked_s_ = std::max(asked_s_, until_s);
}

void FlowKernel::catch_up() {
  if (clock_s() < asked_s_) {
    advance(asked_s_);
  }
  next_event_known_ = false;
}

void FlowKernel::advance(double until_s) {
  next_event_known_ = false;
  // run_until() returns early when an event lies within 10 us of the end.
  while (clock_s() < until_s) {
    engine_->run_until(until_s);
  }
}

std::uint64_t FlowKernel::under_way() const {
  return network_ == nullptr ? 0 : network_->get_started_action_set()->size();
}

}  // namespace edgecut::sim::simgrid_module

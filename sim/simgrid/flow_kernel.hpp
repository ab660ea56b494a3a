// The few things of SimGrid that flows need: an Engine without actors, links, transfers whose rate
// can be bounded and changed, timers. The only place that speaks SimGrid's language for a run.
//
// SimGrid counts bytes; here its unit of data is the bit. A transfer is a Comm (S4U) started from
// outside any actor. Three things go through the Action below it, which SimGrid's kernel headers
// offer: the size as a double (Comm takes whole numbers), the bound of its rate (Comm::set_rate is
// ignored for transfers between hosts, 3.32), and changes of the bound while the transfer is under
// way. So a node's own link needs neither a link nor a host in the platform.
//
// Model: CM02 without TCP's window and cross traffic, latency 0: shares are max-min fair.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/kernel/resource/Action.hpp>
#include <simgrid/s4u.hpp>

namespace edgecut::sim::simgrid_module {

/// A rate of zero. SimGrid ignores a bandwidth of 0 (the old one goes on) and reads a bound of 0 as
/// none; at this rate 10^9 s of outage carry 10^-21 bit.
inline constexpr double kTrickleBitsPerS = 1e-30;

/// The Engine of this process, in the model above and silent but for errors.
simgrid::s4u::Engine* make_engine();

using LinkIndex = std::uint32_t;
using EndIndex = std::uint32_t;  // a way to the servers

/// A transfer under way. `comm` must be kept until SimGrid is through with its end: until the next
/// call of `ended`, or a while longer.
struct Transfer {
  simgrid::s4u::CommPtr comm;
  simgrid::kernel::resource::Action* action = nullptr;

  void set_bound(double bits_per_s);
};

class FlowKernel {
 public:
  using Timer = simgrid::kernel::timer::Timer;

  /// One in the life of a process.
  FlowKernel();

  /// Capacity that transfers share.
  LinkIndex add_link(double bits_per_s);
  /// Capacity that every transfer has for itself: more than any asks for.
  LinkIndex add_lane();
  EndIndex add_end(const std::vector<LinkIndex>& up, const std::vector<LinkIndex>& down);
  /// No more links and ends after this. `ended` is called in the middle of `run`, with what `start`
  /// was given.
  void seal(std::function<void(void*)> ended);

  /// At the clock; infinite bound: none.
  Transfer start(EndIndex end, bool up, double bits, double bound_bits_per_s, void* owner);
  void set_bandwidth(LinkIndex link, double bits_per_s);
  Timer* at(double time_s, std::function<void()> action);
  /// SimGrid itself stays where it is when nothing happens until then.
  void run(double until_s);

  [[nodiscard]] double now_s() const { return std::max(asked_s_, clock_s()); }
  /// Nothing ends and no timer is due before, unless more is started; infinite: never.
  [[nodiscard]] double next_event_s();
  /// Counted in SimGrid.
  [[nodiscard]] std::uint64_t under_way() const;

 private:
  [[nodiscard]] static double clock_s() { return simgrid::s4u::Engine::get_clock(); }
  void advance(double until_s);
  /// Brings SimGrid's clock to ours, before anything is changed at it.
  void catch_up();
  void sharpen(double until_s);
  simgrid::kernel::resource::Action& action_of(const simgrid::s4u::Comm& comm);

  simgrid::s4u::Engine* engine_;
  simgrid::s4u::NetZone* zone_;
  simgrid::s4u::Host* servers_;
  simgrid::kernel::resource::Model* network_ = nullptr;
  std::vector<simgrid::s4u::Link*> links_;
  std::vector<simgrid::s4u::Host*> ends_;
  std::function<void(void*)> ended_;
  double precision_s_ = 0;
  // When timers are due, those among them that were taken back since. (Timer::next sees another
  // list than SimGrid's own, since its library hides it.)
  std::priority_queue<double, std::vector<double>, std::greater<>> timers_s_;
  double asked_s_ = 0;
  double next_event_s_ = 0;  // while known
  bool next_event_known_ = false;
};

}  // namespace edgecut::sim::simgrid_module

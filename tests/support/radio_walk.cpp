#include "support/radio_walk.hpp"

#include <algorithm>
#include <stdexcept>

namespace edgecut::testing {
namespace {

using base::in_joules;
using base::in_seconds;
using base::in_watts;

struct Transfer {
  double start_s;
  double end_s;
};

// One moment after the other: from where it is, the radio moves on by time, or by a transfer.
class Radio {
 public:
  explicit Radio(const platforms::NetworkProfile& network) : network_(network) {}

  // A transfer begins: what the radio did since the last one follows from how long that is.
  void begin(double start_s) {
    double gap = start_s - now_s_;
    if (gap <= 0) {
      return;  // still active
    }
    const double promotion_s = in_seconds(network_.promotion_duration);
    const double tail_s = used_ ? whole_tail_s() : 0;
    const bool slept = !used_ || gap >= tail_s + promotion_s / 2;
    if (slept && gap < tail_s + promotion_s - 1e-9 * (1 + start_s)) {
      throw std::logic_error("a transfer came in the middle of a promotion");
    }
    if (slept) {
      gap = std::max(0.0, gap - promotion_s);
    }
    rest(gap);
    if (slept) {
      spend("promotion", promotion_s, in_watts(network_.promotion_power));
    }
    now_s_ = start_s;
    used_ = true;
  }

  void active_until(double end_s) {
    if (end_s > now_s_) {
      spend("active", end_s - now_s_, in_watts(network_.beta));
      now_s_ = end_s;
    }
    used_ = true;
  }

  void rest_until(double end_s) { rest(std::max(0.0, end_s - now_s_)); }
  void add_bits_j(double joules) { states_["active"].energy_j += joules; }
  WalkedRadio take() { return std::move(states_); }

 private:
  [[nodiscard]] double whole_tail_s() const {
    double total = 0;
    for (const platforms::TailPhase& phase : network_.tail) {
      total += in_seconds(phase.duration);
    }
    return total;
  }

  // Down the states of the tail, then idle.
  void rest(double left_s) {
    for (std::size_t i = 0; used_ && i < network_.tail.size(); ++i) {
      const double here = std::min(left_s, in_seconds(network_.tail[i].duration));
      spend(platforms::tail_state_name(network_, i), here, in_watts(network_.tail[i].power));
      left_s -= here;
    }
    double idle_w = 0;
    if (const auto& idle = network_.idle) {
      const double on_share = in_seconds(idle->on) / in_seconds(idle->cycle);
      idle_w = in_watts(idle->on_power) * on_share + in_watts(idle->sleep_power) * (1 - on_share);
    }
    spend("idle", left_s, idle_w);
  }

  void spend(const std::string& state, double time_s, double power_w) {
    states_[state].time_s += time_s;
    states_[state].energy_j += power_w * time_s;
  }

  const platforms::NetworkProfile& network_;
  double now_s_ = 0;
  bool used_ = false;
  WalkedRadio states_;
};

}  // namespace

WalkedRadio walk_radio(const sim::RunModel& model, std::size_t group,
                       const std::vector<sim::QueryRecord>& queries, double end_s) {
  const platforms::NetworkProfile& network = *model.groups[group].network;
  Radio radio(network);
  std::vector<Transfer> transfers;
  for (const sim::QueryRecord& query : queries) {
    const sim::QueryClass& kind = model.classes[query.query_class];
    const auto& cut = model.costs_of(group, query.query_class).truth.cuts[query.cut];
    if (cut.upload == base::bits(0) && cut.server_time == base::seconds(0) && !kind.server_time_s) {
      continue;
    }
    transfers.push_back({in_seconds(query.upload_start), in_seconds(query.upload_end)});
    radio.add_bits_j(in_joules(network.alpha_up * cut.upload));
    if (network.charges_download) {
      transfers.push_back({in_seconds(query.download_start), in_seconds(query.completed_at)});
      radio.add_bits_j(in_joules(network.alpha_down * cut.download));
    }
  }
  std::sort(transfers.begin(), transfers.end(), [](const Transfer& a, const Transfer& b) {
    return std::pair(a.start_s, a.end_s) < std::pair(b.start_s, b.end_s);
  });
  for (const Transfer& transfer : transfers) {
    radio.begin(transfer.start_s);
    radio.active_until(transfer.end_s);
  }
  radio.rest_until(end_s);
  return radio.take();
}

void add_to(WalkedRadio& total, const WalkedRadio& one) {
  for (const auto& [name, state] : one) {
    total[name].time_s += state.time_s;
    total[name].energy_j += state.energy_j;
  }
}

}  // namespace edgecut::testing

// The radio's states between transfers, as pure functions of the time since the last activity.
//
//   idle --promotion--> active --transfer ends--> tail state 1 -> state 2 -> ... -> idle
//
// A transfer that the node wants to start during the tail starts at once and cuts the tail short;
// one that finds the radio idle waits for the promotion (LTE: RRC_IDLE to RRC_CONNECTED; 3G: to
// DCH; Huang et al., MobiSys 2012). In a state with a listening cycle (DRX, paging, a dozing Wi-Fi
// station) the radio hears only during the on-duration at the start of each cycle, counted from the
// moment at which the state was entered: an answer that comes down meanwhile waits for the next.
// The tail goes on while it waits, so it may end first; then the answer is paged.
//
// A profile without these states (the study of 2015) costs nothing here. Energies are on top of the
// idle board. Ignored: that 3G's FACH needs a short promotion to DCH, that the first power of a
// tail depends on the transfer's size, and when in its cycle a radio takes which power: a state has
// its mean.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "base/quantity.hpp"
#include "platforms/network.hpp"

namespace edgecut::platforms {

/// What a gap between two activities costs.
struct GapCost {
  base::Duration promotion_delay;  // from wanting to send until the first bit can go
  base::Energy promotion;
  base::Energy tail;
};

/// How long the radio was in each state of the tail.
using TailTimes = std::array<base::Duration, kTailPhasesMax>;

/// A profile's states in the form that the hot path reads: no allocation, 200 bytes.
class RadioTiming {
 public:
  RadioTiming() = default;
  explicit RadioTiming(const NetworkProfile& network)
      : promotion_{.promotion_delay = network.promotion_duration,
                   .promotion = network.promotion_power * network.promotion_duration,
                   .tail = {}},
        answers_wait_(network.answers_wait) {
    EC_CHECK(network.tail.size() <= kTailPhasesMax, "the reader bounds the phases of a tail");
    for (const TailPhase& phase : network.tail) {
      phases_[phase_count_++] = {phase.power, tail_duration_ + phase.duration,
                                 cycle_of(phase.listening)};
      tail_duration_ += phase.duration;
      tail_energy_ += phase.power * phase.duration;
    }
    idle_ = cycle_of(network.idle);
  }

  /// Whether the past matters: without states every transfer starts and costs alike.
  [[nodiscard]] bool is_stateful() const {
    return phase_count_ > 0 || promotion_.promotion_delay > base::Duration{} || answers_wait_;
  }
  /// Whether `heard_after` ever differs from its argument.
  [[nodiscard]] bool answers_wait() const { return answers_wait_; }
  [[nodiscard]] base::Duration tail_duration() const { return tail_duration_; }

  /// The tail's energy when nothing more is sent for `idle_for`.
  [[nodiscard]] base::Energy tail_energy(base::Duration idle_for) const {
    if (!(idle_for < tail_duration_)) {
      return tail_energy_;
    }
    base::Energy energy;
    base::Duration begin;
    for (std::size_t i = 0; i < phase_count_ && begin < idle_for; ++i) {
      energy += phases_[i].power * (base::min(idle_for, phases_[i].end) - begin);
      begin = phases_[i].end;
    }
    return energy;
  }

  /// Where that time went.
  [[nodiscard]] TailTimes tail_times(base::Duration idle_for) const {
    TailTimes times{};
    base::Duration begin;
    for (std::size_t i = 0; i < phase_count_ && begin < idle_for; ++i) {
      times[i] = base::min(idle_for, phases_[i].end) - begin;
      begin = phases_[i].end;
    }
    return times;
  }

  /// The first transfer of all finds the radio idle.
  [[nodiscard]] GapCost cold_start() const { return promotion_; }

  /// The next transfer wants to start `idle_for` >= 0 after the last one ended.
  [[nodiscard]] GapCost gap_cost(base::Duration idle_for) const {
    if (idle_for < tail_duration_) {
      return {.promotion_delay = {}, .promotion = {}, .tail = tail_energy(idle_for)};
    }
    GapCost cost = promotion_;
    cost.tail = tail_energy_;
    return cost;
  }

  /// When the radio hears an answer that reaches the base station `idle_for` >= 0 after the last
  /// activity: the first instant from then on at which it listens, if nothing wakes it before.
  /// Since the last activity, like the argument, which comes back as it is where nothing waits.
  [[nodiscard]] base::Duration heard_after(base::Duration idle_for) const {
    if (!answers_wait_) {
      return idle_for;
    }
    base::Duration begin;
    for (std::size_t i = 0; i < phase_count_; ++i) {
      const Phase& phase = phases_[i];
      if (idle_for < phase.end) {
        const base::Duration waits = wait(phase.listening, idle_for - begin);
        // Where a state is a whole number of cycles rounding must not make one more.
        constexpr base::Duration kSliver = base::seconds(1e-9);
        if (waits == base::Duration{} || idle_for + waits + kSliver < phase.end) {
          return idle_for + waits;
        }
        idle_for = phase.end;  // the state ends first, and the next one begins with listening
      }
      begin = phase.end;
    }
    return idle_for + wait(idle_, idle_for - tail_duration_);
  }

 private:
  struct Cycle {
    base::Duration length;  // zero: listens all the time
    base::Duration on;
  };
  struct Phase {
    base::Power power;
    base::Duration end;  // since the last transfer ended
    Cycle listening;
  };

  static Cycle cycle_of(const std::optional<ListeningCycle>& listening) {
    return listening ? Cycle{listening->cycle, listening->on} : Cycle{};
  }

  /// From `since` in the state until the radio listens.
  static base::Duration wait(const Cycle& cycle, base::Duration since) {
    if (!(cycle.length > base::Duration{})) {
      return {};
    }
    // The remainder of doubles is exact: the same everywhere.
    const auto place = base::seconds(std::fmod(since.coherent(), cycle.length.coherent()));
    return place < cycle.on || place == base::Duration{} ? base::Duration{} : cycle.length - place;
  }

  GapCost promotion_;
  base::Duration tail_duration_;
  base::Energy tail_energy_;
  std::array<Phase, kTailPhasesMax> phases_{};
  Cycle idle_;
  std::size_t phase_count_ = 0;
  bool answers_wait_ = false;
};
static_assert(sizeof(RadioTiming) == 200);

inline GapCost gap_cost(const RadioTiming& radio, base::Duration idle_for) {
  return radio.gap_cost(idle_for);
}

}  // namespace edgecut::platforms

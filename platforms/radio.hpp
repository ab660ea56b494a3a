// The radio's states between transfers, as pure functions.
//
//   idle --promotion--> active --transfer ends--> tail phase 1 -> phase 2 -> ... -> idle
//
// A transfer that wants to start during the tail starts at once and cuts the tail short; one that
// finds the radio idle waits for the promotion (LTE: RRC_IDLE to RRC_CONNECTED; 3G: to DCH; Huang
// et al., MobiSys 2012). A profile without promotion and tail (the study of 2015) costs nothing
// here. Energies are on top of the idle board. Ignored: that 3G's FACH needs a short promotion to
// DCH, and that the first power of a tail depends on the transfer's size.
#pragma once

#include <array>
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

/// A profile's states in the form that the hot path reads: no allocation, 120 bytes.
class RadioTiming {
 public:
  RadioTiming() = default;
  explicit RadioTiming(const NetworkProfile& network)
      : promotion_{.promotion_delay = network.promotion_duration,
                   .promotion = network.promotion_power * network.promotion_duration,
                   .tail = {}} {
    EC_CHECK(network.tail.size() <= kTailPhasesMax, "the reader bounds the phases of a tail");
    for (const TailPhase& phase : network.tail) {
      phases_[phase_count_++] = {phase.power, tail_duration_ + phase.duration};
      tail_duration_ += phase.duration;
      tail_energy_ += phase.power * phase.duration;
    }
  }

  /// Whether the past matters: without promotion and tail every transfer starts and costs alike.
  [[nodiscard]] bool is_stateful() const {
    return phase_count_ > 0 || promotion_.promotion_delay > base::Duration{};
  }
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

 private:
  struct Phase {
    base::Power power;
    base::Duration end;  // since the last transfer ended
  };
  GapCost promotion_;
  base::Duration tail_duration_;
  base::Energy tail_energy_;
  std::array<Phase, kTailPhasesMax> phases_{};
  std::size_t phase_count_ = 0;
};

inline GapCost gap_cost(const RadioTiming& radio, base::Duration idle_for) {
  return radio.gap_cost(idle_for);
}

}  // namespace edgecut::platforms

// The radio's closed form against a second radio that knows only its present state: it walks
// through time in ticks and adds up the power of the state it is in.
#include "platforms/radio.hpp"

#include <cmath>
#include <vector>

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace edgecut;
using base::in_joules;
using base::in_seconds;
using base::in_watts;
using base::seconds;
using base::watts;
using platforms::NetworkProfile;
using platforms::RadioTiming;

namespace {

// All times are whole ticks, a binary fraction of a second.
constexpr double kTick = 0x1p-6;

struct Wish {  // a transfer that wants to start at a tick, and its length in ticks
  int at;
  int length;
};

NetworkProfile any_network() {
  NetworkProfile network;
  network.promotion_power = watts(*rc::gen::inRange(0, 16) / 8.0);
  network.promotion_duration = seconds(*rc::gen::inRange(0, 20) * kTick);
  const int phases = *rc::gen::inRange(0, 5);
  for (int i = 0; i < phases; ++i) {
    network.tail.push_back(
        {watts(*rc::gen::inRange(0, 16) / 8.0), seconds(*rc::gen::inRange(0, 50) * kTick)});
  }
  return network;
}

std::vector<Wish> any_wishes() {
  std::vector<Wish> wishes;
  const int count = *rc::gen::inRange(1, 20);
  int at = 0;
  for (int i = 0; i < count; ++i) {
    at += *rc::gen::inRange(0, 200);
    wishes.push_back({at, *rc::gen::inRange(1, 30)});
  }
  return wishes;
}

// The same with states in which the radio listens in cycles of whole ticks, at most half of them
// on.
NetworkProfile any_sleepy_network() {
  NetworkProfile network = any_network();
  const auto any_cycle = [] {
    const int cycle = *rc::gen::inRange(2, 30);
    const int on = *rc::gen::inRange(1, cycle / 2 + 1);
    return platforms::ListeningCycle{seconds(cycle * kTick), seconds(on * kTick), watts(1.5),
                                     watts(0.25)};
  };
  for (platforms::TailPhase& phase : network.tail) {
    if (*rc::gen::arbitrary<bool>()) {
      phase.listening = any_cycle();
      phase.power = platforms::mean_power(*phase.listening);
    }
  }
  if (*rc::gen::arbitrary<bool>()) {
    network.idle = any_cycle();
  }
  network.answers_wait = true;
  return network;
}

int in_ticks(base::Duration d) { return static_cast<int>(in_seconds(d) / kTick); }

// Whether the radio listens in a tick after the last transfer: which state it is in, and for how
// long.
bool listens_in(const NetworkProfile& network, int tick) {
  const auto in_cycle = [](const std::optional<platforms::ListeningCycle>& listening, int since) {
    return !listening || since % in_ticks(listening->cycle) < in_ticks(listening->on);
  };
  for (const platforms::TailPhase& phase : network.tail) {
    if (tick < in_ticks(phase.duration)) {
      return in_cycle(phase.listening, tick);
    }
    tick -= in_ticks(phase.duration);
  }
  return in_cycle(network.idle, tick);
}

struct Outcome {
  double energy_j = 0;  // beyond the transfers' own
  double end_s = 0;     // of the last transfer
};

Outcome by_formula(const NetworkProfile& network, const std::vector<Wish>& wishes) {
  const RadioTiming radio(network);
  Outcome outcome;
  bool used = false;
  for (const Wish& wish : wishes) {
    const double wanted = std::max(wish.at * kTick, outcome.end_s);
    const auto cost = used ? radio.gap_cost(seconds(wanted - outcome.end_s)) : radio.cold_start();
    outcome.energy_j += in_joules(cost.tail + cost.promotion);
    outcome.end_s = wanted + in_seconds(cost.promotion_delay) + wish.length * kTick;
    used = true;
  }
  outcome.energy_j += in_joules(radio.tail_energy(base::kForever));
  return outcome;
}

// One tick after the other; the state is (what, ticks left in it).
Outcome by_walking(const NetworkProfile& network, const std::vector<Wish>& wishes) {
  enum class State { kIdle, kPromotion, kActive, kTail };
  const auto ticks = [](base::Duration d) { return static_cast<int>(in_seconds(d) / kTick); };
  State state = State::kIdle;
  int left = 0;
  std::size_t phase = 0;
  std::size_t next = 0;
  Outcome outcome;
  const auto enter_tail = [&](std::size_t from) {
    phase = from;
    while (phase < network.tail.size() && ticks(network.tail[phase].duration) == 0) {
      ++phase;
    }
    const bool over = phase == network.tail.size();
    state = over ? State::kIdle : State::kTail;
    left = over ? 0 : ticks(network.tail[phase].duration);
  };
  for (int now = 0; next < wishes.size() || state != State::kIdle; ++now) {
    const bool free = state == State::kIdle || state == State::kTail;
    if (free && next < wishes.size() && wishes[next].at <= now) {
      const int promotion = state == State::kIdle ? ticks(network.promotion_duration) : 0;
      state = promotion > 0 ? State::kPromotion : State::kActive;
      left = promotion > 0 ? promotion : wishes[next].length;
    }
    if (state == State::kPromotion) {
      outcome.energy_j += in_watts(network.promotion_power) * kTick;
      if (--left == 0) {
        state = State::kActive;
        left = wishes[next].length;
      }
    } else if (state == State::kActive) {
      if (--left == 0) {
        outcome.end_s = (now + 1) * kTick;
        ++next;
        enter_tail(0);
      }
    } else if (state == State::kTail) {
      outcome.energy_j += in_watts(network.tail[phase].power) * kTick;
      if (--left == 0) {
        enter_tail(phase + 1);
      }
    }
  }
  return outcome;
}

}  // namespace

TEST_CASE("promotion and tail energy of any pattern equal the integral of the state's power") {
  CHECK(rc::check([] {
    const NetworkProfile network = any_network();
    const std::vector<Wish> wishes = any_wishes();
    const Outcome formula = by_formula(network, wishes);
    const Outcome walked = by_walking(network, wishes);
    RC_ASSERT(formula.end_s == walked.end_s);
    RC_ASSERT(std::abs(formula.energy_j - walked.energy_j) <= 1e-12 * (1 + walked.energy_j));
  }));
}

TEST_CASE("a longer gap never costs less tail, and never more than the whole tail") {
  CHECK(rc::check([] {
    const RadioTiming radio(any_network());
    const auto gap = seconds(*rc::gen::inRange(0, 400) * kTick);
    const auto longer = gap + seconds(*rc::gen::inRange(0, 400) * kTick);
    RC_ASSERT(radio.tail_energy(gap) <= radio.tail_energy(longer));
    RC_ASSERT(radio.tail_energy(longer) <= radio.tail_energy(base::kForever));
  }));
}

TEST_CASE("an answer is heard in the first tick in which the radio listens") {
  CHECK(rc::check([] {
    const NetworkProfile network = any_sleepy_network();
    const RadioTiming radio(network);
    const int idle_for = *rc::gen::inRange(0, 400);
    int heard = idle_for;
    while (!listens_in(network, heard)) {
      ++heard;
    }
    RC_ASSERT(in_seconds(radio.heard_after(seconds(idle_for * kTick))) == heard * kTick);
  }));
}

TEST_CASE("the times in the states of a tail are its length, and their energy is the tail's") {
  CHECK(rc::check([] {
    const NetworkProfile network = any_sleepy_network();
    const RadioTiming radio(network);
    const auto idle_for = seconds(*rc::gen::inRange(0, 400) * kTick);
    const platforms::TailTimes times = radio.tail_times(idle_for);
    base::Duration total;
    base::Energy energy;
    for (std::size_t i = 0; i < network.tail.size(); ++i) {
      total += times[i];
      energy += network.tail[i].power * times[i];
    }
    RC_ASSERT(total == base::min(idle_for, radio.tail_duration()));
    RC_ASSERT(std::abs(in_joules(energy - radio.tail_energy(idle_for))) <= 1e-12);
  }));
}

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

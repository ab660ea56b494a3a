// Costs of cuts, best cuts, and where they change with the rate.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::planning;
using testing::setting;

TEST_CASE("latency is device, transfer and server time where the network adds nothing") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  const std::vector<CutRow> rows = cut_rows(one.by_truth(), one.uplink);
  REQUIRE(rows.size() == one.dnn->layers().size() + 1);
  for (const CutRow& row : rows) {
    CHECK(base::in_seconds(row.transfer) ==
          doctest::Approx(base::in_bits(row.upload) / base::in_bits_per_s(one.uplink)));
    CHECK(base::in_seconds(row.latency) ==
          doctest::Approx(base::in_seconds(row.device + row.transfer + row.server)));
    // alpha x rate + beta, while the upload lasts.
    const base::Power radio = platforms::transmit_power(one.network, one.uplink);
    CHECK(base::in_joules(row.radio) == doctest::Approx(base::in_joules(radio * row.transfer)));
    CHECK(base::in_joules(row.energy) == doctest::Approx(base::in_joules(row.compute + row.radio)));
  }
}

TEST_CASE("AlexNet on the TK1's GPU over Wi-Fi is best cut after pool5, for latency and energy") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  for (const Objective& objective : {latency_objective(), energy_objective()}) {
    const auto cut = best_cuts(one, one.by_truth(), objective).choose(one.uplink);
    CHECK(cut_name(one, cut) == "pool5");
  }
}

TEST_CASE("speech and language models have their best cut at an end") {
  for (const char* model : {"asr", "pos", "ner", "chk"}) {
    for (const char* device : {"jetson-tk1-cpu", "jetson-tk1-gpu"}) {
      for (const char* network : {"wifi-2015", "lte-2015", "3g-2015"}) {
        CAPTURE(model);
        CAPTURE(device);
        CAPTURE(network);
        const Setting one = setting(model, device, network);
        const auto cut = best_cuts(one, one.by_truth(), latency_objective()).choose(one.uplink);
        CHECK((cut == 0 || cut == one.dnn->layers().size()));
      }
    }
  }
}

TEST_CASE(
    "the intervals of a sweep cover it without gaps, and inside each its cut is the cheapest") {
  const Setting one = setting("imc", "jetson-tk1-cpu", "lte");
  const base::DataRate from = base::megabits_per_s(0.1);
  const base::DataRate to = base::megabits_per_s(100);
  for (const Objective& objective :
       {latency_objective(), energy_objective(), Objective{"weighted", 1, 0.5}}) {
    const auto list = best_between(best_cuts(one, one.by_truth(), objective), from, to);
    REQUIRE(list.size() >= 2);
    CHECK(list.front().from == from);
    CHECK(list.back().to == to);
    for (std::size_t i = 0; i < list.size(); ++i) {
      CHECK((i == 0 || list[i].from == list[i - 1].to));
      const base::DataRate middle = base::bits_per_s(
          std::sqrt(base::in_bits_per_s(list[i].from) * base::in_bits_per_s(list[i].to)));
      const std::vector<CutRow> rows = cut_rows(one.by_truth(), middle);
      const auto cheaper = [&](const CutRow& a, const CutRow& b) {
        return objective.value(a) < objective.value(b);
      };
      CHECK(objective.value(rows[list[i].cut]) ==
            doctest::Approx(objective.value(*std::min_element(rows.begin(), rows.end(), cheaper)))
                .epsilon(1e-12));
    }
  }
}

TEST_CASE("a range inside one interval has one best cut") {
  const auto choices = policies::ChoiceTable::always(3);
  const auto list = best_between(choices, base::bits_per_s(10), base::bits_per_s(20));
  REQUIRE(list.size() == 1);
  CHECK(list[0].cut == 3);
  CHECK(list[0].from == base::bits_per_s(10));
  CHECK(list[0].to == base::bits_per_s(20));
}

TEST_CASE("a sweep is read with its scale and count, and ends where it says") {
  const Sweep sweep = read_sweep("0.5:100:log:4", "--b");
  CHECK(sweep.is_logarithmic);
  const auto rates = rates_of(sweep);
  REQUIRE(rates.size() == 4);
  const double factor = std::cbrt(100 / 0.5);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    CHECK(base::in_megabits_per_s(rates[i]) ==
          doctest::Approx(0.5 * std::pow(factor, static_cast<double>(i))));
  }
  CHECK(rates.back() == base::megabits_per_s(100));
  const auto even = rates_of(read_sweep("1:3:linear:3", "--b"));
  CHECK(base::in_megabits_per_s(even[1]) == doctest::Approx(2));
}

TEST_CASE("a sweep or a rate that makes no sense is refused with what is allowed") {
  for (const char* text : {"1:", ":", "1:2:cubic", "2:1", "1:1", "0:1", "-1:2", "nan:2", "1:inf",
                           "1:2:log:1", "1:2:log:2.5", "1:2:log:3:4", "1:2:log:1e9"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read_sweep(text, "--b"), base::ConfigError);
  }
  for (const char* text : {"", "0", "-3", "nan", "inf", "1e8", "3 Mbit/s"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read_rate(text, "--b"), base::ConfigError);
  }
}

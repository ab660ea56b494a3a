// Many settings side by side: counts and geometric means.
#include "planning/configurations.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::planning;
using testing::request;
using testing::setting;

TEST_CASE("by the truth every choice is optimal and all of the possible gain is reached") {
  const Setting a = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  const Setting b = setting("vgg", "jetson-tk1-gpu", "3g-2015");
  const std::vector<ConfigurationRow> rows = {compare(a, latency_objective()),
                                              compare(b, latency_objective())};
  const ConfigurationSummary summary = summarise(rows);
  CHECK(summary.settings == 2);
  CHECK(summary.optimal_choices == 2);
  CHECK(summary.share_of_possible() == doctest::Approx(1));
  CHECK(summary.gain_mean == doctest::Approx(std::sqrt(rows[0].gain() * rows[1].gain())));
  CHECK(summary.gain_max == std::max(rows[0].gain(), rows[1].gain()));
}

TEST_CASE("a wrong choice counts as one and costs its share") {
  // Made up: the choice takes twice the optimum.
  const Setting any = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  const ConfigurationRow wrong{&any, 1, 2, 8.0, 9.0, 4.0, 2.0};
  const ConfigurationRow right{&any, 2, 2, 8.0, 9.0, 2.0, 2.0};
  const ConfigurationSummary summary = summarise({wrong, right});
  CHECK(summary.optimal_choices == 1);
  CHECK(summary.gain_possible_mean == doctest::Approx(8.0 / 2.0));
  CHECK(summary.share_of_possible() == doctest::Approx(std::sqrt(2.0 / 4.0)));
  CHECK(configurations_text({wrong, right}, latency_objective()).find("1 of 2 choices") !=
        std::string::npos);
}

TEST_CASE("a prediction is judged by true costs") {
  Request guessed = request("asr", "jetson-tk1-gpu", "wifi-2015");
  guessed.predictor = "forms";
  const Setting one = make_setting(guessed);
  const ConfigurationRow row = compare(one, latency_objective());
  const std::vector<CutRow> truth = cut_rows(one.by_truth(), one.uplink);
  CHECK(row.by_choice == base::in_seconds(truth[row.chosen].latency));
  CHECK(row.by_optimum == base::in_seconds(truth[row.optimal].latency));
  CHECK(row.by_choice >= row.by_optimum);
}

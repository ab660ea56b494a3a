// Many settings side by side: counts and geometric means.
#include "planning/configurations.hpp"

#include <cmath>
#include <memory>
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

namespace {

// 8 DNNs x 3 networks x 2 processors of the device, with a K40 in the cloud.
ConfigurationSummary study(const std::string& predictor, std::string& misses) {
  std::vector<std::unique_ptr<Setting>> settings;
  std::vector<ConfigurationRow> rows;
  for (const char* model : {"imc", "vgg", "face", "dig", "asr", "pos", "ner", "chk"}) {
    for (const char* network : {"wifi-2015", "lte-2015", "3g-2015"}) {
      for (const char* device : {"jetson-tk1-cpu", "jetson-tk1-gpu"}) {
        Request one = request(model, device, network);
        one.predictor = predictor;
        settings.push_back(std::make_unique<Setting>(make_setting(one)));
        rows.push_back(compare(*settings.back(), latency_objective()));
        const ConfigurationRow& row = rows.back();
        if (!row.is_optimal()) {
          misses += std::string(model) + " " + device + " " + network + ": after " +
                    cut_name(*row.setting, row.chosen) + " for " +
                    cut_name(*row.setting, row.optimal) + ", slower by " +
                    std::to_string(100 * (row.by_choice / row.by_optimum - 1)) + " %\n";
        }
      }
    }
  }
  return summarise(rows);
}

}  // namespace

TEST_CASE("fitted predictors choose 46 of 48 optimal cuts and reach 99.5 % of the gain") {
  std::string misses;
  const ConfigurationSummary fitted = study("fitted", misses);
  MESSAGE("fitted: ", fitted.optimal_choices, " of ", fitted.settings, ", ",
          100 * fitted.share_of_possible(), " %\n", misses);
  CHECK(fitted.settings == 48);
  CHECK(fitted.optimal_choices >= 46);
  CHECK(fitted.share_of_possible() >= 0.995);
}

TEST_CASE("the study's regressions choose worse cuts than the fitted predictors") {
  std::string misses;
  const ConfigurationSummary published = study("published", misses);
  MESSAGE("published: ", published.optimal_choices, " of ", published.settings, ", ",
          100 * published.share_of_possible(), " %\n", misses);
  CHECK(published.share_of_possible() <= study("fitted", misses).share_of_possible());
  CHECK(published.share_of_possible() > 0.5);
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

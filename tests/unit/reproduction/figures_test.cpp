// The figures that need no simulation, against what the hardware's figures imply by hand.
#include "reproduction/figures.hpp"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "reproduction/page.hpp"
#include "reproduction/study_rows.hpp"

using namespace edgecut;
using namespace edgecut::reproduction;

namespace {

Figure figure(const std::string& id, const Study& study) {
  for (const FigureEntry& entry : figure_entries()) {
    if (entry.id == id) {
      return make_figure(entry, study, {});
    }
  }
  FAIL("no figure " << id);
  return {};
}

const Comparison& comparison(const Figure& made, const std::string& what) {
  for (const Comparison& one : made.comparisons) {
    if (one.what.find(what) != std::string::npos) {
      return one;
    }
  }
  FAIL("no comparison of " << what);
  return made.comparisons.front();
}

}  // namespace

TEST_CASE("the deviation is simulated over published, less one") {
  const Comparison half{"x", "s", 1.0, std::nullopt, 2.0};
  CHECK(*half.deviation() == doctest::Approx(-0.5));
  CHECK_FALSE(Comparison{"x", "s", 1.0, std::nullopt, std::nullopt}.deviation().has_value());
  CHECK_FALSE(Comparison{"x", "s", 1.0, std::nullopt, 0.0}.deviation().has_value());
}

TEST_CASE("AlexNet's image takes its bytes over the rate") {
  const Study study = read_study(shipped_study());
  const Figure made = figure("fig3", study);
  const planning::Setting wifi = study_setting(study, "imc", study.devices[0], "wifi-2015");
  CHECK(comparison(made, "over wifi").simulated ==
        doctest::Approx(base::in_bits(wifi.dnn->input_size()) /
                        base::in_bits_per_s(*wifi.network.uplink)));
}

TEST_CASE("AlexNet is best cut after pool5, and that saves energy against cloud-only") {
  const Figure made = figure("fig6", read_study(shipped_study()));
  CHECK(made.remarks.front().find("Best for latency: after pool5; best for energy: after pool5") !=
        std::string::npos);
  const double saving = comparison(made, "energy saved").simulated;
  CHECK(saving > 0);
  CHECK(saving < 1);
}

TEST_CASE("by the true costs every cut of the 48 is optimal") {
  Study study = read_study(shipped_study());
  study.predictor = "truth";
  const Figure made = figure("fig11", study);
  CHECK(comparison(made, "optimal cuts").simulated == 48);
  CHECK(comparison(made, "share of the possible").simulated == doctest::Approx(1));
}

TEST_CASE("an assumption that makes cloud-only dearer raises the gain") {
  const Study study = read_study(shipped_study());
  Variant larger;
  larger.input_size_factor = 4;
  const auto gain = [&](const Variant& variant) {
    const auto settings = study_settings(study, "truth", variant);
    return planning::summarise(compare_all(settings, planning::latency_objective())).gain_mean;
  };
  CHECK(gain(larger) > gain({}));
}

TEST_CASE("no choice that knows each layer is worse than one decision a layer type") {
  Study study = read_study(shipped_study());
  study.predictor = "truth";
  const Figure made = figure("fig13", study);
  CHECK(comparison(made, "geometric mean").simulated >= 1);
}

TEST_CASE("the page has every figure, its numbers and its files") {
  const Study study = read_study(shipped_study());
  const std::vector<Figure> figures = {figure("fig3", study), figure("fig5", study)};
  const std::string text = page(study, figures, true);
  CHECK(text.find("## fig3: ") != std::string::npos);
  CHECK(text.find("](fig5.csv)") != std::string::npos);
  CHECK(text.find("](fig5.svg)") != std::string::npos);
  CHECK(page(study, figures, false).find(".svg") == std::string::npos);
  CHECK(comparisons_csv(figures).starts_with("figure,what,unit,simulated,"));
}

TEST_CASE("over an LTE uplink that varies, the cut moves and the mean latency falls") {
  const Figure made = lte_variation(read_study(shipped_study()), {});
  CHECK(comparison(made, "changes of the cut in the run").simulated > 10);
  CHECK(comparison(made, "Neurosurgeon: mean latency").simulated <
        0.8 * comparison(made, "cloud-only: mean latency").simulated);
  CHECK(comparison(made, "queries slower than with cloud-only").simulated < 0.1);
}

TEST_CASE("under server load the load-aware policy is never slower than the device alone") {
  const Study study = read_study(shipped_study());
  const Figure made = server_load(study, {});
  const auto device = study_setting(study, "imc", "jetson-tk1-cpu", "wifi-2015");
  const double alone_s =
      base::in_seconds(device.truth.cuts[device.truth.device_only()].device_time);
  CHECK(comparison(made, "load-aware Neurosurgeon: longest latency").simulated <=
        doctest::Approx(alone_s).epsilon(1e-9));
  CHECK(comparison(made, "cloud-only under the heaviest load of the scenario").simulated >
        2 * alone_s);
}

TEST_CASE("beyond the study: smaller tensors never cost, recordings are left out and told") {
  Study study = read_study(shipped_study());
  study.models = {"imc"};
  study.beyond.models = {"inception-v1"};
  const Figure made = beyond(study, {});
  const double fp32 = comparison(made, "Neurosurgeon over cloud-only, as the study").simulated;
  const double fp16 = comparison(made, "Neurosurgeon over cloud-only, tensors as fp16").simulated;
  const double int8 = comparison(made, "Neurosurgeon over cloud-only, tensors as int8").simulated;
  CHECK(fp32 > 1);
  CHECK(fp16 >= fp32 * (1 - 1e-9));
  CHECK(int8 >= fp16 * (1 - 1e-9));
  CHECK(made.remarks.front().find("recorded rates") != std::string::npos);
}

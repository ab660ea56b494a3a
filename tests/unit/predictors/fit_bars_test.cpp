// Held-out errors on real measurements, against what was reached before (docs/validation.md).
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "predictors/fit_predictor.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using workloads::LayerType;

namespace {

std::optional<Profile> shared_profile(const std::string& name, const std::string& device) {
  const auto path = std::filesystem::path(EDGECUT_SHARED_DIR) / name;
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: no " << path.string());
    return std::nullopt;
  }
  return load_profile({path}, {.device = device});
}

double median_error(const PredictorData& data, LayerType type) {
  for (const TypePredictor& predictor : data.types) {
    if (predictor.type == type) {
      REQUIRE(predictor.score() != nullptr);
      return predictor.score()->median;
    }
  }
  FAIL("not fitted");
  return 1;
}

std::vector<double> values_of(const std::vector<Sample>& samples) {
  std::vector<double> values;
  for (const Sample& sample : samples) {
    values.push_back(sample.value);
  }
  return values;
}

std::vector<double> predictions(const Regression& regression, const std::vector<Sample>& samples) {
  std::vector<double> values;
  for (const Sample& sample : samples) {
    values.push_back(predict(regression, sample.facts));
  }
  return values;
}

}  // namespace

TEST_CASE("layers of the study held out are predicted within the bars of each type") {
  struct Bar {
    const char* device;
    double convolution;
  };
  for (const Bar& bar : {Bar{"tk1_gpu", 0.11}, Bar{"k40_gpu", 0.25}}) {
    auto profile = shared_profile("calibration/layer-sweeps.csv", bar.device);
    if (!profile) {
      return;
    }
    profile->input_is_copied = true;
    const PredictorData data = fit_predictor(*profile, bar.device, {});
    INFO(std::string(bar.device));
    CHECK(data.not_fitted.empty());
    CHECK(median_error(data, LayerType::kFullyConnected) <= 0.04);
    CHECK(median_error(data, LayerType::kLocal) <= 0.13);
    CHECK(median_error(data, LayerType::kPooling) <= 0.14);
    CHECK(median_error(data, LayerType::kConvolution) <= bar.convolution);
  }
}

TEST_CASE("convolutions of another device held out are predicted better than by a forest") {
  const auto profile = shared_profile("profiles/measured-edge/conv_lat.csv", "");
  if (!profile) {
    return;
  }
  constexpr double kTrainingShare = 0.8;
  constexpr double kForestMedian = 0.16;
  constexpr double kForestWithin20 = 0.57;
  constexpr double kSecondsMax = 10;
  base::RandomStream random(base::RandomSource(20151120, 0), base::Purpose::kTest, 0);
  std::vector<Sample> training;
  std::vector<Sample> held_out;
  for (const ProfileRow& row : profile->rows) {
    auto& part = random.uniform() < kTrainingShare ? training : held_out;
    part.push_back({row.facts, row.time_s});
  }
  CHECK(profile->rows.size() == 12051);
  const std::clock_t start = std::clock();  // of this process: others may keep the machine busy
  const auto fitted = fit_type(LayerType::kConvolution, training, {}, false, {});
  const double taken_s = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  REQUIRE(fitted);
  const FormScore best =
      score(fitted->time.form, predictions(fitted->time, held_out), values_of(held_out));
  const auto published =
      fit_regression(Form::kPublished, LayerType::kConvolution, Target::kTime, training, {});
  REQUIRE(published);
  const FormScore study =
      score(Form::kPublished, predictions(*published, held_out), values_of(held_out));
  MESSAGE("median " << best.median << ", within 20 % " << best.within_20 << ", published "
                    << study.median << ", " << study.within_20 << "; fit " << taken_s << " s");
  CHECK(best.median <= kForestMedian);
  CHECK(best.within_20 >= kForestWithin20);
  CHECK(study.median > best.median);
  if (EDGECUT_SANITIZED == 0) {
    CHECK(taken_s < kSecondsMax);
  }
}

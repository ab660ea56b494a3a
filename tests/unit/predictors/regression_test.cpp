// Forms on made-up layers whose law is known.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "predictors/cross_validation.hpp"
#include "predictors/fit_predictor.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using workloads::LayerType;

namespace {

constexpr double kOverheadS = 1e-4;
constexpr double kFlopPerS = 1e10;

Facts square_convolution(double channels, double filters, double side) {
  workloads::Layer layer;
  layer.type = LayerType::kConvolution;
  layer.parameters.outputs = static_cast<std::int64_t>(filters);
  layer.parameters.kernel_height = layer.parameters.kernel_width = 3;
  layer.input.channels = static_cast<std::int64_t>(channels);
  layer.input.height = layer.input.width = static_cast<std::int64_t>(side) + 2;
  layer.output = {.channels = layer.parameters.outputs,
                  .height = static_cast<std::int64_t>(side),
                  .width = static_cast<std::int64_t>(side)};
  layer.input_elements = layer.input.elements();
  layer.weights = static_cast<std::int64_t>(9 * channels * filters);
  layer.work = base::flop(2 * 9 * channels * filters * side * side);
  return layer_facts(layer);
}

double work(const Facts& facts) { return facts.at(static_cast<std::size_t>(Fact::kWork)); }

template <class Law>
std::vector<Sample> samples(Law law) {
  std::vector<Sample> result;
  for (const double channels : {3, 16, 64, 200}) {
    for (const double filters : {8, 32, 100}) {
      for (const double side : {7, 13, 28, 56}) {
        const Facts facts = square_convolution(channels, filters, side);
        result.push_back({facts, law(facts)});
      }
    }
  }
  return result;
}

double overhead_and_speed(const Facts& facts) { return kOverheadS + work(facts) / kFlopPerS; }

}  // namespace

TEST_CASE(
    "a roofline finds overhead and speed of layers that follow it, and predicts beyond them") {
  const auto data = samples(overhead_and_speed);
  const auto regression =
      fit_regression(Form::kRoofline, LayerType::kConvolution, Target::kTime, data, {});
  REQUIRE(regression);
  CHECK(regression->base[0] == doctest::Approx(kOverheadS).epsilon(1e-6));
  CHECK(regression->base[1] == doctest::Approx(1 / kFlopPerS).epsilon(1e-6));
  const Facts beyond = square_convolution(512, 512, 112);
  CHECK(predict(*regression, beyond) == doctest::Approx(overhead_and_speed(beyond)).epsilon(1e-5));
}

TEST_CASE("the plainest form is chosen where all are right") {
  const auto fitted = fit_type(LayerType::kConvolution, samples(overhead_and_speed), {}, false, {});
  REQUIRE(fitted);
  CHECK(fitted->time.form == Form::kRoofline);
  REQUIRE(fitted->score() != nullptr);
  CHECK(fitted->score()->median < 1e-6);
  CHECK(fitted->score()->within_10 == 1);
  CHECK(fitted->score()->r2 == doctest::Approx(1));
}

TEST_CASE("the published form finds its own law") {
  constexpr double kSlope = 2e8;
  constexpr double kLevel = 1e9;
  const auto data = samples([](const Facts& facts) {
    return work(facts) / (kLevel + kSlope * log_fact(facts, Fact::kInput));
  });
  const auto score =
      cross_validate(Form::kPublished, LayerType::kConvolution, Target::kTime, data, {}, {});
  REQUIRE(score);
  CHECK(score->p90 < 1e-6);
}

TEST_CASE("kriging follows a bend of the throughput that no formula has") {
  const auto data = samples([](const Facts& facts) {
    return overhead_and_speed(facts) * std::exp(0.5 * std::sin(log_fact(facts, Fact::kOutputs)));
  });
  const auto plain =
      cross_validate(Form::kRoofline, LayerType::kConvolution, Target::kTime, data, {}, {});
  const auto kriged =
      cross_validate(Form::kKrigedRoofline, LayerType::kConvolution, Target::kTime, data, {}, {});
  REQUIRE(plain);
  REQUIRE(kriged);
  CHECK(kriged->median < 0.5 * plain->median);
}

TEST_CASE("the copy of the input is told from the work and left out inside a network") {
  constexpr double kCopySPerByte = 1e-9;
  const auto copied = [](const Facts& facts) {
    return 4 * facts.at(static_cast<std::size_t>(Fact::kInput)) * kCopySPerByte;
  };
  const auto data =
      samples([&](const Facts& facts) { return overhead_and_speed(facts) + copied(facts); });
  const auto fitted = fit_type(LayerType::kConvolution, data, {}, true, {});
  REQUIRE(fitted);
  for (const Sample& sample : data) {
    CHECK(seconds_alone(*fitted, sample.facts) == doctest::Approx(sample.value).epsilon(1e-4));
    CHECK(seconds_inside(*fitted, sample.facts) ==
          doctest::Approx(sample.value - copied(sample.facts)).epsilon(1e-4));
  }
}

TEST_CASE("boosted trees follow steps, and outliers do not move them") {
  constexpr int kSamples = 1000;
  constexpr double kStep = 1;
  base::RandomStream random(base::RandomSource(7, 0), base::Purpose::kTest, 0);
  Eigen::MatrixXd columns(kSamples, 2);
  Eigen::VectorXd values(kSamples);
  for (Eigen::Index i = 0; i < kSamples; ++i) {
    columns(i, 0) = random.uniform();
    columns(i, 1) = random.uniform();
    values(i) = (columns(i, 0) > 0.5 ? kStep : 0) + (i % 100 == 0 ? 50 : 0);
  }
  const BoostedTrees trees = fit_trees(columns, values);
  Eigen::VectorXd point(2);
  point << 0.25, 0.5;
  CHECK(std::abs(sum_trees(trees, point)) < 0.1 * kStep);
  point << 0.75, 0.5;
  CHECK(std::abs(sum_trees(trees, point) - kStep) < 0.1 * kStep);
}

TEST_CASE("equal layers are held out together: a repeated shape does not predict itself") {
  std::vector<Sample> twice = samples(overhead_and_speed);
  const std::vector<Sample> once = twice;
  twice.insert(twice.end(), once.begin(), once.end());
  // Noise by shape: whoever saw the twin would predict it exactly.
  for (std::size_t i = 0; i < twice.size(); ++i) {
    twice[i].value *= (i % once.size()) % 2 == 0 ? 0.5 : 2;
  }
  const auto score =
      cross_validate(Form::kKrigedRoofline, LayerType::kConvolution, Target::kTime, twice, {}, {});
  REQUIRE(score);
  CHECK(score->median > 0.2);
}

TEST_CASE("the same samples and seed give the same predictor, bytes and all") {
  Profile profile;
  for (const Sample& sample : samples(overhead_and_speed)) {
    profile.rows.push_back({LayerType::kConvolution, sample.facts, sample.value, 5.0});
  }
  const std::string first = predictor_json(fit_predictor(profile, "mine", {}));
  CHECK(first == predictor_json(fit_predictor(profile, "mine", {})));
}

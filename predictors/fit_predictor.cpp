#include "predictors/fit_predictor.hpp"

#include <array>
#include <utility>

namespace edgecut::predictors {
namespace {

using workloads::LayerType;

// From simple to elaborate: a later form must be better by this share to be taken.
constexpr double kGainMin = 0.01;
constexpr std::array kTimeForms = {Form::kRoofline,    Form::kLogLinear,      Form::kPublished,
                                   Form::kKrigedTrend, Form::kKrigedRoofline, Form::kBoosted};
constexpr std::array kPowerForms = {Form::kConstant, Form::kLogLinear, Form::kPublished,
                                    Form::kKrigedTrend, Form::kBoosted};

void thin(std::vector<Sample>& samples) {
  if (samples.size() <= kSamplesMax) {
    return;
  }
  std::vector<Sample> kept;
  for (std::size_t i = 0; i < kSamplesMax; ++i) {
    kept.push_back(samples[i * samples.size() / kSamplesMax]);
  }
  samples = std::move(kept);
}

struct Chosen {
  std::optional<Regression> regression;
  std::vector<FormScore> tried;
};

// The best of `forms` on held-out layers; `fallback` when too few samples allow any test.
Chosen choose(std::span<const Form> forms, Form fallback, LayerType type, Target target,
              const std::vector<Sample>& samples, bool input_is_copied, const FitOptions& options) {
  const FormNeeds needs{.input_is_copied = input_is_copied, .seed = options.folds.seed};
  Chosen chosen;
  if (samples.empty()) {
    return chosen;
  }
  Form best = fallback;
  double least = -1;
  for (const Form form : forms) {
    const auto score = cross_validate(form, type, target, samples, needs, options.folds);
    if (!score) {
      continue;
    }
    chosen.tried.push_back(*score);
    if (least < 0 || score->median < (1 - kGainMin) * least) {
      best = form;
      least = score->median;
    }
  }
  chosen.regression = fit_regression(best, type, target, samples, needs);
  return chosen;
}

}  // namespace

std::optional<TypePredictor> fit_type(LayerType type, std::vector<Sample> times,
                                      std::vector<Sample> powers, bool input_is_copied,
                                      const FitOptions& options) {
  static constexpr std::array kPublishedForm = {Form::kPublished};
  const bool published = options.forms == FormChoice::kPublished;
  TypePredictor predictor;
  predictor.type = type;
  predictor.samples = times.size();
  thin(times);
  thin(powers);
  const std::span<const Form> time_forms =
      published ? std::span<const Form>(kPublishedForm) : std::span<const Form>(kTimeForms);
  // Two layers are the least that tell an overhead from a rate; one stands for itself.
  const Form plain = times.size() < 2 ? Form::kConstant : Form::kRoofline;
  Chosen time = choose(time_forms, published ? Form::kPublished : plain, type, Target::kTime, times,
                       input_is_copied, options);
  if (!time.regression) {
    return std::nullopt;
  }
  predictor.time = std::move(*time.regression);
  predictor.tried = std::move(time.tried);
  const std::span<const Form> power_forms =
      published ? std::span<const Form>(kPublishedForm) : std::span<const Form>(kPowerForms);
  Chosen power = choose(power_forms, Form::kConstant, type, Target::kPower, powers, false, options);
  predictor.power = std::move(power.regression);
  predictor.tried_power = std::move(power.tried);
  if (input_is_copied) {
    predictor.copy =
        fit_regression(Form::kRoofline, type, Target::kTime, times, {.input_is_copied = true});
  }
  return predictor;
}

double memory_s_per_byte(std::span<const Sample> fully_connected, bool input_is_copied) {
  const auto roofline = fit_regression(Form::kRoofline, LayerType::kFullyConnected, Target::kTime,
                                       fully_connected, {.input_is_copied = input_is_copied});
  if (!roofline) {
    return 0;
  }
  const double weights = roofline->base[static_cast<std::size_t>(Amount::kWeights)];
  const double work = roofline->base[static_cast<std::size_t>(Amount::kWork)];
  // Samples of one row each do not tell the two apart: half a flop a byte of weights.
  return weights > 0 ? weights : work / 2;
}

PredictorData fit_predictor(const Profile& profile, const std::string& device,
                            const FitOptions& options) {
  std::array<std::vector<Sample>, kLayerTypes> times;
  std::array<std::vector<Sample>, kLayerTypes> powers;
  for (const ProfileRow& row : profile.rows) {
    const auto type = static_cast<std::size_t>(row.type);
    times.at(type).push_back({row.facts, row.time_s});
    if (row.power_w) {
      powers.at(type).push_back({row.facts, *row.power_w});
    }
  }
  PredictorData data;
  data.device = device;
  data.folds = options.folds.folds;
  data.seed = options.folds.seed;
  const double memory = memory_s_per_byte(
      times.at(static_cast<std::size_t>(LayerType::kFullyConnected)), profile.input_is_copied);
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    const auto type = static_cast<LayerType>(t);
    // Caffe's argmax runs on the host: fetching its input is part of its cost.
    const bool copied = profile.input_is_copied && type != LayerType::kArgmax;
    const std::size_t count = times.at(t).size();
    if (count == 0) {
      continue;
    }
    auto predictor = fit_type(type, times.at(t), powers.at(t), copied, options);
    if (predictor) {
      predictor->s_per_tensor_byte = copied ? memory : 0;
      data.types.push_back(std::move(*predictor));
    } else {
      data.not_fitted.push_back(
          {type, count, "the published form predicts flop/s, and these layers have no work"});
    }
  }
  return data;
}

}  // namespace edgecut::predictors

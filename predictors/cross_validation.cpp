#include "predictors/cross_validation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/errors.hpp"
#include "base/random.hpp"

namespace edgecut::predictors {
namespace {

constexpr std::size_t kLeaveOneOutMax = 20;

// The fold of each sample, and how many folds there are.
struct Folds {
  std::vector<std::size_t> of_sample;
  std::size_t count = 0;
};

Folds deal(std::span<const Sample> samples, workloads::LayerType type, const FoldOptions& options) {
  std::map<Facts, std::size_t> groups;
  std::vector<std::size_t> group_of;
  for (const Sample& sample : samples) {
    group_of.push_back(groups.emplace(sample.facts, groups.size()).first->second);
  }
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  base::RandomStream random(base::RandomSource(options.seed, 0), base::Purpose::kFit,
                            1 + static_cast<std::uint32_t>(type));
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.below(i)]);
  }
  Folds folds;
  folds.count = order.size() <= kLeaveOneOutMax
                    ? order.size()
                    : std::min<std::size_t>(order.size(), static_cast<std::size_t>(options.folds));
  for (const std::size_t group : group_of) {
    folds.of_sample.push_back(order[group] % folds.count);
  }
  return folds;
}

double quantile(const std::vector<double>& sorted, std::size_t numerator, std::size_t denominator) {
  return sorted[(sorted.size() - 1) * numerator / denominator];
}

double share_within(const std::vector<double>& sorted, double limit) {
  const auto end = std::upper_bound(sorted.begin(), sorted.end(), limit);
  return static_cast<double>(end - sorted.begin()) / static_cast<double>(sorted.size());
}

}  // namespace

FormScore score(Form form, std::span<const double> predicted, std::span<const double> measured) {
  EC_CHECK(predicted.size() == measured.size() && !measured.empty(), "a prediction a measurement");
  std::vector<double> errors;
  double mean = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    errors.push_back(std::abs(predicted[i] / measured[i] - 1));
    mean += measured[i] / static_cast<double>(measured.size());
  }
  std::sort(errors.begin(), errors.end());
  double residual = 0;
  double total = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    residual += (predicted[i] - measured[i]) * (predicted[i] - measured[i]);
    total += (measured[i] - mean) * (measured[i] - mean);
  }
  return {.form = form,
          .layers = errors.size(),
          .median = quantile(errors, 1, 2),
          .p90 = quantile(errors, 9, 10),
          .within_10 = share_within(errors, 0.1),
          .within_20 = share_within(errors, 0.2),
          .r2 = total > 0 ? 1 - residual / total : 0};
}

std::optional<FormScore> cross_validate(Form form, workloads::LayerType type, Target target,
                                        std::span<const Sample> samples, const FormNeeds& needs,
                                        const FoldOptions& options) {
  const Folds folds = deal(samples, type, options);
  std::vector<double> predicted(samples.size());
  std::vector<double> measured(samples.size());
  for (std::size_t fold = 0; fold < folds.count; ++fold) {
    std::vector<Sample> training;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (folds.of_sample[i] != fold) {
        training.push_back(samples[i]);
      }
    }
    const std::optional<Regression> regression =
        training.empty() ? std::nullopt : fit_regression(form, type, target, training, needs);
    if (!regression) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (folds.of_sample[i] == fold) {
        predicted[i] = predict(*regression, samples[i].facts);
        measured[i] = samples[i].value;
      }
    }
  }
  return score(form, predicted, measured);
}

}  // namespace edgecut::predictors

#include "predictors/regression.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/QR>

#include "base/stable_math.hpp"
#include "predictors/relative_fit.hpp"

namespace edgecut::predictors {
namespace {

using workloads::LayerType;
using Samples = std::span<const Sample>;

constexpr std::size_t kKrigedSamplesMin = 8;
constexpr std::size_t kBoostedSamplesMin = 200;
constexpr double kExponentMax = 30;  // of a log-space formula: 1e13 seconds, and still finite

Eigen::Index rows(Samples samples) { return static_cast<Eigen::Index>(samples.size()); }

const Sample& at(Samples samples, Eigen::Index i) { return samples[static_cast<std::size_t>(i)]; }

double fact(const Facts& facts, Fact which) { return facts.at(static_cast<std::size_t>(which)); }

bool is_logarithmic(LayerType type) {
  return type == LayerType::kConvolution || type == LayerType::kLocal ||
         type == LayerType::kPooling || type == LayerType::kFullyConnected ||
         type == LayerType::kArgmax;
}

// 1 and the published form's features of a layer.
std::vector<double> published_features(LayerType type, const Facts& facts) {
  if (!is_logarithmic(type)) {
    return {1, fact(facts, Fact::kOutput)};
  }
  const double stride = fact(facts, Fact::kStride);
  const double second =
      type == LayerType::kConvolution
          ? fact(facts, Fact::kKernel) / (stride * stride) * fact(facts, Fact::kOutputs)
          : fact(facts, Fact::kOutput);
  return {1, log_fact(facts, Fact::kInput), base::stable_log(second)};
}

std::vector<double> log_features(const std::vector<Fact>& columns, const Facts& facts) {
  std::vector<double> features = {1};
  for (const Fact column : columns) {
    features.push_back(log_fact(facts, column));
  }
  return features;
}

std::vector<double> roofline_features(const Facts& facts) {
  const Amounts amounts = amounts_of(facts);
  std::vector<double> features(amounts.begin(), amounts.end());
  features.push_back(4 * fact(facts, Fact::kInput));  // bytes of fp32 copied from the host
  return features;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum += a[i] * b[i];
  }
  return sum;
}

Eigen::VectorXd point(const Regression& regression, const Facts& facts) {
  Eigen::VectorXd result(static_cast<Eigen::Index>(regression.columns.size()));
  for (Eigen::Index j = 0; j < result.size(); ++j) {
    result(j) = log_fact(facts, regression.columns[static_cast<std::size_t>(j)]);
  }
  return result;
}

Eigen::MatrixXd points(const Regression& regression, Samples samples) {
  Eigen::MatrixXd result(rows(samples), static_cast<Eigen::Index>(regression.columns.size()));
  for (Eigen::Index i = 0; i < result.rows(); ++i) {
    result.row(i) = point(regression, at(samples, i).facts).transpose();
  }
  return result;
}

// What the base alone predicts.
double base_value(const Regression& r, const Facts& facts) {
  switch (r.form) {
    case Form::kConstant:
    case Form::kKrigedTrend:
      return r.base[0];
    case Form::kPublished: {
      const double value = std::max(r.floor, dot(r.base, published_features(r.type, facts)));
      return r.target == Target::kTime ? fact(facts, Fact::kWork) / value : value;
    }
    case Form::kLogLinear:
    case Form::kBoosted:
      return base::stable_exp(
          std::clamp(dot(r.base, log_features(r.columns, facts)), -kExponentMax, kExponentMax));
    case Form::kRoofline:
    case Form::kKrigedRoofline:
      return dot(r.base, roofline_features(facts));
  }
  return 0;
}

// The logarithm of measured over base: what a correction has to explain.
Eigen::VectorXd log_residuals(const Regression& regression, Samples samples) {
  Eigen::VectorXd result(rows(samples));
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    const Sample& sample = at(samples, i);
    result(i) = base::stable_log(sample.value) -
                base::stable_log(std::max(base_value(regression, sample.facts), 1e-12));
  }
  return result;
}

// Those of the facts that differ between samples.
std::vector<Fact> varying(std::vector<Fact> facts, Samples samples) {
  std::erase_if(facts, [&](Fact which) {
    return std::all_of(samples.begin(), samples.end(), [&](const Sample& sample) {
      return fact(sample.facts, which) == fact(samples[0].facts, which);
    });
  });
  return facts;
}

std::vector<Fact> all_facts() {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < kFacts; ++i) {
    facts.push_back(static_cast<Fact>(i));
  }
  return facts;
}

std::vector<Fact> columns_of(Form form) {
  using enum Fact;
  switch (form) {
    case Form::kLogLinear:
      return {kWork, kInput, kOutput, kWeights, kWindows};
    case Form::kKrigedTrend:
      return {kWork, kInput, kOutput, kDepth};
    case Form::kKrigedRoofline:
      return {kBatch, kChannels, kPixels, kOutputs, kKernel, kStride, kLocalSize, kGroups};
    case Form::kBoosted:
      return all_facts();
    default:
      return {};
  }
}

Eigen::VectorXd least_squares(const Eigen::MatrixXd& matrix, const Eigen::VectorXd& values) {
  // Collinear columns (work and weights of a fully connected layer) get the least coefficients.
  return matrix.completeOrthogonalDecomposition().solve(values);
}

using Features = std::vector<double> (*)(const Regression&, const Facts&);

Eigen::MatrixXd design(const Regression& r, Samples samples, Features features) {
  Eigen::MatrixXd matrix;
  for (Eigen::Index i = 0; i < rows(samples); ++i) {
    const std::vector<double> row = features(r, at(samples, i).facts);
    if (i == 0) {
      matrix.resize(rows(samples), static_cast<Eigen::Index>(row.size()));
    }
    matrix.row(i) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), matrix.cols());
  }
  return matrix;
}

bool fit_published(Samples samples, Regression& r) {
  const Eigen::MatrixXd matrix =
      design(r, samples, [](const Regression& regression, const Facts& facts) {
        return published_features(regression.type, facts);
      });
  Eigen::VectorXd targets(matrix.rows());
  for (Eigen::Index i = 0; i < targets.size(); ++i) {
    const Sample& sample = at(samples, i);
    const double work = fact(sample.facts, Fact::kWork);
    targets(i) = r.target == Target::kTime ? work / sample.value : sample.value;
  }
  r.floor = targets.minCoeff();
  r.base.assign(static_cast<std::size_t>(matrix.cols()), 0);
  r.base[0] = targets.mean();
  if (matrix.rows() > matrix.cols()) {
    const Eigen::VectorXd solution = least_squares(matrix, targets);
    r.base.assign(solution.begin(), solution.end());
  }
  return r.floor > 0;  // a type without work has no flop/s
}

bool fit_log_linear(Samples samples, Regression& r) {
  if (samples.size() < r.columns.size() + 3) {
    return false;
  }
  const Eigen::MatrixXd matrix =
      design(r, samples, [](const Regression& regression, const Facts& facts) {
        return log_features(regression.columns, facts);
      });
  Eigen::VectorXd logs(matrix.rows());
  for (Eigen::Index i = 0; i < logs.size(); ++i) {
    logs(i) = base::stable_log(at(samples, i).value);
  }
  const Eigen::VectorXd solution = least_squares(matrix, logs);
  r.base.assign(solution.begin(), solution.end());
  return true;
}

bool fit_roofline(Samples samples, bool with_copy, Regression& r) {
  Eigen::MatrixXd matrix = design(
      r, samples, [](const Regression&, const Facts& facts) { return roofline_features(facts); });
  // Of a copied tensor the copy hides how fast the kernel moves it: one column for both.
  matrix.col(with_copy ? static_cast<Eigen::Index>(Amount::kTensors) : matrix.cols() - 1).setZero();
  Eigen::VectorXd times(matrix.rows());
  for (Eigen::Index i = 0; i < times.size(); ++i) {
    times(i) = at(samples, i).value;
  }
  const Eigen::VectorXd solution = fit_relative(matrix, times);
  r.base.assign(solution.begin(), solution.end());
  return samples.size() >= 2;
}

// Constants in the middle of the samples: robust for a power, the mean logarithm under a trend.
bool fit_constant(Samples samples, Regression& r) {
  std::vector<double> values;
  double logs = 0;
  for (const Sample& sample : samples) {
    values.push_back(sample.value);
    logs += base::stable_log(sample.value);
  }
  std::sort(values.begin(), values.end());
  const double mean = base::stable_exp(logs / static_cast<double>(values.size()));
  r.base = {r.form == Form::kConstant ? values[(values.size() - 1) / 2] : mean};
  return true;
}

bool fit_base(Samples samples, const FormNeeds& needs, Regression& r) {
  switch (r.form) {
    case Form::kConstant:
    case Form::kKrigedTrend:
      return fit_constant(samples, r);
    case Form::kPublished:
      return fit_published(samples, r);
    case Form::kLogLinear:
    case Form::kBoosted:
      return fit_log_linear(samples, r);
    case Form::kRoofline:
    case Form::kKrigedRoofline:
      return r.target == Target::kTime && fit_roofline(samples, needs.input_is_copied, r);
  }
  return false;
}

}  // namespace

const std::vector<std::string>& form_names() {
  static const std::vector<std::string> names = {"constant", "published",    "log_linear",
                                                 "roofline", "kriged_trend", "kriged_roofline",
                                                 "boosted"};
  return names;
}

std::optional<Regression> fit_regression(Form form, LayerType type, Target target, Samples samples,
                                         const FormNeeds& needs) {
  const bool is_kriged = form == Form::kKrigedTrend || form == Form::kKrigedRoofline;
  const bool is_boosted = form == Form::kBoosted;
  const std::size_t least = is_kriged ? kKrigedSamplesMin : is_boosted ? kBoostedSamplesMin : 1;
  if (samples.size() < least || (is_kriged && rows(samples) > kKrigingSamplesMax)) {
    return std::nullopt;
  }
  Regression regression;
  regression.form = form;
  regression.type = type;
  regression.target = target;
  regression.columns = varying(columns_of(form), samples);
  if (((is_kriged || is_boosted) && regression.columns.empty()) ||
      !fit_base(samples, needs, regression)) {
    return std::nullopt;
  }
  if (is_kriged) {
    regression.kriging =
        fit_kriging(points(regression, samples), log_residuals(regression, samples),
                    form == Form::kKrigedTrend);
  } else if (is_boosted) {
    regression.trees = fit_trees(points(regression, samples), log_residuals(regression, samples),
                                 {.seed = needs.seed});
  }
  return regression;
}

std::size_t published_size(LayerType type) { return is_logarithmic(type) ? 3 : 2; }

double predict(const Regression& regression, const Facts& facts) {
  const double value = base_value(regression, facts);
  if (!regression.kriging && !regression.trees) {
    return value;
  }
  const Eigen::VectorXd where = point(regression, facts);
  const double correction =
      regression.kriging ? krige(*regression.kriging, where) : sum_trees(*regression.trees, where);
  return value * base::stable_exp(std::clamp(correction, -kExponentMax, kExponentMax));
}

double copy_share(const Regression& roofline, const Facts& facts) {
  const std::vector<double> features = roofline_features(facts);
  const double all = dot(roofline.base, features);
  return all > 0 ? roofline.base.back() * features.back() / all : 0;
}

}  // namespace edgecut::predictors

// One regression: the time (or power) of layers of one type as a function of their facts.
//
// form                what it predicts
// constant            the median of the samples
// published           time = work / (a ln x0 + c ln x1 + e) for convolution, local, pooling, fully
//                     connected and argmax; time = work / (a x0 + e) for the others. x0 is the
//                     input's size in elements (convolution: x1 = (kernel/stride)^2 x filters, else
//                     the output's size); linear: x0 is the number of neurons. Fitted to flop/s by
//                     least squares (no more samples than coefficients: their mean); never below
//                     the least flop/s seen (Kang et al., ASPLOS 2017,
//                     section 4). Power: the same expression is the power itself.
// log_linear          ln t = e + sum of a_i ln fact_i
// roofline            sum of amounts over speeds, no coefficient negative (layer_form.hpp), and, in
//                     profiles whose times hold it, the copy of the input from the host
// kriged_trend        the mean of ln t, corrected by kriging with a trend over ln of work, input,
//                     output and depth
// kriged_roofline     the roofline, times the exponential of a kriging over the shape
// boosted             log_linear, times the exponential of boosted trees over all facts
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "predictors/boosted_trees.hpp"
#include "predictors/kriging.hpp"
#include "predictors/layer_facts.hpp"

namespace edgecut::predictors {

enum class Form {
  kConstant,
  kPublished,
  kLogLinear,
  kRoofline,
  kKrigedTrend,
  kKrigedRoofline,
  kBoosted,
};
/// "constant", "published", ...
const std::vector<std::string>& form_names();

enum class Target { kTime, kPower };

/// A layer with what was measured of it; `value` in seconds or watts, above 0.
struct Sample {
  Facts facts{};
  double value = 0;
};

struct Regression {
  Form form = Form::kConstant;
  workloads::LayerType type = workloads::LayerType::kRelu;
  Target target = Target::kTime;
  std::vector<double> base;   // coefficients of the formula, in its order above; roofline: of the
                              // amounts, then of the copy
  double floor = 0;           // published: the least that was seen
  std::vector<Fact> columns;  // log_linear, kriged, boosted: the facts whose logarithms are used
  std::optional<Kriging> kriging;
  std::optional<BoostedTrees> trees;
};

/// What keeps a form from being fitted, besides too few samples.
struct FormNeeds {
  bool input_is_copied = false;  // the times hold the copy of the input from the host
  std::uint64_t seed = 1;        // of boosted trees
};

/// The regression, or nothing when the form does not apply to the type and target or there are too
/// few samples for it.
std::optional<Regression> fit_regression(Form form, workloads::LayerType type, Target target,
                                         std::span<const Sample> samples, const FormNeeds& needs);

/// Coefficients of the published form of a type.
std::size_t published_size(workloads::LayerType type);

/// Seconds or watts, above 0 unless a roofline is 0 for this layer.
double predict(const Regression& regression, const Facts& facts);

/// The share of a roofline's time that is the copy of the input from the host.
double copy_share(const Regression& roofline, const Facts& facts);

}  // namespace edgecut::predictors

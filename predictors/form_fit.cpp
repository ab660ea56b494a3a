#include "predictors/form_fit.hpp"

#include <algorithm>

#include "base/errors.hpp"
#include "predictors/relative_fit.hpp"
#include "predictors/stand_ins.hpp"

namespace edgecut::predictors {
namespace {

using workloads::LayerType;

constexpr std::size_t index(LayerType type) { return static_cast<std::size_t>(type); }
constexpr std::size_t index(Amount amount) { return static_cast<std::size_t>(amount); }

// Which amounts a type's time is explained by. Few samples allow few amounts; what the type does
// not do (weights of a pooling) is never among them.
struct TypeRule {
  LayerType type;
  std::vector<Amount> in_networks;
  std::vector<Amount> alone;
  // False for argmax, which Caffe computes on the host: fetching its input is part of its cost.
  bool copy_is_separate = true;
  // Types whose samples join in; their kernels do the same.
  std::vector<LayerType> shares = {};
};

const std::vector<TypeRule>& type_rules() {
  using enum Amount;
  static const std::vector<TypeRule> rules = {
      {LayerType::kFullyConnected, {kOverhead, kWork, kWeights}, {kOverhead, kWork, kWeights}},
      {LayerType::kConvolution, {kWork, kTensors, kWindows}, {kOverhead, kWork, kWindows, kDepth}},
      {LayerType::kLocal, {kOverhead, kWeights}, {kOverhead, kWeights, kDepth}},
      {LayerType::kPooling, {kOverhead, kTensors, kWindows}, {kOverhead, kWindows}},
      {LayerType::kLrn, {kWindows}, {kOverhead, kWindows}},
      // Inside networks, sigmoid and hard tanh have samples of one size only: a rate, no overhead.
      // Alone, one rectifier runs as long as any other elementwise kernel: the shared samples pin
      // the overhead, which larger tensors alone leave undetermined.
      {LayerType::kRelu, {kOverhead, kTensors}, {kOverhead}, true, {LayerType::kHardTanh}},
      {LayerType::kSigmoid, {kTensors}, {kOverhead}},
      {LayerType::kHardTanh, {kTensors}, {kOverhead}},
      {LayerType::kSoftmax, {kOverhead, kTensors}, {kOverhead}},
      {LayerType::kArgmax, {kOverhead, kTensors}, {kOverhead, kTensors}, false},
      {LayerType::kDropout, {kOverhead}, {kOverhead}},
  };
  return rules;
}

std::vector<FitSample> of_types(const std::vector<FitSample>& all,
                                const std::vector<LayerType>& types) {
  std::vector<FitSample> chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), [&](const FitSample& sample) {
    return std::find(types.begin(), types.end(), sample.layer->type) != types.end();
  });
  return chosen;
}

// Fits the amounts, and the copy of the input as a last column when `with_copy`.
LayerForm fit_form(const std::vector<FitSample>& samples, const std::vector<Amount>& amounts,
                   bool with_copy) {
  const auto rows = static_cast<Eigen::Index>(samples.size());
  const auto columns = static_cast<Eigen::Index>(amounts.size());
  Eigen::MatrixXd matrix(rows, columns + (with_copy ? 1 : 0));
  Eigen::VectorXd times(rows);
  for (Eigen::Index r = 0; r < rows; ++r) {
    const FitSample& sample = samples[static_cast<std::size_t>(r)];
    const Amounts all = layer_amounts(*sample.layer);
    for (Eigen::Index c = 0; c < columns; ++c) {
      matrix(r, c) = all.at(index(amounts[static_cast<std::size_t>(c)]));
    }
    if (with_copy) {
      matrix(r, columns) = input_bytes(*sample.layer);
    }
    times(r) = base::in_seconds(sample.time);
  }
  const Eigen::VectorXd coefficients = fit_relative(matrix, times);
  LayerForm form;
  for (Eigen::Index c = 0; c < columns; ++c) {
    form.coefficients.at(index(amounts[static_cast<std::size_t>(c)])) = coefficients(c);
  }
  form.errors = relative_errors(matrix * coefficients, times);
  return form;
}

std::string counted(std::size_t samples, const char* what) {
  return std::to_string(samples) + " " + what;
}

}  // namespace

FittedForms fit_forms(const FitSamples& samples, const std::string& where) {
  // Two points are the least that tell an overhead from a rate.
  constexpr std::size_t kSamplesMin = 2;
  FittedForms fitted;
  base::Problems problems;
  // Time a byte from memory, as fully connected layers read their weights (they come first).
  double memory_s_per_byte = 0;
  for (const TypeRule& rule : type_rules()) {
    LayerForm& form = fitted.forms.at(index(rule.type));
    const std::vector<FitSample> inside = of_types(samples.in_networks, {rule.type});
    std::vector<LayerType> types = rule.shares;
    types.push_back(rule.type);
    const std::vector<FitSample> alone = of_types(samples.alone, types);
    if (inside.size() >= kSamplesMin) {
      form = fit_form(inside, rule.in_networks, false);
      form.basis = counted(inside.size(), "layers measured inside networks");
    } else if (alone.size() >= kSamplesMin) {
      form = fit_form(alone, rule.alone, rule.copy_is_separate);
      form.basis = counted(alone.size(), "layers measured alone");
      fitted.is_from_alone.at(index(rule.type)) = true;
      if (rule.copy_is_separate) {
        // The copy hides how fast the kernel moves its tensors; they come from the same memory.
        form.coefficients.at(index(Amount::kTensors)) = memory_s_per_byte;
        form.basis += ", copy of the input left out, tensors at the rate of weights";
      }
    } else {
      problems.add(where, "too few measured layers of type " +
                              std::string(workloads::layer_type_name(rule.type)) + ": expected " +
                              std::to_string(kSamplesMin) + " or more");
    }
    if (rule.type == LayerType::kFullyConnected) {
      memory_s_per_byte = form.coefficients.at(index(Amount::kWeights));
    }
  }
  problems.throw_if_any();
  for (const StandIn& borrowed : stand_ins()) {
    if (index(borrowed.type) >= kLayerTypesInFiles) {
      continue;  // CalibratedModelData::imply_forms
    }
    LayerForm& form = fitted.forms.at(index(borrowed.type));
    form = fitted.forms.at(index(borrowed.from));
    form.errors = {};
    form.basis = "not measured: as " + std::string(workloads::layer_type_name(borrowed.from)) +
                 ", " + borrowed.why;
    fitted.is_from_alone.at(index(borrowed.type)) = fitted.is_from_alone.at(index(borrowed.from));
  }
  return fitted;
}

}  // namespace edgecut::predictors

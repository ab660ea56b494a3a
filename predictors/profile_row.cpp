#include "predictors/profile_row.hpp"

#include <algorithm>
#include <cmath>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "workloads/shape_inference.hpp"

namespace edgecut::predictors {
namespace {

using workloads::Layer;
using workloads::LayerType;

constexpr double kInputsMax = 10'000;

double largest(Key key) {
  switch (key) {
    case Key::kInputs:
      return kInputsMax;
    case Key::kInputElements:
    case Key::kWeights:
      return static_cast<double>(workloads::kElementsMax);
    case Key::kWorkFlop:
      return static_cast<double>(workloads::kWorkMaxFlop);
    default:
      return static_cast<double>(workloads::kDimensionMax);
  }
}

bool may_be_zero(Key key) {
  return key == Key::kPad || key == Key::kOutputs || key == Key::kLocalSize ||
         key == Key::kWeights || key == Key::kWorkFlop;
}

void check_ranges(const RowValues& row, std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < kKeys; ++i) {
    const auto key = static_cast<Key>(i);
    const std::optional<double>& value = row.values.at(i);
    const base::Range range = base::Range::between(may_be_zero(key) ? 0 : 1, largest(key));
    if (value && (!range.contains(*value) || *value != std::floor(*value))) {
      problems.push_back(key_names()[i] + ": expected " + range.describe("a whole number") +
                         ", found " + base::format_number(*value));
    }
  }
}

std::int64_t whole(const RowValues& row, Key key, std::int64_t fallback) {
  return row[key] ? static_cast<std::int64_t>(*row[key]) : fallback;
}

void set_parameters(const RowValues& row, workloads::LayerParameters& p) {
  const std::int64_t kernel = whole(row, Key::kKernel, 1);
  p.outputs = whole(row, Key::kOutputs, 0);
  p.kernel_height = whole(row, Key::kKernelHeight, kernel);
  p.kernel_width = whole(row, Key::kKernelWidth, kernel);
  p.stride = whole(row, Key::kStride, 1);
  p.pad = whole(row, Key::kPad, 0);
  p.groups = whole(row, Key::kGroups, 1);
  p.dilation = whole(row, Key::kDilation, 1);
  p.local_size = whole(row, Key::kLocalSize, 0);
}

void infer(const RowValues& row, Layer& layer, std::vector<std::string>& problems) {
  const bool is_joined = layer.type == LayerType::kEltwise || layer.type == LayerType::kConcat;
  const auto count = static_cast<std::size_t>(whole(row, Key::kInputs, is_joined ? 2 : 1));
  const std::vector<workloads::Shape> inputs(count, layer.input);
  const auto inference = workloads::infer_layer(layer.type, layer.parameters, inputs);
  problems.insert(problems.end(), inference.problems.begin(), inference.problems.end());
  layer.output = inference.output;
  layer.weights = inference.weights;
  layer.work = base::flop(static_cast<double>(inference.work_flop));
  layer.input_elements = layer.input.elements() * static_cast<std::int64_t>(count);
}

}  // namespace

const std::vector<std::string>& key_names() {
  static const std::vector<std::string> names = {"batch",           "channels",      "height",
                                                 "width",           "inputs",        "outputs",
                                                 "kernel",          "kernel_height", "kernel_width",
                                                 "stride",          "pad",           "groups",
                                                 "dilation",        "local_size",    "output_batch",
                                                 "output_channels", "output_height", "output_width",
                                                 "input_elements",  "weights",       "work_flop"};
  return names;
}

Layer row_layer(const RowValues& row, std::vector<std::string>& problems) {
  Layer layer;
  layer.type = row.type;
  check_ranges(row, problems);
  if (!row[Key::kChannels]) {
    problems.emplace_back("channels: missing");
  }
  if (!problems.empty()) {
    return layer;
  }
  set_parameters(row, layer.parameters);
  layer.input = {.batch = whole(row, Key::kBatch, 1),
                 .channels = whole(row, Key::kChannels, 1),
                 .height = whole(row, Key::kHeight, 1),
                 .width = whole(row, Key::kWidth, 1)};
  const auto given = std::count_if(row.values.begin() + kKeysOfShape, row.values.end(),
                                   [](const auto& value) { return value.has_value(); });
  if (given == 0) {
    infer(row, layer, problems);
  } else if (given < static_cast<std::ptrdiff_t>(kKeys - kKeysOfShape)) {
    problems.emplace_back(
        "give all of output_batch, output_channels, output_height, output_width, input_elements, "
        "weights and work_flop, or none");
  } else {
    layer.output = {.batch = whole(row, Key::kOutputBatch, 1),
                    .channels = whole(row, Key::kOutputChannels, 1),
                    .height = whole(row, Key::kOutputHeight, 1),
                    .width = whole(row, Key::kOutputWidth, 1)};
    problems = workloads::shape_problems(layer.input, "input");
    const std::vector<std::string> more = workloads::shape_problems(layer.output, "output");
    problems.insert(problems.end(), more.begin(), more.end());
    layer.input_elements = whole(row, Key::kInputElements, 1);
    layer.weights = whole(row, Key::kWeights, 0);
    layer.work = base::flop(*row[Key::kWorkFlop]);
  }
  return layer;
}

RowValues layer_row(const Layer& layer) {
  const workloads::LayerParameters& p = layer.parameters;
  RowValues row{.type = layer.type, .values = {}};
  const auto set = [&row](Key key, std::int64_t value) { row[key] = static_cast<double>(value); };
  set(Key::kBatch, layer.input.batch);
  set(Key::kChannels, layer.input.channels);
  set(Key::kHeight, layer.input.height);
  set(Key::kWidth, layer.input.width);
  const auto set_unless = [&set](Key key, std::int64_t value, std::int64_t usual) {
    if (value != usual) {
      set(key, value);
    }
  };
  set_unless(Key::kOutputs, p.outputs, 0);
  // A global pooling has no kernel of its own: its window is the input.
  const bool is_global = p.global_pooling;
  set_unless(Key::kKernelHeight, is_global ? layer.input.height : p.kernel_height, 1);
  set_unless(Key::kKernelWidth, is_global ? layer.input.width : p.kernel_width, 1);
  set_unless(Key::kStride, p.stride, 1);
  set_unless(Key::kPad, p.pad, 0);
  set_unless(Key::kGroups, p.groups, 1);
  set_unless(Key::kDilation, p.dilation, 1);
  set_unless(Key::kLocalSize, p.local_size, 0);
  set(Key::kOutputBatch, layer.output.batch);
  set(Key::kOutputChannels, layer.output.channels);
  set(Key::kOutputHeight, layer.output.height);
  set(Key::kOutputWidth, layer.output.width);
  set(Key::kInputElements, layer.input_elements);
  set(Key::kWeights, layer.weights);
  row[Key::kWorkFlop] = base::in_flop(layer.work);
  return row;
}

}  // namespace edgecut::predictors

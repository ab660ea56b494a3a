// One decision a layer type, from the mean of past invocations of that type.
//
// MAUI (Cuervo et al., MobiSys 2010) decides for each method of a program and predicts a call by
// the past calls of the same method. Applied to a DNN (Kang et al., ASPLOS 2017, compare so) the
// method is the layer type: all convolutions look alike to it, although their times and outputs
// differ by orders of magnitude. What it predicts of a layer (device time, server time, size of the
// output) is the mean over the type's layers in this network. Since nothing travels back, a network
// is left at the first layer of the first type that is offloaded: the cuts before the first
// occurrence of each type, and device-only, are all that it can choose from.
#include <map>
#include <set>
#include <utility>

#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

using workloads::LayerType;

struct Invocation {
  base::Duration device_time;
  base::Duration server_time;
  base::DataSize output;
};

// What is expected of a layer of each type.
using Means = std::map<LayerType, Invocation>;

Means means_of(const workloads::Dnn& dnn, const predictors::CutTable& cuts) {
  const auto layers = dnn.layers();
  Means means;
  std::map<LayerType, double> counts;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    Invocation& sum = means[layers[i].type];
    sum.device_time += cuts.cuts[i + 1].device_time - cuts.cuts[i].device_time;
    sum.server_time += cuts.cuts[i].server_time - cuts.cuts[i + 1].server_time;
    sum.output += dnn.output_size(i);
    counts[layers[i].type] += 1;
  }
  for (auto& [type, mean] : means) {
    mean.device_time = mean.device_time / counts[type];
    mean.server_time = mean.server_time / counts[type];
    mean.output = mean.output / counts[type];
  }
  return means;
}

// A prefix as it looks when every layer is like the mean of its type.
predictors::CutCost expected_cut(const workloads::Dnn& dnn, const Means& means,
                                 std::size_t device_layers) {
  const auto layers = dnn.layers();
  predictors::LayerSet on_device(layers.size(), false);
  predictors::CutCost cut;
  cut.device_layers = static_cast<std::uint32_t>(device_layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Invocation& mean = means.at(layers[i].type);
    on_device[i] = i < device_layers;
    cut.device_time += on_device[i] ? mean.device_time : base::seconds(0);
    cut.server_time += on_device[i] ? base::seconds(0) : mean.server_time;
  }
  for (const std::uint32_t tensor : predictors::crossing_tensors(dnn, on_device)) {
    cut.upload += tensor == workloads::kNetworkInput ? dnn.input_size()  // no layer makes it
                                                     : means.at(layers[tensor].type).output;
  }
  if (device_layers < layers.size() || dnn.output_is_uploaded()) {
    cut.download = means.at(layers.back().type).output;
  }
  return cut;
}

class Maui final : public Policy {
 public:
  Maui() : Policy("maui") {}
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& dnn,
                                                 const Situation& situation) const override {
    const auto layers = dnn.layers();
    const Means means = means_of(dnn, situation.cuts);
    predictors::CutTable expected;
    std::set<LayerType> met;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (met.insert(layers[i].type).second) {
        expected.cuts.push_back(expected_cut(dnn, means, i));
      }
    }
    expected.cuts.push_back(expected_cut(dnn, means, layers.size()));
    const Situation seen = {expected, situation.network};
    std::vector<CutLine> lines;
    for (std::size_t i = 0; i < expected.cuts.size(); ++i) {
      lines.push_back(latency_line(seen, i, {}));
      lines.back().cut = expected.cuts[i].device_layers;
    }
    return make_settled_decider(ChoiceTable::cheapest(std::move(lines)));
  }
};

}  // namespace

std::unique_ptr<Policy> make_maui() { return std::make_unique<Maui>(); }

}  // namespace edgecut::policies

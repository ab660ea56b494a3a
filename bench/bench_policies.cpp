// What a decision costs, what is computed once before it, and how both grow with the layers.
//
// Graphs are made here, so that the program runs anywhere; those that stand for ResNet-50 and
// Inception have their number of layers and modules. The networks themselves are benchmarked where
// their files are present, and named as skipped where not.
#include <cmath>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "platforms/network.hpp"
#include "policies/candidate_cuts.hpp"
#include "policies/catalogue.hpp"
#include "predictors/calibrated_model.hpp"
#include "workloads/model_file.hpp"

namespace {

using namespace edgecut;
using workloads::Dnn;
using workloads::kNetworkInput;
using workloads::Layer;
using workloads::LayerType;

// Costs over three orders of magnitude, the same for the same layer.
class MadeUpCosts final : public predictors::CostModel {
 public:
  explicit MadeUpCosts(double scale_s) : scale_s_(scale_s) {}
  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] predictors::LayerCost cost(const Dnn& /*dnn*/, std::size_t layer) const override {
    std::minstd_rand random(static_cast<std::uint32_t>(layer) + 1);
    random.discard(3);
    return {base::seconds(scale_s_ * static_cast<double>(random() % 1000 + 1)), base::watts(8)};
  }

 private:
  double scale_s_;
  std::string name_ = "made-up";
};

std::uint32_t add(std::vector<Layer>& layers, std::vector<std::uint32_t> inputs,
                  std::int64_t elements) {
  Layer layer;
  layer.name = "layer" + std::to_string(layers.size());
  layer.type = LayerType::kOther;
  layer.parameters.output = workloads::Shape{.channels = elements};
  layer.inputs = std::move(inputs);
  layers.push_back(std::move(layer));
  return static_cast<std::uint32_t>(layers.size() - 1);
}

Dnn finish(const std::string& name, std::vector<Layer> layers) {
  Dnn::Description description;
  description.name = name;
  description.input = {.channels = 3, .height = 224, .width = 224};
  description.input_size = base::bytes(3 * 224 * 224);
  description.layers = std::move(layers);
  return Dnn(std::move(description), name);
}

// Blocks of ten layers with a shortcut around them, as in a residual network.
Dnn residual(std::int64_t layer_count) {
  std::vector<Layer> layers;
  std::uint32_t before = add(layers, {kNetworkInput}, 200'000);
  for (std::int64_t elements = 200'000; static_cast<std::int64_t>(layers.size()) < layer_count;
       elements = std::max<std::int64_t>(1000, elements * 9 / 10)) {
    std::uint32_t last = before;
    for (int i = 0; i < 9; ++i) {
      last = add(layers, {last}, elements / 4);
    }
    before = add(layers, {before, last}, elements);
  }
  add(layers, {before}, 1000);
  return finish("residual", std::move(layers));
}

// Modules of four branches that are joined, as in Inception.
Dnn inception(std::int64_t layer_count) {
  std::vector<Layer> layers;
  std::uint32_t before = add(layers, {kNetworkInput}, 200'000);
  for (std::int64_t elements = 200'000; static_cast<std::int64_t>(layers.size()) < layer_count;
       elements = std::max<std::int64_t>(1000, elements * 8 / 10)) {
    std::vector<std::uint32_t> ends;
    for (int branch = 0; branch < 4; ++branch) {
      std::uint32_t last = before;
      for (int i = 0; i <= branch; ++i) {
        last = add(layers, {last}, elements / (i == 0 ? 8 : 4));
      }
      ends.push_back(last);
    }
    before = add(layers, ends, elements);
  }
  add(layers, {before}, 1000);
  return finish("inception", std::move(layers));
}

// A device, a server and a network as in the study.
struct Pair {
  std::unique_ptr<predictors::CostModel> device =
      predictors::find_cost_model("jetson-tk1-gpu", {}, "bench");
  std::unique_ptr<predictors::CostModel> server =
      predictors::find_cost_model("tesla-k40", {}, "bench");
  platforms::NetworkProfile network = platforms::find_network("wifi-2015", {}, "bench");
};

std::vector<base::DataRate> random_rates() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> exponent(5, 9);
  std::vector<base::DataRate> rates(4096);
  for (base::DataRate& rate : rates) {
    rate = base::bits_per_s(std::pow(10, exponent(random)));
  }
  return rates;
}

// A decision for a known network, device and load: a look into the prepared table.
void neurosurgeon_decision_vgg(benchmark::State& state) {
  const Pair pair;
  const Dnn dnn = workloads::find_model("vgg", {}, "bench");
  const auto table = predictors::make_cut_table(dnn, *pair.device, *pair.server);
  const auto decider = policies::make_neurosurgeon("n", {})->prepare(dnn, {table, pair.network});
  const policies::ChoiceTable choices = decider->choices({});
  const std::vector<base::DataRate> rates = random_rates();
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(choices.choose(rates[i++ % rates.size()]));
  }
  state.counters["intervals"] = static_cast<double>(choices.intervals().size());
}

// The same decision by the published algorithm: every cut's latency at the rate, the least of them.
void linear_scan_vgg(benchmark::State& state) {
  const Pair pair;
  const Dnn dnn = workloads::find_model("vgg", {}, "bench");
  const auto table = predictors::make_cut_table(dnn, *pair.device, *pair.server);
  const policies::Situation situation{table, pair.network};
  const std::vector<base::DataRate> rates = random_rates();
  std::size_t i = 0;
  for (auto _ : state) {
    const base::DataRate rate = rates[i++ % rates.size()];
    std::size_t best = 0;
    base::Duration least = base::kForever;
    for (std::size_t cut = 0; cut < table.cuts.size(); ++cut) {
      const base::Duration latency =
          policies::expected_latency(situation, table.cuts[cut], rate, {});
      if (latency < least) {
        least = latency;
        best = cut;
      }
    }
    benchmark::DoNotOptimize(best);
  }
}

// What a new load or a new network costs before the next decision.
void neurosurgeon_table_vgg(benchmark::State& state) {
  const Pair pair;
  const Dnn dnn = workloads::find_model("vgg", {}, "bench");
  const auto table = predictors::make_cut_table(dnn, *pair.device, *pair.server);
  const auto decider = policies::make_neurosurgeon("n", {})->prepare(dnn, {table, pair.network});
  for (auto _ : state) {
    benchmark::DoNotOptimize(decider->choices({}));
  }
}

policies::LayerPrices latency_prices(const Dnn& dnn, const predictors::CostModel& device,
                                     const predictors::CostModel& server) {
  policies::LayerPrices prices;
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    prices.device.push_back(base::in_seconds(device.cost(dnn, i).time));
    prices.server.push_back(base::in_seconds(server.cost(dnn, i).time));
  }
  return prices;
}

// One minimum cut with the flow network built anew, at 1, 10 and 100 Mbit/s in turn.
void run_min_cut(benchmark::State& state, const Dnn& dnn, const policies::LayerPrices& prices) {
  const double bit_prices[] = {1e-6, 1e-7, 1e-8};
  std::size_t i = 0;
  for (auto _ : state) {
    const policies::MinCut min_cut(dnn, prices);
    benchmark::DoNotOptimize(min_cut.cheapest(bit_prices[i++ % 3]));
  }
  state.counters["layers"] = static_cast<double>(dnn.layers().size());
}

void run_envelope(benchmark::State& state, const Dnn& dnn, const policies::LayerPrices& prices) {
  std::size_t cuts = 0;
  std::size_t sets = 0;
  for (auto _ : state) {
    cuts = 0;
    sets = policies::envelope(dnn, prices, {}, &cuts).size();
  }
  state.counters["layers"] = static_cast<double>(dnn.layers().size());
  state.counters["sets"] = static_cast<double>(sets);
  state.counters["min_cuts"] = static_cast<double>(cuts);
}

using Make = Dnn (*)(std::int64_t);
using Run = void (*)(benchmark::State&, const Dnn&, const policies::LayerPrices&);

void made_up(benchmark::State& state, Make make, Run run) {
  const Dnn dnn = make(state.range(0));
  const MadeUpCosts device(1e-5);
  const MadeUpCosts server(1e-6);
  run(state, dnn, latency_prices(dnn, device, server));
  state.SetComplexityN(static_cast<std::int64_t>(dnn.layers().size()));
}

std::filesystem::path model_path(const std::string& name) {
  return std::filesystem::path(EDGECUT_SHARED_DIR) / "models/onnx" / (name + ".onnx");
}

void real(benchmark::State& state, const std::string& name, Run run) {
  if (!std::filesystem::exists(model_path(name))) {
    state.SkipWithError((name + ".onnx is not in this checkout").c_str());
    return;
  }
  const Pair pair;
  const Dnn dnn = workloads::import_model(model_path(name));
  run(state, dnn, latency_prices(dnn, *pair.device, *pair.server));
}

void import_onnx(benchmark::State& state, const std::string& name) {
  if (!std::filesystem::exists(model_path(name))) {
    state.SkipWithError((name + ".onnx is not in this checkout").c_str());
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(workloads::import_model(model_path(name)));
  }
}

constexpr std::int64_t kLayersMin = 32;
constexpr std::int64_t kLayersMax = 2048;
constexpr auto kMicro = benchmark::kMicrosecond;

BENCHMARK(neurosurgeon_decision_vgg);
BENCHMARK(linear_scan_vgg);
BENCHMARK(neurosurgeon_table_vgg);
BENCHMARK_CAPTURE(real, resnet50_min_cut, "resnet50", run_min_cut)->Unit(kMicro);
BENCHMARK_CAPTURE(real, inception_v1_min_cut, "inception_v1", run_min_cut)->Unit(kMicro);
BENCHMARK_CAPTURE(real, resnet50_envelope, "resnet50", run_envelope)->Unit(kMicro);
BENCHMARK_CAPTURE(real, inception_v1_envelope, "inception_v1", run_envelope)->Unit(kMicro);
BENCHMARK_CAPTURE(import_onnx, resnet50, "resnet50")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(made_up, residual_min_cut, residual, run_min_cut)
    ->RangeMultiplier(4)
    ->Range(kLayersMin, kLayersMax)
    ->Unit(kMicro)
    ->Complexity();
BENCHMARK_CAPTURE(made_up, inception_min_cut, inception, run_min_cut)
    ->RangeMultiplier(4)
    ->Range(kLayersMin, kLayersMax)
    ->Unit(kMicro)
    ->Complexity();
BENCHMARK_CAPTURE(made_up, residual_envelope, residual, run_envelope)
    ->RangeMultiplier(4)
    ->Range(kLayersMin, kLayersMax)
    ->Unit(kMicro)
    ->Complexity();
BENCHMARK_CAPTURE(made_up, inception_envelope, inception, run_envelope)
    ->RangeMultiplier(4)
    ->Range(kLayersMin, kLayersMax)
    ->Unit(kMicro)
    ->Complexity();

}  // namespace

BENCHMARK_MAIN();

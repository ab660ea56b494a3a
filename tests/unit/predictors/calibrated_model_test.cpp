#include "predictors/calibrated_model.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "support.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;
using workloads::kNetworkInput;
using workloads::LayerType;

namespace {

const base::Power kNetworkPower = base::watts(7);
const base::Power kFormPower = base::watts(5);
const base::Duration kEntryTime = base::seconds(0.125);
constexpr double kOverhead = 1e-3, kPerFlop = 1e-6, kPerWeightByte = 1e-5, kFactor = 1.5;

CalibratedModelData one_entry(const workloads::Layer& layer) {
  CalibratedModelData data;
  data.name = "hand-made";
  LayerForm& form = data.forms.at(static_cast<std::size_t>(LayerType::kFullyConnected));
  form.coefficients = {kOverhead, kPerFlop, 0, kPerWeightByte, 0, 0};
  form.network_factor = kFactor;
  form.power = kFormPower;
  LayerEntry entry{.layer = layer.name,
                   .is_measured = true,
                   .work = layer.work,
                   .input_elements = layer.input_elements,
                   .output_elements = layer.output.elements(),
                   .weights = layer.weights,
                   .time = kEntryTime};
  data.networks.push_back(
      {.dnn = "net", .power = kNetworkPower, .total = kEntryTime, .layers = {entry}});
  return data;
}

workloads::Dnn net(const std::string& name, std::int64_t inputs, std::int64_t outputs) {
  return network(name, inputs, base::bytes(1),
                 {layer("fc", LayerType::kFullyConnected, {kNetworkInput}, outputs)});
}

std::string shipped_text() {
  return base::read_file(base::data_directory() / "predictors" / "models" / "jetson-tk1-gpu.json",
                         1U << 22U);
}

// The shipped file with one piece of text replaced must be refused with `expected` in the message.
void check_refused(const std::string& piece, const std::string& replacement,
                   const std::string& expected) {
  std::string text = shipped_text();
  const std::size_t at = text.find(piece);
  REQUIRE(at != std::string::npos);
  text.replace(at, piece.size(), replacement);
  const Scratch scratch;
  try {
    static_cast<void>(load_calibrated_model(scratch.write("bad.json", text)));
    FAIL("accepted " << replacement);
  } catch (const base::ConfigError& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(expected) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("a layer with an entry costs the entry's time at its network's power") {
  const workloads::Dnn dnn = net("net", 4, 3);
  const CalibratedModel model(one_entry(dnn.layers()[0]));
  CHECK(model.cost(dnn, 0).time == kEntryTime);
  CHECK(model.cost(dnn, 0).power == kNetworkPower);
}

TEST_CASE("an altered layer or another network gets the form of the layer's type") {
  const workloads::Dnn original = net("net", 4, 3);
  const CalibratedModel model(one_entry(original.layers()[0]));
  for (const workloads::Dnn& dnn : {net("net", 5, 3), net("net", 4, 2), net("other", 4, 3)}) {
    const workloads::Layer& fc = dnn.layers()[0];
    const LayerCost cost = model.cost(dnn, 0);
    const double bytes = 4.0 * static_cast<double>(fc.weights);
    CHECK(base::in_seconds(cost.time) ==
          doctest::Approx(
              kFactor * (kOverhead + kPerFlop * base::in_flop(fc.work) + kPerWeightByte * bytes)));
    CHECK(cost.power == kFormPower);
  }
}

TEST_CASE("window amounts count an input once for each window that it is in") {
  workloads::Layer conv = layer("conv", LayerType::kConvolution, {kNetworkInput}, 5);
  conv.parameters.kernel_height = conv.parameters.kernel_width = 3;
  workloads::Dnn::Description description;
  description.name = "conv";
  description.input = {.channels = 2, .height = 8, .width = 8};
  description.input_size = base::bytes(1);
  description.layers = {conv};
  const workloads::Dnn dnn(description, "test");
  const Amounts amounts = layer_amounts(dnn.layers()[0]);
  constexpr double kPositions = 6 * 6, kDepth = 2 * 3 * 3;
  CHECK(amounts[static_cast<std::size_t>(Amount::kWindows)] == 4 * kPositions * kDepth);
  CHECK(amounts[static_cast<std::size_t>(Amount::kDepth)] == kDepth);
  CHECK(amounts[static_cast<std::size_t>(Amount::kTensors)] == 4 * (2 * 8 * 8 + 5 * kPositions));
}

TEST_CASE("every layer type has a finite cost on every shipped device") {
  for (const std::string& name : base::data_names("predictors/models", ".json")) {
    const CalibratedModelData data =
        load_calibrated_model(base::data_directory() / "predictors" / "models" / (name + ".json"));
    for (std::size_t t = 0; t < kLayerTypes; ++t) {
      CAPTURE(name);
      CAPTURE(workloads::layer_type_names()[t]);
      double sum = 0;
      for (const double c : data.forms.at(t).coefficients) {
        sum += c;
      }
      CHECK(sum > 0);
    }
  }
}

TEST_CASE("a type that a file leaves out takes the nearest type's form, and is not written") {
  const Scratch scratch;
  CalibratedModelData data = load_calibrated_model(scratch.write("a.json", shipped_text()));
  const auto form = [&](LayerType type) -> LayerForm& {
    return data.forms.at(static_cast<std::size_t>(type));
  };
  CHECK(form(LayerType::kMatmul).is_implied);
  CHECK(form(LayerType::kMatmul).coefficients == form(LayerType::kConvolution).coefficients);
  CHECK(form(LayerType::kMatmul).basis.find("not measured: as convolution") == 0);
  CHECK(!form(LayerType::kConvolution).is_implied);
  // One that is given stays as it is, through a file.
  form(LayerType::kMove) = form(LayerType::kPooling);
  const CalibratedModelData again =
      load_calibrated_model(scratch.write("b.json", calibrated_model_json(data)));
  const LayerForm& move = again.forms.at(static_cast<std::size_t>(LayerType::kMove));
  CHECK(!move.is_implied);
  CHECK(move.coefficients == form(LayerType::kPooling).coefficients);
}

TEST_CASE("a written model reads back and writes the same text") {
  const Scratch scratch;
  const CalibratedModelData data = load_calibrated_model(scratch.write("a.json", shipped_text()));
  CHECK(data.name == "a");
  CHECK(calibrated_model_json(data) == shipped_text());
}

TEST_CASE("a cost model file with a mistake is refused with its place") {
  check_refused("\"network_factor\"", "\"network_facter\"", "network_facter");
  check_refused("\"local\":", "\"lokal\":", "lokal");
  check_refused("\"basis\": \"estimated\"", "\"basis\": \"guessed\"", "/networks/0/layers/0/basis");
  check_refused("\"dnn\": \"vgg\"", "\"dnn\": \"imc\"", "twice");
  check_refused("\"time_s\": ", "\"time_s\": -", "time_s");
  check_refused("\"forms\"", "\"form\"", "forms");
}

TEST_CASE("an unknown cost model is refused with the nearest name") {
  try {
    static_cast<void>(find_cost_model("tesla-k4O", {}, "fleet.json#/cloud/server"));
    FAIL("accepted");
  } catch (const base::ConfigError& error) {
    const std::string message = error.what();
    CHECK(message.find("fleet.json#/cloud/server") != std::string::npos);
    CHECK(message.find("tesla-k40") != std::string::npos);
  }
}

#include "predictors/cut_table.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;
using workloads::kNetworkInput;
using workloads::LayerType;

namespace {

constexpr std::int64_t kIn = 10, kHidden = 6, kOut = 3;
const base::DataSize kInputSize = base::bytes(7);  // not fp32: an encoded input

std::vector<workloads::Layer> three_layers() {
  return {layer("fc1", LayerType::kFullyConnected, {kNetworkInput}, kHidden),
          layer("relu", LayerType::kRelu, {0}),
          layer("fc2", LayerType::kFullyConnected, {1}, kOut)};
}

const std::vector<LayerCost> kDeviceCosts = {{base::seconds(0.5), base::watts(8)},
                                             {base::seconds(0.25), base::watts(4)},
                                             {base::seconds(2), base::watts(1)}};
const std::vector<LayerCost> kServerCosts = {{base::seconds(0.01), base::watts(0)},
                                             {base::seconds(0.02), base::watts(0)},
                                             {base::seconds(0.04), base::watts(0)}};

}  // namespace

TEST_CASE("a cut of a chain costs what its layers cost on either side") {
  const workloads::Dnn dnn = network("chain", kIn, kInputSize, three_layers());
  const CutTable table = make_cut_table(dnn, FixedCosts(kDeviceCosts), FixedCosts(kServerCosts));
  REQUIRE(table.cuts.size() == 4);
  for (std::size_t c = 0; c <= 3; ++c) {
    base::Duration device;
    base::Duration server;
    base::Energy energy;
    for (std::size_t i = 0; i < 3; ++i) {
      if (i < c) {
        device += kDeviceCosts[i].time;
        energy += kDeviceCosts[i].power * kDeviceCosts[i].time;
      } else {
        server += kServerCosts[i].time;
      }
    }
    CHECK(table.cuts[c].device_layers == c);
    CHECK(base::in_seconds(table.cuts[c].device_time) == doctest::Approx(base::in_seconds(device)));
    CHECK(base::in_joules(table.cuts[c].device_energy) == doctest::Approx(base::in_joules(energy)));
    CHECK(base::in_seconds(table.cuts[c].server_time) == doctest::Approx(base::in_seconds(server)));
  }
}

TEST_CASE("a cut of a chain sends the tensor at the cut, and nothing when all runs on the device") {
  const workloads::Dnn dnn = network("chain", kIn, kInputSize, three_layers());
  const CutTable table = make_cut_table(dnn, FixedCosts(kDeviceCosts), FixedCosts(kServerCosts));
  CHECK(table.cuts[0].upload == kInputSize);
  CHECK(table.cuts[1].upload == base::bytes(kBytesPerElement * kHidden));
  CHECK(table.cuts[2].upload == base::bytes(kBytesPerElement * kHidden));
  CHECK(table.cuts[3].upload == base::bytes(0));
  CHECK(table.cuts[0].download == base::bytes(kBytesPerElement * kOut));
  CHECK(table.cuts[2].download == base::bytes(kBytesPerElement * kOut));
  CHECK(table.cuts[3].download == base::bytes(0));
}

TEST_CASE("an output that the server needs is uploaded when all layers run on the device") {
  const workloads::Dnn dnn = network("chain", kIn, kInputSize, three_layers(), true);
  const CutTable table = make_cut_table(dnn, FixedCosts(kDeviceCosts), FixedCosts(kServerCosts));
  CHECK(table.cuts[3].upload == base::bytes(kBytesPerElement * kOut));
  CHECK(table.cuts[3].download == base::bytes(kBytesPerElement * kOut));
}

TEST_CASE("a tensor that skips over layers crosses each cut once, with what else crosses it") {
  // fc1 feeds relu, and skips over it into the sum and over both into the concat.
  const workloads::Dnn dnn =
      network("skip", kIn, kInputSize,
              {layer("fc1", LayerType::kFullyConnected, {kNetworkInput}, kHidden),
               layer("relu", LayerType::kRelu, {0}), layer("sum", LayerType::kEltwise, {0, 1}),
               layer("concat", LayerType::kConcat, {0, 2})});
  const std::vector<base::DataSize> uploads = cut_uploads(dnn);
  const base::DataSize hidden = base::bytes(kBytesPerElement * kHidden);
  REQUIRE(uploads.size() == 5);
  CHECK(uploads[1] == hidden);           // fc1, although three layers consume it
  CHECK(uploads[2] == hidden + hidden);  // fc1 and relu
  CHECK(uploads[3] == hidden + hidden);  // fc1 and sum
  CHECK(uploads[4] == base::bytes(0));
}

TEST_CASE("an input that a later layer consumes is sent beside the tensor at the cut") {
  const workloads::Dnn dnn =
      network("late-input", kIn, kInputSize,
              {layer("fc1", LayerType::kFullyConnected, {kNetworkInput}, kHidden),
               layer("relu", LayerType::kRelu, {0}),
               layer("concat", LayerType::kConcat, {1, kNetworkInput})});
  const std::vector<base::DataSize> uploads = cut_uploads(dnn);
  const base::DataSize hidden = base::bytes(kBytesPerElement * kHidden);
  CHECK(uploads[0] == kInputSize);
  CHECK(uploads[1] == hidden + kInputSize);
  CHECK(uploads[2] == hidden + kInputSize);
  CHECK(uploads[3] == base::bytes(0));
}

namespace {

// fc1 and fc2 both read the input, relu reads fc1, concat joins the rest.
workloads::Dnn branches(bool output_is_uploaded = false) {
  return network("branches", kIn, kInputSize,
                 {layer("fc1", LayerType::kFullyConnected, {kNetworkInput}, kHidden),
                  layer("relu", LayerType::kRelu, {0}),
                  layer("fc2", LayerType::kFullyConnected, {kNetworkInput}, kOut),
                  layer("sigmoid", LayerType::kSigmoid, {2}),
                  layer("concat", LayerType::kConcat, {0, 1, 2, 3})},
                 output_is_uploaded);
}
const LayerSet kSecondBranch = {false, false, true, true, false};

}  // namespace

TEST_CASE("a further cut stands behind the prefixes, with what its layers cost on either side") {
  const std::vector<LayerCost> device(5, {base::seconds(2), base::watts(3)});
  const std::vector<LayerCost> server(5, {base::seconds(0.5), base::watts(0)});
  const CutTable table =
      make_cut_table(branches(), FixedCosts(device), FixedCosts(server), {kSecondBranch});
  REQUIRE(table.cuts.size() == 7);
  CHECK(table.device_only() == 5);
  const CutCost& cut = table.cuts.back();
  CHECK(cut.device_layers == 2);
  CHECK(cut.device_time == 2 * device[0].time);
  CHECK(cut.device_energy == 2 * (device[0].power * device[0].time));
  CHECK(cut.server_time == 3 * server[0].time);
  // The input, which fc1 reads on the server, and both tensors that concat reads.
  CHECK(cut.upload == kInputSize + base::bytes(kBytesPerElement * 2 * kOut));
  CHECK(cut.download == table.cuts[0].download);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(table.on_device(6, i) == kSecondBranch[i]);
    CHECK(table.on_device(3, i) == (i < 3));
  }
  CHECK(cut_name(branches(), table, 0) == "input");
  CHECK(cut_name(branches(), table, 3) == "fc2");
  CHECK(cut_name(branches(), table, 6) == "input+fc2 (+1)");
}

TEST_CASE("a set of layers that needs something back from the server is no cut") {
  const std::vector<LayerCost> costs(5);
  const LayerSet open = {false, true, false, false, false};  // relu without fc1
  CHECK(!is_closed(branches(), open));
  CHECK(is_closed(branches(), kSecondBranch));
  const FixedCosts model(costs);
  CHECK_THROWS_AS(make_cut_table(branches(), model, model, {open}), base::InternalError);
  CHECK_THROWS_AS(make_cut_table(branches(), model, model, {{true}}), base::InternalError);
}

TEST_CASE("with all layers on the device only an output that the server wants crosses") {
  const LayerSet all(5, true);
  CHECK(crossing_tensors(branches(), all).empty());
  CHECK(crossing_tensors(branches(true), all) == std::vector<std::uint32_t>{4});
  CHECK(crossing_tensors(branches(), LayerSet(5, false)) ==
        std::vector<std::uint32_t>{kNetworkInput});
}

TEST_CASE("AlexNet cut after pool5 uploads 256 x 6 x 6 numbers") {
  const workloads::Dnn dnn = workloads::find_model("imc", {}, "test");
  const auto layers = dnn.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].name == "pool5") {
      CHECK(cut_uploads(dnn)[i + 1] == base::bytes(kBytesPerElement * 256 * 6 * 6));
      return;
    }
  }
  FAIL("no layer pool5");
}

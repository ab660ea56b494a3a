// Policies on small graphs that can be worked out by hand.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "policies/candidate_cuts.hpp"
#include "policies/catalogue.hpp"
#include "support/random_network.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using predictors::LayerSet;
using workloads::kNetworkInput;
using workloads::LayerType;

namespace {

constexpr double kBitsPerElement = 32;

// A layer of a type that gives `elements` numbers.
workloads::Layer layer(const std::string& name, std::vector<std::uint32_t> inputs,
                       std::int64_t elements, LayerType type = LayerType::kOther) {
  workloads::Layer result;
  result.name = name;
  result.type = type;
  result.inputs = std::move(inputs);
  result.parameters.output = workloads::Shape{.channels = elements};
  return result;
}

workloads::Dnn dnn_of(std::vector<workloads::Layer> layers, double input_bits) {
  workloads::Dnn::Description description;
  description.name = "small";
  description.input = {.channels = 8};
  description.input_size = base::bits(input_bits);
  description.layers = std::move(layers);
  return workloads::Dnn(std::move(description), "test");
}

testing::ListedCosts costs(const std::vector<double>& seconds) {
  std::vector<predictors::LayerCost> list;
  for (const double time_s : seconds) {
    list.push_back({base::seconds(time_s), base::watts(1)});
  }
  return testing::ListedCosts(list);
}

// The input and the stem have two consumers each.
//
//   input - stem - slow - head
//        \_________/     /
//           stem - fast -
constexpr double kInputBits = 1e6;
constexpr std::int64_t kStem = 1000;

struct Diamond {
  workloads::Dnn dnn =
      dnn_of({layer("stem", {kNetworkInput}, kStem), layer("slow", {0, kNetworkInput}, 1000),
              layer("fast", {0}, 10), layer("head", {1, 2}, 10)},
             kInputBits);
};

}  // namespace

TEST_CASE("a tensor with two consumers on the server is sent once, and paid once") {
  const Diamond diamond;
  const MinCut min_cut(diamond.dnn, {{0, 5, 5, 5}, {1, 0, 0, 0}});
  // With the stem alone on the device: its tensor, and the input that `slow` consumes as well.
  const Split split = min_cut.cheapest(1e-9);
  CHECK(split.on_device == LayerSet{true, false, false, false});
  CHECK(split.fixed == 0);
  CHECK(split.upload_bits == kInputBits + kBitsPerElement * kStem);
}

TEST_CASE("the fewest bits are those of the device alone, unless the output is wanted") {
  const Diamond diamond;
  const MinCut min_cut(diamond.dnn, {{1, 1, 1, 1}, {0, 0, 0, 0}});
  CHECK(min_cut.fewest_bits().upload_bits == 0);
  CHECK(min_cut.fewest_bits().on_device == LayerSet{true, true, true, true});
  CHECK(min_cut.cheapest(0).on_device == LayerSet{false, false, false, false});
}

TEST_CASE("prices that are negative, not finite or not one a layer are bugs") {
  const Diamond diamond;
  CHECK_THROWS_AS(MinCut(diamond.dnn, {{1, 1, 1}, {0, 0, 0, 0}}), base::InternalError);
  CHECK_THROWS_AS(MinCut(diamond.dnn, {{1, 1, 1, -1}, {0, 0, 0, 0}}), base::InternalError);
  CHECK_THROWS_AS(MinCut(diamond.dnn, {{1, 1, 1, 1}, {0, 0, 0, std::nan("")}}),
                  base::InternalError);
  const MinCut min_cut(diamond.dnn, {{1, 1, 1, 1}, {0, 0, 0, 0}});
  CHECK_THROWS_AS(static_cast<void>(min_cut.cheapest(-1)), base::InternalError);
}

TEST_CASE("a graph is cut where no prefix ends, by DADS and by Neurosurgeon alike") {
  // stem -> slow, stem -> fast, both -> head; the stem's tensor is small beside what `slow` makes.
  const workloads::Dnn dnn =
      dnn_of({layer("stem", {kNetworkInput}, 10'000), layer("slow", {kNetworkInput}, 10),
              layer("fast", {0}, 10), layer("head", {1, 2}, 10)},
             32 * 100.0);
  // `slow` takes long on the device; `fast` and the stem are worth doing there: together they turn
  // the stem's tensor into ten numbers, and `slow` only needs the input.
  const auto device = costs({0.001, 5.0, 0.001, 0.001});
  const auto server = costs({0.500, 0.002, 0.500, 0.001});
  const std::vector<Objective> objectives = {kLatency};
  const auto further = further_cuts(dnn, device, server, objectives);
  REQUIRE(further == std::vector<LayerSet>{{true, false, true, false}});
  const predictors::CutTable table = predictors::make_cut_table(dnn, device, server, further);
  platforms::NetworkProfile profile;
  constexpr std::uint32_t kFurther = 5;  // after the five prefixes
  for (const auto& policy : {make_dads_light(), make_neurosurgeon("n", {})}) {
    const auto choices = policy->prepare(dnn, {table, profile})->choices({});
    CHECK(choices.choose(base::bits_per_s(1e7)) == kFurther);
  }
  CHECK(table.on_device(kFurther, 0));
  CHECK(!table.on_device(kFurther, 1));
  CHECK(table.cuts[kFurther].upload == base::bits(32 * 100.0 + kBitsPerElement * 10));
  CHECK(predictors::cut_name(dnn, table, kFurther) == "input+fast");
}

TEST_CASE("DADS for heavy load balances the stages where least latency would leave one idle") {
  // Two layers of 10 ms on either side and nothing to send but a little: latency is lowest on the
  // server alone, throughput highest with one layer on each.
  const workloads::Dnn dnn =
      dnn_of({layer("first", {kNetworkInput}, 10), layer("second", {0}, 10)}, 320);
  const auto device = costs({0.010, 0.010});
  const auto server = costs({0.009, 0.009});
  const predictors::CutTable table = predictors::make_cut_table(dnn, device, server);
  const platforms::NetworkProfile profile;
  const auto at = [&](const std::unique_ptr<Policy>& policy, double rate) {
    return policy->prepare(dnn, {table, profile})->choices({}).choose(base::bits_per_s(rate));
  };
  constexpr double kFast = 1e9;
  CHECK(at(make_dads_light(), kFast) == 0);
  CHECK(at(make_dads_heavy(), kFast) == 1);
  // One layer on each side: 10 ms a query, until the upload takes longer than both layers here.
  const double leaves_at = kBitsPerElement * 10 / (0.010 + 0.010);
  CHECK(at(make_dads_heavy(), leaves_at * 1.0001) == 1);
  CHECK(at(make_dads_heavy(), leaves_at * 0.9999) == 2);
}

namespace {

// Two types in turn, whose layers differ.
struct Chain {
  workloads::Dnn dnn =
      dnn_of({layer("a1", {kNetworkInput}, 1000, LayerType::kMove),
              layer("b1", {0}, 10, LayerType::kReshape), layer("a2", {1}, 10, LayerType::kMove),
              layer("b2", {2}, 10, LayerType::kReshape)},
             kInputBits);
  testing::ListedCosts device = costs({0.001, 0.020, 0.009, 0.040});
  testing::ListedCosts server = costs({0.0001, 0.002, 0.0009, 0.004});
  predictors::CutTable table = predictors::make_cut_table(dnn, device, server);
};

}  // namespace

TEST_CASE("MAUI leaves a network only before the first layer of a type, or not at all") {
  const Chain chain;
  platforms::NetworkProfile profile;
  const auto decider = make_maui()->prepare(chain.dnn, {chain.table, profile});
  CHECK(!decider->depends_on_load());
  const ChoiceTable choices = decider->choices({});
  for (const auto& interval : choices.intervals()) {
    CHECK((interval.cut == 0 || interval.cut == 1 || interval.cut == 4));
  }
}

TEST_CASE("MAUI takes every layer of a type for the mean of its type") {
  const Chain chain;
  platforms::NetworkProfile profile;
  const auto choices = make_maui()->prepare(chain.dnn, {chain.table, profile})->choices({});
  // Types a (layers 0, 2) and b (layers 1, 3): means of device and server times, and of outputs.
  const double a_device = (0.001 + 0.009) / 2;
  const double b_device = (0.020 + 0.040) / 2;
  const double a_server = (0.0001 + 0.0009) / 2;
  const double b_server = (0.002 + 0.004) / 2;
  const double a_bits = kBitsPerElement * (1000.0 + 10) / 2;
  const double cloud_s = 2 * a_server + 2 * b_server;
  const double after_a1_s = a_device + a_server + 2 * b_server;
  const double device_s = 2 * a_device + 2 * b_device;
  const double leaves_cloud = (kInputBits - a_bits) / (after_a1_s - cloud_s);
  const double leaves_a1 = a_bits / (device_s - after_a1_s);
  REQUIRE(leaves_a1 < leaves_cloud);
  CHECK(choices.choose(base::bits_per_s(leaves_cloud * 1.0001)) == 0);
  CHECK(choices.choose(base::bits_per_s(leaves_cloud * 0.9999)) == 1);
  CHECK(choices.choose(base::bits_per_s(leaves_a1 * 1.0001)) == 1);
  CHECK(choices.choose(base::bits_per_s(leaves_a1 * 0.9999)) == 4);
}

TEST_CASE("on a network of one layer a type, MAUI chooses as Neurosurgeon") {
  const workloads::Dnn dnn =
      dnn_of({layer("a", {kNetworkInput}, 10, LayerType::kMove),
              layer("b", {0}, 10, LayerType::kReshape), layer("c", {1}, 5, LayerType::kOther)},
             kInputBits);
  const auto device = costs({0.010, 0.020, 0.030});
  const auto server = costs({0.001, 0.002, 0.003});
  const predictors::CutTable table = predictors::make_cut_table(dnn, device, server);
  platforms::NetworkProfile profile;
  profile.downlink_latency = base::seconds(0.004);
  const Situation situation{table, profile};
  const auto maui = make_maui()->prepare(dnn, situation)->choices({});
  const auto neurosurgeon = make_neurosurgeon("n", {})->prepare(dnn, situation)->choices({});
  for (double rate = 1; rate < 1e12; rate *= 1.3) {
    CAPTURE(rate);
    CHECK(maui.choose(base::bits_per_s(rate)) == neurosurgeon.choose(base::bits_per_s(rate)));
  }
}

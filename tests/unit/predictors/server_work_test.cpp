// What a server's share of a cut takes: kernel by kernel, and in batches by the forms.
#include "predictors/server_work.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "predictors/calibrated_model.hpp"
#include "predictors/cut_table.hpp"
#include "support.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;
using base::in_seconds;
using base::seconds;

namespace {

constexpr std::uint32_t kBatchMax = 8;

}  // namespace

TEST_CASE("kernels are the server's layers in order, without those that take no time") {
  const workloads::Dnn dnn =
      network("chain", 10, base::bytes(7),
              {layer("fc1", workloads::LayerType::kFullyConnected, {workloads::kNetworkInput}, 6),
               layer("relu", workloads::LayerType::kRelu, {0}),
               layer("fc2", workloads::LayerType::kFullyConnected, {1}, 3)});
  const FixedCosts server({{seconds(4), {}}, {seconds(0), {}}, {seconds(2), {}}});
  const ServerWork work(dnn, server, 3);
  const auto kernels = [&](std::size_t first) {
    const auto span = work.kernels(first);
    return std::vector<base::Duration>(span.begin(), span.end());
  };
  CHECK(kernels(0) == std::vector<base::Duration>{seconds(4), seconds(2)});
  CHECK(kernels(1) == std::vector<base::Duration>{seconds(2)});
  CHECK(kernels(2) == std::vector<base::Duration>{seconds(2)});
  CHECK(kernels(3).empty());
  const CutTable table = make_cut_table(dnn, server, server);
  for (std::size_t c = 0; c < 4; ++c) {
    CHECK(table.cuts[c].server_kernels == kernels(c).size());
  }
  // A model that knows nothing of batches: no gain.
  CHECK(in_seconds(work.batches(1)[2]) == 3 * 2);
}

TEST_CASE("a batch of one takes what the cut's table says, to the bit, on every shipped network") {
  const auto server = find_cost_model("tesla-k40", {}, "test");
  for (const std::string& name : workloads::model_names()) {
    CAPTURE(name);
    const workloads::Dnn dnn = workloads::find_model(name, {}, "test");
    const CutTable table = make_cut_table(dnn, *server, *server);
    const ServerWork work(dnn, *server, kBatchMax);
    for (std::size_t c = 0; c < table.cuts.size(); ++c) {
      const std::vector<base::Duration> batches = work.batches(c);
      REQUIRE(batches.size() == kBatchMax);
      CHECK(batches[0] == table.cuts[c].server_time);
      for (std::uint32_t b = 1; b < kBatchMax; ++b) {
        // Longer than the batch before, but no longer than a query more.
        CHECK(batches[b] >= batches[b - 1]);
        CHECK(in_seconds(batches[b]) <= (b + 1) * in_seconds(batches[0]) * 1.000001);
      }
    }
  }
}

TEST_CASE("layers that are no suffix: kernels and batches are those of a suffix, layer by layer") {
  const auto server = find_cost_model("tesla-k40", {}, "test");
  const workloads::Dnn dnn = workloads::find_model("imc", {}, "test");
  const ServerWork work(dnn, *server, kBatchMax);
  const std::size_t count = dnn.layers().size();
  for (std::size_t first = 0; first <= count; ++first) {
    LayerSet on_device(count, false);
    std::fill_n(on_device.begin(), first, true);
    CHECK(work.batches(on_device) == work.batches(first));
    const auto span = work.kernels(first);
    CHECK(work.kernels(on_device) == std::vector<base::Duration>(span.begin(), span.end()));
  }
}

TEST_CASE("in a batch, overhead, weights and depth are spent once, the rest once a query") {
  const double once_s = 3;
  const double per_flop_s = 0.5;
  LayerForm form;
  form.coefficients[static_cast<std::size_t>(Amount::kOverhead)] = once_s;
  form.coefficients[static_cast<std::size_t>(Amount::kWork)] = per_flop_s;
  workloads::Layer fc;
  fc.type = workloads::LayerType::kFullyConnected;
  const double work_flop = 8;
  fc.work = base::flop(work_flop);
  fc.input_elements = 2;
  fc.output = {.channels = 2};
  const double one = once_s + per_flop_s * work_flop;
  CHECK(batch_factor(form, fc, 1) == 1);
  CHECK(batch_factor(form, fc, 5) == doctest::Approx((once_s + 5 * per_flop_s * work_flop) / one));
  form.coefficients[static_cast<std::size_t>(Amount::kWork)] = 0;
  form.coefficients[static_cast<std::size_t>(Amount::kWeights)] = 1;
  fc.weights = 7;
  CHECK(batch_factor(form, fc, 64) == 1);
  CHECK(batch_factor(LayerForm{}, fc, 4) == 4);
}

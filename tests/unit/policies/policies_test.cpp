// Every policy's choice on the table of three layers.
#include <memory>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "policies/catalogue.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using namespace edgecut::policies::testing;

namespace {

struct Prepared {
  explicit Prepared(std::unique_ptr<Policy> made) : policy(std::move(made)) {
    decider = policy->prepare(dnn, situation);
  }
  [[nodiscard]] std::uint32_t at(double rate, double wait_s = 0) const {
    return decider->choices({base::seconds(wait_s)}).choose(base::bits_per_s(rate));
  }

  predictors::CutTable cuts = cut_table();
  platforms::NetworkProfile profile = network();
  Situation situation{cuts, profile};
  workloads::Dnn dnn = three_layers();
  std::unique_ptr<Policy> policy;
  std::unique_ptr<Decider> decider;
};

// The rate at which two cuts have the same latency when the server is idle.
double equal_rate(std::size_t a, std::size_t b) {
  const predictors::CutTable cuts = cut_table();
  const platforms::NetworkProfile profile = network();
  const Situation situation{cuts, profile};
  const CutLine one = latency_line(situation, a, {});
  const CutLine other = latency_line(situation, b, {});
  return (one.slope - other.slope) / (other.fixed - one.fixed);
}

// An uplink of constant rate that is busy until an instant.
class ConstantUplink final : public UplinkTruth {
 public:
  ConstantUplink(double rate, double free_at_s) : rate_(rate), free_at_s_(free_at_s) {}
  [[nodiscard]] base::Duration upload_end(base::Duration ready,
                                          base::DataSize size) const override {
    return base::max(ready, base::seconds(free_at_s_)) + size / base::bits_per_s(rate_);
  }

 private:
  double rate_;
  double free_at_s_;
};

}  // namespace

TEST_CASE("cloud-only puts no layer on the device, device-only puts all there") {
  for (const double rate : {0.0, 1e3, 1e9}) {
    CHECK(Prepared(make_cloud_only()).at(rate) == 0);
    CHECK(Prepared(make_device_only()).at(rate) == 3);
  }
}

TEST_CASE("a fixed cut holds at every rate, and a DNN without one runs in the cloud") {
  CHECK(Prepared(make_fixed_cut({{"small", 2}})).at(0) == 2);
  CHECK(Prepared(make_fixed_cut({{"small", 2}})).at(1e9) == 2);
  CHECK(Prepared(make_fixed_cut({{"other", 2}})).at(1e9) == 0);
}

TEST_CASE("a fixed cut beyond the last layer is a bug") {
  CHECK_THROWS_AS(Prepared(make_fixed_cut({{"small", 4}})), base::InternalError);
}

TEST_CASE(
    "neurosurgeon moves layers to the device as the uplink slows, at the rates of equal cost") {
  const Prepared prepared(make_neurosurgeon("n", {}));
  for (std::uint32_t cut = 0; cut < 3; ++cut) {
    CAPTURE(cut);
    const double rate = equal_rate(cut, cut + 1);
    CHECK(prepared.at(rate * 1.0001) == cut);
    CHECK(prepared.at(rate * 0.9999) == cut + 1);
  }
}

TEST_CASE("neurosurgeon for energy minimises energy, not latency") {
  const Prepared prepared(make_neurosurgeon("n", {.latency_weight = 0, .energy_weight = 1}));
  // Cut 1 spends kDeviceJ[1] on computing and saves 6e5 bits.
  const double bits_saved = kUploadBits[0] - kUploadBits[1];
  const double rate = kBetaW * bits_saved / (kDeviceJ[1] - kAlphaUpJPerBit * bits_saved);
  REQUIRE(rate < 0);  // the bits saved are worth more than the computing at any rate
  CHECK(prepared.at(1e15) == 1);
  const double next_saved = kUploadBits[1] - kUploadBits[2];
  const double next =
      kBetaW * next_saved / (kDeviceJ[2] - kDeviceJ[1] - kAlphaUpJPerBit * next_saved);
  CHECK(prepared.at(next * 1.0001) == 1);
  CHECK(prepared.at(next * 0.9999) == 2);
}

TEST_CASE("weights choose between latency and energy") {
  const double rate = 1e8;
  const Prepared latency(make_neurosurgeon("n", {}));
  const Prepared energy(make_neurosurgeon("n", {.latency_weight = 0, .energy_weight = 1}));
  const Prepared mostly_latency(
      make_neurosurgeon("n", {.latency_weight = 1, .energy_weight = 1e-6}));
  const Prepared mostly_energy(
      make_neurosurgeon("n", {.latency_weight = 1e-6, .energy_weight = 1}));
  REQUIRE(latency.at(rate) != energy.at(rate));
  CHECK(mostly_latency.at(rate) == latency.at(rate));
  CHECK(mostly_energy.at(rate) == energy.at(rate));
}

TEST_CASE("a wait at the server moves load-aware neurosurgeon to the device, the other not") {
  const double rate = 2 * equal_rate(0, 1);
  const double wait_s = 1;
  const Prepared blind(make_neurosurgeon("n", {}));
  const Prepared aware(make_neurosurgeon("n", {.load_aware = true}));
  CHECK(!blind.decider->depends_on_load());
  CHECK(aware.decider->depends_on_load());
  CHECK(blind.at(rate, wait_s) == 0);
  CHECK(aware.at(rate, 0) == 0);
  CHECK(aware.at(rate, wait_s) == 3);
}

TEST_CASE("the wait at which load-aware neurosurgeon leaves the server is the latency it saves") {
  const double rate = 2 * equal_rate(0, 1);
  const Prepared aware(make_neurosurgeon("n", {.load_aware = true}));
  const CutLine cloud = latency_line(aware.situation, 0, {});
  const double saved_s = kDeviceS[3] - (cloud.fixed + cloud.slope / rate);
  CHECK(aware.at(rate, saved_s * 0.9999) == 0);
  CHECK(aware.at(rate, saved_s * 1.0001) == 3);
}

TEST_CASE("the oracle sees true costs and asks for the truth of each query") {
  const Prepared oracle(make_oracle());
  CHECK(oracle.policy->sees_true_costs());
  CHECK(oracle.decider->wants_truth());
  CHECK(oracle.decider->depends_on_load());
}

TEST_CASE("on an idle uplink of constant rate the oracle chooses as neurosurgeon does") {
  const Prepared oracle(make_oracle());
  const Prepared neurosurgeon(make_neurosurgeon("n", {}));
  const base::Duration start = base::seconds(10);
  for (double rate = 1e5; rate < 1e9; rate *= 1.1) {
    CAPTURE(rate);
    CHECK(oracle.decider->choose_knowing(ConstantUplink(rate, 0), start, {}) ==
          neurosurgeon.at(rate));
  }
}

TEST_CASE("the oracle keeps a query on the device while its uplink is busy") {
  const Prepared oracle(make_oracle());
  const double rate = 2 * equal_rate(0, 1);
  const double start_s = 10;
  const auto choice = [&](double busy_s) {
    return oracle.decider->choose_knowing(ConstantUplink(rate, start_s + busy_s),
                                          base::seconds(start_s), {});
  };
  CHECK(choice(0) == 0);
  CHECK(choice(1) == 3);
}

TEST_CASE("a policy that decides without the truth cannot be asked to use it") {
  const Prepared cloud(make_cloud_only());
  CHECK_THROWS_AS(static_cast<void>(cloud.decider->choose_knowing(ConstantUplink(1, 0), {}, {})),
                  base::InternalError);
}

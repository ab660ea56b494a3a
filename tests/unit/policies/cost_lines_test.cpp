// What a policy expects of a cut, against formulas over the table's numbers.
#include <cmath>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::policies;
using namespace edgecut::policies::testing;
using doctest::Approx;

namespace {

constexpr double kRate = 3e6;
constexpr double kWaitS = 0.25;
constexpr double kRoundTripS = kUplinkLatencyS + kDownlinkLatencyS;
constexpr double kDownloadS = kDownloadBits / kDownlinkBitsPerS;

struct Fixture {
  predictors::CutTable cuts = cut_table();
  platforms::NetworkProfile profile = network();
  Situation situation{cuts, profile};
};

}  // namespace

TEST_CASE("latency is device, upload, way there and back, server and download") {
  const Fixture fixture;
  for (std::size_t cut = 0; cut < 3; ++cut) {
    CAPTURE(cut);
    const double expected =
        kDeviceS[cut] + kUploadBits[cut] / kRate + kRoundTripS + kServerS[cut] + kDownloadS;
    const auto latency =
        expected_latency(fixture.situation, fixture.cuts.cuts[cut], base::bits_per_s(kRate), {});
    CHECK(base::in_seconds(latency) == Approx(expected).epsilon(1e-12));
    const CutLine line = latency_line(fixture.situation, cut, {});
    CHECK(line.fixed + line.slope / kRate == Approx(expected).epsilon(1e-12));
    CHECK(line.slope == kUploadBits[cut]);
    CHECK(line.cut == cut);
  }
}

TEST_CASE("device-only pays no network and no server, whatever the rate and the load") {
  const Fixture fixture;
  const ServerLoad busy{base::seconds(kWaitS)};
  const auto latency =
      expected_latency(fixture.situation, fixture.cuts.cuts[3], base::bits_per_s(0), busy);
  CHECK(base::in_seconds(latency) == kDeviceS[3]);
  CHECK(base::in_joules(expected_energy(fixture.situation, fixture.cuts.cuts[3],
                                        base::bits_per_s(0))) == kDeviceJ[3]);
}

TEST_CASE("a published wait counts for every cut with layers on the server") {
  const Fixture fixture;
  const ServerLoad busy{base::seconds(kWaitS)};
  for (std::size_t cut = 0; cut < 4; ++cut) {
    CAPTURE(cut);
    const double added = latency_line(fixture.situation, cut, busy).fixed -
                         latency_line(fixture.situation, cut, {}).fixed;
    CHECK(added == Approx(cut < 3 ? kWaitS : 0).epsilon(1e-12));
  }
}

TEST_CASE("energy is computing, alpha a bit and beta a second, up and down") {
  const Fixture fixture;
  for (std::size_t cut = 0; cut < 3; ++cut) {
    CAPTURE(cut);
    const double expected = kDeviceJ[cut] + kAlphaUpJPerBit * kUploadBits[cut] +
                            kBetaW * kUploadBits[cut] / kRate + kAlphaDownJPerBit * kDownloadBits +
                            kBetaW * kDownloadS;
    const auto energy =
        expected_energy(fixture.situation, fixture.cuts.cuts[cut], base::bits_per_s(kRate));
    CHECK(base::in_joules(energy) == Approx(expected).epsilon(1e-12));
    const CutLine line = energy_line(fixture.situation, cut);
    CHECK(line.fixed + line.slope / kRate == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("a network that does not charge downloads makes them free") {
  Fixture fixture;
  fixture.profile.charges_download = false;
  const CutLine line = latency_line(fixture.situation, 0, {});
  CHECK(line.fixed == Approx(kDeviceS[0] + kServerS[0] + kRoundTripS).epsilon(1e-12));
  CHECK(energy_line(fixture.situation, 0).fixed ==
        Approx(kDeviceJ[0] + kAlphaUpJPerBit * kUploadBits[0]).epsilon(1e-12));
}

TEST_CASE("an upload without a connection takes for ever") {
  const Fixture fixture;
  CHECK(std::isinf(base::in_seconds(
      expected_latency(fixture.situation, fixture.cuts.cuts[0], base::bits_per_s(0), {}))));
}

TEST_CASE("an output that is uploaded although no layer runs on the server pays the way") {
  Fixture fixture;
  fixture.cuts.cuts[3].upload = base::bits(100);
  const CutLine line = latency_line(fixture.situation, 3, {base::seconds(kWaitS)});
  CHECK(line.fixed == Approx(kDeviceS[3] + kRoundTripS).epsilon(1e-12));
  CHECK(line.slope == 100);
}

TEST_CASE("a load scales the server's layers, adds one wait, and a wait a layer") {
  Fixture fixture;
  const ServerLoad load{
      .wait = base::seconds(kWaitS), .level = 3, .kernel_wait = base::seconds(0.5)};
  constexpr std::uint32_t kKernels = 7;
  for (std::size_t cut = 0; cut < kServerS.size(); ++cut) {
    fixture.cuts.cuts[cut].server_kernels = kServerS[cut] > 0 ? kKernels : 0;
    const double expected =
        kServerS[cut] > 0 ? kWaitS + (load.level - 1) * kServerS[cut] + kKernels * 0.5 : 0;
    CHECK(base::in_seconds(added_by_load(fixture.cuts.cuts[cut], load)) ==
          Approx(expected).epsilon(1e-12));
    const double idle = latency_line(fixture.situation, cut, {}).fixed;
    CHECK(latency_line(fixture.situation, cut, load).fixed - idle ==
          Approx(expected).epsilon(1e-12));
  }
}

// Settings: what names resolve to, what the server's load does, what is refused.
#include <string>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::planning;
using testing::request;
using testing::setting;

TEST_CASE("the rate is the network's own unless another is given") {
  const Setting own = setting("imc", "jetson-tk1-gpu", "lte-2015");
  CHECK(own.uplink == *own.network.uplink);
  Request other = request("imc", "jetson-tk1-gpu", "lte-2015");
  other.uplink = base::megabits_per_s(3);
  CHECK(make_setting(other).uplink == base::megabits_per_s(3));
}

TEST_CASE("on a network without transfer time every cut sends in no time") {
  const Setting ideal = setting("imc", "jetson-tk1-gpu", "ideal");
  CHECK_FALSE(ideal.sending_takes_time());
  for (const CutRow& row : cut_rows(ideal.by_truth(), ideal.uplink)) {
    CHECK(row.transfer == base::seconds(0));
    CHECK(row.latency == row.device + row.server);
  }
}

TEST_CASE("at load L the server's layers take 1 / (1 - L) times as long, the device's the same") {
  Request busy = request("vgg", "jetson-tk1-gpu", "wifi-2015");
  busy.load = 0.75;
  const Setting loaded = make_setting(busy);
  const Setting idle = setting("vgg", "jetson-tk1-gpu", "wifi-2015");
  for (std::size_t cut = 0; cut < idle.truth.cuts.size(); ++cut) {
    CHECK(base::in_seconds(loaded.truth.cuts[cut].server_time) ==
          doctest::Approx(base::in_seconds(idle.truth.cuts[cut].server_time) / (1 - busy.load)));
    CHECK(loaded.truth.cuts[cut].device_time == idle.truth.cuts[cut].device_time);
  }
}

TEST_CASE("everything that is wrong with the names is told at once") {
  Request wrong = request("imx", "jetson-tk1-gpuu", "wify");
  wrong.server = "k41";
  try {
    make_setting(wrong);
    FAIL("accepted");
  } catch (const base::ConfigError& error) {
    REQUIRE(error.problems().size() == 4);
    CHECK(error.problems()[0].where == "--model");
    CHECK(error.problems()[0].what.find("imc") != std::string::npos);
    CHECK(error.problems()[3].where == "--network");
  }
}

TEST_CASE("a server is no mobile device") {
  CHECK_THROWS_AS(setting("imc", "tesla-k40", "wifi"), base::ConfigError);
}

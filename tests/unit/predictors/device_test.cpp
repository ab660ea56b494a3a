#include "platforms/device.hpp"

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "predictors/calibrated_model.hpp"
#include "support.hpp"

using namespace edgecut;
using edgecut::predictors::testing::Scratch;

TEST_CASE("each shipped device reads, has facts with sources, and a cost model that exists") {
  const std::vector<std::string> names = base::data_names("platforms/devices", ".json");
  CHECK(names.size() >= 4);
  for (const std::string& name : names) {
    CAPTURE(name);
    const platforms::Device device = platforms::find_device(name, {}, "test");
    CHECK(device.name == name);
    CHECK(!device.hardware.empty());
    const bool is_mobile = device.kind == platforms::DeviceKind::kMobile;
    CHECK((device.idle_power > base::watts(0)) == is_mobile);
    CHECK(predictors::find_cost_model(device.cost_model, device.directory, "test")->name() == name);
  }
}

TEST_CASE("a device file reports all of its mistakes at once") {
  const Scratch scratch;
  const auto path = scratch.write("bad.json", R"({"title": "", "kind": "mobil", "idle_power_w": -1,
    "cost_model": "x", "hardware": [{"name": "CPU", "value": "v", "source": "s", "year": 99}],
    "idle_power_source": "s", "colour": "red"})");
  try {
    static_cast<void>(platforms::load_device(path));
    FAIL("accepted");
  } catch (const base::ConfigError& error) {
    const std::string text = error.what();
    CAPTURE(text);
    for (const char* part :
         {"#/title", "#/kind", "\"mobile\"", "#/idle_power_w", "#/hardware/0/year", "#/colour"}) {
      CAPTURE(part);
      CHECK(text.find(part) != std::string::npos);
    }
  }
}

TEST_CASE("an unknown device is refused where it is named") {
  CHECK_THROWS_WITH_AS(static_cast<void>(platforms::find_device("jetson", {}, "s.json#/device")),
                       doctest::Contains("s.json#/device"), base::ConfigError);
}

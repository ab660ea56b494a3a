#include <map>
#include <memory>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "predictors/calibrate.hpp"
#include "support.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFileBytesMax = 1U << 22U;

fs::path tables_folder() { return base::data_directory() / "predictors" / "calibration"; }

struct NetworkSum {
  base::Duration time;
  base::Energy energy;
};

NetworkSum sum_layers(const CostModel& model, const workloads::Dnn& dnn) {
  NetworkSum sum;
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    const LayerCost cost = model.cost(dnn, i);
    CHECK(cost.time > base::seconds(0));
    sum.time += cost.time;
    sum.energy += cost.power * cost.time;
  }
  return sum;
}

// The same network under a name that has no entries: only forms apply.
workloads::Dnn renamed(const workloads::Dnn& dnn) {
  workloads::Dnn::Description description;
  description.name = "renamed";
  description.input = dnn.input_shape();
  description.input_size = dnn.input_size();
  description.layers.assign(dnn.layers().begin(), dnn.layers().end());
  return workloads::Dnn(std::move(description), "test");
}

base::Duration time_of(const CostModel& model, const workloads::Dnn& dnn, const std::string& name) {
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    if (dnn.layers()[i].name == name) {
      return model.cost(dnn, i).time;
    }
  }
  FAIL("no layer " << name);
  return {};
}

}  // namespace

TEST_CASE("the shipped cost models are what the tables give, byte for byte") {
  const Scratch scratch;
  const std::vector<std::string> devices = write_calibrated_models(tables_folder(), scratch.path());
  CHECK(devices == base::data_names("predictors/models", ".json"));
  for (const std::string& device : devices) {
    CAPTURE(device);
    const std::string file = device + ".json";
    CHECK(base::read_file(scratch.path() / file, kFileBytesMax) ==
          base::read_file(base::data_directory() / "predictors" / "models" / file, kFileBytesMax));
  }
}

TEST_CASE("layers of each network add up to its measured time and mean power on each device") {
  const CalibrationTables tables = load_calibration_tables(tables_folder());
  REQUIRE(tables.totals.size() == 4 * 8);
  for (const MeasuredTotal& total : tables.totals) {
    CAPTURE(total.device);
    CAPTURE(total.dnn);
    const auto model = find_cost_model(total.device, {}, "test");
    const workloads::Dnn dnn = workloads::find_model(total.dnn, {}, "test");
    const NetworkSum sum = sum_layers(*model, dnn);
    // On the CPUs every layer is as measured; their sum misses the total's rounding only.
    CHECK(sum.time / total.time == doctest::Approx(1).epsilon(1e-3));
    CHECK(base::in_watts(sum.energy / sum.time) ==
          doctest::Approx(base::in_watts(total.power.value_or(base::watts(0)))));
  }
}

TEST_CASE("a soundly measured layer costs what was measured") {
  const CalibrationTables tables = load_calibration_tables(tables_folder());
  std::map<std::string, std::unique_ptr<CostModel>> models;
  std::map<std::string, workloads::Dnn> dnns;
  for (const MeasuredTotal& total : tables.totals) {
    models.try_emplace(total.device, find_cost_model(total.device, {}, "test"));
    dnns.try_emplace(total.dnn, workloads::find_model(total.dnn, {}, "test"));
  }
  std::map<std::string, int> compared;
  for (const MeasuredLayer& measured : tables.layers) {
    for (const auto& [device, time] : measured.time) {
      const std::string place = device + ": " + measured.dnn + "/" + measured.layer;
      CAPTURE(place);
      const base::Duration cost =
          time_of(*models.at(device), dnns.at(measured.dnn), measured.layer);
      CHECK(cost / time == doctest::Approx(1).epsilon(1e-5));
      ++compared[device];
    }
  }
  CHECK(compared["jetson-tk1-cpu"] == compared["xeon-e5-2620v2"]);
  CHECK(compared["jetson-tk1-cpu"] == static_cast<int>(tables.layers.size()));
  CHECK(compared["jetson-tk1-gpu"] == compared["tesla-k40"]);
}

TEST_CASE("fc6 takes near 45 % of AlexNet's time on the TK1 GPU") {
  // The study reports 45 % (Kang et al., ASPLOS 2017); nothing of it went into the calibration.
  const auto model = find_cost_model("jetson-tk1-gpu", {}, "test");
  const workloads::Dnn dnn = workloads::find_model("imc", {}, "test");
  const double share = time_of(*model, dnn, "fc6") / sum_layers(*model, dnn).time;
  CHECK(share > 0.42);
  CHECK(share < 0.50);
}

TEST_CASE("no GPU layer works faster than the peak of its board") {
  // Peak fp32 of the boards: 326 Gflop/s (NVIDIA, Tegra K1, 2014), 4.29 Tflop/s (Tesla K40, 2013);
  // peak memory rate: 14.9 GB/s and 288 GB/s.
  struct Peak {
    const char* device;
    double flop_per_s;
    double bytes_per_s;
  };
  for (const Peak& peak :
       {Peak{"jetson-tk1-gpu", 326e9, 14.9e9}, Peak{"tesla-k40", 4.29e12, 288e9}}) {
    const auto model = find_cost_model(peak.device, {}, "test");
    for (const char* name : {"imc", "vgg", "face", "dig"}) {
      const workloads::Dnn dnn = workloads::find_model(name, {}, "test");
      for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
        const workloads::Layer& layer = dnn.layers()[i];
        if (layer.type == workloads::LayerType::kDropout) {
          continue;  // starts no kernel
        }
        const std::string place = std::string(peak.device) + " " + name + "/" + layer.name;
        CAPTURE(place);
        const double seconds = base::in_seconds(model->cost(dnn, i).time);
        CHECK(seconds > base::in_flop(layer.work) / peak.flop_per_s);
        CHECK(seconds > 4 * static_cast<double>(layer.weights) / peak.bytes_per_s);
      }
    }
  }
}

TEST_CASE("forms alone give each large network's time within a factor of two") {
  for (const char* device : {"jetson-tk1-cpu", "jetson-tk1-gpu", "tesla-k40", "xeon-e5-2620v2"}) {
    const auto model = find_cost_model(device, {}, "test");
    for (const char* name : {"imc", "vgg", "face", "dig", "asr"}) {
      const workloads::Dnn dnn = workloads::find_model(name, {}, "test");
      const double ratio = sum_layers(*model, renamed(dnn)).time / sum_layers(*model, dnn).time;
      const std::string place = std::string(device) + ": " + name;
      CAPTURE(place);
      CHECK(ratio > 0.5);
      CHECK(ratio < 2.0);
    }
  }
}

TEST_CASE("layers measured longer than their network are refused") {
  CalibrationTables tables = load_calibration_tables(tables_folder());
  for (MeasuredTotal& total : tables.totals) {
    if (total.device == "tesla-k40" && total.dnn == "asr") {
      total.time = base::milliseconds(1);
    }
  }
  std::vector<workloads::Dnn> dnns;
  for (const char* name : {"imc", "vgg", "face", "dig", "asr", "pos", "ner", "chk"}) {
    dnns.push_back(workloads::find_model(name, {}, "test"));
  }
  CHECK_THROWS_AS(calibrate(tables, dnns, "tesla-k40", ""), base::ConfigError);
  CHECK_THROWS_AS(calibrate(tables, dnns, "no-such-device", ""), base::ConfigError);
}

TEST_CASE("every mistake in the tables is named with its line") {
  const Scratch scratch;
  static_cast<void>(scratch.write(
      "measured-layers.csv", "# source\ndnn,layer,x_us\nimc,conv1,12\nimc,conv2\nimc,fc6,-3\n"));
  static_cast<void>(scratch.write(
      "single-layers.csv",
      "layer_type,channels,height,width,outputs,kernel,stride,local_size,x_us\nrelv,1,1,1,,,,,5\n"
      "relu,1.5,1,1,,,,,5\n"));
  static_cast<void>(scratch.write("totals.csv", "device,dnn,time,power_w\n"));
  try {
    static_cast<void>(load_calibration_tables(scratch.path()));
    FAIL("accepted");
  } catch (const base::ConfigError& error) {
    const std::string text = error.what();
    for (const char* part : {"measured-layers.csv:4", "measured-layers.csv:5",
                             "single-layers.csv:2", "\"relu\"", "single-layers.csv:3", "time_ms"}) {
      CAPTURE(text);
      CHECK(text.find(part) != std::string::npos);
    }
  }
}

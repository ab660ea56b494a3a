#include "predictors/profile.hpp"

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "predictors/belief.hpp"
#include "predictors/fit_predictor.hpp"
#include "predictors/profile_template.hpp"
#include "support.hpp"
#include "workloads/model_file.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;
using workloads::LayerType;

namespace {

double fact(const ProfileRow& row, Fact which) {
  return row.facts.at(static_cast<std::size_t>(which));
}

Profile read(const std::string& text, const std::string& device = "") {
  const Scratch scratch;
  return load_profile({scratch.write("p.csv", text)}, {.device = device});
}

// What reading complains of; "" when it does not.
std::string problem_of(const std::string& text, const std::string& device = "") {
  try {
    static_cast<void>(read(text, device));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "";
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

const std::string kHeader = "layer_type,channels,height,width,outputs,kernel,stride,time_ms\n";

}  // namespace

TEST_CASE("a row gives a layer with its shapes and work inferred, times in their column's unit") {
  const Profile profile =
      read("# a comment\n" + kHeader + "convolution,3,8,8,16,3,1,2.5\r\n\nrelu,16,6,6,,,,0.5\n");
  REQUIRE(profile.rows.size() == 2);
  const ProfileRow& row = profile.rows[0];
  CHECK(row.type == LayerType::kConvolution);
  CHECK(row.time_s == doctest::Approx(2.5e-3));
  const double pixels = 6 * 6;
  CHECK(fact(row, Fact::kPixels) == pixels);
  CHECK(fact(row, Fact::kWork) == 2 * 3 * 3 * 3 * 16 * pixels);
  CHECK(fact(row, Fact::kDepth) == 3 * 3 * 3);
  CHECK_FALSE(row.power_w.has_value());
  CHECK(read("layer_type,channels,time_us,power_w\nrelu,4,7,3.5\n").rows[0].power_w == 3.5);
}

TEST_CASE("short names of types and columns are read, and one device's rows of several") {
  const std::string text =
      "device,layer_type,in_channels,in_height,in_width,out_channels,time_s\n"
      "a,fc,10,1,1,5,1e-3\nb,fc,10,1,1,5,2e-3\na,norm,10,1,1,,1e-3\n";
  CHECK(mentions(problem_of(text, "c"), "no row of device \"c\""));
  const Profile profile = read(text, "b");
  REQUIRE(profile.rows.size() == 1);
  CHECK(profile.rows[0].type == LayerType::kFullyConnected);
  CHECK(profile.rows[0].time_s == 2e-3);
}

TEST_CASE("tables of a public data set are known by their headers") {
  const Profile depthwise = read("HW,kernel,stride,Cin,FLOPs,latency\n14,3,1,32,1,0.5\n");
  CHECK(fact(depthwise.rows[0], Fact::kGroups) == 32);
  CHECK(fact(depthwise.rows[0], Fact::kWork) == 2 * 3 * 3 * 32 * 14 * 14);
  CHECK(depthwise.rows[0].time_s == doctest::Approx(5e-4));
  const Profile pooling = read("HW,output,Cin,latency\n28,7,3,0.5\n");
  CHECK(pooling.rows[0].type == LayerType::kPooling);
  CHECK(fact(pooling.rows[0], Fact::kPixels) == 7 * 7);
  CHECK(read("in_features,out_features,FLOPs,latency\n10,20,1,0.5\n").rows[0].type ==
        LayerType::kFullyConnected);
}

TEST_CASE("what is wrong in a profile is named by line") {
  CHECK(mentions(problem_of(kHeader + "convolution,3,8,8,16,3,1,-2\n"),
                 "p.csv:2: time_ms: expected"));
  CHECK(
      mentions(problem_of(kHeader + "convolution,3,8,8,16,3,1,\n"), "p.csv:2: time_ms is missing"));
  CHECK(mentions(problem_of(kHeader + "relu,3,8,8,,,,nan\n"), "found \"nan\""));
  CHECK(mentions(problem_of(kHeader + "relu,3,8,8,,,,0\n"), "expected a number in (0"));
  CHECK(mentions(problem_of(kHeader + "\n\nconvolutoin,3,8,8,16,3,1,2\n"),
                 "p.csv:4: unknown layer type \"convolutoin\", did you mean \"convolution\"?"));
  CHECK(mentions(problem_of(kHeader + "convolution,3,8,8,16,9,1,2\n"), "p.csv:2"));
  CHECK(
      mentions(problem_of(kHeader + "relu,1e300,8,8,,,,2\n"), "channels: expected a whole number"));
  CHECK(mentions(problem_of(kHeader + "relu,1.5,8,8,,,,2\n"), "found 1.5"));
  CHECK(mentions(problem_of(kHeader + "relu,16777216,16777216,8,,,,2\n"), "p.csv:2"));
  CHECK(mentions(problem_of(kHeader + "relu,3,8,8,,,,1e300\n"), "expected a number in (0"));
  CHECK(mentions(problem_of(kHeader + "relu,3,8\n"), "found 3 cells, the header has 8"));
}

TEST_CASE("headers without what is needed, twice the same or unknown are refused") {
  CHECK(mentions(problem_of(""), "is empty"));
  CHECK(mentions(problem_of("# only a comment\n"), "is empty"));
  CHECK(mentions(problem_of(kHeader), "no measured layer"));
  CHECK(mentions(problem_of("layer_type,channels\nrelu,3\n"), "time_s, time_ms, time_us"));
  CHECK(mentions(problem_of("channels,time_s\n3,1\n"), "no column \"layer_type\""));
  CHECK(mentions(problem_of("layer_type,channels,channels,time_s\nrelu,3,3,1\n"), "twice"));
  CHECK(
      mentions(problem_of("layer_type,channels,in_channels,time_s\nrelu,3,3,1\n"), "two columns"));
  CHECK(
      mentions(problem_of("layer_type,chanels,time_s\nrelu,3,1\n"), "did you mean \"channels\"?"));
  CHECK(mentions(problem_of("layer_type,channels,time_s,time_ms\nrelu,3,1,1\n"),
                 "2 columns of time"));
}

TEST_CASE("a million bad rows end in a hundred messages") {
  std::string text = kHeader;
  for (int i = 0; i < 1'000'000; ++i) {
    text += "relu,3,8,8,,,,-1\n";
  }
  CHECK(mentions(problem_of(text), "stopped after so many problems"));
}

TEST_CASE("a single layer of a type stands for itself") {
  const PredictorData data = fit_predictor(
      read("layer_type,channels,time_s\nrelu,4,1\nrelu,8,2\nhard_tanh,4,7\n"), "mine", {});
  REQUIRE(data.types.size() == 2);
  CHECK(data.types[0].samples == 2);
  CHECK(data.types[1].time.form == Form::kConstant);
  CHECK(data.types[1].tried.empty());
  const ProfileRow other = read("layer_type,channels,time_s\nhard_tanh,40,1\n").rows[0];
  CHECK(seconds_inside(data.types[1], other.facts) == 7);
}

TEST_CASE("the published form cannot predict types without work, and says so") {
  const FitOptions published{.forms = FormChoice::kPublished, .folds = {}};
  const PredictorData data = fit_predictor(
      read("layer_type,channels,time_s\nconcat,4,1\nconcat,8,2\nrelu,8,2\n"), "mine", published);
  REQUIRE(data.types.size() == 1);
  CHECK(data.types[0].type == LayerType::kRelu);
  REQUIRE(data.not_fitted.size() == 1);
  CHECK(data.not_fitted[0].type == LayerType::kConcat);
  CHECK(data.not_fitted[0].samples == 2);
}

TEST_CASE("a filled-in template has the facts of the models' layers and predicts them") {
  std::vector<workloads::Dnn> dnns;
  for (const char* name : {"imc", "vgg", "asr"}) {
    dnns.push_back(workloads::find_model(name, {}, name));
  }
  const auto truth = find_costs("jetson-tk1-cpu", {.kind = BeliefKind::kForms, .files = {}}, {});
  // Rows stand in the order of the layers, repeated ones left out: times go in by layer name.
  std::map<std::string, double> seconds;
  for (const workloads::Dnn& dnn : dnns) {
    for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
      seconds[dnn.name() + "," + dnn.layers()[i].name + ","] =
          base::in_seconds(truth->cost(dnn, i).time);
    }
  }
  std::string filled;
  std::istringstream lines(profile_template(dnns));
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with(",")) {
      const std::size_t end = line.find(',', line.find(',') + 1) + 1;
      line += std::to_string(1e3 * seconds.at(line.substr(0, end)));
    }
    filled += line + "\n";
  }
  const FittedPredictor fitted(fit_predictor(read(filled), "mine", {}), {});
  for (const workloads::Dnn& dnn : dnns) {
    base::Duration expected;
    base::Duration predicted;
    for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
      expected += truth->cost(dnn, i).time;
      predicted += fitted.cost(dnn, i).time;
    }
    INFO(dnn.name());
    CHECK(predicted / expected == doctest::Approx(1).epsilon(0.05));
  }
}

TEST_CASE("a predictor file reads back, and damaged ones are refused") {
  std::string text = "layer_type,channels,height,width,outputs,kernel,stride,time_ms,power_w\n";
  for (int c = 1; c <= 30; ++c) {
    text += "convolution," + std::to_string(c) + ",9,9," + std::to_string(40 - c) + ",3,1," +
            std::to_string(1 + 0.1 * c) + "," + std::to_string(5 + 0.01 * c) + "\n";
  }
  const PredictorData data = fit_predictor(read(text), "mine", {});
  const ProfileRow row = read(text).rows[7];
  const std::string json = predictor_json(data);
  const Scratch scratch;
  const PredictorData again = load_predictor(scratch.write("mine.json", json));
  CHECK(predictor_json(again) == json);
  REQUIRE(again.types.size() == 1);
  CHECK(seconds_alone(again.types[0], row.facts) ==
        doctest::Approx(seconds_alone(data.types[0], row.facts)).epsilon(1e-4));
  CHECK(predict(*again.types[0].power, row.facts) == doctest::Approx(5.08).epsilon(0.05));
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string damaged = json;
    const std::size_t at = damaged.find(from);
    REQUIRE(at != std::string::npos);
    CHECK_THROWS_AS(static_cast<void>(load_predictor(
                        scratch.write("bad.json", damaged.replace(at, from.size(), to)))),
                    base::ConfigError);
  };
  refused("\"device\"", "\"devise\"");
  refused("\"base\":[", "\"base\":[1,");
  refused("\"form\":\"" + form_names()[static_cast<std::size_t>(data.types[0].time.form)],
          "\"form\":\"crystal_ball");
  refused("\"convolution\"", "\"convolutoin\"");
}

TEST_CASE("a layer type that a predictor was not fitted to is an error that names it") {
  const FittedPredictor predictor(
      fit_predictor(read("layer_type,channels,time_s\nrelu,4,1\nrelu,8,2\n"), "mine", {}), {});
  const workloads::Dnn dnn = workloads::find_model("imc", {}, "imc");
  CHECK_THROWS_WITH_AS(static_cast<void>(predictor.cost(dnn, 0)),
                       doctest::Contains("no layer of type convolution"), base::ConfigError);
}

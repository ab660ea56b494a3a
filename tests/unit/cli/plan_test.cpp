// `plan` as a user runs it.
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

const std::vector<std::string> kAlexNet = {"plan",      "--model",        "imc",
                                           "--device",  "jetson-tk1-gpu", "--server",
                                           "tesla-k40", "--network",      "wifi-2015"};

std::vector<std::string> with(std::vector<std::string> more) {
  std::vector<std::string> line = kAlexNet;
  line.insert(line.end(), more.begin(), more.end());
  return line;
}

}  // namespace

TEST_CASE("plan stars pool5 for AlexNet on the TK1's GPU over Wi-Fi") {
  const Scratch scratch;
  const Ended ended = run(scratch, kAlexNet);
  CHECK(ended.exit_code == 0);
  CHECK(ended.err.empty());
  CHECK(holds(ended.out, "best for latency: after pool5"));
}

TEST_CASE("plan --json is one JSON document with the model's size") {
  const Scratch scratch;
  const Ended ended = run(scratch, with({"--json"}));
  CHECK(ended.exit_code == 0);
  const auto document = nlohmann::json::parse(ended.out);
  CHECK(document["model"]["parameters"] == 60965224);
  CHECK(document["best"]["energy"]["after"] == "pool5");
}

TEST_CASE("plan of a chain in ONNX or Caffe form needs no import first") {
  const Scratch scratch;
  const std::string file = (scratch.path() / "two.prototxt").string();
  const std::string text =
      "name: \"two\"\n"
      "input: \"data\"\ninput_dim: 1\ninput_dim: 3\ninput_dim: 8\ninput_dim: 8\n"
      "layer { name: \"conv\" type: \"Convolution\" bottom: \"data\" top: \"conv\"\n"
      "  convolution_param { num_output: 4 kernel_size: 3 } }\n"
      "layer { name: \"fc\" type: \"InnerProduct\" bottom: \"conv\" top: \"fc\"\n"
      "  inner_product_param { num_output: 2 } }\n";
  scratch.write("two.prototxt", text);
  const Ended ended =
      run(scratch, {"plan", "-m", file, "-d", "jetson-tk1-cpu", "-n", "lte", "--csv"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "\n2,fc,"));
}

TEST_CASE("several settings give a row each and a sum") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"plan", "-m", "imc,asr", "-d", "jetson-tk1-cpu,jetson-tk1-gpu",
                                    "-n", "wifi-2015,3g-2015", "--predictor", "forms"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, " of 8 choices are the best for latency"));
}

TEST_CASE("plan draws a picture, whole or not at all") {
  const Scratch scratch;
  const auto picture = scratch.path() / "plan.svg";
  CHECK(run(scratch, with({"--plot", picture.string()})).exit_code == 0);
  CHECK(std::filesystem::file_size(picture) > 1000);
  const Ended refused = run(scratch, with({"--plot", (scratch.path() / "plan.pdf").string()}));
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
}

TEST_CASE("plan refuses what makes no sense, with the option's name") {
  const Scratch scratch;
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    const Ended ended = run(scratch, with(std::move(more)));
    CHECK(ended.out.empty());
    return ended.exit_code == 2 && holds(ended.err, part);
  };
  CHECK(refused({"-b", "nan"}, "--bandwidth-mbps"));
  CHECK(refused({"-b", "-3"}, "--bandwidth-mbps"));
  CHECK(refused({"-b", "9:1:log"}, "--bandwidth-mbps"));
  CHECK(refused({"--load", "1"}, "--load"));
  CHECK(refused({"--load", "nan"}, "--load"));
  CHECK(refused({"--objective", "speed"}, "--objective"));
  CHECK(refused({"--objective", "weighted", "--latency-weight", "0", "--energy-weight", "0"},
                "--latency-weight"));
  CHECK(refused({"--json", "--csv"}, "--csv"));
  CHECK(refused({"-m", "imk", "-b", "1:2"}, "--model"));
  CHECK(refused({"-m", "vgg", "-b", "1:2"}, "--bandwidth-mbps"));
}

#include "workloads/model_file.hpp"

#include <filesystem>

#include <doctest/doctest.h>

#include "base/json_reader.hpp"
#include "build.hpp"

using namespace edgecut;
using namespace edgecut::workloads;
using testing::told;

namespace {

const std::string kHead = R"({"name": "n", "input": {"channels": 3, "height": 8, "width": 8}, )";

Dnn read(const std::string& text) {
  return read_model(base::JsonDocument::from_text(text, "m.json"));
}

Dnn read_layers(const std::string& layers) { return read(kHead + "\"layers\": [" + layers + "]}"); }

std::vector<base::Problem> problems_of(const std::string& text) {
  try {
    read(text);
  } catch (const base::ConfigError& error) {
    return error.problems();
  }
  return {};
}

std::vector<base::Problem> layer_problems(const std::string& layers) {
  return problems_of(kHead + "\"layers\": [" + layers + "]}");
}

}  // namespace

TEST_CASE("a small file reads with defaults: inputs from the layer before, fp32 input size") {
  const Dnn dnn = read_layers(R"({"name": "c", "type": "convolution", "outputs": 4, "kernel": 3},
                                 {"name": "p", "type": "pooling", "kernel": 2, "stride": 2},
                                 {"name": "l", "type": "lrn"})");
  CHECK(dnn.name() == "n");
  CHECK(dnn.layers()[0].inputs == std::vector<std::uint32_t>{kNetworkInput});
  CHECK(dnn.layers()[2].inputs == std::vector<std::uint32_t>{1});
  CHECK(dnn.layers()[0].output == Shape{1, 4, 6, 6});
  CHECK(dnn.layers()[2].output == Shape{1, 4, 3, 3});
  CHECK(dnn.layers()[2].parameters.local_size == 5);
  CHECK(base::in_bytes(dnn.input_size()) == 4 * 3 * 8 * 8);
  CHECK(!dnn.output_is_uploaded());
}

TEST_CASE("every key of every layer type reaches its parameter") {
  const Dnn dnn = read_layers(R"(
    {"name": "c", "type": "convolution", "outputs": 6, "kernel": [1, 3], "stride": [2, 1],
     "pad": [1, 2, 3, 4], "dilation": 2, "groups": 3, "bias": false},
    {"name": "l", "type": "local", "outputs": 2, "kernel": 2, "stride": 2, "pad": 1, "bias": false},
    {"name": "p", "type": "pooling", "kernel": [2, 3], "stride": 3, "pad": 1, "round_up": false},
    {"name": "g", "type": "pooling", "global_pooling": true},
    {"name": "n", "type": "lrn", "local_size": 3},
    {"name": "f", "type": "fully_connected", "outputs": 9, "bias": false})");
  const LayerParameters& c = dnn.layers()[0].parameters;
  CHECK(c.outputs == 6);
  CHECK(c.kernel_height == 1);
  CHECK(c.kernel_width == 3);
  CHECK(c.stride == 2);
  CHECK(c.stride_columns() == 1);
  CHECK(c.sides() == Padding{1, 2, 3, 4});
  CHECK(c.dilation == 2);
  CHECK(c.groups == 3);
  CHECK(!c.bias);
  CHECK(dnn.layers()[1].parameters.sides() == Padding{1, 1, 1, 1});
  CHECK(dnn.layers()[1].parameters.stride_columns() == 2);
  CHECK(!dnn.layers()[1].parameters.bias);
  CHECK(dnn.layers()[2].parameters.kernel_width == 3);
  CHECK(!dnn.layers()[2].parameters.round_up);
  CHECK(dnn.layers()[3].parameters.global_pooling);
  CHECK(dnn.layers()[4].parameters.local_size == 3);
  CHECK(!dnn.layers()[5].parameters.bias);
  // And back: what the writer leaves out is a default.
  const std::string text = write_model(dnn);
  CHECK(write_model(read(text)) == text);
  CHECK(text.find(R"("pad": [1, 2, 3, 4])") != std::string::npos);
}

TEST_CASE("branches are named by \"inputs\", the network's input by \"input\"") {
  const Dnn dnn = read_layers(R"(
    {"name": "a", "type": "relu"},
    {"name": "b", "type": "sigmoid", "inputs": ["input"]},
    {"name": "c", "type": "concat", "inputs": ["a", "b"]},
    {"name": "d", "type": "convolution", "outputs": 6, "kernel": 1, "inputs": ["a"]},
    {"name": "e", "type": "eltwise", "inputs": ["c", "d"]})");
  CHECK(dnn.layers()[1].inputs == std::vector<std::uint32_t>{kNetworkInput});
  CHECK(dnn.layers()[2].inputs == std::vector<std::uint32_t>{0, 1});
  CHECK(dnn.layers()[4].inputs == std::vector<std::uint32_t>{2, 3});
  CHECK(dnn.layers()[4].output == Shape{1, 3 + 3, 8, 8});
  const std::string text = write_model(dnn);
  CHECK(text.find(R"("inputs": ["input"])") != std::string::npos);
  CHECK(write_model(read(text)) == text);
}

TEST_CASE("several mistakes in one file are told together, each at its pointer") {
  const auto problems = problems_of(R"({
    "name": "n", "titel": "typo",
    "input": {"channels": 3, "height": 8, "width": 8, "size_bytes": 10},
    "layers": [
      {"name": "c", "type": "convolution", "outputs": 4, "kernel": 3, "stride": -1},
      {"name": "p", "type": "poolng", "kernel": 2},
      {"name": "f", "type": "fully_connected", "outputs": 4.5, "kernal": 2},
      {"name": "g", "type": "fully_connected"},
      {"name": "h", "type": "relu", "inputs": ["gg", 7]},
      {"name": "h", "type": "relu", "inputs": ["g"]},
      {"type": "relu"}
    ]})");
  CHECK(told(problems, "m.json#/titel", "unknown key, did you mean \"title\"?"));
  CHECK(
      told(problems, "m.json#/layers/0/stride", "a whole number in [1, 16777216], got number -1"));
  CHECK(told(problems, "m.json#/layers/1/type",
             "unknown value \"poolng\", did you mean \"pooling\"?"));
  CHECK(told(problems, "m.json#/layers/2/outputs", "got number 4.5"));
  CHECK(told(problems, "m.json#/layers/2/kernal", "unknown key"));
  CHECK(told(problems, "m.json#/layers/3", "missing key \"outputs\""));
  CHECK(
      told(problems, "m.json#/layers/4/inputs/0", "no layer is named \"gg\", did you mean \"g\"?"));
  CHECK(told(problems, "m.json#/layers/4/inputs/1", "expected a string, got number 7"));
  CHECK(told(problems, "m.json#/layers/5", "duplicate name"));
  CHECK(told(problems, "m.json#/layers/6", "missing key \"name\""));
  CHECK(problems.size() == 10);
}

TEST_CASE("mistakes of shape are told beside mistakes of reading, without echoes") {
  const auto problems = layer_problems(R"(
    {"name": "wrong", "type": "relu", "inputs": ["input"], "slope": 1},
    {"name": "after", "type": "pooling", "kernel": 100},
    {"name": "big", "type": "convolution", "outputs": 2, "kernel": 9, "inputs": ["input"]},
    {"name": "sum", "type": "eltwise", "inputs": ["after", "big"]})");
  CHECK(told(problems, "m.json#/layers/0/slope", "unknown key"));
  CHECK(told(problems, "m.json#/layers/2",
             "layer \"big\": kernel 9x9 is larger than its input, 8x8"));
  CHECK(problems.size() == 2);
}

TEST_CASE("a key that the layer's type does not have is refused") {
  CHECK(told(layer_problems(R"({"name": "r", "type": "relu", "outputs": 3})"),
             "m.json#/layers/0/outputs", "unknown key"));
  CHECK(told(layer_problems(R"({"name": "p", "type": "pooling", "kernel": 2, "groups": 3})"),
             "m.json#/layers/0/groups", "unknown key"));
  CHECK(
      told(layer_problems(R"({"name": "p", "type": "pooling", "global_pooling": true, "pad": 1})"),
           "m.json#/layers/0", "global pooling takes no \"pad\""));
}

TEST_CASE("lists of the wrong length are told with the right form") {
  const std::string start = R"({"name": "c", "type": "convolution", "outputs": 1, )";
  CHECK(told(layer_problems(start + R"("kernel": [1, 2, 3]})"), "m.json#/layers/0/kernel",
             "[height, width], got 3 elements"));
  CHECK(told(layer_problems(start + R"("kernel": 1, "pad": [1, 2]})"), "m.json#/layers/0/pad",
             "[top, left, bottom, right], got 2 elements"));
  CHECK(told(layer_problems(start + R"("kernel": 1, "stride": []})"), "m.json#/layers/0/stride",
             "got 0 elements"));
  CHECK(told(layer_problems(start + R"("kernel": 1, "pad": [0, 0, -1, 0]})"),
             "m.json#/layers/0/pad/2", "a whole number in [0, 16777216]"));
  CHECK(told(layer_problems(start + R"("kernel": "3x3"})"), "m.json#/layers/0/kernel",
             "a whole number"));
}

TEST_CASE("cycles, unused layers, huge dimensions and shapes that do not fit are told") {
  const auto cycle = layer_problems(R"(
    {"name": "a", "type": "eltwise", "inputs": ["input", "b"]}, {"name": "b", "type": "relu"})");
  CHECK(told(cycle, "m.json#/layers/0", "cycle: a -> b -> a"));
  CHECK(told(layer_problems(R"({"name": "a", "type": "relu"},
                               {"name": "b", "type": "relu", "inputs": ["input"]})"),
             "m.json#/layers/0", "no layer takes its output"));
  CHECK(told(layer_problems(R"({"name": "a", "type": "fully_connected", "outputs": 1e15})"),
             "m.json#/layers/0/outputs", "in [1, 16777216]"));
  const auto huge = problems_of(R"({"name": "n",
      "input": {"batch": 16777216, "channels": 16777216, "height": 16777216, "width": 16777216},
      "layers": [{"name": "a", "type": "relu"}]})");
  CHECK(told(huge, "m.json#", "the network's input elements are more than 2^63, allowed: at most"));
  CHECK(huge.size() == 1);
  const auto shapes = layer_problems(R"(
    {"name": "a", "type": "pooling", "kernel": 2}, {"name": "b", "type": "relu", "inputs": ["input"]},
    {"name": "c", "type": "eltwise", "inputs": ["a", "b"]})");
  CHECK(told(shapes, "m.json#/layers/2", "cannot combine 3x7x7 and 3x8x8"));
}

TEST_CASE("values of the wrong kind anywhere give problems, never a crash") {
  CHECK(told(problems_of("[]"), "m.json#", "expected an object, got array"));
  CHECK(told(problems_of("{}"), "m.json#", "missing key \"layers\""));
  CHECK(told(problems_of(kHead + "\"layers\": 3}"), "m.json#/layers", "expected an array"));
  CHECK(told(layer_problems(""), "m.json#/layers", "at least 1 element"));
  CHECK(told(layer_problems("null, 3"), "m.json#/layers/1", "expected an object, got number 3"));
  CHECK(told(layer_problems(R"({"name": 3, "type": []})"), "m.json#/layers/0/type", "one of:"));
  CHECK(told(layer_problems(R"({"name": "r", "type": "relu", "inputs": []})"),
             "m.json#/layers/0/inputs", "at least 1 element"));
  CHECK(told(layer_problems(R"({"name": "r", "type": "relu", "inputs": "a"})"),
             "m.json#/layers/0/inputs", "expected an array"));
  CHECK(told(problems_of(R"({"name": "n", "input": 3, "layers": [{"name": "r", "type": "relu"}]})"),
             "m.json#/input", "expected an object"));
  for (const char* size : {"0", "-1", "1e300", "\"10\""}) {
    CAPTURE(size);
    CHECK(told(problems_of(std::string(R"({"name": "n", "input": {"channels": 1, "size_bytes": )") +
                           size + R"(}, "layers": [{"name": "r", "type": "relu"}]})"),
               "m.json#/input/size_bytes", "a number in (0, "));
  }
}

TEST_CASE("a model inside another file reports under that file's pointer, to its reader alone") {
  const auto document = base::JsonDocument::from_text(
      R"({"model": {"name": "n", "input": {"channels": 1}, "layers": [{"name": "r"}]}})", "s.json");
  base::Problems problems;
  base::JsonObject root = document.root(problems).object();
  const auto value = root.require("model");
  REQUIRE(value);
  try {
    read_model(*value);
    FAIL("read");
  } catch (const base::ConfigError& error) {
    CHECK(told(error.problems(), "s.json#/model/layers/0", "missing key \"type\""));
  }
  CHECK(problems.empty());
}

TEST_CASE("an unknown model is told with the nearest name, a missing file with its path") {
  const auto message = [](const std::string& reference) -> std::string {
    try {
      find_model(reference, "some_folder", "s.json#/workload/queries/0/model");
    } catch (const base::ConfigError& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message("vggg") ==
        "s.json#/workload/queries/0/model: unknown model \"vggg\", did you mean \"vgg\"?");
  CHECK(message("other.json").find("no such model file: some_folder/other.json") !=
        std::string::npos);
  CHECK_THROWS_WITH(load_model("net.onnx"), doctest::Contains("net.onnx: no such file"));
}

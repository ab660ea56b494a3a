// `edgecut fit` and `edgecut profile-template`.
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

// Convolutions of thirty widths at 1 ns a channel, and one softmax.
std::string profile() {
  std::string text = "layer_type,channels,height,width,outputs,kernel,time_us,power_w\n";
  for (int c = 1; c <= 30; ++c) {
    text +=
        "convolution," + std::to_string(c) + ",16,16,8,3," + std::to_string(100 + 3 * c) + ",6\n";
  }
  return text + "softmax,10,1,1,,,20,5\n";
}

}  // namespace

TEST_CASE("fit writes a predictor, reports held-out errors and tells what could not be tested") {
  const Scratch scratch;
  scratch.write("p.csv", profile());
  const Ended ended = run(
      scratch, {"fit", "p.csv", "--device", "board", "--out", "b.json", "--date", "2026-01-31"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "convolution"));
  CHECK(holds(ended.err, "softmax: 1 measured"));
  const auto predictor = nlohmann::json::parse(scratch.read("b.json"));
  CHECK(predictor["device"] == "board");
  CHECK(predictor["card"]["date"] == "2026-01-31");
  CHECK(predictor["card"]["data"] == "p.csv");
  CHECK(predictor["types"]["convolution"]["tried"].size() >= 4);
  CHECK(predictor["types"]["convolution"]["power"]["form"] == "constant");
}

TEST_CASE("fit reports as JSON, and the published form alone when asked") {
  const Scratch scratch;
  scratch.write("p.csv", profile());
  const Ended ended = run(scratch, {"fit", "p.csv", "--device", "board", "--out", "b.json",
                                    "--forms", "published", "--json"});
  REQUIRE(ended.exit_code == 0);
  const auto report = nlohmann::json::parse(ended.out);
  CHECK(report["types"][0]["type"] == "convolution");
  CHECK(report["types"][0]["time"]["form"] == "published");
  CHECK(report["types"][0]["time"]["error_median"] >= 0);
}

TEST_CASE("a profile that cannot be read leaves no predictor behind") {
  const Scratch scratch;
  scratch.write("p.csv", profile() + "softmax,10,1,1,,,-20,5\n");
  const Ended ended = run(scratch, {"fit", "p.csv", "--device", "board", "--out", "b.json"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "p.csv:33: time_us"));
  CHECK_FALSE(scratch.has("b.json"));
  CHECK(run(scratch, {"fit", "p.csv", "--out", "b.json"}).exit_code == 2);
  CHECK(run(scratch, {"fit", "nothing.csv", "--device", "b", "--out", "b.json"}).exit_code == 2);
}

TEST_CASE("a template filled in is a profile, and the fitted predictor runs in a scenario") {
  const Scratch scratch;
  const Ended table = run(scratch, {"profile-template", "dig", "imc"});
  REQUIRE(table.exit_code == 0);
  std::string filled;
  std::istringstream lines(table.out);
  for (std::string line; std::getline(lines, line);) {
    filled += line + (line.ends_with(",") ? "0.5\n" : "\n");
  }
  scratch.write("p.csv", filled);
  CHECK(run(scratch, {"fit", "p.csv", "--device", "gpu", "--out", "gpu.json"}).exit_code == 0);
  nlohmann::json scenario = fleet();
  scenario["workload"]["queries"] = nlohmann::json::parse(R"([{"model": "dig"}])");
  const std::string device = scenario["fleet"][0]["device"];
  scenario["predictor"] = {{"files", {{device, "gpu.json"}}}};
  scratch.write("s.json", scenario);
  CHECK(run(scratch, {"validate", "s.json"}).exit_code == 0);
}

TEST_CASE("a template names models that it does not know") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"profile-template", "imcc", "--out", "t.csv"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "unknown model \"imcc\""));
  CHECK_FALSE(scratch.has("t.csv"));
}

// A plan as text, JSON and CSV says the same.
#include "planning/report.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::planning;
using testing::setting;

namespace {

PlanView view_of(const Setting& one) {
  return {&one, {latency_objective(), energy_objective()}, std::nullopt};
}

std::size_t lines_of(const std::string& text) { return base::split(text, '\n').size() - 1; }

}  // namespace

TEST_CASE("the text stars the best cut and names both ends") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  const std::string text = plan_text(view_of(one));
  CHECK(text.find("* latency, energy") != std::string::npos);
  CHECK(text.find("best for latency: after pool5") != std::string::npos);
  CHECK(text.find("cloud-only") != std::string::npos);
}

TEST_CASE("JSON holds the model's size, every cut, and the best for each objective") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  const auto document = nlohmann::json::parse(plan_json(view_of(one)));
  CHECK(document["model"]["parameters"] == one.dnn->weights());
  CHECK(document["model"]["work_flop"] == base::in_flop(one.dnn->work()));
  CHECK(document["cuts"].size() == one.dnn->layers().size() + 1);
  CHECK(document["best"]["latency"]["after"] == "pool5");
  const auto& best = document["cuts"][document["best"]["latency"]["cut"].get<std::size_t>()];
  CHECK(best["latency_s"] == document["best"]["latency"]["latency_s"]);
  for (const auto& cut : document["cuts"]) {
    CHECK(cut["latency_s"].get<double>() >= best["latency_s"].get<double>());
  }
  CHECK_FALSE(document["best"]["latency"].contains("by_truth"));
}

TEST_CASE("CSV has a row a cut; of a sweep a row a rate") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  PlanView view = view_of(one);
  CHECK(lines_of(plan_csv(view)) == 1 + one.dnn->layers().size() + 1);
  view.sweep = read_sweep("1:10:log:7", "here");
  CHECK(lines_of(plan_csv(view)) == 1 + 7);
}

TEST_CASE("a sweep's JSON and text tell where the best cut changes") {
  const Setting one = setting("imc", "jetson-tk1-gpu", "wifi-2015");
  PlanView view = view_of(one);
  view.sweep = read_sweep("0.1:1000", "here");
  const auto document = nlohmann::json::parse(plan_json(view));
  const auto& intervals = document["sweep"]["latency"];
  REQUIRE(intervals.size() >= 3);  // device-only, pool5, cloud-only
  CHECK(intervals.front()["after"] == one.dnn->layers().back().name);
  CHECK(intervals.back()["after"] == "input");
  CHECK(plan_text(view).find("Best cut for energy") != std::string::npos);
}

TEST_CASE("with a predictor the report says what the choice truly costs") {
  Request guessed = testing::request("imc", "jetson-tk1-gpu", "wifi-2015");
  guessed.predictor = "forms";
  const Setting one = make_setting(guessed);
  CHECK(plan_text(view_of(one)).find("by the true costs") != std::string::npos);
  const auto document = nlohmann::json::parse(plan_json(view_of(one)));
  const auto& by_truth = document["best"]["latency"]["by_truth"];
  CHECK(by_truth["optimal"]["latency_s"].get<double>() <=
        by_truth["chosen"]["latency_s"].get<double>());
}

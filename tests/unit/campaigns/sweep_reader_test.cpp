#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "support.hpp"

using namespace edgecut::campaigns;
using namespace edgecut::campaigns::testing;
using edgecut::testing::TempFolder;

TEST_CASE("axes multiply, the last one turns fastest, and values go to their places") {
  const TempFolder folder;
  const std::vector<int> seeds = {7, 8};
  const std::vector<double> rates = {1, 2.5, 4};
  const Sweep sweep = read(
      testing::sweep({axis("/seed", seeds), axis("/workload/arrivals/rate_per_s", rates)}), folder);
  REQUIRE(sweep.points() == seeds.size() * rates.size());
  CHECK(axis_names(sweep) == std::vector<std::string>{"seed", "rate_per_s"});
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    for (std::size_t j = 0; j < rates.size(); ++j) {
      const std::uint64_t point = i * rates.size() + j;
      json expected = base();
      expected["seed"] = seeds[i];
      expected["workload"]["arrivals"]["rate_per_s"] = rates[j];
      CHECK(resolve(sweep, point) == expected);
      CHECK(axis_cells(sweep, point) ==
            std::vector<std::string>{std::to_string(seeds[i]),
                                     edgecut::base::format_number(rates[j])});
    }
  }
}

TEST_CASE("axes in a zip turn together") {
  const TempFolder folder;
  const json zip = {{"zip", {axis("/seed", {1, 2, 3}), axis("/cloud/gpus", {4, 5, 6})}}};
  const Sweep sweep = read(testing::sweep({zip, axis("/stop/queries", {10, 20})}), folder);
  REQUIRE(sweep.points() == 3 * 2);
  CHECK(axis_cells(sweep, 3) == std::vector<std::string>{"2", "5", "20"});
}

TEST_CASE("an axis may put its value at several places, and label it") {
  const TempFolder folder;
  json two = axis("", {{{"count", 2}, {"network", "ideal"}}});
  two["pointer"] = {"/fleet/0", "/description"};
  two["labels"] = {"pair"};
  two["name"] = "fleet";
  json label_for_text = axis("/name", {"a,b"});
  const Sweep sweep = read(testing::sweep({two, label_for_text}), folder);
  const json point = resolve(sweep, 0);
  CHECK(point["fleet"][0] == point["description"]);
  CHECK(axis_cells(sweep, 0) == std::vector<std::string>{"pair", "a,b"});
}

TEST_CASE(
    "ranges are linear or logarithmic, end where they should and are written as people would") {
  const TempFolder folder;
  const auto values = [&](const json& range) {
    json one = range;
    one["pointer"] = "/cloud/gpus";
    return read(testing::sweep({one}), folder).groups[0][0].values;
  };
  CHECK(values({{"from", 1}, {"to", 3}, {"count", 5}}) == std::vector<json>{1, 1.5, 2, 2.5, 3});
  CHECK(values({{"from", 0.1}, {"to", 100}, {"count", 4}, {"scale", "log"}}) ==
        std::vector<json>{0.1, 1, 10, 100});
  CHECK(values({{"from", 5}, {"to", 9}, {"count", 1}}) == std::vector<json>{5});
  const auto logarithmic = values({{"from", 0.1}, {"to", 100}, {"count", 31}, {"scale", "log"}});
  for (std::size_t i = 0; i < logarithmic.size(); ++i) {
    const double exact = 0.1 * std::pow(1000.0, static_cast<double>(i) / 30);
    CHECK(std::abs(logarithmic[i].get<double>() / exact - 1) < 1e-8);
  }
}

TEST_CASE(
    "a glob gives the files below the trace folder, sorted, each once, unreadable ones left out on "
    "request") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "traces");
  for (const char* name : {"traces/b.csv", "traces/a.csv"}) {
    folder.write(name, "time_s,rate_mbps\n0,1\n1,2\n");
  }
  folder.write("traces/readme.csv", "no trace at all");
  json glob = {{"pointer", "/fleet/0/trace"}, {"glob", {"*.csv", "a*"}}};
  const auto names = [&](const json& one) {
    return read(testing::sweep({one}), folder, folder.path() / "traces").groups[0][0].values;
  };
  CHECK(names(glob) == std::vector<json>{"a.csv", "b.csv", "readme.csv"});
  glob["unreadable"] = "skip";
  CHECK(names(glob) == std::vector<json>{"a.csv", "b.csv"});
  glob["glob"] = "read*";
  CHECK(contains(told(testing::sweep({glob}), folder, folder.path() / "traces"),
                 "none of the 1 files that match is a readable trace"));
}

TEST_CASE("a base may be a file, whose folder its names are relative to") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "deep");
  folder.write("deep/base.json", base().dump());
  const Sweep sweep = read({{"base", "deep/base.json"}, {"axes", {axis("/seed", {1})}}}, folder);
  CHECK(sweep.base == base());
  CHECK(sweep.base_name == "base.json");
  CHECK(sweep.directory == folder.path() / "deep");
}

TEST_CASE("a sweep with everything in it reads back as the same sweep") {
  const TempFolder folder;
  json labelled = axis("/fleet/0/network", {"ideal"});
  labelled["labels"] = {"none"};
  const Sweep sweep = read(
      testing::sweep({{{"zip", {axis("/seed", {1, 2}), axis("/cloud/gpus", {1, 2})}}}, labelled}),
      folder);
  edgecut::base::Problems problems;
  const auto document =
      edgecut::base::JsonDocument::from_text(sweep_json(sweep).dump(), "campaign.json");
  const Sweep again = read_sweep_json(document.root(problems), sweep.base_name);
  CHECK(sweep_json(again) == sweep_json(sweep));
  CHECK(resolve(again, 1) == resolve(sweep, 1));
  CHECK(axis_cells(again, 1) == axis_cells(sweep, 1));
}

TEST_CASE("two axes that want the same place are refused, inside one another too") {
  const TempFolder folder;
  const json seed = axis("/seed", {1});
  json second = seed;
  second["name"] = "other";
  CHECK(contains(told(testing::sweep({seed, second}), folder), "\"/seed\" and \"/seed\""));
  CHECK(contains(
      told(testing::sweep({axis("/cloud", {{{"gpus", 1}}}), axis("/cloud/gpus", {1})}), folder),
      "one lies within the other"));
  CHECK(told(testing::sweep({axis("/cloud/gpus", {1}), axis("/cloud/gpu", {1})}), folder).empty());
}

TEST_CASE("a pointer that leads nowhere is refused with what is there") {
  const TempFolder folder;
  const auto refusal = [&](const std::string& pointer) {
    return told(testing::sweep({axis(pointer, {1})}), folder);
  };
  CHECK(
      contains(refusal("/fleet/1/count"), "\"/fleet\" in the base has no element \"1\"; it has 1"));
  CHECK(contains(refusal("/flet/0/count"), "did you mean \"fleet\""));
  CHECK(contains(refusal("/fleet/0/count/x"), "is a number"));
  CHECK(contains(refusal("seed"), "no JSON pointer"));
  CHECK(contains(refusal(""), "inside the base"));
}

TEST_CASE("axes without values, files or sense are refused") {
  const TempFolder folder;
  const auto refusal = [&](json one) {
    one["pointer"] = "/seed";
    return told(testing::sweep({one}), folder);
  };
  CHECK(contains(refusal({{"values", json::array()}}), "at least 1 element"));
  CHECK(contains(refusal({{"from", 1}, {"to", 2}, {"count", 0}}), "whole number in [1,"));
  CHECK(contains(refusal({{"from", 0}, {"to", 2}, {"count", 3}, {"scale", "log"}}), "in (0,"));
  CHECK(contains(refusal({{"from", 1}}), "a range needs"));
  CHECK(contains(refusal({{"glob", "nothing-*"}}), "no file matches"));
  CHECK(contains(refusal({{"values", {1}}, {"glob", "*"}}), "expected one of"));
  CHECK(contains(refusal({{"values", {1, 2}}, {"labels", {"a"}}}), "1 labels for 2 values"));
  CHECK(contains(refusal({{"values", {1}}, {"valeus", {1}}}), "unknown key"));
  CHECK(contains(refusal({{"values", {1}}, {"name", "verdict"}}), "column of the results"));
  CHECK(contains(told(testing::sweep(std::vector<json>{}), folder), "at least 1 element"));
  const json uneven = {{"zip", {axis("/seed", {1, 2}), axis("/cloud/gpus", {1})}}};
  CHECK(contains(told(testing::sweep({uneven}), folder), "as many values"));
}

TEST_CASE("more than ten million points are refused, ten million are not") {
  const TempFolder folder;
  const auto range = [](const std::string& pointer, int count) {
    return json{{"pointer", pointer}, {"from", 1}, {"to", 1e9}, {"count", count}};
  };
  const json seeds = range("/seed", 10000);
  CHECK(read(testing::sweep({seeds, range("/cloud/gpus", 1000)}), folder).points() == kPointsMax);
  CHECK(contains(told(testing::sweep({seeds, range("/cloud/gpus", 1001)}), folder),
                 "the axes make 10010000 points"));
}

TEST_CASE("an axis whose place is called like a column gets the whole pointer as its name") {
  const TempFolder folder;
  const Sweep sweep = read(testing::sweep({axis("/fleet/0/network", {"ideal"})}), folder);
  CHECK(axis_names(sweep) == std::vector<std::string>{"fleet_0_network"});
}

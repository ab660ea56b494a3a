// The schema that editors use says what the sweep reader does.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "support.hpp"

using namespace edgecut::campaigns::testing;
using edgecut::testing::TempFolder;

namespace {

json schema() {
  const auto path = std::filesystem::path(EDGECUT_SOURCE_DIR) / "docs/schemas/sweep.schema.json";
  return json::parse(edgecut::base::read_file(path, 1U << 20U));
}

}  // namespace

TEST_CASE("schema and reader take the same keys of a sweep") {
  const TempFolder folder;
  const json whole = sweep({axis("/seed", {1})});
  const json rules = schema();
  for (const auto& rule : rules["properties"].items()) {
    const std::string& key = rule.key();
    CAPTURE(key);
    json document = whole;
    if (!document.contains(key)) {
      document[key] = "text";
    }
    CHECK(told(document, folder).empty());
  }
  for (const std::string key : rules["required"]) {
    json document = whole;
    document.erase(key);
    CHECK(contains(told(document, folder), "missing key \"" + key + "\""));
  }
  json wrong = whole;
  wrong["axis"] = 1;
  CHECK(contains(told(wrong, folder), "unknown key, did you mean \"axes\""));
}

TEST_CASE("schema and reader take the same keys of an axis") {
  const TempFolder folder;
  folder.write("a.csv", "time_s,rate_mbps\n0,1\n1,2\n");
  const json axes = schema()["definitions"]["axis"];
  const std::vector<json> samples = {
      {{"pointer", "/seed"}, {"name", "s"}, {"values", {1}}, {"labels", {"one"}}},
      {{"pointer", {"/seed"}}, {"from", 1}, {"to", 2}, {"count", 2}, {"scale", "log"}},
      {{"pointer", "/fleet/0/trace"}, {"glob", "*.csv"}, {"unreadable", "skip"}}};
  std::set<std::string> used;
  for (const json& sample : samples) {
    CHECK(told(sweep({sample}), folder).empty());
    for (const auto& entry : sample.items()) {
      CAPTURE(entry.key());
      CHECK(axes["properties"].contains(entry.key()));
      used.insert(entry.key());
    }
  }
  CHECK(used.size() == axes["properties"].size());
  CHECK(contains(told(sweep({{{"values", {1}}}}), folder), "missing key \"pointer\""));
  for (const char* scale : {"linear", "log"}) {
    CHECK(
        told(
            sweep({{{"pointer", "/seed"}, {"from", 1}, {"to", 2}, {"count", 2}, {"scale", scale}}}),
            folder)
            .empty());
  }
  const json count = axes["properties"]["count"];
  for (const auto& [value, good] : std::vector<std::pair<std::int64_t, bool>>{
           {count["minimum"].get<std::int64_t>() - 1, false},
           {count["minimum"], true},
           {count["maximum"], true},
           {count["maximum"].get<std::int64_t>() + 1, false}}) {
    const json range = {{"pointer", "/seed"}, {"from", 1}, {"to", 2}, {"count", value}};
    CHECK(told(sweep({range}), folder).empty() == good);
  }
}

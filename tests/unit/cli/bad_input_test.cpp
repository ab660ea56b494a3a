// Files that are broken, hostile or absent: all told, exit code 2, nothing left behind.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program.hpp"

using namespace edgecut::cli::testing;
using nlohmann::json;

namespace {

// Runs "s.json" and expects a refusal that leaves nothing; returns what was said.
std::string refusal(const Scratch& scratch, const std::string& text) {
  scratch.write("s.json", text);
  const Ended ended = run(scratch, {"run", "s.json", "--out", "new/out"});
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(scratch.names() == std::vector<std::string>{"s.json"});
  return ended.err;
}

std::string repeated(const std::string& piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += piece;
  }
  return text;
}

std::string with_rate(const std::string& rate) {
  json document = queue(10);
  document["workload"]["arrivals"]["rate_per_s"] = "RATE";
  std::string text = document.dump();
  return text.replace(text.find("\"RATE\""), 6, rate);
}

}  // namespace

TEST_CASE("a scenario with several mistakes tells all of them and leaves no folder") {
  const Scratch scratch;
  json document = queue(0);
  document["seed"] = -1;
  document["fleet"][0]["network"] = "idael";
  document["policies"] = {"cloud-olny"};
  document["bogus"] = 1;
  const std::string told = refusal(scratch, document.dump());
  for (const char* part : {"s.json#/stop/queries: ", "s.json#/seed: ", "did you mean \"ideal\"?",
                           "did you mean \"cloud-only\"?", "s.json#/bogus: unknown key"}) {
    CAPTURE(part);
    CHECK(holds(told, part));
  }
}

TEST_CASE("numbers that are none, overflow or are negative are refused") {
  const Scratch scratch;
  CHECK(holds(refusal(scratch, with_rate("NaN")), "not valid JSON"));
  CHECK(holds(refusal(scratch, with_rate("Infinity")), "not valid JSON"));
  CHECK(holds(refusal(scratch, with_rate("1e999")), "number overflow"));
  CHECK(holds(refusal(scratch, with_rate("-1")), "rate_per_s: expected a number in (0, "));
  CHECK(holds(refusal(scratch, with_rate("\"10\"")), "rate_per_s: expected a number in (0, "));
}

TEST_CASE("empty, binary and cut files are refused") {
  const Scratch scratch;
  CHECK(holds(refusal(scratch, ""), "not valid JSON"));
  CHECK(holds(refusal(scratch, std::string("\0\1\2\xff\xfe", 5)), "not valid JSON"));
  CHECK(holds(refusal(scratch, queue(1).dump().substr(0, 100)), "not valid JSON"));
  CHECK(holds(refusal(scratch, "{\"seed\": 1, \"seed\": 2}"), "duplicate key \"seed\""));
}

TEST_CASE("deep nesting is refused, wherever it is") {
  const Scratch scratch;
  constexpr int kDeep = 100000;
  const std::string open = repeated("[", kDeep);
  const std::string nested = open + repeated("]", kDeep);
  CHECK(holds(refusal(scratch, open), "levels deep"));
  CHECK(holds(refusal(scratch, nested), "levels deep"));
  CHECK(holds(refusal(scratch, "{\"workload\": " + nested + "}"), "levels deep"));
  CHECK(holds(refusal(scratch, "{\"policies\": [" + nested + "]}"), "levels deep"));
  CHECK(holds(refusal(scratch, repeated("{\"a\":", kDeep) + "1" + repeated("}", kDeep)),
              "levels deep"));
}

TEST_CASE("a missing file and a folder instead of a file are refused") {
  const Scratch scratch;
  for (const char* command : {"run", "validate"}) {
    CAPTURE(command);
    const Ended missing = run(scratch, {command, "missing.json"});
    CHECK(missing.exit_code == 2);
    CHECK(holds(missing.err, "missing.json: no such file"));
    const Ended folder = run(scratch, {command, "."});
    CHECK(folder.exit_code == 2);
    CHECK(holds(folder.err, "is a directory"));
  }
}

TEST_CASE("empty and damaged traces are refused with their name") {
  const Scratch scratch;
  json document = fleet();
  document["fleet"][0]["trace"] = "t.csv";
  scratch.write("s.json", document);
  for (const char* text : {"", "time_s,rate_mbps\n", "time_s,rate_mbps\n0,x\n",
                           "time_s,rate_mbps\n0,nan\n1,1\n", "time_s,rate_mbps\n0,0\n1,0\n"}) {
    CAPTURE(text);
    scratch.write("t.csv", std::string(text));
    const Ended ended = run(scratch, {"run", "s.json", "--out", "out"});
    CHECK(ended.exit_code == 2);
    CHECK(holds(ended.err, "t.csv"));
    CHECK(!scratch.has("out"));
  }
}

// A sanitizer reserves more address space than the limit leaves.
TEST_CASE("a fleet too large for the memory says so" * doctest::skip(EDGECUT_SANITIZED == 1)) {
  const Scratch scratch;
  json document = queue(10);
  document["fleet"][0]["count"] = 100'000'000;
  scratch.write("s.json", document);
  Limits limits;
  limits.memory_bytes = 1'000'000'000;
  const Ended ended = run(scratch, {"run", "s.json", "--out", "new/out"}, limits);
  CHECK(ended.exit_code == 1);
  CHECK(holds(ended.err, "out of memory"));
  CHECK(scratch.names() == std::vector<std::string>{"s.json"});
}

TEST_CASE("a fleet of more nodes than can be counted is refused") {
  const Scratch scratch;
  json document = queue(10);
  document["fleet"][0]["count"] = 1e30;
  CHECK(holds(refusal(scratch, document.dump()), "s.json#/fleet/0/count: "));
}

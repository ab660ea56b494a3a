// `edgecut trace` and `edgecut calibrate`.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program.hpp"

using namespace edgecut::cli::testing;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("trace info describes a shipped trace and a file") {
  const Scratch scratch;
  scratch.write("t.csv", std::string("time_s,rate_mbps\n0,1\n1,3\n"));
  const Ended ended = run(scratch, {"trace", "info", "lte-driving", "t.csv"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "lte-driving"));
  CHECK(holds(ended.out, "t.csv"));
}

TEST_CASE("trace info tells what is wrong with a file and still describes the others") {
  const Scratch scratch;
  scratch.write("empty.csv", std::string());
  scratch.write("bad.csv", std::string("time_s,rate_mbps\n0,1\n1,nan\n"));
  const Ended ended =
      run(scratch, {"trace", "info", "empty.csv", "bad.csv", "missing.csv", "lte-driving"});
  CHECK(ended.exit_code == 2);
  CHECK(holds(ended.err, "empty.csv"));
  CHECK(holds(ended.err, "bad.csv:3"));
  CHECK(holds(ended.err, "missing.csv: no such file"));
  CHECK(holds(ended.out, "lte-driving"));
  CHECK(run(scratch, {"trace", "info", "lte-driving", "--format", "nope"}).exit_code == 2);
}

TEST_CASE("trace generate makes the same trace from the same seed, on stdout and in a file") {
  const Scratch scratch;
  const std::vector<std::string> line = {"trace", "generate",     "--preset",
                                         "lte",   "--duration-s", "120"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), line.begin(), line.end());
    return run(scratch, more);
  };
  const Ended first = with({});
  CHECK(first.exit_code == 0);
  CHECK(first.out == with({}).out);
  CHECK(first.out != with({"--seed", "2"}).out);
  CHECK(with({"--out", "t.csv"}).exit_code == 0);
  CHECK(scratch.read("t.csv") == first.out);
  CHECK(run(scratch, {"trace", "info", "t.csv"}).exit_code == 0);
}

TEST_CASE("trace generate refuses what is out of range and writes nothing") {
  const Scratch scratch;
  const std::vector<std::vector<std::string>> bad = {{},
                                                     {"--preset", "nope"},
                                                     {"--preset", "lte", "--cv", "-1"},
                                                     {"--preset", "lte", "--cv", "1e9"},
                                                     {"--preset", "lte", "--cv", "nan"},
                                                     {"--preset", "lte", "--duration-s", "0"},
                                                     {"--preset", "lte", "--duration-s", "nan"},
                                                     {"--preset", "lte", "--duration-s", "1e300"},
                                                     {"--preset", "lte", "--step-s", "0"},
                                                     {"--preset", "lte", "--outage-share", "1"},
                                                     {"--preset", "lte", "--autocorrelation", "2"},
                                                     {"--preset", "lte", "--seed", "-1"},
                                                     {"--mean-mbps", "nan"},
                                                     {"--mean-mbps", "0"},
                                                     {"--mean-mbps", "1e999"}};
  for (auto line : bad) {
    const std::string last = line.empty() ? "nothing" : line.back();
    CAPTURE(last);
    line.insert(line.begin(), {"trace", "generate", "--out", "t.csv"});
    const Ended ended = run(scratch, line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(!ended.err.empty());
    CHECK(scratch.names().empty());
  }
  const Ended nowhere =
      run(scratch, {"trace", "generate", "--preset", "lte", "--out", "no/such/folder/t.csv"});
  CHECK(nowhere.exit_code == 2);
  CHECK(holds(nowhere.err, "no/such/folder"));
}

TEST_CASE("an unknown preset is told with those that there are") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"trace", "generate", "--preset", "lte-drivin"});
  CHECK(holds(ended.err, "did you mean \"lte-driving\"?"));
}

TEST_CASE("calibrate makes the cost models that ship, byte for byte") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"calibrate", "--out", "models"});
  REQUIRE(ended.exit_code == 0);
  const std::filesystem::path shipped =
      std::filesystem::path(EDGECUT_SOURCE_DIR) / "predictors/models";
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    CHECK(scratch.read("models/" + name) == text);
    ++count;
  }
  CHECK(scratch.names("models").size() == count);
}

TEST_CASE("calibrate refuses tables that are not there and a place that cannot be written") {
  const Scratch scratch;
  scratch.write("file", std::string("x"));
  CHECK(run(scratch, {"calibrate", "--tables", "none", "--out", "m"}).exit_code == 2);
  CHECK(run(scratch, {"calibrate", "--out", "file/m"}).exit_code == 2);
}

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/distribution.hpp"
#include "base/json_reader.hpp"

using namespace edgecut::base;
namespace fs = std::filesystem;

namespace {

struct Reading {
  Distribution distribution;
  std::vector<Problem> problems;
};

Reading read(const std::string& text, const std::string& suffix = "_s",
             const fs::path& folder = "nowhere") {
  const auto document = JsonDocument::from_text(text, "t.json");
  Problems problems;
  Reading reading;
  reading.distribution = read_distribution(document.root(problems), folder, suffix);
  reading.problems = problems.list();
  return reading;
}

std::string first_problem(const std::string& text) {
  const auto problems = read(text).problems;
  return problems.empty() ? "" : problems.front().where + ": " + problems.front().what;
}

std::string cdf_error(const std::string& text) {
  try {
    static_cast<void>(parse_cdf(text, "x.cdf"));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("each distribution is read with its own keys") {
  using Kind = Distribution::Kind;
  const auto check = [](const std::string& text, Kind kind, double mean, double cv) {
    CAPTURE(text);
    const Reading reading = read(text);
    CHECK(reading.problems.empty());
    CHECK(reading.distribution.kind() == kind);
    CHECK(reading.distribution.mean() == doctest::Approx(mean));
    CHECK(reading.distribution.cv() == doctest::Approx(cv));
  };
  check(R"({"distribution": "constant", "value_s": 0})", Kind::kConstant, 0, 0);
  check(R"({"distribution": "uniform", "min_s": 1, "max_s": 3})", Kind::kUniform, 2,
        2 / std::sqrt(12.0) / 2);
  check(R"({"distribution": "exponential", "mean_s": 0.01})", Kind::kExponential, 0.01, 1);
  check(R"({"distribution": "gamma", "mean_s": 2, "cv": 0.5})", Kind::kGamma, 2, 0.5);
  check(R"({"distribution": "lognormal", "mean_s": 2, "cv": 3})", Kind::kLognormal, 2, 3);
  check(R"({"distribution": "hyperexponential", "mean_s": 2, "cv": 3})", Kind::kHyperexponential, 2,
        3);
}

TEST_CASE("the unit in the keys is the caller's") {
  CHECK(read(R"({"distribution": "exponential", "mean_bytes": 5})", "_bytes").problems.empty());
  const auto wrong = read(R"({"distribution": "exponential", "mean_s": 5})", "_bytes").problems;
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].what == "missing key \"mean_bytes\"");
  CHECK(wrong[1].where == "t.json#/mean_s");
}

TEST_CASE("mistakes in a distribution are told at their key") {
  CHECK(first_problem("3").starts_with("t.json#: expected an object such as"));
  CHECK(first_problem("{}") == "t.json#: missing key \"distribution\"");
  CHECK(first_problem(R"({"distribution": "exponental"})") ==
        "t.json#/distribution: unknown value \"exponental\", did you mean \"exponential\"?");
  CHECK(first_problem(R"({"distribution": "exponential", "mean_s": 0})")
            .starts_with("t.json#/mean_s: expected a number in (0"));
  CHECK(first_problem(R"({"distribution": "gamma", "mean_s": 1, "cv": 0})")
            .starts_with("t.json#/cv: expected a number in [0.001, 100]"));
  CHECK(first_problem(R"({"distribution": "hyperexponential", "mean_s": 1, "cv": 0.5})")
            .starts_with("t.json#/cv: expected a number in [1, 100]"));
  CHECK(first_problem(R"({"distribution": "uniform", "min_s": 2, "max_s": 2})")
            .starts_with("t.json#/max_s: expected a number in (2"));
  CHECK(first_problem(R"({"distribution": "constant", "value_s": 1, "cv": 2})")
            .starts_with("t.json#/cv: unknown key"));
  CHECK(first_problem(R"({"distribution": "empirical", "file": 3})") ==
        "t.json#/file: expected a string, got number 3");
  CHECK(first_problem(R"({"distribution": "empirical", "file": "x.cdf"})") ==
        "t.json#/file: nowhere/x.cdf: no such file");
}

TEST_CASE("a .cdf file takes blanks, tabs, commas, comments and both line ends") {
  const auto points = parse_cdf("# header\n0 0\r\n 1.5\t0.25\n\n2, 0.5\n3e0 0.999", "x.cdf");
  REQUIRE(points.size() == 4);
  CHECK(points[1].value == 1.5);
  CHECK(points[2].probability == 0.5);
  CHECK(points[3].value == 3);
}

TEST_CASE("every damaged row of a .cdf file is told by its line") {
  CHECK(cdf_error("0 0\n1 x\n2 0.5 7\n-1 0.6\nnan 0.7\n3 1.5\n4\n5 1\n") ==
        "x.cdf:2: expected a probability in [0, 1], got \"x\"\n"
        "x.cdf:3: expected \"value probability\", got 3 columns\n"
        "x.cdf:4: expected a value in [0, 1e15], got \"-1\"\n"
        "x.cdf:5: expected a value in [0, 1e15], got \"nan\"\n"
        "x.cdf:6: expected a probability in [0, 1], got \"1.5\"\n"
        "x.cdf:7: expected \"value probability\", got 1 column");
  CHECK(cdf_error("0 0\n2 0.5\n1 0.7\n3 0.4\n3 1") ==
        "x.cdf:3: value falls from 2 to 1\nx.cdf:4: probability falls from 0.5 to 0.4");
}

TEST_CASE("a .cdf file must go from 0 to nearly 1 and hold something above 0") {
  CHECK(cdf_error("") == "x.cdf: expected at least 2 rows \"value probability\"");
  CHECK(cdf_error("1 0.1\n2 1\n") == "x.cdf: the first probability must be 0, got 0.1");
  CHECK(cdf_error("0 0\n2 0.98\n") == "x.cdf: the last probability must be in [0.99, 1], got 0.98");
  CHECK(cdf_error("0 0\n0 1\n5 1\n") == "x.cdf: every value is 0: the mean must be positive");
  CHECK(cdf_error("0 0\n2 0.999\n") == "");
}

TEST_CASE("a file with damage everywhere is not read to its end") {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "broken\n";
  }
  CHECK(cdf_error(text).ends_with("x.cdf: reading stopped after 20 problems"));
}

TEST_CASE("an empirical distribution is read from its file and rescaled when asked") {
  const fs::path folder = fs::temp_directory_path() / ("edgecut-cdf-" + std::to_string(getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "x.cdf") << "0 0\n4 1\n";
  const auto plain = read(R"({"distribution": "empirical", "file": "x.cdf"})", "_s", folder);
  const auto scaled =
      read(R"({"distribution": "empirical", "file": "x.cdf", "mean_s": 7})", "_s", folder);
  fs::remove_all(folder);
  CHECK(plain.problems.empty());
  CHECK(plain.distribution.mean() == 2);
  CHECK(scaled.problems.empty());
  CHECK(scaled.distribution.mean() == 7);
  CHECK(scaled.distribution.quantile(0.5) == doctest::Approx(7));
}

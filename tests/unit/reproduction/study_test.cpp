// The study's file, and that nothing published enters the calibration.
#include "reproduction/study.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

using namespace edgecut;
using namespace edgecut::reproduction;

namespace {

constexpr std::size_t kBytesMax = 1 << 20;

// The fields of a CSV that are numbers.
template <class Visit>
void for_each_number(const std::string& csv, Visit visit) {
  for (const std::string_view line : base::split(csv, '\n')) {
    if (line.starts_with("#")) {
      continue;
    }
    for (const std::string_view field : base::split(line, ',')) {
      if (const auto number = base::parse_number(field)) {
        visit(*number);
      }
    }
  }
}

}  // namespace

TEST_CASE("the shipped study has 48 configurations and names its source") {
  const Study study = read_study(shipped_study());
  CHECK(study.models.size() * study.networks.size() * study.devices.size() == 48);
  CHECK(study.published_source.find("ASPLOS 2017") != std::string::npos);
  CHECK(study.published_value("latency_gain_mean").has_value());
  CHECK_FALSE(study.published_value("no such value").has_value());
}

TEST_CASE("a damaged study file tells every mistake at once") {
  const auto path = std::filesystem::temp_directory_path() / "edgecut-study-test.json";
  for (const char* text : {"{}", R"({"models": ["imc"], "device": []})"}) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file != nullptr);
    std::fputs(text, file);
    std::fclose(file);
    try {
      read_study(path);
      FAIL("accepted");
    } catch (const base::ConfigError& error) {
      CHECK(error.problems().size() >= 5);
    }
  }
  std::filesystem::remove(path);
}

TEST_CASE("no table that calibration reads holds a result that the study's evaluation published") {
  // Ratios and shares that the figures are compared with; plain times (0.18 s) may occur by chance
  // in a table of milliseconds, figures with three digits or more do not.
  const Study study = read_study(shipped_study());
  const std::filesystem::path tables =
      std::filesystem::path(EDGECUT_SOURCE_DIR) / "predictors/calibration";
  std::size_t numbers = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tables)) {
    if (entry.path().extension() != ".csv") {
      continue;
    }
    for_each_number(base::read_file(entry.path(), kBytesMax), [&](double number) {
      ++numbers;
      for (const char* name : {"latency_gain_max", "energy_saving_mean", "energy_saving_max",
                               "optimal_share", "throughput_gain_lte", "throughput_gain_3g"}) {
        CAPTURE(name);
        CHECK(number != *study.published_value(name));
      }
    });
  }
  CHECK(numbers > 500);
}

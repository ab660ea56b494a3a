#include "predictors/shipped_predictors.hpp"

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "predictors/predictor.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::predictors;
using namespace edgecut::predictors::testing;

TEST_CASE("the predictors that ship are what the calibration tables give, byte for byte") {
  constexpr std::size_t kBytesMax = 1U << 24U;
  const Scratch scratch;
  const auto tables = base::data_directory() / "predictors" / "calibration";
  const auto files = write_shipped_predictors(tables, scratch.path());
  CHECK(files.size() == 8);  // four processors, fitted and published
  for (const auto& file : files) {
    const auto shipped =
        base::data_directory() / "predictors" / std::filesystem::relative(file, scratch.path());
    INFO(shipped.string());
    CHECK(base::read_file(file, kBytesMax) == base::read_file(shipped, kBytesMax));
    CHECK(load_predictor(shipped).device == shipped.stem().string());
  }
}

// The key "predictor": what policies believe.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/file.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

std::vector<double> believed_s(const json& predictor, const std::filesystem::path& directory = {}) {
  const auto costs =
      scenarios::testing::read(with(dnn(), "/predictor", predictor), directory).model.costs.front();
  std::vector<double> list;
  for (const predictors::CutCost& cut : costs.belief.cuts) {
    list.push_back(base::in_seconds(cut.device_time + cut.server_time));
  }
  return list;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each kind of predictor is a belief of its own") {
  std::vector<std::vector<double>> beliefs;
  for (const char* kind : {"truth", "forms", "published", "fitted"}) {
    beliefs.push_back(believed_s(kind));
  }
  for (std::size_t i = 0; i < beliefs.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      CHECK(beliefs[i] != beliefs[k]);
    }
  }
}

TEST_CASE("a predictor file stands for one processor, the kind for the others") {
  const Scratch scratch;
  const auto shipped = base::data_directory() / "predictors" / "published" / "jetson-tk1-gpu.json";
  std::filesystem::copy_file(shipped, scratch.path() / "mine.json");
  const json files = {{"jetson-tk1-gpu", "mine.json"}};
  const auto published = believed_s("published");
  const auto fitted = believed_s("fitted");
  const auto mixed = believed_s({{"files", files}}, scratch.path());
  CHECK(mixed.front() == fitted.front());   // all on the server
  CHECK(mixed.back() == published.back());  // all on the device
  CHECK(believed_s({{"kind", "published"}, {"files", files}}, scratch.path()) == published);
}

TEST_CASE("predictors that are not there, and processors that the scenario lacks, are named") {
  const auto problem = [](const json& predictor) {
    return told(with(dnn(), "/predictor", predictor));
  };
  CHECK(mentions(problem("fited"), "s#/predictor"));
  CHECK(mentions(problem("fited"), "did you mean \"fitted\"?"));
  CHECK(mentions(problem({{"files", {{"tesla-k04", "x.json"}}}}),
                 "s#/predictor/files/tesla-k04: the scenario has no such device or server, did you "
                 "mean \"tesla-k40\"?"));
  CHECK(mentions(problem({{"files", {{"tesla-k40", "x.json"}}}}), "predictor of tesla-k40"));
  CHECK(mentions(problem({{"kind", "fitted"}}), "files"));
  CHECK(mentions(problem(3), "s#/predictor"));
}

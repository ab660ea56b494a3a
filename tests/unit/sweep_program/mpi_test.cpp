// Ranks of an MPI job write the same bytes as one process.
#include <string>

#include <doctest/doctest.h>
#include <unistd.h>

#include "support.hpp"

using namespace edgecut::cli::testing;

namespace {

// Sanitizers report what Open MPI itself leaks.
bool can_run_mpi() {
  const bool can = !std::string(EDGECUT_MPIRUN).empty() && EDGECUT_SANITIZED == 0;
  if (!can) {
    MESSAGE("skipped: built without MPI, or with sanitizers");
  }
  return can;
}

Limits ranks(int count) {
  Limits limits;
  limits.launcher = {EDGECUT_MPIRUN, "--oversubscribe", "-n", std::to_string(count)};
  if (getuid() == 0) {
    limits.launcher.insert(limits.launcher.begin() + 1, "--allow-run-as-root");
  }
  return limits;
}

}  // namespace

TEST_CASE("one to four ranks write the same bytes as one job") {
  if (!can_run_mpi()) {
    return;
  }
  const Scratch scratch;
  scratch.write("s.json", seeds(12, 2000));
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "one"}).exit_code == 0);
  const auto expected = results_in(scratch, "one");
  for (int count = 1; count <= 4; ++count) {
    CAPTURE(count);
    const std::string out = "ranks" + std::to_string(count);
    const Ended ended = run(scratch, {"sweep", "s.json", "--out", out}, ranks(count));
    CHECK(ended.exit_code == 0);
    CHECK(results_in(scratch, out) == expected);
    const auto info = nlohmann::json::parse(scratch.read(out + "/run_info.json"));
    CHECK(info["workers"] == count);
  }
}

TEST_CASE("a job tells a mistake once, and failed points by its exit code") {
  if (!can_run_mpi()) {
    return;
  }
  const Scratch scratch;
  auto document = seeds(1, 100);
  document["axes"] = {{{"pointer", "/cloud/gpus"}, {"values", {1, -1, 2}}}};
  scratch.write("s.json", document);
  CHECK(run(scratch, {"sweep", "s.json", "--out", "out"}, ranks(3)).exit_code == 6);
  scratch.write("folder/file", std::string("text"));
  const Ended refused = run(scratch, {"sweep", "s.json", "--out", "folder"}, ranks(3));
  CHECK(refused.exit_code == 2);
  const std::string said = "not of a campaign";
  CHECK(contains(refused.err, said));
  CHECK(refused.err.find(said) == refused.err.rfind(said));
  document["axes"][0]["pointer"] = "/cluod/gpus";
  scratch.write("s.json", document);
  const Ended typo = run(scratch, {"sweep", "s.json", "--out", "new"}, ranks(3));
  CHECK(typo.exit_code == 2);
  CHECK(typo.err.find("unknown pointer") == typo.err.rfind("unknown pointer"));
}

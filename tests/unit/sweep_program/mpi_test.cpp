// Ranks of an MPI job write the same bytes as one process.
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <signal.h>
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

// The rank that a process of a job has, or nothing.
std::string rank_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/environ");
  const std::string name = "OMPI_COMM_WORLD_RANK=";
  for (std::string variable; std::getline(file, variable, '\0');) {
    if (variable.rfind(name, 0) == 0) {
      return variable.substr(name.size());
    }
  }
  return "";
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

TEST_CASE("what a rank that is killed had under way is done by the others") {
  if (!can_run_mpi()) {
    return;
  }
  const Scratch scratch;
  scratch.write("s.json", seeds(6, queries_of(0.15)));
  REQUIRE(run(scratch, {"sweep", "s.json", "--jobs", "1", "--out", "one"}).exit_code == 0);
  Limits three = ranks(3);
  three.launcher.insert(three.launcher.begin() + 1, "--enable-recovery");
  Running running(scratch, {"sweep", "s.json", "--out", "out"}, three);
  // With one point done all ranks are past their start.
  REQUIRE(wait_until(
      [&] { return scratch.has("out/points") && !scratch.names("out/points").empty(); }));
  int killed = 0;
  for (const pid_t process : children_of(running.pid())) {
    killed += rank_of(process) == "2" && kill(process, SIGKILL) == 0 ? 1 : 0;
  }
  CHECK(killed == 1);
  CHECK(running.wait().exit_code == 0);
  CHECK(results_in(scratch, "out") == results_in(scratch, "one"));
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

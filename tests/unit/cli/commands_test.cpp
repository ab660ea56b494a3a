// The command line itself, `list` and `validate`.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program.hpp"

using namespace edgecut::cli::testing;

TEST_CASE("--version says the program's name and version") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"--version"});
  CHECK(ended.exit_code == 0);
  CHECK(ended.out.starts_with("edgecut "));
  CHECK(ended.err.empty());
}

TEST_CASE("--help names every command and every exit code") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"--help"});
  CHECK(ended.exit_code == 0);
  for (const char* part : {"run", "validate", "list", "trace", "calibrate", "2 bad input",
                           "3 not converged", "4 overloaded", "5 interrupted"}) {
    CHECK(holds(ended.out, part));
  }
  for (const char* command : {"run", "validate", "list", "trace", "calibrate"}) {
    CAPTURE(command);
    CHECK(run(scratch, {command, "--help"}).exit_code == 0);
  }
}

TEST_CASE("a command line that makes no sense exits with 2 and says why on stderr only") {
  const Scratch scratch;
  const std::vector<std::vector<std::string>> lines = {{},
                                                       {"runn"},
                                                       {"--bogus"},
                                                       {"run"},
                                                       {"run", "--bogus", "x"},
                                                       {"list"},
                                                       {"list", "modles"},
                                                       {"validate"},
                                                       {"trace"},
                                                       {"trace", "info"},
                                                       {"calibrate"},
                                                       {"run", "x", "--queries", "0"},
                                                       {"run", "x", "--queries", "nan"},
                                                       {"run", "x", "--seed", "-1"},
                                                       {"run", "x", "--seed", "1e3"},
                                                       {"run", "x", "--threads", "-1"},
                                                       {"run", "x", "--threads", "1000000000"}};
  for (const auto& line : lines) {
    const std::string first = line.empty() ? "" : line.front();
    CAPTURE(first);
    const Ended ended = run(scratch, line);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(!ended.err.empty());
  }
}

TEST_CASE("a misspelt command is named, with the nearest one") {
  const Scratch scratch;
  CHECK(holds(run(scratch, {"runn"}).err, "unknown command \"runn\", did you mean \"run\"?"));
  CHECK(holds(run(scratch, {"--bogus"}).err, "unknown option \"--bogus\""));
}

TEST_CASE("list says what ships") {
  const Scratch scratch;
  const auto listed = [&](const std::string& what, const std::string& part) {
    const Ended ended = run(scratch, {"list", what});
    return ended.exit_code == 0 && ended.err.empty() && holds(ended.out, part);
  };
  CHECK(listed("models", "imc"));
  CHECK(listed("devices", "jetson-tk1-gpu"));
  CHECK(listed("networks", "lte-2015"));
  CHECK(listed("policies", "neurosurgeon-latency"));
  CHECK(listed("scenarios", "scenarios/quickstart.json"));
  CHECK(listed("traces", "lte-driving"));
}

TEST_CASE("a command's part that is misspelt is told with the nearest one") {
  const Scratch scratch;
  CHECK(holds(run(scratch, {"list", "modles"}).err,
              "edgecut: unknown command \"modles\", did you mean \"models\"?"));
  CHECK(holds(run(scratch, {"trace", "inof", "x"}).err, "did you mean \"info\"?"));
  CHECK(holds(run(scratch, {"trace", "--bogus"}).err, "edgecut: unknown option \"--bogus\""));
  CHECK(holds(run(scratch, {"trace"}).err, "A subcommand is required"));
}

TEST_CASE("list networks --long shows the states of every radio") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"list", "networks", "--long"});
  CHECK(ended.exit_code == 0);
  for (const char* part :
       {"lte: LTE", "long DRX", "1.5 of every 40.1", "FACH", "doze", "7.6 of every 308.2",
        "438.4 x Mbit/s + 1288", "answers wait until the radio listens"}) {
    CHECK(holds(ended.out, part));
  }
}

TEST_CASE("list models --long shows layers") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"list", "models", "--long"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, "pool5"));
}

TEST_CASE("list networks --long shows times as the files have them") {
  const Scratch scratch;
  const Ended ended = run(scratch, {"list", "networks", "--long"});
  CHECK(ended.exit_code == 0);
  CHECK(holds(ended.out, " 8088 "));  // of 3g.json: 8.088 s x 1000 is another double
  CHECK(!holds(ended.out, "0000"));
}

TEST_CASE("validate tells scenarios, models, networks and devices apart and accepts what ships") {
  const Scratch scratch;
  const std::string source = EDGECUT_SOURCE_DIR;
  const auto valid = [&](const std::string& file, const std::string& kind) {
    const Ended ended = run(scratch, {"validate", source + "/" + file});
    return ended.exit_code == 0 && holds(ended.out, ": a valid " + kind);
  };
  CHECK(valid("scenarios/quickstart.json", "scenario: 1000 nodes"));
  CHECK(valid("scenarios/alexnet.json", "scenario"));
  CHECK(valid("workloads/models/imc.json", "model"));
  CHECK(valid("platforms/networks/lte.json", "network"));
  CHECK(valid("platforms/devices/jetson-tk1-gpu.json", "device"));
}

TEST_CASE("validate tells the mistakes of every file and the good ones all the same") {
  const Scratch scratch;
  auto bad = queue(10);
  bad["seed"] = -1;
  bad["bogus"] = 1;
  scratch.write("bad.json", bad);
  scratch.write("good.json", queue(10));
  scratch.write("model.json", std::string(R"({"layers": []})"));
  scratch.write("network.json", std::string(R"({"uplink_mbps": -1})"));
  scratch.write("device.json", std::string(R"({"cost_model": 3})"));
  const Ended ended = run(
      scratch, {"validate", "bad.json", "good.json", "model.json", "network.json", "device.json"});
  CHECK(ended.exit_code == 2);
  CHECK(ended.out == "good.json: a valid scenario: 1 nodes, 1 kinds of query, 1 policies\n");
  CHECK(holds(ended.err, "bad.json#/seed: "));
  CHECK(holds(ended.err, "bad.json#/bogus: "));
  CHECK(holds(ended.err, "model.json#"));
  CHECK(holds(ended.err, "network.json#/uplink_mbps: "));
  CHECK(holds(ended.err, "device.json#/cost_model: "));
}

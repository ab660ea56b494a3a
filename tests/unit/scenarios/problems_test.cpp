// Every mistake is told at its JSON pointer, and all of them at once.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "support.hpp"

using namespace edgecut;
using namespace edgecut::scenarios::testing;

namespace {

struct Mistake {
  const char* pointer;
  const char* value;  // JSON
  const char* told;
};

void check_all(const json& good, const std::vector<Mistake>& mistakes) {
  REQUIRE(told(good).empty());
  for (const Mistake& mistake : mistakes) {
    CAPTURE(mistake.pointer);
    CAPTURE(mistake.value);
    CHECK(told(with(good, mistake.pointer, json::parse(mistake.value))) ==
          std::string(mistake.told) + "\n");
  }
}

}  // namespace

TEST_CASE("mistakes at the top") {
  check_all(jobs(),
            {{"/name", "5", "s#/name: expected a string, got number 5"},
             {"/name", "\"a\\u001b[31m\"", "s#/name: holds a control character"},
             {"/description", "[]", "s#/description: expected a string, got array"},
             {"/engine", "\"simgird\"",
              "s#/engine: unknown value \"simgird\", did you mean \"simgrid\"?"},
             {"/seed", "-1", "s#/seed: expected a whole number in [0, 9e+15], got number -1"},
             {"/seed", "1.5", "s#/seed: expected a whole number in [0, 9e+15], got number 1.5"},
             {"/seed", "1e16", "s#/seed: expected a whole number in [0, 9e+15], got number 1e+16"},
             {"/allow_overload", "1", "s#/allow_overload: expected true or false, got number 1"},
             {"/polices", "[]", "s#/polices: unknown key, did you mean \"policies\"?"}});
  for (const char* key : {"workload", "fleet", "cloud", "policies"}) {
    const std::string text = told(without(jobs(), std::string("/") + key));
    CHECK(text.find(std::string("s#: missing key \"") + key + "\"\n") == 0);
  }
  CHECK(told(json::array()) == "s#: expected an object, got array\n");
}

TEST_CASE("mistakes in the workload") {
  check_all(
      jobs(),
      {{"/workload/queries", "[]", "s#/workload/queries: expected at least 1 element, got 0"},
       {"/workload/queries/0/weight", "0",
        "s#/workload/queries/0/weight: expected a number in (0, 1e+12], got 0"},
       {"/workload/queries/0/wieght", "1",
        "s#/workload/queries/0/wieght: unknown key, did you mean \"weight\"?"},
       {"/workload/queries/0/model", "\"dig\"",
        "s#/workload/queries/0: expected either \"model\" (a DNN) or \"job\" (a name for queries "
        "of "
        "drawn times)\ns#/workload/queries/0/server_time: unknown key; allowed: weight, model, "
        "job"},
       {"/workload/queries/0", "{\"job\": \"x\"}",
        "s#/workload/queries/0: a job needs a device_time or a server_time"},
       {"/workload/queries/1",
        "{\"job\": \"job\", \"device_time\": {\"distribution\": "
        "\"constant\", \"value_s\": 1}}",
        "s#/workload/queries/1: a second query called \"job\""},
       {"/workload/queries/0/server_time/value_s", "-1",
        "s#/workload/queries/0/server_time/value_s: expected a number in [0, 1e+15], got -1"},
       {"/workload/queries/0/server_time/value_s", "1e10",
        "s#/workload/queries/0/server_time: a mean of 1e+10 s; expected at most 1e+09"},
       {"/workload/queries/0/server_time", "3",
        "s#/workload/queries/0/server_time: expected an object such as {\"distribution\": "
        "\"exponential\", \"mean_s\": 1}"},
       {"/workload/arrivals/rate_per_s", "0",
        "s#/workload/arrivals/rate_per_s: expected a number in (0, 1e+12], got 0"},
       {"/workload/arrivals/rate_per_s", "-5",
        "s#/workload/arrivals/rate_per_s: expected a number in (0, 1e+12], got -5"},
       {"/workload/arrivals/rate", "5",
        "s#/workload/arrivals/rate: unknown key; allowed: process, rate_per_s, scope"},
       {"/workload/arivals", "5", "s#/workload/arivals: unknown key, did you mean \"arrivals\"?"}});
}

TEST_CASE("an unknown model is told with the nearest name") {
  check_all(dnn(), {{"/workload/queries/0/model", "\"dgi\"",
                     "s#/workload/queries/0/model: unknown model \"dgi\", did you mean \"dig\"?"}});
}

TEST_CASE("mistakes in the fleet") {
  check_all(
      dnn(),
      {{"/fleet", "[]", "s#/fleet: expected at least 1 element, got 0"},
       {"/fleet/0/count", "0",
        "s#/fleet/0/count: expected a whole number in [1, 1e+08], got number 0"},
       {"/fleet/0/count", "1.5",
        "s#/fleet/0/count: expected a whole number in [1, 1e+08], got number 1.5"},
       {"/fleet/0/count", "1e30",
        "s#/fleet/0/count: expected a whole number in [1, 1e+08], got number 1e+30"},
       {"/fleet/0/device", "\"jetson-tk1-gpo\"",
        "s#/fleet/0/device: unknown device \"jetson-tk1-gpo\", did you mean \"jetson-tk1-gpu\"?"},
       {"/fleet/0/device", "\"tesla-k40\"",
        "s#/fleet/0/device: \"tesla-k40\" is a server: nodes need a mobile device"},
       {"/fleet/0/battery_wh", "0",
        "s#/fleet/0/battery_wh: expected a number in [0.001, 1e+06], got 0"},
       {"/fleet/0/batery_wh", "10",
        "s#/fleet/0/batery_wh: unknown key, did you mean \"battery_wh\"?"},
       {"/fleet/0/network", "\"wify\"",
        "s#/fleet/0/network: unknown network \"wify\", did you mean \"wifi\"?"},
       {"/fleet/0/bandwidth_mbps", "0",
        "s#/fleet/0/bandwidth_mbps: expected a number in [1e-06, 1e+07], got 0"},
       {"/fleet/0/trace_offset", "\"randon\"",
        "s#/fleet/0/trace_offset: unknown value \"randon\", did you mean \"random\"?"},
       {"/fleet/0/trace", "[]", "s#/fleet/0/trace: expected at least 1 element, got 0"},
       {"/fleet/0/trace", "[7]", "s#/fleet/0/trace/0: expected a string, got number 7"},
       {"/fleet/0/bandwith_mbps", "7",
        "s#/fleet/0/bandwith_mbps: unknown key, did you mean \"bandwidth_mbps\"?"}});
  CHECK(told(without(dnn(), "/fleet/0/device")) == "s#/fleet/0: missing key \"device\"\n");
  CHECK(told(without(dnn(), "/fleet/0/network")) == "s#/fleet/0: missing key \"network\"\n");
}

TEST_CASE("a trace and a bandwidth exclude each other") {
  const auto both =
      with(with(dnn(), "/fleet/0/trace", "lte-driving"), "/fleet/0/bandwidth_mbps", 3);
  CHECK(told(both) == "s#/fleet/0: give either \"trace\" or \"bandwidth_mbps\", not both\n");
}

TEST_CASE("the fleet holds at most 1e8 nodes in all") {
  json document = with(jobs(), "/fleet/0/count", 60'000'000);
  document["fleet"].push_back(document["fleet"][0]);
  CHECK(told(document) == "s#/fleet: at most 1e8 nodes in all, got 1.2e+08\n");
}

TEST_CASE("mistakes in the cloud") {
  check_all(dnn(), {{"/cloud/gpus", "0",
                     "s#/cloud/gpus: expected a whole number in [1, 1e+05], got number 0"},
                    {"/cloud/server", "\"tesla-k4\"",
                     "s#/cloud/server: unknown device \"tesla-k4\", did you mean \"tesla-k40\"?"},
                    {"/cloud/discipline", "\"lifo\"",
                     "s#/cloud/discipline: unknown value \"lifo\", did you mean \"fifo\"?"},
                    {"/cloud/load_poll_interval_s", "0",
                     "s#/cloud/load_poll_interval_s: expected a number in [1e-04, 1e+09], got 0"},
                    {"/cloud", "3", "s#/cloud: expected an object, got number 3"}});
  CHECK(told(without(dnn(), "/cloud/server")) == "s#/cloud: missing key \"server\"\n");
}

TEST_CASE("mistakes in servers, dispatch and load") {
  json sliced = with(dnn(), "/cloud/discipline", "time-slicing");
  sliced["cloud"]["background"] = {{"kernel", json::object()},
                                   {"steps", {{{"from_s", 2}, {"processes", 1}}}}};
  check_all(
      sliced,
      {{"/cloud/gpus", "2",
        "s#/cloud: a time-sliced server has one GPU, got gpus 2: give \"count\" for several "
        "servers"},
       {"/cloud/background/kernel_s", "1",
        "s#/cloud/background: expected either \"kernel\" (a fully connected layer) or \"kernel_s\" "
        "(its time)"},
       {"/cloud/background/steps/1", "{\"from_s\": 2, \"processes\": 3}",
        "s#/cloud/background/steps/1: from_s 2 is not after the step before it"},
       {"/cloud/background/steps", "[]",
        "s#/cloud/background/steps: expected at least 1 element, got 0"},
       {"/cloud/background/steps/0/processes", "1001",
        "s#/cloud/background/steps/0/processes: expected a whole number in [0, 1000], got number "
        "1001"},
       {"/cloud/batching", "{\"size_max\": 2}",
        "s#/cloud/batching: only with \"discipline\": \"batching\""},
       {"/cloud/dispatch", "\"power-of-too\"",
        "s#/cloud/dispatch: unknown value \"power-of-too\", did you mean \"power-of-two\"?"},
       {"/cloud/load", "{\"signal\": \"waits\", \"poll_interval_s\": 1}",
        "s#/cloud/load/signal: unknown value \"waits\", did you mean \"wait\"?"},
       {"/cloud/load", "{}", "s#/cloud/load: missing key \"poll_interval_s\""}});
  CHECK(told(with(dnn(), "/cloud/servers", {{{"server", "tesla-k40"}}})) ==
        "s#/cloud/server: stands inside each of \"servers\" when there is such a list\n");
  CHECK(told(with(dnn(), "/cloud/discipline", "batching")) ==
        "s#/cloud: missing key \"batching\"\n");
  CHECK(told(with(with(dnn(), "/cloud/load_poll_interval_s", 1), "/cloud/load",
                  {{"poll_interval_s", 1}})) ==
        "s#/cloud/load: give either \"load\" or \"load_poll_interval_s\", not both\n");
  CHECK(told(with(jobs(), "/cloud", {{"gpus", 11}, {"count", 1000000}})) ==
        "s#/cloud: at most 1e+06 servers and 1e+07 GPUs in all, got 1e+06 and 1.1e+07\n");
  CHECK(
      told(
          with(jobs(), "/cloud",
               {{"discipline", "time-slicing"},
                {"background",
                 {{"kernel", json::object()}, {"steps", {{{"from_s", 0}, {"processes", 1}}}}}}})) ==
      "s#/cloud/background/kernel: needs a \"server\", whose cost model says how long it takes; or "
      "give kernel_s\n");
}

TEST_CASE("mistakes in stop") {
  check_all(
      jobs(),
      {{"/stop", "7", "s#/stop: expected an object, got number 7"},
       {"/stop/queries", "0",
        "s#/stop/queries: expected a whole number in [1, 1e+11], got number 0"},
       {"/stop/queries_max", "1e12",
        "s#/stop/queries_max: expected a whole number in [1, 1e+11], got number 1000000000000.0"},
       {"/stop/relative_precision", "0",
        "s#/stop/relative_precision: expected a number in [1e-04, 0.5], got 0"},
       {"/stop/confidence", "1", "s#/stop/confidence: expected a number in [0.5, 0.9999], got 1"},
       {"/stop/metrics", "[\"latency_mean\"]",
        "s#/stop/metrics: needs a \"relative_precision\", which is asked of these metrics"},
       {"/stop", "{\"relative_precision\": 0.1, \"metrics\": [\"latency_men\"]}",
        "s#/stop/metrics/0: unknown value \"latency_men\", did you mean \"latency_mean\"?"},
       {"/stop", "{\"relative_precision\": 0.1, \"metrics\": []}",
        "s#/stop/metrics: expected at least 1 element, got 0"}});
}

TEST_CASE("a fixed length and a precision exclude each other, and the message says so") {
  const std::string message =
      "s#/stop: give either \"queries\" (a run of fixed length) or \"relative_precision\" with "
      "\"queries_max\" (a run until it is precise), not both\n";
  CHECK(told(with(jobs(), "/stop", {{"queries", 10}, {"queries_max", 10}})) == message);
  CHECK(told(with(jobs(), "/stop", {{"queries", 10}, {"relative_precision", 0.1}})) == message);
}

TEST_CASE("a run that is too long or too short for a clock is refused") {
  const auto at_rate = [](double rate) {
    return told(with(with(jobs(), "/workload/arrivals/rate_per_s", rate), "/stop/queries", 10));
  };
  CHECK(at_rate(1e-12) ==
        "s#: 10 queries at 1e-12/s make a run of 1e+13 s; expected a number in [1e-06, 1e+10]: "
        "change stop or rate_per_s\n");
  CHECK(at_rate(1e9).starts_with("s#: 10 queries at 1e+09/s make a run of "));
  CHECK(!at_rate(5e-324).empty());
  CHECK(at_rate(1e-9).empty());
  CHECK(at_rate(1e6).empty());
}

TEST_CASE("all mistakes are told at once, in the order of the file's parts") {
  json document = dnn();
  document["seed"] = -1;
  document["workload"]["arrivals"]["rate_per_s"] = -2;
  document["fleet"][0]["count"] = 0;
  document["cloud"]["gpus"] = "two";
  document["policies"] = {"cloud-olny"};
  document["stop"]["confidence"] = 2;
  document["bogus"] = 1;
  CHECK(told(document) ==
        "s#/seed: expected a whole number in [0, 9e+15], got number -1\n"
        "s#/workload/arrivals/rate_per_s: expected a number in (0, 1e+12], got -2\n"
        "s#/fleet/0/count: expected a whole number in [1, 1e+08], got number 0\n"
        "s#/cloud/gpus: expected a whole number in [1, 1e+05], got string \"two\"\n"
        "s#/policies/0: unknown value \"cloud-olny\", did you mean \"cloud-only\"?\n"
        "s#/stop/confidence: expected a number in [0.5, 0.9999], got 2\n"
        "s#/bogus: unknown key; allowed: $schema, name, description, engine, seed, allow_overload, "
        "predictor, estimator, compare, replications, workload, topology, fleet, cloud, policies, "
        "stop\n");
}

TEST_CASE("mistakes in policies") {
  check_all(dnn(),
            {{"/policies", "[]", "s#/policies: expected at least 1 element, got 0"},
             {"/policies", "{}", "s#/policies: expected an array, got object"},
             {"/policies/0", "{\"policy\": \"oracle\", \"label\": 5}",
              "s#/policies/0/label: expected a string, got number 5"},
             {"/policies/0", "{\"policy\": \"oracle\", \"label\": \"a\\nb\"}",
              "s#/policies/0/label: holds a control character"},
             {"/policies", "[\"oracle\", \"oracle\"]",
              "s#/policies/1: a second policy called \"oracle\": give it a \"label\" of its own"},
             {"/policies", "[\"oracle\", {\"policy\": \"cloud-only\", \"label\": \"oracle\"}]",
              "s#/policies/1: a second policy called \"oracle\": give it a \"label\" of its own"},
             {"/policies/0", "{\"policy\": \"fixed-cut\", \"cut_after\": {\"imc\": \"pool5\"}}",
              "s#/policies/0/cut_after/imc: this scenario has no query of a DNN named \"imc\"; "
              "allowed: dig"}});
  const auto scenario = read(with(
      dnn(), "/policies", json::parse(R"(["oracle", {"policy": "oracle", "label": "again"}])")));
  CHECK(scenario.policies[1].label == "again");
}

TEST_CASE("replications share a run of fixed length and drawn arrivals") {
  json document = with(jobs(), "/replications", 4);
  CHECK(told(document).empty());
  CHECK(told(with(document, "/stop/relative_precision", 0.1)).find("fixed length") !=
        std::string::npos);
  const Scratch scratch;
  scratch.write("arrivals.csv", "time_s\n1\n2\n");
  const json replay = {{"process", "replay"}, {"file", "arrivals.csv"}};
  CHECK(told(with(document, "/workload/arrivals", replay), scratch.path())
            .find("recorded arrivals") != std::string::npos);
  CHECK(told(with(jobs(), "/replications", 0)).find("[1, 4096]") != std::string::npos);
}

TEST_CASE("a battery needs a board that it feeds") {
  CHECK(told(with(jobs(), "/fleet/0/battery_wh", 10)) ==
        "s#/fleet/0: \"battery_wh\" needs a \"device\", whose board it feeds\n");
}

TEST_CASE("mistakes in an estimator") {
  const std::string kinds = "allowed: last-sample, ewma, harmonic-mean, oracle";
  const std::string choice =
      "s#/estimator: \"ewma\" needs either \"weight\", the share of the newest sample, or "
      "\"half_life_s\"";
  const std::string interval = "expected a number in [0.001, 1e+06], got ";
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {R"("oracel")", "s#/estimator: unknown value \"oracel\", did you mean \"oracle\"?"},
      {R"(5)",
       "s#/estimator: expected one of: last-sample, ewma, harmonic-mean, oracle, got number 5"},
      {R"({"kind": "mean"})", "s#/estimator/kind: unknown value \"mean\"; " + kinds},
      {R"("ewma")", choice},
      {R"({"kind": "ewma", "weight": 0.5, "half_life_s": 2})", choice},
      {R"({"kind": "ewma", "weight": 0})",
       "s#/estimator/weight: expected a number in [1e-06, 1], got 0"},
      {R"({"kind": "ewma", "half_life_s": -1})", "s#/estimator/half_life_s: " + interval + "-1"},
      {R"({"kind": "harmonic-mean", "windows": 0})",
       "s#/estimator/windows: expected a whole number in [1, 1000], got number 0"},
      {R"({"kind": "harmonic-mean", "weight": 0.5})", "s#/estimator/weight: is of \"ewma\" only"},
      {R"({"kind": "last-sample", "windows": 2})",
       "s#/estimator/windows: is of \"harmonic-mean\" only"},
      {R"({"kind": "oracle", "sample_interval_s": 0})",
       "s#/estimator/sample_interval_s: " + interval + "0"},
      {R"({"kind": "oracle", "interval_s": 1})",
       "s#/estimator/interval_s: unknown key; allowed: kind, sample_interval_s, weight, "
       "half_life_s, windows"}};
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.first);
    CHECK(told(with(dnn(), "/estimator", json::parse(mistake.first))) == mistake.second + "\n");
  }
  const json policy = {{"policy", "maui"}, {"estimator", "late"}};
  CHECK(told(with(dnn(), "/policies/0", policy)).find("s#/policies/0/estimator: unknown value") ==
        0);
}

TEST_CASE("a trace of more windows than can be kept is refused where the estimator is said") {
  const Scratch scratch;
  scratch.write("long.csv", "time_s,rate_mbps\n0,1\n4e7,2\n8e7,2\n");
  json document = dnn();
  document["fleet"][0]["trace"] = "long.csv";
  CHECK(told(document, scratch.path())
            .find("too many windows of 1 s; expected at least 12 s: give") != std::string::npos);
  document["estimator"] = {{"kind", "last-sample"}, {"sample_interval_s", 2}};
  CHECK(told(document, scratch.path()).find("s#/estimator: a trace of group") == 0);
  document["estimator"]["sample_interval_s"] = 20;
  CHECK(told(document, scratch.path()).empty());
}

// Policies as scenarios name them.
#include "policies/registry.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/json_reader.hpp"
#include "support.hpp"

using namespace edgecut;
using namespace edgecut::policies::testing;

namespace {

struct Read {
  explicit Read(const std::string& text) {
    const auto document = base::JsonDocument::from_text(text, "p");
    base::Problems problems;
    policy = policies::read_policy(document.root(problems), {{"small", &dnn}});
    for (const base::Problem& problem : problems.list()) {
      told += problem.where + ": " + problem.what + "\n";
    }
  }
  workloads::Dnn dnn = three_layers();
  std::unique_ptr<policies::Policy> policy;
  std::string told;
};

std::string error_of(const std::string& text) {
  const Read read(text);
  CHECK((read.policy == nullptr) == !read.told.empty());
  return read.told;
}

// The cut of a policy at a very fast link to an idle server.
std::uint32_t cut_of(const policies::Policy& policy) {
  const predictors::CutTable cuts = cut_table();
  const platforms::NetworkProfile profile = network();
  const workloads::Dnn dnn = three_layers();
  return policy.prepare(dnn, {cuts, profile})->choices({}).choose(base::bits_per_s(1e15));
}

}  // namespace

TEST_CASE("every listed policy has a name of its own, a summary, and can be read") {
  std::set<std::string> names;
  for (const policies::PolicyEntry& entry : policies::policy_entries()) {
    CAPTURE(entry.name);
    CHECK(names.insert(entry.name).second);
    CHECK(!entry.summary.empty());
    std::string text = "{\"policy\": \"" + entry.name + "\"";
    if (entry.name == "fixed-cut") {
      text += ", \"cut_after\": {\"small\": \"first\"}";
    } else if (entry.name == "neurosurgeon-weighted") {
      text += ", \"latency_weight_per_s\": 1, \"energy_weight_per_j\": 1";
    }
    const Read read(text + "}");
    CHECK(read.told.empty());
    REQUIRE(read.policy);
    CHECK(read.policy->name() == entry.name);
  }
}

TEST_CASE("a policy without parameters may stand as its bare name") {
  CHECK(Read("\"cloud-only\"").policy->name() == "cloud-only");
  CHECK(Read("\"oracle\"").policy->name() == "oracle");
}

TEST_CASE("an unknown policy is told with the nearest name") {
  CHECK(error_of("\"oracel\"") == "p#: unknown value \"oracel\", did you mean \"oracle\"?\n");
  CHECK(error_of("{\"policy\": \"cloud-onyl\"}") ==
        "p#/policy: unknown value \"cloud-onyl\", did you mean \"cloud-only\"?\n");
}

TEST_CASE("a policy that is no name and no object, or has no name, is told") {
  CHECK(error_of("7").starts_with("p#: expected one of: cloud-only, device-only, fixed-cut, "));
  CHECK(error_of("{\"label\": \"x\"}") == "p#: missing key \"policy\"\n");
}

TEST_CASE("an unknown key of a policy is told") {
  CHECK(error_of("{\"policy\": \"oracle\", \"load_awere\": true}")
            .starts_with("p#/load_awere: unknown key"));
  CHECK(error_of("{\"policy\": \"neurosurgeon-latency\", \"load_awere\": true}") ==
        "p#/load_awere: unknown key, did you mean \"load_aware\"?\n");
  CHECK(error_of("{\"policy\": \"oracle\", \"predictor\": \"x\"}")
            .starts_with("p#/predictor: unknown key"));
}

TEST_CASE("a fixed cut counts the layers up to the one named; input puts none on the device") {
  const char* const layers[] = {"input", "first", "second", "third"};
  for (std::uint32_t cut = 0; cut < 4; ++cut) {
    const Read read(std::string("{\"policy\": \"fixed-cut\", \"cut_after\": {\"small\": \"") +
                    layers[cut] + "\"}}");
    REQUIRE(read.policy);
    CHECK(cut_of(*read.policy) == cut);
  }
}

TEST_CASE("a fixed cut that names no DNN or layer of the scenario is told") {
  CHECK(error_of("\"fixed-cut\"") == "p#: missing key \"cut_after\"\n");
  CHECK(error_of("{\"policy\": \"fixed-cut\"}") == "p#: missing key \"cut_after\"\n");
  CHECK(error_of("{\"policy\": \"fixed-cut\", \"cut_after\": 3}") ==
        "p#/cut_after: expected an object, got number 3\n");
  CHECK(error_of("{\"policy\": \"fixed-cut\", \"cut_after\": {\"smal\": \"first\"}}") ==
        "p#/cut_after/smal: this scenario has no query of a DNN named \"smal\", did you mean "
        "\"small\"?\n");
  CHECK(error_of("{\"policy\": \"fixed-cut\", \"cut_after\": {\"small\": \"frist\"}}") ==
        "p#/cut_after/small: unknown value \"frist\", did you mean \"first\"?\n");
}

TEST_CASE("weights: both needed, not negative, not both zero, not absurd") {
  const auto weighted = [](const std::string& latency, const std::string& energy) {
    return error_of("{\"policy\": \"neurosurgeon-weighted\", \"latency_weight_per_s\": " + latency +
                    ", \"energy_weight_per_j\": " + energy + "}");
  };
  CHECK(weighted("0", "1").empty());
  CHECK(weighted("0", "0") == "p#: latency_weight_per_s and energy_weight_per_j are both zero\n");
  CHECK(weighted("-1", "0") ==
        "p#/latency_weight_per_s: expected a number in [0, 1e+12], got -1\n");
  CHECK(weighted("1", "1e308") ==
        "p#/energy_weight_per_j: expected a number in [0, 1e+12], got 1e+308\n");
  CHECK(error_of("\"neurosurgeon-weighted\"") ==
        "p#: missing key \"latency_weight_per_s\"\np#: missing key \"energy_weight_per_j\"\n");
}

TEST_CASE("load_aware makes neurosurgeon look at the load, and is off by default") {
  const auto looks = [](const std::string& text) {
    const Read read(text);
    const predictors::CutTable cuts = cut_table();
    const platforms::NetworkProfile profile = network();
    return read.policy->prepare(read.dnn, {cuts, profile})->depends_on_load();
  };
  CHECK(!looks("\"neurosurgeon-latency\""));
  CHECK(looks("{\"policy\": \"neurosurgeon-latency\", \"load_aware\": true}"));
  CHECK(error_of("{\"policy\": \"neurosurgeon-latency\", \"load_aware\": 1}") ==
        "p#/load_aware: expected true or false, got number 1\n");
}

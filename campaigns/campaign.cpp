#include "campaigns/campaign.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/json_reader.hpp"
#include "campaigns/point_store.hpp"
#include "results/json_text.hpp"
#include "scenarios/shared_inputs.hpp"

namespace edgecut::campaigns {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kProgram = "edgecut sweep";

std::vector<base::Problem> problems_of(const Campaign& campaign, std::uint64_t point,
                                       scenarios::SharedInputs& shared) {
  try {
    read_point(campaign, resolve(campaign.sweep, point), shared);
  } catch (const base::ConfigError& error) {
    return error.problems();
  }
  return {};
}

}  // namespace

base::ContentHash identity_of(const Campaign& campaign, const json& scenario) {
  base::ContentHasher hasher;
  hasher.add_field(campaign.sweep.base_name);  // a scenario without a name is called so
  // Numbers in one spelling: 100.0 of a sweep file is 100 in campaign.json.
  hasher.add_field(results::json_text(ordered_json(scenario)));
  hasher.add_field(campaign.queries ? std::to_string(*campaign.queries) : "");
  return hasher.hash();
}

std::string key_of(const Campaign& campaign, const base::ContentHash& identity,
                   const std::vector<base::FileRead>& reads) {
  std::set<std::string> files;  // what was read from a cache comes in another order
  for (const base::FileRead& read : reads) {
    files.insert(read.hash.hex());
  }
  base::ContentHasher hasher;
  hasher.add_field(campaign.program);
  hasher.add_field(identity.hex());
  for (const std::string& file : files) {
    hasher.add_field(file);
  }
  return hasher.hash().hex();
}

scenarios::ScenarioOptions scenario_options(const Campaign& campaign,
                                            scenarios::SharedInputs* shared) {
  scenarios::ScenarioOptions options;
  options.trace_directory = campaign.trace_directory;
  options.queries = campaign.queries;
  options.shared = shared;
  return options;
}

scenarios::Scenario read_point(const Campaign& campaign, const json& scenario,
                               scenarios::SharedInputs& shared) {
  const auto document = base::JsonDocument::from_json(scenario, campaign.sweep.base_name);
  return scenarios::read_scenario(document, campaign.sweep.directory,
                                  scenario_options(campaign, &shared));
}

void check_base(const Campaign& campaign, scenarios::SharedInputs& shared) {
  const std::uint64_t points = campaign.sweep.points();
  const auto first = problems_of(campaign, 0, shared);
  if (first.empty()) {
    return;
  }
  const auto last = problems_of(campaign, points - 1, shared);
  std::vector<base::Problem> common;
  std::copy_if(first.begin(), first.end(), std::back_inserter(common), [&](const auto& problem) {
    return std::any_of(last.begin(), last.end(), [&](const base::Problem& other) {
      return problem.where == other.where && problem.what == other.what;
    });
  });
  if (!common.empty()) {
    throw base::ConfigError(common);
  }
}

std::string description_text(const Campaign& campaign) {
  ordered_json document;
  document["program"] = kProgram;
  document["made_by"] = campaign.program;
  document["base_name"] = campaign.sweep.base_name;
  results::put_if(document, "queries", campaign.queries);
  document["points"] = campaign.sweep.points();
  if (campaign.shard.count > 1) {
    document["shard"] = {campaign.shard.index + 1, campaign.shard.count};
  }
  document["sweep"] = sweep_json(campaign.sweep);
  return results::json_text(document);
}

Campaign read_description(const fs::path& folder) {
  const auto document = base::JsonDocument::from_file(folder / PointStore::kDescription);
  base::Problems problems;
  base::JsonObject root = document.root(problems).object();
  if (root.string("program") != kProgram) {
    root.problem("is not of a campaign of edgecut");
    problems.throw_if_any();
  }
  Campaign campaign;
  campaign.folder = folder;
  campaign.program = root.string("made_by");
  const std::string base_name = root.string("base_name");
  if (root.has("queries")) {
    campaign.queries =
        static_cast<std::uint64_t>(root.integer("queries", base::Range::between(1, 1e11)));
  }
  const auto points = root.integer("points", base::Range::at_least(1));
  if (const auto shard = root.find("shard")) {
    const auto parts = shard->array(2);
    const auto count = static_cast<double>(kPointsMax);
    if (parts.size() == 2) {
      campaign.shard.count =
          static_cast<std::uint64_t>(parts[1].integer(base::Range::between(1, count)));
      campaign.shard.index = static_cast<std::uint64_t>(parts[0].integer(base::Range::between(
                                 1, static_cast<double>(campaign.shard.count)))) -
                             1;
    }
  }
  const auto sweep = root.require("sweep");
  root.finish();
  problems.throw_if_any();
  campaign.sweep = read_sweep_json(*sweep, base_name);
  if (campaign.sweep.points() != static_cast<std::uint64_t>(points)) {
    throw base::ConfigError(root.where() + "/points", "does not fit the axes");
  }
  return campaign;
}

}  // namespace edgecut::campaigns

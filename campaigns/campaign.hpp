// A campaign: a sweep, how its points are run, and where their results go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/content_hash.hpp"
#include "base/file_reads.hpp"
#include "campaigns/sweep.hpp"
#include "scenarios/scenario.hpp"

namespace edgecut::campaigns {

/// Part `index` of `count`: the points whose number leaves `index` when divided by `count`.
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;
};

struct Campaign {
  Sweep sweep;
  std::filesystem::path trace_directory;
  std::optional<std::uint64_t> queries;  // a cap on every run
  std::string program;                   // version and commit: other programs' points are redone
  std::filesystem::path folder;
  Shard shard;

  /// How many points the shard has, and the k-th of them.
  [[nodiscard]] std::uint64_t size() const {
    const std::uint64_t points = sweep.points();
    return points / shard.count + (shard.index < points % shard.count ? 1 : 0);
  }
  [[nodiscard]] std::uint64_t point(std::uint64_t k) const { return k * shard.count + shard.index; }
};

/// What names a point: its scenario, before any file of it is read.
base::ContentHash identity_of(const Campaign& campaign, const nlohmann::json& scenario);

/// What the results of a point depend on: the scenario, the bytes of every file that it read, the
/// program.
std::string key_of(const Campaign& campaign, const base::ContentHash& identity,
                   const std::vector<base::FileRead>& reads);

/// What the scenario reader gets for every point.
scenarios::ScenarioOptions scenario_options(const Campaign& campaign,
                                            scenarios::SharedInputs* shared);

/// Reads a point's scenario; messages name the base's file. Throws base::ConfigError.
scenarios::Scenario read_point(const Campaign& campaign, const nlohmann::json& scenario,
                               scenarios::SharedInputs& shared);

/// Refuses a sweep whose first and last point fail for the same reason: an unknown key, or a base
/// that is wrong in itself. Throws base::ConfigError.
void check_base(const Campaign& campaign, scenarios::SharedInputs& shared);

/// campaign.json.
std::string description_text(const Campaign& campaign);
/// From campaign.json of a folder, of which it becomes the folder. Throws base::ConfigError.
Campaign read_description(const std::filesystem::path& folder);

}  // namespace edgecut::campaigns

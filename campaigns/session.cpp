#include "campaigns/session.hpp"

#include <memory>
#include <set>
#include <system_error>

#include "campaigns/point_store.hpp"
#include "results/atomic_file.hpp"

namespace edgecut::campaigns {
namespace {

namespace fs = std::filesystem;

void write_description(const Campaign& campaign) {
  results::write_file_atomically(campaign.folder / PointStore::kDescription,
                                 description_text(campaign));
}

// The same campaign, whoever made which part of it.
void check_same(const Campaign& one, const Campaign& other) {
  const auto differs = [&](const std::string& what) {
    throw base::ConfigError(other.folder.string(),
                            "is no part of the campaign in " + one.folder.string() + ": " + what);
  };
  if (sweep_json(one.sweep) != sweep_json(other.sweep) ||
      one.sweep.base_name != other.sweep.base_name || one.queries != other.queries) {
    differs("it sweeps something else (campaign.json)");
  }
  if (one.program != other.program) {
    differs("it was made by edgecut " + other.program + ", the other by " + one.program);
  }
}

// The best record of a point among the parts.
std::optional<PointRecord> best_record(const std::vector<PointStore>& parts,
                                       const base::ContentHash& identity) {
  std::optional<PointRecord> best;
  const PointStore* from = nullptr;
  for (const PointStore& part : parts) {
    auto record = part.find(identity);
    if (!record) {
      continue;
    }
    if (best && best->status != PointStatus::kFailed && record->status != PointStatus::kFailed &&
        best->key != record->key) {
      throw base::ConfigError(part.folder().string(), PointStore::file_of(identity) +
                                                          " was made from other input files " +
                                                          "than in " + from->folder().string());
    }
    if (!best || best->status == PointStatus::kFailed) {
      best = std::move(record);
      from = &part;
    }
  }
  return best;
}

}  // namespace

SessionResult run_campaign(const Campaign& campaign, Crew& crew, const DispatchOptions& options) {
  const FolderLock lock(campaign.folder);
  remove_tables(campaign.folder);
  write_description(campaign);
  SessionResult result;
  result.tally = dispatch(campaign, crew, options);
  if (!result.tally.interrupted) {
    result.counts = write_tables(campaign, [&](std::uint64_t point) {
      return result.tally.is_finished[point / campaign.shard.count];
    });
  }
  return result;
}

TableCounts merge_campaigns(const std::vector<fs::path>& parts, const fs::path& folder) {
  std::vector<std::unique_ptr<FolderLock>> locks;
  std::vector<PointStore> stores;
  std::set<fs::path> seen;
  Campaign campaign;
  for (const fs::path& part : parts) {
    std::error_code error;
    if (fs::equivalent(part, folder, error)) {
      throw base::ConfigError(part.string(), "cannot be both a part and the place for the whole");
    }
    if (!seen.insert(fs::weakly_canonical(part, error)).second) {
      throw base::ConfigError(part.string(), "is named twice");
    }
    Campaign one = read_description(part);
    if (stores.empty()) {
      campaign = one;
    }
    check_same(campaign, one);
    locks.push_back(std::make_unique<FolderLock>(part));
    stores.emplace_back(part);
  }
  campaign.folder = folder;
  campaign.shard = {};
  const FolderLock lock(folder);
  remove_tables(folder);
  write_description(campaign);
  const PointStore whole(folder);
  for (std::uint64_t point = 0; point < campaign.size(); ++point) {
    const auto identity = identity_of(campaign, resolve(campaign.sweep, point));
    if (const auto record = best_record(stores, identity)) {
      whole.put(identity, *record);
    }
  }
  return write_tables(campaign, [](std::uint64_t) { return true; });
}

}  // namespace edgecut::campaigns

// A campaign from beginning to end in its folder.
#pragma once

#include <filesystem>
#include <vector>

#include "campaigns/dispatch.hpp"
#include "campaigns/tables.hpp"

namespace edgecut::campaigns {

struct SessionResult {
  Tally tally;
  TableCounts counts;  // zero when interrupted: then there are no tables
};

/// Locks the folder, runs what is missing, writes the tables. Throws results::OutputError.
SessionResult run_campaign(const Campaign& campaign, Crew& crew, const DispatchOptions& options);

/// Puts the points of several folders of one campaign (its shards) into `folder` and writes the
/// tables. Throws base::ConfigError when they are not of one campaign, results::OutputError.
TableCounts merge_campaigns(const std::vector<std::filesystem::path>& parts,
                            const std::filesystem::path& folder);

}  // namespace edgecut::campaigns

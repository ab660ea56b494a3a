// The tables of a campaign: those of its points, one below the other, with the axes in front.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "campaigns/campaign.hpp"
#include "campaigns/point_store.hpp"

namespace edgecut::campaigns {

/// Columns that an axis must not be called after.
const std::vector<std::string>& own_columns();

struct TableCounts {
  std::uint64_t points = 0;  // in the tables
  std::uint64_t missing = 0;
  std::uint64_t overloaded = 0;
  std::uint64_t not_converged = 0;
  std::uint64_t failed = 0;
};

/// Writes throughput.csv, cuts.csv, stages.csv and points.csv from the finished points, in the
/// order of the points; all at once in memory is one point. Throws results::OutputError.
TableCounts write_tables(const Campaign& campaign,
                         const std::function<bool(std::uint64_t)>& is_finished);

/// Takes the tables away while points are being made, so that old ones cannot be taken for new.
void remove_tables(const std::filesystem::path& folder);

}  // namespace edgecut::campaigns

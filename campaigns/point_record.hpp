// What a campaign keeps of a finished point: one small JSON file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edgecut::campaigns {

/// How a point ended. Only kFailed has no results.
enum class PointStatus { kDone, kNotConverged, kOverloaded, kFailed };

const std::vector<std::string>& status_names();
std::string status_name(PointStatus status);

struct PointRecord {
  std::string program;  // which edgecut made it
  /// Of the scenario and all files that it read (point_key.hpp); empty for a failed point, which is
  /// tried again.
  std::string key;
  PointStatus status = PointStatus::kFailed;
  std::string message;  // why it failed, or what a reader of the results should know
  /// Mean rate of the nodes' uplinks; absent when sending takes no time anywhere.
  std::optional<double> uplink_mean_mbps;
  /// By file name, the lines of a run's tables, the header first.
  std::map<std::string, std::vector<std::string>> tables;
};

std::string record_text(const PointRecord& record);
/// Nothing when the text is no record: such a file counts as absent.
std::optional<PointRecord> record_from_text(std::string_view text);

/// The records of a CSV; a quoted field may hold a line end.
std::vector<std::string> csv_records(std::string_view text);

}  // namespace edgecut::campaigns

// A campaign's folder: the description, the finished points, the tables.
//
//   campaign.json       what is swept, with everything in it (sweep.hpp)
//   points/ab/<hex>.json  a finished point, named by the hash of its scenario: a point keeps its
//                       file when axes are added, extended or reordered
//   throughput.csv, cuts.csv, stages.csv, points.csv, run_info.json   written at the end
//   .lock               held while a program works in the folder
//
// Every file appears whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/content_hash.hpp"
#include "campaigns/point_record.hpp"
#include "sim/outcome.hpp"

namespace edgecut::campaigns {

class PointStore {
 public:
  static constexpr const char* kDescription = "campaign.json";

  explicit PointStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  /// Of a point, relative to the folder: "points/ab/<hex>.json".
  static std::string file_of(const base::ContentHash& identity);

  [[nodiscard]] std::optional<PointRecord> find(const base::ContentHash& identity) const;
  /// Throws results::OutputError.
  void put(const base::ContentHash& identity, const PointRecord& record) const;

  /// One replication of every policy of a point, "points/ab/<hex>.part-3", until all are there.
  /// Nothing when there is none, or one with another key.
  [[nodiscard]] std::optional<std::vector<sim::RunOutcome>> find_part(
      const base::ContentHash& identity, const std::string& key, std::uint32_t part) const;
  void put_part(const base::ContentHash& identity, const std::string& key, std::uint32_t part,
                const std::vector<sim::RunOutcome>& outcomes) const;
  void remove_parts(const base::ContentHash& identity, std::uint32_t count) const;

 private:
  [[nodiscard]] std::filesystem::path path_of_part(const base::ContentHash& identity,
                                                   std::uint32_t part) const;
  void put_file(const std::filesystem::path& path, std::string_view bytes) const;

  std::filesystem::path folder_;
};

/// The right to work in a folder, which one program at a time has. Opening makes the folder, and
/// removes what killed programs left half-written.
class FolderLock {
 public:
  /// Throws results::OutputError when the folder cannot be used, holds files of something else or
  /// is in use.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace edgecut::campaigns

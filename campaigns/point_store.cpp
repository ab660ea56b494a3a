#include "campaigns/point_store.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "results/atomic_file.hpp"
#include "results/output_folder.hpp"
#include "sim/outcome_bytes.hpp"

namespace edgecut::campaigns {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPartBytesMax = std::size_t{1} << 30U;
constexpr std::size_t kRecordBytesMax = std::size_t{64} << 20U;
constexpr const char* kLock = ".lock";

bool is_campaign(const fs::path& folder) {
  try {
    const auto document = nlohmann::json::parse(
        base::read_file(folder / PointStore::kDescription, kRecordBytesMax), nullptr, false);
    return document.is_object() && document.value("program", nlohmann::json()) == "edgecut sweep";
  } catch (const base::ConfigError&) {
    return false;
  }
}

// Nothing but what a campaign that was killed in its first moments may leave.
bool is_fresh(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name != kLock && !name.starts_with(std::string(PointStore::kDescription) + ".partial-")) {
      return false;
    }
  }
  return true;
}

// Waits for workers of a killed run: each holds the lock until it is gone.
bool lock_in_time(int descriptor) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

void remove_partial_files(const fs::path& folder) {
  std::error_code ignored;
  for (auto entry = fs::recursive_directory_iterator(folder, ignored);
       entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    if (entry->path().filename().string().find(".partial-") != std::string::npos) {
      std::error_code error;
      fs::remove(entry->path(), error);
    }
  }
}

}  // namespace

std::string PointStore::file_of(const base::ContentHash& identity) {
  const std::string hex = identity.hex();
  return "points/" + hex.substr(0, 2) + "/" + hex + ".json";
}

std::optional<PointRecord> PointStore::find(const base::ContentHash& identity) const {
  const fs::path path = folder_ / file_of(identity);
  std::error_code error;
  if (!fs::exists(path, error)) {
    return std::nullopt;
  }
  try {
    return record_from_text(base::read_file(path, kRecordBytesMax));
  } catch (const base::ConfigError&) {
    return std::nullopt;  // a file that cannot be read is one that is not there: the point is
                          // redone
  }
}

void PointStore::put(const base::ContentHash& identity, const PointRecord& record) const {
  put_file(folder_ / file_of(identity), record_text(record));
}

void PointStore::put_file(const fs::path& path, std::string_view bytes) const {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    throw results::OutputError(path.parent_path().string(),
                               "cannot be created: " + error.message());
  }
  results::write_file_atomically(path, bytes);
}

fs::path PointStore::path_of_part(const base::ContentHash& identity, std::uint32_t part) const {
  return (folder_ / file_of(identity)).replace_extension(".part-" + std::to_string(part));
}

// The key, then for each policy the length of its outcome and the outcome.
void PointStore::put_part(const base::ContentHash& identity, const std::string& key,
                          std::uint32_t part, const std::vector<sim::RunOutcome>& outcomes) const {
  std::string bytes = key + "\n";
  for (const sim::RunOutcome& outcome : outcomes) {
    const std::string one = sim::outcome_bytes(outcome);
    bytes += std::to_string(one.size()) + "\n" + one;
  }
  put_file(path_of_part(identity, part), bytes);
}

std::optional<std::vector<sim::RunOutcome>> PointStore::find_part(const base::ContentHash& identity,
                                                                  const std::string& key,
                                                                  std::uint32_t part) const {
  const fs::path path = path_of_part(identity, part);
  std::error_code error;
  if (!fs::exists(path, error)) {
    return std::nullopt;
  }
  std::string bytes;
  try {
    bytes = base::read_file(path, kPartBytesMax);
  } catch (const base::ConfigError&) {
    return std::nullopt;  // a twin of the point was finished just now
  }
  std::string_view rest = bytes;
  if (!rest.starts_with(key + "\n")) {
    return std::nullopt;
  }
  rest.remove_prefix(key.size() + 1);
  std::vector<sim::RunOutcome> outcomes;
  while (!rest.empty()) {
    const std::size_t line = rest.find('\n');
    const auto size = base::parse_number(rest.substr(0, line));
    if (line == std::string_view::npos || !size) {
      return std::nullopt;
    }
    rest.remove_prefix(line + 1);
    auto outcome = sim::outcome_from_bytes(rest.substr(0, static_cast<std::size_t>(*size)));
    if (!outcome) {
      return std::nullopt;
    }
    rest.remove_prefix(std::min(rest.size(), static_cast<std::size_t>(*size)));
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

void PointStore::remove_parts(const base::ContentHash& identity, std::uint32_t count) const {
  for (std::uint32_t part = 0; count > 1 && part < count; ++part) {
    std::error_code ignored;
    fs::remove(path_of_part(identity, part), ignored);
  }
}

FolderLock::FolderLock(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    throw results::OutputError(folder.string(), "is a file, expected a folder for the campaign");
  }
  fs::create_directories(folder, error);
  if (error) {
    throw results::OutputError(folder.string(), "cannot be created: " + error.message());
  }
  if (!is_campaign(folder) && !is_fresh(folder)) {
    throw results::OutputError(folder.string(),
                               "holds files that are not of a campaign (no campaign.json); name "
                               "another folder, or empty this one");
  }
  const fs::path path = folder / kLock;
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw results::OutputError(path.string(),
                               "cannot be created: " + std::generic_category().message(errno));
  }
  if (!lock_in_time(descriptor_)) {
    const int reason = errno;
    close(descriptor_);
    descriptor_ = -1;
    throw results::OutputError(
        folder.string(), reason == EWOULDBLOCK
                             ? "another edgecut works in this folder; wait for it, or name another"
                             : "cannot be locked: " + std::generic_category().message(reason));
  }
  remove_partial_files(folder);
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

}  // namespace edgecut::campaigns

#include "results/output_folder.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"

namespace edgecut::results {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 18;
constexpr std::size_t kRunInfoBytesMax = std::size_t{64} << 20;

std::string reason(int error) { return std::generic_category().message(error); }

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : "host";
}

// A sibling of the target is named `<target>.<kind>-<pid>-<host>`.
std::string sibling_start(const fs::path& target, std::string_view kind) {
  std::string start = target.filename().string();
  start += '.';
  start += kind;
  start += '-';
  return start;
}

std::string sibling_end() {
  std::string end = host_name();
  end.insert(end.begin(), '-');
  return end;
}

fs::path sibling(const fs::path& target, std::string_view kind) {
  return target.parent_path() /
         (sibling_start(target, kind) + std::to_string(getpid()) + sibling_end());
}

// The process that made a sibling of `target`, when it is named as one of this host.
std::optional<pid_t> owner_of(const fs::path& path, const fs::path& target, std::string_view kind) {
  const std::string name = path.filename().string();
  const std::string start = sibling_start(target, kind);
  const std::string end = sibling_end();
  if (!name.starts_with(start) || !name.ends_with(end) ||
      name.size() <= start.size() + end.size()) {
    return std::nullopt;
  }
  pid_t pid = 0;
  const char* const last = name.data() + (name.size() - end.size());
  const auto result = std::from_chars(name.data() + start.size(), last, pid);
  if (result.ec != std::errc{} || result.ptr != last || pid <= 0) {
    return std::nullopt;
  }
  return pid;
}

bool is_dead(pid_t pid) { return pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH); }

// A crash between the two renames of `commit` leaves the former results as `.old-`: they go back.
void remove_leftovers(const fs::path& target) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(target.parent_path(), error)) {
    const fs::path& path = entry.path();
    if (const auto owner = owner_of(path, target, "partial"); owner && is_dead(*owner)) {
      fs::remove_all(path, error);
    }
    if (const auto owner = owner_of(path, target, "old"); owner && is_dead(*owner)) {
      if (!fs::exists(fs::symlink_status(target, error))) {
        fs::rename(path, target, error);
      } else {
        fs::remove_all(path, error);
      }
    }
  }
}

bool is_run_of_ours(const fs::path& folder) {
  try {
    const auto info = nlohmann::json::parse(
        base::read_file(folder / OutputFolder::kRunInfo, kRunInfoBytesMax), nullptr, false);
    return info.is_object() && info.value("program", nlohmann::json()) == "edgecut";
  } catch (const base::ConfigError&) {
    return false;
  }
}

void check_replaceable(const fs::path& target) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(target, error);
  if (!fs::exists(status)) {
    return;
  }
  if (!fs::is_directory(status)) {
    throw OutputError(target.string(), "is a file, expected a folder for the results");
  }
  const bool empty = fs::is_empty(target, error);
  if (error) {
    throw OutputError(target.string(), "cannot be read: " + error.message());
  }
  if (!empty && !is_run_of_ours(target)) {
    throw OutputError(target.string(),
                      "holds files that are not from a run of edgecut (no run_info.json of one); "
                      "name another folder, or empty this one");
  }
}

// Some file systems cannot force a folder to disk; the files in it are forced one by one anyway.
void sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return;
  }
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  if (error != 0 && error != EINVAL && error != ENOTSUP) {
    throw OutputError(folder.string(), "writing failed: " + reason(error));
  }
}

}  // namespace

OutputFile::OutputFile(const fs::path& path, std::string name, Mode mode) : name_(std::move(name)) {
  const int how = mode == Mode::kNew ? O_CREAT | O_TRUNC : O_APPEND;
  descriptor_ = open(path.c_str(), O_WRONLY | O_CLOEXEC | how, 0666);
  if (descriptor_ < 0) {
    fail(mode == Mode::kNew ? "cannot be created: " : "cannot be opened for writing: ", errno);
  }
  buffer_.reserve(kBufferBytes);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : name_(std::move(other.name_)),
      buffer_(std::move(other.buffer_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

void OutputFile::append(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) {
    flush();
  }
}

void OutputFile::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      fail("writing failed: ", errno);
    }
    rest.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  buffer_.clear();
}

void OutputFile::close() {
  EC_CHECK(descriptor_ >= 0, "a results file is closed once");
  flush();
  // EINVAL and ENOTSUP: a pipe or device, where there is nothing to force.
  if (fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP) {
    fail("writing failed: ", errno);
  }
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    fail("writing failed: ", errno);
  }
}

void OutputFile::fail(const std::string& what, int error) {
  throw OutputError(name_, what + reason(error));
}

OutputFolder::OutputFolder(const fs::path& target) {
  std::error_code error;
  target_ = fs::weakly_canonical(fs::absolute(target, error), error);
  if (error) {
    throw OutputError(target.string(), "cannot hold the results: " + error.message());
  }
  if (!target_.has_filename()) {
    target_ = target_.parent_path();  // "results/" names the folder "results"
  }
  if (target.empty() || !target_.has_filename()) {
    throw OutputError(target.string(), "names no folder for the results");
  }
  remove_leftovers(target_);
  check_replaceable(target_);
  for (fs::path parent = target_.parent_path(); !fs::exists(parent, error) && !error;
       parent = parent.parent_path()) {
    parents_created_.insert(parents_created_.begin(), parent);
  }
  partial_ = sibling(target_, "partial");
  fs::create_directories(target_.parent_path(), error);
  if (!error) {
    fs::create_directory(partial_, error);
  }
  if (error) {
    clean_up();
    throw OutputError(target_.string(), "cannot be created: " + error.message());
  }
}

OutputFolder::~OutputFolder() {
  if (!committed_) {
    clean_up();
  }
}

void OutputFolder::clean_up() noexcept {
  std::error_code ignored;
  fs::remove_all(partial_, ignored);
  for (auto parent = parents_created_.rbegin(); parent != parents_created_.rend(); ++parent) {
    rmdir(parent->c_str());  // fails, as it should, when someone else put files there
  }
}

OutputFile OutputFolder::open(const std::string& name) const {
  EC_CHECK(!name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos,
           "results files have plain names");
  EC_CHECK(!committed_, "the output folder is already in place");
  return OutputFile(partial_ / name);
}

void OutputFolder::write(const std::string& name, std::string_view bytes) const {
  OutputFile file = open(name);
  file.append(bytes);
  file.close();
}

void OutputFolder::commit() {
  EC_CHECK(!committed_, "an output folder is committed once");
  EC_CHECK(is_run_of_ours(partial_), "an output folder needs its run_info.json");
  check_replaceable(target_);  // again: a run may take hours
  sync_folder(partial_);
  replace_target();
  committed_ = true;
  sync_folder(target_.parent_path());
}

void OutputFolder::replace_target() {
  std::error_code error;
  const fs::path old = sibling(target_, "old");
  const bool exists = fs::exists(fs::symlink_status(target_, error));
  if (exists) {
    fs::rename(target_, old, error);
  }
  if (!error || !exists) {
    error.clear();
    fs::rename(partial_, target_, error);
    if (error && exists) {
      std::error_code ignored;
      fs::rename(old, target_, ignored);
    }
  }
  if (error) {
    throw OutputError(target_.string(), "cannot be put in place: " + error.message());
  }
  if (exists) {
    fs::remove_all(old, error);
  }
}

}  // namespace edgecut::results

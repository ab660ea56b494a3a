#include "results/atomic_file.hpp"

#include <string>
#include <system_error>

#include <unistd.h>

namespace edgecut::results {
namespace fs = std::filesystem;
namespace {

// A link in /proc stands for what a process has open, whatever name it shows.
bool is_open_file(const fs::path& link) {
  std::error_code error;
  return fs::canonical(link.parent_path(), error).string().starts_with("/proc/");
}

// What the symbolic links of `path` lead to, there or not; stops at what a process has open.
fs::path behind_links(const fs::path& path) {
  constexpr int kLinksMax = 40;  // as Linux has it
  std::error_code error;
  fs::path place = fs::absolute(path, error);
  for (int links = 0; fs::is_symlink(place, error) && !is_open_file(place); ++links) {
    const fs::path target = fs::read_symlink(place, error);
    if (error || links == kLinksMax) {
      throw OutputError(path.string(), "is a symbolic link that leads nowhere");
    }
    place = place.parent_path() / target;  // an absolute target replaces it
  }
  return place;
}

bool is_written_in_place(const fs::path& place) {
  std::error_code error;
  const fs::file_status status = fs::status(place, error);
  return fs::is_symlink(place, error) || (fs::exists(status) && !fs::is_regular_file(status));
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& path) : path_(behind_links(path)) {
  std::error_code error;
  if (!path_.has_filename() || path.empty()) {
    throw OutputError("", "\"" + path.string() + "\" names no file to write");
  }
  if (fs::is_directory(path_, error)) {
    throw OutputError(path.string(), "is a folder, expected a file to write");
  }
  if (is_written_in_place(path_)) {
    file_.emplace(path_, path.string(), OutputFile::Mode::kInPlace);
    return;
  }
  partial_ = path_;
  partial_ += ".partial-" + std::to_string(static_cast<long>(getpid()));
  file_.emplace(partial_, path.string(), OutputFile::Mode::kNew);
}

AtomicFile::~AtomicFile() {
  if (file_ && !partial_.empty()) {
    file_.reset();
    std::error_code ignored;
    fs::remove(partial_, ignored);
  }
}

void AtomicFile::commit() {
  EC_CHECK(file_.has_value(), "a file is committed once");
  file_->close();
  std::error_code error;
  if (!partial_.empty()) {
    fs::rename(partial_, path_, error);
  }
  if (error) {
    throw OutputError(path_.string(), "cannot be written: " + error.message());
  }
  file_.reset();
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.append(bytes);
  file.commit();
}

}  // namespace edgecut::results

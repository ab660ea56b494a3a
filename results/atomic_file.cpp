#include "results/atomic_file.hpp"

#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace edgecut::results {

AtomicFile::AtomicFile(std::filesystem::path path)
    : path_(std::move(path)),
      partial_(path_.string() + ".partial-" + std::to_string(static_cast<long>(getpid()))),
      file_(partial_) {}

AtomicFile::~AtomicFile() {
  if (file_) {
    file_.reset();
    std::error_code ignored;
    std::filesystem::remove(partial_, ignored);
  }
}

void AtomicFile::commit() {
  EC_CHECK(file_.has_value(), "a file is committed once");
  file_->close();
  std::error_code error;
  std::filesystem::rename(partial_, path_, error);
  if (error) {
    throw OutputError(path_.string(), "cannot be written: " + error.message());
  }
  file_.reset();
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.append(bytes);
  file.commit();
}

}  // namespace edgecut::results

// One file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "results/output_folder.hpp"

namespace edgecut::results {

/// A file written in sequence beside its place; `commit` forces it to disk and renames it. Without
/// `commit` nothing remains. Every failure is an OutputError.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void append(std::string_view bytes) { file_->append(bytes); }
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::optional<OutputFile> file_;
  bool committed_ = false;
};

/// Writes beside `path`, forces to disk and renames. Throws OutputError.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace edgecut::results

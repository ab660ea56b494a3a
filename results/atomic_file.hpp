// One file that appears whole or not at all.
//
// A symbolic link stays: the file that it names is replaced. What cannot be replaced is written in
// place, as it comes: pipes, terminals, devices, and what a process has open (/dev/stdout).
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "results/output_folder.hpp"

namespace edgecut::results {

/// Written in sequence beside its place, as `<path>.partial-<pid>`; put there by `commit`.
class AtomicFile {
 public:
  /// Throws OutputError for a folder, and where nothing can be written.
  explicit AtomicFile(const std::filesystem::path& path);
  /// Removes what was not committed.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void append(std::string_view bytes) { file_->append(bytes); }
  /// Forces to disk and renames; once.
  void commit();

 private:
  std::filesystem::path path_;     // no link
  std::filesystem::path partial_;  // empty: written in place
  std::optional<OutputFile> file_;
};

/// Writes beside `path`, forces to disk and renames, as AtomicFile does. Throws OutputError.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace edgecut::results

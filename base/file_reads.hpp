// Which files were read, and what was in them, without every reader having to say so.
//
// While a FileReads lives, each file that its thread reads through `read_file` is noted in it, with
// the fingerprint of its bytes; a reader that streams a file itself calls `note_streamed`. Scopes
// nest: what an inner one sees, the outer ones see too. Costs nothing when no scope is open.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/content_hash.hpp"

namespace edgecut::base {

struct FileRead {
  std::filesystem::path path;
  std::uintmax_t bytes = 0;
  ContentHash hash;
};

class FileReads {
 public:
  FileReads();
  /// Hands what was seen to the scope outside.
  ~FileReads();
  FileReads(const FileReads&) = delete;
  FileReads& operator=(const FileReads&) = delete;

  /// In the order of reading; a file that was read twice stands twice.
  [[nodiscard]] const std::vector<FileRead>& list() const { return list_; }

  static void note(const std::filesystem::path& path, std::string_view bytes);
  /// Reads the file once more to fingerprint it, when a scope is open.
  static void note_streamed(const std::filesystem::path& path);
  /// What a cached value was made from counts as read again.
  static void note_again(const std::vector<FileRead>& reads);

 private:
  FileReads* outer_;
  std::vector<FileRead> list_;
};

}  // namespace edgecut::base

#include "base/file_reads.hpp"

#include <fstream>
#include <string>

namespace edgecut::base {
namespace {

thread_local FileReads* innermost = nullptr;

}  // namespace

FileReads::FileReads() : outer_(innermost) { innermost = this; }

FileReads::~FileReads() {
  innermost = outer_;
  note_again(list_);
}

void FileReads::note(const std::filesystem::path& path, std::string_view bytes) {
  if (innermost != nullptr) {
    innermost->list_.push_back({path, bytes.size(), hash_of(bytes)});
  }
}

void FileReads::note_streamed(const std::filesystem::path& path) {
  if (innermost == nullptr) {
    return;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string chunk(1U << 16U, '\0');
  ContentHasher hasher;
  std::uintmax_t size = 0;
  while (stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) ||
         stream.gcount() > 0) {
    const auto count = static_cast<std::size_t>(stream.gcount());
    hasher.add(std::string_view(chunk).substr(0, count));
    size += count;
  }
  innermost->list_.push_back({path, size, hasher.hash()});
}

void FileReads::note_again(const std::vector<FileRead>& reads) {
  if (innermost != nullptr) {
    innermost->list_.insert(innermost->list_.end(), reads.begin(), reads.end());
  }
}

}  // namespace edgecut::base

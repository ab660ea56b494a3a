// One file that appears whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace edgecut::results {

/// Writes beside `path`, forces to disk and renames. Throws OutputError.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace edgecut::results

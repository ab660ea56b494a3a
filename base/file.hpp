// Reading whole files, and finding the data that ships with the program.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace edgecut::base {

/// The bytes of a regular file. Throws ConfigError when it is missing, no regular file, unreadable
/// or larger than `bytes_max`.
std::string read_file(const std::filesystem::path& path, std::size_t bytes_max);

/// Writes a whole file, into folders that are made when missing. Throws ConfigError.
void write_file(const std::filesystem::path& path, const std::string& text);

/// Where the shipped data lies (`workloads/models`, `platforms/devices`, ...): the directory named
/// by EDGECUT_DATA when set; else the nearest directory above the program that holds the folders
/// (a checkout), else `../share/edgecut` beside it (an installation). Throws ConfigError when none.
std::filesystem::path data_directory();

/// The `extension` files of a folder below the data directory, by name without extension, sorted.
std::vector<std::string> data_names(const std::filesystem::path& folder,
                                    const std::string& extension);

/// A file given by the user as a name or a path. A reference with a '/' or ending in `extension` is
/// a path (relative to `relative_to`); otherwise a shipped file of `folder`. Throws ConfigError at
/// `where` with the nearest known name when there is none.
std::filesystem::path resolve_data(const std::string& reference,
                                   const std::filesystem::path& folder,
                                   const std::string& extension,
                                   const std::filesystem::path& relative_to,
                                   const std::string& where, const std::string& noun);

}  // namespace edgecut::base

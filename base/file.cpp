#include "base/file.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "base/errors.hpp"
#include "base/file_reads.hpp"

namespace edgecut::base {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, std::size_t bytes_max) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    throw ConfigError(path.string(), "no such file");
  }
  if (fs::is_directory(status)) {
    throw ConfigError(path.string(), "is a directory, expected a file");
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    throw ConfigError(path.string(), "cannot be opened for reading");
  }
  std::string bytes;
  std::string chunk(1U << 16U, '\0');
  while (stream.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) ||
         stream.gcount() > 0) {
    bytes.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
    if (bytes.size() > bytes_max) {
      throw ConfigError(path.string(),
                        "larger than the " + std::to_string(bytes_max) + " bytes allowed");
    }
  }
  if (stream.bad()) {
    throw ConfigError(path.string(), "reading failed");
  }
  FileReads::note(path, bytes);
  return bytes;
}

void write_file(const fs::path& path, const std::string& text) {
  std::error_code error;
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), error);
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (error || !file) {
    throw ConfigError(path.string(), "cannot write the file");
  }
}

fs::path data_directory() {
  const auto holds_data = [](const fs::path& directory) {
    std::error_code error;
    return fs::is_directory(directory / "workloads" / "models", error) &&
           fs::is_directory(directory / "platforms" / "networks", error);
  };
  if (const char* chosen = std::getenv("EDGECUT_DATA"); chosen != nullptr && *chosen != '\0') {
    if (!holds_data(chosen)) {
      throw ConfigError("EDGECUT_DATA",
                        std::string("\"") + chosen + "\" holds no workloads/models folder");
    }
    return chosen;
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path directory = program.parent_path(); !directory.empty();
       directory = directory.parent_path()) {
    if (holds_data(directory)) {
      return directory;
    }
    if (holds_data(directory / "share" / "edgecut")) {
      return directory / "share" / "edgecut";
    }
    if (directory == directory.root_path()) {
      break;
    }
  }
  throw ConfigError("",
                    "cannot find the data that ships with edgecut (workloads/models, "
                    "platforms/networks) above the program; set EDGECUT_DATA to its folder");
}

std::vector<std::string> data_names(const fs::path& folder, const std::string& extension) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data_directory() / folder, error)) {
    if (entry.path().extension() == extension) {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

fs::path resolve_data(const std::string& reference, const fs::path& folder,
                      const std::string& extension, const fs::path& relative_to,
                      const std::string& where, const std::string& noun) {
  std::error_code error;
  if (reference.find('/') != std::string::npos || reference.ends_with(extension)) {
    const fs::path given(reference);
    const fs::path path = given.is_absolute() ? given : relative_to / given;
    if (!fs::is_regular_file(path, error)) {
      throw ConfigError(where, "no such " + noun + " file: " + path.string());
    }
    return path;
  }
  fs::path path = data_directory() / folder / (reference + extension);
  if (reference.empty() || !fs::is_regular_file(path, error)) {
    throw ConfigError(where, "unknown " + noun + " \"" + reference + "\"" +
                                 suggestion(reference, data_names(folder, extension)));
  }
  return path;
}

}  // namespace edgecut::base

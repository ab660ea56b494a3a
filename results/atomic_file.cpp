#include "results/atomic_file.hpp"

#include <system_error>

#include <unistd.h>

#include "results/output_folder.hpp"

namespace edgecut::results {

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path partial =
      path.string() + ".partial-" + std::to_string(static_cast<long>(getpid()));
  std::error_code error;
  try {
    OutputFile file(partial);
    file.append(bytes);
    file.close();
  } catch (...) {
    std::filesystem::remove(partial, error);
    throw;
  }
  std::filesystem::rename(partial, path, error);
  if (error) {
    const std::string reason = error.message();
    std::filesystem::remove(partial, error);
    throw OutputError(path.string(), "cannot be written: " + reason);
  }
}

}  // namespace edgecut::results

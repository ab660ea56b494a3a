// A run's output folder, which appears whole or not at all.
//
// Files are written into a sibling `<out>.partial-<pid>-<host>` and forced to disk; `commit`
// renames it to `<out>`. A run that fails or is killed leaves what was at `<out>` before. An
// existing folder is replaced only when it is empty or a run of ours: it holds a `run_info.json`
// whose "program" is "edgecut". Partial folders of dead processes of this host are removed on the
// way.
//
// Ignores two live processes that commit to one place: each commit is whole and the last one stays.
// Within a process there is one OutputFolder a target at a time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"

namespace edgecut::results {

/// The place for results cannot be used: bad input, since the user named it.
class OutputError : public base::ConfigError {
 public:
  using base::ConfigError::ConfigError;
};

/// A file written in sequence. Every failure (a full disk among them) is an OutputError.
class OutputFile {
 public:
  enum class Mode : unsigned char {
    kNew,      // creates or empties the file
    kInPlace,  // writes into a pipe, terminal or device, or after what a file holds
  };

  explicit OutputFile(const std::filesystem::path& path)
      : OutputFile(path, path.string(), Mode::kNew) {}
  /// `name` is what problems call it.
  OutputFile(const std::filesystem::path& path, std::string name, Mode mode);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  void append(std::string_view bytes);
  /// Forces the bytes to disk; without it the file counts as unfinished.
  void close();

 private:
  void flush();
  [[noreturn]] void fail(const std::string& what, int error);

  std::string name_;
  std::string buffer_;
  int descriptor_ = -1;
};

class OutputFolder {
 public:
  static constexpr std::string_view kRunInfo = "run_info.json";

  /// Checks `target` and creates the partial folder, and parents that are missing.
  explicit OutputFolder(const std::filesystem::path& target);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  /// Removes what was not committed.
  ~OutputFolder();

  [[nodiscard]] const std::filesystem::path& target() const { return target_; }

  /// A file in the folder, by plain name, to be closed before `commit`.
  [[nodiscard]] OutputFile open(const std::string& name) const;
  void write(const std::string& name, std::string_view bytes) const;

  /// Puts the folder in place; once, after `run_info.json` was written.
  void commit();

 private:
  void replace_target();
  void clean_up() noexcept;

  std::filesystem::path target_;
  std::filesystem::path partial_;
  std::vector<std::filesystem::path> parents_created_;  // outermost first
  bool committed_ = false;
};

}  // namespace edgecut::results

// The text of a trace file, read in pieces: memory does not grow with the file.
//
// For the readers of trace formats (platforms/trace_readers.hpp): lines with their numbers, the
// head of the file for detection, and a list of damaged rows that is told at the end or, when the
// user asked for leniency, counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"

namespace edgecut::platforms {

/// How a file begins.
struct TraceHead {
  std::vector<std::string_view> lines;  // data lines, without blanks at their ends
  bool cr_lf = false;                   // the first one ends in CR LF
};

/// Text from a stream, by line or by byte. Lines end in LF or CR LF; a data line is one that is
/// neither blank nor begins with '#'. A byte order mark at the beginning is skipped. Every piece
/// throws ConfigError when it holds NUL bytes or the stream breaks.
class TraceText {
 public:
  /// `name` is that of the file, for problems. The stream must outlive the object.
  TraceText(std::istream& stream, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// Data lines of the first 64 KiB, at most `count`; nothing is consumed. Call before anything is
  /// read.
  [[nodiscard]] TraceHead head(std::size_t count) const;

  /// Goes to the next data line; false at the end. Throws ConfigError for a line of more than 64
  /// KiB.
  bool next_line();
  /// The data line without blanks at its ends, valid until the next call of `next_line`.
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t line_number() const { return line_number_; }

  /// The next byte, or -1 at the end. Not to be mixed with lines.
  int next_byte();

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16U;

  bool refill();
  [[nodiscard]] bool take_line();

  std::istream& stream_;
  std::string name_;
  std::string buffer_;
  std::size_t position_ = 0;
  bool at_end_ = false;
  std::string_view line_;
  std::size_t line_number_ = 0;
};

/// Rows that could not be read. Strict: the first 20 problems are told, then their number. Lenient:
/// rows are counted and left out.
class DamagedRows {
 public:
  DamagedRows(std::string name, bool lenient) : name_(std::move(name)), lenient_(lenient) {}
  /// `place` is what follows the file's name: ":17" or "#/17/duration_ms".
  void add(std::size_t row, const std::string& place, std::string what);
  void add(std::size_t line, std::string what) {
    add(line, ":" + std::to_string(line), std::move(what));
  }
  /// Rows with one problem or more.
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Throws when a row was damaged, unless lenient.
  void throw_if_refused();

 private:
  static constexpr std::size_t kShown = 20;
  std::string name_;
  bool lenient_;
  std::size_t rows_ = 0;
  std::size_t problem_count_ = 0;
  std::optional<std::size_t> last_row_;
  base::Problems problems_;
};

/// A text in quotes, cut after 60 characters.
std::string excerpt(std::string_view text);
/// The whole of `text` as a number without sign and fraction.
std::optional<std::uint64_t> parse_whole(std::string_view text);
/// Cells between separators, without blanks and double quotes around them; a doubled quote in a
/// quoted cell is one, and separators in it are text (RFC 4180, within one line).
std::vector<std::string> delimited_cells(std::string_view line, char separator);

}  // namespace edgecut::platforms

#include "platforms/trace_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "base/text.hpp"

namespace edgecut::platforms {
namespace {

bool is_data(std::string_view trimmed) { return !trimmed.empty() && trimmed.front() != '#'; }

}  // namespace

TraceText::TraceText(std::istream& stream, std::string name)
    : stream_(stream), name_(std::move(name)) {
  refill();
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_).starts_with(kByteOrderMark)) {
    position_ = kByteOrderMark.size();
  }
}

// Moves what is left to the front and reads on; false when there is no more.
bool TraceText::refill() {
  if (at_end_) {
    return false;
  }
  buffer_.erase(0, position_);
  position_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kPiece);
  stream_.read(buffer_.data() + kept, static_cast<std::streamsize>(kPiece));
  const auto count = static_cast<std::size_t>(stream_.gcount());
  buffer_.resize(kept + count);
  if (stream_.bad()) {
    throw base::ConfigError(name_, "reading failed");
  }
  if (std::memchr(buffer_.data() + kept, '\0', count) != nullptr) {
    throw base::ConfigError(name_, "a binary file; expected text");
  }
  at_end_ = count < kPiece;
  return count > 0;
}

TraceHead TraceText::head(std::size_t count) const {
  TraceHead head;
  std::vector<std::string_view>& lines = head.lines;
  const std::string_view text(buffer_);
  for (std::size_t start = position_; start < text.size() && lines.size() < count;) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string_view::npos && !at_end_ && !lines.empty()) {
      break;  // a line that goes on beyond the head
    }
    const std::string_view raw = text.substr(start, end - start);
    const std::string_view line = base::trim(raw);
    if (is_data(line)) {
      head.cr_lf = lines.empty() ? raw.ends_with('\r') : head.cr_lf;
      lines.push_back(line);
    }
    start = end == std::string_view::npos ? text.size() : end + 1;
  }
  return head;
}

// The next line of any kind into line_.
bool TraceText::take_line() {
  std::size_t searched = position_;
  while (true) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      line_ = std::string_view(buffer_).substr(position_, end - position_);
      position_ = end + 1;
      return true;
    }
    const std::size_t length = buffer_.size() - position_;
    if (length > kPiece) {
      throw base::ConfigError(
          name_ + ":" + std::to_string(line_number_ + 1),
          "a line of more than " + std::to_string(kPiece) + " bytes; expected a row of a trace");
    }
    if (!refill()) {
      line_ = std::string_view(buffer_).substr(position_);
      position_ = buffer_.size();
      return length > 0;
    }
    searched = length;
  }
}

bool TraceText::next_line() {
  while (take_line()) {
    ++line_number_;
    line_ = base::trim(line_);
    if (is_data(line_)) {
      return true;
    }
  }
  return false;
}

int TraceText::next_byte() {
  if (position_ == buffer_.size() && !refill()) {
    return -1;
  }
  return static_cast<unsigned char>(buffer_[position_++]);
}

void DamagedRows::add(std::size_t row, const std::string& place, std::string what) {
  rows_ += last_row_ == row ? 0U : 1U;
  last_row_ = row;
  if (!lenient_ && ++problem_count_ <= kShown) {
    problems_.add(name_ + place, std::move(what));
  }
}

void DamagedRows::throw_if_refused() {
  if (problem_count_ > kShown) {
    problems_.add(name_, "and " + std::to_string(problem_count_ - kShown) + " more problems");
  }
  problems_.throw_if_any();
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kLength = 60;
  std::string result = "\"";
  for (const char c : text.substr(0, kLength)) {
    result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  result += text.size() > kLength ? "...\"" : "\"";
  return result;
}

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::vector<std::string> delimited_cells(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  bool in_quotes = false;
  bool was_quoted = false;
  const auto finish = [&] {
    if (!was_quoted) {
      cells.back() = std::string(base::trim(cells.back()));
    }
    was_quoted = false;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_quotes) {
      const bool doubled = c == '"' && i + 1 < line.size() && line[i + 1] == '"';
      i += doubled ? 1 : 0;
      if (c == '"' && !doubled) {
        in_quotes = false;
      } else {
        cells.back() += c;
      }
    } else if (c == '"' && base::trim(cells.back()).empty()) {
      cells.back().clear();
      in_quotes = was_quoted = true;
    } else if (c == separator) {
      finish();
      cells.emplace_back();
    } else if (!was_quoted) {
      cells.back() += c;
    }
  }
  finish();
  return cells;
}

}  // namespace edgecut::platforms

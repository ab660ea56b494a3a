#include "base/text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace edgecut::base {
namespace {

template <class... Arguments>
std::string to_text(double value, Arguments... arguments) {
  std::array<char, 512> buffer{};
  const auto result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, arguments...);
  return {buffer.data(), result.ptr};
}

}  // namespace

std::string format_number(double value) { return to_text(value); }

std::string format_fixed(double value, int decimals) {
  return to_text(value, std::chars_format::fixed, decimals);
}

std::string format_significant(double value, int digits) {
  return to_text(value, std::chars_format::general, digits);
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::optional<double> parse_number(std::string_view text) {
  std::string_view digits = trim(text);
  if (digits.starts_with('+')) {
    digits.remove_prefix(1);
    if (digits.starts_with('-')) {
      return std::nullopt;
    }
  }
  double value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc{} || result.ptr != digits.data() + digits.size() ||
      !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  std::size_t start = 0;
  for (std::size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator, start)) {
    pieces.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::vector<std::string_view> split_blanks(std::string_view text) {
  std::vector<std::string_view> pieces;
  std::size_t position = 0;
  while ((position = text.find_first_not_of(" \t\r", position)) != std::string_view::npos) {
    const std::size_t end = text.find_first_of(" \t\r", position);
    pieces.push_back(text.substr(position, end - position));
    if (end == std::string_view::npos) {
      break;
    }
    position = end;
  }
  return pieces;
}

}  // namespace edgecut::base

// Small helpers for numbers as text, the same bytes on every machine and locale.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edgecut::base {

/// The shortest text that reads back to the same double ("0.1", "1e+21", "inf", "nan").
std::string format_number(double value);
/// A fixed number of decimals ("12.30").
std::string format_fixed(double value, int decimals);
/// A number of significant digits, without trailing zeros ("0.0123", "1.2e-05").
std::string format_significant(double value, int digits);

/// The whole of `text` as a number (decimal or scientific, surrounding blanks allowed); nothing for
/// anything else. Accepts "inf" and "nan" only as nothing: input numbers are finite.
std::optional<double> parse_number(std::string_view text);

/// `text` without blanks (space, tab, CR) at its ends.
std::string_view trim(std::string_view text);
/// The pieces between separators; "a,,b" has three, "" has one.
std::vector<std::string_view> split(std::string_view text, char separator);
/// The pieces between runs of spaces and tabs.
std::vector<std::string_view> split_blanks(std::string_view text);

}  // namespace edgecut::base

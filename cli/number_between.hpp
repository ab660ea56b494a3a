// A check of numbers on the command line that NaN does not pass (CLI::Range lets it through).
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "base/text.hpp"

namespace edgecut::cli {

/// min <= number <= max.
inline CLI::Validator number_between(double min, double max) {
  const std::string range = base::format_number(min) + " to " + base::format_number(max);
  return {[=](const std::string& text) {
            const auto value = base::parse_number(text);
            return value && *value >= min && *value <= max
                       ? std::string()
                       : "\"" + text + "\"; expected a number from " + range;
          },
          range};
}

}  // namespace edgecut::cli

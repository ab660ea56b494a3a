// Sweeps for the program, and what their folders hold.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "program.hpp"

namespace edgecut::cli::testing {

/// `points` seeds of a queue, `queries` each.
inline nlohmann::json seeds(int points, double queries) {
  return {{"base", queue(queries)},
          {"axes", {{{"pointer", "/seed"}, {"from", 1}, {"to", points}, {"count", points}}}}};
}

/// The files of a campaign that must not depend on how it was run.
inline std::map<std::string, std::string> results_in(const Scratch& scratch,
                                                     const std::string& folder) {
  auto files = scratch.tree(folder);
  files.erase(".lock");
  files.erase("run_info.json");
  return files;
}

inline std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace edgecut::cli::testing

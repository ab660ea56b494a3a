// Sweeps for the program, and what their folders hold.
#pragma once

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

#include "program.hpp"

namespace edgecut::cli::testing {

/// `points` seeds of a queue, `queries` each.
inline nlohmann::json seeds(int points, double queries) {
  return {{"base", queue(queries)},
          {"axes", {{{"pointer", "/seed"}, {"from", 1}, {"to", points}, {"count", points}}}}};
}

/// Queries of a point that takes so long, about: there is time to see it at work and to stop it.
inline double queries_of(double duration_s) {
  return duration_s * (EDGECUT_SANITIZED == 0 ? 7e7 : 5e6);
}

/// The files of a campaign that must not depend on how it was run.
inline std::map<std::string, std::string> results_in(const Scratch& scratch,
                                                     const std::string& folder) {
  auto files = scratch.tree(folder);
  files.erase(".lock");
  files.erase("run_info.json");
  return files;
}

/// The processes whose parent is `parent`.
inline std::vector<pid_t> children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> list;
  for (pid_t child = 0; file >> child;) {
    list.push_back(child);
  }
  return list;
}

/// Does the process compute? Then it is well past its start.
inline bool is_busy(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  // proc(5): the name, in brackets, may hold blanks; ten fields after it comes the time in user
  // mode, in ticks of 10 ms.
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string skipped;
  for (int i = 0; i < 11; ++i) {
    fields >> skipped;
  }
  long ticks = 0;
  return fields >> ticks && ticks >= 3;
}

inline std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace edgecut::cli::testing

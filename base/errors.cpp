#include "base/errors.hpp"

#include <algorithm>
#include <numeric>

namespace edgecut::base {
namespace {

std::string join(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) {
      text += '\n';
    }
    text += problem.where.empty() ? problem.what : problem.where + ": " + problem.what;
  }
  return text;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

ConfigError::ConfigError(std::vector<Problem> problems)
    : std::runtime_error(join(problems)), problems_(std::move(problems)) {}

ConfigError::ConfigError(std::string where, std::string what)
    : ConfigError(std::vector<Problem>{{std::move(where), std::move(what)}}) {}

void Problems::add(std::string where, std::string what) {
  list_.push_back({std::move(where), std::move(what)});
}

void Problems::add(const ConfigError& error) {
  list_.insert(list_.end(), error.problems().begin(), error.problems().end());
}

void Problems::throw_if_any() const {
  if (!list_.empty()) {
    throw ConfigError(list_);
  }
}

void check_failed(const char* condition, const std::string& message, const char* file, int line) {
  const std::string_view path(file);
  const std::size_t slash = path.find_last_of('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  throw InternalError("internal error at " + std::string(name) + ":" + std::to_string(line) + ": " +
                      message + " (" + condition + ")");
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  if (candidates.empty()) {
    return "";
  }
  const std::string nearest = nearest_name(name, candidates);
  if (!nearest.empty()) {
    return ", did you mean \"" + nearest + "\"?";
  }
  constexpr std::size_t kListed = 20;
  std::string text = "; allowed: ";
  for (std::size_t i = 0; i < std::min(candidates.size(), kListed); ++i) {
    text += (i == 0 ? "" : ", ") + candidates[i];
  }
  if (candidates.size() > kListed) {
    text += ", ...";
  }
  return text;
}

}  // namespace edgecut::base

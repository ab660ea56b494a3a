#include "base/json_reader.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/file.hpp"
#include "base/text.hpp"

namespace edgecut::base {
namespace {

using nlohmann::json;

constexpr std::size_t kFileBytesMax = 64U << 20U;
// Copying and printing recurse; no file of ours is nested by more than ten.
constexpr int kDepthMax = 100;

// Short text of a value for a message.
std::string excerpt(const json& value) {
  constexpr std::size_t kLength = 60;
  if (value.is_structured()) {
    return value.type_name();
  }
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > kLength) {
    text = text.substr(0, kLength) + "...";
  }
  return std::string(value.type_name()) + " " + text;
}

// Finds duplicate keys while nlohmann parses; its own result would silently keep the last one.
class DuplicateFinder {
 public:
  explicit DuplicateFinder(std::string name) : name_(std::move(name)) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kDepthMax) {
      throw ConfigError(name_, "nested more than " + std::to_string(kDepthMax) + " levels deep");
    }
    switch (event) {
      case json::parse_event_t::object_start:
        scopes_.emplace_back();
        break;
      case json::parse_event_t::object_end:
        scopes_.pop_back();
        break;
      case json::parse_event_t::key: {
        const auto& key = parsed.get_ref<const std::string&>();
        if (!scopes_.back().insert(key).second) {
          problems_.add(name_, "duplicate key \"" + key + "\" (at depth " + std::to_string(depth) +
                                   "): each key may stand once in an object");
        }
        break;
      }
      default:
        break;
    }
    return true;
  }

  [[nodiscard]] const Problems& problems() const { return problems_; }

 private:
  std::string name_;
  std::vector<std::set<std::string>> scopes_;
  Problems problems_;
};

}  // namespace

bool Range::contains(double value) const {
  if (!std::isfinite(value)) {
    return false;
  }
  const bool above_min = min_excluded ? value > min : value >= min;
  const bool below_max = max_excluded ? value < max : value <= max;
  return above_min && below_max;
}

std::string Range::describe(std::string_view noun) const {
  const bool has_min = min > -std::numeric_limits<double>::max();
  const bool has_max = max < std::numeric_limits<double>::max();
  std::string text(noun);
  if (has_min && has_max) {
    text += std::string(" in ") + (min_excluded ? "(" : "[") + format_number(min) + ", " +
            format_number(max) + (max_excluded ? ")" : "]");
  } else if (has_min) {
    text += std::string(min_excluded ? " > " : " >= ") + format_number(min);
  } else if (has_max) {
    text += std::string(max_excluded ? " < " : " <= ") + format_number(max);
  }
  return text;
}

std::string pointer_segment(std::string_view key) {
  std::string text = "/";
  for (const char c : key) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

void JsonValue::wrong_type(std::string_view expected) const {
  problem("expected " + std::string(expected) + ", got " + excerpt(*value_));
}

double JsonValue::number(Range range) const {
  if (!value_->is_number()) {
    wrong_type(range.describe());
    return range.min > -1e300 ? range.min : 0;
  }
  const double value = value_->get<double>();
  if (!range.contains(value)) {
    problem("expected " + range.describe() + ", got " + value_->dump());
    return range.min > -1e300 ? range.min : 0;
  }
  return value;
}

std::int64_t JsonValue::integer(Range range) const {
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double skips whole numbers
  const bool whole =
      value_->is_number_integer() ||
      (value_->is_number_float() && std::trunc(value_->get<double>()) == value_->get<double>());
  const double value = value_->is_number() ? value_->get<double>() : 0;
  if (!whole || std::abs(value) > kExact || !range.contains(value)) {
    wrong_type(range.describe("a whole number"));
    return range.min > -kExact ? static_cast<std::int64_t>(range.min) : 0;
  }
  return static_cast<std::int64_t>(value);
}

bool JsonValue::boolean() const {
  if (!value_->is_boolean()) {
    wrong_type("true or false");
    return false;
  }
  return value_->get<bool>();
}

std::string JsonValue::string() const {
  if (!value_->is_string()) {
    wrong_type("a string");
    return "";
  }
  return value_->get<std::string>();
}

std::size_t JsonValue::one_of(const std::vector<std::string>& allowed) const {
  if (!value_->is_string()) {
    std::string names;
    for (const std::string& name : allowed) {
      names += (names.empty() ? "" : ", ") + name;
    }
    wrong_type("one of: " + names);
    return 0;
  }
  const auto& name = value_->get_ref<const std::string&>();
  const auto found = std::find(allowed.begin(), allowed.end(), name);
  if (found == allowed.end()) {
    problem("unknown value \"" + name + "\"" + suggestion(name, allowed));
    return 0;
  }
  return static_cast<std::size_t>(found - allowed.begin());
}

JsonObject JsonValue::object() const { return JsonObject(*this); }

std::vector<JsonValue> JsonValue::array(std::size_t size_min) const {
  std::vector<JsonValue> elements;
  if (!value_->is_array()) {
    wrong_type("an array");
    return elements;
  }
  if (value_->size() < size_min) {
    problem("expected at least " + std::to_string(size_min) + " element" +
            (size_min == 1 ? "" : "s") + ", got " + std::to_string(value_->size()));
  }
  elements.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    elements.emplace_back((*value_)[i], where_ + "/" + std::to_string(i), *problems_);
  }
  return elements;
}

JsonObject::JsonObject(const JsonValue& value) : value_(value) {
  if (!value.is_object()) {
    value.problem("expected an object, got " + excerpt(value.raw()));
  }
}

JsonValue JsonObject::child(const std::string& key, const json& value) const {
  return {value, value_.where() + pointer_segment(key), value_.problems()};
}

std::optional<JsonValue> JsonObject::find(const std::string& key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
    known_.push_back(key);
  }
  if (!value_.is_object()) {
    return std::nullopt;
  }
  const auto found = value_.raw().find(key);
  if (found == value_.raw().end()) {
    return std::nullopt;
  }
  return child(key, *found);
}

std::optional<JsonValue> JsonObject::require(const std::string& key) {
  auto value = find(key);
  if (!value && value_.is_object()) {
    problem("missing key \"" + key + "\"");
  }
  return value;
}

bool JsonObject::has(const std::string& key) { return find(key).has_value(); }

double JsonObject::number(const std::string& key, Range range) {
  const auto value = require(key);
  return value ? value->number(range) : (range.min > -1e300 ? range.min : 0);
}

std::int64_t JsonObject::integer(const std::string& key, Range range) {
  const auto value = require(key);
  return value ? value->integer(range)
               : (range.min > -1e15 ? static_cast<std::int64_t>(range.min) : 0);
}

std::string JsonObject::string(const std::string& key) {
  const auto value = require(key);
  return value ? value->string() : "";
}

std::size_t JsonObject::one_of(const std::string& key, const std::vector<std::string>& allowed) {
  const auto value = require(key);
  return value ? value->one_of(allowed) : 0;
}

double JsonObject::number_or(const std::string& key, double fallback, Range range) {
  const auto value = find(key);
  return value ? value->number(range) : fallback;
}

std::optional<double> JsonObject::optional_number(const std::string& key, Range range) {
  const auto value = find(key);
  return value ? std::optional<double>(value->number(range)) : std::nullopt;
}

std::int64_t JsonObject::integer_or(const std::string& key, std::int64_t fallback, Range range) {
  const auto value = find(key);
  return value ? value->integer(range) : fallback;
}

bool JsonObject::boolean_or(const std::string& key, bool fallback) {
  const auto value = find(key);
  return value ? value->boolean() : fallback;
}

std::string JsonObject::string_or(const std::string& key, std::string fallback) {
  const auto value = find(key);
  return value ? value->string() : std::move(fallback);
}

std::size_t JsonObject::one_of_or(const std::string& key, const std::vector<std::string>& allowed,
                                  std::size_t fallback) {
  const auto value = find(key);
  return value ? value->one_of(allowed) : fallback;
}

std::vector<JsonValue> JsonObject::array_or_empty(const std::string& key) {
  const auto value = find(key);
  return value ? value->array() : std::vector<JsonValue>{};
}

std::vector<JsonValue> JsonObject::array(const std::string& key, std::size_t size_min) {
  const auto value = require(key);
  return value ? value->array(size_min) : std::vector<JsonValue>{};
}

std::vector<std::pair<std::string, JsonValue>> JsonObject::members() {
  std::vector<std::pair<std::string, JsonValue>> result;
  if (!value_.is_object()) {
    return result;
  }
  for (const auto& [key, value] : value_.raw().items()) {
    known_.push_back(key);
    result.emplace_back(key, child(key, value));
  }
  return result;
}

void JsonObject::finish() {
  if (!value_.is_object()) {
    return;
  }
  for (const auto& [key, value] : value_.raw().items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      value_.problems().add(value_.where() + pointer_segment(key),
                            "unknown key" + suggestion(key, known_));
    }
  }
}

JsonDocument JsonDocument::from_file(const std::filesystem::path& path) {
  return from_text(read_file(path, kFileBytesMax), path.string());
}

JsonDocument JsonDocument::from_text(std::string_view text, std::string name) {
  DuplicateFinder finder(name);
  JsonDocument document;
  try {
    document.json_ = std::make_shared<const json>(json::parse(
        text.begin(), text.end(), [&finder](int depth, json::parse_event_t event, json& parsed) {
          return finder(depth, event, parsed);
        }));
  } catch (const json::exception& error) {
    // nlohmann's text carries line and column: keep what follows its bracketed id.
    const std::string message = error.what();
    const std::size_t bracket = message.find("] ");
    throw ConfigError(name,
                      "not valid JSON: " +
                          (bracket == std::string::npos ? message : message.substr(bracket + 2)));
  }
  finder.problems().throw_if_any();
  document.name_ = std::move(name);
  return document;
}

JsonDocument JsonDocument::from_json(json value, std::string name) {
  JsonDocument document;
  document.json_ = std::make_shared<const json>(std::move(value));
  document.name_ = std::move(name);
  return document;
}

JsonValue JsonDocument::root(Problems& problems) const { return {*json_, name_ + "#", problems}; }

}  // namespace edgecut::base

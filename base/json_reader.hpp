// Strict reading of JSON: every mistake named, all of them at once.
//
// `JsonDocument` parses a text and refuses what nlohmann/json alone lets pass (duplicate keys).
// `JsonValue` is a view of one value that knows its file and JSON pointer; `JsonObject` is a view
// of one object that remembers which keys were asked for, and `finish()` reports the others with
// the nearest known name. Nothing here throws for a wrong value: it adds to `Problems` and returns
// a harmless one, so that reading goes on; callers end with `Problems::throw_if_any()`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/errors.hpp"

namespace edgecut::base {

/// The numbers that a key may hold; always finite.
struct Range {
  double min = -std::numeric_limits<double>::max();
  double max = std::numeric_limits<double>::max();
  bool min_excluded = false;
  bool max_excluded = false;

  static Range any() { return {}; }
  static Range at_least(double low) { return {.min = low}; }
  static Range above(double low) { return {.min = low, .min_excluded = true}; }
  static Range between(double low, double high) { return {.min = low, .max = high}; }
  static Range strictly_between(double low, double high) {
    return {.min = low, .max = high, .min_excluded = true, .max_excluded = true};
  }
  static Range above_up_to(double low, double high) {
    return {.min = low, .max = high, .min_excluded = true};
  }
  [[nodiscard]] bool contains(double value) const;
  /// "a number > 0", "a number in [0, 1]", ...
  [[nodiscard]] std::string describe(std::string_view noun = "a number") const;
};

class JsonObject;

/// A view of one JSON value; valid while its JsonDocument and Problems live.
class JsonValue {
 public:
  JsonValue(const nlohmann::json& value, std::string where, Problems& problems)
      : value_(&value), where_(std::move(where)), problems_(&problems) {}

  [[nodiscard]] const nlohmann::json& raw() const { return *value_; }
  /// "file.json#/pointer".
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] Problems& problems() const { return *problems_; }
  void problem(std::string what) const { problems_->add(where_, std::move(what)); }

  [[nodiscard]] bool is_object() const { return value_->is_object(); }
  [[nodiscard]] bool is_array() const { return value_->is_array(); }
  [[nodiscard]] bool is_string() const { return value_->is_string(); }
  [[nodiscard]] bool is_number() const { return value_->is_number(); }

  [[nodiscard]] double number(Range range = Range::any()) const;
  /// A whole number; 3.7 and 1e30 are problems, 3.0 is not.
  [[nodiscard]] std::int64_t integer(Range range = Range::any()) const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::string string() const;
  /// One of `allowed`; a problem names the nearest. Returns the index, 0 on a problem.
  [[nodiscard]] std::size_t one_of(const std::vector<std::string>& allowed) const;
  [[nodiscard]] JsonObject object() const;
  /// The elements; a problem and empty when it is no array or has fewer than `size_min`.
  [[nodiscard]] std::vector<JsonValue> array(std::size_t size_min = 0) const;

 private:
  void wrong_type(std::string_view expected) const;

  const nlohmann::json* value_;
  std::string where_;
  Problems* problems_;
};

/// A view of one JSON object; call `finish()` when every key that may be there was asked for.
class JsonObject {
 public:
  explicit JsonObject(const JsonValue& value);

  [[nodiscard]] const std::string& where() const { return value_.where(); }
  [[nodiscard]] Problems& problems() const { return value_.problems(); }
  void problem(std::string what) const { value_.problem(std::move(what)); }

  /// The value of a key, or nothing; remembers that the key is known.
  std::optional<JsonValue> find(const std::string& key);
  /// The value of a key that must be there; a missing key is a problem (and nothing is returned).
  std::optional<JsonValue> require(const std::string& key);
  [[nodiscard]] bool has(const std::string& key);

  // Required forms: a missing key is a problem and yields a harmless value (the range's lower end).
  double number(const std::string& key, Range range = Range::any());
  std::int64_t integer(const std::string& key, Range range = Range::any());
  std::string string(const std::string& key);
  std::size_t one_of(const std::string& key, const std::vector<std::string>& allowed);

  // Optional forms.
  double number_or(const std::string& key, double fallback, Range range = Range::any());
  std::optional<double> optional_number(const std::string& key, Range range = Range::any());
  std::int64_t integer_or(const std::string& key, std::int64_t fallback,
                          Range range = Range::any());
  bool boolean_or(const std::string& key, bool fallback);
  std::string string_or(const std::string& key, std::string fallback);
  std::size_t one_of_or(const std::string& key, const std::vector<std::string>& allowed,
                        std::size_t fallback);

  /// The elements of an optional array (empty when absent) or of a required one.
  std::vector<JsonValue> array_or_empty(const std::string& key);
  std::vector<JsonValue> array(const std::string& key, std::size_t size_min = 0);

  /// Keys of the object in file order of nlohmann (sorted); marks all of them as known.
  std::vector<std::pair<std::string, JsonValue>> members();

  /// Reports every key that nobody asked for.
  void finish();

 private:
  [[nodiscard]] JsonValue child(const std::string& key, const nlohmann::json& value) const;

  JsonValue value_;
  std::vector<std::string> known_;
};

/// A parsed JSON text and the name under which problems in it are reported.
class JsonDocument {
 public:
  /// Reads and parses a file; an unreadable, oversized (> 64 MiB), malformed or deeply nested (>
  /// 100) file and duplicate keys throw ConfigError (nothing useful can be read from such a file).
  static JsonDocument from_file(const std::filesystem::path& path);
  static JsonDocument from_text(std::string_view text, std::string name);
  /// A value that was put together in memory.
  static JsonDocument from_json(nlohmann::json value, std::string name);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const nlohmann::json& raw() const { return *json_; }
  /// The root as a view that reports to `problems`.
  [[nodiscard]] JsonValue root(Problems& problems) const;

 private:
  std::string name_;
  std::shared_ptr<const nlohmann::json> json_;
};

/// A key as a segment of a JSON pointer (RFC 6901: ~ and / escaped).
std::string pointer_segment(std::string_view key);

}  // namespace edgecut::base

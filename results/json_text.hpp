// JSON text that is the same bytes everywhere.
//
// Keys keep the order in which they were put in; numbers are the shortest text that reads back to
// the same double (nlohmann's own writer is not always shortest and writes NaN as null). Lists of
// plain values stay on one line. By rule an absent value is an absent key; null is never written
// for one, so a reader can tell "not measured" by the key alone.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "results/intervals.hpp"

namespace edgecut::results {

/// The document, indented by two blanks, with a last line end. Throws InternalError with the JSON
/// pointer of a number that is NaN or infinite.
std::string json_text(const nlohmann::ordered_json& document);

/// {"value": ..., "half_width": ..., "autocorrelation": ...} without what is absent.
nlohmann::ordered_json estimate_json(const Estimate& estimate);

/// Puts a value where there is one.
template <class Value>
void put_if(nlohmann::ordered_json& object, const std::string& key,
            const std::optional<Value>& value) {
  if (value) {
    object[key] = *value;
  }
}

}  // namespace edgecut::results

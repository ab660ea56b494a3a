#include "campaigns/point_record.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "results/json_text.hpp"

namespace edgecut::campaigns {

using nlohmann::json;
using nlohmann::ordered_json;

const std::vector<std::string>& status_names() {
  static const std::vector<std::string> names = {"done", "not-converged", "overloaded", "failed"};
  return names;
}

std::string status_name(PointStatus status) {
  return status_names()[static_cast<std::size_t>(status)];
}

std::string record_text(const PointRecord& record) {
  ordered_json object;
  object["program"] = record.program;
  object["key"] = record.key;
  object["status"] = status_name(record.status);
  object["message"] = record.message;
  results::put_if(object, "uplink_mean_mbps", record.uplink_mean_mbps);
  object["tables"] = ordered_json::object();
  for (const auto& [name, lines] : record.tables) {
    object["tables"][name] = lines;
  }
  // A line each of the tables stays one of the file: no pretty printing inside.
  return object.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::optional<PointRecord> record_from_text(std::string_view text) {
  const json object = json::parse(text, nullptr, false);
  try {
    PointRecord record;
    const auto& names = status_names();
    const auto status = std::find(names.begin(), names.end(), object.at("status"));
    if (status == names.end()) {
      return std::nullopt;
    }
    record.program = object.at("program");
    record.key = object.at("key");
    record.status = static_cast<PointStatus>(status - names.begin());
    record.message = object.at("message");
    if (object.contains("uplink_mean_mbps")) {
      record.uplink_mean_mbps = object.at("uplink_mean_mbps").get<double>();
    }
    for (const auto& [name, lines] : object.at("tables").items()) {
      record.tables[name] = lines.get<std::vector<std::string>>();
    }
    return record;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::vector<std::string> csv_records(std::string_view text) {
  std::vector<std::string> records;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '\n' && !quoted) {
      records.emplace_back(text.substr(start, i - start));
      start = i + 1;
    }
  }
  return records;
}

}  // namespace edgecut::campaigns

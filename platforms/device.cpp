#include "platforms/device.hpp"

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/json_reader.hpp"

namespace edgecut::platforms {
namespace {

// A board above a kilowatt is a unit mistaken (milliwatts), not a board.
constexpr double kIdlePowerMaxW = 1000;

// Text that must say something.
std::string text(base::JsonObject& object, const std::string& key) {
  std::string value = object.string(key);
  if (value.empty() && object.has(key) && object.find(key)->is_string()) {
    object.find(key)->problem("expected a text that is not empty");
  }
  return value;
}

std::vector<HardwareFact> read_hardware(base::JsonObject& object) {
  std::vector<HardwareFact> facts;
  for (const base::JsonValue& value : object.array("hardware", 1)) {
    base::JsonObject entry = value.object();
    HardwareFact fact;
    fact.name = text(entry, "name");
    fact.value = text(entry, "value");
    fact.source = text(entry, "source");
    fact.year = static_cast<int>(entry.integer("year", base::Range::between(1970, 2100)));
    entry.finish();
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace

Device load_device(const std::filesystem::path& path) {
  const base::JsonDocument document = base::JsonDocument::from_file(path);
  base::Problems problems;
  base::JsonObject root = document.root(problems).object();
  Device device;
  device.name = path.stem().string();
  device.directory = path.parent_path();
  device.title = text(root, "title");
  device.kind =
      root.one_of("kind", {"mobile", "server"}) == 0 ? DeviceKind::kMobile : DeviceKind::kServer;
  device.idle_power =
      base::watts(root.number("idle_power_w", base::Range::between(0, kIdlePowerMaxW)));
  device.idle_source = text(root, "idle_power_source");
  device.cost_model = text(root, "cost_model");
  device.hardware = read_hardware(root);
  root.finish();
  problems.throw_if_any();
  return device;
}

Device find_device(const std::string& reference, const std::filesystem::path& relative_to,
                   const std::string& where) {
  return load_device(
      base::resolve_data(reference, "platforms/devices", ".json", relative_to, where, "device"));
}

}  // namespace edgecut::platforms

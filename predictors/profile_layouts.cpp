#include "predictors/profile_layouts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace edgecut::predictors {
namespace {

using workloads::LayerType;
using Kind = ColumnRole::Kind;

const std::map<std::string, Key>& other_names() {
  static const std::map<std::string, Key> names = {{"in_channels", Key::kChannels},
                                                   {"in_height", Key::kHeight},
                                                   {"in_width", Key::kWidth},
                                                   {"out_channels", Key::kOutputs}};
  return names;
}

const std::map<std::string, ColumnRole>& fixed_roles() {
  static const std::map<std::string, ColumnRole> roles = {
      {"layer_type", {.kind = Kind::kType}},
      {"time_s", {.kind = Kind::kTime, .unit_s = 1}},
      {"time_ms", {.kind = Kind::kTime, .unit_s = 1e-3}},
      {"time_us", {.kind = Kind::kTime, .unit_s = 1e-6}},
      {"power_w", {.kind = Kind::kPower}},
      {"device", {.kind = Kind::kDevice}},
      {"dnn", {}},
      {"layer", {}}};
  return roles;
}

// Windows that keep the map's size at stride 1, as the tables below mean them.
void pad_to_same(RowValues& row) {
  row[Key::kPad] = std::floor((row[Key::kKernel].value_or(1) - 1) / 2);
}

void complete_depthwise(RowValues& row) {
  pad_to_same(row);
  row[Key::kGroups] = row[Key::kChannels];
  row[Key::kOutputs] = row[Key::kChannels];
}

// Adaptive pooling: as many equal windows as outputs.
void complete_adaptive(RowValues& row) {
  const double outputs = row[Key::kOutputs].value_or(1);
  const double height = row[Key::kHeight].value_or(1);
  row[Key::kOutputs] = std::nullopt;
  row[Key::kStride] = std::max(1.0, std::floor(height / std::max(1.0, outputs)));
  row[Key::kKernel] = std::max(1.0, height - (outputs - 1) * *row[Key::kStride]);
}

void complete_nothing(RowValues& /*row*/) {}

struct ForeignLayout {
  std::vector<std::string> header;
  LayerType type;
  void (*complete)(RowValues& row);
};

// Tables of one type a file, as in the public data set Tjyy-1223/Neurosurgeon (predictor/dataset):
// HW is height and width, FLOPs that author's count (ours is used), latency in ms.
const std::vector<ForeignLayout>& foreign_layouts() {
  static const std::vector<ForeignLayout> layouts = {
      {{"HW", "kernel", "stride", "Cin", "Cout", "FLOPs", "latency"},
       LayerType::kConvolution,
       pad_to_same},
      {{"HW", "kernel", "stride", "Cin", "FLOPs", "latency"},
       LayerType::kConvolution,
       complete_depthwise},
      {{"HW", "kernel", "stride", "Cin", "latency"}, LayerType::kPooling, pad_to_same},
      {{"HW", "output", "Cin", "latency"}, LayerType::kPooling, complete_adaptive},
      {{"HW", "Cin", "latency"}, LayerType::kBatchNorm, complete_nothing},
      {{"in_features", "out_features", "FLOPs", "latency"},
       LayerType::kFullyConnected,
       complete_nothing}};
  return layouts;
}

ColumnRole foreign_role(const std::string& name) {
  static const std::map<std::string, ColumnRole> roles = {
      {"HW", {.kind = Kind::kSquare}},
      {"kernel", {.kind = Kind::kKey, .key = Key::kKernel}},
      {"stride", {.kind = Kind::kKey, .key = Key::kStride}},
      {"Cin", {.kind = Kind::kKey, .key = Key::kChannels}},
      {"in_features", {.kind = Kind::kKey, .key = Key::kChannels}},
      {"Cout", {.kind = Kind::kKey, .key = Key::kOutputs}},
      {"out_features", {.kind = Kind::kKey, .key = Key::kOutputs}},
      {"output", {.kind = Kind::kKey, .key = Key::kOutputs}},
      {"FLOPs", {}},
      {"latency", {.kind = Kind::kTime, .unit_s = 1e-3}}};
  return roles.at(name);
}

ColumnRole own_role(const std::string& name, const std::string& where, base::Problems& problems) {
  const std::vector<std::string>& keys = key_names();
  if (const auto key = std::find(keys.begin(), keys.end(), name); key != keys.end()) {
    return {.kind = Kind::kKey, .key = static_cast<Key>(key - keys.begin())};
  }
  if (const auto other = other_names().find(name); other != other_names().end()) {
    return {.kind = Kind::kKey, .key = other->second};
  }
  if (const auto fixed = fixed_roles().find(name); fixed != fixed_roles().end()) {
    return fixed->second;
  }
  std::vector<std::string> known = keys;
  for (const auto& [fixed, role] : fixed_roles()) {
    known.push_back(fixed);
  }
  problems.add(where, "unknown column " + shown(name) + base::suggestion(name, known));
  return {};
}

void check_own(const ProfileLayout& layout, const std::string& where, base::Problems& problems) {
  const auto count = [&layout](Kind kind) {
    return std::count_if(layout.columns.begin(), layout.columns.end(),
                         [kind](const ColumnRole& role) { return role.kind == kind; });
  };
  if (count(Kind::kType) == 0) {
    problems.add(where, "no column \"layer_type\"");
  }
  if (count(Kind::kTime) != 1) {
    problems.add(where, std::to_string(count(Kind::kTime)) +
                            " columns of time; expected one of time_s, time_ms, time_us");
  }
  std::set<Key> keys;
  for (const ColumnRole& role : layout.columns) {
    if (role.kind == Kind::kKey && !keys.insert(role.key).second) {
      problems.add(where,
                   "two columns give \"" + key_names()[static_cast<std::size_t>(role.key)] + "\"");
    }
  }
}

}  // namespace

std::string shown(std::string_view cell) {
  constexpr std::size_t kShownMax = 40;
  std::string text = "\"";
  for (const char c : cell.substr(0, kShownMax)) {
    const auto byte = static_cast<unsigned char>(c);
    text += byte >= 0x20 && byte < 0x7f ? c : '?';
  }
  return text + (cell.size() > kShownMax ? "..." : "") + "\"";
}

ProfileLayout find_layout(const std::vector<std::string>& header, const std::string& where,
                          base::Problems& problems) {
  ProfileLayout layout;
  for (const ForeignLayout& foreign : foreign_layouts()) {
    if (header == foreign.header) {
      layout.type = foreign.type;
      layout.complete = foreign.complete;
      std::transform(header.begin(), header.end(), std::back_inserter(layout.columns),
                     foreign_role);
      return layout;
    }
  }
  std::set<std::string> seen;
  for (const std::string& name : header) {
    if (!seen.insert(name).second) {
      problems.add(where, "column " + shown(name) + " stands here twice");
    }
    layout.columns.push_back(own_role(name, where, problems));
  }
  check_own(layout, where, problems);
  return layout;
}

std::optional<LayerType> find_layer_type(const std::string& text) {
  static const std::map<std::string, LayerType> short_names = {
      {"conv", LayerType::kConvolution}, {"fc", LayerType::kFullyConnected},
      {"pool", LayerType::kPooling},     {"norm", LayerType::kLrn},
      {"sig", LayerType::kSigmoid},      {"htanh", LayerType::kHardTanh}};
  if (const auto found = short_names.find(text); found != short_names.end()) {
    return found->second;
  }
  const std::vector<std::string>& names = workloads::layer_type_names();
  const auto found = std::find(names.begin(), names.end(), text);
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<LayerType>(found - names.begin()));
}

}  // namespace edgecut::predictors

// What the columns of a profile mean: our own header, or one of the known foreign ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/errors.hpp"
#include "predictors/profile_row.hpp"

namespace edgecut::predictors {

/// Meaning of one column.
struct ColumnRole {
  enum class Kind { kIgnored, kKey, kSquare, kType, kTime, kPower, kDevice };
  Kind kind = Kind::kIgnored;
  Key key = Key::kBatch;  // kKey; kSquare: height and width at once
  double unit_s = 1;      // kTime: seconds in one of the column's units
};

struct ProfileLayout {
  std::vector<ColumnRole> columns;
  /// Foreign tables hold one type each; `complete` adds what their rows leave to convention.
  std::optional<workloads::LayerType> type;
  void (*complete)(RowValues& row) = nullptr;
};

/// The layout of a table by its header; problems go to `problems` at `where`.
ProfileLayout find_layout(const std::vector<std::string>& header, const std::string& where,
                          base::Problems& problems);

/// The layer type of a cell ("convolution", or short as in public tables, "conv"), or nothing.
std::optional<workloads::LayerType> find_layer_type(const std::string& text);

/// A cell in quotes for a message: printable, and not longer than helps.
std::string shown(std::string_view cell);

}  // namespace edgecut::predictors

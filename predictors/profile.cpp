#include "predictors/profile.hpp"

#include <set>
#include <string_view>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "predictors/cost_model.hpp"
#include "predictors/profile_layouts.hpp"

namespace edgecut::predictors {
namespace {

constexpr std::size_t kBytesMax = std::size_t{1} << 29U;
constexpr std::size_t kProblemsMax = 100;

using Cells = std::vector<std::string_view>;
using Kind = ColumnRole::Kind;

// Reads the rows of one table.
class TableReader {
 public:
  TableReader(std::string name, const ProfileOptions& options, base::Problems& problems,
              Profile& profile)
      : name_(std::move(name)), options_(options), problems_(problems), profile_(profile) {}

  void read(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) {
      text.remove_prefix(3);
    }
    std::size_t number = 0;
    while (!text.empty() && problems_.list().size() < kProblemsMax) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = base::trim(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      ++number;
      if (!line.empty() && line.front() != '#') {
        read_line(line, name_ + ":" + std::to_string(number));
      }
    }
    if (layout_.columns.empty()) {
      problems_.add(name_, "is empty; expected a header line and a line for each layer");
    } else if (rows_ == 0 && problems_.empty()) {
      problems_.add(name_, "holds a header but no measured layer");
    }
  }

  /// Values of the column "device" that were not asked for.
  [[nodiscard]] const std::set<std::string>& other_devices() const { return other_devices_; }

 private:
  void read_line(std::string_view line, const std::string& where) {
    const Cells cells = base::split(line, ',');
    if (layout_.columns.empty()) {
      std::vector<std::string> header;
      for (const std::string_view cell : cells) {
        header.emplace_back(base::trim(cell));
      }
      layout_ = find_layout(header, where, problems_);
      header_ = std::move(header);
      header_is_good_ = problems_.empty();
    } else if (header_is_good_) {
      ++rows_;
      read_row(cells, where);
    }
  }

  void read_row(const Cells& cells, const std::string& where) {
    if (cells.size() != layout_.columns.size()) {
      problems_.add(where, "found " + std::to_string(cells.size()) + " cells, the header has " +
                               std::to_string(layout_.columns.size()));
      return;
    }
    RowValues values;
    ProfileRow row;
    values.type = layout_.type.value_or(workloads::LayerType::kRelu);
    bool is_good = true;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string_view cell = base::trim(cells[c]);
      if (layout_.columns[c].kind == Kind::kDevice && !is_wanted(std::string(cell))) {
        return;
      }
      is_good = read_cell(c, cell, where, values, row) && is_good;
    }
    if (!is_good) {
      return;
    }
    if (layout_.complete != nullptr) {
      layout_.complete(values);
    }
    std::vector<std::string> wrong;
    const workloads::Layer layer = row_layer(values, wrong);
    for (const std::string& what : wrong) {
      problems_.add(where, what);
    }
    if (wrong.empty()) {
      row.type = layer.type;
      row.facts = layer_facts(layer);
      profile_.rows.push_back(row);
    }
  }

  bool is_wanted(const std::string& device) {
    if (options_.device.empty() || device == options_.device) {
      return true;
    }
    other_devices_.insert(device);
    return false;
  }

  bool read_cell(std::size_t c, std::string_view cell, const std::string& where, RowValues& values,
                 ProfileRow& row) {
    const ColumnRole& role = layout_.columns[c];
    switch (role.kind) {
      case Kind::kIgnored:
      case Kind::kDevice:
        return true;
      case Kind::kType:
        return read_type(std::string(cell), where, values);
      case Kind::kTime: {
        const double most = kTimeMaxS / role.unit_s;
        const auto time = positive(c, cell, most, where);
        row.time_s = time.value_or(1) * role.unit_s;
        return time.has_value();
      }
      case Kind::kPower:
        row.power_w = cell.empty() ? std::nullopt : positive(c, cell, kPowerMaxW, where);
        return cell.empty() || row.power_w;
      case Kind::kKey:
      case Kind::kSquare:
        break;
    }
    if (cell.empty()) {
      return true;
    }
    const std::optional<double> number = base::parse_number(cell);
    if (!number) {
      problems_.add(where, header_[c] + ": expected a number, found " + shown(cell));
      return false;
    }
    if (role.kind == Kind::kSquare) {
      values[Key::kHeight] = number;
      values[Key::kWidth] = number;
    } else {
      values[role.key] = number;
    }
    return true;
  }

  bool read_type(const std::string& text, const std::string& where, RowValues& values) {
    const auto type = find_layer_type(text);
    if (!type) {
      problems_.add(where, "unknown layer type " + shown(text) +
                               base::suggestion(text, workloads::layer_type_names()));
      return false;
    }
    values.type = *type;
    return true;
  }

  std::optional<double> positive(std::size_t c, std::string_view cell, double most,
                                 const std::string& where) {
    const std::optional<double> value = base::parse_number(cell);
    if (cell.empty()) {
      problems_.add(where, header_[c] + " is missing: fill it in or delete the line");
      return std::nullopt;
    }
    if (!value || !(*value > 0) || *value > most) {
      problems_.add(where, header_[c] + ": expected a number in (0, " + base::format_number(most) +
                               "], found " + shown(cell));
      return std::nullopt;
    }
    return value;
  }

  std::string name_;
  const ProfileOptions& options_;
  base::Problems& problems_;
  Profile& profile_;
  ProfileLayout layout_;
  std::vector<std::string> header_;
  bool header_is_good_ = false;
  std::size_t rows_ = 0;
  std::set<std::string> other_devices_;
};

}  // namespace

Profile load_profile(const std::vector<std::filesystem::path>& paths,
                     const ProfileOptions& options) {
  Profile profile;
  base::Problems problems;
  for (const std::filesystem::path& path : paths) {
    const std::size_t before = profile.rows.size();
    TableReader reader(path.string(), options, problems, profile);
    reader.read(base::read_file(path, kBytesMax));
    const std::set<std::string>& others = reader.other_devices();
    if (problems.empty() && profile.rows.size() == before && !others.empty()) {
      problems.add(path.string(),
                   "has no row of device \"" + options.device + "\"" +
                       base::suggestion(options.device, {others.begin(), others.end()}));
    }
  }
  if (problems.list().size() >= kProblemsMax) {
    problems.add("profile", "reading stopped after so many problems");
  }
  problems.throw_if_any();
  return profile;
}

}  // namespace edgecut::predictors

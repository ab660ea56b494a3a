#include "campaigns/tables.hpp"

#include <algorithm>
#include <memory>
#include <system_error>

#include "base/text.hpp"
#include "results/atomic_file.hpp"
#include "results/csv.hpp"
#include "scenarios/radio_rows.hpp"
#include "scenarios/report.hpp"

namespace edgecut::campaigns {
namespace {

using results::CsvCell;

struct TableKind {
  std::string file;
  std::string header;  // of a run's table
};

std::string header_of(const std::string& table) { return table.substr(0, table.find('\n')); }

// The tables of a run that a campaign puts together.
const std::vector<TableKind>& run_tables() {
  static const std::vector<TableKind> kinds = {
      {"throughput.csv", header_of(scenarios::throughput_csv({}, {}))},
      {"cuts.csv", header_of(scenarios::cuts_csv({}, {}))},
      {"stages.csv", header_of(scenarios::stages_csv({}, {}))},
      {"radio.csv", header_of(scenarios::radio_csv({}, {}))},
      {"power.csv", header_of(scenarios::power_csv({}, {}))}};
  return kinds;
}

constexpr const char* kThroughput = "throughput.csv";
constexpr const char* kPoints = "points.csv";
constexpr const char* kUplink = "uplink_mean_mbps";

// Cells as the start of a line: "1,0.5,".
std::string line_start(const std::vector<CsvCell>& cells) {
  std::string line = results::csv_line(cells);
  line.back() = ',';
  return line;
}

// A row for a point that has none of its own: its verdict says why.
std::string failed_row(const std::string& header) {
  std::string row;
  for (const std::string_view column : base::split(header, ',')) {
    row += (row.empty() && column == "policy") ? "" : ",";
    row += column == "verdict" ? "failed" : "";
  }
  return row;
}

std::vector<CsvCell> key_cells(const Campaign& campaign, std::uint64_t point) {
  std::vector<CsvCell> cells = {CsvCell(point + 1)};
  for (const std::string& cell : axis_cells(campaign.sweep, point)) {
    cells.emplace_back(cell);
  }
  return cells;
}

class TableWriter {
 public:
  explicit TableWriter(const Campaign& campaign) : campaign_(campaign) {
    std::vector<CsvCell> keys = {CsvCell("point")};
    for (const std::string& name : axis_names(campaign.sweep)) {
      keys.emplace_back(name);
    }
    for (const TableKind& kind : run_tables()) {
      open(kind.file, line_start(with_uplink(kind.file, keys, kUplink)) + kind.header);
    }
    for (const char* name : {"status", "file", "message"}) {
      keys.emplace_back(name);
    }
    points_ = std::make_unique<results::AtomicFile>(campaign_.folder / kPoints);
    points_->append(results::csv_line(keys));
  }

  void add(std::uint64_t point, const std::string& file, const PointRecord& record) {
    std::vector<CsvCell> keys = key_cells(campaign_, point);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const TableKind& kind = run_tables()[i];
      const std::string start = line_start(with_uplink(kind.file, keys, record.uplink_mean_mbps));
      const auto lines = record.tables.find(kind.file);
      if (lines != record.tables.end()) {
        for (std::size_t l = 1; l < lines->second.size(); ++l) {
          files_[i]->append(start + lines->second[l] + "\n");
        }
      } else if (kind.file == kThroughput) {
        files_[i]->append(start + failed_row(kind.header) + "\n");
      }
    }
    keys.emplace_back(status_name(record.status));
    keys.emplace_back(file);
    keys.emplace_back(record.message);
    points_->append(results::csv_line(keys));
  }

  void commit() {
    for (const auto& file : files_) {
      file->commit();
    }
    points_->commit();
  }

 private:
  static std::vector<CsvCell> with_uplink(const std::string& file, std::vector<CsvCell> keys,
                                          CsvCell uplink) {
    if (file == kThroughput) {
      keys.push_back(std::move(uplink));
    }
    return keys;
  }

  void open(const std::string& name, const std::string& header) {
    files_.push_back(std::make_unique<results::AtomicFile>(campaign_.folder / name));
    files_.back()->append(header + "\n");
  }

  const Campaign& campaign_;
  std::vector<std::unique_ptr<results::AtomicFile>> files_;  // as run_tables()
  std::unique_ptr<results::AtomicFile> points_;
};

void count(PointStatus status, TableCounts& counts) {
  ++counts.points;
  counts.overloaded += status == PointStatus::kOverloaded ? 1 : 0;
  counts.not_converged += status == PointStatus::kNotConverged ? 1 : 0;
  counts.failed += status == PointStatus::kFailed ? 1 : 0;
}

}  // namespace

const std::vector<std::string>& own_columns() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list = {"point", "status", "file", "message", kUplink};
    for (const TableKind& kind : run_tables()) {
      for (const std::string_view name : base::split(kind.header, ',')) {
        list.emplace_back(name);
      }
    }
    return list;
  }();
  return names;
}

TableCounts write_tables(const Campaign& campaign,
                         const std::function<bool(std::uint64_t)>& is_finished) {
  const PointStore store(campaign.folder);
  TableWriter writer(campaign);
  TableCounts counts;
  for (std::uint64_t k = 0; k < campaign.size(); ++k) {
    const std::uint64_t point = campaign.point(k);
    const auto identity = identity_of(campaign, resolve(campaign.sweep, point));
    const auto record = is_finished(point) ? store.find(identity) : std::nullopt;
    if (record) {
      writer.add(point, PointStore::file_of(identity), *record);
      count(record->status, counts);
    } else {
      ++counts.missing;
    }
  }
  writer.commit();
  return counts;
}

void remove_tables(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const TableKind& kind : run_tables()) {
    std::filesystem::remove(folder / kind.file, ignored);
  }
  std::filesystem::remove(folder / kPoints, ignored);
}

}  // namespace edgecut::campaigns

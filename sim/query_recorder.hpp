// Follows every query through its stages when a log is wanted; costs a test of a pointer otherwise.
#pragma once

#include <map>
#include <utility>

#include "sim/prepared_run.hpp"
#include "sim/query_log.hpp"

namespace edgecut::sim {

class QueryRecorder {
 public:
  explicit QueryRecorder(QueryLog* log) : log_(log) {}
  [[nodiscard]] bool is_on() const { return log_ != nullptr; }

  template <class Query>
  void issued(const Query& query, const Slot& slot, std::size_t cut, base::Duration start,
              base::Duration ready, const SeenUplink& uplink) {
    if (log_ == nullptr) [[likely]] {
      return;
    }
    QueryRecord record;
    record.node = query.node;
    record.number = query.number;
    record.group = slot.group;
    record.query_class = slot.query_class;
    record.cut = static_cast<std::uint32_t>(cut);
    record.issued_at = query.issued_at;
    record.uplink = uplink;
    record.device_start = start;
    record.device_end = ready;
    record.upload_start = record.upload_end = record.server_arrival = ready;
    record.server_start = record.server_end = ready;
    open_[{query.node, query.number}] = record;
  }

  template <class Query>
  void uploaded(const Query& query, base::Duration start, base::Duration end,
                base::Duration arrival) {
    if (log_ == nullptr) [[likely]] {
      return;
    }
    QueryRecord& record = open_.at({query.node, query.number});
    record.upload_start = start;
    record.upload_end = end;
    record.server_arrival = record.server_start = record.server_end = arrival;
  }

  template <class Query>
  void served(const Query& query, base::Duration start, base::Duration end) {
    if (log_ == nullptr) [[likely]] {
      return;
    }
    QueryRecord& record = open_.at({query.node, query.number});
    record.server_start = start;
    record.server_end = end;
  }

  template <class Query>
  void downloading(const Query& query, base::Duration answered_at, base::Duration start) {
    if (log_ == nullptr) [[likely]] {
      return;
    }
    QueryRecord& record = open_.at({query.node, query.number});
    record.answered_at = answered_at;
    record.download_start = start;
  }

  template <class Query>
  void dropped(const Query& query) {
    if (log_ != nullptr) {
      open_.erase({query.node, query.number});
    }
  }

  template <class Query>
  void completed(const Query& query, base::Duration done, const results::EnergySplit& energy) {
    if (log_ == nullptr) [[likely]] {
      return;
    }
    const auto found = open_.find({query.node, query.number});
    QueryRecord& record = found->second;
    if (!query.answered) {  // nothing comes down
      record.answered_at = record.download_start = done;
    }
    record.completed_at = done;
    found->second.energy = energy;
    log_->push_back(found->second);
    open_.erase(found);
  }

 private:
  QueryLog* log_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, QueryRecord> open_;
};

}  // namespace edgecut::sim

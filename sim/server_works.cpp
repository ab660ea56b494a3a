#include "sim/server_works.hpp"

namespace edgecut::sim {
namespace {

// Prefixes of a network, the empty and the whole one among them; a job has one way to run.
std::size_t prefixes_of(const QueryClass& query_class) {
  return query_class.dnn ? query_class.dnn->layers().size() + 1 : 1;
}

}  // namespace

ServerWorks::ServerWorks(const std::vector<QueryClass>& classes) : classes_(classes) {
  for (const QueryClass& query_class : classes) {
    first_.push_back(prefixes_);
    prefixes_ += static_cast<std::uint32_t>(prefixes_of(query_class));
  }
}

std::uint32_t ServerWorks::number_of(std::size_t query_class, const predictors::CutTable& table,
                                     std::size_t cut) {
  const std::size_t prefixes = prefixes_of(classes_[query_class]);
  if (cut < prefixes) {
    return first_[query_class] + static_cast<std::uint32_t>(cut);
  }
  const auto next = static_cast<std::uint32_t>(prefixes_ + further_.size());
  return further_.emplace(std::pair(query_class, table.further[cut - prefixes]), next)
      .first->second;
}

ServerTables ServerWorks::tables_of(const ServerKind& kind) const {
  const std::size_t count = prefixes_ + further_.size();
  ServerTables tables;
  tables.service.resize(count);
  tables.kernels.resize(count);
  tables.batches.resize(count);
  for (std::size_t q = 0; q < classes_.size(); ++q) {
    for (std::size_t cut = 0; classes_[q].dnn && cut < prefixes_of(classes_[q]); ++cut) {
      const std::size_t number = first_[q] + cut;
      tables.kernels[number] = kind.work[q].kernels(cut);
      tables.batches[number] = kind.work[q].batches(cut);
    }
  }
  for (const auto& [key, number] : further_) {
    const auto& [query_class, on_device] = key;
    tables.own_kernels.push_back(kind.work[query_class].kernels(on_device));
    tables.kernels[number] = tables.own_kernels.back();
    tables.batches[number] = kind.work[query_class].batches(on_device);
  }
  for (std::size_t number = 0; number < count; ++number) {
    if (!tables.batches[number].empty()) {
      tables.service[number] = tables.batches[number].front();
    }
  }
  return tables;
}

}  // namespace edgecut::sim

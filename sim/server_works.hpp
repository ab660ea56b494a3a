// What servers may have to do for the queries of a run: the layers behind each cut of each class,
// numbered alike for all node groups, so that queries of different groups fit into one batch.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "predictors/cut_table.hpp"
#include "sim/run_model.hpp"
#include "sim/server.hpp"

namespace edgecut::sim {

class ServerWorks {
 public:
  /// `classes` must outlive this.
  explicit ServerWorks(const std::vector<QueryClass>& classes);

  /// The number of the work that this cut of the class leaves to the servers.
  std::uint32_t number_of(std::size_t query_class, const predictors::CutTable& table,
                          std::size_t cut);
  /// By number, for all that were asked for. `kind.work` must outlive the tables.
  [[nodiscard]] ServerTables tables_of(const ServerKind& kind) const;

 private:
  const std::vector<QueryClass>& classes_;
  std::vector<std::uint32_t> first_;  // by class: the number of its first prefix
  std::uint32_t prefixes_ = 0;        // of all classes together
  // Cuts that are no prefix, behind all prefixes: by class and layers on the device.
  std::map<std::pair<std::size_t, predictors::LayerSet>, std::uint32_t> further_;
};

}  // namespace edgecut::sim

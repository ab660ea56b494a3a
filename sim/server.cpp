#include "sim/server.hpp"

#include "sim/batching_server.hpp"
#include "sim/fifo_server.hpp"
#include "sim/time_slicing_server.hpp"

namespace edgecut::sim {

std::unique_ptr<Server> make_server(const ServerKind& kind, const ServerTables& tables,
                                    bool counted) {
  switch (kind.discipline) {
    case Discipline::kTimeSlicing:
      return std::make_unique<TimeSlicingServer>(kind, tables);
    case Discipline::kBatching:
      return std::make_unique<BatchingServer>(kind, tables);
    case Discipline::kFifo:
      break;
  }
  return std::make_unique<FifoServer>(kind.gpus, kind.admission_limit, counted);
}

}  // namespace edgecut::sim

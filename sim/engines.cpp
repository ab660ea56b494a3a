#include "sim/engines.hpp"

#include "sim/isolated_run.hpp"
#include "sim/queueing_engine.hpp"
#include "sim/queueing_run.hpp"
#include "sim/simgrid_network.hpp"

namespace edgecut::sim {

void check_engine(Engine engine) {
  if (engine == Engine::kSimGrid) {
    load_simgrid();
  }
}

RunOutcome run_model(const RunModel& model, const policies::Policy& policy,
                     const RunOptions& options) {
  if (model.engine == Engine::kQueueing) {
    return run_queueing(model, policy, options);
  }
  load_simgrid();  // here, so that every child has it
  return isolated_run(
      [&](QueryLog* log) {
        RunOptions own = options;
        own.log = log;
        return QueueingRun(model, policy, make_simgrid_network, own).run();
      },
      options.log, options.cancelled);
}

}  // namespace edgecut::sim

#include "sim/engines.hpp"

#include "sim/queueing_engine.hpp"

namespace edgecut::sim {
void check_engine(Engine) {}
RunOutcome run_model(const RunModel& model, const policies::Policy& policy,
                     const RunOptions& options) {
  return run_queueing(model, policy, options);
}
}  // namespace edgecut::sim

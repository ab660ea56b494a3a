#include "support/random_cloud.hpp"

#include <rapidcheck.h>

#include "support/random_picks.hpp"

namespace edgecut::testing {
namespace {

using nlohmann::json;

json any_background() {
  json background = {{"steps", json::array()}};
  if (chance(50)) {
    background["kernel"] = {{"batch", pick(1, 600)}, {"inputs", 1000}, {"outputs", pick(1, 1000)}};
  } else {
    background["kernel_s"] = pick_real(0.0007, 0.0231);
  }
  double time_s = chance(50) ? 0 : pick_real(0, 20);
  for (int steps = pick(1, 5); steps > 0; --steps) {
    background["steps"].push_back({{"from_s", time_s}, {"processes", pick(0, 6)}});
    time_s += pick_real(0.01, 40) + 1e-4;
  }
  return background;
}

json any_server(const CloudOptions& options) {
  json server = {{"server", pick_one({"tesla-k40", "xeon-e5-2620v2"})},
                 {"count", pick(1, 4)},
                 {"discipline", pick_one({"fifo", "time-slicing", "batching"})}};
  if (server["discipline"] == "time-slicing") {
    server["job_slice_s"] = pick_real(0.0003, 0.0173);
    if (chance(60)) {
      server["background"] = any_background();
    }
  } else {
    server["gpus"] = pick(1, 3);
  }
  if (server["discipline"] == "batching") {
    server["batching"] = {{"size_max", pick(1, 6)},
                          {"wait_max_s", chance(30) ? 0 : pick_real(0.0001, 0.5)}};
  }
  if (options.admission && chance(20)) {
    server["admission_limit"] = pick(1, 4);
  }
  return server;
}

}  // namespace

json any_cloud(const CloudOptions& options) {
  if (!options.clusters || chance(40)) {
    return {{"server", "tesla-k40"},
            {"gpus", chance(10) ? pick(17, 20) : pick(1, 4)},
            {"load_poll_interval_s", pick_real(0.05, 20)}};
  }
  json servers = json::array();
  for (int kinds = pick(1, 3); kinds > 0; --kinds) {
    servers.push_back(any_server(options));
  }
  return {{"servers", servers},
          {"dispatch", pick_one({"random", "round-robin", "shortest-queue", "power-of-two"})},
          {"load",
           {{"signal", pick_one({"wait", "turn", "processes", "utilisation"})},
            {"poll_interval_s", pick_real(0.05, 20)},
            {"delay_s", chance(50) ? 0 : pick_real(0.01, 30)}}}};
}

}  // namespace edgecut::testing

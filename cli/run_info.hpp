// How this process ran, for run_info.json.
#pragma once

#include "scenarios/report.hpp"

namespace edgecut::cli {

scenarios::RunInfo run_info(double wall_s, unsigned threads);

}  // namespace edgecut::cli

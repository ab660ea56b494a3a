// The predictors that ship, made from the calibration tables (predictors/calibration_tables.hpp).
//
// Types measured inside networks (two layers or more) are fitted to these; the others to layers run
// alone, without the copy of their input (docs/adr/0007), times one factor a device: the mean, over
// networks that consist of such layers by more than half, of what their measured total leaves for
// these layers over what is predicted for them. A predictor knows types and parameters of layers,
// never a network.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "predictors/calibration_tables.hpp"
#include "predictors/fit_predictor.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

PredictorData ship_predictor(const CalibrationTables& tables,
                             const std::vector<workloads::Dnn>& dnns, const std::string& device,
                             const FitOptions& options);

/// Writes fitted/<device>.json and published/<device>.json into a folder for every device of the
/// tables; returns the files written.
std::vector<std::filesystem::path> write_shipped_predictors(
    const std::filesystem::path& tables_folder, const std::filesystem::path& output_folder);

}  // namespace edgecut::predictors

// From tables of measurements to the calibrated cost model of a device.
//
// 1. Forms: for each layer type the coefficients of predictors/layer_form.hpp, by relative least
//    squares with non-negative coefficients. Fitted to layers measured inside networks where there
//    are such; otherwise to layers run alone, whose time holds the copy of the input from the host
//    in addition: that copy is fitted as an amount of its own and left out of the form, since
//    inside a network the input already lies on the device. Types that nobody measured take the
//    form of one that moves the same data.
// 2. Networks: a soundly measured layer keeps its time. The others are estimated by the forms, and
//    all estimates of one network are multiplied by one factor so that its layers add up to its
//    measured total. The mean of these factors (networks that are estimated by more than half) is
//    the network factor of forms that were fitted to layers alone.
// 3. Power: the mean measured over a network holds for each of its layers; a form's power is the
// mean
//    over the networks weighted by the time that they spend in layers of the type.
//
// Only hardware measurements go in, none of the published results that a simulation should predict.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "predictors/calibrated_model.hpp"
#include "predictors/calibration_tables.hpp"
#include "predictors/form_fit.hpp"
#include "workloads/dnn.hpp"

namespace edgecut::predictors {

/// The layers of the tables that were measured on a device. Throws ConfigError when they name a
/// layer that none of `dnns` has. Points into both arguments.
FitSamples gather_samples(const CalibrationTables& tables, const std::vector<workloads::Dnn>& dnns,
                          const std::string& device);

/// The networks of the tables, as they ship.
std::vector<workloads::Dnn> table_networks(const CalibrationTables& tables);

/// The model of `device`. `dnns` are the networks of the tables. Throws ConfigError when the tables
/// do not suffice or name a layer that the network does not have.
CalibratedModelData calibrate(const CalibrationTables& tables,
                              const std::vector<workloads::Dnn>& dnns, const std::string& device,
                              const std::string& title);

/// Calibrates every device of the tables in `tables_folder` (shipped networks and devices) and
/// writes <device>.json files to `output_folder`; returns the devices, sorted.
std::vector<std::string> write_calibrated_models(const std::filesystem::path& tables_folder,
                                                 const std::filesystem::path& output_folder);

}  // namespace edgecut::predictors

#include "predictors/calibrate.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "platforms/device.hpp"
#include "workloads/model_file.hpp"

namespace edgecut::predictors {
namespace {

constexpr const char* kFormSource =
    "fitted to hardware measurements of the Neurosurgeon study (claritylab/djinn, branch mobile, "
    "2015) in predictors/calibration";

const workloads::Dnn* find_dnn(const std::vector<workloads::Dnn>& dnns, const std::string& name) {
  const auto found = std::find_if(dnns.begin(), dnns.end(),
                                  [&](const workloads::Dnn& dnn) { return dnn.name() == name; });
  return found == dnns.end() ? nullptr : &*found;
}

const workloads::Layer* find_layer(const workloads::Dnn& dnn, const std::string& name) {
  const auto layers = dnn.layers();
  const auto found = std::find_if(layers.begin(), layers.end(), [&](const workloads::Layer& layer) {
    return layer.name == name;
  });
  return found == layers.end() ? nullptr : &*found;
}

std::optional<base::Duration> measured_time(const CalibrationTables& tables, const std::string& dnn,
                                            const std::string& layer, const std::string& device) {
  for (const MeasuredLayer& measured : tables.layers) {
    if (measured.dnn == dnn && measured.layer == layer) {
      const auto time = measured.time.find(device);
      return time == measured.time.end() ? std::nullopt : std::optional(time->second);
    }
  }
  return std::nullopt;
}

// Measured layers as they are, the others by their forms, scaled to the rest of the total.
NetworkEntry calibrate_network(const CalibrationTables& tables, const workloads::Dnn& dnn,
                               const MeasuredTotal& total, const FittedForms& fitted) {
  NetworkEntry network{.dnn = dnn.name(),
                       .power = total.power.value_or(base::watts(0)),
                       .total = total.time,
                       .layers = {}};
  base::Duration measured;
  base::Duration estimated;
  for (const workloads::Layer& layer : dnn.layers()) {
    LayerEntry entry{.layer = layer.name,
                     .work = layer.work,
                     .input_elements = layer.input_elements,
                     .output_elements = layer.output.elements(),
                     .weights = layer.weights,
                     .time = {}};
    const auto time = measured_time(tables, dnn.name(), layer.name, total.device);
    entry.is_measured = time.has_value();
    entry.time =
        time ? *time : form_time(fitted.forms.at(static_cast<std::size_t>(layer.type)), layer);
    (entry.is_measured ? measured : estimated) += entry.time;
    network.layers.push_back(std::move(entry));
  }
  if (estimated > base::seconds(0)) {
    if (measured >= total.time) {
      throw base::ConfigError(total.device + "/" + dnn.name(),
                              "the measured layers take longer than the whole network; nothing is "
                              "left for the others");
    }
    network.estimate_factor = (total.time - measured) / estimated;
    for (LayerEntry& entry : network.layers) {
      entry.time *= entry.is_measured ? 1 : network.estimate_factor;
    }
  }
  return network;
}

// Mean factor of the networks whose estimates make up more than half: in the others the factor
// absorbs whatever the measured layers leave over and says nothing about the forms.
double network_factor(const std::vector<NetworkEntry>& networks) {
  double sum = 0;
  int count = 0;
  for (const NetworkEntry& network : networks) {
    base::Duration estimated;
    for (const LayerEntry& entry : network.layers) {
      estimated += entry.is_measured ? base::seconds(0) : entry.time;
    }
    if (estimated > network.total / 2) {
      sum += network.estimate_factor;
      ++count;
    }
  }
  return count == 0 ? 1 : sum / count;
}

// Time-weighted mean power of each layer type; the plain mean over networks for types without time.
void set_powers(const std::vector<workloads::Dnn>& dnns, CalibratedModelData& data) {
  std::array<base::Duration, kLayerTypes> time;
  std::array<base::Energy, kLayerTypes> energy;
  base::Power sum;
  for (const NetworkEntry& network : data.networks) {
    const workloads::Dnn& dnn = *find_dnn(dnns, network.dnn);
    sum += network.power;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      const auto type = static_cast<std::size_t>(dnn.layers()[i].type);
      time.at(type) += network.layers[i].time;
      energy.at(type) += network.power * network.layers[i].time;
    }
  }
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    data.forms.at(t).power = time.at(t) > base::seconds(0)
                                 ? energy.at(t) / time.at(t)
                                 : sum / static_cast<double>(data.networks.size());
  }
}

}  // namespace

FitSamples gather_samples(const CalibrationTables& tables, const std::vector<workloads::Dnn>& dnns,
                          const std::string& device) {
  FitSamples samples;
  base::Problems problems;
  for (const MeasuredLayer& measured : tables.layers) {
    const workloads::Dnn* dnn = find_dnn(dnns, measured.dnn);
    const workloads::Layer* layer = dnn == nullptr ? nullptr : find_layer(*dnn, measured.layer);
    if (layer == nullptr) {
      problems.add("measured layer " + measured.dnn + "/" + measured.layer,
                   "no such layer in the networks given");
    } else if (const auto time = measured.time.find(device); time != measured.time.end()) {
      samples.in_networks.push_back({layer, time->second});
    }
  }
  for (const SingleLayer& single : tables.single_layers) {
    if (const auto time = single.time.find(device); time != single.time.end()) {
      samples.alone.push_back({&single.layer, time->second});
    }
  }
  problems.throw_if_any();
  return samples;
}

std::vector<workloads::Dnn> table_networks(const CalibrationTables& tables) {
  std::set<std::string> names;
  for (const MeasuredTotal& total : tables.totals) {
    names.insert(total.dnn);
  }
  std::vector<workloads::Dnn> dnns;
  for (const std::string& name : names) {
    dnns.push_back(workloads::find_model(name, {}, "totals.csv"));
  }
  return dnns;
}

CalibratedModelData calibrate(const CalibrationTables& tables,
                              const std::vector<workloads::Dnn>& dnns, const std::string& device,
                              const std::string& title) {
  const FittedForms fitted = fit_forms(gather_samples(tables, dnns, device), device);
  CalibratedModelData data;
  data.name = device;
  data.title = title;
  data.source = kFormSource;
  data.forms = fitted.forms;
  for (const MeasuredTotal& total : tables.totals) {
    const workloads::Dnn* dnn = find_dnn(dnns, total.dnn);
    if (total.device == device && dnn != nullptr) {
      data.networks.push_back(calibrate_network(tables, *dnn, total, fitted));
    }
  }
  if (data.networks.empty()) {
    throw base::ConfigError(device, "the tables have no total of a network on this device");
  }
  const double factor = network_factor(data.networks);
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    data.forms.at(t).network_factor = fitted.is_from_alone.at(t) ? factor : 1;
  }
  set_powers(dnns, data);
  for (std::size_t t = kLayerTypesInFiles; t < kLayerTypes; ++t) {
    data.forms.at(t).is_implied = true;
  }
  data.imply_forms();
  return data;
}

std::vector<std::string> write_calibrated_models(const std::filesystem::path& tables_folder,
                                                 const std::filesystem::path& output_folder) {
  const CalibrationTables tables = load_calibration_tables(tables_folder);
  std::set<std::string> devices;
  const std::string where = (tables_folder / "totals.csv").string();
  for (const MeasuredTotal& total : tables.totals) {
    devices.insert(total.device);
  }
  const std::vector<workloads::Dnn> dnns = table_networks(tables);
  for (const std::string& device : devices) {
    const std::string title = platforms::find_device(device, {}, where).title;
    const CalibratedModelData data = calibrate(tables, dnns, device, title);
    base::write_file(output_folder / (device + ".json"), calibrated_model_json(data));
  }
  return {devices.begin(), devices.end()};
}

}  // namespace edgecut::predictors

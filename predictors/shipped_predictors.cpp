#include "predictors/shipped_predictors.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/errors.hpp"
#include "base/file.hpp"
#include "predictors/calibrate.hpp"

namespace edgecut::predictors {
namespace {

using workloads::LayerType;

constexpr const char* kPredictorSource =
    "hardware measurements of the Neurosurgeon study (claritylab/djinn, branch mobile, 2015) in "
    "predictors/calibration";

constexpr std::size_t kInsideMin = 2;  // as calibrate()

std::vector<Sample> of_type(const std::vector<FitSample>& all, LayerType type) {
  std::vector<Sample> samples;
  for (const FitSample& sample : all) {
    if (sample.layer->type == type) {
      samples.push_back({layer_facts(*sample.layer), base::in_seconds(sample.time)});
    }
  }
  return samples;
}

bool is_measured(const CalibrationTables& tables, const MeasuredTotal& total,
                 const std::string& layer) {
  return std::any_of(tables.layers.begin(), tables.layers.end(), [&](const MeasuredLayer& row) {
    return row.dnn == total.dnn && row.layer == layer && row.time.contains(total.device);
  });
}

// What a total leaves for the layers that were not measured, over what is predicted for them;
// nothing where these are less than half of the network and say little.
std::optional<double> factor_of(const CalibrationTables& tables, const workloads::Dnn& dnn,
                                const MeasuredTotal& total, const FittedPredictor& predictor) {
  double left_s = base::in_seconds(total.time);
  double predicted_s = 0;
  for (const MeasuredLayer& row : tables.layers) {
    const auto time = row.time.find(total.device);
    left_s -= row.dnn == total.dnn && time != row.time.end() ? base::in_seconds(time->second) : 0;
  }
  for (std::size_t i = 0; i < dnn.layers().size(); ++i) {
    if (!is_measured(tables, total, dnn.layers()[i].name)) {
      predicted_s += base::in_seconds(predictor.cost(dnn, i).time);
    }
  }
  return left_s > base::in_seconds(total.time) / 2 && predicted_s > 0
             ? std::optional(left_s / predicted_s)
             : std::nullopt;
}

double network_factor(const CalibrationTables& tables, const std::vector<workloads::Dnn>& dnns,
                      const std::string& device, const FittedPredictor& predictor) {
  double sum = 0;
  int count = 0;
  for (const MeasuredTotal& total : tables.totals) {
    for (const workloads::Dnn& dnn : dnns) {
      if (total.device == device && dnn.name() == total.dnn) {
        const auto factor = factor_of(tables, dnn, total, predictor);
        sum += factor.value_or(0);
        count += factor ? 1 : 0;
      }
    }
  }
  return count == 0 ? 1 : sum / count;
}

}  // namespace

PredictorData ship_predictor(const CalibrationTables& tables,
                             const std::vector<workloads::Dnn>& dnns, const std::string& device,
                             const FitOptions& options) {
  const FitSamples samples = gather_samples(tables, dnns, device);
  PredictorData data;
  data.device = device;
  data.source = kPredictorSource;
  data.folds = options.folds.folds;
  data.seed = options.folds.seed;
  const double memory =
      memory_s_per_byte(of_type(samples.in_networks, LayerType::kFullyConnected), false);
  std::vector<std::size_t> alone;
  for (std::size_t t = 0; t < kLayerTypes; ++t) {
    const auto type = static_cast<LayerType>(t);
    std::vector<Sample> times = of_type(samples.in_networks, type);
    const bool is_inside = times.size() >= kInsideMin;
    if (!is_inside) {
      times = of_type(samples.alone, type);
    }
    const bool is_copied = !is_inside && type != LayerType::kArgmax;
    auto predictor = fit_type(type, times, {}, is_copied, options);
    if (predictor) {
      predictor->s_per_tensor_byte = is_copied ? memory : 0;
      if (!is_inside) {
        alone.push_back(data.types.size());
      }
      data.types.push_back(std::move(*predictor));
    } else if (!times.empty()) {
      data.not_fitted.push_back({type, times.size(), "no form applies"});
    }
  }
  const FittedPredictor predictor(data, {});
  const double factor = network_factor(tables, dnns, device, predictor);
  for (const std::size_t t : alone) {
    data.types[t].network_factor = factor;
  }
  return data;
}

std::vector<std::filesystem::path> write_shipped_predictors(
    const std::filesystem::path& tables_folder, const std::filesystem::path& output_folder) {
  const CalibrationTables tables = load_calibration_tables(tables_folder);
  const std::vector<workloads::Dnn> dnns = table_networks(tables);
  std::set<std::string> devices;
  for (const MeasuredTotal& total : tables.totals) {
    devices.insert(total.device);
  }
  std::vector<std::filesystem::path> files;
  for (const std::string& device : devices) {
    for (const bool published : {false, true}) {
      const FitOptions options{.forms = published ? FormChoice::kPublished : FormChoice::kBest,
                               .folds = {}};
      files.push_back(output_folder / (published ? "published" : "fitted") / (device + ".json"));
      base::write_file(files.back(), predictor_json(ship_predictor(tables, dnns, device, options)));
    }
  }
  return files;
}

}  // namespace edgecut::predictors

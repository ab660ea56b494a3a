// A fitted predictor: a regression for each layer type that was measured, with its model card.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "predictors/calibrated_model.hpp"
#include "predictors/cost_model.hpp"
#include "predictors/cross_validation.hpp"
#include "predictors/regression.hpp"

namespace edgecut::predictors {

/// What is known of one layer type on one device.
struct TypePredictor {
  workloads::LayerType type = workloads::LayerType::kRelu;
  std::size_t samples = 0;
  Regression time;
  std::optional<Regression> power;
  /// A roofline that tells the copy of the input from the host in the samples' times from the rest:
  /// inside a network its share is left out (docs/adr/0007).
  std::optional<Regression> copy;
  /// Beside `copy`: what moving a layer's tensors takes inside a network. The copy hides it; the
  /// memory that fully connected layers read their weights from is the same.
  double s_per_tensor_byte = 0;
  double network_factor = 1;           // inside a network over alone
  std::vector<FormScore> tried;        // of time, held out; empty when there were too few samples
  std::vector<FormScore> tried_power;  // of power

  /// The held-out score of the chosen form of time.
  [[nodiscard]] const FormScore* score() const;
};

struct NotFitted {
  workloads::LayerType type = workloads::LayerType::kRelu;
  std::size_t samples = 0;
  std::string why;
};

/// The contents of a predictor file.
struct PredictorData {
  std::string device;
  std::string source;  // files that were fitted to, or a sentence on them
  std::string date;    // as given; empty: not recorded
  int folds = 5;
  std::uint64_t seed = 1;
  std::vector<TypePredictor> types;  // in the order of LayerType
  std::vector<NotFitted> not_fitted;
};

/// A predictor as a cost model. A type that was not measured takes the regression of one that does
/// the same (predictors/stand_ins.hpp).
class FittedPredictor final : public CostModel {
 public:
  /// `powers` by layer type, for types whose power was not fitted.
  FittedPredictor(PredictorData data, const std::array<base::Power, kLayerTypes>& powers);
  [[nodiscard]] const std::string& name() const override { return data_.device; }
  /// Throws base::ConfigError for a type that the predictor cannot predict.
  [[nodiscard]] LayerCost cost(const workloads::Dnn& dnn, std::size_t layer) const override;
  [[nodiscard]] const PredictorData& data() const { return data_; }

 private:
  PredictorData data_;
  std::array<base::Power, kLayerTypes> powers_;
  std::array<const TypePredictor*, kLayerTypes> by_type_{};  // stand-ins resolved; may be null
};

/// Seconds of a layer alone (as its samples were measured), and inside a network.
double seconds_alone(const TypePredictor& predictor, const Facts& facts);
double seconds_inside(const TypePredictor& predictor, const Facts& facts);

/// The text of a predictor file, the same bytes for the same data, and back.
std::string predictor_json(const PredictorData& data);
PredictorData load_predictor(const std::filesystem::path& path);

}  // namespace edgecut::predictors

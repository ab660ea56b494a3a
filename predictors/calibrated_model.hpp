// A calibrated cost model: what layers really take on one processor.
//
// Layers of the benchmark networks have an entry each (measured, or estimated such that the
// network's layers add up to its measured total); every other layer gets the parametric form of its
// type (predictors/layer_form.hpp). An entry holds only for the layer that was measured: name,
// work, tensor sizes and weights must match, so an altered network under the same name falls back
// to the forms. Power is that of the whole board while the layer runs. Ignores temperature,
// frequency scaling, and what else runs on the processor (the engine models contention).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "predictors/cost_model.hpp"
#include "predictors/layer_form.hpp"

namespace edgecut::predictors {

inline constexpr std::size_t kLayerTypes = 23;
/// The first so many types have a form in every file; the others may be implied.
inline constexpr std::size_t kLayerTypesInFiles = 16;

/// One layer of a benchmark network.
struct LayerEntry {
  std::string layer;
  bool is_measured = false;  // else estimated from the form and scaled to the network's total
  base::Work work;
  std::int64_t input_elements = 0;
  std::int64_t output_elements = 0;
  std::int64_t weights = 0;
  base::Duration time;
};

struct NetworkEntry {
  std::string dnn;
  base::Power power;           // measured mean over the whole network
  base::Duration total;        // measured
  double estimate_factor = 1;  // what the estimated layers were multiplied by
  std::vector<LayerEntry> layers;
};

/// The contents of predictors/models/<device>.json.
struct CalibratedModelData {
  std::string name;
  std::string title;
  std::string source;
  std::array<LayerForm, kLayerTypes> forms;  // by LayerType; see imply_forms
  std::vector<NetworkEntry> networks;

  /// Gives the types that files may leave out (those of imported networks: matmul, layer_norm,
  /// pointwise, reduce, reshape, move, other), where they are marked implied, the form of the type
  /// that is nearest in what it does.
  void imply_forms();
};

/// True when `layer` is the one that `entry` was made for.
bool entry_matches(const LayerEntry& entry, const workloads::Layer& layer);

class CalibratedModel final : public CostModel {
 public:
  explicit CalibratedModel(CalibratedModelData data);
  [[nodiscard]] const std::string& name() const override { return data_.name; }
  [[nodiscard]] LayerCost cost(const workloads::Dnn& dnn, std::size_t layer) const override;
  /// By batch_factor() of the layer type's form.
  [[nodiscard]] base::Duration batch_time(const workloads::Dnn& dnn, std::size_t layer,
                                          std::uint32_t queries) const override;
  [[nodiscard]] const CalibratedModelData& data() const { return data_; }

 private:
  struct Place {
    std::size_t network;
    std::size_t layer;
  };
  CalibratedModelData data_;
  std::map<std::string, std::map<std::string, Place>> places_;  // by network, by layer
};

/// Reads a model file; the name is the file's without extension. Throws ConfigError with every
/// problem.
CalibratedModelData load_calibrated_model(const std::filesystem::path& path);

/// The text of a model file, the same bytes for the same data.
std::string calibrated_model_json(const CalibratedModelData& data);

/// The cost model that a device names: one shipped in predictors/models, or a path relative to
/// `relative_to`. `where` is the place of the reference, for the error.
std::unique_ptr<CostModel> find_cost_model(const std::string& reference,
                                           const std::filesystem::path& relative_to,
                                           const std::string& where);

}  // namespace edgecut::predictors

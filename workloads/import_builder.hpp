// What the importers of foreign formats share: names made valid and unique, layers collected,
// layers that lead to no output dropped, several outputs joined, notes kept.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "workloads/dnn.hpp"

namespace edgecut::workloads {

class ImportBuilder {
 public:
  /// `where` is the file, for errors.
  explicit ImportBuilder(std::string where);

  /// Tensors that the network's one input is made of, in their order; a layer that reads one of
  /// several gets a view of the whole. To be called once, before layers are added. Returns what
  /// stands for each: kNetworkInput, or the view's layer.
  struct Input {
    std::string name;
    Shape shape;
  };
  std::vector<std::uint32_t> set_inputs(const std::vector<Input>& inputs);

  /// Adds a layer and infers it; `name` is made valid and unique. Throws base::ConfigError, naming
  /// it, when its inputs do not fit.
  std::uint32_t add(const std::string& name, LayerType type, std::vector<std::uint32_t> inputs,
                    LayerParameters parameters = {});
  /// The shape that a layer (or the network's input) puts out.
  [[nodiscard]] const Shape& shape(std::uint32_t layer) const;
  [[nodiscard]] std::size_t size() const { return description_.layers.size(); }
  /// Notes beyond a hundred are counted only.
  void note(const std::string& text);

  /// The network whose outputs are those of the layers given. Throws base::ConfigError.
  Dnn finish(std::vector<std::uint32_t> outputs, const std::string& name, const std::string& source,
             base::DataSize input_size);

 private:
  std::string valid_name(const std::string& name);
  void join_outputs(std::vector<std::uint32_t>& outputs);
  void drop_unused(std::uint32_t output);

  std::string where_;
  Dnn::Description description_;
  std::map<std::string, std::size_t> names_;  // how often each was asked for
  std::size_t notes_beyond_ = 0;
};

/// A tensor of any rank on the four axes: from the left, with the axes before the last three of
/// more than four folded into the batch; a vector has channels only. Sizes that do not fit in 64
/// bits become kDimensionMax + 1, which every check refuses.
Shape fold_shape(std::span<const std::int64_t> dimensions);
/// Where an axis of a tensor of `rank` lies then.
std::int64_t fold_axis(std::int64_t axis, std::size_t rank);

}  // namespace edgecut::workloads

#include "predictors/cut_table.hpp"

#include <algorithm>

namespace edgecut::predictors {

std::vector<base::DataSize> cut_uploads(const workloads::Dnn& dnn) {
  const auto layers = dnn.layers();
  const std::size_t count = layers.size();
  // A tensor crosses cut c when made before it and consumed by layer c or later: c in
  // (producer, last consumer]. The network's input is made before every cut.
  std::vector<std::size_t> last_consumer(count, 0);
  std::size_t last_of_input = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::uint32_t input : layers[i].inputs) {
      (input == workloads::kNetworkInput ? last_of_input : last_consumer[input]) = i;
    }
  }
  std::vector<base::DataSize> uploads(count + 1);
  for (std::size_t c = 0; c <= last_of_input; ++c) {
    uploads[c] += dnn.input_size();
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t c = i + 1; c <= last_consumer[i]; ++c) {
      uploads[c] += dnn.output_size(i);
    }
  }
  uploads[count] = dnn.output_is_uploaded() ? dnn.output_size(count - 1) : base::bytes(0);
  return uploads;
}

CutTable make_cut_table(const workloads::Dnn& dnn, const CostModel& device,
                        const CostModel& server) {
  const std::size_t count = dnn.layers().size();
  const std::vector<base::DataSize> uploads = cut_uploads(dnn);
  CutTable table;
  table.cuts.resize(count + 1);
  for (std::size_t c = 0; c <= count; ++c) {
    CutCost& cut = table.cuts[c];
    cut.device_layers = static_cast<std::uint32_t>(c);
    cut.upload = uploads[c];
    const bool answer_comes_back = c < count || dnn.output_is_uploaded();
    cut.download = answer_comes_back ? dnn.output_size(count - 1) : base::bytes(0);
    if (c > 0) {
      const LayerCost cost = device.cost(dnn, c - 1);
      cut.device_time = table.cuts[c - 1].device_time + cost.time;
      cut.device_energy = table.cuts[c - 1].device_energy + cost.power * cost.time;
    }
  }
  // Suffix sums from the end, so that a shorter suffix is never longer by rounding.
  for (std::size_t c = count; c-- > 0;) {
    table.cuts[c].server_time = table.cuts[c + 1].server_time + server.cost(dnn, c).time;
  }
  return table;
}

}  // namespace edgecut::predictors

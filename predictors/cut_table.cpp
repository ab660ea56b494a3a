#include "predictors/cut_table.hpp"

#include <algorithm>
#include <utility>

#include "base/errors.hpp"

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

bool is_closed(const workloads::Dnn& dnn, const LayerSet& on_device) {
  for (std::size_t i = 0; i < on_device.size(); ++i) {
    for (const std::uint32_t input : dnn.layers()[i].inputs) {
      if (on_device[i] && input != workloads::kNetworkInput && !on_device[input]) {
        return false;
      }
    }
  }
  return true;
}

std::vector<std::uint32_t> crossing_tensors(const workloads::Dnn& dnn, const LayerSet& on_device) {
  const auto layers = dnn.layers();
  std::vector<bool> sent(layers.size(), false);
  bool input_sent = false;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const std::uint32_t input : layers[i].inputs) {
      if (input == workloads::kNetworkInput) {
        input_sent = input_sent || !on_device[i];
      } else if (!on_device[i] && on_device[input]) {
        sent[input] = true;
      }
    }
  }
  // The last layer follows on every other one: where it is on the device, all are.
  if (on_device.back() && dnn.output_is_uploaded()) {
    sent.back() = true;
  }
  std::vector<std::uint32_t> crossing;
  if (input_sent) {
    crossing.push_back(workloads::kNetworkInput);
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (sent[i]) {
      crossing.push_back(static_cast<std::uint32_t>(i));
    }
  }
  return crossing;
}

namespace {

struct LayerCosts {
  std::vector<LayerCost> device;
  std::vector<LayerCost> server;
};

CutCost cost_of(const workloads::Dnn& dnn, const LayerCosts& costs, const LayerSet& on_device) {
  CutCost cut;
  for (std::size_t i = 0; i < on_device.size(); ++i) {
    if (on_device[i]) {
      cut.device_time += costs.device[i].time;
      cut.device_energy += costs.device[i].power * costs.device[i].time;
      ++cut.device_layers;
    }
  }
  for (std::size_t i = on_device.size(); i-- > 0;) {
    if (!on_device[i]) {
      cut.server_time += costs.server[i].time;
      cut.server_kernels += costs.server[i].time > base::seconds(0) ? 1U : 0U;
    }
  }
  for (const std::uint32_t tensor : crossing_tensors(dnn, on_device)) {
    cut.upload += tensor == workloads::kNetworkInput ? dnn.input_size() : dnn.output_size(tensor);
  }
  cut.download = dnn.output_size(on_device.size() - 1);
  return cut;
}

}  // namespace

CutTable make_cut_table(const workloads::Dnn& dnn, const CostModel& device, const CostModel& server,
                        std::vector<LayerSet> further) {
  const std::size_t count = dnn.layers().size();
  const std::vector<base::DataSize> uploads = cut_uploads(dnn);
  LayerCosts costs;
  for (std::size_t i = 0; i < count; ++i) {
    costs.device.push_back(device.cost(dnn, i));
    costs.server.push_back(server.cost(dnn, i));
  }
  CutTable table;
  table.cuts.resize(count + 1);
  for (std::size_t c = 0; c <= count; ++c) {
    CutCost& cut = table.cuts[c];
    cut.device_layers = static_cast<std::uint32_t>(c);
    cut.upload = uploads[c];
    const bool answer_comes_back = c < count || dnn.output_is_uploaded();
    cut.download = answer_comes_back ? dnn.output_size(count - 1) : base::bytes(0);
    if (c > 0) {
      const LayerCost& cost = costs.device[c - 1];
      cut.device_time = table.cuts[c - 1].device_time + cost.time;
      cut.device_energy = table.cuts[c - 1].device_energy + cost.power * cost.time;
    }
  }
  // Suffix sums from the end, so that a shorter suffix is never longer by rounding.
  for (std::size_t c = count; c-- > 0;) {
    const base::Duration time = costs.server[c].time;
    table.cuts[c].server_time = table.cuts[c + 1].server_time + time;
    table.cuts[c].server_kernels =
        table.cuts[c + 1].server_kernels + (time > base::seconds(0) ? 1 : 0);
  }
  for (const LayerSet& on_device : further) {
    EC_CHECK(on_device.size() == count && !on_device.back() && is_closed(dnn, on_device),
             "a cut is not closed under predecessors");
    table.cuts.push_back(cost_of(dnn, costs, on_device));
  }
  table.further = std::move(further);
  return table;
}

std::string cut_name(const workloads::Dnn& dnn, const CutTable& table, std::size_t cut) {
  constexpr std::size_t kNamed = 2;
  if (cut <= table.device_only()) {
    return cut == 0 ? "input" : dnn.layers()[cut - 1].name;
  }
  const auto crossing = crossing_tensors(dnn, table.further[cut - table.device_only() - 1]);
  std::string name;
  for (std::size_t i = 0; i < crossing.size() && i < kNamed; ++i) {
    name.append(i == 0 ? "" : "+");
    name.append(crossing[i] == workloads::kNetworkInput ? "input" : dnn.layers()[crossing[i]].name);
  }
  if (crossing.size() > kNamed) {
    name.append(" (+" + std::to_string(crossing.size() - kNamed) + ")");
  }
  return name;
}

}  // namespace edgecut::predictors

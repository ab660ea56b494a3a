#include "predictors/server_work.hpp"

namespace edgecut::predictors {

using base::Duration;

ServerWork::ServerWork(const workloads::Dnn& dnn, const CostModel& server, std::uint32_t batch_max)
    : batch_max_(batch_max) {
  const std::size_t count = dnn.layers().size();
  times_.reserve(count * batch_max);
  for (std::size_t layer = 0; layer < count; ++layer) {
    for (std::uint32_t queries = 1; queries <= batch_max; ++queries) {
      times_.push_back(server.batch_time(dnn, layer, queries));
    }
    kernel_of_.push_back(kernels_.size());
    if (time(layer, 1) > base::seconds(0)) {
      kernels_.push_back(time(layer, 1));
    }
  }
  kernel_of_.push_back(kernels_.size());
  // From the end, as in make_cut_table.
  suffixes_.resize((count + 1) * batch_max);
  for (std::size_t i = count * batch_max; i-- > 0;) {
    suffixes_[i] = suffixes_[i + batch_max] + times_[i];
  }
}

std::vector<Duration> ServerWork::batches(std::size_t first) const {
  const auto begin = suffixes_.begin() + static_cast<std::ptrdiff_t>(first * batch_max_);
  return {begin, begin + batch_max_};
}

std::vector<Duration> ServerWork::batches(const LayerSet& on_device) const {
  std::vector<Duration> sums(batch_max_);
  for (std::size_t layer = on_device.size(); layer-- > 0;) {
    for (std::uint32_t queries = 1; !on_device[layer] && queries <= batch_max_; ++queries) {
      sums[queries - 1] += time(layer, queries);
    }
  }
  return sums;
}

std::vector<Duration> ServerWork::kernels(const LayerSet& on_device) const {
  std::vector<Duration> kernels;
  for (std::size_t layer = 0; layer < on_device.size(); ++layer) {
    if (!on_device[layer] && time(layer, 1) > base::seconds(0)) {
      kernels.push_back(time(layer, 1));
    }
  }
  return kernels;
}

}  // namespace edgecut::predictors

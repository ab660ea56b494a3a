// Policies that ignore bandwidth and load.
#include "base/errors.hpp"
#include "policies/catalogue.hpp"

namespace edgecut::policies {
namespace {

std::unique_ptr<Decider> constant(std::size_t cut) {
  return make_settled_decider(ChoiceTable::always(static_cast<std::uint32_t>(cut)));
}

class CloudOnly final : public Policy {
 public:
  CloudOnly() : Policy("cloud-only") {}
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& /*dnn*/,
                                                 const Situation& /*situation*/) const override {
    return constant(0);
  }
};

class DeviceOnly final : public Policy {
 public:
  DeviceOnly() : Policy("device-only") {}
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& /*dnn*/,
                                                 const Situation& situation) const override {
    return constant(situation.cuts.device_only());
  }
};

class FixedCut final : public Policy {
 public:
  explicit FixedCut(std::map<std::string, std::uint32_t> device_layers)
      : Policy("fixed-cut"), device_layers_(std::move(device_layers)) {}
  [[nodiscard]] std::unique_ptr<Decider> prepare(const workloads::Dnn& dnn,
                                                 const Situation& situation) const override {
    const auto found = device_layers_.find(dnn.name());
    if (found == device_layers_.end()) {
      return constant(0);
    }
    EC_CHECK(found->second <= situation.cuts.device_only(),
             "a fixed cut lies beyond the last layer");
    return constant(found->second);
  }

 private:
  std::map<std::string, std::uint32_t> device_layers_;
};

}  // namespace

std::unique_ptr<Policy> make_cloud_only() { return std::make_unique<CloudOnly>(); }

std::unique_ptr<Policy> make_device_only() { return std::make_unique<DeviceOnly>(); }

std::unique_ptr<Policy> make_fixed_cut(std::map<std::string, std::uint32_t> device_layers) {
  return std::make_unique<FixedCut>(std::move(device_layers));
}

}  // namespace edgecut::policies

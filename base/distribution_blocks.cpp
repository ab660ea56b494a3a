// Quantiles of blocks of probabilities.
//
// Exponentials, the gaps and services of most queueing studies, run side by side: a uniform of
// RandomSource lies in (0, 1), so 1 - p is positive and normal and its logarithm needs no branch.
// The other kinds go one by one, with the switch on the kind outside the loop.
#include "base/distribution.hpp"
#include "base/vector_clones.hpp"

namespace edgecut::base {
namespace {

EDGECUT_VECTOR_CLONES
void exponential_quantiles(double mean, const double* __restrict p, double* __restrict values,
                           std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = -mean * detail::log_of_normal(1 - p[i], 0);
  }
}

template <Distribution::Kind K>
void one_by_one(const Distribution& distribution, std::span<const double> p,
                std::span<double> values) {
  for (std::size_t i = 0; i < p.size(); ++i) {
    values[i] = distribution.quantile_as<K>(p[i]);
  }
}

}  // namespace

void Distribution::quantiles(std::span<const double> p, std::span<double> values) const {
  EC_CHECK(p.size() == values.size(), "a quantile for every probability");
  switch (kind_) {
    case Kind::kConstant:
      return one_by_one<Kind::kConstant>(*this, p, values);
    case Kind::kUniform:
      return one_by_one<Kind::kUniform>(*this, p, values);
    case Kind::kExponential:
      return exponential_quantiles(scale_, p.data(), values.data(), p.size());
    case Kind::kLognormal:
      return one_by_one<Kind::kLognormal>(*this, p, values);
    case Kind::kHyperexponential:
      return one_by_one<Kind::kHyperexponential>(*this, p, values);
    case Kind::kEmpirical:
      return one_by_one<Kind::kEmpirical>(*this, p, values);
    case Kind::kGamma:
      break;
  }
  EC_CHECK(false, "a gamma distribution has no quantile here: use draw()");
}

}  // namespace edgecut::base

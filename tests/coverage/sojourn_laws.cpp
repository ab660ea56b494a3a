#include "coverage/sojourn_laws.hpp"

#include <cmath>
#include <complex>
#include <numbers>

#include <boost/multiprecision/cpp_dec_float.hpp>

namespace edgecut::testing {
namespace {

using Complex = std::complex<double>;
using Transform = std::function<Complex(Complex)>;

// f(t) from its Laplace transform: the Fourier series of the damped function, its alternating
// partial sums averaged with binomial weights. Damping A = 18.4 bounds the error by 1e-8.
double euler_inversion(const Transform& transform, double t) {
  constexpr double kDamping = 18.4;
  constexpr int kTerms = 40;
  constexpr int kAveraged = 12;
  const auto term = [&](int k) {
    const Complex s(kDamping / (2 * t), std::numbers::pi * k / t);
    return (k % 2 == 0 ? 1 : -1) * transform(s).real();
  };
  double sum = 0.5 * term(0);
  for (int k = 1; k <= kTerms; ++k) {
    sum += term(k);
  }
  double averaged = 0;
  double weight = std::pow(0.5, kAveraged);  // binomial(m, j) / 2^m
  for (int j = 0; j <= kAveraged; ++j) {
    averaged += weight * sum;
    sum += term(kTerms + j + 1);
    weight *= static_cast<double>(kAveraged - j) / (j + 1);
  }
  return std::exp(kDamping / 2) / t * averaged;
}

}  // namespace

double quantile_of(const Tail& tail, double p, double scale_s) {
  double low = 0;
  double high = scale_s;
  while (tail(high) > 1 - p) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (tail(middle) > 1 - p ? low : high) = middle;
  }
  return high;
}

Tail mg1_gamma_tail(const Queue& queue, double cv) {
  const double shape = 1 / (cv * cv);
  const double scale = queue.mean_s / shape;
  const double lambda = queue.lambda;
  const double rho = queue.rho();
  const Transform tail = [=](Complex s) {
    const Complex service = std::pow(1.0 + scale * s, -shape);
    const Complex sojourn = (1 - rho) * s * service / (s - lambda * (1.0 - service));
    return (1.0 - sojourn) / s;
  };
  return [tail](double t) { return euler_inversion(tail, t); };
}

Tail md1_tail(const Queue& queue) {
  using Wide = boost::multiprecision::cpp_dec_float_50;
  const double lambda = queue.lambda * queue.mean_s;  // arrivals a service time
  const double service = queue.mean_s;
  return [lambda, service](double t_s) {
    const double wait = t_s / service - 1;  // in service times
    if (wait < 0) {
      return 1.0;
    }
    Wide sum = 0;
    Wide factorial = 1;
    for (int k = 0; k <= static_cast<int>(wait); ++k) {
      factorial *= k == 0 ? 1 : k;
      const Wide x = Wide(lambda) * (Wide(k) - Wide(wait));
      sum += (k == 0 ? Wide(1) : pow(x, k)) / factorial * exp(-x);
    }
    return 1 - (Wide(1 - lambda) * sum).convert_to<double>();
  };
}

Tail tandem_tail(const Queue& queue) {
  const double drain = 1 / queue.mean_s - queue.lambda;
  return [drain](double t) { return (1 + drain * t) * std::exp(-drain * t); };
}

}  // namespace edgecut::testing

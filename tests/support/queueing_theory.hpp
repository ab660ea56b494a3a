// Closed forms that simulations are held to. lambda: arrivals a second; mean: of the service, s;
// all queues FIFO with room for everybody. Kleinrock, Queueing Systems I, 1975; Gross and Harris,
// Fundamentals of Queueing Theory, 1998.
#pragma once

#include <cmath>

namespace edgecut::testing {

struct Queue {
  double lambda = 0;
  double mean_s = 1;
  int servers = 1;
  [[nodiscard]] double rho() const { return lambda * mean_s / servers; }
};

/// P(an arrival waits) in M/M/k (Erlang C), by the recursion of Erlang B.
inline double erlang_c(const Queue& queue) {
  const double offered = queue.lambda * queue.mean_s;
  double blocking = 1;
  for (int k = 1; k <= queue.servers; ++k) {
    blocking = offered * blocking / (k + offered * blocking);
  }
  return blocking / (1 - queue.rho() * (1 - blocking));
}

/// Mean time in an M/M/k system.
inline double mmk_mean_s(const Queue& queue) {
  return queue.mean_s + erlang_c(queue) * queue.mean_s / (queue.servers * (1 - queue.rho()));
}

/// P(time in an M/M/k system > t): the service alone, or an exponential wait before it.
inline double mmk_tail(const Queue& queue, double t_s) {
  const double mu = 1 / queue.mean_s;
  const double drain = queue.servers * mu - queue.lambda;  // rate of the wait, given that it waits
  const double waits = erlang_c(queue);
  const double served = std::exp(-mu * t_s);
  const double both = std::abs(drain - mu) < 1e-12 * mu
                          ? (1 + mu * t_s) * served
                          : (drain * served - mu * std::exp(-drain * t_s)) / (drain - mu);
  return (1 - waits) * served + waits * both;
}

/// The p-quantile of the time in an M/M/k system, by bisection.
inline double mmk_quantile_s(const Queue& queue, double p) {
  double low = 0;
  double high = queue.mean_s;
  while (mmk_tail(queue, high) > 1 - p) {
    high *= 2;
  }
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (mmk_tail(queue, middle) > 1 - p ? low : high) = middle;
  }
  return high;
}

/// Mean time in an M/G/1 system (Pollaczek and Khinchine); cv = deviation / mean of the service.
inline double mg1_mean_s(const Queue& queue, double cv) {
  const double rho = queue.rho();
  return queue.mean_s * (1 + rho * (1 + cv * cv) / (2 * (1 - rho)));
}

}  // namespace edgecut::testing

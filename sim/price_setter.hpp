// The price of a GPU-second that the servers publish: what a second of service adds to the waits of
// others.
//
// For a pool of c GPUs at utilisation rho the mean number that waits is about
//
//     N(rho) = (1 + v) / 2 x rho^a / (1 - rho),   a = sqrt(2 (c + 1))
//
// (Sakasegawa, Annals of the Institute of Statistical Mathematics 29, 1977; for c = 1 that is the
// formula of Pollaczek and Khinchine), v the squared coefficient of variation of the service times.
// A query alone expects the wait N / lambda; a GPU-second more each second makes N grow by
// N'(rho) / c, of which the wait per mean service is what the query pays with its own wait. The
// rest is the price (Pigou's tax: Naor, Econometrica 37, 1969, for queues).
//
// rho is estimated from the work that arrives between two looks: the mean of all looks so far,
// later one that follows slowly. The devices' answer to a price comes back a look or more later,
// and a price that jumped after every estimate would swing between all and none.
//
// The wait that a query meets is between the wait of the look it knows of and the mean: what is
// left of a deviation after a time t is exp(-t / tau), with
//
//     tau = 2 lambda E[S^2] / (c (1 - rho))^2,
//
// the relaxation time of the Brownian motion that stands for the queue's work in heavy traffic
// (Kleinrock, Queueing Systems II, 1976, section 2.9); M/M/1: 4 rho / (mu (1 - rho)^2). A long
// queue gets shorter by 1 - rho a second and no faster.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/quantity.hpp"
#include "base/stable_math.hpp"
#include "policies/policy.hpp"

namespace edgecut::sim {

class PriceSetter {
 public:
  /// `age`: of a look when a query is decided by it, on average.
  PriceSetter(double gpus, base::Duration age) : gpus_(gpus), age_(age) {}

  /// A query has reached the servers whose layers take so long > 0 there.
  void arrived(base::Duration service) {
    const double s = base::in_seconds(service);
    count_ += 1;
    work_s_ += s;
    square_s2_ += s * s;
  }

  /// Adds what the queries since the last look say, and writes expected wait and price into `load`,
  /// which has the wait of this moment.
  void publish(base::Duration now, policies::ServerLoad& load) {
    const double span_s = base::in_seconds(now - looked_at_);
    looked_at_ = now;
    looks_ += 1;
    follow(rate_, count_ / span_s);
    follow(work_, work_s_ / span_s);
    follow(square_, square_s2_ / span_s);
    count_ = work_s_ = square_s2_ = 0;
    if (!(work_ > 0)) {
      return;
    }
    const double rho = std::min(work_ / gpus_, kUtilisationMax);
    const double mean_s = work_ / rate_;
    const double variation = std::max(0.0, square_ / rate_ / (mean_s * mean_s) - 1);
    const double power = std::sqrt(2 * (gpus_ + 1));
    const double scale = (1 + variation) / 2;
    const double waiting = scale * std::pow(rho, power) / (1 - rho);
    const double slope =
        scale * std::pow(rho, power - 1) * (power * (1 - rho) + rho) / ((1 - rho) * (1 - rho));
    const double wait_s = waiting / (rho * gpus_ / mean_s);
    const double idle = gpus_ * (1 - rho);
    const double relaxation_s = 2 * square_ / (idle * idle);
    const double age_s = base::in_seconds(age_);
    const double left = base::stable_exp(-age_s / relaxation_s);
    const double seen_s = base::in_seconds(load.wait);
    load.expected_wait =
        base::seconds(std::max(wait_s + left * (seen_s - wait_s), seen_s - (1 - rho) * age_s));
    load.price = std::max(0.0, slope / gpus_ - wait_s / mean_s);
  }

 private:
  static constexpr double kFollow = 0.01;  // of an estimate at each look, after the first hundred
  static constexpr double kUtilisationMax = 0.99;

  void follow(double& value, double estimate) const {
    value += std::max(kFollow, 1 / looks_) * (estimate - value);
  }

  double gpus_;
  base::Duration age_;
  double looks_ = 0;
  base::Duration looked_at_;
  // Since the last look.
  double count_ = 0;
  double work_s_ = 0;
  double square_s2_ = 0;
  // Each second, followed.
  double rate_ = 0;
  double work_ = 0;
  double square_ = 0;
};

}  // namespace edgecut::sim

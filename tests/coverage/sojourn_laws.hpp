// The law of the time in system of queues without a simple closed form: quantiles to compare with.
//
// M/G/1: the transform of Pollaczek and Khinchine (Kleinrock, Queueing Systems I, 1975, 5.7),
// inverted by the Euler algorithm (Abate & Whitt, ORSA J. Computing, 1995). M/D/1: the sum of
// Erlang (Crommelin, P.O.E.E.J., 1932), in 50 digits since its terms alternate. Tandem of two M/M/1
// queues: the two times are independent (Reich, Ann. Math. Statist., 1963), so their sum is
// hypoexponential.
#pragma once

#include <functional>

#include "support/queueing_theory.hpp"

namespace edgecut::testing {

/// P(time in system > t).
using Tail = std::function<double(double t_s)>;

/// The smallest t with tail(t) <= 1 - p, by bisection; `tail` falls to 0.
double quantile_of(const Tail& tail, double p, double scale_s);

/// M/G/1 with gamma service of coefficient of variation `cv` > 0.
Tail mg1_gamma_tail(const Queue& queue, double cv);
/// M/D/1, at all t >= 0.
Tail md1_tail(const Queue& queue);
/// Two M/M/1 queues of equal service in series.
Tail tandem_tail(const Queue& queue);

}  // namespace edgecut::testing

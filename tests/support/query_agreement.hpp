// Whether two simulations did the same with every query.
#pragma once

#include "sim/query_log.hpp"

namespace edgecut::testing {

/// |a - b| <= tolerance (1 + |b|).
bool close(double a, double b, double tolerance);

/// Inside a property: every stage and every energy, by `close` in seconds and joules.
void expect_same(const sim::QueryRecord& one, const sim::QueryRecord& other, double tolerance);

/// Queries that reach the servers at one instant but for rounding (an outage ends for several
/// nodes) may be served in either order.
bool has_near_ties(const sim::QueryLog& log, double apart = 1e-9);

}  // namespace edgecut::testing

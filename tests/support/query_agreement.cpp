#include "support/query_agreement.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <rapidcheck.h>

namespace edgecut::testing {
namespace {

using base::in_joules;
using base::in_seconds;
using sim::QueryRecord;

constexpr base::Duration QueryRecord::*kInstants[] = {
    &QueryRecord::device_start, &QueryRecord::device_end,     &QueryRecord::upload_start,
    &QueryRecord::upload_end,   &QueryRecord::server_arrival, &QueryRecord::server_start,
    &QueryRecord::server_end,   &QueryRecord::answered_at,    &QueryRecord::download_start,
    &QueryRecord::completed_at};
constexpr base::Energy results::EnergySplit::*kEnergies[] = {
    &results::EnergySplit::compute, &results::EnergySplit::transmit, &results::EnergySplit::receive,
    &results::EnergySplit::promotion, &results::EnergySplit::tail};

}  // namespace

bool close(double a, double b, double tolerance) {
  return std::abs(a - b) <= tolerance * (1 + std::abs(b));
}

void expect_same(const QueryRecord& one, const QueryRecord& other, double tolerance) {
  RC_LOG() << "node " << one.node << " number " << one.number << " cut " << one.cut << "\n";
  RC_ASSERT(one.node == other.node);
  RC_ASSERT(one.number == other.number);
  RC_ASSERT(one.cut == other.cut);
  for (const auto instant : kInstants) {
    const double a = in_seconds(one.*instant);
    const double b = in_seconds(other.*instant);
    RC_LOG() << "instant " << a << " and " << b << "\n";
    RC_ASSERT(close(a, b, tolerance));
  }
  for (const auto energy : kEnergies) {
    const double a = in_joules(one.energy.*energy);
    const double b = in_joules(other.energy.*energy);
    RC_LOG() << "energy " << a << " and " << b << "\n";
    RC_ASSERT(close(a, b, tolerance));
  }
}

bool has_near_ties(const sim::QueryLog& log, double apart) {
  std::vector<double> arrivals;
  for (const QueryRecord& query : log) {
    if (query.server_end > query.server_arrival) {
      arrivals.push_back(in_seconds(query.server_arrival));
    }
  }
  std::sort(arrivals.begin(), arrivals.end());
  return std::adjacent_find(arrivals.begin(), arrivals.end(), [apart](double a, double b) {
           return b - a < apart * (1 + a);
         }) != arrivals.end();
}

}  // namespace edgecut::testing

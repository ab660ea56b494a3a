// The price of a GPU-second against the closed forms that it stands for.
#include "sim/price_setter.hpp"

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::PriceSetter;

namespace {

constexpr int kLooks = 1000;  // until the estimates have followed

// A second between looks; each time as many queries of either length.
policies::ServerLoad after_looks(PriceSetter& setter, int queries, double short_s, double long_s,
                                 int looks = kLooks) {
  policies::ServerLoad load;
  for (int look = 1; look <= looks; ++look) {
    for (int i = 0; i < queries; ++i) {
      setter.arrived(seconds(i % 2 == 0 ? short_s : long_s));
    }
    load = {};
    setter.publish(seconds(look), load);
  }
  return load;
}

}  // namespace

TEST_CASE("one GPU: the expected wait is Pollaczek's and Khinchine's, the price what others wait") {
  const double short_s = 0.004;
  const double long_s = 0.012;
  const int queries = 80;
  PriceSetter setter(1);
  const policies::ServerLoad load = after_looks(setter, queries, short_s, long_s);
  const double mean_s = (short_s + long_s) / 2;
  const double square_s2 = (short_s * short_s + long_s * long_s) / 2;
  const double rho = queries * mean_s;
  const double wait_s = queries * square_s2 / (2 * (1 - rho));
  CHECK(in_seconds(load.expected_wait) == doctest::Approx(wait_s));
  // d(lambda W) / d rho - W / mean service, at a fixed mix.
  const double price = square_s2 / (mean_s * mean_s) / 2 * rho / ((1 - rho) * (1 - rho));
  CHECK(load.price == doctest::Approx(price));
}

TEST_CASE("more GPUs at the same utilisation: shorter waits and a lower price") {
  const double service_s = 0.01;
  PriceSetter one(1);
  PriceSetter eight(8);
  const auto of_one = after_looks(one, 80, service_s, service_s);
  const auto of_eight = after_looks(eight, 640, service_s, service_s);
  CHECK(of_eight.expected_wait < of_one.expected_wait);
  CHECK(of_eight.price < of_one.price);
  CHECK(of_eight.price > 0);
}

TEST_CASE("a price follows the load slowly, and is zero without queries") {
  const double service_s = 0.01;
  PriceSetter setter(1);
  const auto first = after_looks(setter, 80, service_s, service_s, 1);
  PriceSetter settled(1);
  const auto last = after_looks(settled, 80, service_s, service_s);
  CHECK(first.price < 0.1 * last.price);
  PriceSetter idle(1);
  const auto none = after_looks(idle, 0, service_s, service_s, 5);
  CHECK(none.price == 0);
  CHECK(none.expected_wait == seconds(0));
}

TEST_CASE("beyond what the GPUs can do the price stays finite") {
  const double service_s = 0.01;
  PriceSetter setter(1);
  const auto load = after_looks(setter, 500, service_s, service_s);
  CHECK(load.price > 1000);
  CHECK(load.price < 1e6);
}

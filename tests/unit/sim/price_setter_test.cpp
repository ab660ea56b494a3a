// The price of a GPU-second against the closed forms that it stands for.
#include "sim/price_setter.hpp"

#include <cmath>

#include <doctest/doctest.h>

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::PriceSetter;

namespace {

constexpr int kLooks = 1000;
const base::Duration kOld = seconds(1e9);  // a look so old that it says nothing of the moment

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
  PriceSetter setter(1, kOld);
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
  PriceSetter one(1, kOld);
  PriceSetter eight(8, kOld);
  const auto of_one = after_looks(one, 80, service_s, service_s);
  const auto of_eight = after_looks(eight, 640, service_s, service_s);
  CHECK(of_eight.expected_wait < of_one.expected_wait);
  CHECK(of_eight.price < of_one.price);
  CHECK(of_eight.price > 0);
}

TEST_CASE(
    "the first look counts as it is, a later one for a hundredth; without queries it is zero") {
  const double service_s = 0.01;
  const auto price_at = [](double rho) { return rho / 2 / ((1 - rho) * (1 - rho)); };  // M/D/1
  PriceSetter setter(1, kOld);
  CHECK(after_looks(setter, 80, service_s, service_s, 1).price == doctest::Approx(price_at(0.8)));
  PriceSetter settled(1, kOld);
  after_looks(settled, 80, service_s, service_s);
  policies::ServerLoad load;
  settled.publish(seconds(kLooks + 1), load);
  CHECK(load.price == doctest::Approx(price_at(0.99 * 0.8)));
  PriceSetter idle(1, kOld);
  const auto none = after_looks(idle, 0, service_s, service_s, 5);
  CHECK(none.price == 0);
  CHECK(none.expected_wait == seconds(0));
}

TEST_CASE("the mean of the looks so far, while they are few") {
  const double service_s = 0.01;
  PriceSetter steady(1, kOld);
  const auto expected = after_looks(steady, 60, service_s, service_s, 10);
  PriceSetter swinging(1, kOld);
  policies::ServerLoad load;
  for (int look = 1; look <= 10; ++look) {
    for (int i = 0; i < (look % 2 == 0 ? 90 : 30); ++i) {
      swinging.arrived(seconds(service_s));
    }
    swinging.publish(seconds(look), load);
  }
  CHECK(load.price == doctest::Approx(expected.price));
}

TEST_CASE("a deviation from the mean wait is forgotten as the queue forgets it") {
  const double service_s = 0.01;
  const int queries = 80;
  const double rho = queries * service_s;
  const double relaxation_s = 2 * queries * service_s * service_s / ((1 - rho) * (1 - rho));
  const auto published = [&](base::Duration age, base::Duration now) {
    PriceSetter setter(1, age);
    after_looks(setter, queries, service_s, service_s);
    for (int i = 0; i < queries; ++i) {
      setter.arrived(seconds(service_s));
    }
    policies::ServerLoad load{.wait = now};
    setter.publish(seconds(kLooks + 1), load);
    return in_seconds(load.expected_wait);
  };
  const double mean_s = published(kOld, seconds(0.1));
  CHECK(published(seconds(0), seconds(0.1)) == doctest::Approx(0.1));
  CHECK(published(seconds(relaxation_s), seconds(0.1)) ==
        doctest::Approx(mean_s + (0.1 - mean_s) / std::exp(1)));
  const double long_s = 50;
  CHECK(published(seconds(relaxation_s), seconds(long_s)) ==
        doctest::Approx(long_s - (1 - rho) * relaxation_s));
}

TEST_CASE("beyond what the GPUs can do the price stays finite") {
  const double service_s = 0.01;
  PriceSetter setter(1, kOld);
  const auto load = after_looks(setter, 500, service_s, service_s);
  CHECK(load.price > 1000);
  CHECK(load.price < 1e6);
}

#include "sim/gpu_pool.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace edgecut;
using base::in_seconds;
using base::seconds;
using sim::GpuPool;

namespace {

// First come, first served by the definition: each arrival takes the GPU that is free first.
class Reference {
 public:
  explicit Reference(std::size_t gpus) : free_at_(gpus) {}
  double start(double time, double service) {
    const auto first = std::min_element(free_at_.begin(), free_at_.end());
    const double begin = std::max(time, *first);
    *first = begin + service;
    return begin;
  }

 private:
  std::vector<double> free_at_;
};

}  // namespace

TEST_CASE("one GPU serves in turn, and an idle one at once") {
  GpuPool pool(1);
  CHECK(in_seconds(pool.start(seconds(1), seconds(2))) == 1);
  CHECK(in_seconds(pool.start(seconds(2), seconds(2))) == 3);
  CHECK(in_seconds(pool.start(seconds(9), seconds(2))) == 9);
}

TEST_CASE("two GPUs serve two queries at once and make a third wait for the first that ends") {
  GpuPool pool(2);
  CHECK(in_seconds(pool.start(seconds(0), seconds(5))) == 0);
  CHECK(in_seconds(pool.start(seconds(0), seconds(3))) == 0);
  CHECK(in_seconds(pool.start(seconds(1), seconds(1))) == 3);
}

TEST_CASE("scan and heap give the same starts as the definition") {
  for (const std::size_t gpus : {1U, 2U, 15U, 16U, 17U, 18U, 31U, 64U, 100U}) {
    CAPTURE(gpus);
    GpuPool pool(gpus);
    Reference reference(gpus);
    double time = 0;
    std::uint32_t state = 12345;
    const auto next = [&state] {
      state = state * 1664525U + 1013904223U;
      return static_cast<double>(state >> 8U) / 16777216.0;
    };
    for (int i = 0; i < 2000; ++i) {
      time += next() / static_cast<double>(gpus);
      const double service = next() < 0.1 ? 0.5 : 2 * next();  // equal services among them
      REQUIRE(in_seconds(pool.start(seconds(time), seconds(service))) ==
              reference.start(time, service));
    }
  }
}

TEST_CASE("blocks of queries start as they would one by one, also in turns with single ones") {
  for (const std::size_t gpus : {1U, 2U, 3U, 4U, 8U, 9U, 16U, 17U, 40U}) {
    CAPTURE(gpus);
    GpuPool in_blocks(gpus);
    GpuPool one_by_one(gpus);
    base::RandomStream random(base::RandomSource(5), base::Purpose::kTest, 0);
    base::Duration time;
    for (int block = 0; block < 40; ++block) {
      std::vector<base::Duration> times;
      std::vector<base::Duration> services;
      for (std::uint64_t i = random.below(100); i > 0; --i) {
        // Some at the same instant, some services equal.
        time += seconds(random.uniform() < 0.2 ? 0 : random.uniform() / static_cast<double>(gpus));
        times.push_back(time);
        services.push_back(seconds(random.uniform() < 0.1 ? 0.5 : 2 * random.uniform()));
      }
      std::vector<base::Duration> starts(times.size());
      in_blocks.start_all(times, services, starts);
      for (std::size_t i = 0; i < times.size(); ++i) {
        REQUIRE(starts[i] == one_by_one.start(times[i], services[i]));
      }
      REQUIRE(in_blocks.wait(time) == one_by_one.wait(time));
      REQUIRE(in_blocks.start(time, seconds(1)) == one_by_one.start(time, seconds(1)));
    }
  }
}

TEST_CASE("the wait is the time until a GPU is free") {
  for (const std::size_t gpus : {1U, 16U, 17U, 40U}) {
    CAPTURE(gpus);
    GpuPool pool(gpus);
    CHECK(pool.size() == gpus);
    CHECK(in_seconds(pool.wait(seconds(0))) == 0);
    for (std::size_t i = 0; i < gpus; ++i) {
      pool.start(seconds(0), seconds(3 + static_cast<double>(i)));
    }
    CHECK(in_seconds(pool.wait(seconds(1))) == 2);
    CHECK(in_seconds(pool.wait(seconds(3))) == 0);
    CHECK(in_seconds(pool.wait(seconds(9))) == 0);
  }
}

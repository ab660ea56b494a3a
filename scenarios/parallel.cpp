#include "scenarios/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace edgecut::scenarios {

void for_each_index(std::size_t count, unsigned threads,
                    const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr error;
  const auto take_turns = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        work(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) {
          error = std::current_exception();
        }
        next = count;
      }
    }
  };
  if (EDGECUT_SANITIZED == 1) {
    threads = 1;  // work may fork: see cmake/edgecut_target.cmake
  }
  std::vector<std::thread> helpers;
  try {
    for (std::size_t i = 1; i < std::min<std::size_t>(std::max(1U, threads), count); ++i) {
      helpers.emplace_back(take_turns);
    }
  } catch (const std::system_error&) {
    // The system gives no more threads: those that there are do the work.
  }
  take_turns();
  for (std::thread& helper : helpers) {
    helper.join();
  }
  if (error) {
    std::rethrow_exception(error);
  }
}

}  // namespace edgecut::scenarios

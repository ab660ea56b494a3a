#include "sim/child_process.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/errors.hpp"
#include "sim/run_control.hpp"

using namespace edgecut;
using sim::run_in_child;

namespace {

// Whether a process is there, an unburied one not counted.
bool lives(pid_t process) { return kill(process, 0) == 0; }

}  // namespace

TEST_CASE("a child gives back every byte, few or many, and changes nothing here") {
  int touched = 0;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{5'000'000}}) {
    std::string expected(size, '\0');
    for (std::size_t i = 0; i < size; ++i) {
      expected[i] = static_cast<char>(i * 31 % 251);
    }
    const std::string found = run_in_child([&] {
      touched = 1;
      return expected;
    });
    CHECK((found == expected));
    CHECK(touched == 0);
  }
}

TEST_CASE("what is thrown in a child is thrown here") {
  const std::string odd = "\xff not UTF-8";
  try {
    run_in_child([&]() -> std::string {
      throw base::ConfigError({{"/engine", "first"}, {odd, "second"}});
    });
    FAIL("nothing thrown");
  } catch (const base::ConfigError& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].where == "/engine");
    CHECK(error.problems()[0].what == "first");
    CHECK(error.problems()[1].where == odd);
  }
  CHECK_THROWS_AS(run_in_child([]() -> std::string { throw sim::Cancelled(); }), sim::Cancelled);
  CHECK_THROWS_WITH_AS(run_in_child([]() -> std::string { throw base::InternalError("ours"); }),
                       "ours", base::InternalError);
  CHECK_THROWS_WITH(run_in_child([]() -> std::string { throw std::runtime_error("other"); }),
                    "other");
}

TEST_CASE("a child that crashes is named by its signal, with what it said") {
  const auto crash = []() -> std::string {
    std::fputs("before the end\n", stderr);
    std::abort();
  };
  try {
    run_in_child(crash);
    FAIL("nothing thrown");
  } catch (const sim::ChildCrashed& crashed) {
    CHECK(crashed.said() == "before the end\n");
    CHECK(std::string(crashed.what()) ==
          "a child process ended by signal 6 (Aborted):\nbefore the end\n");
  }
  CHECK_THROWS_WITH(run_in_child([]() -> std::string { _exit(3); }),
                    "a child process ended with status 3");
}

TEST_CASE("children of many threads give back each its own" *
          doctest::skip(EDGECUT_SANITIZED == 1)) {
  std::vector<std::thread> threads;
  std::atomic<int> right = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([t, &right] {
      for (int i = 0; i < 10; ++i) {
        const std::string mine(static_cast<std::size_t>(1000 * t + i), static_cast<char>('a' + t));
        right += run_in_child([&] { return mine; }) == mine ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  CHECK(right == 80);
}

TEST_CASE("a child whose run is cancelled ends, whatever it does" *
          doctest::skip(EDGECUT_SANITIZED == 1)) {
  std::atomic<bool> cancelled = false;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  std::thread canceller([&] {
    pid_t child = 0;
    CHECK(read(ends[0], &child, sizeof child) == sizeof child);
    cancelled = true;
  });
  const auto endless = [&]() -> std::string {
    const pid_t me = getpid();
    CHECK(write(ends[1], &me, sizeof me) == sizeof me);
    while (true) {
      pause();
    }
  };
  CHECK_THROWS_AS(run_in_child(endless, &cancelled), sim::Cancelled);
  canceller.join();
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);  // no child left
}

TEST_CASE("a child ends with the process that began it") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t parent = fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    run_in_child([&]() -> std::string {
      const pid_t me = getpid();
      CHECK(write(ends[1], &me, sizeof me) == sizeof me);
      while (true) {
        pause();
      }
    });
    _exit(0);
  }
  pid_t grandchild = 0;
  REQUIRE(read(ends[0], &grandchild, sizeof grandchild) == sizeof grandchild);
  CHECK(lives(grandchild));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  // It is nobody's child that we could wait for.
  close(ends[1]);
  char byte = 0;
  CHECK(read(ends[0], &byte, 1) == 0);  // the pipe's last writer is gone
}

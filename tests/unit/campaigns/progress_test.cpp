#include "campaigns/progress.hpp"

#include <sstream>

#include <doctest/doctest.h>

using namespace edgecut::campaigns;

TEST_CASE("durations are told as a clock does") {
  CHECK(clock_text(0) == "0:00");
  CHECK(clock_text(42.4) == "0:42");
  CHECK(clock_text(3 * 60 + 5) == "3:05");
  CHECK(clock_text(2 * 3600 + 3 * 60 + 4) == "2:03:04");
}

TEST_CASE("what is left is told by the points that ran, not by those that were kept") {
  Tally tally;
  tally.total = 100;
  tally.finished = 60;
  tally.kept = 50;
  const double elapsed_s = 20;  // 10 points ran: 2 s each, 40 left
  CHECK(progress_text(tally, elapsed_s) == "60/100 points, 50 kept, 1:20 left");
  tally.kept = 60;
  CHECK(progress_text(tally, elapsed_s) == "60/100 points, 60 kept");
  tally.failed = 2;
  tally.troubled = 3;
  CHECK(progress_text(tally, elapsed_s) ==
        "60/100 points, 60 kept, 2 failed, 3 overloaded or not converged");
}

TEST_CASE("a terminal gets a bar on one line, a file gets plain lines") {
  Tally tally;
  tally.total = 2;
  tally.finished = 2;
  std::ostringstream terminal;
  std::ostringstream file;
  ProgressMeter(terminal, true).finish(tally);
  ProgressMeter(file, false).finish(tally);
  CHECK(terminal.str().find("\r[########################] 2/2 points") == 0);
  CHECK(file.str() == "2/2 points, 0:00\n");
}

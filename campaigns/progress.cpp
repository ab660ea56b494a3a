#include "campaigns/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace edgecut::campaigns {
namespace {

using Clock = std::chrono::steady_clock;

std::string two_digits(std::uint64_t number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

std::string bar(const Tally& tally) {
  constexpr std::uint64_t kWidth = 24;
  const std::uint64_t filled = tally.total == 0 ? kWidth : kWidth * tally.finished / tally.total;
  return "[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] ";
}

}  // namespace

std::string clock_text(double duration_s) {
  const auto whole = static_cast<std::uint64_t>(std::clamp(std::round(duration_s), 0.0, 1e12));
  const std::uint64_t hours = whole / 3600;
  const std::uint64_t minutes = whole / 60 % 60;
  const std::string end = ":" + two_digits(whole % 60);
  return hours > 0 ? std::to_string(hours) + ":" + two_digits(minutes) + end
                   : std::to_string(minutes) + end;
}

std::string progress_text(const Tally& tally, double elapsed_s) {
  std::string text = std::to_string(tally.finished) + "/" + std::to_string(tally.total) + " points";
  if (tally.kept > 0) {
    text += ", " + std::to_string(tally.kept) + " kept";
  }
  if (tally.failed > 0) {
    text += ", " + std::to_string(tally.failed) + " failed";
  }
  if (tally.troubled > 0) {
    text += ", " + std::to_string(tally.troubled) + " overloaded or not converged";
  }
  const std::uint64_t ran = tally.finished - tally.kept;
  if (tally.finished == tally.total) {
    text += ", " + clock_text(elapsed_s);
  } else if (ran > 0) {
    const double each_s = elapsed_s / static_cast<double>(ran);
    text += ", " + clock_text(each_s * static_cast<double>(tally.total - tally.finished)) + " left";
  }
  return text;
}

ProgressMeter::ProgressMeter(std::ostream& out, bool is_terminal)
    : out_(out), is_terminal_(is_terminal), start_(Clock::now()) {}

void ProgressMeter::show(const Tally& tally) {
  using std::chrono::milliseconds;
  const auto now = Clock::now();
  const auto pause = is_terminal_ ? milliseconds(200) : milliseconds(10000);
  if (now - shown_.value_or(start_) < pause) {
    return;
  }
  shown_ = now;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  if (is_terminal_) {
    out_ << '\r' << bar(tally) << progress_text(tally, elapsed_s) << "\x1b[K" << std::flush;
  } else {
    out_ << progress_text(tally, elapsed_s) << std::endl;
  }
}

void ProgressMeter::finish(const Tally& tally) {
  const double elapsed_s = std::chrono::duration<double>(Clock::now() - start_).count();
  if (is_terminal_) {
    out_ << '\r' << bar(tally) << progress_text(tally, elapsed_s) << "\x1b[K\n" << std::flush;
  } else {
    out_ << progress_text(tally, elapsed_s) << std::endl;
  }
}

}  // namespace edgecut::campaigns

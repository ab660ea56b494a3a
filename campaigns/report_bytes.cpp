#include <algorithm>
#include <climits>
#include <cstring>

#include "campaigns/local_crew.hpp"

namespace edgecut::campaigns {
namespace {

// A report is written in one piece, so that a worker's and its guardian's never mix.
constexpr std::size_t kMessageMax = PIPE_BUF - 128;

struct Head {
  Task task;
  double wall_s;
  double simulation_s;
  std::uint32_t ending;
  std::uint32_t status;
  std::uint32_t used_up;
  std::uint32_t message_bytes;
};
static_assert(sizeof(Head) + kMessageMax <= PIPE_BUF);

}  // namespace

std::string report_bytes(const PointReport& report) {
  Head head{};
  head.task = report.task;
  head.wall_s = report.wall_s;
  head.simulation_s = report.simulation_s;
  head.ending = static_cast<std::uint32_t>(report.ending);
  head.status = static_cast<std::uint32_t>(report.status);
  head.used_up = report.used_up ? 1 : 0;
  head.message_bytes = static_cast<std::uint32_t>(std::min(report.message.size(), kMessageMax));
  std::string bytes(sizeof head, '\0');
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes + report.message.substr(0, head.message_bytes);
}

std::optional<PointReport> take_report(std::string& bytes) {
  Head head{};
  if (bytes.size() < sizeof head) {
    return std::nullopt;
  }
  std::memcpy(&head, bytes.data(), sizeof head);
  if (bytes.size() < sizeof head + head.message_bytes) {
    return std::nullopt;
  }
  PointReport report;
  report.task = head.task;
  report.wall_s = head.wall_s;
  report.simulation_s = head.simulation_s;
  report.ending = static_cast<Ending>(head.ending);
  report.status = static_cast<PointStatus>(head.status);
  report.used_up = head.used_up != 0;
  report.message = bytes.substr(sizeof head, head.message_bytes);
  bytes.erase(0, sizeof head + head.message_bytes);
  return report;
}

}  // namespace edgecut::campaigns

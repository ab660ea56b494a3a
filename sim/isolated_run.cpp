#include "sim/isolated_run.hpp"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/errors.hpp"
#include "sim/child_process.hpp"
#include "sim/outcome_bytes.hpp"

namespace edgecut::sim {
namespace {

// Both processes are of one program, so that a record's bytes mean the same to both.
static_assert(std::is_trivially_copyable_v<QueryRecord>);

// The length of the outcome, the outcome, the records.
std::string bytes_of(const RunOutcome& outcome, const QueryLog& log) {
  const std::string first = outcome_bytes(outcome);
  const std::uint64_t length = first.size();
  std::string bytes(sizeof length + first.size() + log.size() * sizeof(QueryRecord), '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  first.copy(bytes.data() + sizeof length, first.size());
  if (!log.empty()) {
    std::memcpy(bytes.data() + sizeof length + first.size(), log.data(),
                log.size() * sizeof(QueryRecord));
  }
  return bytes;
}

RunOutcome outcome_and_log(const std::string& bytes, QueryLog* log) {
  std::uint64_t length = 0;
  EC_CHECK(bytes.size() >= sizeof length, "a child gives back an outcome");
  std::memcpy(&length, bytes.data(), sizeof length);
  const std::size_t records = sizeof length + length;
  EC_CHECK(bytes.size() >= records, "a child gives back a whole outcome");
  std::optional<RunOutcome> outcome =
      outcome_from_bytes(std::string_view(bytes).substr(sizeof length, length));
  EC_CHECK(outcome.has_value(), "a child's outcome can be read");
  if (log != nullptr && bytes.size() > records) {
    const std::size_t before = log->size();
    log->resize(before + (bytes.size() - records) / sizeof(QueryRecord));
    std::memcpy(log->data() + before, bytes.data() + records, bytes.size() - records);
  }
  return std::move(*outcome);
}

}  // namespace

RunOutcome isolated_run(const std::function<RunOutcome(QueryLog*)>& run, QueryLog* log,
                        const std::atomic<bool>* cancelled) {
  const auto work = [&] {
    QueryLog records;
    const RunOutcome outcome = run(log == nullptr ? nullptr : &records);
    return bytes_of(outcome, records);
  };
  try {
    return outcome_and_log(run_in_child(work, cancelled), log);
  } catch (const ChildCrashed& crash) {
    throw base::InternalError(std::string("the run broke off: ") + crash.what());
  }
}

}  // namespace edgecut::sim

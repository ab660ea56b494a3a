#include "scenarios/shared_inputs.hpp"

#include <utility>

namespace edgecut::scenarios {
namespace {

// What a value costs beside its files: tables that are derived from others have none of their own.
constexpr std::uintmax_t kBytesEach = 4096;

}  // namespace

std::string SharedInputs::key_of(const std::vector<std::string>& parts) {
  std::string key;
  for (const std::string& part : parts) {
    key += std::to_string(part.size()) + ":" + part;
  }
  return key;
}

std::shared_ptr<const void> SharedInputs::find_or_make(
    const std::string& key, const std::function<std::shared_ptr<const void>()>& make) {
  if (const auto found = index_.find(key); found != index_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    base::FileReads::note_again(entries_.front().reads);
    return entries_.front().value;
  }
  Entry entry;
  entry.key = key;
  const base::FileReads reads;
  entry.value = make();
  entry.reads = reads.list();
  entry.bytes = kBytesEach;
  for (const base::FileRead& read : entry.reads) {
    entry.bytes += read.bytes;
  }
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  index_.emplace(entries_.front().key, entries_.begin());
  drop_oldest();
  return entries_.front().value;
}

void SharedInputs::drop_oldest() {
  while (bytes_ > bytes_max_ && entries_.size() > 1) {
    bytes_ -= entries_.back().bytes;
    index_.erase(entries_.back().key);
    entries_.pop_back();
  }
}

}  // namespace edgecut::scenarios

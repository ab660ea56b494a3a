// What scenarios read from files, each read and prepared once a process.
//
// The points of a campaign share nearly all of their inputs: models, devices, cost models,
// networks, traces, the costs of cuts. A value is kept under a key that names its kind and all that
// it was made from; with it stay the files that were read for it, so that a point which gets it
// from here still knows its inputs (base::FileReads). What was used longest ago goes when the files
// behind the values exceed the bound.
//
// A file that changes while the process runs is not noticed. Not for several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/file_reads.hpp"

namespace edgecut::scenarios {

class SharedInputs {
 public:
  static constexpr std::uintmax_t kBytesMax = std::uintmax_t{256} << 20U;

  /// `bytes_max`: of the files behind the values that are kept.
  explicit SharedInputs(std::uintmax_t bytes_max = kBytesMax) : bytes_max_(bytes_max) {}

  /// The value kept for (kind, parts), made by `make` (which returns a Value) when there is none.
  /// A kind stands for one type of value. An exception of `make` passes through; nothing is kept.
  template <class Value, class Make>
  std::shared_ptr<const Value> get(std::string_view kind, std::vector<std::string> parts,
                                   Make&& make) {
    parts.insert(parts.begin(), std::string(kind));
    return std::static_pointer_cast<const Value>(find_or_make(
        key_of(parts),
        [&]() -> std::shared_ptr<const void> { return std::make_shared<const Value>(make()); }));
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const void> value;
    std::vector<base::FileRead> reads;
    std::uintmax_t bytes = 0;
  };

  static std::string key_of(const std::vector<std::string>& parts);
  std::shared_ptr<const void> find_or_make(
      const std::string& key, const std::function<std::shared_ptr<const void>()>& make);
  void drop_oldest();

  std::uintmax_t bytes_max_;
  std::uintmax_t bytes_ = 0;
  std::list<Entry> entries_;  // the last used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;
};

}  // namespace edgecut::scenarios

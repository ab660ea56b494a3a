// A 128-bit fingerprint of bytes: what tells whether an input or a point of a campaign changed.
//
// XXH3 of the library xxHash: ten gigabytes a second, defined byte for byte on every machine. It
// finds accidental changes (two of 1e9 inputs agree by chance with probability 2e-21); it is no
// defence against someone who forges inputs on purpose.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace edgecut::base {

struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  /// 32 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  bool operator==(const ContentHash&) const = default;
};

/// Fingerprint of bytes that come piece by piece; how they are cut does not matter.
class ContentHasher {
 public:
  ContentHasher();
  ~ContentHasher();
  ContentHasher(const ContentHasher&) = delete;
  ContentHasher& operator=(const ContentHasher&) = delete;

  void add(std::string_view bytes);
  /// Adds a text with its length, so that neighbouring texts cannot run into each other.
  void add_field(std::string_view text);
  [[nodiscard]] ContentHash hash() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

ContentHash hash_of(std::string_view bytes);

}  // namespace edgecut::base

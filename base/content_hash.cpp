#include "base/content_hash.hpp"

#include <new>

#include <xxhash.h>

namespace edgecut::base {
namespace {

ContentHash from_library(const XXH128_hash_t& hash) { return {hash.high64, hash.low64}; }

}  // namespace

struct ContentHasher::State {
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> library{XXH3_createState()};
};

std::string ContentHash::hex() const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t word : {high, low}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      text += kDigits[(word >> static_cast<unsigned>(shift)) & 15U];
    }
  }
  return text;
}

ContentHasher::ContentHasher() : state_(std::make_unique<State>()) {
  if (!state_->library) {
    throw std::bad_alloc();
  }
  XXH3_128bits_reset(state_->library.get());
}

ContentHasher::~ContentHasher() = default;

void ContentHasher::add(std::string_view bytes) {
  XXH3_128bits_update(state_->library.get(), bytes.data(), bytes.size());
}

void ContentHasher::add_field(std::string_view text) {
  add(std::to_string(text.size()));
  add(":");
  add(text);
}

ContentHash ContentHasher::hash() const {
  return from_library(XXH3_128bits_digest(state_->library.get()));
}

ContentHash hash_of(std::string_view bytes) {
  return from_library(XXH3_128bits(bytes.data(), bytes.size()));
}

}  // namespace edgecut::base

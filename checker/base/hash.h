// SPDX-License-Identifier: MIT
// A small stable hash: equal on every machine and in every process, unlike absl::Hash, so it may be printed and stored.
#ifndef CHECKER_BASE_HASH_H_
#define CHECKER_BASE_HASH_H_

#include <cstdint>
#include <string_view>

namespace graze {

// Finaliser of splitmix64 (Steele, Lea, Flood 2014).
constexpr uint64_t Mix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

// An order-dependent accumulator.
class Hasher {
 public:
  void Add(uint64_t value) { state_ = Mix64(state_ ^ Mix64(value)); }
  void Add(std::string_view text) {
    Add(text.size());
    for (const char c : text) Add(static_cast<unsigned char>(c));
  }
  uint64_t value() const { return state_; }

 private:
  uint64_t state_ = 0x6772617a65ULL;
};

}  // namespace graze

#endif  // CHECKER_BASE_HASH_H_

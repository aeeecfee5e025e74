// SPDX-License-Identifier: MIT
// A tiny deterministic generator: the same seed gives the same numbers on every machine.
#ifndef CHECKER_BASE_RANDOM_H_
#define CHECKER_BASE_RANDOM_H_

#include <cstdint>

#include "checker/base/hash.h"

namespace graze {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() { return Mix64(state_ += 0x9e3779b97f4a7c15ULL); }
  // Uniform enough in [0, n) for scheduling; REQUIRES n > 0.
  uint32_t Below(uint32_t n) { return static_cast<uint32_t>(((Next() >> 32) * n) >> 32); }

 private:
  uint64_t state_;
};

}  // namespace graze

#endif  // CHECKER_BASE_RANDOM_H_

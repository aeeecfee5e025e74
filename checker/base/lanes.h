// SPDX-License-Identifier: MIT
// Element-wise minimum and maximum of rows of 16-bit numbers whose length is a multiple of kLanes. Spelled with vector types because
// compilers do not vectorise the plain loop at the optimisation level of the build.
#ifndef CHECKER_BASE_LANES_H_
#define CHECKER_BASE_LANES_H_

#include <cstdint>
#include <cstring>

namespace graze {

inline constexpr uint32_t kLanes = 16;

namespace internal {

using Lanes = uint16_t __attribute__((vector_size(16)));

template <typename Pick>
inline void CombineLanes(uint16_t* row, const uint16_t* other, uint32_t length, Pick pick) {
  for (uint32_t at = 0; at < length; at += sizeof(Lanes) / sizeof(uint16_t)) {
    Lanes a;
    Lanes b;
    std::memcpy(&a, row + at, sizeof a);
    std::memcpy(&b, other + at, sizeof b);
    a = pick(a, b);
    std::memcpy(row + at, &a, sizeof a);
  }
}

}  // namespace internal

inline void MaxInto(uint16_t* row, const uint16_t* other, uint32_t length) {
  internal::CombineLanes(row, other, length, [](internal::Lanes a, internal::Lanes b) { return a > b ? a : b; });
}

inline void MinInto(uint16_t* row, const uint16_t* other, uint32_t length) {
  internal::CombineLanes(row, other, length, [](internal::Lanes a, internal::Lanes b) { return a < b ? a : b; });
}

}  // namespace graze

#endif  // CHECKER_BASE_LANES_H_

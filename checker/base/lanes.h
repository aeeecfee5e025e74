// SPDX-License-Identifier: MIT
// Element-wise minimum and maximum of rows whose length is a multiple of 16, in fixed chunks that compilers turn into vector code.
#ifndef CHECKER_BASE_LANES_H_
#define CHECKER_BASE_LANES_H_

#include <cstdint>

namespace graze {

inline constexpr uint32_t kLanes = 16;

inline void MaxInto(uint16_t* __restrict row, const uint16_t* __restrict other, uint32_t length) {
  for (uint32_t chunk = 0; chunk < length; chunk += kLanes) {
    for (uint32_t i = 0; i < kLanes; ++i) row[chunk + i] = row[chunk + i] > other[chunk + i] ? row[chunk + i] : other[chunk + i];
  }
}

inline void MinInto(uint16_t* __restrict row, const uint16_t* __restrict other, uint32_t length) {
  for (uint32_t chunk = 0; chunk < length; chunk += kLanes) {
    for (uint32_t i = 0; i < kLanes; ++i) row[chunk + i] = row[chunk + i] < other[chunk + i] ? row[chunk + i] : other[chunk + i];
  }
}

}  // namespace graze

#endif  // CHECKER_BASE_LANES_H_

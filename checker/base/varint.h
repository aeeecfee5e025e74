// SPDX-License-Identifier: MIT
// Numbers as bytes, seven bits each, lowest first: the bytes inside tokens and work items.
#ifndef CHECKER_BASE_VARINT_H_
#define CHECKER_BASE_VARINT_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace graze {

inline void PutVarint(std::string* out, uint64_t value) {
  while (value >= 0x80) {
    out->push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out->push_back(static_cast<char>(value));
}

// Reads from in[*at] on and moves *at behind it. False if the bytes end too soon or the number is too long.
inline bool GetVarint(const std::string& in, size_t* at, uint64_t* value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64 && *at < in.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in[(*at)++]);
    *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return false;
}

}  // namespace graze

#endif  // CHECKER_BASE_VARINT_H_

// SPDX-License-Identifier: MIT
// The 64-bit form in which the execution graph keeps the value of a location.
//
// A value of n bytes occupies the low n bytes and the rest is zero, so two values are equal exactly if their bits are.
#ifndef CHECKER_API_BITS_H_
#define CHECKER_API_BITS_H_

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace graze::internal {

static_assert(std::endian::native == std::endian::little, "ToBits and FromBits copy the low bytes");

// What a location can hold. Padding bits are refused: they would make a compare-exchange, and replay, depend on garbage.
template <typename T>
inline constexpr bool kIsLocationValue =
    std::is_trivially_copyable_v<T> && (sizeof(T) == 1 || sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8) &&
    (std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>);

template <typename T>
inline constexpr bool kIsInteger = std::integral<T> && !std::same_as<std::remove_cv_t<T>, bool>;

template <typename T>
inline constexpr bool kIsArithmetic = kIsInteger<T> || std::is_floating_point_v<T>;

template <typename T>
inline constexpr bool kIsObjectPointer = std::is_pointer_v<T> && std::is_object_v<std::remove_pointer_t<T>>;

template <typename T>
uint64_t ToBits(T value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  return bits;
}

template <typename T>
T FromBits(uint64_t bits) {
  std::remove_const_t<T> value;
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

// Integer arithmetic modulo the size of T, signed types included: no overflow is undefined and nothing is left in the upper bytes.
template <typename T>
uint64_t TruncatedBits(uint64_t bits) {
  if constexpr (sizeof(T) == sizeof(uint64_t)) {
    return bits;
  } else {
    return bits & ((uint64_t{1} << (8 * sizeof(T))) - 1);
  }
}

}  // namespace graze::internal

#endif  // CHECKER_API_BITS_H_

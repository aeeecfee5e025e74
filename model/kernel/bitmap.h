// SPDX-License-Identifier: MIT
// Kind: model of <linux/bitops.h> and <linux/bitmap.h>: bitmaps in words of fields, without atomicity, as far as one owner changes them.
//
// A search reads a word each time it is called, and none where nothing is left to search.
#ifndef MODEL_KERNEL_BITMAP_H_
#define MODEL_KERNEL_BITMAP_H_

#include <algorithm>
#include <bit>

#include "model/kernel/types.h"

#define BITS_PER_LONG 64u
#define BITS_TO_LONGS(nr) (((nr) + BITS_PER_LONG - 1) / BITS_PER_LONG)

// `size` is evaluated again for every bit.
#define for_each_set_bit(bit, addr, size)                                                         \
  for ((bit) = static_cast<unsigned>(::kernel::find_next_bit((addr), (size), 0)); (bit) < (size); \
       (bit) = static_cast<unsigned>(::kernel::find_next_bit((addr), (size), (bit) + 1)))

namespace kernel {

template <graze_order kOrder>
using bitmap_word = field<unsigned long, kOrder>;

template <graze_order kOrder>
void __set_bit(unsigned nr, bitmap_word<kOrder> *addr, src site = src::here()) {
  bitmap_word<kOrder> &word = addr[nr / BITS_PER_LONG];
  word.set(word.get(site) | 1ul << nr % BITS_PER_LONG, site);
}
template <graze_order kOrder>
void __clear_bit(unsigned nr, bitmap_word<kOrder> *addr, src site = src::here()) {
  bitmap_word<kOrder> &word = addr[nr / BITS_PER_LONG];
  word.set(word.get(site) & ~(1ul << nr % BITS_PER_LONG), site);
}
template <graze_order kOrder>
bool test_bit(unsigned nr, const bitmap_word<kOrder> *addr, src site = src::here()) {
  return (addr[nr / BITS_PER_LONG].get(site) >> nr % BITS_PER_LONG & 1) != 0;
}

// The first bit at or after `offset` that is set, or `size`.
template <graze_order kOrder>
unsigned long find_next_bit(const bitmap_word<kOrder> *addr, unsigned long size, unsigned long offset, src site = src::here()) {
  for (unsigned long at = offset; at < size; at = (at / BITS_PER_LONG + 1) * BITS_PER_LONG) {
    const unsigned long rest = addr[at / BITS_PER_LONG].get(site) >> at % BITS_PER_LONG;
    if (rest != 0) return std::min(at + static_cast<unsigned long>(std::countr_zero(rest)), size);
  }
  return size;
}
template <graze_order kOrder>
bool bitmap_empty(const bitmap_word<kOrder> *addr, unsigned long size, src site = src::here()) {
  return find_next_bit(addr, size, 0, site) == size;
}

}  // namespace kernel

#endif  // MODEL_KERNEL_BITMAP_H_

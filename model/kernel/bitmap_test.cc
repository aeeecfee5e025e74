// SPDX-License-Identifier: MIT
#include "model/kernel/bitmap.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/sched.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcomes;
using testing::Shared;

using word = racy<unsigned long>;
struct bits {
  word words[2];
};

TEST(Bitmap, FindsTheBitsThatAreSetInOrderAcrossWords) {
  EXPECT_VERIFIED(ExploreKernel([] {
    word *const map = Shared<bits>()->words;
    GRAZE_ASSERT(bitmap_empty(map, 128));
    for (const unsigned nr : {0u, 5u, 63u, 64u, 127u}) __set_bit(nr, map);
    unsigned seen[8] = {};
    unsigned bit, n = 0;
    for_each_set_bit(bit, map, 128u) seen[n++] = bit;
    GRAZE_ASSERT(n == 5 && seen[0] == 0 && seen[1] == 5 && seen[2] == 63 && seen[3] == 64 && seen[4] == 127);
    __clear_bit(63, map);
    GRAZE_ASSERT(!test_bit(63, map) && test_bit(64, map) && test_bit(5, map));
  }));
}

TEST(Bitmap, EndsAtItsSizeWhateverTheWordHoldsBeyond) {
  EXPECT_VERIFIED(ExploreKernel([] {
    word *const map = Shared<bits>()->words;
    __set_bit(3, map);
    GRAZE_ASSERT(bitmap_empty(map, 3) && !bitmap_empty(map, 4));
    GRAZE_ASSERT(find_next_bit(map, 3, 0) == 3 && find_next_bit(map, 64, 4) == 64);
    GRAZE_ASSERT(BITS_TO_LONGS(1) == 1 && BITS_TO_LONGS(64) == 1 && BITS_TO_LONGS(65) == 2);
  }));
}

// One task sets a bit, and clears it if it is told to; the other waits until no bit is set.
Outcomes WaitUntilEmpty(bool cleared) {
  return ExploreKernel([cleared] {
    word *const map = Shared<bits>()->words;
    __set_bit(1, map);
    graze::run_threads(
        [=] {
          if (cleared) __clear_bit(1, map);
        },
        [=] {
          while (!bitmap_empty(map, 2)) cond_resched();
        });
  });
}

TEST(Bitmap, WaitedForInALoopThatReschedulesIsAWait) { EXPECT_VERIFIED(WaitUntilEmpty(true)); }
TEST(Bitmap, WaitedForInVainIsAHang) { EXPECT_BREAKS(WaitUntilEmpty(false), "I-LIVE"); }

}  // namespace
}  // namespace kernel

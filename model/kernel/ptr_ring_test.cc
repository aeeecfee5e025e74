// SPDX-License-Identifier: GPL-2.0-only
#include "model/kernel/ptr_ring.h"

#include <gtest/gtest.h>

#include "checker/api/assert.h"
#include "checker/api/explore.h"
#include "model/kernel/config.h"
#include "model/kernel/task.h"

namespace kernel {
namespace {

// Values to queue: any address but null.
void *Value(int n) { return reinterpret_cast<void *>(uintptr_t{0x1000} + static_cast<uintptr_t>(n) * 8); }

ptr_ring *NewRing(int size) {
  ptr_ring *ring = kzalloc(sizeof(ptr_ring), GFP_KERNEL);
  GRAZE_ASSERT(ptr_ring_init(ring, size, GFP_KERNEL) == 0);
  return ring;
}

void FreeRing(ptr_ring *ring) {
  ptr_ring_cleanup(ring, nullptr);
  kfree(ring);
}

void Fill(ptr_ring *ring, int n) {
  for (int i = 0; i < n; ++i) GRAZE_ASSERT(ptr_ring_produce(ring, Value(i)) == 0);
}

void Take(ptr_ring *ring, int from, int to) {
  for (int i = from; i < to; ++i) GRAZE_ASSERT(static_cast<void *>(ptr_ring_consume(ring)) == Value(i));
}

// How many of `n` attempts find room.
int RoomFor(ptr_ring *ring, int n) {
  int stored = 0;
  while (stored < n && ptr_ring_produce(ring, Value(100 + stored)) == 0) ++stored;
  return stored;
}

void ExpectHolds(void (*body)()) {
  const graze::Result result = graze::Explore(body);
  EXPECT_EQ(result.verdict, graze::Verdict::kVerified)
      << result.reason << (result.violations.empty() ? "" : result.violations.front().rule + ": " + result.violations.front().message);
}

TEST(PtrRing, HandsPointersOutInTheOrderTheyCameInAcrossTheEndOfTheArray) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(2);
    for (int i = 0; i < 5; ++i) {
      GRAZE_ASSERT(ptr_ring_produce(ring, Value(i)) == 0);
      GRAZE_ASSERT(static_cast<void *>(ptr_ring_consume(ring)) == Value(i));
    }
    GRAZE_ASSERT(static_cast<void *>(ptr_ring_consume(ring)) == nullptr);
    FreeRing(ring);
  });
}

TEST(PtrRing, RefusesWithENOSPCWhenFullAndSaysSo) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(3);
    GRAZE_ASSERT(ptr_ring_empty(ring) && !ptr_ring_full(ring));
    Fill(ring, 3);
    GRAZE_ASSERT(ptr_ring_full(ring) && !ptr_ring_empty(ring));
    GRAZE_ASSERT(ptr_ring_produce(ring, Value(9)) == -ENOSPC);
    Take(ring, 0, 1);
    GRAZE_ASSERT(ptr_ring_produce(ring, Value(3)) == 0);
    Take(ring, 1, 4);
    FreeRing(ring);
  });
}

// 2 * 64-byte cache lines / 8-byte pointers = 16; a batch above half of the ring means no batching.
TEST(PtrRing, BatchesSixteenFromThirtyTwoSlotsOnAndNotBelow) {
  ExpectHolds([] {
    kernel_boot({});
    for (int size : {1, 31, 32, 100}) {
      ptr_ring *ring = NewRing(size);
      GRAZE_ASSERT(ring->batch == (size >= 32 ? 16 : 1));
      FreeRing(ring);
    }
  });
}

TEST(PtrRing, KeepsConsumedSlotsOfABatchFromTheProducerUntilTheBatchIsComplete) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(32);
    Fill(ring, 32);
    Take(ring, 0, 15);
    GRAZE_ASSERT(RoomFor(ring, 32) == 0);  // 15 slots are consumed, none is free
    Take(ring, 15, 16);
    GRAZE_ASSERT(RoomFor(ring, 32) == 16);
    FreeRing(ring);
  });
}

TEST(PtrRing, BatchesSmallRingsWhenToldTo) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring_set_batch(2);
    ptr_ring *ring = NewRing(4);
    Fill(ring, 4);
    Take(ring, 0, 1);
    GRAZE_ASSERT(RoomFor(ring, 4) == 0);
    Take(ring, 1, 2);
    GRAZE_ASSERT(RoomFor(ring, 4) == 2);
    FreeRing(ring);
  });
}

TEST(PtrRing, ZeroesAnIncompleteBatchAtTheEndOfTheArray) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring_set_batch(2);
    ptr_ring *ring = NewRing(3);
    Fill(ring, 3);
    Take(ring, 0, 3);
    GRAZE_ASSERT(RoomFor(ring, 3) == 3);
    FreeRing(ring);
  });
}

TEST(PtrRing, ConsumesABatchUpToTheFirstEmptySlot) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(4);
    Fill(ring, 3);
    void_ptr taken[4];
    GRAZE_ASSERT(ptr_ring_consume_batched(ring, taken, 2) == 2);
    GRAZE_ASSERT(static_cast<void *>(taken[0]) == Value(0) && static_cast<void *>(taken[1]) == Value(1));
    GRAZE_ASSERT(__ptr_ring_consume_batched(ring, taken, 4) == 1);
    GRAZE_ASSERT(static_cast<void *>(taken[0]) == Value(2));
    GRAZE_ASSERT(ptr_ring_consume_batched(ring, taken, 4) == 0);
    FreeRing(ring);
  });
}

TEST(PtrRing, PeeksWithoutConsuming) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(2);
    GRAZE_ASSERT(static_cast<void *>(__ptr_ring_peek(ring)) == nullptr);
    Fill(ring, 1);
    GRAZE_ASSERT(static_cast<void *>(__ptr_ring_peek(ring)) == Value(0));
    Take(ring, 0, 1);
    FreeRing(ring);
  });
}

TEST(PtrRing, GivesWhatIsLeftToTheDestructorAtCleanup) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(4);
    for (int i = 0; i < 3; ++i) {
      void *left = kmalloc(8, GFP_KERNEL);
      GRAZE_ASSERT(ptr_ring_produce(ring, left) == 0);
    }
    ptr_ring_cleanup(ring, [](void *left) { kfree(left); });  // else: leak
    kfree(ring);
  });
}

TEST(PtrRing, RefusesMoreSlotsThanAnAllocationCanHave) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = kzalloc(sizeof(ptr_ring), GFP_KERNEL);
    GRAZE_ASSERT(ptr_ring_init(ring, (1 << 19) + 1, GFP_KERNEL) == -ENOMEM);  // KMALLOC_MAX_SIZE / 8 = 2^19
    kfree(ring);
  });
}

struct TwoProducers {
  ptr_ring *ring;
  int locked;
};

void ProduceOne(void *shared) {
  auto *const test = static_cast<TwoProducers *>(shared);
  if (test->locked) {
    ptr_ring_produce(test->ring, Value(0));
  } else {
    __ptr_ring_produce(test->ring, Value(0));
  }
}

void RunTwoProducers(bool locked) {
  kernel_boot({});
  TwoProducers test = {NewRing(2), locked};
  const thread_id one = task_run("one", 0, &ProduceOne, &test);
  const thread_id two = task_run("two", 1, &ProduceOne, &test);
  task_join(one);
  task_join(two);
  Take(test.ring, 0, 1);
  Take(test.ring, 0, 1);
  FreeRing(test.ring);
}

// n threads that each take the lock once: n! orders.
TEST(PtrRing, TakesPointersOfTwoProducersUnderItsLock) {
  const graze::Result result = graze::Explore([] { RunTwoProducers(true); });
  EXPECT_EQ(result.verdict, graze::Verdict::kVerified) << result.reason;
  EXPECT_EQ(result.executions, 2u);
}

TEST(PtrRing, RacesWhenTwoProducersDoWithoutTheLock) {
  const graze::Result result = graze::Explore([] { RunTwoProducers(false); });
  ASSERT_EQ(result.verdict, graze::Verdict::kViolation) << result.reason;
  EXPECT_EQ(result.violations.front().kind, graze::ViolationKind::kDataRace);
}

void ProduceTwo(void *ring) { Fill(static_cast<ptr_ring *>(ring), 2); }

TEST(PtrRing, LetsOneConsumerGoWithoutALock) {
  ExpectHolds([] {
    kernel_boot({});
    ptr_ring *ring = NewRing(2);
    const thread_id producer = task_run("producer", 0, &ProduceTwo, ring);
    void_ptr taken[2];
    int n = __ptr_ring_consume_batched(ring, taken, 2);
    for (int i = 0; i < n; ++i) GRAZE_ASSERT(static_cast<void *>(taken[i]) == Value(i));
    task_join(producer);
    Take(ring, n, 2);
    FreeRing(ring);
  });
}

}  // namespace
}  // namespace kernel

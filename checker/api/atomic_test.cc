// SPDX-License-Identifier: MIT
#include "checker/api/atomic.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <new>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

// The body has one thread, so it has one execution, and its assertions hold in it.
void ExpectHolds(void (*body)()) {
  const Result result = Explore(body);
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U) << Describe(result);
}

TEST(Atomic, HoldsTheValueOfItsConstructor) {
  ExpectHolds([] {
    const atomic<int> x{7};
    const atomic<int> y = -1;
    const atomic<int*> p;
    GRAZE_ASSERT(x.load() == 7);
    GRAZE_ASSERT(y == -1);
    GRAZE_ASSERT(p.load() == nullptr);
  });
}

TEST(Atomic, LoadsWhatWasStoredWithEveryOrder) {
  ExpectHolds([] {
    atomic<int> x{0};
    x.store(1, std::memory_order_relaxed);
    GRAZE_ASSERT(x.load(std::memory_order_relaxed) == 1);
    x.store(2, std::memory_order_release);
    GRAZE_ASSERT(x.load(std::memory_order_acquire) == 2);
    x.store(3, std::memory_order_seq_cst);
    GRAZE_ASSERT(x.load(std::memory_order_seq_cst) == 3);
    x = 4;
    GRAZE_ASSERT(x.load(std::memory_order_consume) == 4);
  });
}

TEST(Atomic, ExchangeReturnsWhatItReplaced) {
  ExpectHolds([] {
    atomic<uint16_t> x{5};
    GRAZE_ASSERT(x.exchange(6, std::memory_order_acq_rel) == 5);
    GRAZE_ASSERT(x.exchange(7) == 6);
    GRAZE_ASSERT(x == 7);
  });
}

TEST(Atomic, CompareExchangeStoresOnlyIfTheValueIsTheExpectedOne) {
  ExpectHolds([] {
    atomic<int> x{-3};
    int expected = -4;
    GRAZE_ASSERT(!x.compare_exchange_strong(expected, 9));
    GRAZE_ASSERT(expected == -3);
    GRAZE_ASSERT(x == -3);
    GRAZE_ASSERT(x.compare_exchange_strong(expected, 9, std::memory_order_acq_rel, std::memory_order_relaxed));
    GRAZE_ASSERT(expected == -3);
    GRAZE_ASSERT(x == 9);
    expected = 9;
    GRAZE_ASSERT(x.compare_exchange_weak(expected, 10, std::memory_order_release));
    expected = 10;
    GRAZE_ASSERT(x.compare_exchange_weak(expected, 11, std::memory_order_acq_rel, std::memory_order_acquire));
    GRAZE_ASSERT(x == 11);
  });
}

TEST(Atomic, ArithmeticReturnsTheOldValueAndOperatorsTheNewOne) {
  ExpectHolds([] {
    atomic<int> x{10};
    GRAZE_ASSERT(x.fetch_add(5) == 10);
    GRAZE_ASSERT(x.fetch_sub(20, std::memory_order_relaxed) == 15);
    GRAZE_ASSERT(x == -5);
    GRAZE_ASSERT(++x == -4);
    GRAZE_ASSERT(x++ == -4);
    GRAZE_ASSERT(--x == -4);
    GRAZE_ASSERT(x-- == -4);
    GRAZE_ASSERT((x += 15) == 10);
    GRAZE_ASSERT((x -= 2) == 8);
    GRAZE_ASSERT((x = 3) == 3);
    GRAZE_ASSERT(x == 3);
  });
}

TEST(Atomic, BitOperationsReturnTheOldValueAndOperatorsTheNewOne) {
  ExpectHolds([] {
    atomic<uint8_t> x{0b1100};
    GRAZE_ASSERT(x.fetch_and(0b0110) == 0b1100);
    GRAZE_ASSERT(x.fetch_or(0b0011) == 0b0100);
    GRAZE_ASSERT(x.fetch_xor(0b1111) == 0b0111);
    GRAZE_ASSERT(x == 0b1000);
    GRAZE_ASSERT((x |= 0b0001) == 0b1001);
    GRAZE_ASSERT((x &= 0b0011) == 0b0001);
    GRAZE_ASSERT((x ^= 0b0101) == 0b0100);
    GRAZE_ASSERT(x == 0b0100);
  });
}

TEST(Atomic, WrapsAroundAtTheSizeOfItsType) {
  ExpectHolds([] {
    atomic<uint8_t> u8{255};
    GRAZE_ASSERT(u8.fetch_add(1) == 255);
    GRAZE_ASSERT(u8 == 0);
    GRAZE_ASSERT(u8.fetch_sub(1) == 0);
    GRAZE_ASSERT(u8 == 255);
    GRAZE_ASSERT(++u8 == 0);
    atomic<int8_t> s8{127};
    GRAZE_ASSERT(s8.fetch_add(1) == 127);
    GRAZE_ASSERT(s8 == -128);
    GRAZE_ASSERT(--s8 == 127);
    atomic<uint16_t> u16{65535};
    GRAZE_ASSERT(u16++ == 65535);
    GRAZE_ASSERT(u16 == 0);
    atomic<int32_t> s32{std::numeric_limits<int32_t>::max()};
    s32.fetch_add(1);
    GRAZE_ASSERT(s32 == std::numeric_limits<int32_t>::min());
    int32_t expected = std::numeric_limits<int32_t>::min();
    GRAZE_ASSERT(s32.compare_exchange_strong(expected, 1));
    atomic<uint64_t> u64{std::numeric_limits<uint64_t>::max()};
    GRAZE_ASSERT(u64.fetch_add(2) == std::numeric_limits<uint64_t>::max());
    GRAZE_ASSERT(u64 == 1);
  });
}

TEST(Atomic, PointersMoveByElements) {
  ExpectHolds([] {
    static int array[4];
    atomic<int*> p{array};
    GRAZE_ASSERT(p.fetch_add(3) == array);
    GRAZE_ASSERT(p == array + 3);
    GRAZE_ASSERT(p.fetch_sub(1) == array + 3);
    GRAZE_ASSERT(--p == array + 1);
    GRAZE_ASSERT((p += 2) == array + 3);
  });
}

TEST(Atomic, HoldsEveryKindOfSmallValue) {
  ExpectHolds([] {
    enum class Color : uint8_t { kRed, kGreen };
    struct Pair {
      int16_t a, b;
    };
    atomic<bool> flag{false};
    GRAZE_ASSERT(!flag.exchange(true) && flag);
    atomic<Color> color{Color::kRed};
    color.store(Color::kGreen);
    GRAZE_ASSERT(color.load() == Color::kGreen);
    atomic<Pair> pair{Pair{1, -2}};
    GRAZE_ASSERT(pair.load().a == 1 && pair.load().b == -2);
    atomic<double> real{1.5};
    GRAZE_ASSERT(real.fetch_add(0.25) == 1.5);
    GRAZE_ASSERT((real -= 1.0) == 0.75);
  });
}

TEST(Atomic, InReusedStackMemoryStartsWithItsOwnValue) {
  ExpectHolds([] {
    int sum = 0;
    for (int i = 1; i <= 3; ++i) {
      atomic<int> x{10 * i};
      GRAZE_ASSERT(x.load() == 10 * i);
      x.store(i);
      sum += x;
    }
    const auto with = [](auto use) {
      plain<int> scratch;
      use(scratch);
    };
    with([](plain<int>& scratch) { scratch = 7; });
    for (int i = 0; i < 2; ++i) with([](plain<int>& scratch) { scratch.store(8); });
    GRAZE_ASSERT(sum == 6);
  });
}

// The first object at an address was never constructed in the eyes of the engine (a plain<> without a value); the second one is.
TEST(Atomic, ConstructedWherePlainDataLivedStartsWithItsOwnValue) {
  ExpectHolds([] {
    alignas(8) unsigned char memory[8];
    auto* first = ::new (memory) plain<int>();
    first->store(5);
    auto* second = ::new (memory) atomic<int>(3);
    GRAZE_ASSERT(second->load() == 3);
  });
}

atomic<int> global{41};

TEST(Atomic, AGlobalStartsEveryExecutionWithItsInitialValue) {
  const Outcomes outcomes = ExploreOutcomes([] {
    static atomic<int> local{1};
    run_threads([] { ++global; }, [] { global.store(100); });
    Outcome(global.load(), local.fetch_add(1));
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.Distinct(), (std::vector<Row>{{100, 1}, {101, 1}}));
}

TEST(Atomic, ReadModifyWritesOfTwoThreadsNeverReadTheSameValue) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    int a = -1, b = -1;
    run_threads([&] { a = x.exchange(1); }, [&] { b = x.exchange(2); });
    Outcome(a, b, x.load());
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0, 1, 2}, 1}, {{2, 0, 1}, 1}})) << Describe(outcomes.result);
}

TEST(Atomic, ACompareExchangeIsExploredBothFailingAndSucceeding) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    bool stored = false;
    run_threads([&] { x.store(1); },
                [&] {
                  int expected = 1;
                  stored = x.compare_exchange_strong(expected, 2);
                });
    Outcome(stored, x.load());
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0, 1}, 1}, {{1, 2}, 1}})) << Describe(outcomes.result);
}

TEST(Atomic, AnOrderThatTheOperationCannotHaveIsMisuse) {
  const Result load = Explore([] {
    const atomic<int> x{0};
    x.load(std::memory_order_release);
  });
  ASSERT_EQ(load.violations.size(), 1U) << Describe(load);
  EXPECT_EQ(load.violations[0].rule, "misuse");
  const Result store = Explore([] {
    atomic<int> x{0};
    x.store(1, std::memory_order_acquire);
  });
  ASSERT_EQ(store.violations.size(), 1U) << Describe(store);
  EXPECT_EQ(store.violations[0].rule, "misuse");
}

TEST(Fence, OfEveryOrderKeepsAProgramVerified) {
  ExpectHolds([] {
    atomic<int> x{0};
    for (const std::memory_order order : {std::memory_order_relaxed, std::memory_order_consume, std::memory_order_acquire,
                                          std::memory_order_release, std::memory_order_acq_rel, std::memory_order_seq_cst}) {
      x.fetch_add(1, std::memory_order_relaxed);
      graze::atomic_thread_fence(order);
    }
    GRAZE_ASSERT(x == 6);
  });
}

TEST(FailureOrder, IsTheOrderWithoutItsReleasePart) {
  static_assert(internal::FailureOrder(std::memory_order_acq_rel) == std::memory_order_acquire);
  static_assert(internal::FailureOrder(std::memory_order_release) == std::memory_order_relaxed);
  static_assert(internal::FailureOrder(std::memory_order_seq_cst) == std::memory_order_seq_cst);
  EXPECT_EQ(internal::FailureOrder(std::memory_order_relaxed), std::memory_order_relaxed);
}

}  // namespace
}  // namespace graze

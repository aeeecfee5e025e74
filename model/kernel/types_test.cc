// SPDX-License-Identifier: MIT
#include "model/kernel/types.h"

#include "model/kernel/cmpxchg.h"
#include "model/kernel/compiler.h"
#include "model/kernel/kernel.h"
#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

struct pair {
  plain<int> a;
  plain<int> b;
};

TEST(Field, KeepsTheLayoutAndTheZeroOfItsType) {
  static_assert(sizeof(pair) == 2 * sizeof(int) && std::is_standard_layout_v<pair>);
  static_assert(std::is_trivially_default_constructible_v<racy<void *>>);
  EXPECT_VERIFIED(ExploreKernel([] { GRAZE_ASSERT(Shared<pair>()->b == 0); }));
}

TEST(Field, ReadsAndWritesLikeItsType) {
  EXPECT_VERIFIED(ExploreKernel([] {
    struct numbers {
      plain<unsigned> n;
      plain<unsigned char> byte;
      plain<bool> flag;
      plain<pair *> next;
    };
    numbers *const x = Shared<numbers>();
    x->n = 5;
    GRAZE_ASSERT(x->n++ == 5 && ++x->n == 7 && x->n-- == 7 && --x->n == 5);
    x->n += 3;
    x->n -= 1u;
    GRAZE_ASSERT((x->n |= 8) == 15 && (x->n &= 12) == 12);
    x->byte = 255;
    x->byte += 2;
    GRAZE_ASSERT(x->byte == 1 && !x->flag);
    x->flag = true;
    GRAZE_ASSERT(x->flag && !x->next);
    x->next = Shared<pair>();
    x->next->a = 4;
    GRAZE_ASSERT(x->next->a == 4 && (*x->next).b == 0);
  }));
}

TEST(Field, CopyAssignmentPassesTheValueOn) {
  EXPECT_VERIFIED(ExploreKernel([] {
    pair *const x = Shared<pair>();
    pair *const y = Shared<pair>();
    x->a = 3;
    y->b = x->a;
    GRAZE_ASSERT(y->b == 3);
    x->b = 9;
    *y = *x;
    GRAZE_ASSERT(y->a == 3 && y->b == 9);
  }));
}

TEST(Field, CopyAssignmentIsAReadForTheRaceCheck) {
  EXPECT_BREAKS(ExploreKernel([] {
                  pair *const x = Shared<pair>();
                  graze::run_threads([x] { x->a = x->b; }, [x] { x->b = 1; });
                }),
                "I-RACE");
}

TEST(Field, CopyAssignmentIsAWriteForTheRaceCheck) {
  EXPECT_BREAKS(ExploreKernel([] {
                  pair *const x = Shared<pair>();
                  graze::run_threads([x] { x->a = x->b; }, [x] { return x->a == 1; });
                }),
                "I-RACE");
}

// The last statement of its function: the line must still be found, not that of the caller.
__attribute__((noinline)) void store_last(pair *x) { x->a = 1; }
constexpr unsigned kStoreLine = __LINE__ - 1;

TEST(Field, ARaceIsReportedAtTheStatement) {
  const auto outcomes = ExploreKernel([] {
    pair *const x = Shared<pair>();
    graze::run_threads([x] { store_last(x); }, [x] { store_last(x); });
  });
  ASSERT_EQ(outcomes.result.violations.size(), 1u);
  EXPECT_EQ(outcomes.result.violations[0].file, "model/kernel/types_test.cc");
  EXPECT_EQ(outcomes.result.violations[0].line, kStoreLine);
  EXPECT_EQ(outcomes.result.violations[0].function, "store_last");
}

TEST(Field, RacyOnesAreExploredAndNeverRace) {
  const auto outcomes = ExploreKernel([] {
    auto *const x = Shared<racy<int>>();
    graze::run_threads([x] { ++*x; }, [x] { ++*x; });
    Outcome(static_cast<int>(*x));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}, {2}}));  // an unmarked increment is a read and a write: one may be lost
}

TEST(MarkedAccess, OfAFieldIsNoRace) {
  // Store buffering: r1 == r2 == 0 is what sequential consistency forbids.
  const auto outcomes = ExploreKernel([] {
    pair *const x = Shared<pair>();
    int r1 = 0, r2 = 0;
    graze::run_threads(
        [&] {
          WRITE_ONCE(x->a, 1);
          r1 = READ_ONCE(x->b);
        },
        [&] {
          WRITE_ONCE(x->b, 1);
          r2 = READ_ONCE(x->a);
        });
    Outcome(r1, r2);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 1}, {1, 0}, {1, 1}}));
}

TEST(MarkedAccess, WorksOnOrdinaryWords) {
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const x = Shared<u32>();
    graze::run_threads([x] { WRITE_ONCE(*x, 1); }, [x] { WRITE_ONCE(*x, 1); });
    GRAZE_ASSERT(READ_ONCE(*x) == 1);
  }));
}

TEST(Xchg, GivesEachValueToOneThreadOnly) {
  const auto outcomes = ExploreKernel([] {
    auto *const slot = Shared<plain<int *>>();
    int *const value = Shared<int>();
    WRITE_ONCE(*slot, value);
    int *taken[2] = {};
    graze::run_threads([&] { taken[0] = xchg(slot, nullptr); }, [&] { taken[1] = xchg(slot, nullptr); });
    Outcome(taken[0] == value, taken[1] == value);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 1}, {1, 0}}));
}

TEST(Cmpxchg, SucceedsForOneAndTellsTheOtherTheValue) {
  const auto outcomes = ExploreKernel([] {
    auto *const word = Shared<plain<u32>>();
    u32 seen[2] = {};
    graze::run_threads([&] { seen[0] = cmpxchg(word, 0u, 1u); }, [&] { seen[1] = cmpxchg(word, 0u, 2u); });
    Outcome(seen[0], seen[1], READ_ONCE(*word));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 1, 1}, {2, 0, 2}}));
}

TEST(Array, TakesIndexesUpToItsEnd) {
  struct two {
    array<plain<int>, 2> items;
    plain<int> behind;
  };
  static_assert(sizeof(two) == 3 * sizeof(int) && std::is_standard_layout_v<two>);
  const auto write_at = [](size_t index) {
    return ExploreKernel([index] {
      auto *const x = Shared<two>();
      x->items[index] = 1;
      GRAZE_ASSERT(x->items[index] == 1);
    });
  };
  EXPECT_VERIFIED(write_at(1));
  EXPECT_BREAKS(write_at(2), "I-UAF");
}

TEST(ContainerOf, FindsTheStructAroundAMember) {
  EXPECT_VERIFIED(ExploreKernel([] {
    pair *const x = Shared<pair>();
    GRAZE_ASSERT(container_of(&x->b, pair, b) == x);
    auto *const link = Shared<plain<plain<int> *>>();
    *link = &x->b;
    GRAZE_ASSERT(container_of(*link, pair, b) == x);
  }));
}

}  // namespace
}  // namespace kernel

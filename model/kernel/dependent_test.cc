// SPDX-License-Identifier: MIT
#include "model/kernel/dependent.h"

#include <functional>

#include "model/kernel/barrier.h"
#include "model/kernel/cmpxchg.h"
#include "model/kernel/compiler.h"
#include "model/kernel/kernel_for_test.h"
#include "model/kernel/rcupdate.h"

namespace kernel {
namespace {

using testing::Breaks;
using testing::ExploreKernel;
using testing::ExploreUnder;
using testing::Outcome;
using testing::Outcomes;
using testing::Shared;

struct node {
  plain<int> value;
  plain<node *> next;
};

TEST(Dependent, LocalsKeepTheLoadTheyComeFrom) {
  struct nodes {
    node all[3];
  };
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const x = Shared<u32>();
    node **const slot = Shared<node *>();
    WRITE_ONCE(*slot, Shared<nodes>()->all);
    tv<u32> one = READ_ONCE(*x);
    tv<u32> two = READ_ONCE(*x);
    tp<node> n = rcu_dereference(*slot);
    GRAZE_ASSERT(one.dep() != 0 && two.dep() != 0 && one.dep() != two.dep() && n.dep() != two.dep());
    GRAZE_ASSERT((one + 1).dep() == one.dep() && (7 & one).dep() == one.dep() && (one == 1u).dep() == one.dep());
    GRAZE_ASSERT((one + two).dep() == graze_join(one.dep(), two.dep()) && (n + 2).dep() == n.dep());
    GRAZE_ASSERT((n == nullptr).dep() == n.dep() && (!n).dep() == n.dep() && (n + two).dep() == graze_join(n.dep(), two.dep()));
  }));
}

TEST(Dependent, OrdinaryLocalsStandAsBefore) {
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const x = Shared<u32>();
    node **const slot = Shared<node *>();
    node *const first = Shared<node>();
    WRITE_ONCE(*slot, first);
    WRITE_ONCE(*x, 3);
    u32 value = READ_ONCE(*x);
    node *n = READ_ONCE(*slot);
    n->value = READ_ONCE(*x) == 3 ? 1 : 2;
    GRAZE_ASSERT(value == 3 && n == first && READ_ONCE(*slot) == first && n->value == 1);
    switch (READ_ONCE(*x)) {
      case 3: break;
      default: GRAZE_ASSERT(false);
    }
    node *old = xchg(slot, NULL);
    GRAZE_ASSERT(old == first && !READ_ONCE(*slot) && cmpxchg(x, 3, 4) == 3 && xchg(x, READ_ONCE(*x) + 1) == 4);
  }));
}

node *NewNode() { return static_cast<node *>(graze_alloc(sizeof(node), GRAZE_ALLOC_ZERO, "node", nullptr)); }

bool Shows(const Outcomes &outcomes, const std::vector<uint64_t> &result) {
  EXPECT_VERIFIED(outcomes);
  return outcomes.counts.contains(result);
}

// A node is filled and published with a barrier; `read` gets the slot and looks into the node, or gives 7. The pointer is in the node's
// memory before: the stale value is 0.
Outcomes Published(const char *model, const std::function<int(plain<node *> *)> &read) {
  return ExploreUnder(model, [&] {
    plain<node *> *const slot = Shared<plain<node *>>();
    node *const filled = NewNode();
    int seen = 9;
    graze::run_threads(
        [&] {
          filled->value.set(1, nullptr, GRAZE_ONCE);
          smp_wmb();
          WRITE_ONCE(*slot, filled);
        },
        [&] { seen = read(slot); });
    Outcome(seen);
  });
}

int ValueOf(node *n) { return READ_ONCE(n->value); }

TEST(AddressDependency, FollowsAPointerThatStaysAPointer) {
  for (const char *model : {"lkmm", "lkmm-deps", "lkmm-6.1", "lkmm-6.1-deps"}) {
    const auto read = [](plain<node *> *slot) {
      node *n = READ_ONCE(*slot);
      return n != nullptr ? ValueOf(n) : 7;
    };
    EXPECT_FALSE(Shows(Published(model, read), {0})) << model;
  }
}

TEST(AddressDependency, IsLostThroughANumber) {
  for (const char *model : {"lkmm", "lkmm-deps"}) {
    const auto read = [](plain<node *> *slot) {
      const unsigned long number = READ_ONCE(reinterpret_cast<unsigned long &>(*slot));
      return number != 0 ? ValueOf(reinterpret_cast<node *>(number)) : 7;
    };
    EXPECT_TRUE(Shows(Published(model, read), {0})) << model;
  }
}

TEST(AddressDependency, IsThatOfTheNewestPointerUnlessTheWrapperSaysOtherwise) {
  // The second look at the slot comes after the access in the program only through the wrapper of the first.
  const auto read = [](plain<node *> *slot) {
    tp<node> first = READ_ONCE(*slot);
    node *second = READ_ONCE(*slot);
    if (first.raw() == nullptr || second == nullptr) return 7;
    return static_cast<int>(READ_ONCE(first->value));
  };
  EXPECT_FALSE(Shows(Published("lkmm", read), {0}));
}

TEST(AddressDependency, OfAnIndexNeedsTheWrapper) {
  const auto shows = [](bool exact) {
    return Shows(ExploreUnder("lkmm",
                              [exact] {
                                u32 *const table = static_cast<u32 *>(graze::ArenaAllocate(2 * sizeof(u32), alignof(u32)));
                                u32 *const index = Shared<u32>();
                                u32 seen = 9;
                                graze::run_threads(
                                    [&] {
                                      WRITE_ONCE(table[1], 1);
                                      smp_wmb();
                                      WRITE_ONCE(*index, 1);
                                    },
                                    [&] {
                                      if (exact) {
                                        tv<u32> i = READ_ONCE(*index);
                                        tp<u32> all(table);
                                        seen = 2 * i + READ_ONCE(all[i]);
                                      } else {
                                        const u32 i = READ_ONCE(*index);
                                        seen = 2 * i + READ_ONCE(table[i]);
                                      }
                                    });
                                Outcome(seen);
                              }),
                 {2});
  };
  EXPECT_TRUE(shows(false));
  EXPECT_FALSE(shows(true));
}

TEST(AddressDependency, GoesThroughMemoryOfTheThread) {
  const auto read = [](plain<node *> *slot) {
    plain<node *> *const kept = Shared<plain<node *>>();
    *kept = READ_ONCE(*slot);
    node *n = *kept;
    return n != nullptr ? ValueOf(n) : 7;
  };
  EXPECT_FALSE(Shows(Published("lkmm", read), {0}));
  EXPECT_FALSE(Shows(Published("lkmm-deps", read), {0}));
}

TEST(AddressDependency, OrdersPlainContents) {
  // As published data is used: not a marked access in it, and no race.
  const auto outcomes = [](bool as_number) {
    return ExploreUnder("lkmm", [as_number] {
      plain<node *> *const slot = Shared<plain<node *>>();
      node *const inner = NewNode();
      node *const outer = NewNode();
      graze::run_threads(
          [&] {
            inner->value = 1;
            outer->next = inner;
            smp_store_release(slot, outer);
          },
          [&] {
            node *n = nullptr;
            if (as_number) {
              const unsigned long number = READ_ONCE(reinterpret_cast<unsigned long &>(*slot));
              n = reinterpret_cast<node *>(number);
            } else {
              n = READ_ONCE(*slot);
            }
            if (n != nullptr) GRAZE_ASSERT(n->next->value == 1);
          });
    });
  };
  EXPECT_VERIFIED(outcomes(false));
  EXPECT_TRUE(Breaks(outcomes(true), "I-RACE"));
}

// Shape S: the first thread's write of x is the last one although the second thread has seen what came after it.
bool ShowsS(const char *model, const std::function<void(u32 *y, u32 *x, bool *saw)> &second) {
  return Shows(ExploreUnder(model,
                            [&] {
                              u32 *const x = Shared<u32>(), *const y = Shared<u32>();
                              bool saw = false;
                              graze::run_threads(
                                  [&] {
                                    WRITE_ONCE(*x, 2);
                                    smp_wmb();
                                    WRITE_ONCE(*y, 1);
                                  },
                                  [&] { second(y, x, &saw); });
                              const u32 last = READ_ONCE(*x);
                              Outcome(saw, last);
                            }),
               {1, 2});
}

TEST(ReadToWrite, WithoutADependencyIsOrderedUnderRwPoOnly) {
  const auto none = [](u32 *y, u32 *x, bool *saw) {
    const u32 seen = READ_ONCE(*y);
    WRITE_ONCE(*x, 1);
    *saw = seen == 1;
  };
  EXPECT_FALSE(ShowsS("lkmm", none));
  EXPECT_TRUE(ShowsS("lkmm-deps", none));
}

TEST(ReadToWrite, KnowsDataDependenciesOfWrappers) {
  const auto exact = [](u32 *y, u32 *x, bool *saw) {
    tv<u32> seen = READ_ONCE(*y);
    WRITE_ONCE(*x, seen * 0 + 1);
    *saw = seen.raw() == 1;
  };
  const auto lost = [](u32 *y, u32 *x, bool *saw) {
    const u32 seen = READ_ONCE(*y);
    WRITE_ONCE(*x, seen * 0 + 1);
    *saw = seen == 1;
  };
  EXPECT_FALSE(ShowsS("lkmm-deps", exact));
  EXPECT_TRUE(ShowsS("lkmm-deps", lost));
}

TEST(ReadToWrite, KnowsBranches) {
  const auto branch = [](u32 *y, u32 *x, bool *saw) {
    tv<u32> seen = READ_ONCE(*y);
    if (seen == 1u) {
      *saw = true;
      WRITE_ONCE(*x, 1);
    }
  };
  EXPECT_FALSE(ShowsS("lkmm-deps", branch));
}

TEST(ReadToRead, IsNotOrderedByBranches) {
  for (const char *model : {"lkmm", "lkmm-deps"}) {
    EXPECT_TRUE(Shows(ExploreUnder(model,
                                   [] {
                                     u32 *const x = Shared<u32>(), *const y = Shared<u32>();
                                     u32 seen = 9;
                                     graze::run_threads(
                                         [&] {
                                           WRITE_ONCE(*x, 1);
                                           smp_wmb();
                                           WRITE_ONCE(*y, 1);
                                         },
                                         [&] {
                                           if (READ_ONCE(*y) == 1u) seen = READ_ONCE(*x);
                                         });
                                     Outcome(seen);
                                   }),
                      {0}))
        << model;
  }
}

// LKMM lets a compiler read before a plain store, which a write barrier does not hold back: the producer's stores and the consumer's race.
TEST(PlainStores, AreWholeUnlessTheConfigurationSaysOtherwise) {
  const auto outcomes = [](bool whole) {
    return ExploreUnder("lkmm",
                        [] {
                          plain<node *> *const slot = Shared<plain<node *>>();
                          node *const filled = NewNode();
                          graze::run_threads(
                              [&] {
                                filled->value = 1;
                                smp_wmb();
                                WRITE_ONCE(*slot, filled);
                              },
                              [&] {
                                node *n = READ_ONCE(*slot);
                                if (n != nullptr) n->value = 2;
                              });
                        },
                        {.whole_stores = whole});
  };
  EXPECT_VERIFIED(outcomes(true));
  EXPECT_TRUE(Breaks(outcomes(false), "I-RACE"));
}

}  // namespace
}  // namespace kernel

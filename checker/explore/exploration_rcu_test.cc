// SPDX-License-Identifier: MIT
// The search around grace periods (RULES.md) under sequential consistency. The letters are those of the counterexamples found under
// LKMM while these rules were made; what SC changes is said at each. Counterexample C and its kin are in exploration_stall_test.cc.
#include <gtest/gtest.h>

#include <vector>

#include "checker/explore/rcu_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreChecked;
using testing::ExploreOutcomes;
using testing::kSchedulers;
using testing::Outcome;
using testing::Outcomes;
using testing::ReadLock;
using testing::ReadUnlock;
using testing::Synchronize;

TEST(GracePeriodSearch, AReaderSeesBothOldOrBothNewOrTheOldAfterTheNew) {
  // a = y; b = x in a section against y = 1; synchronize_rcu; x = 1. All but (0, 1), see rcu_test.cc; SC alone would allow that as well.
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    run_threads(
        [&] {
          ReadLock();
          const int a = y.load();
          const int b = x.load();
          ReadUnlock();
          Outcome(a, b);
        },
        [&] {
          y.store(1);
          Synchronize();
          x.store(1);
        });
  });
  EXPECT_EQ(outcomes.Distinct(), (std::vector<std::vector<uint64_t>>{{0, 0}, {1, 0}, {1, 1}})) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.result.executions, 3U);
}

TEST(GracePeriodSearch, OnlyTheOutermostSectionCounts) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    run_threads(
        [&] {
          ReadLock();
          ReadLock();
          const int a = y.load();
          ReadUnlock();
          const int b = x.load();  // still in the outer one
          ReadUnlock();
          Outcome(a, b);
        },
        [&] {
          y.store(1);
          Synchronize();
          x.store(1);
        });
  });
  EXPECT_EQ(outcomes.Distinct(), (std::vector<std::vector<uint64_t>>{{0, 0}, {1, 0}, {1, 1}})) << Describe(outcomes.result);
}

TEST(CounterexampleB, APlainReadAfterAGracePeriodSeesWhatOnlyTheGracePeriodOrders) {
  // Nothing changes under SC: the plain write is ordered before the plain read by the grace period alone. Two results, no race.
  const auto body = [] {
    atomic<int> x{0};
    plain<int> d{0};
    atomic<int> q{0};
    int r = 0;
    run_threads(
        [&] {
          x.store(1);
          Synchronize();
          r = d.load();
        },
        [&] {
          ReadLock();
          q.store(x.load());
          if (q.load() == 0) d = 2;
          ReadUnlock();
        });
    Outcome(q.load(), r);
  };
  for (const SchedulerKind scheduler : kSchedulers) {
    Options options;
    options.scheduler = scheduler;
    options.self_check = true;
    const Outcomes outcomes = ExploreOutcomes(body, options);
    EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
    EXPECT_EQ(outcomes.Distinct(), (std::vector<std::vector<uint64_t>>{{0, 2}, {1, 0}}));
  }
}

TEST(CounterexampleD, AnErrorOfAGraphThatCannotBeCompletedIsNoError) {
  // SC makes no difference to what is possible: before the first thread's fetch_add is in the graph both flags can be seen, and nothing but
  // its section forbids it. herd7 says Never under LKMM, hence under SC.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> x{0}, y{0}, z{0}, w{0};
          run_threads(
              [&] {
                ReadLock();
                if (x.load() == 0) z.store(1);
                y.fetch_add(1);
                ReadUnlock();
              },
              [&] {
                x.store(1);
                Synchronize();
                if (y.fetch_add(1) == 0) w.store(1);
              },
              [&] {
                const int a = z.load();
                const int b = w.load();
                GRAZE_ASSERT(!(a == 1 && b == 1));
              });
        },
        scheduler);
    EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
    EXPECT_GT(result.doomed, 0U);
  }
}

struct Item {
  Item() : value(1) {}
  atomic<int> value;
};

// One reader against one writer that takes the item away and frees it, at once or in a callback after a grace period.
void ReaderAgainstReclaim(bool grace_period) {
  atomic<Item*> shared{make<Item>()};
  run_threads(
      [&] {
        ReadLock();
        if (Item* const item = shared.load()) GRAZE_ASSERT(item->value.load() == 1);
        ReadUnlock();
      },
      [&] {
        Item* const item = shared.exchange(nullptr);
        thread([item, grace_period] {  // as call_rcu does
          if (grace_period) Synchronize();
          destroy(item);
        })
            .detach();
      });
}

TEST(Reclaim, AfterAGracePeriodIsSafeForReaders) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked([] { ReaderAgainstReclaim(true); }, scheduler);
    EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
    EXPECT_EQ(result.executions, 2U);  // the reader finds the item or does not
  }
}

TEST(Reclaim, WithoutAGracePeriodIsAUseAfterFree) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked([] { ReaderAgainstReclaim(false); }, scheduler);
    EXPECT_EQ(result.executions, 2U) << Describe(result);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kUseAfterFree);
    EXPECT_EQ(result.violations[0].object, "Item");
    EXPECT_EQ(result.violations[0].count, 1U);
    EXPECT_TRUE(result.rest_holds);
  }
}

TEST(Reclaim, ThatForgetsToFreeIsALeakOnlyWhereItForgets) {
  const Result result = ExploreChecked([] {
    atomic<Item*> shared{make<Item>()};
    run_threads(
        [&] {
          Item* const item = shared.exchange(nullptr);
          Synchronize();
          destroy(item);
        },
        [&] {
          ReadLock();
          if (shared.load() == nullptr) make<Item>();
          ReadUnlock();
        });
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kLeak);
  EXPECT_EQ(result.violations[0].count, 1U);  // one of the two executions
  EXPECT_EQ(result.executions, 2U);
}

}  // namespace
}  // namespace graze

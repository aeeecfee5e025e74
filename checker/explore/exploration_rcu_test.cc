// SPDX-License-Identifier: MIT
// The search around grace periods (engine-rcu.md 7) under sequential consistency. The letters are those of the counterexamples found under
// LKMM while these rules were made; what SC changes is said at each.
#include <gtest/gtest.h>

#include <functional>
#include <source_location>
#include <string>
#include <vector>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Where = std::source_location;

void ReadLock(Where where = Where::current()) { RcuReadLock(internal::SiteOf(where)); }
void ReadUnlock(Where where = Where::current()) { RcuReadUnlock(internal::SiteOf(where)); }
void Synchronize(Where where = Where::current()) { RcuSynchronize(internal::SiteOf(where)); }

const std::vector<SchedulerKind> kSchedulers = {SchedulerKind::kWriteFirst, SchedulerKind::kLeftToRight, SchedulerKind::kRightToLeft,
                                                SchedulerKind::kReadFirst, SchedulerKind::kRandom};

Result ExploreChecked(const std::function<void()>& body, SchedulerKind scheduler = SchedulerKind::kWriteFirst) {
  Options options;
  options.scheduler = scheduler;
  options.self_check = true;
  return Explore(body, options);
}

// Explores in every order of discovery and expects only that threads hang, in `stalls` of `executions` executions.
void ExpectOnlyStalls(const std::function<void()>& body, uint64_t executions, uint64_t stalls) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(body, scheduler);
    EXPECT_EQ(result.executions, executions) << Describe(result);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "I-LIVE") << Describe(result);
    EXPECT_EQ(result.violations[0].count, stalls);
  }
}

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
          const int b = x.load();   // still in the outer one
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

TEST(CounterexampleC, AnAwaitInASectionThatTheGracePeriodWaitsForIsAStall) {
  // Nothing changes under SC. y = 1 ties the section to the time before the grace period; x = 1 comes after it, so the section cannot see it.
  ExpectOnlyStalls(
      [] {
        atomic<int> x{0}, y{0};
        run_threads(
            [&] {
              ReadLock();
              y.store(1);
              await(x, 1);
              ReadUnlock();
            },
            [&] {
              await(y, 1);
              Synchronize();
              x.store(1);
            });
      },
      1, 1);
}

TEST(CounterexampleC, ALockInASectionWhoseHolderWaitsForAGracePeriodIsAStall) {
  // Under SC as under LKMM the graph must show that the section began first, hence y. Two orders of taking the lock, one of them stalls.
  ExpectOnlyStalls(
      [] {
        atomic<int> y{0};
        mutex m;
        run_threads(
            [&] {
              ReadLock();
              y.store(1);
              m.lock();
              m.unlock();
              ReadUnlock();
            },
            [&] {
              m.lock();
              await(y, 1);
              Synchronize();
              m.unlock();
            });
      },
      2, 1);
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

TEST(Stall, HidesErrorsBehindTheGracePeriodThatWaitsForIt) {
  // The second thread never comes past its grace period.
  ExpectOnlyStalls(
      [] {
        atomic<int> x{0}, y{0};
        run_threads(
            [&] {
              ReadLock();
              y.store(1);
              await(x, 1);
              ReadUnlock();
            },
            [&] {
              await(y, 1);
              Synchronize();
              GRAZE_ASSERT(false);
              x.store(1);
            });
      },
      1, 1);
}

TEST(Stall, HidesRacesBehindTheGracePeriodThatWaitsForIt) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> x{0}, y{0};
          plain<int> d{0};
          run_threads(
              [&] {
                ReadLock();
                y.store(1);
                await(x, 1);
                ReadUnlock();
              },
              [&] {
                await(y, 1);
                Synchronize();
                d = 1;
                x.store(1);
              },
              [&] { d.load(); });
        },
        scheduler);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "I-LIVE");
  }
}

TEST(Stall, DoesNotHideErrorsBehindAGracePeriodThatCameBefore) {
  // The section begins after the grace period has ended, and waits only because the other thread failed.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> x{0}, y{0};
          run_threads(
              [&] {
                await(y, 1);
                ReadLock();
                await(x, 1);
                ReadUnlock();
              },
              [&] {
                Synchronize();
                y.store(1);
                GRAZE_ASSERT(false);
              });
        },
        scheduler);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "assert");
  }
}

TEST(Stall, OfAThreadInItsOwnSectionIsNamed) {
  const Result result = ExploreChecked([] {
    ReadLock();
    Synchronize();
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].rule, "I-LIVE");
  EXPECT_NE(result.violations[0].message.find("own RCU read-side section"), std::string::npos) << result.violations[0].message;
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
        thread([item, grace_period] {   // as call_rcu does
          if (grace_period) Synchronize();
          destroy(item);
        }).detach();
      });
}

TEST(Reclaim, AfterAGracePeriodIsSafeForReaders) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked([] { ReaderAgainstReclaim(true); }, scheduler);
    EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
    EXPECT_EQ(result.executions, 2U);   // the reader finds the item or does not
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
  EXPECT_EQ(result.violations[0].count, 1U);   // one of the two executions
  EXPECT_EQ(result.executions, 2U);
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
// Threads that wait for good inside a read-side section, and what that says about code behind grace periods (RULES.md).
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

#include "checker/explore/rcu_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreChecked;
using testing::kSchedulers;
using testing::ReadLock;
using testing::ReadUnlock;
using testing::Synchronize;

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

TEST(CounterexampleC, AnAwaitInASectionThatTheGracePeriodWaitsForIsAStall) {
  // Nothing changes under SC. y = 1 ties the section to the time before the grace period; x = 1 comes after it, so the section cannot
  // see it.
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

// The first section begins while the second one is open, the second one began before the first grace period: so the first grace period ends
// after the first section has begun, and the next one must wait for it.
void ChainOfSections(unsigned grace_periods) {
  atomic<int> a{0}, z{0}, never{0};
  run_threads(
      [&] {
        ReadLock();
        a.store(1);
        await(never, 1);
        ReadUnlock();
      },
      [&] {
        ReadLock();
        z.store(1);
        await(a, 1);
        ReadUnlock();
      },
      [&] {
        await(z, 1);
        for (unsigned i = 0; i < grace_periods; ++i) Synchronize();
        GRAZE_ASSERT(false);
      });
}

TEST(Stall, HidesErrorsBehindAGracePeriodThatWaitsForItByWayOfAnother) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked([] { ChainOfSections(2); }, scheduler);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "I-LIVE") << Describe(result);
    EXPECT_EQ(result.reason, "");
  }
}

TEST(Stall, DoesNotHideErrorsBehindOneGracePeriodThatMayHaveBegunBefore) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked([] { ChainOfSections(1); }, scheduler);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "assert");
    EXPECT_EQ(result.reason, "");
  }
}

TEST(Stall, DoesNotHideErrorsBehindAGracePeriodThatNothingTiesToTheSection) {
  for (const SchedulerKind scheduler : kSchedulers) {
    // The grace period may end before the section begins, whether the section's thread fails there or waits there and may do so.
    Result result = ExploreChecked(
        [] {
          run_threads(
              [] {
                ReadLock();
                Fail("I-ONE", "in a section", nullptr);
              },
              [] {
                Synchronize();
                Fail("I-TWO", "after a grace period", nullptr);
              });
        },
        scheduler);
    EXPECT_EQ(result.violations.size(), 2U) << Describe(result);
    result = ExploreChecked(
        [] {
          atomic<int> x{0};
          thread waiter({.name = "waiter", .daemon = true}, [&] {
            ReadLock();
            await(x, 1);
          });
          waiter.detach();
          Synchronize();
          Fail("I-TWO", "after a grace period", nullptr);
        },
        scheduler);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].rule, "I-TWO");
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

}  // namespace
}  // namespace graze

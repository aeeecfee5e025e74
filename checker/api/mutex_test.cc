// SPDX-License-Identifier: MIT
#include "checker/api/mutex.h"

#include <gtest/gtest.h>

#include <mutex>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

TEST(Mutex, OrdersWhatItGuards) {
  const Result result = Explore([] {
    mutex m;
    plain<int> counter{0};
    const auto add = [&] {
      const std::lock_guard guard(m);
      counter += 1;
    };
    run_threads(add, add);
    GRAZE_ASSERT(counter == 2);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 2U);
  EXPECT_EQ(result.blocked, 0U);
}

TEST(Mutex, WithoutItTheCounterRaces) {
  const Result result = Explore([] {
    plain<int> counter{0};
    const auto add = [&] { counter += 1; };
    run_threads(add, add);
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDataRace);
}

TEST(Mutex, TwoDifferentOnesDoNotGuardTheSameData) {
  const Result result = Explore([] {
    mutex a, b;
    plain<int> counter{0};
    const auto add = [&](mutex& m) {
      const std::lock_guard guard(m);
      counter += 1;
    };
    run_threads([&] { add(a); }, [&] { add(b); });
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDataRace);
}

TEST(Mutex, WorksWithTheStandardLocks) {
  const Result result = Explore([] {
    mutex a, b;
    {
      const std::scoped_lock both(a, b);
      GRAZE_ASSERT(!a.try_lock() && !b.try_lock());
    }
    std::unique_lock lock(a, std::try_to_lock);
    GRAZE_ASSERT(lock.owns_lock());
    lock.unlock();
    lock.lock();
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Mutex, TryLockIsExploredBothWays) {
  const Outcomes outcomes = ExploreOutcomes([] {
    mutex m;
    bool got[2] = {};
    const auto attempt = [&](int i) {
      got[i] = m.try_lock();
      if (got[i]) m.unlock();
    };
    run_threads([&] { attempt(0); }, [&] { attempt(1); });
    Outcome(got[0], got[1]);
  });
  // One first, the other after its unlock: both succeed, twice; one inside the other's section: it fails, once each.
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0, 1}, 1}, {{1, 0}, 1}, {{1, 1}, 2}})) << Describe(outcomes.result);
}

// Both orders of the two whole sections are executions; the third graph is the deadlock (engine note on locks: 3 graphs, one of them).
TEST(Mutex, TakenInOppositeOrdersDeadlocksOnce) {
  const Result result = Explore([] {
    mutex a, b;
    run_threads(
        [&] {
          a.lock();
          b.lock();
          b.unlock();
          a.unlock();
        },
        [&] {
          b.lock();
          a.lock();
          a.unlock();
          b.unlock();
        });
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDeadlock);
  EXPECT_EQ(result.violations[0].count, 1U);
  EXPECT_EQ(result.violations[0].trace.blocked.size(), 3U);  // the two and the one that joins them
  EXPECT_TRUE(result.rest_holds);
}

// The lock is taken inside a header of the standard library; people want to see where it is used.
TEST(Mutex, ADeadlockNamesTheLinesThatWait) {
  const Result result = Explore([] {
    mutex m;
    m.lock();
    run_threads([&] {
      const std::lock_guard guard(m);  // waits here
    });
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  bool named = false;
  for (const BlockedThread& each : result.violations[0].trace.blocked) {
    if (each.what == "mutex::lock") named = each.file.ends_with("mutex_test.cc") && each.line == __LINE__ - 6;
  }
  EXPECT_TRUE(named);
}

TEST(Mutex, TakenTwiceByOneThreadIsADeadlock) {
  const Result result = Explore([] {
    mutex m;
    m.lock();
    m.lock();
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDeadlock);
}

TEST(Mutex, UnlockedByAnotherThreadIsMisuse) {
  const Result result = Explore([] {
    mutex m;
    m.lock();
    run_threads([&] { m.unlock(); });
  });
  ASSERT_GE(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kMisuse);
  EXPECT_EQ(result.violations[0].rule, "misuse");
}

TEST(Mutex, UnlockedWithoutLockIsMisuse) {
  const Result result = Explore([] {
    mutex m;
    m.unlock();
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kMisuse);
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
#include "checker/api/condition_variable.h"

#include <gtest/gtest.h>

#include <mutex>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;

// One waiter for `ready`, told by `notify` after it was set under the lock.
template <typename Notify>
Result ExploreHandOver(Notify notify) {
  return Explore([notify] {
    mutex m;
    condition_variable changed;
    plain<int> ready{0};
    run_threads(
        [&] {
          std::unique_lock lock(m);
          changed.wait(lock, [&] { return ready == 1; });
          GRAZE_ASSERT(ready == 1);
        },
        [&] {
          {
            const std::lock_guard guard(m);
            ready = 1;
          }
          notify(changed);
        });
  });
}

bool Hangs(const Result& result) {
  if (result.verdict != Verdict::kViolation || result.violations.empty()) return false;
  const ViolationKind kind = result.violations[0].kind;
  return kind == ViolationKind::kDeadlock || kind == ViolationKind::kHungTask;
}

TEST(ConditionVariable, WakesAWaiterThatTestsItsCondition) {
  const Result one = ExploreHandOver([](condition_variable& changed) { changed.notify_one(); });
  EXPECT_EQ(one.verdict, Verdict::kVerified) << Describe(one);
  const Result all = ExploreHandOver([](condition_variable& changed) { changed.notify_all(); });
  EXPECT_EQ(all.verdict, Verdict::kVerified) << Describe(all);
}

TEST(ConditionVariable, WithoutNotificationAWaiterHangs) {
  const Result result = ExploreHandOver([](condition_variable&) {});
  EXPECT_TRUE(Hangs(result)) << Describe(result);
  EXPECT_TRUE(result.rest_holds);  // the condition may hold before the wait
}

TEST(ConditionVariable, ANotificationBeforeTheWaitIsLost) {
  const Result result = Explore([] {
    mutex m;
    condition_variable changed;
    run_threads(
        [&] {
          std::unique_lock lock(m);
          changed.wait(lock);
        },
        [&] { changed.notify_one(); });
  });
  EXPECT_TRUE(Hangs(result)) << Describe(result);
  EXPECT_TRUE(result.rest_holds);
}

// Both waiters may wait for the same change; one notification leaves the other one asleep.
template <typename Notify>
Result ExploreTwoWaiters(Notify notify) {
  return Explore([notify] {
    mutex m;
    condition_variable changed;
    plain<int> ready{0};
    const auto wait = [&] {
      std::unique_lock lock(m);
      changed.wait(lock, [&] { return ready == 1; });
    };
    run_threads(wait, wait, [&] {
      const std::lock_guard guard(m);
      ready = 1;
      notify(changed);
    });
  });
}

TEST(ConditionVariable, NotifyOneDoesNotWakeTwo) {
  const Result one = ExploreTwoWaiters([](condition_variable& changed) { changed.notify_one(); });
  EXPECT_TRUE(Hangs(one)) << Describe(one);
}

TEST(ConditionVariable, NotifyAllWakesEveryWaiter) {
  const Result all = ExploreTwoWaiters([](condition_variable& changed) { changed.notify_all(); });
  EXPECT_EQ(all.verdict, Verdict::kVerified) << Describe(all);
}

TEST(ConditionVariable, WaitingWithoutTheLockIsMisuse) {
  const Result result = Explore([] {
    mutex m;
    condition_variable changed;
    std::unique_lock lock(m, std::defer_lock);
    changed.wait(lock);
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].rule, "misuse");
}

}  // namespace
}  // namespace graze

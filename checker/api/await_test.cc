// SPDX-License-Identifier: MIT
#include "checker/api/await.h"

#include <gtest/gtest.h>

#include <optional>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

TEST(Await, EndsWithEachValueThatSatisfiesIt) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    int seen = 0;
    run_threads([&] { seen = await(x, [](int value) { return value >= 2; }); },
                [&] {
                  for (int value = 1; value <= 4; ++value) x.store(value);
                });
    Outcome(seen);
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{2}, 1}, {{3}, 1}, {{4}, 1}}));
  EXPECT_EQ(outcomes.result.blocked, 0U);
}

TEST(Await, ForAValueAndWhileAValueAndWithACapturedBound) {
  const Result result = Explore([] {
    atomic<int> x{0};
    int bound = 3;
    run_threads(
        [&] {
          x.store(1);
          await(x, 2);
          x.store(bound);
        },
        [&] {
          GRAZE_ASSERT(await_while(x, 0) == 1);
          x.store(2);
        },
        [&] { GRAZE_ASSERT(await(x, [bound](int value) { return value == bound; }) == 3); });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);
}

TEST(Await, OfAValueThatNobodyWritesIsADeadlock) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] { await(x, 1, std::memory_order_acquire, "the start signal"); });
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDeadlock);
  bool named = false;
  for (const BlockedThread& each : result.violations[0].trace.blocked) named |= each.what == "the start signal";
  EXPECT_TRUE(named);
}

// The value is there for a moment, then it is overwritten: a thread that looks too late waits for ever.
TEST(Await, ThatMissesItsValueHangs) {
  const Result result = Explore([] {
    atomic<int> x{0};
    thread waiter([&] { await(x, 1); });
    x.store(1);
    x.store(2);
    waiter.detach();
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_TRUE(result.violations[0].kind == ViolationKind::kHungTask || result.violations[0].kind == ViolationKind::kDeadlock);
  EXPECT_TRUE(result.rest_holds);
}

// Two permits, three threads; each takes one and gives it back: never more than two inside.
TEST(AwaitUpdate, MakesASemaphore) {
  const Result result = Explore([] {
    atomic<int> permits{1};
    atomic<int> inside{0};
    run_threads_indexed(2, [&](unsigned) {
      await_update(permits, [](int n) { return n > 0 ? std::optional(n - 1) : std::nullopt; });
      GRAZE_ASSERT(inside.fetch_add(1) == 0);
      inside.fetch_sub(1);
      permits.fetch_add(1);
    });
    GRAZE_ASSERT(permits == 1);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 2U);  // who is first
}

TEST(SpinHint, TurnsABusyWaitLoopIntoAWait) {
  const Result result = Explore([] {
    atomic<int> x{0};
    plain<int> data{0};
    run_threads(
        [&] {
          data = 1;
          x.store(1, std::memory_order_release);
        },
        [&] {
          while (x.load(std::memory_order_acquire) == 0) spin_hint();
          GRAZE_ASSERT(data == 1);
        });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_GE(result.executions, 1U);
}

TEST(SpinHint, InALoopThatNothingEndsIsADeadlock) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] {
      while (x.load() == 0) spin_hint();
    });
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kDeadlock);
}

TEST(BusyWait, WithoutHintEndsInconclusiveAndNamesTheLoop) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] {
      while (x.load() == 0) {
      }
    });
  });
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  const std::string place = "await_test.cc:" + std::to_string(__LINE__ - 5);
  EXPECT_NE(result.reason.find("unbounded loop at "), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find(place), std::string::npos) << result.reason << " should name " << place;
}

TEST(Choose, ExploresEveryValue) {
  const Outcomes outcomes = ExploreOutcomes([] {
    const unsigned a = choose(3, "a");
    const bool b = choose_bool("b");
    const int c = choose_from({10, 20});
    Outcome(a, b, c);
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.counts.size(), 12U);
  EXPECT_EQ(outcomes.result.executions, 12U);  // 3 * 2 * 2
}

TEST(Choose, InTwoThreadsExploresEveryPair) {
  const Outcomes outcomes = ExploreOutcomes([] {
    unsigned got[2] = {};
    run_threads([&] { got[0] = choose(3); }, [&] { got[1] = choose(4); });
    Outcome(got[0], got[1]);
  });
  EXPECT_EQ(outcomes.counts.size(), 12U) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.result.executions, 12U);  // 3 * 4: the threads share nothing
}

TEST(Choose, DecidesWhichEventsFollow) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    int seen = -1;
    run_threads(
        [&] {
          if (choose_bool()) x.store(1);
        },
        [&] { seen = x.load(); });
    Outcome(x.load(), seen);
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0, 0}, 1}, {{1, 0}, 1}, {{1, 1}, 1}})) << Describe(outcomes.result);
}

TEST(Choose, FromNothingIsMisuse) {
  const Result result = Explore([] { choose(0); });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].rule, "misuse");
}

TEST(Assume, LeavesOutExecutionsAndCountsThem) {
  const Outcomes outcomes = ExploreOutcomes([] {
    const unsigned a = choose(5);
    assume(a % 2 == 0);
    Outcome(a);
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.result.executions, 3U);
  EXPECT_EQ(outcomes.result.blocked, 2U);
}

TEST(Assert, NamesTheConditionAndTheLine) {
  const Result result = Explore([] {
    const unsigned a = choose(2);
    GRAZE_ASSERT(a == 0);
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  const Violation& violation = result.violations[0];
  EXPECT_EQ(violation.kind, ViolationKind::kAssertion);
  EXPECT_EQ(violation.rule, "assert");
  EXPECT_NE(violation.message.find("a == 0"), std::string::npos) << violation.message;
  EXPECT_TRUE(violation.file.ends_with("await_test.cc")) << violation.file;
  EXPECT_EQ(violation.line, static_cast<unsigned>(__LINE__ - 9));
  EXPECT_EQ(violation.count, 1U);
  EXPECT_TRUE(result.rest_holds);
}

TEST(Assert, OfARuleCountsWhatItChecked) {
  const Result result = Explore([] { GRAZE_ASSERT_RULE("I-SMALL", choose(3) < 3); });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  ASSERT_EQ(result.checks.count("I-SMALL"), 1U);
  EXPECT_EQ(result.checks.at("I-SMALL"), 3U);
  const Result broken = Explore([] { GRAZE_ASSERT_RULE("I-SMALL", choose(3) < 2); });
  ASSERT_EQ(broken.violations.size(), 1U) << Describe(broken);
  EXPECT_EQ(broken.violations[0].rule, "I-SMALL");
}

}  // namespace
}  // namespace graze

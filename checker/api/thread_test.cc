// SPDX-License-Identifier: MIT
#include "checker/api/thread.h"

#include <gtest/gtest.h>

#include <string>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

void ExpectHolds(void (*body)()) {
  const Result result = Explore(body);
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U) << Describe(result);
}

void ExpectMisuse(void (*body)()) {
  const Result result = Explore(body);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].rule, "misuse");
}

TEST(Thread, RunsItsBodyBeforeJoinReturns) {
  ExpectHolds([] {
    int ran = 0;
    thread child([&] { ran = 1; });
    GRAZE_ASSERT(child.joinable());
    child.join();
    GRAZE_ASSERT(!child.joinable() && ran == 1);
  });
}

TEST(Thread, KeepsItsOwnCopyOfTheCallable) {
  ExpectHolds([] {
    int sum = 0;
    thread child;
    {
      std::string text = "longer than what fits into a string object itself";
      child = thread([text, &sum] { sum += static_cast<int>(text.size()); });
      text.clear();
    }
    child.join();
    GRAZE_ASSERT(sum == 49);
  });
}

TEST(Thread, TakesArgumentsAsTheStandardThreadDoes) {
  ExpectHolds([] {
    int result = 0;
    thread child([](int a, int b, int* out) { *out = a * b; }, 6, 7, &result);
    child.join();
    GRAZE_ASSERT(result == 42);
  });
}

TEST(Thread, HasAnIdOfItsOwn) {
  ExpectHolds([] {
    thread::id inside;
    thread child([&] { inside = this_thread::get_id(); });
    const thread::id outside = child.get_id();
    GRAZE_ASSERT(outside != this_thread::get_id() && outside != thread::id());
    child.join();
    GRAZE_ASSERT(inside == outside && child.get_id() == thread::id());
  });
}

TEST(Thread, CanBeMoved) {
  ExpectHolds([] {
    thread a([] {});
    thread b(std::move(a));
    GRAZE_ASSERT(b.joinable());
    a = std::move(b);
    GRAZE_ASSERT(a.joinable() && !b.joinable());  // NOLINT(bugprone-use-after-move)
    a.swap(b);
    GRAZE_ASSERT(!a.joinable());
    b.join();
  });
}

TEST(Thread, MayCreateThreads) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    thread parent([&] {
      thread child([&] { x.fetch_add(1); });
      x.fetch_add(10);
      child.join();
    });
    parent.join();
    Outcome(x.load());
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{11}, 2}})) << Describe(outcomes.result);
}

// Decision: at least 64 threads; one of them is the body's.
TEST(Thread, ThereMayBeSixtyFourOfThem) {
  ExpectHolds([] {
    atomic<int> last{0};
    run_threads_indexed(63, [&](unsigned i) {
      if (i == 62) last.store(1);
    });
    GRAZE_ASSERT(last == 1);
  });
}

TEST(Thread, MoreThanTheLimitIsInconclusiveAndNamesIt) {
  Options options;
  options.loop_max = 100'000;  // the loop is meant
  const Result result = Explore(
      [] {
        for (int i = 0; i < 2000; ++i) thread([] {}).join();
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("threads"), std::string::npos) << result.reason;
}

TEST(Thread, DetachedRunsOn) {
  const Outcomes outcomes = ExploreOutcomes([] {
    static atomic<int> x{0};
    thread child([] { x.store(1); });
    child.detach();
    Outcome(x.load());
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0}, 1}, {{1}, 1}})) << Describe(outcomes.result);
}

TEST(Thread, DestroyedWithoutJoinIsMisuse) {
  ExpectMisuse([] { const thread child([] {}); });
}

TEST(Thread, JoinedTwiceIsMisuse) {
  ExpectMisuse([] {
    thread child([] {});
    child.join();
    child.join();
  });
}

TEST(Thread, NameShowsInTheReport) {
  const Result result = Explore([] {
    thread child({.name = "worker"}, [] { GRAZE_ASSERT(false); });
    child.join();
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_NE(result.violations[0].thread.find("worker"), std::string::npos) << result.violations[0].thread;
}

TEST(RunThreads, NumbersItsThreadsInReports) {
  const Result result = Explore([] { run_threads([] {}, [] { GRAZE_ASSERT(false); }); });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].thread, "thread 2");
}

TEST(RunThreads, StartsEachBodyAndWaitsForAll) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    run_threads([&] { x.fetch_add(1); }, [&] { x.fetch_add(2); }, [&] { x.fetch_add(4); });
    Outcome(x.load());
  });
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{7}, 6}})) << Describe(outcomes.result);
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
// The classic small shapes under sequential consistency: exactly the outcomes that some interleaving has.
#include <gtest/gtest.h>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Counts = std::map<std::vector<uint64_t>, uint64_t>;

constexpr auto kRelaxed = std::memory_order_relaxed;

// Under sequential consistency the orders make no difference, so these use the weakest.

TEST(Litmus, StoreBufferingNeverReadsTwoZeros) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    int a = -1, b = -1;
    run_threads(
        [&] {
          x.store(1, kRelaxed);
          a = y.load(kRelaxed);
        },
        [&] {
          y.store(1, kRelaxed);
          b = x.load(kRelaxed);
        });
    Outcome(a, b);
  });
  EXPECT_EQ(outcomes.counts, (Counts{{{0, 1}, 1}, {{1, 0}, 1}, {{1, 1}, 1}})) << Describe(outcomes.result);
}

TEST(Litmus, MessagePassingNeverReadsTheFlagWithoutTheMessage) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> message{0}, flag{0};
    int seen_flag = -1, seen_message = -1;
    run_threads(
        [&] {
          message.store(1, kRelaxed);
          flag.store(1, kRelaxed);
        },
        [&] {
          seen_flag = flag.load(kRelaxed);
          seen_message = message.load(kRelaxed);
        });
    Outcome(seen_flag, seen_message);
  });
  EXPECT_EQ(outcomes.counts, (Counts{{{0, 0}, 1}, {{0, 1}, 1}, {{1, 1}, 1}})) << Describe(outcomes.result);
}

TEST(Litmus, LoadBufferingNeverReadsTwoOnes) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    int a = -1, b = -1;
    run_threads(
        [&] {
          a = x.load(kRelaxed);
          y.store(1, kRelaxed);
        },
        [&] {
          b = y.load(kRelaxed);
          x.store(1, kRelaxed);
        });
    Outcome(a, b);
  });
  EXPECT_EQ(outcomes.counts, (Counts{{{0, 0}, 1}, {{0, 1}, 1}, {{1, 0}, 1}})) << Describe(outcomes.result);
}

// 16 combinations of values without the one in which the readers disagree about the order of the writes.
TEST(Litmus, IndependentReadersAgreeOnTheOrderOfIndependentWrites) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    int a = -1, b = -1, c = -1, d = -1;
    run_threads([&] { x.store(1, kRelaxed); }, [&] { y.store(1, kRelaxed); },
                [&] {
                  a = x.load(kRelaxed);
                  b = y.load(kRelaxed);
                },
                [&] {
                  c = y.load(kRelaxed);
                  d = x.load(kRelaxed);
                });
    Outcome(a, b, c, d);
  });
  EXPECT_EQ(outcomes.counts.size(), 15U) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.counts.count({1, 0, 1, 0}), 0U);
  EXPECT_EQ(outcomes.result.executions, 15U);  // one write per word: the values determine the execution
}

TEST(Litmus, TwoPlusTwoWritesNeverEndWithBothFirstWrites) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0}, y{0};
    run_threads(
        [&] {
          x.store(1, kRelaxed);
          y.store(2, kRelaxed);
        },
        [&] {
          y.store(1, kRelaxed);
          x.store(2, kRelaxed);
        });
    Outcome(x.load(), y.load());
  });
  EXPECT_EQ(outcomes.counts, (Counts{{{1, 2}, 1}, {{2, 1}, 1}, {{2, 2}, 1}})) << Describe(outcomes.result);
}

TEST(Litmus, ReadsOfOneWordNeverGoBack) {
  const Outcomes outcomes = ExploreOutcomes([] {
    atomic<int> x{0};
    int a = -1, b = -1;
    run_threads(
        [&] {
          x.store(1, kRelaxed);
          x.store(2, kRelaxed);
        },
        [&] {
          a = x.load(kRelaxed);
          b = x.load(kRelaxed);
        });
    Outcome(a, b);
  });
  EXPECT_EQ(outcomes.counts, (Counts{{{0, 0}, 1}, {{0, 1}, 1}, {{0, 2}, 1}, {{1, 1}, 1}, {{1, 2}, 1}, {{2, 2}, 1}}))
      << Describe(outcomes.result);
}

}  // namespace
}  // namespace graze

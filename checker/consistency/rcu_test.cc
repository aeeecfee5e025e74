// SPDX-License-Identifier: MIT
// Grace periods over sequential consistency: which graphs the axiom of level M allows, and what it orders.
#include "checker/consistency/rcu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/consistency/sc.h"
#include "checker/graph/graph_for_test.h"

namespace graze {
namespace {

using testing::GraphForTest;

constexpr LocId kX = 0;
constexpr LocId kY = 1;
constexpr LocId kData = 2;
constexpr EventKind kSync = EventKind::kRcuSync;
constexpr EventKind kLockEvent = EventKind::kRcuLock;
constexpr EventKind kUnlockEvent = EventKind::kRcuUnlock;

bool Allowed(const GraphForTest& g) {
  SequentialConsistency sc;
  EXPECT_TRUE(sc.IsConsistentFromScratch(g.graph)) << "the graph is to be judged by the grace period alone";
  return sc.SatisfiesExtra(g.graph, {});
}

// rcu_read_lock; a = y; b = x; rcu_read_unlock  |  y = 1; synchronize_rcu; x = 1
struct Reader {
  bool section = true;
  bool unlocked = true;
  bool grace_period = true;
};

GraphForTest MessagePassing(bool sees_y, bool sees_x, Reader reader = {}) {
  GraphForTest g;
  const Stamp y = g.Write(1, kY);
  if (reader.grace_period) g.Add(1, kSync);
  const Stamp x = g.Write(1, kX);
  if (reader.section) g.Add(0, kLockEvent);
  g.Read(0, kY, sees_y ? y : kInit);
  g.Read(0, kX, sees_x ? x : kInit);
  if (reader.section && reader.unlocked) g.Add(0, kUnlockEvent);
  return g;
}

TEST(GracePeriods, ASectionThatBeganBeforeSeesNothingFromAfter) {
  EXPECT_TRUE(Allowed(MessagePassing(false, false)));
  EXPECT_TRUE(Allowed(MessagePassing(true, false)));
  EXPECT_TRUE(Allowed(MessagePassing(true, true)));
  EXPECT_FALSE(Allowed(MessagePassing(false, true)));
}

TEST(GracePeriods, WithoutASectionOrWithoutAGracePeriodNothingIsForbidden) {
  EXPECT_TRUE(Allowed(MessagePassing(false, true, {.section = false})));
  EXPECT_TRUE(Allowed(MessagePassing(false, true, {.grace_period = false})));
  EXPECT_FALSE(MessagePassing(false, true, {.section = false}).graph.has_grace_periods());
  EXPECT_FALSE(MessagePassing(false, true, {.grace_period = false}).graph.has_grace_periods());
  EXPECT_TRUE(MessagePassing(false, true).graph.has_grace_periods());
}

TEST(GracePeriods, AnOpenSectionReachesToTheEndOfItsThread) {
  EXPECT_FALSE(Allowed(MessagePassing(false, true, {.unlocked = false})));
  EXPECT_TRUE(Allowed(MessagePassing(true, true, {.unlocked = false})));
}

TEST(GracePeriods, WhatComesAfterTheUnlockIsNotInTheSection) {
  GraphForTest g;
  g.Write(1, kY);
  g.Add(1, kSync);
  const Stamp x = g.Write(1, kX);
  g.Add(0, kLockEvent);
  g.Read(0, kY, kInit);
  g.Add(0, kUnlockEvent);
  g.Read(0, kX, x);
  EXPECT_TRUE(Allowed(g));
}

TEST(GracePeriods, WhatComesBeforeTheLockIsNotInTheSection) {
  GraphForTest g;
  g.Write(1, kY);
  g.Add(1, kSync);
  const Stamp x = g.Write(1, kX);
  g.Read(0, kY, kInit);
  g.Add(0, kLockEvent);
  g.Read(0, kX, x);
  g.Add(0, kUnlockEvent);
  EXPECT_TRUE(Allowed(g));
}

TEST(GracePeriods, TwoSectionsOfOneThreadAreTwo) {
  // The unlock and the lock in between let the grace period end.
  GraphForTest g;
  g.Write(1, kY);
  g.Add(1, kSync);
  const Stamp x = g.Write(1, kX);
  g.Add(0, kLockEvent);
  g.Read(0, kY, kInit);
  g.Add(0, kUnlockEvent);
  g.Add(0, kLockEvent);
  g.Read(0, kX, x);
  g.Add(0, kUnlockEvent);
  EXPECT_TRUE(Allowed(g));
}

// A ring of threads, each a section ('s') or a grace period ('g'): thread i writes word i, thread i + 1 reads it. A section writes before
// it reads, so that only the grace periods can close the ring.
GraphForTest Ring(const std::string& word) {
  GraphForTest g;
  const uint32_t n = static_cast<uint32_t>(word.size());
  std::vector<Stamp> written(n, kNone);
  for (uint32_t i = 0; i < n; ++i) {
    if (word[i] != 's') continue;
    g.Add(i, kLockEvent);
    written[i] = g.Write(i, i);
  }
  const uint32_t start = static_cast<uint32_t>(word.find('s'));
  for (uint32_t step = 1; step <= n; ++step) {
    const uint32_t i = (start + step) % n;
    g.Read(i, (i + n - 1) % n, written[(i + n - 1) % n]);
    if (word[i] == 's') {
      g.Add(i, kUnlockEvent);
    } else {
      g.Add(i, kSync);
      written[i] = g.Write(i, i);
    }
  }
  return g;
}

TEST(GracePeriods, ARingIsForbiddenIfItHasAtLeastAsManyGracePeriodsAsSections) {
  // The counting rule of the kernel's memory model, on every ring of up to seven threads with a section in it.
  int forbidden = 0;
  for (uint32_t n = 2; n <= 7; ++n) {
    for (uint32_t bits = 0; bits + 1 < (1U << n); ++bits) {  // all ones would be grace periods only
      std::string word;
      for (uint32_t i = 0; i < n; ++i) word += (bits >> i & 1) != 0 ? 'g' : 's';
      const auto periods = std::count(word.begin(), word.end(), 'g');
      const bool allowed = 2 * periods < static_cast<std::ptrdiff_t>(n);
      EXPECT_EQ(Allowed(Ring(word)), allowed) << word;
      forbidden += !allowed;
    }
  }
  // Sum over n of the words with at least n/2 and fewer than n g: 2 + 3 + 10 + 15 + 41 + 63.
  EXPECT_EQ(forbidden, 134);
}

TEST(GracePeriods, OneGracePeriodMayLieWithinTwoOverlappingSections) { EXPECT_TRUE(Allowed(Ring("gss"))); }

TEST(GracePeriods, TwoGracePeriodsDoNotFitWithinTwoOverlappingSections) {
  EXPECT_FALSE(Allowed(Ring("ggss")));
  EXPECT_FALSE(Allowed(Ring("gsgs")));
}

TEST(GracePeriods, ThePartOfAGraphIsJudgedAlone) {
  const GraphForTest g = MessagePassing(false, true);
  SequentialConsistency sc;
  std::vector<uint8_t> in(g.graph.size(), 1);
  EXPECT_FALSE(sc.SatisfiesExtra(g.graph, in));
  // Without the reader's last read and its unlock.
  for (const Stamp e : {g.graph.at(0, 2), g.graph.at(0, 3)}) in[e] = 0;
  EXPECT_TRUE(sc.SatisfiesExtra(g.graph, in));
}

TEST(GracePeriods, ALaterGracePeriodOfAThreadDoesNotHideTheEarlierOne) {
  GraphForTest g;
  g.Write(1, kY);
  g.Add(1, kSync);
  const Stamp x = g.Write(1, kX);
  g.Add(1, kSync);
  g.Add(0, kLockEvent);
  g.Read(0, kY, kInit);
  g.Read(0, kX, x);
  g.Add(0, kUnlockEvent);
  EXPECT_FALSE(Allowed(g));
}

TEST(GracePeriods, HoldBeyondSixteenThreads) {
  EXPECT_FALSE(Allowed(Ring("gsgsgsgsgsgsgsgsgsgs")));
  EXPECT_TRUE(Allowed(Ring("gsgsgsgsgsgsgsgsgsgss")));
}

// ---- what they order

// `grace_period` false: the same without it.
std::pair<GraphForTest, std::pair<Stamp, Stamp>> ReadThenReclaim(bool grace_period) {
  GraphForTest g;  // rcu_read_lock; a = x (= 0); r = data; rcu_read_unlock  |  x = 1; synchronize_rcu; data = 1
  g.Add(0, kLockEvent);
  g.Read(0, kX, kInit);
  const Stamp read = g.Read(0, kData, kInit, MemoryOrder::kPlain);
  g.Add(0, kUnlockEvent);
  g.Write(1, kX);
  if (grace_period) g.Add(1, kSync);
  const Stamp write = g.Write(1, kData, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
  return {g, {read, write}};
}

TEST(GracePeriodOrder, ASectionThatSawTheOldValueIsBeforeWhatFollowsTheGracePeriod) {
  const auto [g, pair] = ReadThenReclaim(true);
  SequentialConsistency sc;
  ASSERT_TRUE(Allowed(g));
  EXPECT_EQ(sc.Order(g.graph, pair.first, pair.second), RaceOrder::kBefore);
  EXPECT_EQ(sc.Order(g.graph, pair.second, pair.first), RaceOrder::kAfter);
}

TEST(GracePeriodOrder, WithoutGracePeriodTheyRace) {
  const auto [g, pair] = ReadThenReclaim(false);
  EXPECT_EQ(SequentialConsistency().Order(g.graph, pair.first, pair.second), RaceOrder::kUnordered);
}

TEST(GracePeriodOrder, WhatPrecedesTheGracePeriodIsBeforeASectionThatSawItsEnd) {
  for (const bool grace_period : {false, true}) {
    GraphForTest g;  // data = 1; synchronize_rcu; x = 1  |  rcu_read_lock; r = data; a = x (= 1); rcu_read_unlock
    const Stamp write = g.Write(1, kData, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
    if (grace_period) g.Add(1, kSync);
    const Stamp x = g.Write(1, kX);
    g.Add(0, kLockEvent);
    const Stamp read = g.Read(0, kData, write, MemoryOrder::kPlain);
    g.Read(0, kX, x);
    g.Add(0, kUnlockEvent);
    EXPECT_EQ(SequentialConsistency().Order(g.graph, write, read), grace_period ? RaceOrder::kBefore : RaceOrder::kUnordered);
  }
}

TEST(GracePeriodOrder, GoesOnThroughHappensBefore) {
  // As above, but the data is read by a thread that the section's thread joins with, and reclaimed by one that the updater tells.
  GraphForTest g;
  g.Add(0, kLockEvent);
  g.Read(0, kX, kInit);
  const Stamp create = g.Spawn(0, 2);
  const Stamp read = g.Read(2, kData, kInit, MemoryOrder::kPlain);
  g.EndAndJoin(0, 2);
  g.Add(0, kUnlockEvent);
  g.Write(1, kX);
  g.Add(1, kSync);
  const Stamp told = g.Write(1, kY);
  g.Read(3, kY, told);
  const Stamp write = g.Write(3, kData, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
  EXPECT_EQ(SequentialConsistency().Order(g.graph, read, write), RaceOrder::kBefore);
  EXPECT_EQ(SequentialConsistency().Order(g.graph, create, write), RaceOrder::kBefore);
}

TEST(GracePeriodOrder, ASectionAndAGracePeriodThatNothingTiesTogetherAreUnordered) {
  GraphForTest g;
  g.Add(0, kLockEvent);
  const Stamp read = g.Read(0, kData, kInit, MemoryOrder::kPlain);
  g.Add(0, kUnlockEvent);
  g.Add(1, kSync);
  const Stamp other = g.Write(1, kY);
  EXPECT_EQ(SequentialConsistency().Order(g.graph, read, other), RaceOrder::kUnordered);
}

}  // namespace
}  // namespace graze

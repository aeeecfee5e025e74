// SPDX-License-Identifier: MIT
#include "checker/consistency/cycles.h"

#include <gtest/gtest.h>

#include <set>

#include "checker/graph/graph_for_test.h"

namespace graze {
namespace {

using testing::GraphForTest;

constexpr LocId kX = 0;
constexpr LocId kY = 1;

std::set<Stamp> Marked(const Cycles& cycles, const ExecutionGraph& graph) {
  std::set<Stamp> marked;
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (cycles.has(e)) marked.insert(e);
  }
  return marked;
}

// x = 1; r = y  |  y = 1; s = x, both reads old, with something before and behind in each thread.
struct StoreBuffering {
  GraphForTest g;
  Stamp before = g.Write(0, 2);
  Stamp x = g.Write(0, kX);
  Stamp y = g.Write(1, kY);
  Stamp r = g.Read(0, kY, kInit);
  Stamp s = g.Read(1, kX, kInit);
  Stamp behind = g.Write(1, 3);
};

TEST(Cycles, AreFoundThroughTheEventsOnThemOnly) {
  StoreBuffering sb;
  Cycles cycles;
  const std::set<Stamp> cycle = {sb.x, sb.y, sb.r, sb.s};
  for (const Stamp e : cycle) {
    EXPECT_TRUE(cycles.FindThrough(sb.g.graph, e));
    EXPECT_EQ(Marked(cycles, sb.g.graph), cycle);
  }
  EXPECT_FALSE(cycles.FindThrough(sb.g.graph, sb.before));
  EXPECT_FALSE(cycles.FindThrough(sb.g.graph, sb.behind));
  EXPECT_TRUE(Marked(cycles, sb.g.graph).empty());
}

TEST(Cycles, OfAPartAreThoseWithinIt) {
  StoreBuffering sb;
  Cycles cycles;
  EXPECT_TRUE(cycles.Find(sb.g.graph, {}));
  EXPECT_EQ(Marked(cycles, sb.g.graph), (std::set<Stamp>{sb.x, sb.y, sb.r, sb.s}));
  std::vector<uint8_t> in(sb.g.graph.size(), 1);
  in[sb.s] = in[sb.behind] = 0;
  EXPECT_FALSE(cycles.Find(sb.g.graph, in));
}

// A section reads x = 0 and y = 1, a grace period lies between x = 1 and y = 1: the section would have to lie around it.
TEST(Cycles, LeadFromTheEndOfASectionToItsBeginningIfThereIsAGracePeriod) {
  for (const bool grace_period : {false, true}) {
    for (const bool open : {false, true}) {
      GraphForTest g;
      const Stamp x = g.Write(0, kX);
      const Stamp gp = grace_period ? g.Add(0, EventKind::kRcuSync) : kNone;
      const Stamp y = g.Write(0, kY);
      const Stamp lock = g.Add(1, EventKind::kRcuLock);
      const Stamp new_y = g.Read(1, kY, y);
      const Stamp old_x = g.Read(1, kX, kInit);
      // po | com has this cycle already; without the order in the section, that by the section is left.
      const Stamp unlock = open ? kNone : g.Add(1, EventKind::kRcuUnlock);
      Cycles cycles;
      EXPECT_TRUE(cycles.Find(g.graph, {}));
      std::set<Stamp> expected = {x, y, new_y, old_x};
      if (grace_period) expected.insert({gp, lock});
      if (grace_period && !open) expected.insert(unlock);
      EXPECT_EQ(Marked(cycles, g.graph), expected);
    }
  }
}

// The reads the other way round: no cycle in po | com, and one by way of the section.
TEST(Cycles, OfASectionAndAGracePeriodNeedNoOther) {
  for (const bool grace_period : {false, true}) {
    GraphForTest g;
    const Stamp x = g.Write(0, kX);
    if (grace_period) g.Add(0, EventKind::kRcuSync);
    const Stamp y = g.Write(0, kY);
    g.Add(1, EventKind::kRcuLock);
    g.Read(1, kX, kInit);
    g.Read(1, kY, y);
    g.Add(1, EventKind::kRcuUnlock);
    Cycles cycles;
    EXPECT_EQ(cycles.Find(g.graph, {}), grace_period);
    EXPECT_EQ(Marked(cycles, g.graph).count(x), grace_period ? 1u : 0u);
  }
}

TEST(Cycles, BetweenTwoEventsIsWhatTheOneLeadsToAndTheOtherFollows) {
  GraphForTest g;
  const Stamp other = g.Write(0, 2);
  const Stamp x = g.Write(0, kX);
  const Stamp y = g.Write(0, kY);
  const Stamp late = g.Write(0, 3);
  const Stamp r = g.Read(1, kY, y);
  const Stamp s = g.Read(1, kX, x);
  const Stamp alone = g.Write(2, 4);
  Cycles cycles;
  EXPECT_TRUE(cycles.FindBetween(g.graph, x, s));
  EXPECT_EQ(Marked(cycles, g.graph), (std::set<Stamp>{x, y, r, s}));
  EXPECT_FALSE(cycles.FindBetween(g.graph, s, x));
  EXPECT_FALSE(cycles.FindBetween(g.graph, other, alone));
  EXPECT_FALSE(cycles.FindBetween(g.graph, late, s));
}

}  // namespace
}  // namespace graze

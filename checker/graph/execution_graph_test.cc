// SPDX-License-Identifier: MIT
#include "checker/graph/execution_graph.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/graph/graph_for_test.h"

namespace graze {
namespace {

using testing::GraphForTest;

constexpr LocId kX = 0;
constexpr LocId kY = 1;

std::vector<Stamp> Co(const ExecutionGraph& graph, LocId loc) {
  std::vector<Stamp> order;
  for (Stamp w = graph.co_first(loc); w != kNone; w = graph.event(w).co_next) order.push_back(w);
  return order;
}

std::vector<Stamp> Reads(const ExecutionGraph& graph, LocId loc) {
  std::vector<Stamp> reads;
  for (Stamp r = graph.last_read(loc); r != kNone; r = graph.event(r).read_prev) reads.push_back(r);
  return reads;
}

// Everything a graph says, for comparisons.
std::string Describe(const ExecutionGraph& graph) {
  std::string text;
  const auto number = [&](uint64_t n) { text += std::to_string(n) + " "; };
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    for (const uint64_t n : {uint64_t{event.tid}, uint64_t{event.idx}, static_cast<uint64_t>(event.kind), uint64_t{event.loc},
                             uint64_t{event.rf}, uint64_t{event.flags}}) {
      number(n);
    }
    for (uint32_t t = 0; t < graph.stride(); ++t) {
      number(graph.porf(e)[t]);
      number(graph.hb(e)[t]);
    }
    text += "\n";
  }
  for (const LocId loc : {kX, kY}) {
    for (const Stamp w : Co(graph, loc)) number(w);
    text += "| ";
    for (const Stamp r : Reads(graph, loc)) number(r);
    text += "\n";
  }
  for (const Stamp f : graph.frees()) number(f);
  return text;
}

TEST(ExecutionGraph, NumbersEventsByInsertionAndWithinTheirThread) {
  GraphForTest g;
  EXPECT_EQ(g.Write(0, kX), 0U);
  EXPECT_EQ(g.Write(1, kY), 1U);
  EXPECT_EQ(g.Write(0, kY), 2U);
  EXPECT_EQ(g.graph.length(0), 2U);
  EXPECT_EQ(g.graph.length(1), 1U);
  EXPECT_EQ(g.graph.length(7), 0U);
  EXPECT_EQ(g.graph.at(0, 1), 2U);
  EXPECT_EQ(g.graph.po_next(0), 2U);
  EXPECT_EQ(g.graph.po_prev(2), 0U);
  EXPECT_EQ(g.graph.po_prev(1), kNone);
  EXPECT_EQ(g.graph.last_of(1), 1U);
  EXPECT_EQ(g.graph.last_of(7), kNone);
}

TEST(ExecutionGraph, AReadHasTheWholePrefixOfItsSourceInItsOwn) {
  GraphForTest g;
  const Stamp before = g.Write(0, kY);
  const Stamp source = g.Write(0, kX);
  const Stamp after = g.Write(0, kY);
  const Stamp read = g.Read(1, kX, source);
  EXPECT_TRUE(g.graph.in_porf_prefix(before, read));
  EXPECT_TRUE(g.graph.in_porf_prefix(source, read));
  EXPECT_TRUE(g.graph.in_porf_prefix(read, read));
  EXPECT_FALSE(g.graph.in_porf_prefix(after, read));
  EXPECT_FALSE(g.graph.in_porf_prefix(read, source));
  EXPECT_TRUE(g.graph.hb_before(before, read));
  EXPECT_FALSE(g.graph.hb_before(read, read));
}

TEST(ExecutionGraph, APlainSourceIsInThePrefixButNotBefore) {
  GraphForTest g;
  const Stamp source = g.Write(0, kX, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
  const Stamp read = g.Read(1, kX, source, MemoryOrder::kPlain);
  EXPECT_TRUE(g.graph.in_porf_prefix(source, read));
  EXPECT_FALSE(g.graph.hb_before(source, read));
}

TEST(ExecutionGraph, AReadThatGetsAnotherSourceForgetsTheFirst) {
  GraphForTest g;
  const Stamp first = g.Write(0, kX);
  const Stamp second = g.Write(1, kX);
  const Stamp read = g.Read(2, kX, first);
  g.graph.SetRf(read, second, true);
  EXPECT_FALSE(g.graph.in_porf_prefix(first, read));
  EXPECT_FALSE(g.graph.hb_before(first, read));
  EXPECT_TRUE(g.graph.in_porf_prefix(second, read));
  g.graph.SetRf(read, kInit, false);
  EXPECT_FALSE(g.graph.in_porf_prefix(second, read));
}

TEST(ExecutionGraph, CreationAndJoinCarryTheWholePrefix) {
  GraphForTest g;
  const Stamp before = g.Write(0, kX);
  const Stamp begin = g.Spawn(0, 1);
  const Stamp inside = g.Write(1, kY);
  const Stamp join = g.EndAndJoin(0, 1);
  EXPECT_TRUE(g.graph.hb_before(before, begin));
  EXPECT_TRUE(g.graph.hb_before(inside, join));
  EXPECT_TRUE(g.graph.in_porf_prefix(inside, join));
}

TEST(ExecutionGraph, AWriteMayBePlacedAnywhereInCoAndTakenOutAgain) {
  GraphForTest g;
  const Stamp a = g.Write(0, kX);
  const Stamp b = g.Write(1, kX);
  const Stamp middle = g.Write(2, kX, a);
  const Stamp front = g.Write(3, kX, kInit);
  EXPECT_EQ(Co(g.graph, kX), (std::vector<Stamp>{front, a, middle, b}));
  EXPECT_EQ(g.graph.co_last(kX), b);
  EXPECT_EQ(g.graph.co_succ(kX, kInit), front);
  EXPECT_EQ(g.graph.co_succ(kX, a), middle);
  g.graph.RemoveCo(b);
  g.graph.RemoveCo(front);
  EXPECT_EQ(Co(g.graph, kX), (std::vector<Stamp>{a, middle}));
  EXPECT_EQ(g.graph.co_last(kX), middle);
  EXPECT_EQ(g.graph.co_last(kY), kInit);
}

TEST(ExecutionGraph, ListsTheReadsOfALocationNewestFirst) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  const Stamp r = g.Read(1, kX, kInit);
  const Stamp s = g.Read(2, kX, w);
  g.Read(2, kY, kInit);
  EXPECT_EQ(Reads(g.graph, kX), (std::vector<Stamp>{s, r}));
}

TEST(ExecutionGraph, TruncationRestoresWhatWasBefore) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  g.Read(1, kX, w);
  g.Add(0, EventKind::kFree);
  g.Write(1, kY);
  const uint32_t size = g.graph.size();
  const std::string before = Describe(g.graph);
  g.Write(2, kX, kInit);
  g.Read(3, kX, 0);
  g.Rmw(4, kX, w);
  g.Add(5, EventKind::kFree);
  g.Write(0, kY, kInit);
  ASSERT_NE(Describe(g.graph), before);
  g.graph.Truncate(size);
  EXPECT_EQ(Describe(g.graph), before);
  g.graph.CheckInvariants();
  g.graph.Truncate(0);
  EXPECT_EQ(g.graph.size(), 0U);
  EXPECT_EQ(g.graph.co_last(kX), kInit);
  EXPECT_EQ(g.graph.last_read(kX), kNone);
}

TEST(ExecutionGraph, ARestrictionKeepsSourcesAndTheOrderOfWhatIsLeft) {
  GraphForTest g;
  const Stamp a = g.Write(0, kX);
  const Stamp b = g.Write(1, kX);
  const Stamp c = g.Write(2, kX);
  const Stamp r = g.Read(3, kX, c);
  g.graph.event(c).set(kStable);
  ExecutionGraph part;
  std::vector<Stamp> renumbered;
  part.AssignInOrder(g.graph, {a, c, r}, &renumbered);
  ASSERT_EQ(part.size(), 3U);
  EXPECT_EQ(renumbered, (std::vector<Stamp>{0, kNone, 1, 2}));
  EXPECT_EQ(Co(part, kX), (std::vector<Stamp>{0, 1}));
  EXPECT_EQ(part.event(2).rf, 1U);
  EXPECT_TRUE(part.event(1).has(kStable));
  EXPECT_EQ(part.length(1), 0U);
  EXPECT_TRUE(part.in_porf_prefix(1, 2));
  EXPECT_EQ(g.graph.size(), 4U);
  EXPECT_EQ(Co(g.graph, kX), (std::vector<Stamp>{a, b, c}));
}

TEST(ExecutionGraph, APermutationThereAndBackIsTheSameGraph) {
  GraphForTest g;
  const Stamp begin = g.Add(0, EventKind::kBegin);
  const Stamp w = g.Write(1, kX);
  const Stamp v = g.Write(0, kX, kInit);
  const Stamp r = g.Read(2, kX, w);
  const Stamp free = g.Add(2, EventKind::kFree);
  ExecutionGraph shuffled;
  ExecutionGraph back;
  std::vector<Stamp> renumbered;
  std::vector<Stamp> ignored;
  // The read comes before its source, as after a revisit.
  shuffled.AssignInOrder(g.graph, {r, begin, free, w, v}, &renumbered);
  EXPECT_EQ(shuffled.event(0).rf, 3U);
  EXPECT_EQ(Co(shuffled, kX), (std::vector<Stamp>{4, 3}));
  EXPECT_EQ(shuffled.frees(), (std::vector<Stamp>{2}));
  shuffled.CheckInvariants();
  back.AssignInOrder(shuffled, renumbered, &ignored);
  EXPECT_EQ(Describe(back), Describe(g.graph));
}

TEST(ExecutionGraph, AnOrderAgainstProgramOrderDies) {
  GraphForTest g;
  const Stamp first = g.Write(0, kX);
  const Stamp second = g.Write(0, kX);
  ExecutionGraph shuffled;
  std::vector<Stamp> renumbered;
  EXPECT_EXIT(shuffled.AssignInOrder(g.graph, {second, first}, &renumbered), ::testing::ExitedWithCode(2), "checker bug");
}

TEST(ExecutionGraph, MoreThanSixteenThreadsWidenTheRowsAndKeepTheClocks) {
  GraphForTest g;
  Stamp last = g.Write(0, kX);
  for (uint32_t tid = 1; tid < 40; ++tid) {
    g.Read(tid, kX, last);
    last = g.Write(tid, kX);
  }
  EXPECT_EQ(g.graph.stride(), 48U);  // the next multiple of 16
  // Each thread reads from the one before it, so the last write has every event in its prefix, and the first write nothing else.
  for (Stamp e = 0; e < g.graph.size(); ++e) {
    EXPECT_TRUE(g.graph.in_porf_prefix(e, last)) << e;
    EXPECT_EQ(g.graph.in_porf_prefix(e, 0), e == 0) << e;
    EXPECT_EQ(g.graph.hb_before(e, last), e != last) << e;
  }
  g.graph.CheckInvariants();
}

TEST(ExecutionGraph, ACopyOfManyThreadsKeepsTheClocks) {
  GraphForTest g;
  std::vector<Stamp> all = {g.Write(0, kX)};
  for (uint32_t tid = 1; tid < 20; ++tid) all.push_back(g.Read(tid, kX, 0));
  ExecutionGraph copy;
  std::vector<Stamp> renumbered;
  copy.AssignInOrder(g.graph, all, &renumbered);
  EXPECT_EQ(copy.stride(), g.graph.stride());
  EXPECT_EQ(Describe(copy), Describe(g.graph));
}

TEST(ExecutionGraph, AnRmwIsAtomicOnlyDirectlyBehindItsSource) {
  GraphForTest g;
  const Stamp source = g.Write(0, kX);
  const Stamp first = g.Rmw(1, kX, source);
  EXPECT_TRUE(g.graph.IsAtomic(source));
  EXPECT_TRUE(g.graph.IsAtomic(first));
  EXPECT_EQ(g.graph.rmw_write(g.graph.rmw_read(first)), first);
  // A second one of the same source pushes the first away: neither sits where it must.
  const Stamp second = g.Rmw(2, kX, source);
  EXPECT_FALSE(g.graph.IsAtomic(second));
  EXPECT_FALSE(g.graph.IsAtomic(first));
}

TEST(ExecutionGraph, AFailedRmwHasNoWrite) {
  GraphForTest g;
  Event event;
  event.kind = EventKind::kRead;
  event.loc = kX;
  event.flags = kRmw;
  const Stamp r = g.graph.Append(0, event, kNone);
  EXPECT_EQ(g.graph.rmw_write(r), kNone);
  g.Write(0, kX);
  EXPECT_EQ(g.graph.rmw_write(r), kNone);
}

TEST(ExecutionGraph, AThreadOfTooManyEventsDies) {
  GraphForTest g;
  const auto fill = [&g] {
    for (uint32_t i = 0; i <= ExecutionGraph::kEventsPerThreadMax; ++i) g.Add(0, EventKind::kFence);
  };
  EXPECT_EXIT(fill(), ::testing::ExitedWithCode(2), "checker bug");
}

TEST(ExecutionGraphInvariants, HoldForAGraphWithEveryKindOfLink) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  g.Spawn(0, 1);
  g.Read(1, kX, w);
  g.Rmw(1, kX, w);
  g.Write(1, kY, kInit);
  g.EndAndJoin(0, 1);
  g.graph.CheckInvariants();
}

TEST(ExecutionGraphInvariants, AReadFromAnotherLocationDies) {
  GraphForTest g;
  const Stamp w = g.Write(0, kY);
  const Stamp r = g.Read(1, kX, kInit);
  g.graph.SetRf(r, w, true);
  EXPECT_EXIT(g.graph.CheckInvariants(), ::testing::ExitedWithCode(2), "checker bug");
}

TEST(ExecutionGraphInvariants, AReadFromAnEventThatDoesNotExistDies) {
  GraphForTest g;
  const Stamp r = g.Read(1, kX, kInit);
  g.graph.event(r).rf = 17;
  EXPECT_EXIT(g.graph.CheckInvariants(), ::testing::ExitedWithCode(2), "checker bug");
}

TEST(ExecutionGraphInvariants, ABrokenCoherenceOrderDies) {
  GraphForTest g;
  const Stamp a = g.Write(0, kX);
  g.Write(1, kX);
  g.graph.event(a).co_next = kNone;
  EXPECT_EXIT(g.graph.CheckInvariants(), ::testing::ExitedWithCode(2), "checker bug");
}

TEST(ExecutionGraphInvariants, AStableEventWithAnUnstablePrefixDies) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  const Stamp r = g.Read(1, kX, w);
  g.graph.event(r).set(kStable);
  EXPECT_EXIT(g.graph.CheckInvariants(), ::testing::ExitedWithCode(2), "checker bug");
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
#include "checker/consistency/sc.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "checker/graph/graph_for_test.h"

namespace graze {
namespace {

using testing::GraphForTest;

constexpr LocId kX = 0;
constexpr LocId kY = 1;

// Both forms of the axiom must agree on a graph in which only `changed` can have done harm.
bool IsConsistent(const GraphForTest& g, Stamp changed) {
  SequentialConsistency sc;
  const bool local = sc.IsConsistent(g.graph, changed);
  EXPECT_EQ(local, sc.IsConsistentFromScratch(g.graph));
  return local;
}

TEST(MemoryModels, AreMadeByNameAndUnknownNamesAreNull) {
  for (const std::string& name : MemoryModelTable()) {
    const std::unique_ptr<MemoryModel> model = MakeMemoryModel(name);
    ASSERT_NE(model, nullptr) << name;
    EXPECT_EQ(model->name(), name);
  }
  EXPECT_EQ(MakeMemoryModel("SC"), nullptr);
  EXPECT_EQ(MakeMemoryModel(""), nullptr);
}

TEST(SequentialConsistency, StoreBufferingForbidsOnlyTwoOldReads) {
  for (const bool sees_y : {false, true}) {
    for (const bool sees_x : {false, true}) {
      GraphForTest g;  // x = 1; r = y  |  y = 1; s = x
      const Stamp x = g.Write(0, kX);
      const Stamp y = g.Write(1, kY);
      g.Read(0, kY, sees_y ? y : kInit);
      const Stamp changed = g.Read(1, kX, sees_x ? x : kInit);
      EXPECT_EQ(IsConsistent(g, changed), sees_y || sees_x);
    }
  }
}

TEST(SequentialConsistency, MessagePassingForbidsTheFlagWithoutTheMessage) {
  for (const bool sees_flag : {false, true}) {
    for (const bool sees_message : {false, true}) {
      GraphForTest g;  // x = 1; y = 1  |  r = y; s = x
      const Stamp x = g.Write(0, kX);
      const Stamp y = g.Write(0, kY);
      g.Read(1, kY, sees_flag ? y : kInit);
      const Stamp changed = g.Read(1, kX, sees_message ? x : kInit);
      EXPECT_EQ(IsConsistent(g, changed), !sees_flag || sees_message);
    }
  }
}

TEST(SequentialConsistency, IndependentReadersForbidOneOfSixteenCombinations) {
  int forbidden = 0;
  for (unsigned seen = 0; seen < 16; ++seen) {
    GraphForTest g;  // x = 1  |  y = 1  |  a = x; b = y  |  c = y; d = x
    const Stamp x = g.Write(0, kX);
    const Stamp y = g.Write(1, kY);
    g.Read(2, kX, (seen & 1) != 0 ? x : kInit);
    g.Read(2, kY, (seen & 2) != 0 ? y : kInit);
    g.Read(3, kY, (seen & 4) != 0 ? y : kInit);
    const Stamp changed = g.Read(3, kX, (seen & 8) != 0 ? x : kInit);
    const bool disagree = seen == (1 | 4);  // a = 1, b = 0, c = 1, d = 0: each reader saw the other write first
    EXPECT_EQ(IsConsistent(g, changed), !disagree) << seen;
    forbidden += disagree;
  }
  EXPECT_EQ(forbidden, 1);
}

TEST(SequentialConsistency, TwoPlusTwoWritesForbidBothFirstWritesLast) {
  for (const bool y_last : {false, true}) {
    for (const bool x_last : {false, true}) {
      GraphForTest g;  // x = 1; y = 2  |  y = 1; x = 2
      const Stamp x1 = g.Write(0, kX);
      g.Write(0, kY);
      g.Write(1, kY, y_last ? GraphForTest::kAtTheEnd : kInit);   // is y = 1 the last write to y?
      const Stamp changed = g.Write(1, kX, x_last ? kInit : x1);  // is x = 1 the last write to x?
      EXPECT_EQ(IsConsistent(g, changed), !(y_last && x_last));
    }
  }
}

TEST(SequentialConsistency, ReadsOfOneWordNeverGoBack) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  g.Read(1, kX, w);
  EXPECT_FALSE(IsConsistent(g, g.Read(1, kX, kInit)));
}

TEST(SequentialConsistency, AThreadSeesItsOwnWrites) {
  GraphForTest g;
  g.Write(0, kX);
  EXPECT_FALSE(IsConsistent(g, g.Read(0, kX, kInit)));
}

TEST(SequentialConsistency, AnOldReadIsFineAsLongAsNothingTellsTheTime) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  g.Write(0, kX);
  EXPECT_TRUE(IsConsistent(g, g.Read(1, kX, w)));
}

TEST(SequentialConsistency, ACreatedThreadSeesWhatWasWrittenBefore) {
  GraphForTest g;
  const Stamp w = g.Write(0, kX);
  g.Spawn(0, 1);
  const Stamp r = g.Read(1, kX, kInit);
  EXPECT_FALSE(IsConsistent(g, r));
  g.graph.SetRf(r, w, true);
  EXPECT_TRUE(IsConsistent(g, r));
}

TEST(SequentialConsistency, AJoinedThreadsWritesAreSeen) {
  GraphForTest g;
  g.Spawn(0, 1);
  const Stamp w = g.Write(1, kX);
  g.EndAndJoin(0, 1);
  const Stamp r = g.Read(0, kX, kInit);
  EXPECT_FALSE(IsConsistent(g, r));
  g.graph.SetRf(r, w, true);
  EXPECT_TRUE(IsConsistent(g, r));
}

TEST(SequentialConsistency, LongCyclesAreFound) {
  // A ring of n threads, each writes its own word and does not see its neighbour's: forbidden for every n.
  for (uint32_t n = 2; n <= 20; ++n) {
    GraphForTest g;
    for (uint32_t tid = 0; tid < n; ++tid) g.Write(tid, tid);
    Stamp changed = kNone;
    for (uint32_t tid = 0; tid < n; ++tid) {
      changed = g.Read(tid, (tid + 1) % n, kInit);
      EXPECT_EQ(SequentialConsistency().IsConsistentFromScratch(g.graph), tid + 1 < n) << n;
    }
    EXPECT_FALSE(IsConsistent(g, changed)) << n;
  }
}

TEST(SequentialConsistency, OrdersRacingAccessesByMarkedCommunicationOnly) {
  for (const MemoryOrder flag : {MemoryOrder::kRelaxed, MemoryOrder::kPlain, MemoryOrder::kRacy}) {
    GraphForTest g;  // d = 1; flag = 1  |  r = flag (= 1); s = d
    const Stamp d = g.Write(0, kX, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
    const Stamp w = g.Write(0, kY, GraphForTest::kAtTheEnd, flag);
    g.Read(1, kY, w, flag);
    const Stamp s = g.Read(1, kX, d, MemoryOrder::kPlain);
    SequentialConsistency sc;
    const bool ordered = flag == MemoryOrder::kRelaxed;
    EXPECT_EQ(sc.Order(g.graph, d, s), ordered ? RaceOrder::kBefore : RaceOrder::kUnordered);
    EXPECT_EQ(sc.Order(g.graph, s, d), ordered ? RaceOrder::kAfter : RaceOrder::kUnordered);
    EXPECT_EQ(sc.Synchronises(g.graph.event(w), g.graph.event(w + 1)), ordered);
  }
}

TEST(SequentialConsistency, CoherenceAloneOrdersNoRace) {
  GraphForTest g;  // d = 1; x = 1  |  x = 2; s = d, with x = 1 before x = 2 in co: no happens-before
  const Stamp d = g.Write(0, kX, GraphForTest::kAtTheEnd, MemoryOrder::kPlain);
  g.Write(0, kY);
  g.Write(1, kY);
  const Stamp s = g.Read(1, kX, d, MemoryOrder::kPlain);
  EXPECT_EQ(SequentialConsistency().Order(g.graph, d, s), RaceOrder::kUnordered);
}

}  // namespace
}  // namespace graze

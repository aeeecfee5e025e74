// SPDX-License-Identifier: MIT
// The oracle alone: counts that follow from theory, and ways of finding all graphs that must agree. (differential.cc compares them with
// schedules.)
#include "checker/testing/oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checker/testing/generate.h"

namespace graze::proof {
namespace {

Program Parse(const std::string& text) {
  std::string error, why;
  std::optional<Program> program = ParseProgram(text, &error);
  EXPECT_TRUE(program.has_value()) << error << "\n" << text;
  if (!program) return {};
  EXPECT_TRUE(WellFormed(*program, &why)) << why << "\n" << text;
  return *program;
}

struct Counts {
  size_t all = 0, finished = 0, hung = 0, raced = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};

Counts CountGraphs(const std::string& text) {
  const OracleResult result = BruteForce(Parse(text), {.graphs_max = 5'000'000});
  EXPECT_FALSE(result.too_large);
  EXPECT_EQ(result.rcu_disagreed, 0U);
  Counts counts;
  for (const CompleteGraph& graph : result.graphs) {
    ++counts.all;
    counts.finished += !graph.blocked;
    counts.hung += graph.hung;
    counts.raced += graph.raced;
  }
  return counts;
}

std::string SameThread(int count, const std::string& code) {
  std::string text;
  for (int t = 0; t < count; ++t) text += "T" + std::to_string(t) + ": " + code + "\n";
  return text;
}

std::vector<uint64_t> Hashes(const OracleResult& result) {
  std::vector<uint64_t> hashes;
  for (const CompleteGraph& graph : result.graphs) hashes.push_back(graph.hash);
  return hashes;
}

TEST(OracleTest, IncrementsHappenInEveryOrder) {
  // The co of n increments is any permutation and fixes every rf: n!.
  EXPECT_EQ(CountGraphs(SameThread(2, "r0 = fetch_add(x, 1)")).all, 2U);
  EXPECT_EQ(CountGraphs(SameThread(3, "r0 = fetch_add(x, 1)")).all, 6U);
  EXPECT_EQ(CountGraphs(SameThread(4, "r0 = fetch_add(x, 1)")).all, 24U);
}

TEST(OracleTest, LocksAreTakenInEveryOrderAndBlockedReadsAreCounted) {
  // Three threads: 3! orders in which all get the lock; one blocked (3 ways) on either of the two locked values that the other two leave
  // behind in either order (2 * 2); two blocked on the only one (3 ways): 6 + 12 + 3.
  const Counts two = CountGraphs(SameThread(2, "lock(l); unlock(l)"));
  EXPECT_EQ(two.finished, 2U);
  EXPECT_EQ(two.all, 4U);
  const Counts three = CountGraphs(SameThread(3, "lock(l); unlock(l)"));
  EXPECT_EQ(three.finished, 6U);
  EXPECT_EQ(three.all, 21U);
  EXPECT_EQ(three.hung, 0U);
}

TEST(OracleTest, OppositeLockOrdersDeadlockInExactlyOneGraph) {
  const Counts counts = CountGraphs("T0: lock(l); lock(m); unlock(m); unlock(l)\nT1: lock(m); lock(l); unlock(l); unlock(m)\n");
  EXPECT_EQ(counts.finished, 2U);
  EXPECT_EQ(counts.hung, 1U);
  EXPECT_EQ(counts.all, 7U);
}

TEST(OracleTest, StoreBufferingAndMessagePassingHaveThreeOutcomes) {
  // Four combinations of values read, one of them forbidden.
  EXPECT_EQ(CountGraphs("T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n").all, 3U);
  EXPECT_EQ(CountGraphs("T0: x = 1; y = 1\nT1: r0 = y; r1 = x\n").all, 3U);
}

TEST(OracleTest, StoreBufferingWithReadersGrowsAsPublished) {
  const std::string buffering = "T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n";
  EXPECT_EQ(CountGraphs(buffering + "T2: r0 = x; r1 = y\n").all, 11U);
  EXPECT_EQ(CountGraphs(buffering + "T2: r0 = x; r1 = y\nT3: r0 = x; r1 = y\n").all, 41U);
}

TEST(OracleTest, CompareExchangeThenWriteCountsAsPublished) {
  const std::string first = "T0: r0 = cas(x, 0, 1); x = 3\nT1: r0 = cas(x, 0, 1); x = 4\n";
  EXPECT_EQ(CountGraphs(first).all, 6U);
  EXPECT_EQ(CountGraphs(first + "T2: r0 = cas(x, 0, 1); x = 5\n").all, 66U);
  EXPECT_EQ(CountGraphs(first + "T2: r0 = cas(x, 0, 1); x = 5\nT3: r0 = cas(x, 0, 1); x = 6\n").all, 1200U);
}

TEST(OracleTest, AnAwaitOnARacyWordKeepsEveryChoice) {
  // Two coherence orders times three sources; blocked where the source is x = 1.
  const Counts counts = CountGraphs("T0: await(x == 0)\nT1: x = 1\nT2: x = 0\n");
  EXPECT_EQ(counts.all, 6U);
  EXPECT_EQ(counts.finished, 4U);
  // It could always have read 0 early; if x = 1 came last, it may also wait for ever.
  EXPECT_EQ(counts.hung, 1U);
}

TEST(OracleTest, WhoJoinsAThreadThatWaitsForEverWaitsToo) {
  const Counts counts = CountGraphs("T0: create(T1); r0 = x; join(T1)\nT1: await(x == 1)\n");
  EXPECT_EQ(counts, (Counts{.all = 1, .finished = 0, .hung = 1, .raced = 0}));
}

TEST(OracleTest, ChoicesAndConditionsMultiply) {
  EXPECT_EQ(CountGraphs("T0: r0 = choose(3); r1 = choose(2)\n").all, 6U);
  EXPECT_EQ(CountGraphs("T0: r0 = choose(2); if (r0 == 1) { r1 = choose(2) }\n").all, 3U);
}

TEST(OracleTest, AGracePeriodWaitsForTheSectionsBeforeIt) {
  // Without RCU all four combinations are sequentially consistent; r0 = 0, r1 = 1 would put a grace period inside the section.
  EXPECT_EQ(CountGraphs("T0: r0 = x; r1 = y\nT1: x = 1; y = 1\n").all, 4U);
  EXPECT_EQ(CountGraphs("T0: rcu_read_lock; r0 = x; r1 = y; rcu_read_unlock\nT1: x = 1; synchronize_rcu; y = 1\n").all, 3U);
  EXPECT_EQ(CountGraphs("T0: r0 = x; r1 = y\nT1: x = 1; synchronize_rcu; y = 1\n").all, 4U);
}

TEST(OracleTest, InnerSectionsDoNotEndTheOuterOne) {
  const std::string updater = "T1: x = 1; synchronize_rcu; y = 1\n";
  EXPECT_EQ(CountGraphs("T0: rcu_read_lock; rcu_read_lock; r0 = x; rcu_read_unlock; r1 = y; rcu_read_unlock\n" + updater).all, 3U);
}

TEST(OracleTest, ASectionThatNeverEndsHoldsTheGracePeriodBack) {
  // The reader waits inside its section for what comes after the grace period: a stall, and nothing else can happen once y is seen.
  const Counts counts =
      CountGraphs("T0: rcu_read_lock; y = 1; await(x == 1); rcu_read_unlock\nT1: await(y == 1); synchronize_rcu; x = 1\n");
  EXPECT_EQ(counts.finished, 0U);
  EXPECT_GE(counts.hung, 1U);
}

TEST(OracleTest, TwoSectionsMayOverlapOneGracePeriod) {
  // One grace period against two sections chained by y: more sections than grace periods, so the cycle is allowed.
  const std::string readers = "T0: rcu_read_lock; r0 = x; y = 1; rcu_read_unlock\nT1: rcu_read_lock; r0 = y; r1 = z; rcu_read_unlock\n";
  const std::string updater = "T2: x = 1; synchronize_rcu; z = 1\n";
  const std::string bare = "T0: r0 = x; y = 1\nT1: r0 = y; r1 = z\nT2: x = 1; z = 1\n";
  EXPECT_EQ(CountGraphs(readers + updater).all, CountGraphs(bare).all);
}

TEST(OracleTest, TheProgramThatNaivePruningLosesHasTwentyFiveGraphs) {
  // Three hand-made searches (prototype, both orders of search) found 25.
  EXPECT_EQ(CountGraphs("T0: rcu_read_lock; x = 1; rcu_read_unlock\n"
                        "T1: r0 = fetch_add(x, 1); synchronize_rcu; r1 = cas(x, 0, 2)\n"
                        "T2: rcu_read_lock; r0 = fetch_add(x, 1); x = 1; rcu_read_unlock\n")
                .all,
            25U);
}

TEST(OracleTest, RacesFollowHappensBefore) {
  EXPECT_GT(CountGraphs("T0: plain d = 1\nT1: r0 = plain d\n").raced, 0U);
  EXPECT_EQ(CountGraphs("T0: r1 = plain d\nT1: r0 = plain d\n").raced, 0U);
  EXPECT_EQ(CountGraphs("T0: plain d = 1; x = 1\nT1: r0 = x; if (r0 == 1) { r1 = plain d }\n").raced, 0U);
  EXPECT_GT(CountGraphs("T0: plain d = 1; x = 1\nT1: r0 = x; r1 = plain d\n").raced, 0U);
  EXPECT_EQ(CountGraphs(SameThread(2, "lock(l); plain d = 1; unlock(l)")).raced, 0U);
  EXPECT_EQ(CountGraphs("T0: plain d = 1; create(T1); join(T1); plain d = 2\nT1: plain d = 3\n").raced, 0U);
  EXPECT_GT(CountGraphs("T0: plain d = 1; create(T1); plain d = 2\nT1: plain d = 3\n").raced, 0U);
  EXPECT_EQ(CountGraphs("T0: x = 1; synchronize_rcu; plain d = 1\n"
                        "T1: rcu_read_lock; r0 = x; if (r0 == 0) { plain d = 2 }; rcu_read_unlock\n")
                .raced,
            0U);
  EXPECT_GT(CountGraphs("T0: x = 1; plain d = 1\n"
                        "T1: rcu_read_lock; r0 = x; if (r0 == 0) { plain d = 2 }; rcu_read_unlock\n")
                .raced,
            0U);
}

class RandomPrograms : public ::testing::TestWithParam<int> {};

std::vector<uint64_t> HungCores(const OracleResult& result) {
  std::vector<uint64_t> cores;
  for (const CompleteGraph& graph : result.graphs) {
    if (graph.hung) cores.push_back(graph.core);
  }
  std::sort(cores.begin(), cores.end());
  cores.erase(std::unique(cores.begin(), cores.end()), cores.end());
  return cores;
}

TEST_P(RandomPrograms, BothWaysOfAddingEventsGiveTheSameGraphs) {
  const Mode mode = static_cast<Mode>(GetParam());
  uint64_t compared = 0, rejected = 0;
  for (uint64_t seed = 100'000; seed < 100'100; ++seed) {
    const Program program = Generate(mode, seed);
    const OracleResult graphs = BruteForce(program);
    if (graphs.too_large) continue;
    ++compared;
    rejected += graphs.rcu_rejected;
    ASSERT_EQ(graphs.rcu_disagreed, 0U) << ToText(program);
    ASSERT_EQ(Hashes(graphs), Hashes(BruteForce(program, {.newest_only = true}))) << ToText(program);
  }
  EXPECT_GT(compared, 90U);
  if (mode == Mode::kRcu) {
    EXPECT_GT(rejected, 0U);
  }
}

TEST(OracleTest, AStallThatNoCommunicationTiesToTheGracePeriodIsSeenByTheMachineOnly) {
  // Who enters the section first and then waits for the lock deadlocks with the holder's grace period. As a graph this differs in nothing
  // from a section that began later and has not read the unlock yet: graphs do not say when a grace period began. A limit of judging
  // liveness on graphs, and the reason why the random comparison asks for one direction only.
  const Program program = Parse("T0: rcu_read_lock; lock(l); unlock(l); rcu_read_unlock\nT1: lock(l); synchronize_rcu; unlock(l)\n");
  EXPECT_TRUE(HungCores(BruteForce(program)).empty());
  EXPECT_EQ(Interleave(program, {.wait = true}).blocked.size(), 1U);
  // With something read across, the graphs know that the section came first.
  const Program tied =
      Parse("T0: rcu_read_lock; x = 1; lock(l); unlock(l); rcu_read_unlock\nT1: lock(l); r0 = x; synchronize_rcu; unlock(l)\n");
  EXPECT_FALSE(HungCores(BruteForce(tied)).empty());
  EXPECT_FALSE(Interleave(tied, {.wait = true}).blocked.empty());
}

std::string ModeName(const ::testing::TestParamInfo<int>& info) {
  std::string name = ToString(static_cast<Mode>(info.param));
  std::erase(name, '-');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Oracle, RandomPrograms, ::testing::Range(0, kModes), ModeName);

TEST(GeneratorTest, TheSameSeedGivesTheSameProgramAndItsTextReadsBack) {
  for (int mode = 0; mode < kModes; ++mode) {
    for (uint64_t seed = 0; seed < 200; ++seed) {
      const Program program = Generate(static_cast<Mode>(mode), seed);
      EXPECT_EQ(program, Generate(static_cast<Mode>(mode), seed));
      std::string error;
      const std::optional<Program> read = ParseProgram(ToText(program), &error);
      ASSERT_TRUE(read.has_value()) << error << "\n" << ToText(program);
      EXPECT_EQ(*read, program);
    }
  }
}

TEST(ProgramTest, BrokenProgramsAndTextsAreNamed) {
  std::string why;
  for (const char* text :
       {"T0: unlock(l)", "T0: rcu_read_lock", "T0: rcu_read_unlock", "T0: rcu_read_lock; synchronize_rcu; rcu_read_unlock",
        "T0: lock(l); lock(l)", "T0: create(T0)", "T0: join(T1)\nT1: x = 1", "T0: create(T1)\nT1: create(T0)", "T0: lock(x)",
        "T0: r0 = trylock(l); unlock(l)", "T0: lock(l); r0 = x; if (r0 == 0) { unlock(l) }"}) {
    const std::optional<Program> program = ParseProgram(text);
    ASSERT_TRUE(program.has_value()) << text;
    EXPECT_FALSE(WellFormed(*program, &why)) << text;
    EXPECT_FALSE(why.empty());
  }
  for (const char* text :
       {"T1: x = 1", "T0 x = 1", "T0: q = 1", "T0: x = ", "T0: r0 = cas(x, 0)", "T0: if (r0 == 1) { x = 1", "T0: frob(x)"}) {
    std::string error;
    EXPECT_FALSE(ParseProgram(text, &error).has_value()) << text;
    EXPECT_FALSE(error.empty());
  }
}

TEST(ShrinkTest, WhatDoesNotMatterGoes) {
  const Program program = Parse(
      "T0: r0 = z; x = 2; lock(l); r1 = y; unlock(l); r2 = choose(2)\n"
      "T1: rcu_read_lock; y = 1; if (r0 == 0) { r3 = x }; rcu_read_unlock; fence\n"
      "T2: z = 1; create(T3); z = 2; join(T3)\nT3: z = 0\n");
  // Keep whatever still has store buffering's forbidden-looking ingredients: writes to x and y, reads of x and y.
  const auto fails = [](const Program& p) {
    const std::string text = ToText(p);
    return text.find("x = ") != std::string::npos && text.find("y = ") != std::string::npos && text.find("= x") != std::string::npos &&
           text.find("= y") != std::string::npos;
  };
  EXPECT_EQ(ToText(Shrink(program, fails)), "T0: x = 1; r1 = y\nT1: y = 1; r3 = x\n");
}

}  // namespace
}  // namespace graze::proof

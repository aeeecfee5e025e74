// SPDX-License-Identifier: MIT
// A census of programs that are all alike says what is missing; one of the generator's programs does not.
#include "checker/testing/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checker/testing/generate.h"
#include "checker/testing/random_run.h"

namespace graze::proof {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

Comparison Compared() {
  Comparison comparison;
  comparison.by_graphs = comparison.by_interleavings = true;
  comparison.graphs = 3;
  comparison.events = 4;
  return comparison;
}

TEST(CensusTest, ProgramsThatAreAllAlikeLackWhatTheyDoNotHave) {
  Census census;
  for (int i = 0; i < 100; ++i) census.Add(*ParseProgram("T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n"), Compared());
  const std::vector<std::string> lacks = census.Lacks();
  for (const char* missing : {"fetch_add", "lock", "trylock", "choose", "rcu_read_lock", "synchronize_rcu", "create", "plain write",
                              "data races", "3 threads", "100-299 graphs", "RMWs of one location"}) {
    EXPECT_THAT(lacks, Contains(StartsWith(missing)));
  }
  EXPECT_THAT(lacks, Not(Contains(StartsWith("read:"))));
  EXPECT_THAT(lacks, Not(Contains(StartsWith("2 threads"))));
}

TEST(CensusTest, ProgramsLeftOutAreSaidToBeLeftOut) {
  Census census;
  census.Add(*ParseProgram("T0: x = 1\n"), Compared());
  Comparison too_large;
  too_large.agreement = Agreement::kTooLarge;
  census.Add(*ParseProgram("T0: x = 1\n"), too_large);
  EXPECT_EQ(census.programs(), 1U);
  EXPECT_EQ(census.left_out(), 1U);
  EXPECT_THAT(census.Lacks(), Contains(StartsWith("comparison with graphs: in 50.0 %")));
}

TEST(CensusTest, WhatTheTextShowsIsCounted) {
  Census census;
  census.Add(
      *ParseProgram("T0: rcu_read_lock; rcu_read_lock; rcu_read_unlock; rcu_read_unlock; lock(l); unlock(l)\n"
                    "T1: lock(l); unlock(l); r0 = choose(2); if (r0 == 1) { x = 1 }\n"));
  census.Add(
      *ParseProgram("T0: rcu_read_lock; rcu_read_unlock; rcu_read_lock; rcu_read_unlock; r0 = fetch_add(x, 1)\n"
                    "T1: r0 = choose(2); r0 = y; x = r0; r1 = fetch_add(y, 1)\n"));
  EXPECT_EQ(census.Share(OpKind::kLock), 0.5);
  EXPECT_EQ(census.Share(OpKind::kChoose), 1.0);
  EXPECT_EQ(census.Share(Feature::kSharedRmw), 0.5);
  EXPECT_EQ(census.Share(Feature::kNestedSection), 0.5);
  EXPECT_EQ(census.Share(Feature::kChoiceSteers), 0.5);
}

TEST(CensusTest, TheGeneratorsProgramsLackNothingAndDoNotDependOnTheNumberOfProcesses) {
  const RandomRunOptions options{.programs = 1500, .processes = 2, .progress_seconds = 0};
  const RandomRunResult two = RunRandomPrograms(options);
  EXPECT_EQ(two.done, options.programs);
  EXPECT_EQ(two.differences, 0U);
  EXPECT_THAT(two.census.Lacks(), IsEmpty()) << two.census.ToText();
  RandomRunOptions few = options;
  few.programs = 100;
  const RandomRunResult pair = RunRandomPrograms(few);
  few.processes = 1;
  EXPECT_EQ(RunRandomPrograms(few).census.ToText(), pair.census.ToText());
}

}  // namespace
}  // namespace graze::proof

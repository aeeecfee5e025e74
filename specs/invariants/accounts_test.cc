// SPDX-License-Identifier: MIT
// The invariants that compare sums (programs, counters, map commands) on executions written by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "specs/invariants/fake_execution.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;
using ::testing::HasSubstr;

constexpr uint64_t kEntry = 0x100, kFrame = 0x300, kOther = 0x400, kRing = 0x600, kProg_ = 0x700, kMap = 1;

std::string Verdict(void (*check)(const History&, graze::Execution&), const char* rule, FakeExecution& execution) {
  check(History(execution, FakeGeneration()), execution);
  const auto found = execution.reports().find(rule);
  return found == execution.reports().end() ? "" : found->second;
}

// ---- I-PROG -------------------------------------------------------------------------------------------------------------------------

// A program that an entry, meanwhile gone, carried.
FakeExecution CarriedProgram() {
  FakeExecution execution;
  execution.Saw(observed::kProgLoaded, kProg_, 1, 101).Saw(observed::kProgGet, kProg_, 2).Saw(observed::kProgRun, kProg_, kFrame);
  return execution;
}

TEST(Programs, HoldWhenTheEntryAndTheDescriptorGaveUpTheirReferences) {
  FakeExecution execution = CarriedProgram();
  execution.Saw(observed::kProgPut, kProg_, 1).Saw(observed::kProgClosed, kProg_).Saw(observed::kProgPut, kProg_, 0);
  EXPECT_EQ(Verdict(CheckPrograms, kProg, execution), "");
  EXPECT_EQ(execution.checks(kProg), 1u);
}

TEST(Programs, HoldWhileTheDescriptorIsOpen) {
  FakeExecution execution = CarriedProgram();
  execution.Saw(observed::kProgPut, kProg_, 1);
  EXPECT_EQ(Verdict(CheckPrograms, kProg, execution), "");
}

TEST(Programs, BreakWhenTheEntryKeepsItsReference) {
  FakeExecution execution = CarriedProgram();
  execution.Saw(observed::kProgClosed, kProg_).Saw(observed::kProgPut, kProg_, 1);
  EXPECT_THAT(Verdict(CheckPrograms, kProg, execution), HasSubstr("1 references, for 0 entries and 0 descriptors"));
}

TEST(Programs, BreakWhenOneRunsAfterItsLastReference) {
  FakeExecution execution = CarriedProgram();
  execution.Saw(observed::kProgPut, kProg_, 1).Saw(observed::kProgClosed, kProg_).Saw(observed::kProgPut, kProg_, 0);
  execution.Saw(observed::kProgRun, kProg_, kOther);
  EXPECT_THAT(Verdict(CheckPrograms, kProg, execution), HasSubstr("without waiting"));
}

// ---- I-COUNT ------------------------------------------------------------------------------------------------------------------------

TEST(Counters, OfAFlushAreTheFramesThatLeaveTheQueueAndThoseRefused) {
  FakeExecution good, wrong_processed, wrong_drops;
  for (FakeExecution* execution : {&good, &wrong_processed, &wrong_drops}) {
    execution->Saw(observed::kFrameInRing, kFrame, kRing).Saw(observed::kFrameNoRoom, kOther, kRing);
    execution->Saw(observed::kFrameReturned, kOther, observed::kByFullRing);
  }
  good.Saw(observed::kTraceEnqueue, kMap, 2, 1);
  EXPECT_EQ(Verdict(CheckCounters, kCounters, good), "");
  EXPECT_EQ(good.checks(kCounters), 1u);
  wrong_processed.Saw(observed::kTraceEnqueue, kMap, 1, 1);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_processed), HasSubstr("'processed' of a flush"));
  wrong_drops.Saw(observed::kTraceEnqueue, kMap, 2, 0);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_drops), HasSubstr("'drops' of a flush"));
}

// One frame that the stack drops, one without skb.
FakeExecution Batch() {
  FakeExecution execution;
  execution.Saw(observed::kFrameTaken, kFrame, kRing).Saw(observed::kFrameTaken, kOther, kRing);
  execution.Saw(observed::kFrameReturned, kOther, observed::kNoSkb).Saw(observed::kFrameDelivered, kFrame, 1);
  return execution;
}

TEST(Counters, OfAKthreadAreTheFramesTakenAndThoseThatTheStackDidNotTake) {
  FakeExecution good = Batch();
  good.Saw(observed::kTraceKthread, kMap, 2, 2);
  EXPECT_EQ(Verdict(CheckCounters, kCounters, good), "");
  FakeExecution wrong_count = Batch();
  wrong_count.Saw(observed::kTraceKthread, kMap, 1, 2);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_count), HasSubstr("'processed' of a kthread"));
  FakeExecution wrong_drops = Batch();
  wrong_drops.Saw(observed::kTraceKthread, kMap, 2, 1);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_drops), HasSubstr("'drops' of a kthread"));
}

TEST(Counters, BreakWhenFramesAreTakenAndNeverCounted) {
  FakeExecution execution = Batch();
  EXPECT_THAT(Verdict(CheckCounters, kCounters, execution), HasSubstr("takes and does not count"));
}

// Three frames: one passed, one dropped, one redirected.
FakeExecution BatchWithProgram() {
  FakeExecution execution;
  for (const uint64_t frame : {kFrame, kOther, kEntry}) execution.Saw(observed::kFrameTaken, frame, kRing);
  for (const uint64_t frame : {kFrame, kOther, kEntry}) execution.Saw(observed::kProgRun, kProg_, frame);
  execution.Saw(observed::kFrameReturned, kOther, observed::kByProgram).Saw(observed::kFrameStaged, kEntry, kRing);
  return execution.Saw(observed::kTraceKthread, kMap, 3, 0);
}

TEST(Counters, OfAProgramAreWhatBecameOfItsFrames) {
  FakeExecution good = BatchWithProgram();
  good.Saw(observed::kTraceKthreadProg, 1, 1, 1);
  EXPECT_EQ(Verdict(CheckCounters, kCounters, good), "");
  FakeExecution too_few = BatchWithProgram();
  too_few.Saw(observed::kTraceKthreadProg, 0, 1, 1);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, too_few), HasSubstr("program runs that are counted"));
  FakeExecution wrong_drop = BatchWithProgram();
  wrong_drop.Saw(observed::kTraceKthreadProg, 2, 0, 1);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_drop), HasSubstr("'drop' of a program"));
  FakeExecution wrong_redirect = BatchWithProgram();
  wrong_redirect.Saw(observed::kTraceKthreadProg, 2, 1, 0);
  EXPECT_THAT(Verdict(CheckCounters, kCounters, wrong_redirect), HasSubstr("'redirect' of a program"));
  FakeExecution uncounted = BatchWithProgram();
  EXPECT_THAT(Verdict(CheckCounters, kCounters, uncounted), HasSubstr("not counted"));
}

// ---- I-LIN --------------------------------------------------------------------------------------------------------------------------

uint64_t UpdateOf(uint64_t qsize) { return observed::kUpdate | qsize << 32; }

// An update to 1, then one to 2 on another thread, then a lookup that finds `qsize`.
FakeExecution UpdatesAndLookup(uint64_t qsize) {
  FakeExecution execution;
  execution.Saw(observed::kMapCreated, kMap, 2, 3);
  execution.On(1).Saw(observed::kMapCall, kMap, 1, UpdateOf(1)).Saw(observed::kMapReturn, kMap, 0);
  execution.On(2).Saw(observed::kMapCall, kMap, 1, UpdateOf(2)).Saw(observed::kMapReturn, kMap, 0);
  execution.Saw(observed::kMapCall, kMap, 1, observed::kLookup).Saw(observed::kMapReturn, kMap, qsize == 0 ? ENOENT : 0, qsize);
  return execution;
}

TEST(Linearizable, HoldsForWhatTheLastUpdateStored) {
  FakeExecution execution = UpdatesAndLookup(2);
  EXPECT_EQ(Verdict(CheckLinearizable, kLinearizable, execution), "");
  EXPECT_EQ(execution.checks(kLinearizable), 3u);
}

TEST(Linearizable, BreaksForAnOlderValue) {
  FakeExecution execution = UpdatesAndLookup(1);
  EXPECT_THAT(Verdict(CheckLinearizable, kLinearizable, execution), HasSubstr("no order of the 3"));
}

TEST(Linearizable, LetsUnorderedUpdatesTakeEffectInAnyOrder) {
  FakeExecution execution = UpdatesAndLookup(1).Unordered();
  EXPECT_EQ(Verdict(CheckLinearizable, kLinearizable, execution), "");
}

TEST(Linearizable, BreaksForAValueThatNobodyStored) {
  FakeExecution execution = UpdatesAndLookup(7).Unordered();
  EXPECT_THAT(Verdict(CheckLinearizable, kLinearizable, execution), HasSubstr("no order"));
}

TEST(Linearizable, BreaksForAnEntryThatIsGoneWithoutDelete) {
  FakeExecution execution = UpdatesAndLookup(0);
  EXPECT_THAT(Verdict(CheckLinearizable, kLinearizable, execution), HasSubstr("no order"));
}

}  // namespace
}  // namespace specs

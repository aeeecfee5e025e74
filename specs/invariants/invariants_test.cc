// SPDX-License-Identifier: MIT
#include "specs/invariants/invariants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "specs/invariants/fake_execution.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kEntry = 0x100, kRing = 0x200, kFrame = 0x300, kOther = 0x400, kSlot = 0x500, kQueues = 0x600;
constexpr uint64_t kCpu = 0;

// What `check` says about `execution`: the message of `rule`, or "" if it holds.
std::string Verdict(void (*check)(const History&, graze::Execution&), const char* rule, FakeExecution& execution) {
  check(History(execution, FakeGeneration()), execution);
  const auto found = execution.reports().find(rule);
  return found == execution.reports().end() ? "" : found->second;
}

FakeExecution EntryWithTwoReferences() {
  FakeExecution execution;
  execution.Saw(observed::kEntryGet, kEntry, 1).Saw(observed::kEntryGet, kEntry, 2);
  execution.Saw(observed::kSlotExchanged, kEntry, 0, kSlot);
  return execution;
}

TEST(References, HoldWhenTheCallbackGivesUpTheFirstAndTheKthreadTheLast) {
  FakeExecution execution = EntryWithTwoReferences();
  execution.Saw(observed::kEntryPut, kEntry, 1, observed::kRcuCallback).Saw(observed::kEntryPut, kEntry, 0, observed::kTask);
  EXPECT_EQ(Verdict(CheckReferences, kRef, execution), "");
  EXPECT_EQ(execution.checks(kRef), 4u);
}

TEST(References, BreakWhenTheCallbackGivesUpTheLast) {
  FakeExecution execution = EntryWithTwoReferences();
  execution.Saw(observed::kEntryPut, kEntry, 1, observed::kTask).Saw(observed::kEntryPut, kEntry, 0, observed::kRcuCallback);
  EXPECT_THAT(Verdict(CheckReferences, kRef, execution), HasSubstr("the free callback gives up the last"));
}

TEST(References, BreakWhenMoreAreGivenUpThanTaken) {
  FakeExecution execution = EntryWithTwoReferences();
  for (uint64_t left : {1u, 0u, 0u}) execution.Saw(observed::kEntryPut, kEntry, left, observed::kTask);
  EXPECT_THAT(Verdict(CheckReferences, kRef, execution), HasSubstr("more references given up than taken"));
}

TEST(References, BreakWhenAnEntryIsPublishedWithOne) {
  FakeExecution execution;
  execution.Saw(observed::kEntryGet, kEntry, 1).Saw(observed::kSlotExchanged, kEntry, 0, kSlot);
  EXPECT_THAT(Verdict(CheckReferences, kRef, execution), HasSubstr("in use with 1"));
}

TEST(References, BreakWhenOneIsTakenAfterPublication) {
  FakeExecution execution;
  execution.Saw(observed::kEntryGet, kEntry, 1).Saw(observed::kSlotExchanged, kEntry, 0, kSlot).Saw(observed::kEntryGet, kEntry, 2);
  EXPECT_THAT(Verdict(CheckReferences, kRef, execution), HasSubstr("after the entry was published"));
}

FakeExecution DetachedEntry() {
  FakeExecution execution;
  execution.Saw(observed::kSlotExchanged, kEntry, 0, kSlot).Saw(observed::kSlotExchanged, 0, kEntry, kSlot);
  execution.Saw(observed::kEntryDetached, kEntry);
  return execution;
}

TEST(SingleFree, HoldsForAnEntryThatIsDetachedThenFreed) {
  FakeExecution execution = DetachedEntry();
  execution.Saw(observed::kQueuesFreed, kQueues);
  EXPECT_EQ(Verdict(CheckSingleFree, kSingleFree, execution), "");
  EXPECT_EQ(execution.checks(kSingleFree), 1u);
}

TEST(SingleFree, BreaksWhenAnEntryIsDetachedTwice) {
  FakeExecution execution = DetachedEntry();
  execution.Saw(observed::kEntryDetached, kEntry);
  EXPECT_THAT(Verdict(CheckSingleFree, kSingleFree, execution), HasSubstr("detached 2 times"));
}

TEST(SingleFree, BreaksWhenTheCallbackRunsTwice) {
  FakeExecution execution = DetachedEntry();
  execution.Saw(observed::kQueuesFreed, kQueues).Saw(observed::kQueuesFreed, kQueues);
  EXPECT_THAT(Verdict(CheckSingleFree, kSingleFree, execution), HasSubstr("runs 2 times"));
}

TEST(SingleFree, BreaksWhenTheCallbackNeverRuns) {
  FakeExecution execution = DetachedEntry();
  EXPECT_THAT(Verdict(CheckSingleFree, kSingleFree, execution), HasSubstr("never runs"));
}

TEST(SingleFree, BreaksWhenTheMapIsFreedUnderAnEntry) {
  FakeExecution execution;
  execution.Saw(observed::kSlotExchanged, kEntry, 0, kSlot);
  EXPECT_EQ(Verdict(CheckSingleFree, kSingleFree, execution), "");
  execution.AddObject("bpf_cpu_map", true);
  EXPECT_THAT(Verdict(CheckSingleFree, kSingleFree, execution), HasSubstr("gone from the map"));
}

FakeExecution StagedFrame() {
  FakeExecution execution;
  execution.Saw(observed::kFrameReceived, kFrame, kCpu).Saw(observed::kFrameStaged, kFrame, kEntry, kCpu);
  return execution;
}

TEST(Once, HoldsForADeliveredFrame) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kFrameDelivered, kFrame);
  EXPECT_EQ(Verdict(CheckOnce, kOnce, execution), "");
  EXPECT_EQ(execution.checks(kOnce), 1u);
}

TEST(Once, HoldsForARefusedFrameThatTheDriverRecycles) {
  FakeExecution execution;
  execution.Saw(observed::kFrameReceived, kFrame).Saw(observed::kFrameRefused, kFrame).Saw(observed::kFrameRecycled, kFrame);
  EXPECT_EQ(Verdict(CheckOnce, kOnce, execution), "");
}

TEST(Once, BreaksForAFrameWithTwoEnds) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kFrameDelivered, kFrame).Saw(observed::kFrameReturned, kFrame);
  EXPECT_THAT(Verdict(CheckOnce, kOnce, execution), HasSubstr("disposed of 2 times"));
}

TEST(Once, BreaksForAFrameWithoutEnd) {
  FakeExecution execution = StagedFrame();
  EXPECT_THAT(Verdict(CheckOnce, kOnce, execution), HasSubstr("never disposed of"));
}

TEST(Once, HoldsForAFrameThatGoesRoundOnce) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kFrameInRing, kFrame, kRing).Saw(observed::kFrameTaken, kFrame, kRing);
  execution.Saw(observed::kFrameStaged, kFrame, kEntry, kCpu).Saw(observed::kFrameInRing, kFrame, kRing);
  execution.Saw(observed::kFrameTaken, kFrame, kRing).Saw(observed::kFrameDelivered, kFrame);
  EXPECT_EQ(Verdict(CheckOnce, kOnce, execution), "");
}

TEST(Once, BreaksForAFrameThatIsStagedAgainBeforeItWasTaken) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kFrameStaged, kFrame, kEntry, kCpu).Saw(observed::kFrameDelivered, kFrame);
  EXPECT_THAT(Verdict(CheckOnce, kOnce, execution), HasSubstr("staged again"));
}

TEST(Once, DoesNotAskForEndsInAnExecutionThatHangs) {
  FakeExecution execution = StagedFrame();
  execution.set_finished(false);
  EXPECT_EQ(Verdict(CheckOnce, kOnce, execution), "");
}

TEST(Once, BreaksForAStagedFrameThatTheDriverTakesBack) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kFrameRecycled, kFrame);
  EXPECT_THAT(Verdict(CheckOnce, kOnce, execution), HasSubstr("recycled by the driver although the map took it"));
}

TEST(Empty, BreaksWhenTheCleanUpFindsAFrame) {
  FakeExecution execution = StagedFrame();
  execution.Saw(observed::kRingCleaned, kRing, 1);
  EXPECT_EQ(Verdict(CheckEmpty, kEmpty, execution), "");
  EXPECT_EQ(execution.checks(kEmpty), 1u);
  execution.Saw(observed::kFrameReturned, kFrame, observed::kByCleanup);
  EXPECT_THAT(Verdict(CheckEmpty, kEmpty, execution), HasSubstr("was left in a ring"));
}

FakeExecution TwoFrames(uint64_t second_entry, uint64_t second_cpu, uint64_t taken_first, uint64_t taken_second) {
  FakeExecution execution;
  execution.Saw(observed::kFrameStaged, kFrame, kEntry, kCpu).Saw(observed::kFrameStaged, kOther, second_entry, second_cpu);
  execution.Saw(observed::kFrameTaken, taken_first, kRing).Saw(observed::kFrameTaken, taken_second, kRing);
  return execution;
}

TEST(Fifo, BreaksWhenAFrameOvertakesOneOfItsQueue) {
  FakeExecution in_order = TwoFrames(kEntry, kCpu, kFrame, kOther);
  EXPECT_EQ(Verdict(CheckFifo, kFifo, in_order), "");
  EXPECT_EQ(in_order.checks(kFifo), 1u);
  FakeExecution overtaken = TwoFrames(kEntry, kCpu, kOther, kFrame);
  EXPECT_THAT(Verdict(CheckFifo, kFifo, overtaken), HasSubstr("overtakes"));
}

TEST(Fifo, SaysNothingAboutOtherCpusAndEntries) {
  FakeExecution other_cpu = TwoFrames(kEntry, kCpu + 1, kOther, kFrame);
  EXPECT_EQ(Verdict(CheckFifo, kFifo, other_cpu), "");
  FakeExecution other_entry = TwoFrames(kEntry + 8, kCpu, kOther, kFrame);
  EXPECT_EQ(Verdict(CheckFifo, kFifo, other_entry), "");
}

TEST(LiveLeakUseAfterFreeRace, CountWhatTheEngineHadToLookAt) {
  FakeExecution execution;
  execution.AddObject("bpf_cpu_map", true);
  execution.AddObject("ptr_ring", false);
  const History history(execution, FakeGeneration());
  for (auto check : {CheckLive, CheckLeak, CheckUseAfterFree, CheckRace}) check(history, execution);
  EXPECT_THAT(execution.reports(), IsEmpty());
  EXPECT_EQ(execution.checks(kLive), 2u);
  EXPECT_EQ(execution.checks(kLeak), 2u);
  EXPECT_EQ(execution.checks(kUaf), 1u);
  EXPECT_EQ(execution.checks(kRace), 1u);
}

}  // namespace
}  // namespace specs

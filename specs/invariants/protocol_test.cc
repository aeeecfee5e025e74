// SPDX-License-Identifier: MIT
// The invariants of teardown, rings, wake-ups and staging queues on executions written by hand: one that holds, one for each way to break.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "specs/invariants/fake_execution.h"
#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;
using ::testing::HasSubstr;

constexpr uint64_t kEntry = 0x100, kFrame = 0x300, kOther = 0x400, kSlot = 0x500, kThird = 0x600;
constexpr uint64_t kByFlush = 1;

std::string VerdictWith(void (*check)(const History&, graze::Execution&), const char* rule, FakeExecution& execution,
                        void (*change)(cpumap::EntryState&) = nullptr) {
  const cpumap::Generation& generation = FakeGenerationWithState();
  if (change != nullptr) change(FakeEntryState());
  check(History(execution, generation), execution);
  const auto found = execution.reports().find(rule);
  return found == execution.reports().end() ? "" : found->second;
}

// An entry exists, so that its ring, kthread and queues are known.
FakeExecution Published() {
  FakeExecution execution;
  execution.Saw(observed::kSlotExchanged, kEntry, 0, kSlot);
  return execution;
}

FakeExecution& Put(FakeExecution& execution, uint64_t frame, uint64_t cpu = 0) {
  return execution.Saw(observed::kFrameStaged, frame, kEntry, cpu).Saw(observed::kFrameInRing, frame, kFakeRing, cpu);
}

// ---- I-CAP --------------------------------------------------------------------------------------------------------------------------

TEST(Capacity, HoldsWhenARefusalFindsTheRingFull) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kFrameNoRoom, kOther, kFakeRing);
  EXPECT_EQ(VerdictWith(CheckCapacity, kCap, execution), "");
  EXPECT_EQ(execution.checks(kCap), 2u);
}

TEST(Capacity, BreaksWhenTheRingHoldsMoreThanItsSize) {
  FakeExecution execution = Published();
  Put(execution, kFrame);
  Put(execution, kOther);
  EXPECT_THAT(VerdictWith(CheckCapacity, kCap, execution), HasSubstr("more than its size"));
}

TEST(Capacity, BreaksWhenAnEmptyRingRefuses) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kFrameTaken, kFrame, kFakeRing).Saw(observed::kFrameNoRoom, kOther, kFakeRing);
  EXPECT_THAT(VerdictWith(CheckCapacity, kCap, execution), HasSubstr("although it has room"));
}

TEST(Capacity, LetsABatchOfConsumedSlotsButOneLookOccupied) {
  const auto two_slots_two_at_once = [](cpumap::EntryState& state) { state.ring_size = state.ring_batch = 2; };
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kFrameTaken, kFrame, kFakeRing);
  Put(execution, kOther).Saw(observed::kFrameNoRoom, kSlot, kFakeRing);
  EXPECT_EQ(VerdictWith(CheckCapacity, kCap, execution, two_slots_two_at_once), "");
  execution.Saw(observed::kFrameTaken, kOther, kFakeRing).Saw(observed::kFrameNoRoom, kSlot, kFakeRing);
  EXPECT_THAT(VerdictWith(CheckCapacity, kCap, execution, two_slots_two_at_once), HasSubstr("although it has room"));
}

// A consumer frees a slot, and a producer uses it, before it is done and all that it took is seen.
TEST(Capacity, DoesNotCountAFrameWhoseTakingHadBegun) {
  FakeExecution execution = Published();
  Put(execution, kFrame).On(1).Saw(observed::kRingConsuming, kFakeRing);
  Put(execution.On(0), kOther).On(1).Saw(observed::kFrameTaken, kFrame, kFakeRing);
  EXPECT_EQ(VerdictWith(CheckCapacity, kCap, execution), "");
}

TEST(Capacity, CountsAFrameThatIsTakenAfterTheNextIsPut) {
  FakeExecution execution = Published();
  Put(execution, kFrame);
  Put(execution, kOther).On(1).Saw(observed::kRingConsuming, kFakeRing).Saw(observed::kFrameTaken, kFrame, kFakeRing);
  EXPECT_THAT(VerdictWith(CheckCapacity, kCap, execution), HasSubstr("more than its size"));
}

// That the first was taken makes room for the second, not for the third.
TEST(Capacity, CountsAFrameOfALaterBatchAlthoughOneWasTaken) {
  FakeExecution execution = Published();
  Put(execution, kFrame).On(1).Saw(observed::kRingConsuming, kFakeRing);
  Put(execution.On(0), kOther);
  Put(execution, kThird).On(1).Saw(observed::kFrameTaken, kFrame, kFakeRing, 0);
  execution.Saw(observed::kRingConsuming, kFakeRing).Saw(observed::kFrameTaken, kOther, kFakeRing, 0);
  execution.Saw(observed::kFrameTaken, kThird, kFakeRing, 1);
  EXPECT_THAT(VerdictWith(CheckCapacity, kCap, execution), HasSubstr("more than its size"));
}

// ---- I-EXIT -------------------------------------------------------------------------------------------------------------------------

TEST(Exit, HoldsWhenTheKthreadWasAskedAndItsRingIsEmpty) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kFrameTaken, kFrame, kFakeRing).Saw(observed::kStopAsked, kFakeTask);
  execution.Saw(observed::kKthreadLeft, kEntry);
  EXPECT_EQ(VerdictWith(CheckExit, kExit, execution), "");
  EXPECT_EQ(execution.checks(kExit), 1u);
}

TEST(Exit, BreaksWhenNobodyAskedBefore) {
  FakeExecution execution = Published();
  execution.Saw(observed::kKthreadLeft, kEntry).Saw(observed::kStopAsked, kFakeTask);
  EXPECT_THAT(VerdictWith(CheckExit, kExit, execution), HasSubstr("without having been asked"));
}

TEST(Exit, BreaksWhenAFrameIsLeftInTheRing) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kStopAsked, kFakeTask).Saw(observed::kKthreadLeft, kEntry);
  EXPECT_THAT(VerdictWith(CheckExit, kExit, execution), HasSubstr("leaves 1 frames"));
}

// ---- I-WAKE -------------------------------------------------------------------------------------------------------------------------

TEST(Wake, HoldsWhenTheFlushWakesAfterItFilledTheRing) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kKthreadWoken, kFakeTask, observed::kPoll, kByFlush).Saw(observed::kPollEnded, 0, 1);
  EXPECT_EQ(VerdictWith(CheckWake, kWake, execution), "");
  EXPECT_EQ(execution.checks(kWake), 1u);
}

TEST(Wake, BreaksWhenThePollEndsWithoutOne) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kPollEnded, 0, 1);
  EXPECT_THAT(VerdictWith(CheckWake, kWake, execution), HasSubstr("no wake-up follows"));
}

TEST(Wake, BreaksWhenItComesBeforeTheFrameOrInTheNextPoll) {
  FakeExecution execution = Published();
  execution.Saw(observed::kKthreadWoken, kFakeTask, observed::kPoll, kByFlush);
  Put(execution, kFrame).Saw(observed::kPollEnded, 0, 1).Saw(observed::kKthreadWoken, kFakeTask, observed::kPoll, kByFlush);
  EXPECT_THAT(VerdictWith(CheckWake, kWake, execution), HasSubstr("no wake-up follows"));
}

TEST(Wake, DoesNotAskADriverThatForgotItsFlush) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kPollEnded, 0, 0);
  EXPECT_EQ(VerdictWith(CheckWake, kWake, execution), "");
}

// ---- I-BQ-EMPTY, I-UNLINK -----------------------------------------------------------------------------------------------------------

FakeExecution QueuesFreed() {
  FakeExecution execution = Published();
  execution.Saw(observed::kQueuesFreed, kFakeQueue0);
  return execution;
}

TEST(QueuesAtFree, HoldWhenTheyAreEmptyAndOnNoList) {
  FakeExecution execution = QueuesFreed();
  EXPECT_EQ(VerdictWith(CheckQueuesAtFree, kBqEmpty, execution), "");
  EXPECT_EQ(execution.checks(kBqEmpty), 2u);
  EXPECT_EQ(execution.checks(kUnlink), 2u);
}

TEST(QueuesAtFree, BreakWhenOneHoldsAFrame) {
  FakeExecution execution = QueuesFreed();
  EXPECT_THAT(VerdictWith(CheckQueuesAtFree, kBqEmpty, execution, [](cpumap::EntryState& state) { state.queues[1].staged = 1; }),
              HasSubstr("CPU 1 of entry#1 is freed with frames in it"));
}

TEST(QueuesAtFree, BreakWhenOneIsLinked) {
  FakeExecution execution = QueuesFreed();
  EXPECT_THAT(VerdictWith(CheckQueuesAtFree, kUnlink, execution, [](cpumap::EntryState& state) { state.queues[0].linked = true; }),
              HasSubstr("while it is on a flush list"));
}

TEST(QueuesAtFree, AreNotJudgedWhileTheyLive) {
  FakeExecution execution = Published();
  EXPECT_EQ(VerdictWith(CheckQueuesAtFree, kBqEmpty, execution, [](cpumap::EntryState& state) { state.queues[1].staged = 1; }), "");
  EXPECT_EQ(execution.checks(kBqEmpty), 0u);
}

// ---- I-OWN --------------------------------------------------------------------------------------------------------------------------

TEST(Owner, HoldsOnTheQueuesCpuWithBhOff) {
  FakeExecution execution = Published();
  execution.Saw(observed::kQueueLinked, kFakeQueue1, 1, 1).Saw(observed::kQueueUnlinked, kFakeQueue1, 1, 1);
  EXPECT_EQ(VerdictWith(CheckOwner, kOwn, execution), "");
  EXPECT_EQ(execution.checks(kOwn), 2u);
}

TEST(Owner, BreaksOnAnotherCpu) {
  FakeExecution execution = Published();
  execution.Saw(observed::kQueueLinked, kFakeQueue0, 1, 1);
  EXPECT_THAT(VerdictWith(CheckOwner, kOwn, execution), HasSubstr("not its own"));
}

TEST(Owner, BreaksWithBhOn) {
  FakeExecution execution = Published();
  execution.Saw(observed::kQueueLinked, kFakeQueue0, 0, 0);
  EXPECT_THAT(VerdictWith(CheckOwner, kOwn, execution), HasSubstr("with BH on"));
}

TEST(Owner, BreaksWhenAnotherCpuMovesAFrame) {
  FakeExecution execution = Published();
  execution.Saw(observed::kFrameStaged, kFrame, kEntry, 0).Saw(observed::kFrameInRing, kFrame, kFakeRing, 1);
  EXPECT_THAT(VerdictWith(CheckOwner, kOwn, execution), HasSubstr("on another CPU"));
}

// ---- I-LIST -------------------------------------------------------------------------------------------------------------------------

FakeExecution Linked() {
  FakeExecution execution = Published();
  execution.Saw(observed::kQueueLinked, kFakeQueue0, 1, 0);
  return execution;
}

TEST(FlushLists, HoldWhenEveryLinkIsUndoneByTheEndOfThePoll) {
  FakeExecution execution = Linked();
  execution.Saw(observed::kQueueUnlinked, kFakeQueue0, 1, 0).Saw(observed::kPollEnded, 0, 1);
  EXPECT_EQ(VerdictWith(CheckFlushLists, kList, execution), "");
  EXPECT_EQ(execution.checks(kList), 1u);
}

TEST(FlushLists, BreakWhenAQueueIsLinkedTwice) {
  FakeExecution execution = Linked();
  execution.Saw(observed::kQueueLinked, kFakeQueue0, 1, 0);
  EXPECT_THAT(VerdictWith(CheckFlushLists, kList, execution), HasSubstr("on a flush list already"));
}

TEST(FlushLists, BreakWhenAQueueIsUnlinkedTwice) {
  FakeExecution execution = Linked();
  execution.Saw(observed::kQueueUnlinked, kFakeQueue0, 1, 0).Saw(observed::kQueueUnlinked, kFakeQueue0, 1, 0);
  EXPECT_THAT(VerdictWith(CheckFlushLists, kList, execution), HasSubstr("on no flush list"));
}

TEST(FlushLists, BreakWhenAPollFlushesAndLeavesAQueueLinked) {
  FakeExecution execution = Linked();
  execution.Saw(observed::kPollEnded, 0, 1);
  EXPECT_THAT(VerdictWith(CheckFlushLists, kList, execution), HasSubstr("flush list of CPU 0 is not empty when"));
}

TEST(FlushLists, DoNotAskAPollThatDidNotFlush) {
  FakeExecution execution = Linked();
  execution.Saw(observed::kPollEnded, 0, 0);
  EXPECT_EQ(VerdictWith(CheckFlushLists, kList, execution), "");
}

// ---- I-NOENQ ------------------------------------------------------------------------------------------------------------------------

TEST(NoEnqueue, HoldsForWhatIsOrderedBeforeTheCallback) {
  FakeExecution execution = Published();
  Put(execution, kFrame).Saw(observed::kKthreadWoken, kFakeTask, observed::kPoll, kByFlush).Saw(observed::kQueuesFreed, kFakeQueue0);
  EXPECT_EQ(VerdictWith(CheckNoEnqueue, kNoEnqueue, execution), "");
  EXPECT_EQ(execution.checks(kNoEnqueue), 3u);
}

TEST(NoEnqueue, BreaksForAFrameStagedAfterIt) {
  FakeExecution execution = QueuesFreed();
  execution.Saw(observed::kFrameStaged, kFrame, kEntry, 0);
  EXPECT_THAT(VerdictWith(CheckNoEnqueue, kNoEnqueue, execution), HasSubstr("staged for"));
}

TEST(NoEnqueue, BreaksForAFlushThatItDoesNotWaitFor) {
  FakeExecution execution = Published();
  execution.Unordered().On(1).Saw(observed::kFrameInRing, kFrame, kFakeRing).On(2).Saw(observed::kQueuesFreed, kFakeQueue0);
  EXPECT_THAT(VerdictWith(CheckNoEnqueue, kNoEnqueue, execution), HasSubstr("flushed to"));
}

TEST(NoEnqueue, BreaksForAWakeUpAfterItUnlessThatIsForTheStop) {
  FakeExecution stopped = QueuesFreed();
  stopped.Saw(observed::kKthreadWoken, kFakeTask, observed::kTask, 0);
  EXPECT_EQ(VerdictWith(CheckNoEnqueue, kNoEnqueue, stopped), "");
  FakeExecution flushed = QueuesFreed();
  flushed.Saw(observed::kKthreadWoken, kFakeTask, observed::kPoll, kByFlush);
  EXPECT_THAT(VerdictWith(CheckNoEnqueue, kNoEnqueue, flushed), HasSubstr("woken by a flush"));
}

// ---- I-SINGLE-CONS ------------------------------------------------------------------------------------------------------------------

TEST(SingleConsumer, HoldsWhenConsumersFollowEachOther) {
  FakeExecution execution = Published();
  execution.On(1).Saw(observed::kRingConsumed, kFakeRing, 1).On(2).Saw(observed::kRingConsumed, kFakeRing, 0);
  EXPECT_EQ(VerdictWith(CheckSingleConsumer, kSingleConsumer, execution), "");
  EXPECT_EQ(execution.checks(kSingleConsumer), 2u);
}

TEST(SingleConsumer, BreaksWhenTwoAreUnordered) {
  FakeExecution execution = Published();
  execution.Unordered().On(1).Saw(observed::kRingConsumed, kFakeRing, 1).On(2).Saw(observed::kRingConsumed, kFakeRing, 0);
  EXPECT_THAT(VerdictWith(CheckSingleConsumer, kSingleConsumer, execution), HasSubstr("two threads"));
}

}  // namespace
}  // namespace specs

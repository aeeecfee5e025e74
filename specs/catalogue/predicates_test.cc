// SPDX-License-Identifier: MIT
// Predicates of bugs that single generations show, each on what they show, and on the same with the bug's mark taken away.
#include "specs/catalogue/predicates.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "specs/scenarios/explore_for_test.h"

namespace specs {
namespace {

constexpr char kMasks[] = "start=ran stop=signal should_stop=acquire";

std::vector<graze::Violation> Shown(const std::string& scenario, const std::string& generation, const std::string& configuration) {
  return ExploreChosen(Choose(scenario, generation, configuration)).violations;
}

TEST(LatePredicates, TellAnSkbThatIsUnalignedFromOneThatIsTooLong) {
  const auto unaligned = Shown("Cpumap.PacketShapes", "v4.18", kMasks);
  ASSERT_EQ(unaligned.size(), 1u);
  EXPECT_TRUE(IsSharedInfoUnaligned(unaligned[0]));
  EXPECT_FALSE(IsSharedInfoBeyond(unaligned[0]));
  const auto beyond = Shown("Cpumap.PacketShapes", "v5.0", kMasks);
  ASSERT_EQ(beyond.size(), 1u);
  EXPECT_TRUE(IsSharedInfoBeyond(beyond[0]));
  EXPECT_FALSE(IsSharedInfoUnaligned(beyond[0]));
  for (graze::Violation violation : {unaligned[0], beyond[0]}) {
    violation.rule = "I-WARN";
    EXPECT_FALSE(IsSharedInfoUnaligned(violation) || IsSharedInfoBeyond(violation)) << "a warning is no shape";
  }
}

TEST(LatePredicates, NameAMaskThatIsAskedBeyondItsEndD17OnlyInAnUpdate) {
  const auto shown = Shown("Cpumap.WrongArguments", "v5.0", kMasks);
  ASSERT_EQ(shown.size(), 1u);
  graze::Violation violation = shown[0];
  EXPECT_TRUE(IsImpossibleCpuAsked(violation));
  violation.function = "__cpu_map_entry_free";
  EXPECT_FALSE(IsImpossibleCpuAsked(violation)) << "the callback walks the CPUs that there are";
  violation = shown[0];
  violation.message = "a work that was never made is queued";
  EXPECT_FALSE(IsImpossibleCpuAsked(violation)) << "another warning";
}

TEST(LatePredicates, NameAUseOfAMapD21OnlyWhereARedirectLooksIntoIt) {
  const auto shown = Shown("Cpumap.SloppyMapFree", "v4.18", std::string("prog=recycled ") + kMasks);
  ASSERT_EQ(shown.size(), 1u);
  graze::Violation violation = shown[0];
  EXPECT_TRUE(IsStaleMapUsed(violation));
  EXPECT_FALSE(IsMapFreedUnderFlush(violation));
  violation.function = "__cpu_map_flush";
  EXPECT_FALSE(IsStaleMapUsed(violation)) << "that would be D06";
  violation = shown[0];
  violation.object = "bpf_cpu_map_entry";
  EXPECT_FALSE(IsStaleMapUsed(violation)) << "the entry has gone, not the map";
  violation = shown[0];
  violation.thread = "main";
  EXPECT_FALSE(IsStaleMapUsed(violation)) << "a lookup by a system call holds the map";
}

TEST(LatePredicates, NameAFlushListThatChangesD24OnlyWhereAnotherTaskDidIt) {
  const auto shown = Shown("Cpumap.TwoTasks", "v7.1", "rt=no-bh-lock");
  ASSERT_FALSE(shown.empty());
  for (graze::Violation violation : shown) {
    EXPECT_TRUE(IsForeignListChanged(violation)) << violation.rule;
    graze::Violation by_one = violation;
    for (graze::TraceStep& step : by_one.trace.steps) {
      if (step.thread.starts_with("napi/")) step.thread = "napi/0 A";
    }
    EXPECT_FALSE(IsForeignListChanged(by_one)) << violation.rule << ": who unlinks its own queue makes another mistake";
    graze::Violation forgets = violation;
    graze::TraceStep staged;
    staged.thread = "napi/1";
    staged.function = "bq_enqueue";
    graze::TraceStep end = staged;
    end.op = "end";
    forgets.trace.steps.insert(forgets.trace.steps.end(), {staged, end});
    EXPECT_FALSE(IsForeignListChanged(forgets)) << violation.rule << ": a driver that forgets a flush is D25";
    violation.rule = "I-COUNT";
    EXPECT_FALSE(IsForeignListChanged(violation));
  }
}

// A poll's flush beside the callback's: a race for the count, and, where the queue were emptied after the unlock, a frame put twice.
TEST(LatePredicates, NameARaceForAStagingQueueD08OnlyWhereTheCallbackFlushes) {
  const auto shown = Shown("Cpumap.FlushVsDelete", "v4.18", std::string("rcu=preempt ") + kMasks);
  const auto race = std::ranges::find(shown, "I-RACE", &graze::Violation::rule);
  ASSERT_NE(race, shown.end());
  EXPECT_TRUE(IsQueueRacedByCallback(*race));
  EXPECT_NE(race->message.find(".count"), std::string::npos) << race->message;
  graze::Violation without = *race;
  std::erase_if(without.trace.steps, [](const graze::TraceStep& step) { return step.thread.starts_with("rcu callback"); });
  EXPECT_FALSE(IsQueueRacedByCallback(without)) << "two polls would be another mistake";
  graze::Violation of_the_entry = *race;
  of_the_entry.object = "bpf_cpu_map_entry";
  EXPECT_FALSE(IsQueueRacedByCallback(of_the_entry));
  for (const graze::Violation& violation : shown) {
    EXPECT_FALSE(violation.rule == "I-ONCE" || violation.rule == "I-CAP") << violation.rule << ": both look again under the lock";
  }
}

TEST(LatePredicates, NameADeviceThatIsGoneD35OnlyWhereAKthreadReadsItOfWhatItTook) {
  for (const char* const generation : {"v4.18", "v5.0", "v5.8", "v5.9"}) {
    const auto shown = Shown("Cpumap.DeviceGoes", generation, kMasks);
    ASSERT_EQ(shown.size(), 1u) << generation;
    EXPECT_TRUE(IsDeviceGone(shown[0])) << generation;
    EXPECT_EQ(shown[0].object, "net_device") << generation;
  }
  const auto shown = Shown("Cpumap.DeviceGoesGeneric", "v7.1", "should_stop=acquire");
  ASSERT_EQ(shown.size(), 1u);
  graze::Violation violation = shown[0];
  EXPECT_TRUE(IsDeviceGone(violation));
  violation.thread = "napi/0";
  EXPECT_FALSE(IsDeviceGone(violation)) << "a driver that polls on is another mistake";
  violation = shown[0];
  violation.kind = graze::ViolationKind::kDoubleFree;
  EXPECT_FALSE(IsDeviceGone(violation));
  violation = shown[0];
  violation.rule = "I-UAF";
  EXPECT_FALSE(IsDeviceGone(violation)) << "another object";
  violation = shown[0];
  std::erase_if(violation.trace.steps, [](const graze::TraceStep& step) { return step.function == "__ptr_ring_discard_one"; });
  EXPECT_FALSE(IsDeviceGone(violation)) << "a frame that came some other way";
}

// What M34 makes of the port: it empties the queue after it has given up the lock.
TEST(LatePredicates, NameAFramePutTwiceD08OnlyIfPollAndCallbackBothPutIt) {
  graze::Violation violation;
  violation.rule = "I-ONCE";
  for (const char* const thread : {"napi/0", "rcu callback"}) {
    graze::TraceStep& put = violation.trace.steps.emplace_back();
    put.thread = thread;
    put.op = "write";
    put.function = "__ptr_ring_produce";
    put.location = "ptr_ring.queue#1.slot[0]";
    put.value = "0 -> xdp_pkt#1";
  }
  EXPECT_TRUE(IsQueueRacedByCallback(violation));
  EXPECT_FALSE(IsEntryFreedUnderFlush(violation));
  violation.trace.steps[1].value = "0 -> xdp_pkt#2";
  EXPECT_FALSE(IsQueueRacedByCallback(violation)) << "two frames, each put once";
  violation.trace.steps[1] = violation.trace.steps[0];
  EXPECT_FALSE(IsQueueRacedByCallback(violation)) << "the poll puts it twice: the callback has no part in it";
}

}  // namespace
}  // namespace specs

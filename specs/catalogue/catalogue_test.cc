// SPDX-License-Identifier: MIT
#include "specs/catalogue/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "specs/catalogue/predicates.h"
#include "specs/scenarios/explore_for_test.h"

namespace specs {
namespace {

using ::testing::UnorderedElementsAre;

// What the port shows where nothing is masked; one row per bug and rule.
std::vector<graze::Violation> ViolationsOfUnmasked(const std::string& scenario) {
  return ExploreChosen(Choose(scenario, "v5.9", "")).violations;
}

TEST(Catalogue, FindsEntriesByIdAndByCveInAnyCase) {
  ASSERT_NE(FindCatalogueEntry("d01"), nullptr);
  EXPECT_EQ(FindCatalogueEntry("d01")->cve, "CVE-2023-53441");
  EXPECT_EQ(FindCatalogueEntry("cve-2023-53577"), FindCatalogueEntry("D02"));
  EXPECT_EQ(FindCatalogueEntry("D99"), nullptr);
  EXPECT_EQ(FindCatalogueEntry(""), nullptr);
}

TEST(Catalogue, GivesTheCommandItsFacts) {
  const graze::Classifier classifier = graze::RegisteredClassifier();
  ASSERT_NE(classifier.facts, nullptr);
  const graze::CatalogueFacts* const facts = classifier.facts("CVE-2023-53441");
  ASSERT_NE(facts, nullptr);
  EXPECT_EQ(facts->id, "D01");
  EXPECT_EQ(facts->fixed_by, "436901649731");
}

TEST(Catalogue, LeavesAnUnknownViolationUnnamed) {
  graze::Violation violation;
  violation.rule = "I-UAF";
  EXPECT_EQ(ClassifyViolation(violation), "");
}

TEST(Catalogue, SaysWhichVariantsCanShowABug) {
  EXPECT_TRUE(CanShow("D01", "Cpumap.UpdateDelete", "v5.9", ""));
  EXPECT_TRUE(CanShow("D01", "Cpumap.UpdateDelete", "v5.9", "stop=signal"));
  EXPECT_FALSE(CanShow("D01", "Cpumap.UpdateDelete", "v5.9", "start=ran"));
  EXPECT_FALSE(CanShow("D01", "Cpumap.UpdateDelete", "v7.1", ""));
  EXPECT_FALSE(CanShow("D02", "Cpumap.UpdateDelete", "v5.9", "")) << "there is no traffic";
  EXPECT_TRUE(CanShow("D02", "Cpumap.StageDeleteFlush", "v5.9", ""));
  EXPECT_TRUE(CanShow("D18", "Cpumap.ProgramReadsQueue", "v5.9", "start=ran stop=signal should_stop=acquire"));
  EXPECT_FALSE(CanShow("D18", "Cpumap.EnqueueDelivers", "v5.9", "")) << "no program there asks for the queue";
  EXPECT_FALSE(CanShow("D15", "Cpumap.StageDeleteFlush", "v5.9", "start=ran stop=signal"));
  EXPECT_TRUE(CanShow("D05", "Cpumap.StageDeleteFlush", "v5.0", "start=ran stop=signal should_stop=acquire"));
  EXPECT_FALSE(CanShow("D05", "Cpumap.StageDeleteFlush", "v5.9", "start=ran stop=signal should_stop=acquire"));
  EXPECT_TRUE(CanShow("D07", "Cpumap.FlushVsDelete", "v4.18", "rcu=preempt start=ran stop=signal should_stop=acquire"));
  EXPECT_FALSE(CanShow("D07", "Cpumap.FlushVsDelete", "v4.18", "start=ran stop=signal should_stop=acquire"));
  EXPECT_TRUE(CanShow("D35", "Cpumap.DeviceGoesGeneric", "v7.1", "should_stop=acquire"));
  EXPECT_FALSE(CanShow("D35", "Cpumap.DeviceOutlivesEntry", "v7.1", "should_stop=acquire")) << "the entry goes first";
  EXPECT_TRUE(CanShow("D25", "Cpumap.DriverForgetsForGood", "v5.9", "start=ran stop=signal should_stop=acquire"));
  EXPECT_FALSE(CanShow("D25", "Cpumap.StageDeleteFlush", "v5.9", "start=ran stop=signal should_stop=acquire")) << "its driver flushes";
}

TEST(Predicates, TellAFramelessLeakFromAStopRequestThatIsLost) {
  std::vector<std::string> seen;
  for (const graze::Violation& violation : ViolationsOfUnmasked("Cpumap.UpdateDelete")) {
    seen.push_back(violation.rule + std::string(IsEntryLeakedByEarlyStop(violation) ? " D01" : "") +
                   (IsFrameLostByEarlyStop(violation) ? " D02" : "") + (IsStopRequestLost(violation) ? " D15" : "") +
                   (IsWakeUpLost(violation) ? " D14" : ""));
  }
  EXPECT_THAT(seen, UnorderedElementsAre("I-LEAK D01", "I-LIVE D15"));
}

TEST(Predicates, KnowTheExitThatAnOldLookDecidedFromOtherWaysToLoseAFrame) {
  const auto shown = ExploreChosen(Choose("Cpumap.StageDeleteFlush", "v5.9", "start=ran stop=signal"), "lkmm").violations;
  EXPECT_FALSE(shown.empty());
  for (const graze::Violation& violation : shown) {
    EXPECT_TRUE(IsExitDecidedByAnOldLook(violation)) << violation.rule;
    EXPECT_FALSE(IsFrameLostByEarlyStop(violation)) << violation.rule;
  }
  for (const graze::Violation& violation : ViolationsOfUnmasked("Cpumap.StageDeleteFlush")) {
    EXPECT_FALSE(IsExitDecidedByAnOldLook(violation)) << violation.rule << ": no kthread has an old look under sc";
  }
  const std::string all = "start=ran stop=signal should_stop=acquire";
  for (const graze::Violation& violation : ExploreChosen(Choose("Cpumap.SloppyProgram", "v5.9", all)).violations) {
    EXPECT_FALSE(IsExitDecidedByAnOldLook(violation)) << violation.rule << ": the program is faulty";
  }
}

// A kthread found its ring empty, was woken by a flush, and announced its sleep after that.
graze::Violation SleepAfterWakeUp() {
  graze::Violation violation;
  violation.rule = "I-LIVE";
  violation.trace.blocked.resize(1);
  violation.trace.blocked[0].thread = "kthread cpumap/1";
  violation.trace.blocked[0].what = "schedule(), state INTERRUPTIBLE";
  violation.trace.blocked[0].location = "task cpumap/1.state";
  for (const char* thread : {"napi/0", "kthread cpumap/1"}) {
    graze::TraceStep& step = violation.trace.steps.emplace_back();
    step.thread = thread;
    step.op = "rmw";
    step.location = "task cpumap/1.state";
  }
  return violation;
}

TEST(Predicates, DoNotCallAWakeUpLostAfterWhichTheKthreadTookItsFrame) {
  graze::Violation violation = SleepAfterWakeUp();
  EXPECT_TRUE(IsWakeUpLost(violation));
  graze::TraceStep taken;
  taken.thread = "kthread cpumap/1";
  taken.function = "__ptr_ring_discard_one";
  violation.trace.steps.insert(violation.trace.steps.begin() + 1, taken);
  EXPECT_FALSE(IsWakeUpLost(violation));
}

TEST(Predicates, NameTheLossOfAFrameD02OnlyWhereTheKthreadNeverRan) {
  for (graze::Violation& violation : ViolationsOfUnmasked("Cpumap.StageDeleteFlush")) {
    EXPECT_FALSE(IsEntryLeakedByEarlyStop(violation)) << violation.rule;
    EXPECT_EQ(IsFrameLostByEarlyStop(violation), violation.rule == "I-LEAK" || violation.rule == "I-ONCE") << violation.rule;
    // The same loss by a kthread that did run is another bug.
    for (graze::TraceStep& step : violation.trace.steps) {
      if (step.thread.starts_with("kthread cpumap/")) step.function = "cpu_map_kthread_run";
    }
    EXPECT_FALSE(IsFrameLostByEarlyStop(violation)) << violation.rule;
  }
}

TEST(Predicates, NameAnUnsetReceiveQueueD18OnlyWhereTheKthreadShowsIt) {
  const auto violations = ExploreChosen(Choose("Cpumap.ProgramReadsQueue", "v5.9", "start=ran stop=signal should_stop=acquire")).violations;
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].catalogue_id, "D18");
  graze::Violation elsewhere = violations[0];
  elsewhere.thread = "napi/0";
  EXPECT_FALSE(IsUnsetQueueRead(elsewhere)) << "a driver sets its own queue: that would be another mistake";
}

// What one generation shows of a scenario under all masks, and in this configuration.
std::vector<graze::Violation> ViolationsOfMasked(const std::string& scenario, const std::string& generation,
                                                 const std::string& configuration = "") {
  return ExploreChosen(Choose(scenario, generation, configuration + "start=ran stop=signal should_stop=acquire")).violations;
}

TEST(Predicates, TellABitThatAFlushLeavesFromOneThatNoFlushSaw) {
  const auto skipped = ViolationsOfMasked("Cpumap.StageDeleteFlush", "v5.0");
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_TRUE(IsFlushBitLeft(skipped[0]) && !IsFlushForgotten(skipped[0]));
  for (const std::string scenario : {"Cpumap.DriverForgetsFlush", "Cpumap.DriverForgetsForGood"}) {
    const auto forgotten = ViolationsOfMasked(scenario, "v5.0");
    ASSERT_EQ(forgotten.size(), 1u) << scenario;
    EXPECT_TRUE(!IsFlushBitLeft(forgotten[0]) && IsFlushForgotten(forgotten[0])) << scenario;
  }
  graze::Violation without_look = skipped[0];
  std::erase_if(without_look.trace.steps, [](const graze::TraceStep& step) { return step.function == "__cpu_map_flush"; });
  EXPECT_FALSE(IsFlushBitLeft(without_look)) << "a bit that no flush saw is another mistake";
}

// A poll that holds nothing up uses what is gone while it flushes.
graze::Violation UseUnderAFlush(const std::string& object) {
  graze::Violation violation;
  violation.kind = graze::ViolationKind::kUseAfterFree;
  violation.rule = "I-UAF";
  violation.object = object;
  violation.thread = "napi/0";
  violation.function = "__cpu_map_flush";
  violation.trace.steps.emplace_back().thread = violation.thread;
  violation.trace.steps.back().function = violation.function;
  return violation;
}

TEST(Predicates, TellTheMapFromTheEntryThatGoesUnderAFlush) {
  for (const char* object : {"bpf_cpu_map", "flush_needed", "cpu_map"}) {
    const graze::Violation violation = UseUnderAFlush(object);
    EXPECT_TRUE(IsMapFreedUnderFlush(violation) && !IsEntryFreedUnderFlush(violation)) << object;
  }
  for (const char* object : {"xdp_bulk_queue", "bpf_cpu_map_entry", "ptr_ring"}) {
    graze::Violation violation = UseUnderAFlush(object);
    EXPECT_TRUE(!IsMapFreedUnderFlush(violation) && IsEntryFreedUnderFlush(violation)) << object;
    violation.thread = "kworker";
    EXPECT_FALSE(IsMapFreedUnderFlush(violation) || IsEntryFreedUnderFlush(violation)) << object << ": the flush is a poll's";
  }
}

TEST(Predicates, NameAFlushD07OnlyWhereNoGracePeriodWaitsForItAndTheEntryIsGone) {
  for (const char* rule : {"I-UAF", "I-NOENQ"}) {
    graze::Violation violation = UseUnderAFlush("xdp_bulk_queue");
    violation.rule = rule;
    EXPECT_TRUE(IsEntryFreedUnderFlush(violation)) << rule;
    graze::TraceStep section;
    section.thread = violation.thread;
    section.op = "rcu_read_lock";
    violation.trace.steps.insert(violation.trace.steps.begin(), section);
    EXPECT_FALSE(IsEntryFreedUnderFlush(violation)) << rule << " in a section, which a grace period waits for";
    section.op = "rcu_read_unlock";
    violation.trace.steps.insert(violation.trace.steps.begin() + 1, section);
    EXPECT_TRUE(IsEntryFreedUnderFlush(violation)) << rule << " after the section of the lookup";
  }
  graze::Violation wild = UseUnderAFlush("");
  wild.kind = graze::ViolationKind::kWildAccess;
  EXPECT_FALSE(IsEntryFreedUnderFlush(wild)) << "a null pointer is another mistake";
}

// Under rc11 the stop work uses an entry that its kthread has freed, whatever the program does.
TEST(Predicates, NameAUseD20OnlyWhereAPollTouchesTheEntry) {
  const auto shown = ViolationsOfMasked("Cpumap.SloppyProgram", "v5.9");
  const auto use = std::ranges::find(shown, "I-UAF", &graze::Violation::rule);
  ASSERT_NE(use, shown.end());
  graze::Violation violation = *use;
  EXPECT_TRUE(IsStaleTargetUsed(violation));
  violation.thread = "kworker";
  EXPECT_FALSE(IsStaleTargetUsed(violation));
}

TEST(Predicates, NameAccessesAcrossRingsOnlyWhereTheWriteBarrierIsNotMeantForThem) {
  const auto shown = ExploreChosen(Choose("Cpumap.RedirectDelivers", "v5.9", ""), "lkmm").violations;
  EXPECT_FALSE(shown.empty());
  for (graze::Violation violation : shown) {
    EXPECT_TRUE(IsHandedOnTooEarly(violation)) << violation.rule;
    // The same without anybody taking the frame from the ring: that would be another mistake.
    std::erase_if(violation.trace.steps, [](const graze::TraceStep& step) { return step.function == "__ptr_ring_peek"; });
    EXPECT_FALSE(IsHandedOnTooEarly(violation)) << violation.rule;
  }
  // One hand further, the barrier is meant to order what was written.
  graze::Violation violation;
  violation.rule = "I-RACE";
  violation.object = "xdp_frame";
  violation.message = "data race on xdp_frame#1.data: plain read by napi/0 in f (f.cc:1) and plain write by kthread cpumap/1 in g (g.cc:1)";
  violation.trace.steps.resize(2);
  graze::TraceStep& put = violation.trace.steps[0];
  put.number = 1;
  put.thread = "napi/0";
  put.op = "write";
  put.location = "ptr_ring.queue#1.slot[0]";
  put.value = "0 -> xdp_frame#1";
  put.function = "__ptr_ring_produce";
  graze::TraceStep& taken = violation.trace.steps[1];
  taken.number = 2;
  taken.thread = "kthread cpumap/1";
  taken.op = "read";
  taken.reads_from = 1;
  taken.function = "__ptr_ring_peek";
  EXPECT_TRUE(IsHandedOnTooEarly(violation));
  violation.message =
      "data race on xdp_frame#1.data: plain write by napi/0 in f (f.cc:1) and plain write by kthread cpumap/1 in g (g.cc:1)";
  EXPECT_FALSE(IsHandedOnTooEarly(violation)) << "M38 shows that: the barrier is missing";
}

TEST(Predicates, NameWhatAnOfflineCpuLosesOnlyWhereACpuWent) {
  const auto lost = ViolationsOfMasked("Cpumap.CpuGoesOffline", "v5.0", "hotplug ");
  EXPECT_FALSE(lost.empty());
  for (graze::Violation violation : lost) {
    EXPECT_TRUE(IsOfflineQueueForgotten(violation)) << violation.rule;
    std::erase_if(violation.trace.steps, [](const graze::TraceStep& step) { return step.location == "CPUs offline"; });
    EXPECT_FALSE(IsOfflineQueueForgotten(violation)) << violation.rule;
  }
}

}  // namespace
}  // namespace specs

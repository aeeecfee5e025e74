// SPDX-License-Identifier: MIT
#include "specs/catalogue/predicates.h"

#include "specs/catalogue/trace_query.h"

namespace specs {
namespace {

constexpr char kEntry[] = "bpf_cpu_map_entry";
constexpr char kFrame[] = "xdp_frame";
constexpr char kQueues[] = "xdp_bulk_queue";
constexpr char kContext[] = "bpf_net_context";
constexpr char kMap[] = "bpf_cpu_map", kSlots[] = "cpu_map", kBitmap[] = "flush_needed";
constexpr char kEntryThread[] = "kthread cpumap/";
constexpr char kFlush[] = "__cpu_map_flush", kFlushOne[] = "bq_flush_to_queue";

bool LosesAFrame(const graze::Violation& violation) {
  return (violation.rule == "I-LEAK" && Lost(violation, kFrame)) || violation.rule == "I-ONCE" || violation.rule == "I-EMPTY";
}

bool BelongsToTheMap(const std::string& type) { return type == kMap || type == kBitmap || type == kSlots; }

}  // namespace

bool IsEntryLeakedByEarlyStop(const graze::Violation& violation) {
  return violation.rule == "I-LEAK" && Lost(violation, kEntry) && !Lost(violation, kFrame) && ConsumerLeftWithoutRunning(violation);
}

bool IsFrameLostByEarlyStop(const graze::Violation& violation) { return LosesAFrame(violation) && ConsumerLeftWithoutRunning(violation); }

bool IsStopRequestLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && IsBlockedIn(violation, "kworker", "kthread_stop") && SleptAfterBeingWoken(violation, "kworker");
}

bool IsExitDecidedByAnOldLook(const graze::Violation& violation) {
  const bool leaves_a_frame = LosesAFrame(violation) || violation.rule == "I-EXIT";
  // With all of the teardown in order, and no faulty driver or program, an empty slot can only be an old one.
  return leaves_a_frame && LeftOnAnOldLook(violation) && StoppedAfterCallbacks(violation) && !StagedWithoutLookingUp(violation) &&
         !EndedAPollWithoutFlush(violation) && !PutOutsideOfSections(violation);
}

bool IsUnsetQueueRead(const graze::Violation& violation) {
  return violation.rule == "I-INIT" && violation.thread.starts_with("kthread cpumap/") && violation.message.starts_with("read of a word");
}

bool IsStaleTargetUsed(const graze::Violation& violation) {
  // Whatever belongs to the entry may be what a poll touches: it depends on how far its teardown is.
  const bool touches_the_dead = (violation.rule == "I-UAF" && violation.thread.starts_with("napi/")) || violation.rule == "I-NOENQ";
  const bool fills_the_dead = LosesAFrame(violation) || violation.rule == "I-EXIT";
  return (touches_the_dead || fills_the_dead) && StagedWithoutLookingUp(violation);
}

bool IsForeignListChanged(const graze::Violation& violation) {
  const bool of_a_list = violation.rule == "I-UAF" || violation.rule == "I-LIST" || violation.rule == "I-RACE" ||
                         violation.rule == "I-LIVE" || violation.rule == "I-WAKE" || violation.rule == "I-INIT";
  const bool queue_left = violation.rule == "I-BQ-EMPTY" || violation.rule == "I-UNLINK";
  return (of_a_list || queue_left || LosesAFrame(violation)) && UnlinkedByAnotherTask(violation) && !EndedAPollWithoutFlush(violation);
}

bool IsHandedOnTooEarly(const graze::Violation& violation) {
  return (violation.rule == "I-RACE" || violation.rule == "I-UAF") && violation.object == kFrame && UnorderedAcrossRings(violation);
}

bool IsFlushForgotten(const graze::Violation& violation) {
  // A freed queue that is still listed, or a queue that is still on the list of a task, which is on a stack that is gone.
  const bool queue_used = violation.rule == "I-UAF" && (violation.object == kQueues || violation.object == kContext);
  const bool queue_left = violation.rule == "I-BQ-EMPTY" || violation.rule == "I-UNLINK" || violation.rule == "I-LIST";
  const bool map_stays = violation.rule == "I-LIVE" && WaitsForFlushBits(violation) && !IsBlockedIn(violation, "kworker", "kthread_stop");
  return (queue_used || queue_left || map_stays || LosesAFrame(violation)) && EndedAPollWithoutFlush(violation) &&
         !StagedWithoutLookingUp(violation);
}

bool IsFlushBitLeft(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && WaitsForFlushBits(violation) && FlushSkippedAnEmptySlot(violation) &&
         !EndedAPollWithoutFlush(violation) && !IsBlockedIn(violation, "kworker", "kthread_stop");
}

bool IsMapFreedUnderFlush(const graze::Violation& violation) {
  return violation.rule == "I-UAF" && BelongsToTheMap(violation.object) && FailsIn(violation, "napi/", kFlush);
}

bool IsEntryFreedUnderFlush(const graze::Violation& violation) {
  if (StagedWithoutLookingUp(violation) || EndedAPollWithoutFlush(violation)) return false;
  if (violation.rule == "I-NOENQ") return FlushedOutsideOfSections(violation);
  // What no grace period waits for is in no order with the kthread's last look into its ring either.
  const bool left_behind = LosesAFrame(violation) || violation.rule == "I-EXIT";
  if (left_behind) return PutOutsideOfSections(violation) && !PutByPollAndCallback(violation);
  const bool of_the_entry = violation.object != kFrame && violation.object != kContext && !BelongsToTheMap(violation.object);
  return violation.kind == graze::ViolationKind::kUseAfterFree && of_the_entry && violation.thread.starts_with("napi/") &&
         FlushedOutsideOfSections(violation);
}

bool IsQueueRacedByCallback(const graze::Violation& violation) {
  const bool raced = violation.rule == "I-RACE" && violation.object == kQueues;
  const bool frame_twice = violation.rule == "I-ONCE" || violation.rule == "I-LEAK" || violation.rule == "I-CAP" ||
                           (violation.rule == "I-UAF" && violation.object == kFrame);
  return (raced && RanFunction(violation, "rcu callback", kFlushOne)) || (frame_twice && PutByPollAndCallback(violation));
}

bool IsSharedInfoUnaligned(const graze::Violation& violation) {
  return violation.rule == "I-SKB" && violation.message.ends_with("is not aligned");
}

bool IsSharedInfoBeyond(const graze::Violation& violation) {
  return violation.rule == "I-SKB" && violation.message.ends_with("beyond the end of its buffer");
}

bool IsImpossibleCpuAsked(const graze::Violation& violation) {
  return violation.rule == "I-WARN" && violation.message.starts_with("a mask of CPUs") && violation.function == "cpu_map_update_elem";
}

bool IsStaleMapUsed(const graze::Violation& violation) {
  return violation.rule == "I-UAF" && BelongsToTheMap(violation.object) && FailsIn(violation, "napi/", "__cpu_map_lookup_elem");
}

bool IsOfflineQueueForgotten(const graze::Violation& violation) {
  return (violation.rule == "I-BQ-EMPTY" || LosesAFrame(violation)) && SomeCpuWent(violation);
}

bool IsDeviceGone(const graze::Violation& violation) {
  return violation.rule == "I-DEV" && violation.kind == graze::ViolationKind::kUseAfterFree && violation.thread.starts_with(kEntryThread) &&
         TookFromItsRing(violation);
}

bool IsWakeUpLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && !IsBlockedIn(violation, "", "kthread_stop") && SleptAfterBeingWoken(violation, "napi/");
}

}  // namespace specs

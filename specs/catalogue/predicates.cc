// SPDX-License-Identifier: MIT
#include "specs/catalogue/predicates.h"

#include "specs/catalogue/trace_query.h"

namespace specs {
namespace {

constexpr char kEntry[] = "bpf_cpu_map_entry";
constexpr char kFrame[] = "xdp_frame";
constexpr char kQueues[] = "xdp_bulk_queue";
constexpr char kContext[] = "bpf_net_context";

bool LosesAFrame(const graze::Violation& violation) {
  return (violation.rule == "I-LEAK" && Lost(violation, kFrame)) || violation.rule == "I-ONCE" || violation.rule == "I-EMPTY";
}

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
         !EndedAPollWithoutFlush(violation);
}

bool IsUnsetQueueRead(const graze::Violation& violation) {
  return violation.rule == "I-INIT" && violation.thread.starts_with("kthread cpumap/") && violation.message.starts_with("read of a word");
}

bool IsStaleTargetUsed(const graze::Violation& violation) {
  // Whatever belongs to the entry may be what is touched: it depends on how far its teardown is.
  const bool touches_the_dead = violation.rule == "I-UAF" || violation.rule == "I-NOENQ";
  const bool fills_the_dead = LosesAFrame(violation) || violation.rule == "I-EXIT";
  return (touches_the_dead || fills_the_dead) && StagedWithoutLookingUp(violation);
}

bool IsForeignListChanged(const graze::Violation& violation) {
  const bool of_a_list = violation.rule == "I-UAF" || violation.rule == "I-LIST" || violation.rule == "I-RACE" ||
                         violation.rule == "I-LIVE" || violation.rule == "I-INIT";
  const bool queue_left = violation.rule == "I-BQ-EMPTY" || violation.rule == "I-UNLINK";
  return (of_a_list || queue_left || LosesAFrame(violation)) && UnlinkedByAnotherTask(violation) && !EndedAPollWithoutFlush(violation);
}

bool IsFlushForgotten(const graze::Violation& violation) {
  // A freed queue that is still listed, or a queue that is still on the list of a task, which is on a stack that is gone.
  const bool queue_used = violation.rule == "I-UAF" && (violation.object == kQueues || violation.object == kContext);
  const bool queue_left = violation.rule == "I-BQ-EMPTY" || violation.rule == "I-UNLINK" || violation.rule == "I-LIST";
  return (queue_used || queue_left || LosesAFrame(violation)) && EndedAPollWithoutFlush(violation) && !StagedWithoutLookingUp(violation);
}

bool IsWakeUpLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && !IsBlockedIn(violation, "", "kthread_stop") && SleptAfterBeingWoken(violation, "napi/");
}

}  // namespace specs

// SPDX-License-Identifier: MIT
#include "specs/catalogue/predicates.h"

#include "specs/catalogue/trace_query.h"

namespace specs {
namespace {

constexpr char kEntry[] = "bpf_cpu_map_entry";
constexpr char kFrame[] = "xdp_frame";

}  // namespace

bool IsEntryLeakedByEarlyStop(const graze::Violation& violation) {
  return violation.rule == "I-LEAK" && Lost(violation, kEntry) && !Lost(violation, kFrame) && ConsumerLeftWithoutRunning(violation);
}

bool IsFrameLostByEarlyStop(const graze::Violation& violation) {
  const bool frame_lost =
      (violation.rule == "I-LEAK" && Lost(violation, kFrame)) || violation.rule == "I-ONCE" || violation.rule == "I-EMPTY";
  return frame_lost && ConsumerLeftWithoutRunning(violation);
}

bool IsStopRequestLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && IsBlockedIn(violation, "kworker", "kthread_stop") && SleptAfterBeingWoken(violation, "kworker");
}

bool IsWakeUpLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && !IsBlockedIn(violation, "", "kthread_stop") && SleptAfterBeingWoken(violation, "napi/");
}

}  // namespace specs

// SPDX-License-Identifier: MIT
#include "specs/catalogue/predicates.h"

#include "specs/catalogue/trace_query.h"

namespace specs {
namespace {

constexpr char kEntry[] = "bpf_cpu_map_entry";
constexpr char kFrame[] = "xdp_frame";
constexpr char kConsumer[] = "kthread cpumap/";

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
  return violation.rule == "I-LIVE" && IsBlockedIn(violation, kConsumer, "schedule()") && IsBlockedIn(violation, "", "kthread_stop");
}

bool IsWakeUpLost(const graze::Violation& violation) {
  return violation.rule == "I-LIVE" && IsBlockedIn(violation, kConsumer, "schedule()") && !IsBlockedIn(violation, "", "kthread_stop");
}

}  // namespace specs

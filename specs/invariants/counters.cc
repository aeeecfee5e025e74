// SPDX-License-Identifier: MIT
// I-COUNT: the counters of the tracepoints add up. A flush counts every frame that leaves the staging queue and, of these, those that the
// ring refused. The kthread counts every frame taken out of the ring; those for which there was no skb (in v4.18 and v5.0 these
// are in neither count) or which the stack dropped; and,
// with a program on the entry, how many it passed, dropped and redirected: together all of them. An skb that is redirected is counted where
// it is put into the ring, as processed or as a drop. From v6.15 on the kthread counts before it delivers, and leaves out what the stack
// dropped.
#include <string_view>

#include "specs/invariants/invariants.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;

// What one thread did since it last counted.
struct Tally {
  uint64_t left_queue = 0, refused = 0;                          // of its staging queues
  uint64_t put = 0;                                              // into a ring
  uint64_t taken = 0, no_skb = 0, stack_drops = 0;               // by a kthread
  uint64_t program_runs = 0, program_drops = 0, redirected = 0;  // by its program
};

class Laws {
 public:
  Laws(const cpumap::Generation& generation, graze::Execution& execution) : generation_(generation), execution_(execution) {}

  void See(const graze::Observation& moment, bool program_counted) {
    const std::string_view tag = moment.tag;
    if (tag == observed::kTraceEnqueue) return Flushed(moment);
    if (tag == observed::kTraceGeneric) return HandedOver(moment);
    if (tag == observed::kTraceKthread) return Consumed(moment, program_counted);
    if (tag == observed::kTraceKthreadProg) return;
    now_.left_queue += tag == observed::kFrameInRing || tag == observed::kFrameNoRoom;
    now_.put += tag == observed::kFrameInRing;
    now_.taken += tag == observed::kFrameTaken;
    now_.program_runs += tag == observed::kProgRun;
    now_.redirected += tag == observed::kFrameStaged;
    now_.stack_drops += tag == observed::kFrameDelivered && moment.b != 0;
    if (tag != observed::kFrameReturned) return;
    now_.refused += moment.b == observed::kByFullRing;
    now_.program_drops += moment.b == observed::kByProgram;
    now_.no_skb += moment.b == observed::kNoSkb;
  }

  // Where a thread is at its end.
  void End() {
    Expect("frames that leave a staging queue and are not counted", 0, now_.left_queue);
    Expect("frames that a kthread takes and does not count", 0, now_.taken);
    now_ = {};
  }

 private:
  void Flushed(const graze::Observation& trace) {
    Expect("'processed' of a flush", now_.left_queue, trace.b);
    Expect("'drops' of a flush", now_.refused, trace.c);
    now_.left_queue = now_.refused = now_.put = 0;
    execution_.CountCheck(kCounters);
  }

  void HandedOver(const graze::Observation& trace) {
    Expect("'processed' of the redirect of an skb", now_.put, trace.b);
    Expect("'drops' of the redirect of an skb", now_.left_queue - now_.put, trace.c);
    now_.redirected += now_.put;
    now_.left_queue = now_.put = 0;
    execution_.CountCheck(kCounters);
  }

  void Consumed(const graze::Observation& trace, bool program_counted) {
    const uint64_t counted = generation_.counts_failed_skbs ? now_.no_skb : 0;
    Expect("'processed' of a kthread", now_.taken - now_.no_skb + counted, trace.b);
    Expect("'drops' of a kthread", counted + (generation_.counts_stack_drops ? now_.stack_drops : 0), trace.c);
    if (program_counted) {
      const graze::Observation& program = *(&trace + 1);
      Expect("program runs that are counted", now_.taken, program.a + program.b + program.c);
      Expect("'drop' of a program", now_.program_drops, program.b);
      Expect("'redirect' of a program", now_.redirected, program.c);
    } else {
      Expect("program runs that are not counted", 0, now_.program_runs);
    }
    const Tally before = now_;
    now_ = {.left_queue = before.left_queue, .refused = before.refused, .put = before.put};
    execution_.CountCheck(kCounters);
  }

  void Expect(const char* what, uint64_t expected, uint64_t got) {
    if (expected != got)
      execution_.Report(kCounters, std::string(what) + " is not what was seen", std::to_string(expected), std::to_string(got));
  }

  const cpumap::Generation& generation_;
  graze::Execution& execution_;
  Tally now_;
};

}  // namespace

void CheckCounters(const History& history, graze::Execution& execution) {
  if (!execution.finished()) return;
  const std::vector<graze::Observation>& moments = execution.observations();
  Laws laws(history.generation, execution);
  for (size_t i = 0; i < moments.size(); ++i) {
    const bool more = i + 1 < moments.size() && moments[i + 1].thread == moments[i].thread;
    laws.See(moments[i], more && std::string_view(moments[i + 1].tag) == observed::kTraceKthreadProg);
    if (!more) laws.End();
  }
}

}  // namespace specs

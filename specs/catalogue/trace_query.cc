// SPDX-License-Identifier: MIT
#include "specs/catalogue/trace_query.h"

#include <algorithm>
#include <map>

namespace specs {
namespace {

constexpr std::string_view kConsumer = "kthread cpumap/";
constexpr std::string_view kConsumerFunction = "cpu_map_kthread_run";

constexpr std::string_view kPoll = "napi/";
constexpr std::string_view kCallback = "rcu callback";

// True if some poll has a step for which `has` holds, and none for which `lacks` does.
template <typename Has, typename Lacks>
bool SomePoll(const graze::Violation& violation, Has has, Lacks lacks) {
  const auto& steps = violation.trace.steps;
  return std::ranges::any_of(steps, [&](const graze::TraceStep& one) {
    return one.thread.starts_with(kPoll) && has(one) &&
           std::ranges::none_of(steps, [&](const graze::TraceStep& other) { return other.thread == one.thread && lacks(other); });
  });
}

// True if some step of a poll that lies in no read-side section is one of these.
template <typename IsOne>
bool SomePollOutsideOfSections(const graze::Violation& violation, IsOne is_one) {
  std::map<std::string_view, int> depth;
  for (const graze::TraceStep& step : violation.trace.steps) {
    if (step.op == "rcu_read_lock") ++depth[step.thread];
    if (step.op == "rcu_read_unlock") --depth[step.thread];
    if (step.thread.starts_with(kPoll) && depth[step.thread] == 0 && is_one(step)) return true;
  }
  return false;
}

// Who asks kthreads to stop: work that has waited for callbacks, or, later, the free work that a callback has queued.
constexpr std::string_view kStopWork = "cpu_map_kthread_stop";
constexpr std::string_view kFreeWork = "__cpu_map_entry_free";
constexpr std::string_view kFlush = "__cpu_map_flush";

bool IsSlot(const graze::TraceStep& step) { return step.location.find(".slot[") != std::string::npos; }
bool IsPut(const graze::TraceStep& step) { return step.op == "write" && step.function == "__ptr_ring_produce" && IsSlot(step); }
std::string FrameOf(const graze::TraceStep& put) { return put.value.substr(put.value.rfind(' ') + 1); }
bool IsStaging(const graze::TraceStep& step) { return step.function == "cpu_map_enqueue" || step.function == "bq_enqueue"; }

}  // namespace

bool RanFunction(const graze::Violation& violation, std::string_view thread, std::string_view function) {
  return std::ranges::any_of(violation.trace.steps,
                             [&](const graze::TraceStep& step) { return step.thread.starts_with(thread) && step.function == function; });
}

bool IsBlockedIn(const graze::Violation& violation, std::string_view thread, std::string_view what) {
  return std::ranges::any_of(violation.trace.blocked, [&](const graze::BlockedThread& blocked) {
    return blocked.thread.starts_with(thread) && blocked.what.find(what) != std::string::npos;
  });
}

bool SleptAfterBeingWoken(const graze::Violation& violation, std::string_view waker) {
  return std::ranges::any_of(violation.trace.blocked, [&](const graze::BlockedThread& sleeper) {
    if (!sleeper.thread.starts_with(kConsumer) || !sleeper.what.starts_with("schedule()")) return false;
    // The word that the sleeper waits on is its state: a waker reads or changes it, the sleeper itself announces its sleep there.
    const graze::TraceStep* woken = nullptr;
    bool announced_after = false;
    for (const graze::TraceStep& step : violation.trace.steps) {
      // Who took what it was woken for was not woken in vain.
      if (step.thread == sleeper.thread && step.function == "__ptr_ring_discard_one") woken = nullptr;
      if (step.location != sleeper.location) continue;
      if (step.thread != sleeper.thread) {
        woken = &step;
        announced_after = false;
      } else if (step.op == "write" || step.op == "rmw") {
        announced_after = true;
      }
    }
    return woken != nullptr && woken->thread.starts_with(waker) && announced_after;
  });
}

bool WaitsForFlushBits(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.blocked, [](const graze::BlockedThread& blocked) {
    return blocked.thread.starts_with("kworker") && blocked.function == "cpu_map_free";
  });
}

bool FlushSkippedAnEmptySlot(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.steps, [](const graze::TraceStep& step) {
    return step.op == "read" && step.function == kFlush && IsSlot(step) && (step.value == "= 0" || step.value == "= NULL");
  });
}

bool FailsIn(const graze::Violation& violation, std::string_view thread, std::string_view function) {
  return violation.thread.starts_with(thread) && violation.function == function;
}

bool PutByPollAndCallback(const graze::Violation& violation) {
  const auto puts = [](const graze::TraceStep& step, std::string_view thread) { return IsPut(step) && step.thread.starts_with(thread); };
  const auto& steps = violation.trace.steps;
  return std::ranges::any_of(steps, [&](const graze::TraceStep& one) {
    return puts(one, kPoll) && std::ranges::any_of(steps, [&](const graze::TraceStep& other) {
             return puts(other, kCallback) && FrameOf(one) == FrameOf(other);
           });
  });
}

bool PutOutsideOfSections(const graze::Violation& violation) { return SomePollOutsideOfSections(violation, IsPut); }

bool FlushedOutsideOfSections(const graze::Violation& violation) {
  return SomePollOutsideOfSections(violation, [](const graze::TraceStep& step) { return step.function == kFlush; });
}

bool TookFromItsRing(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.steps, [&](const graze::TraceStep& step) {
    return step.thread == violation.thread && step.function == "__ptr_ring_discard_one";
  });
}

bool SomeCpuWent(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.steps,
                             [](const graze::TraceStep& step) { return step.op == "rmw" && step.location == "CPUs offline"; });
}

bool Lost(const graze::Violation& violation, std::string_view type) {
  return std::ranges::find(violation.objects, type) != violation.objects.end();
}

bool StagedWithoutLookingUp(const graze::Violation& violation) {
  return SomePoll(violation, IsStaging, [](const graze::TraceStep& step) { return step.function == "__cpu_map_lookup_elem"; });
}

bool EndedAPollWithoutFlush(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.steps, [&](const graze::TraceStep& end) {
    return end.op == "end" && SomePoll(
                                  violation, [&](const graze::TraceStep& step) { return step.thread == end.thread && IsStaging(step); },
                                  [](const graze::TraceStep& step) { return step.op == "call" && step.text.starts_with("flush"); });
  });
}

bool UnlinkedByAnotherTask(const graze::Violation& violation) {
  const auto& steps = violation.trace.steps;
  const auto changes_a_link = [](const graze::TraceStep& step) {
    return step.op == "write" && step.thread.starts_with(kPoll) && step.location.find("flush_node.prev") != std::string::npos;
  };
  return std::ranges::any_of(steps, [&](const graze::TraceStep& unlink) {
    if (!changes_a_link(unlink) || unlink.function != "bq_flush_to_queue") return false;
    const graze::TraceStep* link = nullptr;
    for (const graze::TraceStep& step : steps) {
      if (&step == &unlink) break;
      if (changes_a_link(step) && step.function == "bq_enqueue" && step.location == unlink.location) link = &step;
    }
    return link != nullptr && link->thread != unlink.thread;
  });
}

bool UnorderedAcrossRings(const graze::Violation& violation) {
  const auto& steps = violation.trace.steps;
  // Of whom the access is that the message puts first, and whether it is a read. Of a use after free it is the reported one.
  const auto accesses = [&](const graze::TraceStep& put, bool* reads) {
    const auto said = [&](const char* kind) {
      return violation.message.find(std::string(kind) + put.thread + " in ") != std::string::npos;
    };
    if (violation.rule == "I-RACE") {
      *reads = said("plain read by ");
      return *reads || said("plain write by ");
    }
    const auto is_the_use = [&](const graze::TraceStep& step) {
      return step.thread == put.thread && step.number < put.number && step.function == violation.function && step.file == violation.file &&
             step.line == violation.line;
    };
    const auto use = std::ranges::find_if(steps, is_the_use);
    if (violation.thread != put.thread || use == steps.end()) return false;
    *reads = use->op == "read";
    return true;
  };
  const auto is_the_other = [&](const std::string& thread) {
    const std::string& text = violation.rule == "I-RACE" ? violation.message : violation.got;
    return text.find(" by " + thread + " in ") != std::string::npos;
  };
  return std::ranges::any_of(steps, [&](const graze::TraceStep& first) {
    bool reads = false;
    if (!IsPut(first) || !accesses(first, &reads)) return false;
    // From owner to owner, until the frame comes to the other one.
    const graze::TraceStep* put = &first;
    for (int hands = 1; put != nullptr; ++hands) {
      const auto taken = std::ranges::find_if(steps, [&](const graze::TraceStep& step) {
        return step.op == "read" && step.function == "__ptr_ring_peek" && step.reads_from == put->number;
      });
      if (taken == steps.end()) return false;
      if (is_the_other(taken->thread) && (reads || hands > 1)) return true;
      const auto next = std::ranges::find_if(steps, [&](const graze::TraceStep& step) {
        return IsPut(step) && step.thread == taken->thread && step.number > taken->number && FrameOf(step) == FrameOf(*put);
      });
      put = next == steps.end() ? nullptr : &*next;
    }
    return false;
  });
}

bool LeftOnAnOldLook(const graze::Violation& violation) {
  const auto& steps = violation.trace.steps;
  return std::ranges::any_of(steps, [&](const graze::TraceStep& end) {
    if (end.op != "end" || !end.thread.starts_with(kConsumer)) return false;
    const graze::TraceStep* look = nullptr;
    for (const graze::TraceStep& step : steps) {
      if (step.thread == end.thread && step.op == "read" && step.function == "__ptr_ring_empty" && IsSlot(step)) look = &step;
    }
    if (look == nullptr) return false;
    const graze::TraceStep* filled = nullptr;
    for (const graze::TraceStep& step : steps) {
      if (step.location != look->location || step.op != "write") continue;
      if (step.function == "__ptr_ring_produce") filled = &step;
      if (step.thread == end.thread && step.number < look->number) filled = nullptr;
    }
    return filled != nullptr && look->reads_from != filled->number;
  });
}

bool StoppedAfterCallbacks(const graze::Violation& violation) {
  const auto& steps = violation.trace.steps;
  return std::ranges::any_of(steps, [&](const graze::TraceStep& stop) {
    if (stop.op == "rmw" && stop.function == kFreeWork && stop.location.ends_with(".flags")) {
      return stop.thread.find("@rcu callback") != std::string::npos || std::ranges::any_of(steps, [&](const graze::TraceStep& step) {
               return step.thread == stop.thread && step.function == "cpu_map_free";
             });
    }
    if (stop.op != "rmw" || stop.function != kStopWork || !stop.location.ends_with(".flags")) return false;
    return std::ranges::any_of(steps, [&](const graze::TraceStep& step) {
      return step.thread == stop.thread && step.op == "join" && step.function == kStopWork && step.number < stop.number;
    });
  });
}

bool ConsumerLeftWithoutRunning(const graze::Violation& violation) {
  return std::ranges::any_of(violation.trace.steps, [&](const graze::TraceStep& end) {
    if (end.op != "end" || !end.thread.starts_with(kConsumer)) return false;
    return std::ranges::none_of(violation.trace.steps, [&](const graze::TraceStep& step) {
      return step.thread == end.thread && step.function == kConsumerFunction;
    });
  });
}

}  // namespace specs

// SPDX-License-Identifier: MIT
#include "checker/explore/trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "checker/explore/names.h"
#include "checker/runtime/symbolize.h"

namespace graze::internal {
namespace {

// As whoever wrote it calls it.
const char* FenceText(FenceKind kind) {
  switch (kind) {
    case FenceKind::kAcquire: return "atomic_thread_fence(acquire)";
    case FenceKind::kRelease: return "atomic_thread_fence(release)";
    case FenceKind::kAcqRel: return "atomic_thread_fence(acq_rel)";
    case FenceKind::kSeqCst: return "atomic_thread_fence(seq_cst)";
    case FenceKind::kMb: return "smp_mb";
    case FenceKind::kRmb: return "smp_rmb";
    case FenceKind::kWmb: return "smp_wmb";
    case FenceKind::kBeforeAtomic: return "smp_mb__before_atomic";
    case FenceKind::kAfterAtomic: return "smp_mb__after_atomic";
    case FenceKind::kAfterSpinlock: return "smp_mb__after_spinlock";
    case FenceKind::kAfterUnlockLock: return "smp_mb__after_unlock_lock";
    case FenceKind::kAfterSrcuUnlock: return "smp_mb__after_srcu_read_unlock";
  }
  return "?";
}

// The kernel's words, but where the model is C11's. To the kernel's models a load that is consumed is one like any other.
const char* OrderText(MemoryOrder order, bool c11, bool rmw) {
  switch (order) {
    case MemoryOrder::kPlain: return "plain";
    case MemoryOrder::kRacy: return "racy";
    case MemoryOrder::kRelaxed: return c11 || rmw ? "relaxed" : "once";
    case MemoryOrder::kConsume: return c11 ? "consume" : "once";
    case MemoryOrder::kAcquire: return "acquire";
    case MemoryOrder::kRelease: return "release";
    case MemoryOrder::kAcqRel: return "acq_rel";
    case MemoryOrder::kSeqCst: return "seq_cst";
    case MemoryOrder::kFull: return "full";
    case MemoryOrder::kNoReturn: return "noreturn";
    case MemoryOrder::kLock: return "lock";
    case MemoryOrder::kUnlock: return "unlock";
  }
  return "?";
}

class TraceBuilder {
 public:
  TraceBuilder(const Explorer& explorer, const Violation& violation, const std::vector<Stamp>& deciding)
      : graph_(explorer.graph()),
        c11_(explorer.model_name() == "rc11"),
        runtime_(Runtime::Get()),
        violation_(violation),
        deciding_(deciding),
        hangs_(violation.kind == ViolationKind::kDeadlock || violation.kind == ViolationKind::kHungTask),
        number_(graph_.size(), 0) {}

  Trace Build() {
    for (Stamp e = 0; e < graph_.size(); ++e) {
      AddNotesBefore(graph_.event(e).tid, graph_.event(e).idx);
      const Event& event = graph_.event(e);
      if (event.is_write() && event.has(kRmw)) continue;  // shown with its read
      AddStep(e);
    }
    for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) AddNotesBefore(tid, ~0U);
    AddBlocked();
    AddObjects();
    Count();
    return std::move(trace_);
  }

 private:
  TraceStep& NewStep(ThreadId tid, Site site) {
    TraceStep& step = trace_.steps.emplace_back();
    step.number = static_cast<uint32_t>(trace_.steps.size());
    step.thread = runtime_.thread(tid).name;
    step.cpu = runtime_.thread(tid).cpu;
    if (site != nullptr) {
      const SourcePosition position = Symbolize(site);
      step.function = position.function;
      step.file = position.file;
      step.line = position.line;
    }
    return step;
  }

  // Notes of `tid` that stand before its event `idx`.
  void AddNotesBefore(ThreadId tid, uint32_t idx) {
    size_t& at = next_note_[tid];
    for (; at < runtime_.notes().size(); ++at) {
      const TraceNote& note = runtime_.notes()[at];
      if (note.thread != tid) continue;
      if (note.index > idx) break;
      TraceStep& step = NewStep(tid, note.site);
      step.op = note.kind == TraceNote::kCall ? "call" : note.kind == TraceNote::kReturn ? "return" : "note";
      step.text = note.text;
      step.important = note.kind != TraceNote::kNote;
    }
  }

  void DescribeAccess(Stamp e, TraceStep* step) {
    const Event& event = graph_.event(e);
    const LocationInfo& info = runtime_.locations().info(event.loc);
    const Object* const object = runtime_.FindObject(info.address);
    if (object != nullptr) step->object = ObjectText(runtime_, *object);
    step->location = LocationText(runtime_, info.address);
    const Runtime::LocationName* const name = runtime_.FindLocationName(info.address);
    step->internal = name != nullptr && name->internal;
    const auto text = [&](uint64_t value) { return ValueText(runtime_, info.address, info.size, value); };
    step->order = OrderText(event.order, c11_, false);
    if (event.is_write()) {
      step->op = event.order == MemoryOrder::kUnlock ? "unlock" : "write";
      const Stamp before = event.co_prev;
      uint64_t old = 0;
      const bool known = before != kInit || runtime_.InitialValue(event.loc, &old);
      if (before != kInit) old = graph_.event(before).value;
      step->value = (known ? text(old) : "?") + " -> " + text(event.value);
      return;
    }
    step->reads_from = event.rf == kInit ? 0 : number_[event.rf];
    const Stamp write = graph_.rmw_write(e);
    if (write != kNone) {
      number_[write] = step->number;
      step->order = OrderText(event.order, c11_, true);
      step->op = event.has(kLock) ? "lock" : "rmw";
      step->value = text(event.value) + " -> " + text(graph_.event(write).value);
    } else {
      step->op = event.has(kLock) ? "lock" : event.has(kRmw) ? "cas-fail" : event.has(kAwait) ? "await" : "read";
      step->value = "= " + text(event.value);
      if (event.has(kRmw)) step->order = OrderText(static_cast<MemoryOrder>(event.aux), c11_, false);
      if (event.rf != graph_.co_last(event.loc)) {
        const Stamp newer = graph_.co_succ(event.loc, event.rf);
        if (newer != kNone && newer < e) step->text = "stale: a newer value was not yet visible";
      }
    }
  }

  // An event of a domain of sleepable RCU.
  void DescribeDomain(const Event& event, TraceStep* step) {
    const uintptr_t address = runtime_.locations().info(event.loc).address;
    const Object* const object = runtime_.FindObject(address);
    if (object != nullptr) step->object = ObjectText(runtime_, *object);
    step->location = LocationText(runtime_, address);
  }

  void DescribeObject(const Event& event, TraceStep* step) {
    const Object* const object = runtime_.FindObject(event.value);
    if (object == nullptr) return;
    step->object = ObjectText(runtime_, *object);
    step->location = step->object;
  }

  void AddStep(Stamp e) {
    const Event& event = graph_.event(e);
    TraceStep& step = NewStep(event.tid, event.site);
    number_[e] = step.number;
    switch (event.kind) {
      case EventKind::kBegin: step.op = "begin"; break;
      case EventKind::kEnd: step.op = "end"; break;
      case EventKind::kCreate:
        step.op = "create";
        step.text = runtime_.thread(event.aux).name;
        break;
      case EventKind::kJoin:
        step.op = "join";
        step.text = runtime_.thread(event.aux).name;
        break;
      case EventKind::kRead:
      case EventKind::kWrite: DescribeAccess(e, &step); break;
      case EventKind::kFence:
        step.op = "fence";
        step.order = FenceText(static_cast<FenceKind>(event.aux));
        break;
      case EventKind::kRcuLock: step.op = "rcu_read_lock"; break;
      case EventKind::kRcuUnlock: step.op = "rcu_read_unlock"; break;
      case EventKind::kRcuSync:
        step.op = "grace-period";
        step.important = true;
        break;
      case EventKind::kSrcuSync:
        step.op = "srcu-grace-period";
        step.important = true;
        DescribeDomain(event, &step);
        break;
      case EventKind::kSrcuLock:
        step.op = "srcu_read_lock";
        DescribeDomain(event, &step);
        break;
      case EventKind::kSrcuUnlock:
        step.op = "srcu_read_unlock";
        DescribeDomain(event, &step);
        break;
      case EventKind::kMalloc:
        step.op = "alloc";
        DescribeObject(event, &step);
        break;
      case EventKind::kFree:
        step.op = "free";
        step.important = true;
        DescribeObject(event, &step);
        break;
      case EventKind::kTouch:
        step.op = event.aux != 0 ? "write" : "read";
        DescribeObject(event, &step);
        break;
      case EventKind::kChoose:
        step.op = "choose";
        step.value = std::to_string(event.value);
        break;
    }
    MarkImportant(e, &step);
  }

  bool Decides(Stamp e) const { return e != kNone && std::find(deciding_.begin(), deciding_.end(), e) != deciding_.end(); }

  // The last step of a thread that failed or hangs, and the steps that decide. (Where nothing hangs, who waits has nothing to do.)
  void MarkImportant(Stamp e, TraceStep* step) {
    const Event& event = graph_.event(e);
    const SimThread& thread = runtime_.thread(event.tid);
    const bool last = graph_.po_next(e) == kNone;
    const bool waits = thread.park == Park::kBlocked || thread.park == Park::kSpinning;
    if (last && (thread.park == Park::kFailed || (hangs_ && waits))) step->important = true;
    if (Decides(e) || (event.is_read() && Decides(graph_.rmw_write(e)))) step->important = true;
    if (!deciding_.empty()) return;
    if (violation_.line != 0 && step->line == violation_.line && step->file == violation_.file && step->thread == violation_.thread) {
      step->important = true;
    }
  }

  void AddBlocked() {
    for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) {
      const SimThread& thread = runtime_.thread(tid);
      if (thread.park != Park::kBlocked && thread.park != Park::kPending && thread.park != Park::kSpinning) continue;
      BlockedThread& blocked = trace_.blocked.emplace_back();
      blocked.thread = thread.name;
      blocked.what = thread.pending.what == nullptr ? "" : thread.pending.what;
      if (thread.park == Park::kBlocked) {
        const LocationInfo& info = runtime_.locations().info(thread.pending.access->loc);
        blocked.location = LocationText(runtime_, info.address);
        const Stamp last = graph_.co_last(thread.pending.access->loc);
        if ((thread.pending.access->flags & kLock) != 0 && last != kInit) blocked.waits_for = runtime_.thread(graph_.event(last).tid).name;
      } else if (thread.park == Park::kPending && thread.pending.kind == EventKind::kJoin) {
        blocked.waits_for = runtime_.thread(thread.pending.join_target).name;
      }
      const SourcePosition position = Symbolize(thread.pending.site);
      blocked.function = position.function;
      blocked.file = position.file;
      blocked.line = position.line;
    }
  }

  void AddObjects() {
    for (const Object& object : runtime_.objects()) {
      ObjectLife& life = trace_.objects.emplace_back();
      life.object = ObjectText(runtime_, object);
      life.type = object.type;
      life.alive = !object.freed;
      uint32_t last_use = 0;
      for (const TraceStep& step : trace_.steps) {
        const std::string at = " #" + std::to_string(step.number);
        if (step.op == "alloc" && step.object == life.object) life.strip.push_back("allocated" + at);
        if (step.op == "free" && step.object == life.object) life.strip.push_back("freed" + at);
        if ((step.op == "write" || step.op == "rmw") && step.object != life.object) {
          const size_t arrow = step.value.find(" -> ");
          if (arrow == std::string::npos) continue;
          if (step.value.substr(arrow + 4) == life.object) life.strip.push_back("stored in " + step.location + at);
          if (step.value.substr(0, arrow) == life.object) life.strip.push_back("taken out of " + step.location + at);
        }
        if (step.object == life.object && step.op != "alloc" && step.op != "free") last_use = step.number;
      }
      if (last_use != 0) life.strip.push_back("last used #" + std::to_string(last_use));
    }
  }

  void Count() {
    for (size_t i = 1; i < trace_.steps.size(); ++i) trace_.switches += trace_.steps[i].thread != trace_.steps[i - 1].thread;
  }

  const ExecutionGraph& graph_;
  const bool c11_;
  Runtime& runtime_;
  const Violation& violation_;
  const std::vector<Stamp>& deciding_;
  const bool hangs_;
  Trace trace_;
  std::vector<uint32_t> number_;
  std::map<ThreadId, size_t> next_note_;
};

}  // namespace

Trace BuildTrace(const Explorer& explorer, const Violation& violation, const std::vector<Stamp>& deciding) {
  Trace trace = TraceBuilder(explorer, violation, deciding).Build();
  trace.hash = explorer.CurrentHash();
  return trace;
}

}  // namespace graze::internal

// SPDX-License-Identifier: MIT
// New events: each comes in with its maximal choice; what else it could have been goes into the frame's queue.
#include <algorithm>
#include <unordered_map>

#include "checker/base/check.h"
#include "checker/explore/explorer.h"
#include "checker/explore/names.h"

namespace graze::internal {

// An execution that grows without end is a loop that waits for something in a way the engine cannot see.
void Explorer::CheckGrowth(SimThread& thread, Site site) {
  const ExecutionGraph& graph = top().graph;
  const uint32_t length = graph.length(thread.id);
  const bool long_thread = length >= options_.loop_max && length % 256 == 0;
  if (!long_thread && graph.size() < options_.events_max && length + 2 < ExecutionGraph::kEventsPerThreadMax) return;
  std::unordered_map<Site, uint32_t> visits;
  Site most = site;
  for (uint32_t idx = 0; idx < length; ++idx) {
    const Site at = graph.event(graph.at(thread.id, idx)).site;
    if (at != nullptr && ++visits[at] > visits[most]) most = at;
  }
  const bool loops = visits[most] >= options_.loop_max;
  if (!loops && graph.size() < options_.events_max && length + 2 < ExecutionGraph::kEventsPerThreadMax) return;
  Stop(loops ? std::string("unbounded loop at ") + kSitePlaceholder + " (thread '" + thread.name + "', " + std::to_string(visits[most]) +
                   " visits); wait with await() or mark the loop with spin_hint()"
       : graph.size() >= options_.events_max ? "an execution has more than " + std::to_string(options_.events_max) + " events"
                                             : "thread '" + thread.name + "' has more than " + std::to_string(length) + " events",
       most);
  Abandon(thread);
}

Stamp Explorer::JoinedEvent(const SimThread& thread, const Event& event) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  if (event.kind == EventKind::kJoin) return graph.last_of(event.aux);
  if (event.kind != EventKind::kBegin || thread.id == 0) return kNone;
  for (uint32_t idx = graph.length(event.aux); idx-- > 0;) {
    const Stamp e = graph.at(event.aux, idx);
    if (graph.event(e).kind == EventKind::kCreate && graph.event(e).aux == thread.id) return e;
  }
  CheckFailed(__FILE__, __LINE__, "a thread begins that nobody created");
}

Stamp Explorer::AddEvent(SimThread& thread, const Event& wanted) {
  ExecutionGraph& graph = top().graph;
  if (wanted.kind == EventKind::kSrcuSync && !model_->has_srcu()) {
    Stop("sleepable RCU is known to the memory model lkmm only, not to " + std::string(model_->name()));
    Abandon(thread);
  }
  CheckGrowth(thread, wanted.site);
  Event event = wanted;
  event.set(kMaxAdded);
  if (thread.rcu_depth + thread.srcu_depth > 0) event.set(kInSection);
  if (event.kind == EventKind::kChoose && guide_ != nullptr) event.value = std::min(guide_->steps[guide_step_].choice, event.aux - 1);
  const Stamp stamp = graph.Append(thread.id, event, JoinedEvent(thread, event));
  ++result_.events;
  if (guide_ != nullptr) {
    ++guide_step_;
  } else if (event.kind == EventKind::kChoose) {
    for (uint32_t value = event.aux; value-- > 1;) {
      top().queue.push_back({.kind = Choice::kChoose, .event = stamp, .value = value});
    }
  }
  if (event.kind == EventKind::kFree || event.kind == EventKind::kTouch) Rejudge(thread, stamp);
  return stamp;
}

// What stops a thread at an event: leaving its object, using an object after its free where the free is ordered before (unordered pairs
// are judged when the execution is complete), and reading what nobody wrote.
void Explorer::Rejudge(SimThread& thread, Stamp e) {
  ExecutionGraph& graph = top().graph;
  Event& event = graph.event(e);
  uintptr_t address = event.value;
  if (event.is_access()) address = runtime_.locations().info(event.loc).address;
  const Object* const overrun = event.is_access() && event.has(kRejudge) ? runtime_.FindOverrun(address) : nullptr;
  if (overrun != nullptr) {
    FailAt(thread, {.kind = ViolationKind::kWildAccess, .rule = "I-UAF", .message = "access behind the end of ", .site = event.site},
           overrun->address);
  }
  uint64_t initial = 0;
  if (event.is_read() && event.rf == kInit && !runtime_.InitialValue(event.loc, &initial)) {
    event.set(kRejudge);
    FailAt(thread,
           {.kind = ViolationKind::kUninitializedRead, .rule = "I-INIT", .message = "read of uninitialised memory", .site = event.site},
           address);
  }
  for (const Stamp f : graph.frees()) {
    const Event& free = graph.event(f);
    if (f == e || address < free.value || address >= free.value + free.aux || !graph.hb_before(f, e)) continue;
    event.set(kRejudge);
    const bool again = event.kind == EventKind::kFree;
    FailAt(thread,
           {.kind = again ? ViolationKind::kDoubleFree : ViolationKind::kUseAfterFree,
            .rule = LifetimeRuleOf(runtime_.FindObject(address)),
            .message = again ? "double free of " : "use after free of ",
            .site = event.site,
            .other = f},
           address);
  }
}

void Explorer::FailAt(SimThread& thread, Failure failure, uintptr_t address) {
  const Object* const object = runtime_.FindObject(address);
  if (object != nullptr) failure.object = object->type;
  if (failure.kind != ViolationKind::kUninitializedRead) failure.message += object != nullptr ? object->type : "an object";
  OnFailure(thread, std::move(failure), true);
  runtime_.ParkForever(Park::kFailed);
}

// Are all accesses to `loc` in the porf-prefix of `e`?
bool Explorer::AllBefore(LocId loc, Stamp e) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  for (Stamp w = graph.co_first(loc); w != kNone; w = graph.event(w).co_next) {
    if (!graph.in_porf_prefix(w, e)) return false;
  }
  for (Stamp r = graph.last_read(loc); r != kNone; r = graph.event(r).read_prev) {
    if (!graph.in_porf_prefix(r, e)) return false;
  }
  return true;
}

bool Explorer::CheckFirstAccess(SimThread& thread, const AccessOp& op) {
  const ExecutionGraph& graph = top().graph;
  if (op.loc >= has_plain_.size()) has_plain_.resize(op.loc + 1, 0);
  if (op.order == MemoryOrder::kPlain && has_plain_[op.loc] == 0) {
    has_plain_[op.loc] = 1;
    plain_locations_.push_back(op.loc);
  }
  if (graph.co_first(op.loc) != kNone || graph.last_read(op.loc) != kNone) return false;
  for (const LocId other : runtime_.locations().info(op.loc).overlaps) {
    if (graph.co_first(other) == kNone && graph.last_read(other) == kNone) continue;
    if (op.fresh && AllBefore(other, graph.last_of(thread.id))) continue;  // another object lived here
    Stop("mixed-size access: " + std::to_string(op.size) + " bytes here, " + std::to_string(runtime_.locations().info(other).size) +
             " bytes elsewhere, at " + kSitePlaceholder,
         op.site);
    Abandon(thread);
  }
  return runtime_.FindOverrun(runtime_.locations().info(op.loc).address) != nullptr;
}

// The writes that a read of `loc` by event `event` may still see, oldest first: everything co-before the newest write that is in its
// porf-prefix (or, in models where reading does not make visible, happens before it), or was read there, is overwritten.
void Explorer::CoherenceWindow(LocId loc, Stamp event, std::vector<Stamp>* from_oldest) {
  const ExecutionGraph& graph = top().graph;
  from_oldest->clear();
  from_oldest->push_back(kInit);
  const Stamp last = graph.co_last(loc);
  if (last == kInit) return;
  const Clock* const seen = model_->porf_is_coherent() ? graph.porf(event) : graph.hb(event);
  const auto is_seen = [&](Stamp e) { return seen[graph.event(e).tid] > graph.event(e).idx; };
  if (is_seen(last)) {
    from_oldest->front() = last;
    return;
  }
  position_.resize(graph.size());
  uint32_t lowest = 0;
  for (Stamp w = graph.co_first(loc); w != kNone; w = graph.event(w).co_next) {
    position_[w] = static_cast<uint32_t>(from_oldest->size());
    from_oldest->push_back(w);
    if (is_seen(w)) lowest = position_[w];
  }
  for (Stamp r = graph.last_read(loc); r != kNone; r = graph.event(r).read_prev) {
    const Stamp source = graph.event(r).rf;
    if (r == event || source == kInit || !is_seen(r)) continue;
    lowest = std::max(lowest, position_[source]);
  }
  from_oldest->erase(from_oldest->begin(), from_oldest->begin() + lowest);
}

// Has another RMW taken `source` for good, as far as a graph with `r` goes? If it can still be revisited, the conflict is what makes it
// move (see Revisits).
bool Explorer::IsSettled(LocId loc, Stamp source, Stamp r) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const Stamp next = graph.co_succ(loc, source);
  if (next == kNone || !graph.event(next).has(kRmw)) return false;
  const Stamp taker = graph.rmw_read(next);
  return graph.event(taker).rf == source && (graph.event(taker).has(kStable) || graph.in_porf_prefix(taker, r));
}

void Explorer::SetSource(Stamp r, Stamp source, uint64_t value) {
  ExecutionGraph& graph = top().graph;
  const bool synchronises = source != kInit && model_->Synchronises(graph.event(source), graph.event(r));
  graph.SetRf(r, source, synchronises);
  graph.event(r).value = value;
}

Stamp Explorer::AddRead(SimThread& thread, const AccessOp& op) {
  ExecutionGraph& graph = top().graph;
  CheckGrowth(thread, op.site);
  Event event;
  if (CheckFirstAccess(thread, op)) event.set(kRejudge);
  event.kind = EventKind::kRead;
  event.loc = op.loc;
  event.order = op.order;
  event.size = op.size;
  event.site = op.site;
  event.addr_dep = op.deps.addr;
  event.ctrl_dep = op.deps.ctrl;
  event.aux = static_cast<uint32_t>(op.failure);
  event.flags = static_cast<uint8_t>(event.flags | op.flags | kMaxAdded);
  const Stamp r = graph.Append(thread.id, event, kNone);
  ++result_.events;
  uint64_t initial = 0;
  CoherenceWindow(op.loc, r, &window_);
  if (window_.front() == kInit) runtime_.InitialValue(op.loc, &initial);
  const auto value_of = [&](Stamp w) { return w == kInit ? initial : graph.event(w).value; };
  Stamp source = window_.back();
  if (guide_ != nullptr) {
    const uint32_t back = guide_->steps[guide_step_++].choice;
    if (back < window_.size()) source = window_[window_.size() - 1 - back];
    if (back > 0) graph.event(r).clear(kMaxAdded);
  } else {
    // Rule D6, and its exception inside read-side sections (RULES.md).
    const bool only_satisfying = (op.flags & kAwait) != 0 && (op.flags & kInSection) == 0;
    for (size_t i = 0; i + 1 < window_.size(); ++i) {
      const uint64_t value = value_of(window_[i]);
      if (only_satisfying && !op.condition.SatisfiedBy(value)) continue;
      if ((op.flags & kRmw) != 0 && op.condition.SatisfiedBy(value) && IsSettled(op.loc, window_[i], r)) continue;
      top().queue.push_back({.kind = Choice::kRf, .event = r, .other = window_[i], .value = value});
    }
  }
  saw_lock_ |= (op.flags & kLock) != 0;
  graph.AddToReads(r);
  SetSource(r, source, value_of(source));
  Rejudge(thread, r);
  return r;
}

Stamp Explorer::AddWrite(SimThread& thread, const AccessOp& op, uint64_t value, bool rmw) {
  ExecutionGraph& graph = top().graph;
  Event event;
  if (!rmw) {
    CheckGrowth(thread, op.site);
    if (CheckFirstAccess(thread, op)) event.set(kRejudge);
  }
  event.kind = EventKind::kWrite;
  event.loc = op.loc;
  event.order = op.order;
  event.size = op.size;
  event.site = op.site;
  event.value = value;
  event.addr_dep = op.deps.addr;
  event.data_dep = op.deps.data;
  event.ctrl_dep = op.deps.ctrl;
  event.flags = static_cast<uint8_t>(event.flags | (rmw ? op.flags : (op.flags & kInSection)) | kMaxAdded);
  const Stamp read = rmw ? graph.last_of(thread.id) : kNone;
  const Stamp w = graph.Append(thread.id, event, kNone);
  ++result_.events;
  if (rmw) {
    const Event& half = graph.event(read);
    graph.InsertCo(w, half.rf);
    if (guide_ != nullptr) return w;
    if (!half.has(kMaxAdded) && !model_->IsConsistent(graph, w)) Abandon(thread);
    Revisits(w);
    if (!graph.IsAtomic(w)) Abandon(thread);
    return w;
  }
  CoherenceWindow(op.loc, w, &window_);
  const auto splits_rmw = [&](Stamp pred) {
    const Stamp next = graph.co_succ(op.loc, pred);
    return next != kNone && graph.event(next).has(kRmw) && graph.event(graph.rmw_read(next)).rf == pred;
  };
  if (guide_ != nullptr) {
    const uint32_t back = guide_->steps[guide_step_++].choice;
    graph.InsertCo(w, window_[window_.size() - 1 - std::min<size_t>(back, window_.size() - 1)]);
  } else {
    for (size_t i = 0; i + 1 < window_.size(); ++i) {
      if (!splits_rmw(window_[i])) top().queue.push_back({.kind = Choice::kCo, .event = w, .other = window_[i]});
    }
    graph.InsertCo(w, window_.back());
    Revisits(w);
  }
  Rejudge(thread, w);
  return w;
}

}  // namespace graze::internal

// SPDX-License-Identifier: MIT
// Which reads a new write revisits, and what becomes of a choice that is taken from the queue.
#include <algorithm>

#include "checker/base/check.h"
#include "checker/explore/explorer.h"

namespace graze::internal {

// Survives the revisit of `r` by `w`: not newer than r, or in w's porf-prefix.
bool Explorer::Kept(Stamp e, Stamp r, Stamp w) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  return e <= r || graph.in_porf_prefix(e, w);
}

// Would re-adding `e` after the revisit give exactly what it is now? (RULES.md, flag form)
bool Explorer::IsMaximal(Stamp e, Stamp r, Stamp w) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const Event& event = graph.event(e);
  if (event.kind == EventKind::kChoose) return event.value == 0;
  if (!event.is_access()) return true;
  if (!event.has(kMaxAdded)) return false;
  const Stamp from = event.is_read() ? event.rf : e;
  for (Stamp next = graph.co_succ(event.loc, from); next != kNone; next = graph.event(next).co_next) {
    if (next != w && Kept(next, r, w)) return false;
  }
  return !(event.is_read() && from != kInit && !Kept(from, r, w) && from > e);
}

// The same without flags: nothing added before `e` or kept reads from it, its source is among those, and it is co-last among them.
bool Explorer::IsMaximalDeclaratively(Stamp e, [[maybe_unused]] Stamp r, Stamp w) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const Event& event = graph.event(e);
  if (event.kind == EventKind::kChoose) return event.value == 0;
  if (!event.is_access()) return true;
  const auto previous = [&](Stamp x) { return x == kInit || x <= e || (x != w && graph.in_porf_prefix(x, w)); };
  for (Stamp x = 0; x < graph.size(); ++x) {
    if (graph.event(x).is_read() && graph.event(x).rf == e && previous(x)) return false;
  }
  const Stamp from = event.is_read() ? event.rf : e;
  if (!previous(from)) return false;
  for (Stamp next = graph.co_succ(event.loc, from); next != kNone; next = graph.event(next).co_next) {
    if (previous(next)) return false;
  }
  return true;
}

bool Explorer::MayRevisit(Stamp r, Stamp w) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const Event& write = graph.event(w);
  // Two places of w that differ only in deleted writes are one: keep the one whose successor survives.
  if (!write.has(kRmw) && write.co_next != kNone && !Kept(write.co_next, r, w)) return false;
  if (!IsMaximal(r, r, w)) return false;
  for (Stamp e = r + 1; e < graph.size(); ++e) {
    if (e == w || graph.in_porf_prefix(e, w)) continue;
    if (!IsMaximal(e, r, w)) return false;
  }
  return true;
}

// The two forms of the maximality test must agree on every read, for the first place of a write. Lock words are left out: rule D7 needs
// the flags.
void Explorer::CrossCheckRevisits(Stamp w) const {
  const ExecutionGraph& graph = frames_.back()->graph;
  const Event& write = graph.event(w);
  if (!graph.IsAtomic(w) || (write.co_next != kNone && !write.has(kRmw))) return;
  for (Stamp r = graph.last_read(write.loc); r != kNone; r = graph.event(r).read_prev) {
    if (graph.in_porf_prefix(r, w)) continue;
    bool declared = IsMaximalDeclaratively(r, r, w);
    for (Stamp e = r + 1; declared && e < graph.size(); ++e) {
      declared = e == w || graph.in_porf_prefix(e, w) || IsMaximalDeclaratively(e, r, w);
    }
    GRAZE_CHECK(declared == (!graph.event(r).has(kStable) && MayRevisit(r, w)));
  }
}

void Explorer::Revisits(Stamp w) {
  if (options_.self_check && !saw_lock_) CrossCheckRevisits(w);
  const ExecutionGraph& graph = top().graph;
  const Event& write = graph.event(w);
  // If w breaks the atomicity of another RMW, only revisits that delete that one can lead anywhere.
  const Stamp oldest_kept = graph.IsAtomic(w) ? kInit : graph.rmw_read(write.co_next);
  for (Stamp r = graph.last_read(write.loc); r != kNone; r = graph.event(r).read_prev) {
    if (graph.event(r).has(kStable) || graph.in_porf_prefix(r, w)) continue;
    if (!MayRevisit(r, w)) return;  // then no older read passes either
    if (r > oldest_kept) continue;
    top().queue.push_back({.kind = Choice::kBackward, .event = w, .other = r, .place = write.co_prev});
  }
}

void Explorer::StableClosure(const ExecutionGraph& graph, std::vector<uint8_t>* in) {
  std::vector<Clock>& closure = closure_;
  closure.assign(graph.stride(), 0);
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    const bool fixed = event.has(kStable) || !event.has(kMaxAdded) || (event.kind == EventKind::kChoose && event.value != 0);
    if (!fixed) continue;
    for (uint32_t t = 0; t < graph.stride(); ++t) closure[t] = std::max(closure[t], graph.porf(e)[t]);
  }
  in->assign(graph.size(), 0);
  for (Stamp e = 0; e < graph.size(); ++e) (*in)[e] = closure[graph.event(e).tid] > graph.event(e).idx;
}

// Level M: a graph that breaks it goes on (its descendants may not), unless the part that no descendant can lose breaks it already.
bool Explorer::KeepGoing(Stamp changed) {
  const ExecutionGraph& graph = top().graph;
  if (!model_->IsConsistent(graph, changed)) return false;
  // Looking costs as much as judging the execution at the end does: not before that has thrown one away.
  if (result_.doomed == 0 && !options_.self_check) return true;
  if (!model_->HasExtra(graph) || model_->SurelySatisfiesExtra(graph, {})) return true;
  StableClosure(graph, &stable_);
  if (model_->SurelySatisfiesExtra(graph, stable_)) return true;
  // One execution thrown away costs about as much as a few looks.
  if (looks_in_vain_ > 2 * (result_.doomed + pruned_) && !options_.self_check) return true;
  const bool holds = model_->SatisfiesExtra(graph, stable_);
  ++(holds ? looks_in_vain_ : pruned_);
  return holds;
}

bool Explorer::Apply(const Choice& choice) {
  ExecutionGraph& graph = top().graph;
  graph.Truncate(choice.event + 1);
  Event& event = graph.event(choice.event);
  switch (choice.kind) {
    case Choice::kRf:
      event.clear(kMaxAdded);
      event.set(kRejudge);
      SetSource(choice.event, choice.other, choice.value);
      if (event.has(kRmw)) {
        first_ = event.tid;
        has_first_ = true;
      }
      return KeepGoing(choice.event);
    case Choice::kCo: {
      graph.RemoveCo(choice.event);
      graph.InsertCo(choice.event, choice.other);
      event.clear(kMaxAdded);
      if (!model_->IsConsistent(graph, choice.event)) return false;
      Revisits(choice.event);
      return KeepGoing(choice.event);
    }
    case Choice::kChoose: event.value = choice.value; return true;
    case Choice::kBackward: return ApplyBackward(choice);
    case Choice::kNothing: return true;
  }
  return false;
}

bool Explorer::ApplyBackward(const Choice& choice) {
  const Stamp w = choice.event;
  const Stamp r = choice.other;
  ExecutionGraph& old = top().graph;
  if (!old.event(w).has(kRmw) && old.event(w).co_prev != choice.place) {
    old.RemoveCo(w);
    old.InsertCo(w, choice.place);
  }
  // Rule D7: a lock read that would block is taken out instead; not inside a read-side section (RULES.md).
  const bool drop_read = old.event(r).has(kLock) && !old.event(r).has(kInSection) && old.event(w).value != 0;
  kept_.clear();
  for (Stamp e = 0; e < old.size(); ++e) {
    if (Kept(e, r, w) && !(drop_read && e == r)) kept_.push_back(e);
  }
  Frame& frame = PushFrame();
  frame.graph.AssignInOrder(old, kept_, &renumbered_);
  for (const Stamp e : kept_) {
    if (old.in_porf_prefix(e, w)) frame.graph.event(renumbered_[e]).set(kStable);
  }
  const Stamp new_w = renumbered_[w];
  frame.base = frame.graph.size();
  if (!frame.graph.IsAtomic(new_w)) {  // the other RMW of the same source was not among the deleted
    PopFrame();
    return false;
  }
  if (drop_read) {
    if (KeepGoing(new_w)) return true;
    PopFrame();
    return false;
  }
  const Stamp new_r = renumbered_[r];
  SetSource(new_r, new_w, frame.graph.event(new_w).value);
  Event& read = frame.graph.event(new_r);
  read.set(kRejudge);
  if (frame.graph.co_last(read.loc) == new_w) {
    read.set(kMaxAdded);
  } else {
    read.clear(kMaxAdded);
  }
  if (read.has(kRmw)) {
    first_ = read.tid;
    has_first_ = true;
  }
  if (KeepGoing(new_r)) return true;
  PopFrame();
  return false;
}

}  // namespace graze::internal

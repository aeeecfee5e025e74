// SPDX-License-Identifier: MIT
#include "checker/explore/judge.h"

#include <algorithm>
#include <cstring>

#include "checker/base/check.h"
#include "checker/base/hash.h"
#include "checker/explore/names.h"
#include "checker/runtime/symbolize.h"

namespace graze::internal {
namespace {

uint64_t ShapeOf(std::string_view rule, ViolationKind kind, Site site, std::string_view text) {
  Hasher hasher;
  hasher.Add(rule);
  hasher.Add(static_cast<uint64_t>(kind));
  hasher.Add(reinterpret_cast<uintptr_t>(site));
  hasher.Add(text);
  return hasher.value();
}

}  // namespace

Judge::Judge(Explorer& explorer)
    : explorer_(explorer),
      graph_(explorer.graph()),
      runtime_(explorer.runtime_),
      threads_(explorer.judge_room_->threads),
      observations_(explorer.judge_room_->observations),
      objects_(explorer.judge_room_->objects),
      reported_(explorer.judge_room_->reported) {
  explorer.model_->Forget();
  explorer.model_->set_whole_stores(runtime_.whole_stores());
  explorer.model_->set_self_check(explorer.options_.self_check);
  threads_.clear();
  observations_.clear();
  objects_.clear();
  reported_.clear();
}

void Explorer::Complete() { Judge(*this).Run(); }

void Judge::Run() {
  Result& result = explorer_.result_;
  MemoryModel& model = *explorer_.model_;
  if (model.HasExtra(graph_) && !model.SatisfiesExtra(graph_, {})) {
    ++result.doomed;
    return;
  }
  CollectThreads();
  result.events_max = std::max<uint64_t>(result.events_max, graph_.size());
  result.threads_max = std::max(result.threads_max, static_cast<uint32_t>(threads_.size()));
  const auto any = [&](ThreadState state) {
    return std::any_of(threads_.begin(), threads_.end(), [&](const ThreadView& t) { return t.state == state; });
  };
  if (any(ThreadState::kAssumed)) {
    ++result.blocked;
    Dump(false);
    return;
  }
  const bool failed = any(ThreadState::kFailed);
  if (any(ThreadState::kBlocked) && !failed) {
    const bool hopeless = JudgeLiveness();
    if (!hopeless) {
      ++result.blocked;
      Dump(false);
      return;
    }
  }
  ++result.executions;
  explorer_.Checks("I-LIVE") += 1;
  ReportFailures();
  ReportRaces();
  ReportLifetimes();
  if (failed && dropped_ && !JudgeLiveness() && !added_) {
    // Nothing to report but a wait that another graph ends.
    --result.executions;
    ++result.blocked;
    Dump(false);
    return;
  }
  if (failed && !added_ && result.reason.empty()) result.reason = "an execution fails in a way that could not be judged";
  if (!failed && !hung_) {
    RunMonitors();
    if (explorer_.program_.leak_check && explorer_.options_.leak_check) ReportLeaks();
  }
  for (const auto& [rule, times] : runtime_.checks()) explorer_.Checks(rule) += times;
  if (explorer_.options_.self_check) SelfCheck();
  if (explorer_.options_.on_execution) explorer_.options_.on_execution(explorer_.CurrentHash());
  Dump(hung_);
}

void Judge::CollectThreads() {
  for (ThreadId tid = 0; tid < runtime_.thread_count(); ++tid) {
    const SimThread& thread = runtime_.thread(tid);
    ThreadView view{.id = tid, .name = {}, .state = ThreadState::kFinished, .blocked_on = {}};
    switch (thread.park) {
      case Park::kAbsent: continue;
      case Park::kFinished: break;
      case Park::kAssumed: view.state = ThreadState::kAssumed; break;
      case Park::kFailed: view.state = ThreadState::kFailed; break;
      case Park::kPending:  // only a join that can never happen is left pending
      case Park::kBlocked:
      case Park::kSpinning: view.state = ThreadState::kBlocked; break;
      case Park::kReplaying: CheckFailed(__FILE__, __LINE__, "an execution completes with a thread that has not replayed");
    }
    threads_.push_back(std::move(view));
  }
}

void Judge::NameThreads() {
  for (ThreadView& view : threads_) {
    const SimThread& thread = runtime_.thread(view.id);
    view.name = thread.name;
    if (view.state == ThreadState::kBlocked && thread.pending.what != nullptr) view.blocked_on = thread.pending.what;
  }
}

bool Judge::finished() const {
  return std::all_of(threads_.begin(), threads_.end(),
                     [&](const ThreadView& view) { return view.state == ThreadState::kFinished || runtime_.thread(view.id).daemon; });
}

// The section that a thread is in. REQUIRES rcu_depth > 0.
Stamp Judge::OpenSection(ThreadId tid) const {
  Stamp section = graph_.last_of(tid);
  while (graph_.event(section).kind != EventKind::kRcuLock) section = graph_.po_prev(section);
  return section;
}

bool Judge::ProvesNothing(Stamp e) {
  for (const ThreadView& view : threads_) {
    if (view.id == graph_.event(e).tid || view.state == ThreadState::kFinished || runtime_.thread(view.id).rcu_depth == 0) continue;
    const Stamp section = OpenSection(view.id);
    for (Stamp g = 0; g < graph_.size(); ++g) {
      const bool grace_period = graph_.event(g).kind == EventKind::kRcuSync;
      if (!grace_period || !graph_.in_porf_prefix(g, e)) continue;
      if (!explorer_.model_->HadToWait(graph_, section, g)) continue;  // it may have begun before the section
      dropped_ = true;
      return true;
    }
  }
  return false;
}

std::string Judge::Where(Stamp e) const {
  const Event& event = graph_.event(e);
  const SourcePosition position = Symbolize(event.site);
  return runtime_.thread(event.tid).name + " in " + position.function + " (" + position.file + ":" + std::to_string(position.line) + ")";
}

void Judge::ReportFailures() {
  const auto report = [&](const std::pair<ThreadId, Failure>& item) {
    const auto& [tid, failure] = item;
    if (ProvesNothing(graph_.last_of(tid))) return;
    Violation violation;
    violation.kind = failure.kind;
    violation.rule = failure.rule;
    violation.message = failure.message;
    violation.object = failure.object;
    violation.thread = runtime_.thread(tid).name;
    // Who fails by an access has it as its last event.
    std::vector<Stamp> deciding;
    const bool by_access = failure.other != kNone || failure.kind == ViolationKind::kUninitializedRead;
    if (by_access) deciding.push_back(graph_.last_of(tid));
    if (failure.other != kNone) deciding.push_back(failure.other);
    Add(std::move(violation), failure.site,
        ShapeOf(failure.rule, failure.kind, failure.site, failure.message + "@" + runtime_.thread(tid).name), {}, std::move(deciding));
  };
  for (const auto& failure : explorer_.failures_) report(failure);
  for (const auto& warning : explorer_.warnings_) report(warning);
}

void Judge::ReportRaces() {
  for (const LocId loc : explorer_.plain_locations_) ReportRacesOn(loc);
}

// If every two neighbours are ordered then all conflicting accesses are: a write and the next one in co, a read and the writes around it.
bool Judge::NeighboursAreOrdered(LocId loc, uint64_t* pairs) const {
  const auto ordered = [&](Stamp a, Stamp b) {
    const Event& one = graph_.event(a);
    const Event& two = graph_.event(b);
    if (one.order == MemoryOrder::kRacy || two.order == MemoryOrder::kRacy) return false;
    if (one.tid == two.tid) return true;
    if (one.plain() || two.plain()) ++*pairs;
    return graph_.hb_before(a, b);
  };
  for (Stamp w = graph_.co_first(loc); w != kNone; w = graph_.event(w).co_next) {
    const Stamp next = graph_.event(w).co_next;
    if (next != kNone && !ordered(w, next)) return false;
  }
  for (Stamp r = graph_.last_read(loc); r != kNone; r = graph_.event(r).read_prev) {
    const Stamp source = graph_.event(r).rf;
    const Stamp next = graph_.co_succ(loc, source);
    if (source != kInit && !ordered(source, r)) return false;
    if (next != kNone && !ordered(r, next)) return false;
  }
  return true;
}

void Judge::ReportRacesOn(LocId loc) {
  uint64_t pairs = 0;
  if (!NeighboursAreOrdered(loc, &pairs)) {
    pairs = 0;
    const auto judge = [&](Stamp a, Stamp b) {
      const Event& one = graph_.event(a);
      const Event& two = graph_.event(b);
      if (two.tid == one.tid || one.order == MemoryOrder::kRacy || two.order == MemoryOrder::kRacy || (!one.plain() && !two.plain()))
        return;
      ++pairs;
      if (graph_.hb_before(a, b) || graph_.hb_before(b, a)) return;
      if (explorer_.model_->Order(graph_, a, b) != RaceOrder::kUnordered || ProvesNothing(a) || ProvesNothing(b)) return;
      ReportRace(std::min(a, b), std::max(a, b));
    };
    for (Stamp w = graph_.co_first(loc); w != kNone; w = graph_.event(w).co_next) {
      for (Stamp other = graph_.event(w).co_next; other != kNone; other = graph_.event(other).co_next) judge(w, other);
      for (Stamp r = graph_.last_read(loc); r != kNone; r = graph_.event(r).read_prev) judge(w, r);
    }
  }
  if (pairs > 0) explorer_.Checks("I-RACE") += pairs;
}

void Judge::ReportRace(Stamp a, Stamp b) {
  raced_ = true;
  // The same two sides in the same order, however the threads were discovered.
  if (runtime_.ThreadKey(graph_.event(b).tid) < runtime_.ThreadKey(graph_.event(a).tid)) std::swap(a, b);
  const Event& one = graph_.event(a);
  const Event& two = graph_.event(b);
  Violation violation;
  violation.kind = ViolationKind::kDataRace;
  violation.rule = "I-RACE";
  violation.thread = runtime_.thread(two.tid).name;
  const uintptr_t address = runtime_.locations().info(one.loc).address;
  const Object* const object = runtime_.FindObject(address);
  violation.object = object == nullptr ? "" : object->type;
  Hasher sites;  // the pair, whichever way round
  sites.Add(std::min(reinterpret_cast<uintptr_t>(one.site), reinterpret_cast<uintptr_t>(two.site)));
  sites.Add(std::max(reinterpret_cast<uintptr_t>(one.site), reinterpret_cast<uintptr_t>(two.site)));
  const uint64_t shape = ShapeOf(violation.rule, violation.kind, nullptr, std::to_string(sites.value()));
  const auto side = [&](Stamp e) {
    const Event& event = graph_.event(e);
    return std::string(event.plain() ? "plain " : "marked ") + (event.is_write() ? "write" : "read") + " by " + Where(e);
  };
  violation.message = "data race on " + LocationText(runtime_, address) + ": " + side(a) + " and " + side(b) + " are not ordered";
  Add(std::move(violation), two.site, shape, {}, {a, b});
}

// Accesses and second frees that nothing orders against a free. Ordered ones stopped their thread already.
void Judge::ReportLifetimes() {
  if (graph_.frees().empty()) return;
  explorer_.Checks("I-UAF") += graph_.frees().size();
  std::vector<Freed>& all = explorer_.judge_room_->freed;
  all.clear();
  for (const Stamp f : graph_.frees())
    all.push_back({.begin = graph_.event(f).value, .end = graph_.event(f).value + graph_.event(f).aux, .free = f});
  std::sort(all.begin(), all.end(), [](const Freed& x, const Freed& y) { return std::pair(x.begin, x.free) < std::pair(y.begin, y.free); });
  // All frees of the object at `address`: after a double free each of them is one that somebody may come too late for. Objects overlap only
  // if they are the same.
  const auto frees_of = [&](uintptr_t address) {
    auto last = std::upper_bound(all.begin(), all.end(), address, [](uintptr_t a, const Freed& freed) { return a < freed.begin; });
    auto first = last;
    while (first != all.begin() && address < std::prev(first)->end && std::prev(first)->begin == std::prev(last)->begin) --first;
    return std::pair(first, last);
  };
  const auto judge = [&](Stamp e, const auto& frees) {
    for (auto freed = frees.first; freed != frees.second; ++freed) {
      if (freed->free != e) JudgeUse(e, freed->free);
    }
  };
  for (LocId loc = 0; loc < graph_.location_count(); ++loc) {
    if (graph_.co_first(loc) == kNone && graph_.last_read(loc) == kNone) continue;
    const auto frees = frees_of(runtime_.locations().info(loc).address);
    if (frees.first == frees.second) continue;
    for (Stamp w = graph_.co_first(loc); w != kNone; w = graph_.event(w).co_next) judge(w, frees);
    for (Stamp r = graph_.last_read(loc); r != kNone; r = graph_.event(r).read_prev) judge(r, frees);
  }
  for (Stamp e = 0; e < graph_.size(); ++e) {
    const EventKind kind = graph_.event(e).kind;
    if (kind == EventKind::kTouch || kind == EventKind::kFree) judge(e, frees_of(graph_.event(e).value));
  }
}

void Judge::JudgeUse(Stamp e, Stamp f) {
  const Event& event = graph_.event(e);
  const Event& free = graph_.event(f);
  if (event.tid == free.tid || graph_.hb_before(e, f) || graph_.hb_before(f, e)) return;
  if (explorer_.model_->IsBefore(graph_, e, f) || ProvesNothing(e) || ProvesNothing(f)) return;
  const Object* const object = runtime_.FindObject(free.value);
  const bool twice = event.kind == EventKind::kFree;
  // Two frees are alike: the same one is named in every search.
  if (twice && runtime_.ThreadKey(event.tid) < runtime_.ThreadKey(free.tid)) return JudgeUse(f, e);
  Violation violation;
  violation.kind = twice ? ViolationKind::kDoubleFree : ViolationKind::kUseAfterFree;
  violation.rule = LifetimeRuleOf(object);
  violation.object = object == nullptr ? "" : object->type;
  violation.thread = runtime_.thread(event.tid).name;
  violation.message = std::string(twice ? "double free of " : "use after free of ") + violation.object;
  violation.expected = "every access is ordered before the free";
  violation.got = "nothing orders it before the free by " + Where(f);
  const uint64_t shape = ShapeOf(violation.rule, violation.kind, event.site, violation.thread + violation.object);
  Add(std::move(violation), event.site, shape, {{f, e}}, {e, f});
}

// The grace periods that have not ended, though the graph goes on, because a thread waits inside a section that they had to wait for.
void Judge::CollectHeldBack() {
  held_back_.clear();
  for (const ThreadView& view : threads_) {
    if (view.state != ThreadState::kBlocked || runtime_.thread(view.id).rcu_depth == 0) continue;
    const Stamp section = OpenSection(view.id);
    for (Stamp g = 0; g < graph_.size(); ++g) {
      if (graph_.event(g).kind == EventKind::kRcuSync && explorer_.model_->HadToWait(graph_, section, g)) held_back_.push_back(g);
    }
  }
}

// Nothing behind one of those has.
bool Judge::Happened(Stamp e) const {
  return std::none_of(held_back_.begin(), held_back_.end(), [&](Stamp g) { return e == g || graph_.in_porf_prefix(g, e); });
}

bool Judge::IsHopeless(const SimThread& thread) {
  ExecutionGraph& graph = explorer_.top().graph;
  if (thread.park == Park::kSpinning) {
    for (uint32_t idx = thread.spin_read_from; idx < graph.length(thread.id); ++idx) {
      const Event& event = graph.event(graph.at(thread.id, idx));
      if (event.is_read() && event.rf != graph.co_last(event.loc)) return false;
    }
    return true;
  }
  const Stamp r = graph.last_of(thread.id);
  const Event& event = graph.event(r);
  GRAZE_CHECK(event.is_read() && event.has(kAwait));
  if (event.rf == graph.co_last(event.loc)) return true;  // it may go on reading the last value for ever
  // It reads an old value and will see newer ones: hopeless only if none of those that would end the wait can ever be read.
  const Stamp source = event.rf;
  const uint64_t value = event.value;
  bool hopeless = true;
  for (Stamp w = graph.co_succ(event.loc, source); hopeless && w != kNone; w = graph.event(w).co_next) {
    const uint64_t candidate = graph.event(w).value;
    // The last value, if it can be read, makes the twin of this graph that is judged instead.
    const bool ends = thread.pending.access->condition.SatisfiedBy(candidate) || graph.event(w).co_next == kNone;
    if (!ends || graph.in_porf_prefix(r, w)) continue;
    explorer_.SetSource(r, w, candidate);
    hopeless =
        !explorer_.model_->IsConsistent(graph, r) || (explorer_.model_->HasExtra(graph) && !explorer_.model_->SatisfiesExtra(graph, {}));
  }
  explorer_.SetSource(r, source, value);
  explorer_.model_->Forget();
  return hopeless || NewestBlocks(thread);
}

// What other threads saw at waits of their own may keep the last value from this one, so that no twin shows that it waits for ever on it.
// Without those reads: does the newest write that the thread can read leave it waiting?
bool Judge::NewestBlocks(const SimThread& thread) {
  MemoryModel& model = *explorer_.model_;
  const Stamp last = graph_.last_of(thread.id);
  std::vector<Stamp> order, renumbered;
  for (Stamp e = 0; e < graph_.size(); ++e) {
    const bool waits = runtime_.thread(graph_.event(e).tid).park == Park::kBlocked && graph_.po_next(e) == kNone;
    if (e == last || !waits) order.push_back(e);
  }
  if (order.size() == graph_.size()) return false;
  ExecutionGraph& alone = explorer_.judge_room_->alone;
  alone.AssignInOrder(graph_, order, &renumbered);
  const Stamp r = renumbered[last];
  const LocId loc = alone.event(r).loc;
  bool blocks = false;
  for (Stamp w = alone.co_last(loc); w != alone.event(r).rf; w = alone.event(w).co_prev) {
    if (alone.in_porf_prefix(r, w)) continue;
    const Stamp source = alone.event(r).rf;
    alone.SetRf(r, w, model.Synchronises(alone.event(w), alone.event(r)));
    const bool readable = model.IsConsistent(alone, r) && (!model.HasExtra(alone) || model.SatisfiesExtra(alone, {}));
    alone.SetRf(r, source, source != kInit && model.Synchronises(alone.event(source), alone.event(r)));
    if (!readable) continue;
    blocks = !thread.pending.access->condition.SatisfiedBy(alone.event(w).value);
    break;
  }
  model.Forget();
  return blocks;
}

// A stall is one only if nobody can go on without what has not happened. (Other graphs take the story up from there.)
bool Judge::StuckWithoutTheRest() const {
  if (held_back_.empty()) return true;
  const auto newest = [&](LocId loc) {
    Stamp w = graph_.co_last(loc);
    while (w != kInit && !Happened(w)) w = graph_.event(w).co_prev;
    return w;
  };
  const auto may_go_on = [&](const ThreadView& view) {
    const SimThread& thread = runtime_.thread(view.id);
    const uint32_t length = graph_.length(view.id);
    const uint32_t wait_from = thread.park == Park::kSpinning ? thread.spin_read_from : thread.park == Park::kBlocked ? length - 1 : length;
    for (uint32_t idx = 0; idx < wait_from; ++idx) {
      const Stamp e = graph_.at(view.id, idx);
      if (Happened(e)) continue;
      const Event& event = graph_.event(e);
      // What else would have ended a wait that ended is not known any more; the same value would.
      if (event.is_read() && event.has(kAwait)) return explorer_.ValueOf(event.loc, newest(event.loc)) == event.value;
      return event.kind != EventKind::kRcuSync && event.kind != EventKind::kJoin && event.kind != EventKind::kBegin;
    }
    return view.state == ThreadState::kBlocked && WaitEndsWith(thread, newest);
  };
  return std::none_of(threads_.begin(), threads_.end(), may_go_on);
}

// Does the thread's wait end if it reads the writes that `newest` gives for a location?
bool Judge::WaitEndsWith(const SimThread& thread, const std::function<Stamp(LocId)>& newest) const {
  if (thread.park == Park::kPending) return false;  // a join
  if (thread.park == Park::kSpinning) {
    for (uint32_t idx = thread.spin_read_from; idx < graph_.length(thread.id); ++idx) {
      const Event& event = graph_.event(graph_.at(thread.id, idx));
      if (event.is_read() && event.rf != newest(event.loc)) return true;
    }
    return false;
  }
  const LocId loc = graph_.event(graph_.last_of(thread.id)).loc;
  return thread.pending.access->condition.SatisfiedBy(explorer_.ValueOf(loc, newest(loc)));
}

bool Judge::JudgeLiveness() {
  CollectHeldBack();
  std::vector<ThreadId> hung;
  for (const ThreadView& view : threads_) {
    if (view.state != ThreadState::kBlocked) continue;
    const SimThread& thread = runtime_.thread(view.id);
    if (thread.park == Park::kPending) {
      GRAZE_CHECK(thread.pending.kind == EventKind::kJoin);
    } else if (!IsHopeless(thread)) {
      return false;
    }
    hung.push_back(view.id);
  }
  if (!StuckWithoutTheRest()) return false;
  // Thread numbers follow the order of discovery; what is reported must not.
  std::sort(hung.begin(), hung.end(), [&](ThreadId x, ThreadId y) { return runtime_.ThreadKey(x) < runtime_.ThreadKey(y); });
  std::erase_if(hung, [&](ThreadId tid) { return runtime_.thread(tid).daemon; });
  hung_ = !hung.empty();
  if (hung_) ReportHang(hung);
  return true;
}

void Judge::ReportHang(const std::vector<ThreadId>& hung) {
  // The thread to name is one that waits for an event, not one that merely waits for another thread to end.
  ThreadId named = hung.front();
  for (const ThreadId tid : hung) {
    if (runtime_.thread(tid).park != Park::kPending) {
      named = tid;
      break;
    }
  }
  const SimThread& thread = runtime_.thread(named);
  Violation violation;
  const bool others_finished = std::any_of(threads_.begin(), threads_.end(),
                                           [](const ThreadView& view) { return view.id != 0 && view.state == ThreadState::kFinished; });
  violation.kind = others_finished ? ViolationKind::kHungTask : ViolationKind::kDeadlock;
  violation.rule = "I-LIVE";
  violation.thread = thread.name;
  violation.message = thread.name + " waits for ever";
  if (thread.pending.what != nullptr) violation.message += " in " + std::string(thread.pending.what);
  violation.expected = "every wait ends in every fair execution";
  std::string who;
  for (const ThreadId tid : hung) {
    who += (who.empty() ? "" : ", ") + runtime_.thread(tid).name;
    if (runtime_.thread(tid).pending.what != nullptr) who += " in " + std::string(runtime_.thread(tid).pending.what);
  }
  violation.got = "blocked for good: " + who;
  Hasher sites;
  for (const ThreadId tid : hung) sites.Add(reinterpret_cast<uintptr_t>(runtime_.thread(tid).pending.site));
  const uint64_t shape = ShapeOf(violation.rule, violation.kind, thread.pending.site, who + std::to_string(sites.value()));
  Add(std::move(violation), thread.pending.site, shape, {});
}

void Judge::CollectViews() {
  for (const ThreadView& view : threads_) {
    for (const Observation& observation : runtime_.observations()) {
      if (observation.thread == view.id) observations_.push_back(observation);
    }
  }
  std::vector<const Object*>& objects = explorer_.judge_room_->sorted_objects;
  objects.clear();
  for (const Object& object : runtime_.objects()) objects.push_back(&object);
  std::sort(objects.begin(), objects.end(),
            [](const Object* x, const Object* y) { return std::pair(x->tid, x->idx) < std::pair(y->tid, y->idx); });
  for (const Object* const object : objects) {
    objects_.push_back(
        {.address = reinterpret_cast<const void*>(object->address), .size = object->size, .type = object->type, .freed = object->freed});
  }
}

void Judge::RunMonitors() {
  CollectViews();
  if (!explorer_.program_.at_end) return;
  NameThreads();
  explorer_.program_.at_end(*this);
}

void Judge::ReportLeaks() {
  std::vector<const ObjectView*> leaked;
  for (const ObjectView& object : objects_) {
    if (!object.freed) leaked.push_back(&object);
  }
  if (objects_.empty()) return;
  if (leaked.empty()) {
    CountCheck("I-LEAK", 1);
  } else {
    ReportLeak("I-LEAK", leaked);
  }
}

bool Judge::FinalValue(const void* address, uint64_t* value) const {
  for (const uint32_t size : {1u, 2u, 4u, 8u}) {
    const LocId loc = runtime_.locations().Find(reinterpret_cast<uintptr_t>(address), size);
    if (loc == kNoLoc || (graph_.co_first(loc) == kNone && graph_.last_read(loc) == kNone)) continue;
    // What was only read holds what was read: by now its memory may be a stack's that something else lies on.
    *value = graph_.co_first(loc) == kNone ? graph_.event(graph_.last_read(loc)).value : explorer_.CoMaxValue(loc);
    return true;
  }
  return false;
}

void Judge::Report(const char* rule, std::string message, std::string expected, std::string got) {
  for (const char* const seen : reported_) {
    if (std::strcmp(seen, rule) == 0) return;
  }
  reported_.push_back(rule);
  Violation violation;
  violation.kind = ViolationKind::kInvariant;
  violation.rule = rule;
  violation.message = std::move(message);
  violation.expected = std::move(expected);
  violation.got = std::move(got);
  const uint64_t shape = ShapeOf(rule, violation.kind, nullptr, violation.message);
  Add(std::move(violation), nullptr, shape, {});
}

void Judge::CountCheck(const char* rule, uint64_t times) { explorer_.Checks(rule) += times; }

void Judge::ReportLeak(const char* rule, const std::vector<const ObjectView*>& leaked) {
  Violation violation;
  violation.kind = ViolationKind::kLeak;
  violation.rule = rule;
  for (const ObjectView* const object : leaked) violation.objects.emplace_back(object->type);
  std::sort(violation.objects.begin(), violation.objects.end());
  std::string list;
  for (const std::string& type : violation.objects) list += (list.empty() ? "" : ", ") + type;
  violation.object = violation.objects.empty() ? "" : violation.objects.front();
  violation.message = "never freed: " + list;
  violation.expected = "every object is freed when the last thread has ended";
  violation.got = std::to_string(leaked.size()) + " alive";
  const uint64_t shape = ShapeOf(rule, violation.kind, nullptr, list);
  Add(std::move(violation), nullptr, shape, {});
}

void Judge::Add(Violation violation, Site site, uint64_t shape, const std::vector<std::pair<Stamp, Stamp>>& wanted,
                std::vector<Stamp> deciding) {
  added_ = true;
  const uint32_t size = graph_.size();
  Finding* const finding = explorer_.findings_.Note(shape, size, explorer_.result_.executions);
  if (finding == nullptr) return;
  if (site != nullptr) {
    const SourcePosition position = Symbolize(site);
    violation.function = position.function;
    violation.file = position.file;
    violation.line = position.line;
  }
  finding->violation = std::move(violation);
  finding->deciding = std::move(deciding);
  finding->size = size;
  finding->hash = explorer_.CurrentHash();
  finding->schedule = explorer_.CurrentSchedule(wanted);
}

void Judge::SelfCheck() {
  graph_.CheckInvariants();
  GRAZE_CHECK(explorer_.model_->IsConsistentFromScratch(graph_));
  for (Stamp e = 0; e < graph_.size(); ++e) GRAZE_CHECK(!graph_.event(e).is_write() || graph_.IsAtomic(e));
  if (explorer_.guide_ == nullptr) GRAZE_CHECK(explorer_.seen_.insert(explorer_.CurrentHash()).second);
}

}  // namespace graze::internal

// SPDX-License-Identifier: MIT
#include "checker/testing/lowered.h"

#include <cstddef>

#include "checker/base/check.h"

namespace graze::proof {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

}  // namespace

int LowerFence(FenceWord word, Model model) {
  const bool c11 = word == FenceWord::kAcquire || word == FenceWord::kRelease || word == FenceWord::kAcqRel || word == FenceWord::kSeqCst;
  const auto is = [](FenceWord as) { return static_cast<int>(as); };
  if (IsLkmm(model)) return is(c11 ? FenceWord::kMb : word);
  // On x86 everything but smp_mb() and C11's strongest fence is for the compiler.
  if (model == Model::kTso) return word == FenceWord::kMb || word == FenceWord::kSeqCst ? is(FenceWord::kMb) : -1;
  if (model != Model::kRc11) return -1;
  if (c11) return is(word);
  switch (word) {
    case FenceWord::kMb: return is(FenceWord::kSeqCst);
    case FenceWord::kRmb: return is(FenceWord::kAcquire);
    case FenceWord::kWmb: return is(FenceWord::kRelease);
    case FenceWord::kBeforeAtomic:
    case FenceWord::kAfterAtomic:
    case FenceWord::kAfterSpinlock: return is(word);  // AddFencesBeside
    default: return -1;
  }
}

Lowered::Lowered(const OracleGraph& graph, Model model) : model_(model) {
  for (int t = 0; t < graph.threads; ++t) AddThread(graph, t);
  all = size == kElementsMax ? ~Set{0} : Only(size) - 1;
  m = r | w;
  marked = all & ~(plain | racy);
  for (Relation* const relation : {&po, &handover, &rf, &co, &fr, &rmw, &addr, &data, &ctrl, &same_thread, &same_location}) {
    relation->size = size;
  }
  for (int t = 0; t < graph.threads; ++t) {
    Set before = 0, thread = 0;
    for (const size_t e : of_thread_[Index(t)]) thread |= Only(e);
    for (const size_t e : of_thread_[Index(t)]) {
      ForEach(before, [&](size_t earlier) { po.Add(earlier, e); });
      before |= Only(e);
      same_thread.row[e] = thread;
    }
    AddSections(graph, t);
  }
  AddCommunication(graph);
  AddHandovers(graph);
  if (IsLkmm(model)) AddSrcuNodes(graph);
}

size_t Lowered::AddElement(int thread) {
  GRAZE_CHECK(size < kElementsMax);
  of_thread_[Index(thread)].push_back(size);
  return size++;
}

void Lowered::AddThread(const OracleGraph& graph, int t) {
  const OracleThread& thread = graph.thread[Index(t)];
  int depth = 0;
  for (int i = 0; i < thread.count; ++i) {
    const EventKind kind = graph.events[Index(thread.events[Index(i)])].kind;
    depth += kind == EventKind::kRcuLock ? 1 : kind == EventKind::kRcuUnlock ? -1 : 0;
    AddEvent(graph, thread.events[Index(i)]);
  }
  if (depth > 0) open_end[Index(t)] = AddElement(t);
  if (model_ == Model::kRc11) AddFencesBeside(graph, t);
}

// C11 has no fences that order with an RMW or a lock only. Where nothing but fences is between it and an RMW or a lock that stored, such
// a one is of the strongest order, and nothing elsewhere.
void Lowered::AddFencesBeside(const OracleGraph& graph, int t) {
  const OracleThread& thread = graph.thread[Index(t)];
  const auto stored = [&](const OracleEvent& event) { return event.kind == EventKind::kWrite && event.attempt; };
  bool behind_rmw = false, behind_lock = false;
  Set waiting = 0;  // before_atomic, since the last event that was no fence
  for (int i = 0; i < thread.count; ++i) {
    const int e = thread.events[Index(i)];
    const OracleEvent& event = graph.events[Index(e)];
    const Set self = Only(element[Index(e)]);
    Set& strongest = fence[static_cast<size_t>(FenceWord::kSeqCst)];
    if (event.kind == EventKind::kFence) {
      if (event.fence == FenceWord::kBeforeAtomic) waiting |= self;
      if ((event.fence == FenceWord::kAfterAtomic && behind_rmw) || (event.fence == FenceWord::kAfterSpinlock && behind_lock)) {
        strongest |= self;
      }
      continue;
    }
    const bool lock = event.location >= kFirstLockWord;
    // The write of an RMW is the event after its read.
    const bool stores = event.kind == EventKind::kRead && event.attempt && i + 1 < thread.count &&
                        stored(graph.events[Index(thread.events[Index(i + 1)])]) &&
                        graph.events[Index(thread.events[Index(i + 1)])].other == e;
    if (stores && !lock) strongest |= waiting;
    waiting = 0;
    behind_rmw = stored(event) && !lock;
    behind_lock = stored(event) && lock;
  }
}

void Lowered::AddEvent(const OracleGraph& graph, int e) {
  const OracleEvent& event = graph.events[Index(e)];
  if (event.kind == EventKind::kRead || event.kind == EventKind::kWrite) return AddAccess(graph, e);
  const size_t self = element[Index(e)] = AddElement(event.thread);
  switch (event.kind) {
    case EventKind::kFence: {
      const int lowered = LowerFence(event.fence, model_);
      if (lowered >= 0) fence[Index(lowered)] |= Only(self);
      break;
    }
    case EventKind::kSync: sync |= Only(self); break;
    case EventKind::kSrcuSync: srcu_sync |= Only(self); break;
    case EventKind::kSrcuLock: srcu_lock |= Only(self); break;
    case EventKind::kSrcuUnlock: srcu_unlock |= Only(self); break;
    case EventKind::kFree:
      frees |= Only(self);
      if (IsLkmm(model_)) {
        w |= Only(self);
        plain |= Only(self);
      }
      break;
    default: break;
  }
  // The newest LKMM has the ends of these sections among the loads and the stores, whose values it does not care for.
  if (IsLkmm(model_) && !IsLkmm61(model_)) {
    if (event.kind == EventKind::kSrcuLock) r |= Only(self);
    if (event.kind == EventKind::kSrcuUnlock) w |= Only(self);
  }
}

void Lowered::AddAccess(const OracleGraph& graph, int e) {
  const OracleEvent& event = graph.events[Index(e)];
  const OracleThread& thread = graph.thread[Index(event.thread)];
  const bool read = event.kind == EventKind::kRead;
  bool stored = !read;
  for (int i = 0; i < thread.count; ++i) stored |= graph.events[Index(thread.events[Index(i)])].other == e && read;
  const bool strongest = event.order == Order::kUsual || (event.order == Order::kSeqCst && IsLkmm(model_));
  const bool full = event.attempt && stored && event.location < kFirstLockWord && strongest;
  // Full barriers on both sides are fences there; the newest LKMM has tags for them, TSO needs none.
  const bool fenced = full && (model_ == Model::kRc11 || IsLkmm61(model_));
  const auto add_fence = [&] { fence[Index(LowerFence(FenceWord::kMb, model_))] |= Only(AddElement(event.thread)); };
  if (fenced && read) add_fence();
  const size_t element_of = element[Index(e)] = AddElement(event.thread);
  const Set self = Only(element_of);
  (read ? r : w) |= self;
  if (event.plain) plain |= self;
  if (event.order == Order::kRacy) racy |= self;
  if (event.attempt) {
    AddRmwTags(event, self, stored);
  } else if (event.location >= kFirstLockWord) {
    ul |= self;
    release |= self;
  } else if (read) {
    const bool consumes = event.order == Order::kConsume && model_ == Model::kRc11;
    if (event.order == Order::kAcquire || event.order == Order::kSeqCst || consumes) acquire |= self;
    if (event.order == Order::kSeqCst) seq_cst |= self;
  } else {
    if (event.order == Order::kRelease || event.order == Order::kSeqCst) release |= self;
    if (event.order == Order::kSeqCst) seq_cst |= self;
  }
  const bool fenced_store = !event.attempt && !read && event.order == Order::kSeqCst && (model_ == Model::kTso || IsLkmm(model_));
  if ((fenced && !read) || fenced_store) add_fence();
}

void Lowered::AddRmwTags(const OracleEvent& event, Set self, bool stored) {
  const bool read = event.kind == EventKind::kRead;
  if (!stored) failed |= self;
  if (event.location >= kFirstLockWord) {
    if (!stored) return;
    (read ? lkr : lkw) |= self;
    if (event.tried) tried |= self;
    if (read) acquire |= self;
    return;
  }
  rmws |= self;
  if (!stored) return;
  const Order order = event.order;
  // In LKMM a C11 RMW of the strongest order is as good as the kernel's own.
  const bool seq_cst_here = order == Order::kSeqCst && !IsLkmm(model_);
  if (seq_cst_here) seq_cst |= self;
  if (order == Order::kUsual || (order == Order::kSeqCst && !seq_cst_here)) mb |= self;
  if (read && (order == Order::kAcquire || order == Order::kAcqRel || seq_cst_here)) acquire |= self;
  if (!read && (order == Order::kRelease || order == Order::kAcqRel || seq_cst_here)) release |= self;
  if (read && order == Order::kNoReturn) noreturn |= self;
}

void Lowered::AddSections(const OracleGraph& graph, int t) {
  const OracleThread& thread = graph.thread[Index(t)];
  size_t open = kElementsMax;
  for (int i = 0; i < thread.count; ++i) {
    const int e = thread.events[Index(i)];
    const size_t self = element[Index(e)];
    const EventKind kind = graph.events[Index(e)].kind;
    if (kind == EventKind::kSync) nodes.push_back({true, -1, self, self});
    if (kind == EventKind::kRcuLock) open = self;
    if (kind == EventKind::kRcuUnlock) {
      nodes.push_back({false, -1, self, open});
      open = kElementsMax;
    }
  }
  if (open != kElementsMax) nodes.push_back({false, -1, open_end[Index(t)], open});
}

void Lowered::AddCommunication(const OracleGraph& graph) {
  std::array<Set, kLocations> accesses = {};
  for (int e = 0; e < graph.size; ++e) {
    const OracleEvent& event = graph.events[Index(e)];
    if (event.location >= 0) accesses[Index(event.location)] |= Only(element[Index(e)]);
  }
  for (int l = 0; l < kLocations; ++l) {
    ForEach(accesses[Index(l)], [&](size_t a) { same_location.row[a] = accesses[Index(l)]; });
    for (int i = 0; i < graph.writes[Index(l)]; ++i) {
      for (int j = i + 1; j < graph.writes[Index(l)]; ++j) {
        co.Add(element[Index(graph.order[Index(l)][Index(i)])], element[Index(graph.order[Index(l)][Index(j)])]);
      }
    }
  }
  for (int e = 0; e < graph.size; ++e) {
    const OracleEvent& event = graph.events[Index(e)];
    const size_t self = element[Index(e)];
    const OracleThread& thread = graph.thread[Index(event.thread)];
    const auto add = [&](Relation* relation, Reads reads) {
      ForEach(reads, [&](size_t i) { relation->Add(element[Index(thread.events[i])], self); });
    };
    add(&addr, event.addr);
    add(&data, event.data);
    add(&ctrl, event.ctrl);
    if (event.kind == EventKind::kWrite && event.other >= 0) rmw.Add(element[Index(event.other)], self);
    if (event.kind != EventKind::kRead) continue;
    if (event.source != kFromInit) rf.Add(element[Index(event.source)], self);
    for (int i = graph.PositionOf(event.location, event.source) + 1; i < graph.writes[Index(event.location)]; ++i) {
      fr.Add(self, element[Index(graph.order[Index(event.location)][Index(i)])]);
    }
  }
}

void Lowered::AddHandovers(const OracleGraph& graph) {
  for (int t = 0; t < graph.threads; ++t) {
    const OracleThread& thread = graph.thread[Index(t)];
    const std::vector<size_t>& elements = of_thread_[Index(t)];
    if (thread.creation >= 0 && !elements.empty()) handover.Add(element[Index(thread.creation)], elements.front());
    for (int e = 0; e < graph.size && !elements.empty(); ++e) {
      const OracleEvent& event = graph.events[Index(e)];
      if (event.kind == EventKind::kJoin && event.other == t) handover.Add(elements.back(), element[Index(e)]);
    }
  }
}

// 6.1 has the sections of a domain nest; the newest model asks from which locks the cookie comes that an unlock is given, be it through
// memory. Sections without an unlock are none.
void Lowered::AddSrcuNodes(const OracleGraph& graph) {
  if ((srcu_lock | srcu_sync) == 0) return;
  Relation match(size);
  for (int t = 0; t < graph.threads; ++t) {
    const OracleThread& thread = graph.thread[Index(t)];
    std::array<std::vector<size_t>, kDomains> open;
    for (int i = 0; i < thread.count; ++i) {
      const int e = thread.events[Index(i)];
      const OracleEvent& event = graph.events[Index(e)];
      if (event.kind == EventKind::kSrcuSync) nodes.push_back({true, event.other, element[Index(e)], element[Index(e)]});
      if (event.kind == EventKind::kSrcuLock) open[Index(event.other)].push_back(element[Index(e)]);
      if (event.kind != EventKind::kSrcuUnlock || open[Index(event.other)].empty()) continue;
      if (IsLkmm61(model_)) match.Add(open[Index(event.other)].back(), element[Index(e)]);
      open[Index(event.other)].pop_back();
    }
  }
  if (!IsLkmm61(model_)) {
    const Relation carry_srcu_data = Star(Then(To(data, ~srcu_unlock), rf));
    match = Between(srcu_lock, Then(carry_srcu_data, data), srcu_unlock);
  }
  std::array<int, kElementsMax> domain = {};
  for (int e = 0; e < graph.size; ++e) domain[element[Index(e)]] = graph.events[Index(e)].other;
  ForEach(srcu_lock, [&](size_t lock) {
    ForEach(match.row[lock], [&](size_t unlock) {
      if (domain[lock] == domain[unlock]) nodes.push_back({false, domain[lock], unlock, lock});
    });
  });
}

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
#include "checker/testing/oracle.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "checker/base/check.h"
#include "checker/base/hash.h"
#include "checker/testing/axioms.h"
#include "checker/testing/oracle_graph.h"

namespace graze::proof {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// 128 bits, so that two different graphs are never taken for one.
struct Key {
  uint64_t low, high;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  size_t operator()(const Key& key) const { return key.low; }
};

Key KeyOf(const OracleGraph& graph) {
  Hasher hasher;
  uint64_t second = 0x9216d5d98979fb1bULL;
  const auto add = [&](uint64_t value) {
    hasher.Add(value);
    second = (second ^ value) * 0xff51afd7ed558ccdULL;
    second ^= second >> 29;
  };
  const auto name = [&](int event) -> uint64_t {
    if (event == kFromInit) return 0;
    const OracleEvent& e = graph.events[Index(event)];
    return 1 + static_cast<uint64_t>(e.thread) * 64 + static_cast<uint64_t>(e.index);
  };
  for (int t = 0; t < graph.threads; ++t) {
    const OracleThread& thread = graph.thread[Index(t)];
    add(static_cast<uint64_t>(thread.count));
    for (int i = 0; i < thread.count; ++i) {
      const OracleEvent& e = graph.events[Index(thread.events[Index(i)])];
      add(static_cast<uint64_t>(e.kind) | static_cast<uint64_t>(e.value) << 8 | name(e.source) << 40);
    }
  }
  for (int l = 0; l < kLocations; ++l) {
    for (int i = 0; i < graph.writes[Index(l)]; ++i) add(name(graph.order[Index(l)][Index(i)]));
    add(~uint64_t{0});
  }
  return {hasher.value(), second};
}

// The value an operation stores after reading `seen`; false if it stores nothing.
bool Stores(const Op& op, const OracleThread& thread, uint32_t seen, uint32_t* stored) {
  const uint32_t operand = op.value.reg >= 0 ? thread.regs[Index(op.value.reg)] : op.value.constant;
  *stored = operand;
  switch (op.kind) {
    case OpKind::kFetchAdd: *stored = seen + operand; return true;
    case OpKind::kExchange: return true;
    case OpKind::kCompareExchange:
    case OpKind::kAwaitExchange: return seen == op.expected;
    case OpKind::kLock:
    case OpKind::kTryLock: *stored = 1; return seen == 0;
    default: return false;
  }
}

bool IsReadLike(OpKind kind) {
  switch (kind) {
    case OpKind::kRead:
    case OpKind::kPlainRead:
    case OpKind::kFetchAdd:
    case OpKind::kExchange:
    case OpKind::kCompareExchange:
    case OpKind::kAwait:
    case OpKind::kAwaitExchange:
    case OpKind::kLock:
    case OpKind::kTryLock: return true;
    default: return false;
  }
}

bool IsWriteLike(OpKind kind) { return kind == OpKind::kWrite || kind == OpKind::kPlainWrite || kind == OpKind::kUnlock; }

// Whether the thread stays blocked if `op` reads `seen`.
bool Blocks(const Op& op, uint32_t seen) {
  if (op.kind == OpKind::kLock) return seen != 0;
  return (op.kind == OpKind::kAwait || op.kind == OpKind::kAwaitExchange) && seen != op.expected;
}

class Explorer {
 public:
  Explorer(const Program& program, const OracleOptions& options) : options_(options) {
    for (const Code& code : program.threads) code_.push_back(Flatten(code));
    creator_ = CreatorOf(program);
  }

  OracleResult Run() {
    OracleGraph start;
    start.threads = static_cast<int>(code_.size());
    for (int t = 0; t < start.threads; ++t) {
      if (creator_[Index(t)] >= 0) continue;
      start.thread[Index(t)].status = ThreadStatus::kReady;
      Settle(&start, t);
    }
    seen_.emplace(KeyOf(start), true);
    open_.push_back(start);
    while (!open_.empty()) {
      const OracleGraph graph = open_.back();
      open_.pop_back();
      ++result_.partial;
      Expand(graph);
      if (seen_.size() > options_.graphs_max) {
        result_ = {};
        result_.too_large = true;
        return std::move(result_);
      }
    }
    std::sort(result_.graphs.begin(), result_.graphs.end(), [](const auto& a, const auto& b) { return a.hash < b.hash; });
    return std::move(result_);
  }

 private:
  const Instruction& Next(const OracleGraph& graph, int t) const { return code_[Index(t)][Index(graph.thread[Index(t)].pc)]; }

  // Leaves the conditions that end before the thread's next operation.
  static void LeaveConditions(OracleThread* thread) {
    while (thread->conditions > 0 && thread->condition_end[Index(thread->conditions - 1)] <= thread->pc) --thread->conditions;
  }

  // Is this operation one that leaves an event?
  bool LeavesEvent(const OracleThread& thread, const Op& op) const {
    switch (op.kind) {
      case OpKind::kIf:
      case OpKind::kBranch: return false;
      case OpKind::kRcuLock: return thread.depth == 0;
      case OpKind::kRcuUnlock: return thread.depth == 1;
      case OpKind::kFence: return LowerFence(op.fence, options_.model) >= 0;
      case OpKind::kSrcuLock:
      case OpKind::kSrcuUnlock:
      case OpKind::kSrcuSync: return IsLkmm(options_.model);
      default: return true;
    }
  }

  // Runs what leaves no event, up to the next operation that does.
  void Settle(OracleGraph* graph, int t) const {
    OracleThread& thread = graph->thread[Index(t)];
    const std::vector<Instruction>& code = code_[Index(t)];
    for (; Index(thread.pc) < code.size(); ++thread.pc) {
      LeaveConditions(&thread);
      const Op& op = code[Index(thread.pc)].op;
      if (LeavesEvent(thread, op)) return;
      if (op.kind == OpKind::kIf) {
        const int16_t end = static_cast<int16_t>(thread.pc + code[Index(thread.pc)].skip);
        if (thread.regs[Index(op.reg)] != op.expected) {
          thread.pc = static_cast<int16_t>(end - 1);
          continue;
        }
        GRAZE_CHECK(thread.conditions < kConditionsMax);
        thread.condition_end[Index(thread.conditions)] = end;
        thread.condition_from[Index(thread.conditions++)] = thread.from[Index(op.reg)];
      } else if (op.kind == OpKind::kBranch) {
        thread.branched_on |= thread.from[Index(op.dep)];
      } else if (op.kind == OpKind::kRcuLock) {
        ++thread.depth;
      } else if (op.kind == OpKind::kRcuUnlock) {
        --thread.depth;
      }
    }
    thread.status = ThreadStatus::kDone;
  }

  static Reads FromOperand(const OracleThread& thread, const Op& op) { return op.value.reg >= 0 ? thread.from[Index(op.value.reg)] : 0; }

  // Fills in what an access of `op` has beside its value: order and dependencies. Waits and locks depend on branches only.
  static void Describe(const OracleThread& thread, const Op& op, OracleEvent* event) {
    event->location = static_cast<int8_t>(op.location);
    event->order = op.order;
    event->plain = op.kind == OpKind::kPlainRead || op.kind == OpKind::kPlainWrite;
    event->attempt = IsRmw(op.kind);
    event->tried = op.kind == OpKind::kTryLock;
    event->ctrl = thread.branched_on;
    const bool waits = op.kind == OpKind::kAwait || op.kind == OpKind::kAwaitExchange;
    if (waits || op.location >= kFirstLockWord) return;
    if (op.dep >= 0) event->addr = thread.from[Index(op.dep)];
    for (int i = 0; i < thread.conditions; ++i) event->ctrl |= thread.condition_from[Index(i)];
    if (event->kind == EventKind::kWrite) event->data = FromOperand(thread, op);
  }

  bool Runnable(const OracleGraph& graph, int t) const {
    if (graph.thread[Index(t)].status != ThreadStatus::kReady) return false;
    const Op& op = Next(graph, t).op;
    return op.kind != OpKind::kJoin || graph.thread[Index(op.other)].status == ThreadStatus::kDone;
  }

  void Finish(OracleGraph* graph, int t) const {
    ++graph->thread[Index(t)].pc;
    Settle(graph, t);
  }

  void Expand(const OracleGraph& graph) {
    bool any = false;
    consistent_ = 0;
    for (int t = 0; t < graph.threads; ++t) {
      if (!Runnable(graph, t)) continue;
      any = true;
      const Op& op = Next(graph, t).op;
      if (IsReadLike(op.kind)) {
        AddReads(graph, t, op);
      } else if (IsWriteLike(op.kind)) {
        AddWrites(graph, t, op);
      } else if (op.kind == OpKind::kChoose) {
        for (int value = 0; value < op.other; ++value) AddChoice(graph, t, op, static_cast<uint32_t>(value));
      } else {
        AddOther(graph, t, op);
      }
    }
    if (!any) Complete(graph);
    if (any && consistent_ == 0) ++result_.stuck;
  }

  void AddReads(const OracleGraph& graph, int t, const Op& op) {
    const int count = graph.writes[Index(op.location)];
    for (int position = options_.newest_only ? count - 1 : -1; position < count; ++position) {
      const int source = SourceAt(graph, op.location, position);
      OracleGraph next = graph;
      AddRead(&next, t, op, source);
      Push(next);
    }
  }

  // The read of `op` and, if it succeeds, the write of the RMW directly behind its source.
  void AddRead(OracleGraph* graph, int t, const Op& op, int source) const {
    OracleThread& thread = graph->thread[Index(t)];
    const uint32_t value = graph->ValueOf(source);
    const int read = graph->size;
    const Reads self = Reads{1} << thread.count;
    OracleEvent& event = graph->Append(EventKind::kRead, t);
    Describe(thread, op, &event);
    event.source = static_cast<int8_t>(source);
    event.value = value;
    if (Blocks(op, value)) {
      thread.status = ThreadStatus::kBlocked;
      return;
    }
    uint32_t stored = 0;
    const bool stores = Stores(op, thread, value, &stored);
    if (stores) AddRmwWrite(graph, t, op, read, stored, self);
    if (op.reg >= 0) {
      thread.regs[Index(op.reg)] = op.kind == OpKind::kTryLock ? stores : value;
      thread.from[Index(op.reg)] = op.kind == OpKind::kTryLock ? 0 : self;
    }
    Finish(graph, t);
  }

  // What is stored depends on the value read where it is computed from it, otherwise the value read decided that something is.
  static void AddRmwWrite(OracleGraph* graph, int t, const Op& op, int read, uint32_t value, Reads self) {
    const int write = graph->size;
    OracleEvent& event = graph->Append(EventKind::kWrite, t);
    Describe(graph->thread[Index(t)], op, &event);
    (op.kind == OpKind::kFetchAdd ? event.data : event.ctrl) |= self;
    event.other = static_cast<int8_t>(read);
    event.value = value;
    graph->InsertWrite(op.location, graph->PositionOf(op.location, graph->events[Index(read)].source) + 1, write);
  }

  void AddWrites(const OracleGraph& graph, int t, const Op& op) {
    const int count = graph.writes[Index(op.location)];
    for (int position = options_.newest_only ? count : 0; position <= count; ++position) {
      OracleGraph next = graph;
      OracleThread& thread = next.thread[Index(t)];
      const int write = next.size;
      OracleEvent& event = next.Append(EventKind::kWrite, t);
      Describe(thread, op, &event);
      event.value = op.value.reg >= 0 ? thread.regs[Index(op.value.reg)] : op.value.constant;
      if (op.kind == OpKind::kUnlock) event.value = 0;
      next.InsertWrite(op.location, position, write);
      Finish(&next, t);
      Push(next);
    }
  }

  void AddChoice(const OracleGraph& graph, int t, const Op& op, uint32_t value) {
    OracleGraph next = graph;
    next.Append(EventKind::kChoose, t).value = value;
    if (op.reg >= 0) {
      next.thread[Index(t)].regs[Index(op.reg)] = value;
      next.thread[Index(t)].from[Index(op.reg)] = 0;
    }
    Finish(&next, t);
    Push(next);
  }

  void AddOther(const OracleGraph& graph, int t, const Op& op) {
    OracleGraph next = graph;
    OracleThread& thread = next.thread[Index(t)];
    const int event = next.size;
    switch (op.kind) {
      case OpKind::kRcuLock:
        next.Append(EventKind::kRcuLock, t);
        ++thread.depth;
        break;
      case OpKind::kRcuUnlock:
        next.Append(EventKind::kRcuUnlock, t);
        --thread.depth;
        break;
      case OpKind::kSync: next.Append(EventKind::kSync, t); break;
      case OpKind::kFence: next.Append(EventKind::kFence, t).fence = op.fence; break;
      case OpKind::kSrcuLock:
        if (op.reg >= 0) {
          thread.regs[Index(op.reg)] = 0;
          thread.from[Index(op.reg)] = Reads{1} << thread.count;
        }
        next.Append(EventKind::kSrcuLock, t).other = static_cast<int8_t>(op.other);
        break;
      case OpKind::kSrcuUnlock: {
        OracleEvent& unlock = next.Append(EventKind::kSrcuUnlock, t);
        unlock.other = static_cast<int8_t>(op.other);
        unlock.data = FromOperand(thread, op);
        break;
      }
      case OpKind::kFree: next.Append(EventKind::kFree, t).other = static_cast<int8_t>(op.location); break;
      case OpKind::kSrcuSync: next.Append(EventKind::kSrcuSync, t).other = static_cast<int8_t>(op.other); break;
      case OpKind::kCreate: {
        next.Append(EventKind::kCreate, t).other = static_cast<int8_t>(op.other);
        OracleThread& child = next.thread[Index(op.other)];
        child.creation = static_cast<int8_t>(event);
        child.status = ThreadStatus::kReady;
        Settle(&next, op.other);
        break;
      }
      default:
        GRAZE_CHECK(op.kind == OpKind::kJoin);
        next.Append(EventKind::kJoin, t).other = static_cast<int8_t>(op.other);
        break;
    }
    Finish(&next, t);
    Push(next);
  }

  bool Consistent(const OracleGraph& graph) {
    ++result_.tried;
    const Verdict verdict = Judge(graph, options_.model);
    if (verdict.rcu_asked) {
      ++result_.rcu_tested;
      if (verdict.rcu_by_counting != verdict.rcu_by_fixpoint) ++result_.rcu_disagreed;
      if (!verdict.rcu_by_fixpoint) ++result_.rcu_rejected;
    }
    if (!verdict.plain_coherence) ++result_.plain_rejected;
    return verdict.consistent();
  }

  void Push(const OracleGraph& graph) {
    const auto [entry, fresh] = seen_.try_emplace(KeyOf(graph), false);
    if (fresh) {
      entry->second = Consistent(graph);
      if (entry->second) open_.push_back(graph);
    }
    if (entry->second) ++consistent_;
  }

  void Complete(OracleGraph graph) {
    CompleteGraph complete;
    for (int t = 0; t < graph.threads; ++t) {
      OracleThread& thread = graph.thread[Index(t)];
      if (thread.status == ThreadStatus::kReady) thread.status = ThreadStatus::kJoining;
    }
    const CanonicalGraph canonical = Canonical(graph);
    complete.blocked = canonical.any_blocked();
    complete.hash = canonical.Hash();
    complete.core = canonical.CoreHash();
    complete.raced = HasRace(graph, options_.model);
    complete.used_after_free = HasUseAfterFree(graph, options_.model);
    complete.hung = complete.blocked && Hung(graph, canonical, false);
    complete.hung_as_seen = complete.blocked && Hung(graph, canonical, true);
    if (options_.keep_text) {
      complete.text = canonical.ToText();
      for (const auto& thread : canonical.threads) {
        for (const CanonicalEvent& event : thread) {
          if (event.kind == CanonicalKind::kRead) complete.reads.push_back(event.value);
        }
      }
      for (int l = 0; l < kLocations; ++l) complete.last[Index(l)] = graph.ValueOf(SourceAt(graph, l, graph.writes[Index(l)] - 1));
    }
    result_.graphs.push_back(std::move(complete));
  }

  // True if every thread that is blocked at a read would be blocked by the newest write that it can read, the reads of the other blocked
  // threads left in place or taken out.
  bool Hung(const OracleGraph& graph, const CanonicalGraph& canonical, bool others_stay) {
    for (int t = 0; t < graph.threads; ++t) {
      if (!canonical.waits_at_read[Index(t)]) continue;
      OracleGraph base = WithoutLast(graph, t);
      for (int u = 0; u < graph.threads && !others_stay; ++u) {
        if (u != t && canonical.waits_at_read[Index(u)]) base = WithoutLast(base, u);
      }
      const Op& op = Next(graph, t).op;
      int position = base.writes[Index(op.location)] - 1;
      while (position >= 0 && !CanRead(base, t, op, SourceAt(base, op.location, position))) --position;
      if (!Blocks(op, base.ValueOf(SourceAt(base, op.location, position)))) return false;
    }
    return StuckWithoutTheRest(graph, others_stay);
  }

  // Takes out what lies behind grace periods that have not ended, since a thread waits in a section that they had to wait for. Are all
  // threads stuck without that?
  bool StuckWithoutTheRest(const OracleGraph& graph, bool reads_stay) const {
    OracleGraph base = graph;
    for (int t = 0; t < graph.threads && !reads_stay; ++t) {
      if (graph.thread[Index(t)].status != ThreadStatus::kBlocked) continue;
      base = WithoutLast(base, t);
      base.thread[Index(t)].status = ThreadStatus::kBlocked;
    }
    const std::array<bool, kEventsMax> happened = HappenedBeforeStall(base, options_.model);
    if (std::find(happened.begin(), happened.end(), false) == happened.end()) return true;
    const auto stays_blocked = [&](const Op& op) {
      int position = base.writes[Index(op.location)] - 1;
      while (position >= 0 && !happened[Index(SourceAt(base, op.location, position))]) --position;
      return Blocks(op, base.ValueOf(SourceAt(base, op.location, position)));
    };
    for (int t = 0; t < base.threads; ++t) {
      const OracleThread& thread = base.thread[Index(t)];
      int next = 0;
      while (next < thread.count && happened[Index(thread.events[Index(next)])]) ++next;
      if (next == thread.count) {
        if (thread.status == ThreadStatus::kBlocked && !stays_blocked(Next(base, t).op)) return false;
        continue;
      }
      const OracleEvent& event = base.events[Index(thread.events[Index(next)])];
      const bool never_began = next == 0 && thread.creation >= 0 && !happened[Index(thread.creation)];
      if (never_began || event.kind == EventKind::kSync || event.kind == EventKind::kJoin) continue;
      if (event.kind != EventKind::kRead || !stays_blocked(code_[Index(t)][Index(event.pc)].op)) return false;
    }
    return true;
  }

  static int SourceAt(const OracleGraph& graph, int location, int position) {
    return position < 0 ? kFromInit : graph.order[Index(location)][Index(position)];
  }

  // Could the next event of thread t be a read of `source`? Asked without the write that an RMW adds: what it can see decides whether the
  // thread gets stuck. (If another RMW has replaced that value, its write is newer and is asked about first; if that write cannot be read
  // it lies behind a grace period that has not ended while this thread waits, and the value is still there.)
  bool CanRead(const OracleGraph& base, int t, const Op& op, int source) {
    OracleGraph next = base;
    OracleThread& thread = next.thread[Index(t)];
    OracleEvent& event = next.Append(EventKind::kRead, t);
    Describe(thread, op, &event);
    event.source = static_cast<int8_t>(source);
    event.value = base.ValueOf(source);
    return Consistent(next);
  }

  // The graph without the last event of thread t, a read nothing depends on.
  static OracleGraph WithoutLast(const OracleGraph& graph, int t) {
    OracleGraph result = graph;
    OracleThread& thread = result.thread[Index(t)];
    const int gone = thread.events[Index(--thread.count)];
    --thread.visible;
    thread.status = ThreadStatus::kReady;
    const auto renumber = [gone](int8_t& event) { event = static_cast<int8_t>(event - (event > gone ? 1 : 0)); };
    for (int e = gone; e + 1 < result.size; ++e) result.events[Index(e)] = result.events[Index(e + 1)];
    --result.size;
    for (int e = 0; e < result.size; ++e) {
      OracleEvent& event = result.events[Index(e)];
      renumber(event.source);
      if (event.kind == EventKind::kWrite) renumber(event.other);
    }
    for (int u = 0; u < result.threads; ++u) {
      renumber(result.thread[Index(u)].creation);
      for (int i = 0; i < result.thread[Index(u)].count; ++i) renumber(result.thread[Index(u)].events[Index(i)]);
    }
    for (int l = 0; l < kLocations; ++l) {
      for (int i = 0; i < result.writes[Index(l)]; ++i) renumber(result.order[Index(l)][Index(i)]);
    }
    return result;
  }

  const OracleOptions options_;
  std::vector<std::vector<Instruction>> code_;
  std::vector<int> creator_;
  std::unordered_map<Key, bool, KeyHash> seen_;  // whether it is consistent
  std::vector<OracleGraph> open_;
  uint64_t consistent_ = 0;
  OracleResult result_;
};

}  // namespace

OracleResult BruteForce(const Program& program, const OracleOptions& options) { return Explorer(program, options).Run(); }

}  // namespace graze::proof

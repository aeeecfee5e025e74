// SPDX-License-Identifier: MIT
#include "checker/testing/interpret.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "checker/api/ops.h"
#include "checker/base/check.h"

namespace graze::proof {
namespace {

using Word = uint32_t;
constexpr unsigned kWordSize = sizeof(Word);

// What an RMW or a wait needs to know beside the value it reads.
struct Update {
  OpKind kind;
  uint64_t expected;
  uint64_t operand;
};

bool ApplyUpdate(uint64_t value, const void* arg, uint64_t* stored) {
  const Update& update = *static_cast<const Update*>(arg);
  *stored = update.kind == OpKind::kFetchAdd ? value + update.operand : update.operand;
  return update.kind == OpKind::kFetchAdd || update.kind == OpKind::kExchange || value == update.expected;
}

bool IsExpected(uint64_t value, const void* arg) { return value == *static_cast<const uint64_t*>(arg); }

MemoryOrder OrderOf(const Op& op) {
  if (op.kind == OpKind::kPlainRead || op.kind == OpKind::kPlainWrite) return MemoryOrder::kPlain;
  switch (op.order) {
    case Order::kUsual: return IsRmw(op.kind) ? MemoryOrder::kFull : MemoryOrder::kRelaxed;
    case Order::kRelaxed: return MemoryOrder::kRelaxed;
    case Order::kAcquire: return MemoryOrder::kAcquire;
    case Order::kRelease: return MemoryOrder::kRelease;
    case Order::kAcqRel: return MemoryOrder::kAcqRel;
    case Order::kSeqCst: return MemoryOrder::kSeqCst;
    case Order::kNoReturn: return MemoryOrder::kNoReturn;
    case Order::kConsume: return MemoryOrder::kConsume;
    case Order::kRacy: return MemoryOrder::kRacy;
  }
  return MemoryOrder::kRelaxed;
}

FenceKind FenceOf(FenceWord word) {
  switch (word) {
    case FenceWord::kMb: return FenceKind::kMb;
    case FenceWord::kRmb: return FenceKind::kRmb;
    case FenceWord::kWmb: return FenceKind::kWmb;
    case FenceWord::kBeforeAtomic: return FenceKind::kBeforeAtomic;
    case FenceWord::kAfterAtomic: return FenceKind::kAfterAtomic;
    case FenceWord::kAfterSpinlock: return FenceKind::kAfterSpinlock;
    case FenceWord::kAfterUnlockLock: return FenceKind::kAfterUnlockLock;
    case FenceWord::kAfterSrcuUnlock: return FenceKind::kAfterSrcuUnlock;
    case FenceWord::kAcquire: return FenceKind::kAcquire;
    case FenceWord::kRelease: return FenceKind::kRelease;
    case FenceWord::kAcqRel: return FenceKind::kAcqRel;
    case FenceWord::kSeqCst: return FenceKind::kSeqCst;
  }
  return FenceKind::kMb;
}

// One site per place in a program, the same in all programs: sites must be static.
constexpr size_t kPlacesMax = 64;

Site SiteOf(size_t thread, size_t pc) {
  static const std::array<SourceSite, kThreadsMax * kPlacesMax> sites = [] {
    std::array<SourceSite, kThreadsMax * kPlacesMax> all;
    for (size_t i = 0; i < all.size(); ++i) {
      all[i] = {
          .file = "program", .func = "thread", .line = static_cast<unsigned>(i / kPlacesMax), .col = static_cast<unsigned>(i % kPlacesMax)};
    }
    return all;
  }();
  GRAZE_CHECK(thread < kThreadsMax && pc < kPlacesMax);
  return &sites[thread * kPlacesMax + pc];
}

Site MainSite() {
  static constexpr SourceSite kSite = {.file = "program", .func = "main", .line = 0, .col = 0};
  return &kSite;
}

// A program made ready to run. Lives outside the executions; only its words are touched by checked code.
class Session {
 public:
  Session(const Program& program, bool join) : join_(join), frees_(HasKind(program, OpKind::kFree)), creators_(CreatorOf(program)) {
    for (size_t t = 0; t < program.threads.size(); ++t) {
      code_.push_back(Flatten(program.threads[t]));
      names_.push_back("T" + std::to_string(t));
      args_.push_back({this, t});
    }
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Main() {
    for (int i = 0; i < kObjects && frees_; ++i)
      objects_[static_cast<size_t>(i)] = static_cast<Word*>(Malloc(sizeof(Word), true, "Object", MainSite()));
    for (size_t t = 0; t < code_.size(); ++t) {
      if (creators_[t] < 0) Start(t, MainSite());
    }
    for (size_t t = 0; t < code_.size() && join_; ++t) {
      if (creators_[t] < 0) Join(ids_[t], "the end of the program", MainSite());
    }
  }

  CanonicalGraph Canonical(const GraphDump& dump) const;

 private:
  struct ThreadArg {
    Session* session;
    size_t thread;
  };

  static void ThreadMain(void* arg) {
    const ThreadArg& self = *static_cast<const ThreadArg*>(arg);
    self.session->RunThread(self.thread);
  }

  void Start(size_t t, Site site) { ids_[t] = Spawn(&Session::ThreadMain, &args_[t], {.name = names_[t].c_str()}, site); }

  // What a thread knows while it runs. No allocations: it lives on a fiber that may be abandoned.
  struct Locals {
    std::array<uint32_t, kRegisters> regs = {};
    std::array<DepHandle, kRegisters> from = {};
    size_t conditions = 0;
    std::array<size_t, kPlacesMax> condition_end = {};
    std::array<DepHandle, kPlacesMax> condition_from = {};

    uint64_t Value(const Operand& operand) const { return operand.reg >= 0 ? regs[static_cast<size_t>(operand.reg)] : operand.constant; }
    DepHandle From(int reg) const { return reg >= 0 ? from[static_cast<size_t>(reg)] : 0; }
    DepHandle Conditions() const {
      DepHandle all = 0;
      for (size_t i = 0; i < conditions; ++i) all = JoinDeps(all, condition_from[i]);
      return all;
    }
  };

  void RunThread(size_t t) {
    Locals locals;
    const std::vector<Instruction>& code = code_[t];
    for (size_t pc = 0; pc < code.size();) {
      while (locals.conditions > 0 && locals.condition_end[locals.conditions - 1] <= pc) --locals.conditions;
      const Op& op = code[pc].op;
      if (op.kind == OpKind::kIf) {
        const size_t reg = static_cast<size_t>(op.reg), end = pc + static_cast<size_t>(code[pc].skip);
        if (locals.regs[reg] == op.expected) {
          locals.condition_end[locals.conditions] = end;
          locals.condition_from[locals.conditions++] = locals.from[reg];
        }
        pc = locals.regs[reg] == op.expected ? pc + 1 : end;
        continue;
      }
      const Loaded result = Execute(op, locals, SiteOf(t, pc));
      if (op.reg >= 0) {
        locals.regs[static_cast<size_t>(op.reg)] = static_cast<uint32_t>(result.value);
        locals.from[static_cast<size_t>(op.reg)] = result.dep;
      }
      ++pc;
    }
  }

  static Loaded Valueless() { return {.value = 0, .dep = 0}; }

  Loaded Execute(const Op& op, const Locals& locals, Site site) {
    Word* const word = op.location >= 0 ? PlaceOf(op.location) : nullptr;
    switch (op.kind) {
      case OpKind::kRead:
      case OpKind::kPlainRead:
      case OpKind::kWrite:
      case OpKind::kPlainWrite:
      case OpKind::kFetchAdd:
      case OpKind::kExchange:
      case OpKind::kCompareExchange: return Access(op, locals, word, site);
      case OpKind::kAwait: {
        const uint64_t expected = op.expected;
        return Await(word, kWordSize, &IsExpected, &expected, OrderOf(op), "await", site);
      }
      case OpKind::kAwaitExchange: {
        const Update update{op.kind, op.expected, locals.Value(op.value)};
        AwaitRmw(word, kWordSize, &ApplyUpdate, &update, OrderOf(op), "await_exchange", site);
        return Valueless();
      }
      case OpKind::kLock: LockAcquire(word, kWordSize, "lock", site); return Valueless();
      case OpKind::kTryLock: return {.value = LockTry(word, kWordSize, site) ? uint64_t{1} : 0, .dep = 0};
      case OpKind::kFree: Free(word, site); return Valueless();
      case OpKind::kUnlock: LockRelease(word, kWordSize, site); return Valueless();
      case OpKind::kChoose: return {.value = Choose(static_cast<unsigned>(op.other), "choose", site), .dep = 0};
      case OpKind::kFence: Fence(FenceOf(op.fence), site); return Valueless();
      case OpKind::kBranch: Branch(locals.From(op.dep)); return Valueless();
      case OpKind::kCreate: Start(static_cast<size_t>(op.other), site); return Valueless();
      case OpKind::kJoin: Join(ids_[static_cast<size_t>(op.other)], "join", site); return Valueless();
      case OpKind::kIf: return Valueless();
      default: return Section(op, locals, site);
    }
  }

  static Loaded Access(const Op& op, const Locals& locals, Word* word, Site site) {
    const Deps deps{.addr = locals.From(op.dep),
                    .data = locals.From(op.value.reg),
                    .ctrl = locals.Conditions(),
                    .from_old = op.kind == OpKind::kFetchAdd};
    const uint64_t operand = locals.Value(op.value);
    if (op.kind == OpKind::kRead || op.kind == OpKind::kPlainRead) return Load(word, kWordSize, OrderOf(op), deps, site);
    if (op.kind == OpKind::kWrite || op.kind == OpKind::kPlainWrite) {
      Store(word, kWordSize, operand, OrderOf(op), deps, site);
      return Valueless();
    }
    const Update update{op.kind, op.expected, operand};
    const RmwResult result = Rmw(word, kWordSize, &ApplyUpdate, &update, OrderOf(op), MemoryOrder::kRelaxed, deps, site);
    return {.value = result.old, .dep = result.dep};
  }

  Loaded Section(const Op& op, const Locals& locals, Site site) {
    Word* const domain = &domains_[static_cast<size_t>(op.other)];
    switch (op.kind) {
      case OpKind::kRcuLock: RcuReadLock(site); break;
      case OpKind::kRcuUnlock: RcuReadUnlock(site); break;
      case OpKind::kSync: RcuSynchronize(site); break;
      case OpKind::kSrcuLock: return SrcuReadLock(domain, kWordSize, site);
      case OpKind::kSrcuUnlock: SrcuReadUnlock(domain, kWordSize, locals.Value(op.value), {.data = locals.From(op.value.reg)}, site); break;
      case OpKind::kSrcuSync: SrcuSynchronize(domain, kWordSize, site); break;
      default: GRAZE_CHECK(false);
    }
    return Valueless();
  }

  // Objects lie on the heap if any of them is freed.
  static constexpr int kObjects = kFirstLockWord - kFirstObject;
  bool IsObject(int location) const { return frees_ && location >= kFirstObject && location < kFirstLockWord; }
  Word* PlaceOf(int location) {
    return IsObject(location) ? objects_[static_cast<size_t>(location - kFirstObject)] : &words_[static_cast<size_t>(location)];
  }
  int LocationOf(uintptr_t address) const {
    for (int i = 0; i < kObjects && frees_; ++i) {
      if (reinterpret_cast<uintptr_t>(objects_[static_cast<size_t>(i)]) == address) return kFirstObject + i;
    }
    const uintptr_t offset = address - reinterpret_cast<uintptr_t>(words_.data());
    GRAZE_CHECK(offset < sizeof words_ && offset % kWordSize == 0);
    return static_cast<int>(offset / kWordSize);
  }

  const bool join_, frees_;
  const std::vector<int> creators_;
  std::vector<std::vector<Instruction>> code_;
  std::vector<std::string> names_;
  std::vector<ThreadArg> args_;
  std::array<ThreadId, kThreadsMax> ids_ = {};
  std::array<Word*, kObjects> objects_ = {};
  alignas(64) std::array<Word, kLocations> words_ = {};
  alignas(64) std::array<Word, kDomains> domains_ = {};
};

constexpr int kNotVisible = -1;

bool Visible(const EventDump& event) { return event.kind != DumpKind::kOther; }

CanonicalKind KindOf(DumpKind kind) {
  switch (kind) {
    case DumpKind::kRead: return CanonicalKind::kRead;
    case DumpKind::kWrite: return CanonicalKind::kWrite;
    case DumpKind::kRcuLock: return CanonicalKind::kRcuLock;
    case DumpKind::kRcuUnlock: return CanonicalKind::kRcuUnlock;
    case DumpKind::kRcuSync: return CanonicalKind::kSync;
    default: return CanonicalKind::kChoose;
  }
}

// Translates the engine's (thread, index) pairs into the program's.
struct Numbering {
  std::vector<int> thread;  // of the dump -> of the program, kNotVisible for the main thread
  std::vector<std::vector<int>> index;

  explicit Numbering(const GraphDump& dump) {
    for (const ThreadDump& t : dump.threads) {
      const bool ours = t.name.size() == 2 && t.name[0] == 'T';
      thread.push_back(ours ? t.name[1] - '0' : kNotVisible);
      std::vector<int>& indices = index.emplace_back();
      int next = 0;
      for (const EventDump& event : t.events) indices.push_back(Visible(event) ? next++ : kNotVisible);
    }
  }
};

CanonicalGraph Session::Canonical(const GraphDump& dump) const {
  const Numbering numbering(dump);
  CanonicalGraph graph;
  graph.threads.resize(code_.size());
  graph.blocked.resize(code_.size());
  graph.waits_at_read.resize(code_.size());
  graph.order.resize(kLocations);
  std::array<std::vector<std::pair<uint32_t, CanonicalWrite>>, kLocations> order;
  for (size_t d = 0; d < dump.threads.size(); ++d) {
    if (numbering.thread[d] == kNotVisible) continue;
    const size_t t = static_cast<size_t>(numbering.thread[d]);
    const ThreadDump& thread = dump.threads[d];
    for (size_t i = 0; i < thread.events.size(); ++i) {
      const EventDump& event = thread.events[i];
      if (!Visible(event)) continue;
      CanonicalEvent canonical{.kind = KindOf(event.kind), .value = static_cast<uint32_t>(event.value)};
      if (event.kind == DumpKind::kRead || event.kind == DumpKind::kWrite) {
        canonical.location = static_cast<int8_t>(LocationOf(event.address));
        // The engine marks a lock word with its owner; the language only knows taken and free.
        if (canonical.location >= kFirstLockWord) canonical.value = event.value != 0;
      } else if (event.kind != DumpKind::kChoose) {
        canonical.value = 0;
      }
      if (event.kind == DumpKind::kRead && event.rf_thread >= 0) {
        const size_t source = static_cast<size_t>(event.rf_thread);
        canonical.source_thread = static_cast<int8_t>(numbering.thread[source]);
        canonical.source_index = static_cast<int8_t>(numbering.index[source][event.rf_index]);
      }
      if (event.kind == DumpKind::kWrite) {
        order[static_cast<size_t>(canonical.location)].push_back(
            {event.co, {static_cast<int8_t>(t), static_cast<int8_t>(numbering.index[d][i])}});
      }
      graph.threads[t].push_back(canonical);
    }
    graph.blocked[t] = thread.end == DumpEnd::kBlocked;
    if (graph.blocked[t] && thread.waits_at != 0 && !thread.events.empty()) {
      const EventDump& last = thread.events.back();
      graph.waits_at_read[t] = last.kind == DumpKind::kRead && last.await && last.address == thread.waits_at;
    }
  }
  for (size_t l = 0; l < kLocations; ++l) {
    std::sort(order[l].begin(), order[l].end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [position, write] : order[l]) graph.order[l].push_back(write);
  }
  return graph;
}

bool WaitsShown(const GraphDump& dump, const CanonicalGraph& graph) {
  for (const ThreadDump& thread : dump.threads) {
    if (thread.end != DumpEnd::kBlocked || thread.waits_at == 0 || thread.name[0] != 'T') continue;
    if (!graph.waits_at_read[static_cast<size_t>(thread.name[1] - '0')]) return false;
  }
  return true;
}

}  // namespace

EngineOutcome RunOnEngine(const Program& program, Options options, bool join, bool keep_text) {
  EngineOutcome outcome;
  Session session(program, join);
  options.leak_check = false;
  options.on_graph = [&](const GraphDump& dump) {
    const auto failed = [](const ThreadDump& thread) { return thread.end == DumpEnd::kFailed; };
    if (dump.raced || std::any_of(dump.threads.begin(), dump.threads.end(), failed)) return;
    const CanonicalGraph graph = session.Canonical(dump);
    size_t events = 0;
    for (const auto& thread : graph.threads) events += thread.size();
    outcome.graphs.push_back({.hash = graph.Hash(),
                              .core = graph.CoreHash(),
                              .blocked = graph.any_blocked(),
                              .waits_shown = WaitsShown(dump, graph),
                              .hopeless = dump.hopeless,
                              .events = static_cast<uint32_t>(events),
                              .text = keep_text ? graph.ToText() : std::string()});
  };
  outcome.result = Explore([&session] { session.Main(); }, options);
  // Violations are confirmed by replays afterwards, which show their graphs once more.
  const uint64_t searched = outcome.result.executions + outcome.result.blocked;
  if (outcome.graphs.size() > searched) outcome.graphs.resize(searched);
  for (const Violation& violation : outcome.result.violations) {
    if (violation.kind == ViolationKind::kDataRace) {
      outcome.raced = true;
    } else if (violation.kind == ViolationKind::kUseAfterFree || violation.kind == ViolationKind::kDoubleFree) {
      outcome.used_after_free = true;
    } else if (violation.kind == ViolationKind::kDeadlock || violation.kind == ViolationKind::kHungTask) {
      outcome.stalled = true;
    } else {
      outcome.other_violation = violation.rule + ": " + violation.message;
    }
  }
  return outcome;
}

}  // namespace graze::proof

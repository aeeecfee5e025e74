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
  Session(const Program& program, bool join) : join_(join), creators_(CreatorOf(program)) {
    for (size_t t = 0; t < program.threads.size(); ++t) {
      code_.push_back(Flatten(program.threads[t]));
      names_.push_back("T" + std::to_string(t));
      args_.push_back({this, t});
    }
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Main() {
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

  void RunThread(size_t t) {
    std::array<uint32_t, kRegisters> regs = {};
    const std::vector<Instruction>& code = code_[t];
    for (size_t pc = 0; pc < code.size();) {
      const Op& op = code[pc].op;
      if (op.kind == OpKind::kIf) {
        pc += regs[static_cast<size_t>(op.reg)] == op.expected ? 1 : static_cast<size_t>(code[pc].skip);
        continue;
      }
      const uint64_t operand = op.value.reg >= 0 ? regs[static_cast<size_t>(op.value.reg)] : op.value.constant;
      const uint64_t result = Execute(op, operand, SiteOf(t, pc));
      if (op.reg >= 0) regs[static_cast<size_t>(op.reg)] = static_cast<uint32_t>(result);
      ++pc;
    }
  }

  uint64_t Execute(const Op& op, uint64_t operand, Site site) {
    Word* const word = op.location >= 0 ? &words_[static_cast<size_t>(op.location)] : nullptr;
    const uint64_t expected = op.expected;
    const Update update{op.kind, expected, operand};
    switch (op.kind) {
      case OpKind::kRead: return Load(word, kWordSize, MemoryOrder::kRelaxed, {}, site).value;
      case OpKind::kPlainRead: return Load(word, kWordSize, MemoryOrder::kPlain, {}, site).value;
      case OpKind::kWrite: Store(word, kWordSize, operand, MemoryOrder::kRelaxed, {}, site); return 0;
      case OpKind::kPlainWrite: Store(word, kWordSize, operand, MemoryOrder::kPlain, {}, site); return 0;
      case OpKind::kFetchAdd:
      case OpKind::kExchange:
      case OpKind::kCompareExchange:
        return Rmw(word, kWordSize, &ApplyUpdate, &update, MemoryOrder::kFull, MemoryOrder::kRelaxed, {}, site).old;
      case OpKind::kAwait: return Await(word, kWordSize, &IsExpected, &expected, MemoryOrder::kRelaxed, "await", site).value;
      case OpKind::kAwaitExchange: AwaitRmw(word, kWordSize, &ApplyUpdate, &update, MemoryOrder::kFull, "await_exchange", site); return 0;
      case OpKind::kLock: LockAcquire(word, kWordSize, "lock", site); return 0;
      case OpKind::kTryLock: return LockTry(word, kWordSize, site) ? 1 : 0;
      case OpKind::kUnlock: LockRelease(word, kWordSize, site); return 0;
      case OpKind::kChoose: return Choose(static_cast<unsigned>(op.other), "choose", site);
      case OpKind::kRcuLock: RcuReadLock(site); return 0;
      case OpKind::kRcuUnlock: RcuReadUnlock(site); return 0;
      case OpKind::kSync: RcuSynchronize(site); return 0;
      case OpKind::kCreate: Start(static_cast<size_t>(op.other), site); return 0;
      case OpKind::kJoin: Join(ids_[static_cast<size_t>(op.other)], "join", site); return 0;
      case OpKind::kFence: Fence(FenceKind::kMb, site); return 0;
      case OpKind::kIf: break;
    }
    return 0;
  }

  int LocationOf(uintptr_t address) const {
    const uintptr_t offset = address - reinterpret_cast<uintptr_t>(words_.data());
    GRAZE_CHECK(offset < sizeof words_ && offset % kWordSize == 0);
    return static_cast<int>(offset / kWordSize);
  }

  const bool join_;
  const std::vector<int> creators_;
  std::vector<std::vector<Instruction>> code_;
  std::vector<std::string> names_;
  std::vector<ThreadArg> args_;
  std::array<ThreadId, kThreadsMax> ids_ = {};
  alignas(64) std::array<Word, kLocations> words_ = {};
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
  options.on_graph = [&](const GraphDump& dump) {
    if (dump.raced) return;
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
    } else if (violation.kind == ViolationKind::kDeadlock || violation.kind == ViolationKind::kHungTask) {
      outcome.stalled = true;
    } else {
      outcome.other_violation = violation.rule + ": " + violation.message;
    }
  }
  return outcome;
}

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
// The third opinion: a machine with a shared memory that runs every schedule, and no notion of a graph until the run is over. Each step
// leaves a line in a log; a state that was reached before with the very same log is not continued a second time. That is no reduction: two
// schedules that differ in anything that a graph shows have different logs.
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

#include "checker/base/hash.h"
#include "checker/testing/oracle.h"

namespace graze::proof {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

struct Cell {
  uint32_t value = 0;
  int8_t thread = -1, index = -1;  // who wrote it
};

// 128 bits, so that two different states are never taken for one.
struct Key {
  uint64_t low, high;
  friend bool operator==(const Key&, const Key&) = default;
};
struct KeyHash {
  size_t operator()(const Key& key) const { return key.low; }
};

struct Task {
  size_t pc = 0;
  int depth = 0;
  bool started = true, finished = false, given_up = false, at_read = false;
  std::array<uint32_t, kRegisters> regs = {};
  int sections = 0;                              // outermost sections entered
  bool syncing = false;                          // inside synchronize_rcu
  std::array<int, kThreadsMax> waited_for = {};  // syncing: per thread the section that was open at the start, 0 if none
};

class Machine {
 public:
  Machine(const Program& program, const InterleavingOptions& options)
      : wait_(options.wait), keep_text_(options.keep_text), states_max_(options.states_max) {
    for (const Code& code : program.threads) code_.push_back(Flatten(code));
    tasks_.resize(code_.size());
    graph_.threads.resize(code_.size());
    graph_.order.resize(kLocations);
    const std::vector<int> creators = CreatorOf(program);
    for (size_t t = 0; t < code_.size(); ++t) tasks_[t].started = creators[t] < 0;
  }

  InterleavingResult Run() {
    for (size_t t = 0; t < tasks_.size(); ++t) Skip(static_cast<int>(t));
    Schedule();
    if (too_large_) return {.too_large = true};
    InterleavingResult result{.finished = {finished_.begin(), finished_.end()},
                              .blocked = {blocked_.begin(), blocked_.end()},
                              .states = seen_.size(),
                              .texts = std::move(texts_)};
    std::sort(result.finished.begin(), result.finished.end());
    std::sort(result.blocked.begin(), result.blocked.end());
    return result;
  }

 private:
  // Executes conditions, fences and inner sections: they are invisible to the others.
  void Skip(int t) {
    Task& task = tasks_[Index(t)];
    const std::vector<Instruction>& code = code_[Index(t)];
    while (task.pc < code.size()) {
      const Instruction& next = code[task.pc];
      if (next.op.kind == OpKind::kIf) {
        task.pc += task.regs[Index(next.op.reg)] == next.op.expected ? 1 : Index(next.skip);
      } else if (next.op.kind == OpKind::kFence || next.op.kind == OpKind::kBranch ||
                 (next.op.kind == OpKind::kRcuLock && task.depth > 0) || (next.op.kind == OpKind::kRcuUnlock && task.depth > 1)) {
        task.depth += next.op.kind == OpKind::kRcuLock ? 1 : next.op.kind == OpKind::kRcuUnlock ? -1 : 0;
        ++task.pc;
      } else {
        return;
      }
    }
    task.finished = true;
  }

  bool CanStep(int t) const {
    const Task& task = tasks_[Index(t)];
    if (!task.started || task.finished || task.given_up) return false;
    const Op& op = code_[Index(t)][task.pc].op;
    if (op.kind == OpKind::kJoin) return tasks_[Index(op.other)].finished;
    if (op.kind == OpKind::kSync) return !task.syncing || SectionsEnded(task);
    return !wait_ || !Unsatisfied(op);
  }

  bool SectionsEnded(const Task& task) const {
    for (size_t u = 0; u < tasks_.size(); ++u) {
      if (task.waited_for[u] != 0 && tasks_[u].depth > 0 && tasks_[u].sections == task.waited_for[u]) return false;
    }
    return true;
  }

  // The wait of `op` would not end now.
  bool Unsatisfied(const Op& op) const {
    if (op.kind == OpKind::kLock) return memory_[Index(op.location)].value != 0;
    return (op.kind == OpKind::kAwait || op.kind == OpKind::kAwaitExchange) && memory_[Index(op.location)].value != op.expected;
  }

  Key KeyOfState() const {
    Hasher hasher;
    uint64_t second = 0x9216d5d98979fb1bULL;
    const auto add = [&](uint64_t value) {
      hasher.Add(value);
      second = (second ^ value) * 0xff51afd7ed558ccdULL;
      second ^= second >> 29;
    };
    for (size_t t = 0; t < tasks_.size(); ++t) {
      const Task& task = tasks_[t];
      add(task.pc | uint64_t{task.given_up} << 16 | uint64_t{task.syncing} << 17 | uint64_t{graph_.threads[t].size()} << 32);
      for (const int section : task.waited_for) add(static_cast<uint64_t>(task.syncing ? section : 0));
      for (const CanonicalEvent& event : graph_.threads[t]) {
        add(static_cast<uint64_t>(event.kind) | static_cast<uint64_t>(event.location + 1) << 8 |
            static_cast<uint64_t>(event.source_thread + 1) << 16 | static_cast<uint64_t>(event.source_index + 1) << 24 |
            static_cast<uint64_t>(event.value) << 32);
      }
    }
    for (const std::vector<CanonicalWrite>& writes : graph_.order) {
      for (const CanonicalWrite& write : writes) add(static_cast<uint64_t>(write.thread) << 8 | static_cast<uint64_t>(write.index));
      add(~uint64_t{0});
    }
    return {hasher.value(), second};
  }

  void Schedule() {
    if (!seen_.insert(KeyOfState()).second) return;
    too_large_ |= seen_.size() > states_max_;
    bool any = false;
    for (int t = 0; t < static_cast<int>(tasks_.size()) && !too_large_; ++t) {
      if (!CanStep(t)) continue;
      any = true;
      const Op& op = code_[Index(t)][tasks_[Index(t)].pc].op;
      const int branches = op.kind == OpKind::kChoose ? op.other : 1;
      for (int branch = 0; branch < branches; ++branch) StepAndUndo(t, op, static_cast<uint32_t>(branch));
    }
    if (!any && !too_large_) Record();
  }

  // Undoing by copies: this is the oracle's oracle, speed is no concern.
  void StepAndUndo(int t, const Op& op, uint32_t branch) {
    const std::vector<Task> tasks = tasks_;
    const std::array<Cell, kLocations> memory = memory_;
    const CanonicalGraph graph = graph_;
    Step(t, op, branch);
    Schedule();
    tasks_ = tasks;
    memory_ = memory;
    graph_ = graph;
  }

  void Record() {
    graph_.blocked.clear();
    graph_.waits_at_read.clear();
    for (const Task& task : tasks_) {
      graph_.blocked.push_back(task.started && !task.finished);
      graph_.waits_at_read.push_back(task.at_read);
    }
    (graph_.any_blocked() ? blocked_ : finished_).insert(graph_.Hash());
    if (keep_text_) texts_[graph_.Hash()] = graph_.ToText();
  }

  void Mark(int t, CanonicalKind kind, uint32_t value) { graph_.threads[Index(t)].push_back({.kind = kind, .value = value}); }

  uint32_t ReadCell(int t, int location) {
    const Cell& cell = memory_[Index(location)];
    graph_.threads[Index(t)].push_back({.kind = CanonicalKind::kRead,
                                        .location = static_cast<int8_t>(location),
                                        .source_thread = cell.thread,
                                        .source_index = cell.index,
                                        .value = cell.value});
    return cell.value;
  }

  void WriteCell(int t, int location, uint32_t value) {
    const int8_t index = static_cast<int8_t>(graph_.threads[Index(t)].size());
    memory_[Index(location)] = {.value = value, .thread = static_cast<int8_t>(t), .index = index};
    graph_.threads[Index(t)].push_back({.kind = CanonicalKind::kWrite, .location = static_cast<int8_t>(location), .value = value});
    graph_.order[Index(location)].push_back({static_cast<int8_t>(t), index});
  }

  void GiveUp(int t) { tasks_[Index(t)].given_up = tasks_[Index(t)].at_read = true; }

  void StartGracePeriod(int t) {
    Task& task = tasks_[Index(t)];
    task.syncing = true;
    for (size_t u = 0; u < tasks_.size(); ++u) task.waited_for[u] = tasks_[u].depth > 0 ? tasks_[u].sections : 0;
  }

  void Step(int t, const Op& op, uint32_t branch) {
    Task& task = tasks_[Index(t)];
    const uint32_t operand = op.value.reg >= 0 ? task.regs[Index(op.value.reg)] : op.value.constant;
    uint32_t result = 0;
    switch (op.kind) {
      case OpKind::kRead:
      case OpKind::kPlainRead: result = ReadCell(t, op.location); break;
      case OpKind::kWrite:
      case OpKind::kPlainWrite: WriteCell(t, op.location, operand); break;
      case OpKind::kFetchAdd:
        result = ReadCell(t, op.location);
        WriteCell(t, op.location, result + operand);
        break;
      case OpKind::kExchange:
        result = ReadCell(t, op.location);
        WriteCell(t, op.location, operand);
        break;
      case OpKind::kCompareExchange:
        result = ReadCell(t, op.location);
        if (result == op.expected) WriteCell(t, op.location, operand);
        break;
      case OpKind::kAwait:
      case OpKind::kAwaitExchange:
        if (ReadCell(t, op.location) != op.expected) return GiveUp(t);
        if (op.kind == OpKind::kAwaitExchange) WriteCell(t, op.location, operand);
        break;
      case OpKind::kLock:
        if (ReadCell(t, op.location) != 0) return GiveUp(t);
        WriteCell(t, op.location, 1);
        break;
      case OpKind::kTryLock:
        result = ReadCell(t, op.location) == 0 ? 1 : 0;
        if (result == 1) WriteCell(t, op.location, 1);
        break;
      case OpKind::kUnlock: WriteCell(t, op.location, 0); break;
      case OpKind::kChoose:
        result = branch;
        Mark(t, CanonicalKind::kChoose, branch);
        break;
      case OpKind::kRcuLock:
        ++task.depth;
        ++task.sections;
        Mark(t, CanonicalKind::kRcuLock, 0);
        break;
      case OpKind::kRcuUnlock:
        --task.depth;
        Mark(t, CanonicalKind::kRcuUnlock, 0);
        break;
      case OpKind::kSync:
        if (!task.syncing) return StartGracePeriod(t);
        task.syncing = false;
        Mark(t, CanonicalKind::kSync, 0);
        break;
      case OpKind::kCreate: tasks_[Index(op.other)].started = true; break;
      default: break;  // joins, and frees, which change nothing that an execution consists of
    }
    if (op.reg >= 0) task.regs[Index(op.reg)] = result;
    ++task.pc;
    Skip(t);
  }

  std::vector<std::vector<Instruction>> code_;
  std::vector<Task> tasks_;
  std::array<Cell, kLocations> memory_;
  CanonicalGraph graph_;
  std::unordered_set<Key, KeyHash> seen_;
  std::unordered_set<uint64_t> finished_, blocked_;
  std::map<uint64_t, std::string> texts_;
  const bool wait_, keep_text_;
  const size_t states_max_;
  bool too_large_ = false;
};

}  // namespace

InterleavingResult Interleave(const Program& program, const InterleavingOptions& options) { return Machine(program, options).Run(); }

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
#include "checker/testing/program.h"

#include <array>
#include <cstddef>

namespace graze::proof {
namespace {

constexpr const char* kKindNames[kOpKinds] = {
    "read",    "write",      "fetch_add",   "exchange", "cas",           "await",           "await_exchange",   "lock",
    "trylock", "unlock",     "choose",      "if",       "rcu_read_lock", "rcu_read_unlock", "synchronize_rcu",  "create",
    "join",    "plain read", "plain write", "fence",    "branch",        "srcu_read_lock",  "srcu_read_unlock", "synchronize_srcu",
    "free"};
constexpr const char* kOrderNames[kOrders] = {"", "relaxed", "acquire", "release", "acq_rel", "seq_cst", "noreturn", "consume", "racy"};
constexpr const char* kFenceNames[kFenceWords] = {"fence",
                                                  "rmb",
                                                  "wmb",
                                                  "before_atomic",
                                                  "after_atomic",
                                                  "after_spinlock",
                                                  "after_unlock_lock",
                                                  "after_srcu_unlock",
                                                  "acquire_fence",
                                                  "release_fence",
                                                  "acq_rel_fence",
                                                  "seq_cst_fence"};

uint32_t Bit(OpKind kind) { return 1U << static_cast<unsigned>(kind); }

uint32_t KindsOfCode(const Code& code) {
  uint32_t kinds = 0;
  for (const Op& op : code) kinds |= Bit(op.kind) | KindsOfCode(op.body);
  return kinds;
}

std::string Name(int location) { return kLocationNames[location]; }
std::string Register(int reg) { return "r" + std::to_string(reg); }
std::string Text(const Operand& operand) { return operand.reg >= 0 ? Register(operand.reg) : std::to_string(operand.constant); }

std::string ToText(const Code& code) {
  std::string text;
  for (const Op& op : code) text += (text.empty() ? "" : "; ") + ToText(op);
  return text;
}

// What a thread holds at some point of its code, as far as the text alone tells.
struct Holding {
  int depth = 0;                           // of read-side sections
  std::array<bool, kLocations> held = {};  // lock words
  std::array<int, kRegisters> tried = {};  // 1 + lock word whose trylock result the register still holds
};

class FormChecker {
 public:
  explicit FormChecker(const Program& program) : program_(program), created_by_(program.threads.size(), -1) {}

  bool Check() {
    if (program_.threads.empty() || program_.threads.size() > kThreadsMax) return Broken("number of threads");
    for (size_t t = 0; t < program_.threads.size(); ++t) {
      thread_ = static_cast<int>(t);
      joined_ = {};
      Holding holding;
      if (!Walk(program_.threads[t], true, &holding)) return false;
      if (holding.depth != 0) return Broken("section left open");
    }
    return EveryThreadStarts();
  }
  const std::string& why() const { return why_; }

 private:
  bool Broken(const char* what) {
    why_ = "T" + std::to_string(thread_) + ": " + what;
    return false;
  }

  bool EveryThreadStarts() {
    for (size_t t = 0; t < created_by_.size(); ++t) {
      int ancestor = static_cast<int>(t);
      for (size_t step = 0; created_by_[static_cast<size_t>(ancestor)] >= 0; ++step) {
        if (step > created_by_.size()) return Broken("threads create each other");
        ancestor = created_by_[static_cast<size_t>(ancestor)];
      }
    }
    return true;
  }

  bool Walk(const Code& code, bool top, Holding* holding) {
    for (const Op& op : code) {
      if (!Operands(op)) return Broken("operand out of range");
      if (op.kind == OpKind::kIf ? !WalkIf(op, holding) : !Step(op, top, holding)) return false;
      if (op.kind != OpKind::kIf && op.reg >= 0) {
        holding->tried[static_cast<size_t>(op.reg)] = op.kind == OpKind::kTryLock ? op.location + 1 : 0;
      }
    }
    return true;
  }

  static bool Operands(const Op& op) {
    return op.location < kLocations && op.reg < kRegisters && op.value.reg < kRegisters && op.dep < kRegisters &&
           CanHave(op.kind, op.order);
  }

  bool WalkIf(const Op& op, Holding* holding) {
    const size_t reg = static_cast<size_t>(op.reg);
    const int tried = op.expected == 1 ? holding->tried[reg] : 0;
    Holding inside = *holding;
    inside.tried = {};
    if (tried > 0) inside.held[static_cast<size_t>(tried - 1)] = true;
    if (!Walk(op.body, false, &inside)) return false;
    if (tried > 0) holding->tried[reg] = 0;
    if (inside.depth != holding->depth || inside.held != holding->held) return Broken("condition changes what is held");
    return true;
  }

  bool Step(const Op& op, bool top, Holding* holding) {
    const bool lock_op = op.kind == OpKind::kLock || op.kind == OpKind::kTryLock || op.kind == OpKind::kUnlock;
    if (op.location >= 0 && lock_op != (op.location >= kFirstLockWord)) return Broken("lock word and data mixed up");
    switch (op.kind) {
      case OpKind::kLock:
        if (holding->held[static_cast<size_t>(op.location)]) return Broken("lock taken twice");
        holding->held[static_cast<size_t>(op.location)] = true;
        return true;
      case OpKind::kTryLock: return !holding->held[static_cast<size_t>(op.location)] || Broken("trylock of a lock held");
      case OpKind::kUnlock:
        if (!holding->held[static_cast<size_t>(op.location)]) return Broken("unlock of a lock not held");
        holding->held[static_cast<size_t>(op.location)] = false;
        return true;
      case OpKind::kRcuLock: ++holding->depth; return true;
      case OpKind::kRcuUnlock: return --holding->depth >= 0 || Broken("rcu_read_unlock outside a section");
      case OpKind::kSync: return holding->depth == 0 || Broken("synchronize_rcu inside a section");
      case OpKind::kChoose: return op.other > 0 || Broken("empty choice");
      case OpKind::kFree: return op.location >= kFirstObject || Broken("free of what is no object");
      case OpKind::kCreate:
      case OpKind::kJoin: return CreateOrJoin(op, top);
      default: return true;
    }
  }

  bool CreateOrJoin(const Op& op, bool top) {
    if (!top) return Broken("create or join under a condition");
    if (op.other < 0 || op.other >= static_cast<int>(created_by_.size())) return Broken("no such thread");
    const size_t child = static_cast<size_t>(op.other);
    if (op.kind == OpKind::kCreate) {
      if (created_by_[child] >= 0 || op.other == thread_) return Broken("thread created twice");
      created_by_[child] = thread_;
      return true;
    }
    if (created_by_[child] != thread_ || joined_[child]) return Broken("join of a thread that this one did not create before");
    joined_[child] = true;
    return true;
  }

  const Program& program_;
  std::vector<int> created_by_;
  std::array<bool, kThreadsMax> joined_ = {};
  int thread_ = 0;
  std::string why_;
};

void FlattenInto(const Code& code, std::vector<Instruction>* out) {
  for (const Op& op : code) {
    const size_t at = out->size();
    out->push_back({op, 0});
    out->back().op.body.clear();
    if (op.kind != OpKind::kIf) continue;
    FlattenInto(op.body, out);
    (*out)[at].skip = static_cast<int>(out->size() - at);
  }
}

}  // namespace

const char* ToString(OpKind kind) { return kKindNames[static_cast<size_t>(kind)]; }
const char* ToString(Order order) { return kOrderNames[static_cast<size_t>(order)]; }
const char* ToString(FenceWord word) { return kFenceNames[static_cast<size_t>(word)]; }

bool IsRmw(OpKind kind) {
  return kind == OpKind::kFetchAdd || kind == OpKind::kExchange || kind == OpKind::kCompareExchange || kind == OpKind::kAwaitExchange ||
         kind == OpKind::kLock || kind == OpKind::kTryLock;
}

bool CanHave(OpKind kind, Order order) {
  const bool any = order == Order::kUsual;
  switch (kind) {
    case OpKind::kRead:
    case OpKind::kAwait:
      return any || order == Order::kAcquire || order == Order::kSeqCst || order == Order::kConsume || order == Order::kRacy;
    case OpKind::kWrite: return any || order == Order::kRelease || order == Order::kSeqCst || order == Order::kRacy;
    case OpKind::kFetchAdd:
    case OpKind::kExchange:
    case OpKind::kCompareExchange:
    case OpKind::kAwaitExchange:
      return order != Order::kConsume && order != Order::kRacy && (order != Order::kNoReturn || kind == OpKind::kFetchAdd);
    default: return any;
  }
}

int CountOps(const Code& code) {
  int count = 0;
  for (const Op& op : code) count += 1 + CountOps(op.body);
  return count;
}

int CountOps(const Program& program) {
  int count = 0;
  for (const Code& code : program.threads) count += CountOps(code);
  return count;
}

uint32_t KindsOf(const Program& program) {
  uint32_t kinds = 0;
  for (const Code& code : program.threads) kinds |= KindsOfCode(code);
  return kinds;
}

bool HasKind(const Program& program, OpKind kind) { return (KindsOf(program) & Bit(kind)) != 0; }

std::vector<int> CreatorOf(const Program& program) {
  std::vector<int> creators(program.threads.size(), -1);
  for (size_t t = 0; t < program.threads.size(); ++t) {
    for (const Op& op : program.threads[t]) {
      if (op.kind == OpKind::kCreate) creators[static_cast<size_t>(op.other)] = static_cast<int>(t);
    }
  }
  return creators;
}

bool WellFormed(const Program& program, std::string* why) {
  FormChecker checker(program);
  if (checker.Check()) return true;
  if (why != nullptr) *why = checker.why();
  return false;
}

namespace {

// "x", "acquire x", "dep(r0) x".
std::string Place(const Op& op, bool with_order) {
  std::string text = with_order && op.order != Order::kUsual ? std::string(ToString(op.order)) + " " : "";
  if (op.dep >= 0) text += "dep(" + Register(op.dep) + ") ";
  return text + Name(op.location);
}

// "fetch_add.relaxed(x, "
std::string Call(const Op& op) {
  const std::string order = ToString(op.order);
  return std::string(ToString(op.kind)) + (order.empty() ? "" : "." + order) + "(" + Place(op, false);
}

}  // namespace

std::string ToText(const Op& op) {
  const std::string target = op.reg >= 0 ? Register(op.reg) + " = " : "";
  const std::string expected = std::to_string(op.expected);
  const std::string other = std::to_string(op.other);
  const std::string kind = ToString(op.kind);
  switch (op.kind) {
    case OpKind::kRead: return target + Place(op, true);
    case OpKind::kWrite: return Place(op, true) + " = " + Text(op.value);
    case OpKind::kFetchAdd:
    case OpKind::kExchange: return target + Call(op) + ", " + Text(op.value) + ")";
    case OpKind::kCompareExchange: return target + Call(op) + ", " + expected + ", " + Text(op.value) + ")";
    case OpKind::kAwait: return target + Call(op) + " == " + expected + ")";
    case OpKind::kAwaitExchange: return target + Call(op) + " == " + expected + ", " + Text(op.value) + ")";
    case OpKind::kLock:
    case OpKind::kTryLock:
    case OpKind::kUnlock:
    case OpKind::kFree: return target + Call(op) + ")";
    case OpKind::kChoose: return target + "choose(" + other + ")";
    case OpKind::kIf: return "if (" + Register(op.reg) + " == " + expected + ") { " + ToText(op.body) + " }";
    case OpKind::kRcuLock:
    case OpKind::kRcuUnlock:
    case OpKind::kSync: return kind;
    case OpKind::kCreate: return "create(T" + other + ")";
    case OpKind::kJoin: return "join(T" + other + ")";
    case OpKind::kPlainRead: return target + "plain " + Place(op, false);
    case OpKind::kPlainWrite: return "plain " + Place(op, false) + " = " + Text(op.value);
    case OpKind::kFence: return ToString(op.fence);
    case OpKind::kBranch: return "branch(" + Register(op.dep) + ")";
    case OpKind::kSrcuLock:
    case OpKind::kSrcuSync: return target + kind + "(" + kDomainNames[op.other] + ")";
    case OpKind::kSrcuUnlock: return kind + "(" + kDomainNames[op.other] + ", " + Text(op.value) + ")";
  }
  return "?";
}

std::string ToText(const Program& program) {
  std::string text;
  for (size_t t = 0; t < program.threads.size(); ++t) text += "T" + std::to_string(t) + ": " + ToText(program.threads[t]) + "\n";
  return text;
}

std::vector<Instruction> Flatten(const Code& code) {
  std::vector<Instruction> flat;
  FlattenInto(code, &flat);
  return flat;
}

}  // namespace graze::proof

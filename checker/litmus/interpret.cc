// SPDX-License-Identifier: MIT
#include "checker/litmus/interpret.h"

#include <string>
#include <utility>

#include "checker/base/check.h"
#include "checker/litmus/arithmetic.h"
#include "checker/runtime/ops.h"

namespace graze::litmus {
namespace {

constexpr unsigned kSize = 8;  // of every location

DepHandle Join(DepHandle a, DepHandle b) { return a == b || b == 0 ? a : a == 0 ? b : JoinDeps(a, b); }

struct Value {
  int64_t number = 0;
  DepHandle loads = 0;    // that it was computed from
  DepHandle governs = 0;  // loads that decided that a register on the way was assigned
  uint64_t cookies = 0;   // of this thread's srcu_read_lock()s, by number, that it was computed from
};

// What a location is used as.
enum class Use : uint8_t { kMemory, kLock, kDomain };

// The operands of an RMW, for the functions that compute what it stores.
struct Update {
  Op op;
  int64_t operand;
  int64_t expected;
};

bool StoreOperand(uint64_t /*old*/, const void* arg, uint64_t* stored) {
  *stored = static_cast<uint64_t>(static_cast<const Update*>(arg)->operand);
  return true;
}

bool StoreIfEqual(uint64_t old, const void* arg, uint64_t* stored) {
  const auto* const update = static_cast<const Update*>(arg);
  *stored = static_cast<uint64_t>(update->operand);
  return static_cast<int64_t>(old) == update->expected;
}

// What cannot be computed is refused when the value returned is computed again; nothing can be refused here.
bool StoreResult(uint64_t old, const void* arg, uint64_t* stored) {
  const auto* const update = static_cast<const Update*>(arg);
  int64_t result = 0;
  Compute(update->op, static_cast<int64_t>(old), update->operand, &result);
  *stored = static_cast<uint64_t>(result);
  return true;
}

bool StoreUnless(uint64_t old, const void* arg, uint64_t* stored) {
  const auto* const update = static_cast<const Update*>(arg);
  return static_cast<int64_t>(old) != update->expected && StoreResult(old, arg, stored);
}

class Interpreter {
 public:
  Interpreter(const Process& process, Run* run) : process_(process), run_(*run) {
    registers_ = static_cast<Value*>(ArenaAllocate(sizeof(Value) * (process.registers.size() + 1), alignof(Value)));
    for (size_t i = 0; i < process.registers.size(); ++i) registers_[i] = {.number = process.registers[i].initial};
  }

  void Go() {
    Execute(process_.body);
    for (size_t i = 0; i < process_.registers.size(); ++i) {
      if (process_.registers[i].observed) Observe(kRegisterTag, process_.number, i, static_cast<uint64_t>(registers_[i].number));
    }
    if ((begun_ & ~(ended_ | (run_.cookies_match ? kept_ : 0))) != 0) Object(Flag::kUnmatchedSrcuLock);
  }

 private:
  // ---- statements
  void Execute(const Statement& statement);
  void ExecuteLoop(const Statement& statement, unsigned iteration);
  void ExecuteStore(const Statement& statement);
  bool Decide(const Expr& condition, DepHandle* loads, DepHandle* through_registers);
  void ExecuteGoverned(DepHandle loads, DepHandle through_registers, const Statement& statement);

  // ---- expressions
  Value Evaluate(const Expr& expr);
  Value EvaluateRegister(const Expr& expr);
  Value EvaluateLoad(const Expr& expr);
  Value EvaluateUnary(const Expr& expr);
  Value EvaluateBinary(const Expr& expr);
  Value EvaluateShortCircuit(const Expr& expr);
  Value EvaluateConditional(const Expr& expr);
  Value EvaluateGoverned(const Value& by, const Expr& expr);
  int64_t Calculate(Op op, int64_t left, int64_t right, const Expr& expr) const;

  // ---- calls
  Value Call(const Expr& expr);
  Value CallLoad(const Expr& expr);
  void CallStore(const Expr& expr);
  Value CallExchange(const Expr& expr);
  Value CallCompareExchange(const Expr& expr);
  Value CallAtomic(const Expr& expr);
  Value CallAddUnless(const Expr& expr);
  Value CallLock(const Expr& expr);
  Value CallRcu(const Expr& expr);
  Value CallSrcu(const Expr& expr);

  Deps DepsOf(DepHandle address, DepHandle data = 0) const { return {.addr = address, .data = data, .ctrl = governed_by_}; }
  void* Location(const Value& pointer, const Expr& expr, Use use = Use::kMemory) const;
  std::string Whereabouts(int64_t address, const Expr& pointer) const;
  // Nobody's verdict depends on what becomes of a number that its type does not hold.
  void Fit(int64_t number, const Width* width, const SourceSite* site) const;
  // Of a value on its way into a location.
  void FitStored(int64_t number, const Value& pointer, const SourceSite* site) const;
  void MatchCookie(const Value& cookie, const void* domain);
  void MatchByNesting(const Value& cookie, const void* domain);
  void Object(Flag flag) const { Observe(kFlagTag, static_cast<uint64_t>(flag)); }
  Value Loading(const Loaded& loaded);
  Value Loading(const RmwResult& result);
  [[noreturn]] void Refuse(const std::string& reason, const SourceSite* site) const { graze::Fail(kErrorRule, reason, site); }

  const Process& process_;
  Run& run_;
  Value* registers_;
  DepHandle governed_by_ = 0;            // the loads that decided that this statement is executed
  DepHandle governed_by_registers_ = 0;  // those among them that came by way of a register
  DepHandle loads_done_ = 0;             // by the condition that is being evaluated
  DepHandle registers_read_ = 0;         // what the registers that it read were computed from
  // Sections of sleepable RCU by number, those beyond the last bit left aside.
  static constexpr unsigned kSectionsMax = 64;
  const void* domains_[kSectionsMax] = {};
  unsigned sections_ = 0;
  uint64_t begun_ = 0, ended_ = 0;
  uint64_t kept_ = 0;  // whose cookie is in memory, where another thread may find it
};

// ---- statements -------------------------------------------------------------------------------------------------------------------

void Interpreter::Execute(const Statement& statement) {
  switch (statement.kind) {
    case Statement::Kind::kBlock:
      for (const auto& part : statement.parts) Execute(*part);
      break;
    case Statement::Kind::kIf: {
      DepHandle loads = 0;
      DepHandle through_registers = 0;
      const bool taken = Decide(*statement.exprs[0], &loads, &through_registers);
      if (taken || statement.parts.size() > 1) ExecuteGoverned(loads, through_registers, *statement.parts[taken ? 0 : 1]);
      break;
    }
    case Statement::Kind::kWhile: ExecuteLoop(statement, 0); break;
    case Statement::Kind::kAssign: {
      Value value = Evaluate(*statement.exprs[0]);
      Fit(value.number, process_.registers[statement.target].width, statement.site);
      value.governs = Join(value.governs, governed_by_registers_);
      registers_[statement.target] = value;
      break;
    }
    case Statement::Kind::kStore: ExecuteStore(statement); break;
    case Statement::Kind::kExpression: Evaluate(*statement.exprs[0]); break;
  }
}

bool Interpreter::Decide(const Expr& condition, DepHandle* loads, DepHandle* through_registers) {
  const DepHandle outer_loads = std::exchange(loads_done_, 0);
  const DepHandle outer_registers = std::exchange(registers_read_, 0);
  const bool holds = Evaluate(condition).number != 0;
  *through_registers = std::exchange(registers_read_, outer_registers);
  *loads = Join(std::exchange(loads_done_, outer_loads), *through_registers);
  return holds;
}

void Interpreter::ExecuteGoverned(DepHandle loads, DepHandle through_registers, const Statement& statement) {
  const DepHandle outer = governed_by_;
  const DepHandle outer_registers = governed_by_registers_;
  governed_by_ = Join(outer, loads);
  governed_by_registers_ = Join(outer_registers, through_registers);
  Execute(statement);
  governed_by_ = outer;
  governed_by_registers_ = outer_registers;
}

// Each iteration is inside the branch that the test before it took.
void Interpreter::ExecuteLoop(const Statement& statement, unsigned iteration) {
  DepHandle loads = 0;
  DepHandle through_registers = 0;
  if (!Decide(*statement.exprs[0], &loads, &through_registers)) return;
  if (iteration >= run_.unroll) {
    run_.cut_off = run_.cut_off || !statement.only_waits || run_.unroll == 0;
    Assume(false, statement.site);
  }
  const DepHandle outer = governed_by_;
  const DepHandle outer_registers = governed_by_registers_;
  governed_by_ = Join(outer, loads);
  governed_by_registers_ = Join(outer_registers, through_registers);
  Execute(*statement.parts[0]);
  ExecuteLoop(statement, iteration + 1);
  governed_by_ = outer;
  governed_by_registers_ = outer_registers;
}

void Interpreter::ExecuteStore(const Statement& statement) {
  const Value pointer = Evaluate(*statement.exprs[0]);
  const Value value = Evaluate(*statement.exprs[1]);
  void* const location = Location(pointer, *statement.exprs[0]);
  FitStored(value.number, pointer, statement.site);
  kept_ |= value.cookies;
  Store(location, kSize, static_cast<uint64_t>(value.number), MemoryOrder::kPlain, DepsOf(pointer.loads, value.loads), statement.site);
}

// ---- expressions ------------------------------------------------------------------------------------------------------------------

Value Interpreter::Evaluate(const Expr& expr) {
  switch (expr.kind) {
    case Expr::Kind::kNumber:
    case Expr::Kind::kAddress: return {.number = expr.number};
    case Expr::Kind::kRegister: return EvaluateRegister(expr);
    case Expr::Kind::kLoad: return EvaluateLoad(expr);
    case Expr::Kind::kUnary: return EvaluateUnary(expr);
    case Expr::Kind::kBinary: return EvaluateBinary(expr);
    case Expr::Kind::kConditional: return EvaluateConditional(expr);
    case Expr::Kind::kCall: return Call(expr);
  }
  return {};
}

Value Interpreter::EvaluateRegister(const Expr& expr) {
  const Value& value = registers_[expr.number];
  registers_read_ = Join(registers_read_, Join(value.loads, value.governs));
  return value;
}

Value Interpreter::Loading(const Loaded& loaded) {
  loads_done_ = Join(loads_done_, loaded.dep);
  return {.number = static_cast<int64_t>(loaded.value), .loads = loaded.dep};
}

Value Interpreter::Loading(const RmwResult& result) { return Loading(Loaded{.value = result.old, .dep = result.dep}); }

void Interpreter::Fit(int64_t number, const Width* width, const SourceSite* site) const {
  if (width == nullptr || width->Holds(number)) return;
  const std::string name = width->name;
  Refuse(std::to_string(number) + " does not fit into " + (name == "int" || name.starts_with("un") ? "an " : "a ") + name, site);
}

void Interpreter::FitStored(int64_t number, const Value& pointer, const SourceSite* site) const {
  const size_t location = run_.test->LocationAt(pointer.number);
  if (location < run_.test->locations.size()) Fit(number, run_.test->locations[location].width, site);
}

// What stands in place of an address: a name that nobody declared, an element that an array does not have, a number.
std::string Interpreter::Whereabouts(int64_t address, const Expr& pointer) const {
  const std::string far = run_.test->NearestTo(address);
  if (!far.empty()) return far + ", which is beyond what is declared";
  std::string held = std::to_string(address) + ", which is not the address of a location";
  if (pointer.kind != Expr::Kind::kRegister) return held;
  const RegisterInfo& info = process_.registers[static_cast<size_t>(pointer.number)];
  return info.declared ? held + " (by way of '" + info.name + "')" : "'" + info.name + "', which is no parameter of " + process_.name;
}

void* Interpreter::Location(const Value& pointer, const Expr& expr, Use use) const {
  const LitmusTest& test = *run_.test;
  const size_t location = test.LocationAt(pointer.number);
  if (location == test.locations.size()) {
    const bool call = expr.kind == Expr::Kind::kCall;
    const Expr& named = call ? *expr.args[expr.primitive->pointer] : expr.kind == Expr::Kind::kLoad ? *expr.args[0] : expr;
    Refuse("an access to " + Whereabouts(pointer.number, named), expr.site);
  }
  LocationUse& uses = run_.uses[location];
  if (use == Use::kMemory && uses.as_memory == nullptr) uses.as_memory = expr.site;
  uses.as_lock = uses.as_lock || use == Use::kLock;
  uses.as_domain = uses.as_domain || use == Use::kDomain;
  return reinterpret_cast<void*>(pointer.number);
}

Value Interpreter::EvaluateLoad(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  return Loading(Load(Location(pointer, expr), kSize, MemoryOrder::kPlain, DepsOf(pointer.loads), expr.site));
}

int64_t Interpreter::Calculate(Op op, int64_t left, int64_t right, const Expr& expr) const {
  int64_t result = 0;
  if (const char* const problem = Compute(op, left, right, &result)) Refuse(problem, expr.site);
  if (expr.kind != Expr::Kind::kCall) Fit(result, expr.width, expr.site);
  return result;
}

Value Interpreter::EvaluateUnary(const Expr& expr) {
  Value value = Evaluate(*expr.args[0]);
  value.number = Calculate(expr.op, value.number, 0, expr);
  return value;
}

Value Interpreter::EvaluateBinary(const Expr& expr) {
  if (expr.op == Op::kLogicAnd || expr.op == Op::kLogicOr) return EvaluateShortCircuit(expr);
  const Value left = Evaluate(*expr.args[0]);
  const Value right = Evaluate(*expr.args[1]);
  return {.number = Calculate(expr.op, left.number, right.number, expr),
          .loads = Join(left.loads, right.loads),
          .governs = Join(left.governs, right.governs),
          .cookies = left.cookies | right.cookies};
}

// What is evaluated only if `by` says so is governed by it, and the result was computed from both.
Value Interpreter::EvaluateGoverned(const Value& by, const Expr& expr) {
  const DepHandle outer = governed_by_;
  governed_by_ = Join(outer, Join(by.loads, by.governs));
  Value value = Evaluate(expr);
  governed_by_ = outer;
  value.loads = Join(value.loads, by.loads);
  value.governs = Join(value.governs, by.governs);
  value.cookies |= by.cookies;
  return value;
}

Value Interpreter::EvaluateShortCircuit(const Expr& expr) {
  Value left = Evaluate(*expr.args[0]);
  const bool decided = (left.number != 0) == (expr.op == Op::kLogicOr);
  if (!decided) left = EvaluateGoverned(left, *expr.args[1]);
  left.number = left.number != 0 ? 1 : 0;
  return left;
}

Value Interpreter::EvaluateConditional(const Expr& expr) {
  const Value condition = Evaluate(*expr.args[0]);
  return EvaluateGoverned(condition, *expr.args[condition.number != 0 ? 1 : 2]);
}

// ---- calls ------------------------------------------------------------------------------------------------------------------------

Value Interpreter::Call(const Expr& expr) {
  switch (expr.primitive->action) {
    case Action::kLoad: return CallLoad(expr);
    case Action::kStore:
    case Action::kStoreMb: CallStore(expr); return {};
    case Action::kFence: Fence(expr.primitive->fence, expr.site); return {};
    case Action::kNothing: Note(expr.primitive->name, expr.site); return {};
    case Action::kExchange: return CallExchange(expr);
    case Action::kCompareExchange: return CallCompareExchange(expr);
    case Action::kAtomic:
    case Action::kAtomicReturn:
    case Action::kAtomicFetch: return CallAtomic(expr);
    case Action::kAddUnless: return CallAddUnless(expr);
    case Action::kLock:
    case Action::kUnlock:
    case Action::kTryLock:
    case Action::kIsLocked: return CallLock(expr);
    case Action::kRcuLock:
    case Action::kRcuUnlock:
    case Action::kRcuSync: return CallRcu(expr);
    case Action::kSrcuLock:
    case Action::kSrcuUnlock:
    case Action::kSrcuSync: return CallSrcu(expr);
  }
  return {};
}

Value Interpreter::CallLoad(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  MemoryOrder order = expr.primitive->order;
  if (order == MemoryOrder::kRelaxed && expr.to_pointer) order = MemoryOrder::kConsume;
  return Loading(Load(Location(pointer, expr), kSize, order, DepsOf(pointer.loads), expr.site));
}

void Interpreter::CallStore(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  const Value value = Evaluate(*expr.args[1]);
  kept_ |= value.cookies;
  FitStored(value.number, pointer, expr.site);
  Store(Location(pointer, expr), kSize, static_cast<uint64_t>(value.number), expr.primitive->order, DepsOf(pointer.loads, value.loads),
        expr.site);
  if (expr.primitive->action == Action::kStoreMb) Fence(FenceKind::kMb, expr.site);
}

Value Interpreter::CallExchange(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  const Value value = Evaluate(*expr.args[1]);
  kept_ |= value.cookies;
  FitStored(value.number, pointer, expr.site);
  const Update update{.op = Op::kAdd, .operand = value.number, .expected = 0};
  return Loading(Rmw(Location(pointer, expr), kSize, &StoreOperand, &update, expr.primitive->order, MemoryOrder::kRelaxed,
                     DepsOf(pointer.loads, value.loads), expr.site));
}

Value Interpreter::CallCompareExchange(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  const Value expected = Evaluate(*expr.args[1]);
  const Value value = Evaluate(*expr.args[2]);
  kept_ |= value.cookies;
  FitStored(value.number, pointer, expr.site);
  const Update update{.op = Op::kAdd, .operand = value.number, .expected = expected.number};
  return Loading(Rmw(Location(pointer, expr), kSize, &StoreIfEqual, &update, expr.primitive->order, MemoryOrder::kRelaxed,
                     DepsOf(pointer.loads, value.loads), expr.site));
}

Value Interpreter::CallAtomic(const Expr& expr) {
  const Primitive& primitive = *expr.primitive;
  Value operand{.number = 1};
  // The kernel names the operand first.
  if (!primitive.by_one) operand = Evaluate(*expr.args[1 - primitive.pointer]);
  const Value pointer = Evaluate(*expr.args[primitive.pointer]);
  kept_ |= operand.cookies;
  const Update update{.op = primitive.op, .operand = operand.number, .expected = 0};
  Deps deps = DepsOf(pointer.loads, operand.loads);
  deps.from_old = true;
  Value value =
      Loading(Rmw(Location(pointer, expr), kSize, &StoreResult, &update, primitive.order, MemoryOrder::kRelaxed, deps, expr.site));
  const int64_t stored = Calculate(primitive.op, value.number, operand.number, expr);
  FitStored(stored, pointer, expr.site);
  if (primitive.action == Action::kAtomicReturn) value.number = stored;
  // What is returned depends on the operand as well as on the read.
  value.loads = Join(value.loads, operand.loads);
  value.governs = operand.governs;
  if (primitive.outcome == Outcome::kIsZero) value.number = value.number == 0 ? 1 : 0;
  if (primitive.outcome == Outcome::kIsNegative) value.number = value.number < 0 ? 1 : 0;
  return value;
}

Value Interpreter::CallAddUnless(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  const Value operand = Evaluate(*expr.args[1]);
  const Value unless = Evaluate(*expr.args[2]);
  const Update update{.op = Op::kAdd, .operand = operand.number, .expected = unless.number};
  Deps deps = DepsOf(pointer.loads, operand.loads);
  deps.from_old = true;
  const RmwResult result =
      Rmw(Location(pointer, expr), kSize, &StoreUnless, &update, expr.primitive->order, MemoryOrder::kRelaxed, deps, expr.site);
  Value value = Loading(result);
  if (result.stored) FitStored(Calculate(Op::kAdd, value.number, operand.number, expr), pointer, expr.site);
  value.number = result.stored ? 1 : 0;
  value.loads = Join(value.loads, unless.loads);
  value.governs = unless.governs;
  return value;
}

Value Interpreter::CallLock(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  void* const lock = Location(pointer, expr, Use::kLock);
  switch (expr.primitive->action) {
    case Action::kLock: LockAcquire(lock, kSize, "spin_lock()", expr.site, MemoryOrder::kLock, DepsOf(pointer.loads)); return {};
    case Action::kUnlock: LockRelease(lock, kSize, expr.site, MemoryOrder::kUnlock, DepsOf(pointer.loads)); return {};
    case Action::kTryLock: {
      DepHandle read = 0;
      if (LockTry(lock, kSize, expr.site, DepsOf(pointer.loads), &read)) return {.number = 1};  // what follows is ordered anyway
      return Loading(Loaded{.value = 0, .dep = read});
    }
    default: break;
  }
  Value value = Loading(Load(lock, kSize, MemoryOrder::kRelaxed, DepsOf(pointer.loads), expr.site));
  value.number = value.number != 0 ? 1 : 0;
  return value;
}

Value Interpreter::CallRcu(const Expr& expr) {
  if (expr.primitive->action == Action::kRcuLock) {
    RcuReadLock(expr.site);
  } else if (expr.primitive->action == Action::kRcuSync) {
    RcuSynchronize(expr.site);
  } else if (RcuReadDepth() > 0) {
    RcuReadUnlock(expr.site);
  } else {  // the model passes over one without a lock
    Object(Flag::kUnmatchedRcuUnlock);
  }
  return {};
}

Value Interpreter::CallSrcu(const Expr& expr) {
  const Value pointer = Evaluate(*expr.args[0]);
  void* const domain = Location(pointer, expr, Use::kDomain);
  if (expr.primitive->action == Action::kSrcuLock) {
    Value cookie = Loading(SrcuReadLock(domain, kSize, expr.site));
    if (sections_ == kSectionsMax) return cookie;
    domains_[sections_] = domain;
    cookie.cookies = uint64_t{1} << sections_++;
    begun_ |= cookie.cookies;
    return cookie;
  }
  if (expr.primitive->action == Action::kSrcuSync) {
    if (RcuReadDepth() > 0) Object(Flag::kInvalidSleep);
    SrcuSynchronize(domain, kSize, expr.site);
    return {};
  }
  const Value cookie = Evaluate(*expr.args[1]);
  if (run_.cookies_match) {
    MatchCookie(cookie, domain);
  } else {
    MatchByNesting(cookie, domain);
  }
  SrcuReadUnlock(domain, kSize, static_cast<uint64_t>(cookie.number), DepsOf(pointer.loads, cookie.loads), expr.site);
  return {};
}

// A cookie out of memory may be anybody's. All are 0.
void Interpreter::MatchCookie(const Value& cookie, const void* domain) {
  bool matched = cookie.cookies == 0 && cookie.loads != 0;
  for (unsigned i = 0; i < sections_; ++i) {
    const uint64_t section = uint64_t{1} << i;
    if ((cookie.cookies & section) == 0 || domains_[i] != domain) continue;
    matched = true;
    if ((ended_ & section) != 0) Object(Flag::kMultipleSrcuMatches);
    if (cookie.number != 0) Object(Flag::kSrcuBadValueMatch);
    ended_ |= section;
  }
  if (!matched) Object(Flag::kUnmatchedSrcuUnlock);
}

// Sections that nest: the one of that domain that began last.
void Interpreter::MatchByNesting(const Value& cookie, const void* domain) {
  for (unsigned i = sections_; i-- > 0;) {
    const uint64_t section = uint64_t{1} << i;
    if (domains_[i] != domain || (ended_ & section) != 0) continue;
    ended_ |= section;
    const bool from_memory = cookie.cookies == 0 && cookie.loads != 0;
    if (cookie.number != 0 || ((cookie.cookies & section) == 0 && !from_memory)) Object(Flag::kSrcuBadNesting);
    return;
  }
  if (sections_ < kSectionsMax) Object(Flag::kUnmatchedSrcuUnlock);
}

}  // namespace

const char* NameOf(Flag flag, bool newest) {
  const bool srcu = flag == Flag::kUnmatchedSrcuLock || flag == Flag::kUnmatchedSrcuUnlock;
  if (!newest && srcu) return "unbalanced-srcu-locking";
  if (!newest && flag == Flag::kUnmatchedRcuUnlock) return "unbalanced-rcu-locking";
  switch (flag) {
    case Flag::kUnmatchedRcuUnlock: return "unmatched-rcu-unlock";
    case Flag::kUnmatchedSrcuLock: return "unmatched-srcu-lock";
    case Flag::kUnmatchedSrcuUnlock: return "unmatched-srcu-unlock";
    case Flag::kMultipleSrcuMatches: return "multiple-srcu-matches";
    case Flag::kSrcuBadNesting: return "srcu-bad-nesting";
    case Flag::kSrcuBadValueMatch: return "srcu-bad-value-match";
    case Flag::kInvalidSleep: return "invalid-sleep";
  }
  return "";
}

void RunProcess(const Process& process, Run* run) { Interpreter(process, run).Go(); }

}  // namespace graze::litmus

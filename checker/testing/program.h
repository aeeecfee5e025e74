// SPDX-License-Identifier: MIT
// A tiny concurrent language as data. The oracle gives it a meaning of its own; interpret.h runs it as checked code; the two must agree.
//
// Text form, one line per thread, operations separated by ';':
//   T0: x = 1; r0 = y; r1 = fetch_add(x, 1); r1 = exchange(x, r0); r2 = cas(x, 0, 2); plain d = 1; r3 = plain d
//   T1: await(x == 1); r0 = await_exchange(x == 1, 2); lock(l); unlock(l); r1 = trylock(l); if (r1 == 1) { unlock(l) }
//   T2: rcu_read_lock; rcu_read_unlock; synchronize_rcu; r0 = choose(2); fence; create(T3); join(T3)
//   T3: r0 = acquire x; release y = 1; r1 = fetch_add.relaxed(x, 1); await.acquire(x == 1); r2 = dep(r0) y; dep(r0) x = r2; branch(r0)
//   T4: create(T5); free(d)
//   T5: synchronize_rcu; free(e); r0 = srcu_read_lock(s); srcu_read_unlock(s, r0); synchronize_srcu(t); rmb; acquire_fence
// Locations are x y z d e (data) and l m (lock words); all start as 0. A thread that some other thread creates does not run before that.
//
// free(d) ends the life of the object that location d is; whoever reads or writes it and is not ordered before that uses it after its free,
// and so does a second free. call_rcu() is the creation of a thread that begins with synchronize_rcu, as it is in the kernel layer.
//
// Orders, fences and dependencies mean something under weak memory models only. Without an order an RMW is a full barrier, any other access
// is once (relaxed). `fence` is smp_mb(). dep(rN) makes the address depend on the register, in which way it does not matter. A register
// depends on the read that filled it. What an RMW or a write stores depends on the operand; the body of an `if` on its register,
// branch(rN) lets all that follows depend on the register. Waits and locks take no dependency but that of branch, and trylock's register
// has none.
#ifndef CHECKER_TESTING_PROGRAM_H_
#define CHECKER_TESTING_PROGRAM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace graze::proof {

inline constexpr int kThreadsMax = 8;
inline constexpr int kRegisters = 8;
inline constexpr int kLocations = 7;
inline constexpr const char* kLocationNames[kLocations] = {"x", "y", "z", "d", "e", "l", "m"};
inline constexpr int kFirstObject = 3;  // of those that can be freed
inline constexpr int kFirstLockWord = 5;

enum class OpKind : uint8_t {
  kRead,
  kWrite,
  kFetchAdd,
  kExchange,
  kCompareExchange,
  kAwait,
  kAwaitExchange,
  kLock,
  kTryLock,
  kUnlock,
  kChoose,
  kIf,
  kRcuLock,
  kRcuUnlock,
  kSync,
  kCreate,
  kJoin,
  kPlainRead,
  kPlainWrite,
  kFence,
  kBranch,
  kSrcuLock,
  kSrcuUnlock,
  kSrcuSync,
  kFree,
};
inline constexpr int kOpKinds = 25;
const char* ToString(OpKind kind);

enum class Order : uint8_t { kUsual, kRelaxed, kAcquire, kRelease, kAcqRel, kSeqCst, kNoReturn, kConsume, kRacy };
inline constexpr int kOrders = 9;
const char* ToString(Order order);  // of kUsual: an empty word
// Whether an operation of this kind can have this order.
bool CanHave(OpKind kind, Order order);
bool IsRmw(OpKind kind);  // reads, and may store at once; locks included

enum class FenceWord : uint8_t {
  kMb,
  kRmb,
  kWmb,
  kBeforeAtomic,
  kAfterAtomic,
  kAfterSpinlock,
  kAfterUnlockLock,
  kAfterSrcuUnlock,
  kAcquire,  // C11, here and below
  kRelease,
  kAcqRel,
  kSeqCst,
};
inline constexpr int kFenceWords = 12;
const char* ToString(FenceWord word);

inline constexpr int kDomains = 2;
inline constexpr const char* kDomainNames[kDomains] = {"s", "t"};

// A constant, or the content of a register.
struct Operand {
  int reg = -1;
  uint32_t constant = 0;
  friend bool operator==(const Operand&, const Operand&) = default;
};

struct Op {
  OpKind kind = OpKind::kFence;
  int location = -1;
  int reg = -1;               // destination; kIf: the register tested
  Operand value = {};         // what is stored or added
  uint32_t expected = 0;      // kCompareExchange, kAwait, kAwaitExchange, kIf: the value compared with
  int other = 0;              // kChoose: arity; kCreate, kJoin: number of the thread; SRCU: the domain
  std::vector<Op> body = {};  // kIf
  Order order = Order::kUsual;
  FenceWord fence = FenceWord::kMb;
  int dep = -1;  // register that the address depends on; kBranch: the register
  friend bool operator==(const Op&, const Op&) = default;
};

using Code = std::vector<Op>;

struct Program {
  std::vector<Code> threads;
  friend bool operator==(const Program&, const Program&) = default;
};

// Number of operations, those inside conditions included.
int CountOps(const Code& code);
int CountOps(const Program& program);
// Which kinds occur, as a bit per OpKind.
uint32_t KindsOf(const Program& program);
bool HasKind(const Program& program, OpKind kind);
// For every thread the thread that creates it, or -1 if it runs from the start.
std::vector<int> CreatorOf(const Program& program);

// Whether the program keeps the rules that make every execution meaningful: sections and locks are balanced, no grace period inside one's
// own section, a lock taken by trylock is released under the test of its register, threads are created once and joined by their creator.
// Sections of sleepable RCU are not checked: which lock belongs to which unlock is a matter of the memory model.
// On false, `why` (if given) says what is broken.
bool WellFormed(const Program& program, std::string* why = nullptr);

std::string ToText(const Program& program);
std::string ToText(const Op& op);
// Empty on a syntax error, with a one-line reason in `error` (if given).
std::optional<Program> ParseProgram(std::string_view text, std::string* error = nullptr);

// Conditions as forward jumps: a kIf whose test fails continues `skip` instructions later.
struct Instruction {
  Op op;  // body empty
  int skip = 0;
};
std::vector<Instruction> Flatten(const Code& code);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_PROGRAM_H_

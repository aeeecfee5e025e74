// SPDX-License-Identifier: MIT
// A tiny concurrent language as data. The oracle gives it a meaning of its own; interpret.h runs it as checked code; the two must agree.
//
// Text form, one line per thread, operations separated by ';':
//   T0: x = 1; r0 = y; r1 = fetch_add(x, 1); r1 = exchange(x, r0); r2 = cas(x, 0, 2); plain d = 1; r3 = plain d
//   T1: await(x == 1); r0 = await_exchange(x == 1, 2); lock(l); unlock(l); r1 = trylock(l); if (r1 == 1) { unlock(l) }
//   T2: rcu_read_lock; rcu_read_unlock; synchronize_rcu; r0 = choose(2); fence; create(T3); join(T3)
// Locations are x y z d e (data) and l m (lock words); all start as 0. A thread that some other thread creates does not run before that.
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
};
inline constexpr int kOpKinds = 20;
const char* ToString(OpKind kind);

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
  int other = 0;              // kChoose: arity; kCreate, kJoin: number of the thread
  std::vector<Op> body = {};  // kIf
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

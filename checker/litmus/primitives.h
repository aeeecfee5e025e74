// SPDX-License-Identifier: MIT
// What the kernel's litmus tests may call, and what each call is in terms of events.
#ifndef CHECKER_LITMUS_PRIMITIVES_H_
#define CHECKER_LITMUS_PRIMITIVES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/base/access.h"

namespace graze::litmus {

enum class Op : uint8_t {
  kAdd,
  kSub,
  kMul,
  kDiv,
  kRem,
  kAnd,
  kOr,
  kXor,
  kAndNot,  // of atomic_andnot: a & ~b
  kShiftLeft,
  kShiftRight,
  kEqual,
  kNotEqual,
  kLess,
  kGreater,
  kLessEqual,
  kGreaterEqual,
  kLogicAnd,
  kLogicOr,
  kNot,
  kComplement,
  kNegate,
};

enum class Action : uint8_t {
  kLoad,
  kStore,
  kStoreMb,  // a store, then a full barrier
  kFence,
  kNothing,  // barrier(): orders the compiler only
  kExchange,
  kCompareExchange,
  kAtomic,        // no value is returned
  kAtomicReturn,  // the new value is
  kAtomicFetch,   // the old value is
  kAddUnless,     // whether it was added is
  kLock,
  kUnlock,
  kTryLock,
  kIsLocked,
  kRcuLock,
  kRcuUnlock,
  kRcuSync,
  kSrcuLock,
  kSrcuUnlock,
  kSrcuSync,
};

// What a caller gets instead of the number returned.
enum class Outcome : uint8_t { kValue, kIsZero, kIsNegative };

struct Primitive {
  std::string name = {};
  Action action = Action::kNothing;
  uint8_t arity = 0;
  bool newer = false;    // than the model of Linux 6.1
  bool returns = false;  // may stand in an expression
  bool lvalue = false;   // the location is written `*x` rather than `x`
  uint8_t pointer = 0;   // which argument is the location
  bool by_one = false;   // the operand is 1 rather than an argument
  Op op = Op::kAdd;
  Outcome outcome = Outcome::kValue;
  MemoryOrder order = MemoryOrder::kRelaxed;
  FenceKind fence = FenceKind::kMb;
};

// Null if there is none of that name.
const Primitive* FindPrimitive(std::string_view name);
// All of them, sorted by name.
const std::vector<Primitive>& Primitives();

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_PRIMITIVES_H_

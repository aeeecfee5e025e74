// SPDX-License-Identifier: MIT
// The vocabulary of memory accesses that every floor shares: source sites, ordering tags, fences.
#ifndef CHECKER_BASE_ACCESS_H_
#define CHECKER_BASE_ACCESS_H_

#include <cstdint>

namespace graze {

// Where in the checked source an operation stands: either the address of a SourceSite (explicit sites) or a code address inside the
// calling function (plain operators, which cannot take a defaulted argument). checker/report tells them apart and symbolises both.
using Site = const void*;

// Layout of libstdc++'s std::source_location::__impl, so that a defaulted source_location can be handed over as it is, and of what a
// C macro can emit (model/kernel/graze_types.h).
struct SourceSite {
  const char* file;
  const char* func;
  unsigned line;
  unsigned col;
};

// A set of loads of one thread on which an address, a value or a branch depends (checker/graph/dependencies.h). 0 = none.
using DepHandle = uint32_t;

// The ordering tag of a memory access. Which tags order what is the memory model's business.
enum class MemoryOrder : uint8_t {
  kPlain,    // not marked: takes part in data races
  kRacy,     // explored like a marked access, orders nothing, never a race (allow-listed accesses)
  kRelaxed,  // READ_ONCE, WRITE_ONCE, memory_order_relaxed
  kAcquire,
  kRelease,
  kAcqRel,
  kSeqCst,    // C11 seq_cst
  kFull,      // LKMM: value-returning RMW without suffix, full barrier on both sides
  kNoReturn,  // LKMM: RMW whose value is not returned
  kConsume,   // rcu_dereference, READ_ONCE of a pointer: as kRelaxed where the model knows dependencies, as kAcquire in RC11
  kLock,      // both halves of taking a lock; of a lock that could not be taken, the read
  kUnlock,
};

enum class FenceKind : uint8_t {
  kAcquire,
  kRelease,
  kAcqRel,
  kSeqCst,  // C11
  kMb,
  kRmb,
  kWmb,
  kBeforeAtomic,
  kAfterAtomic,
  kAfterSpinlock,
  kAfterUnlockLock,
  kAfterSrcuUnlock,  // LKMM
};

}  // namespace graze

#endif  // CHECKER_BASE_ACCESS_H_

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
  kAfterUnlockLock,  // LKMM
};

}  // namespace graze

#endif  // CHECKER_BASE_ACCESS_H_

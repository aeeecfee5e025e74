// SPDX-License-Identifier: MIT
// From std::memory_order to the ordering tags of the engine.
//
// Errors: an order that the standard forbids for an operation (a releasing load, an acquiring store) is a violation of rule `misuse`.
#ifndef CHECKER_API_MEMORY_ORDER_H_
#define CHECKER_API_MEMORY_ORDER_H_

#include <atomic>

#include "checker/runtime/ops.h"

namespace graze::internal {

inline MemoryOrder LoadOrder(std::memory_order order, Site site) {
  switch (order) {
    case std::memory_order_relaxed: return MemoryOrder::kRelaxed;
    case std::memory_order_consume:  // every compiler strengthens it
    case std::memory_order_acquire: return MemoryOrder::kAcquire;
    case std::memory_order_seq_cst: return MemoryOrder::kSeqCst;
    case std::memory_order_release:
    case std::memory_order_acq_rel: break;
  }
  Fail("misuse", "a read cannot have release order", site);
}

inline MemoryOrder StoreOrder(std::memory_order order, Site site) {
  switch (order) {
    case std::memory_order_relaxed: return MemoryOrder::kRelaxed;
    case std::memory_order_release: return MemoryOrder::kRelease;
    case std::memory_order_seq_cst: return MemoryOrder::kSeqCst;
    case std::memory_order_consume:
    case std::memory_order_acquire:
    case std::memory_order_acq_rel: break;
  }
  Fail("misuse", "a store cannot have acquire order", site);
}

inline MemoryOrder RmwOrder(std::memory_order order) {
  switch (order) {
    case std::memory_order_relaxed: return MemoryOrder::kRelaxed;
    case std::memory_order_consume:
    case std::memory_order_acquire: return MemoryOrder::kAcquire;
    case std::memory_order_release: return MemoryOrder::kRelease;
    case std::memory_order_acq_rel: return MemoryOrder::kAcqRel;
    case std::memory_order_seq_cst: break;
  }
  return MemoryOrder::kSeqCst;
}

// The order of a failed compare-exchange that was given one order only.
constexpr std::memory_order FailureOrder(std::memory_order success) {
  if (success == std::memory_order_acq_rel) return std::memory_order_acquire;
  if (success == std::memory_order_release) return std::memory_order_relaxed;
  return success;
}

}  // namespace graze::internal

#endif  // CHECKER_API_MEMORY_ORDER_H_

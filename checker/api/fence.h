// SPDX-License-Identifier: MIT
// std::atomic_thread_fence for checked code: one event, none for a relaxed fence.
//
// Call it qualified, graze::atomic_thread_fence: its argument alone makes an unqualified name mean the standard one.
#ifndef CHECKER_API_FENCE_H_
#define CHECKER_API_FENCE_H_

#include <atomic>
#include <source_location>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

inline void atomic_thread_fence(std::memory_order order, std::source_location where = std::source_location::current()) {
  const Site site = internal::SiteOf(where);
  switch (order) {
    case std::memory_order_relaxed: return;
    case std::memory_order_consume:
    case std::memory_order_acquire: return Fence(FenceKind::kAcquire, site);
    case std::memory_order_release: return Fence(FenceKind::kRelease, site);
    case std::memory_order_acq_rel: return Fence(FenceKind::kAcqRel, site);
    case std::memory_order_seq_cst: return Fence(FenceKind::kSeqCst, site);
  }
}

}  // namespace graze

#endif  // CHECKER_API_FENCE_H_

// SPDX-License-Identifier: MIT
// Accesses of the C interface as operations of the engine.
#include "checker/api/ops.h"
#include "model/kernel/world.h"

namespace {

using graze::MemoryOrder;

static_assert(static_cast<int>(MemoryOrder::kPlain) == GRAZE_PLAIN && static_cast<int>(MemoryOrder::kRacy) == GRAZE_RACY);
static_assert(static_cast<int>(MemoryOrder::kRelaxed) == GRAZE_ONCE && static_cast<int>(MemoryOrder::kAcquire) == GRAZE_ACQUIRE);
static_assert(static_cast<int>(MemoryOrder::kRelease) == GRAZE_RELEASE && static_cast<int>(MemoryOrder::kAcqRel) == GRAZE_ACQ_REL);
static_assert(static_cast<int>(MemoryOrder::kSeqCst) == GRAZE_SEQ_CST && static_cast<int>(MemoryOrder::kFull) == GRAZE_FULL);
static_assert(static_cast<int>(MemoryOrder::kNoReturn) == GRAZE_NORETURN && static_cast<int>(MemoryOrder::kConsume) == GRAZE_CONSUME);
static_assert(static_cast<int>(MemoryOrder::kLock) == GRAZE_LOCK && static_cast<int>(MemoryOrder::kUnlock) == GRAZE_UNLOCK);
static_assert(sizeof(graze_site) == sizeof(graze::SourceSite));

MemoryOrder order_of(graze_order order) { return static_cast<MemoryOrder>(order); }

struct update {
  graze_rmw_op op;
  graze_u64 operand;
};

bool apply(uint64_t value, const void *arg, uint64_t *stored) {
  const update &what = *static_cast<const update *>(arg);
  switch (what.op) {
    case GRAZE_XCHG: *stored = what.operand; return true;
    case GRAZE_ADD: *stored = value + what.operand; return true;
    case GRAZE_AND: *stored = value & what.operand; return true;
    case GRAZE_OR: *stored = value | what.operand; return true;
    case GRAZE_ADD_UNLESS_ZERO: *stored = value + what.operand; return value != 0;
  }
  return false;
}

struct exchange {
  graze_u64 expected;
  graze_u64 desired;
};

bool apply_if_equal(uint64_t value, const void *arg, uint64_t *stored) {
  const exchange &what = *static_cast<const exchange *>(arg);
  *stored = what.desired;
  return value == what.expected;
}

graze_rmw_result result_of(const graze::RmwResult &result) { return {result.old, result.dep, result.stored ? 1u : 0u}; }

graze::FenceKind fence_of(graze_fence_kind kind) {
  switch (kind) {
    case GRAZE_MB: return graze::FenceKind::kMb;
    case GRAZE_RMB: return graze::FenceKind::kRmb;
    case GRAZE_WMB: return graze::FenceKind::kWmb;
    case GRAZE_BEFORE_ATOMIC: return graze::FenceKind::kBeforeAtomic;
    case GRAZE_AFTER_ATOMIC: return graze::FenceKind::kAfterAtomic;
    case GRAZE_AFTER_SPINLOCK: return graze::FenceKind::kAfterSpinlock;
    case GRAZE_AFTER_UNLOCK_LOCK: return graze::FenceKind::kAfterUnlockLock;
  }
  return graze::FenceKind::kMb;
}

}  // namespace

extern "C" {

graze_loaded graze_load(const void *addr, unsigned size, graze_order order, graze_dep addr_dep, graze_site_t site) {
  const graze::Loaded loaded = graze::Load(addr, size, order_of(order), {.addr = addr_dep}, site);
  return {loaded.value, loaded.dep};
}

void graze_store(void *addr, unsigned size, graze_u64 value, graze_order order, graze_dep addr_dep, graze_dep data_dep, graze_site_t site) {
  graze::Store(addr, size, value, order_of(order), {.addr = addr_dep, .data = data_dep}, site);
}

graze_rmw_result graze_rmw(void *addr, unsigned size, graze_rmw_op op, graze_u64 operand, graze_order order, graze_dep addr_dep,
                           graze_dep data_dep, graze_site_t site) {
  const update what = {op, operand};
  const graze::Deps deps = {.addr = addr_dep, .data = data_dep, .from_old = op != GRAZE_XCHG};
  return result_of(graze::Rmw(addr, size, &apply, &what, order_of(order), MemoryOrder::kRelaxed, deps, site));
}

graze_rmw_result graze_cmpxchg(void *addr, unsigned size, graze_u64 expected, graze_u64 desired, graze_order order, graze_dep addr_dep,
                               graze_dep data_dep, graze_site_t site) {
  const exchange what = {expected, desired};
  return result_of(
      graze::Rmw(addr, size, &apply_if_equal, &what, order_of(order), MemoryOrder::kRelaxed, {.addr = addr_dep, .data = data_dep}, site));
}

void graze_ctrl(graze_dep dep) {
  if (dep != 0 && graze::TracksDependencies()) graze::Branch(dep);
}
graze_dep graze_join(graze_dep a, graze_dep b) { return a == 0 || b == 0 ? a | b : graze::JoinDeps(a, b); }
void graze_pointer(const void *ptr, graze_u64 size, graze_dep dep) {
  if (graze::TracksDependencies()) graze::PointerFrom(ptr, size, dep);
}
graze_dep graze_pointer_dep(const void *ptr) { return graze::TracksDependencies() ? graze::PointerOrigin(ptr) : 0; }
void graze_fence(graze_fence_kind kind, graze_site_t site) { graze::Fence(fence_of(kind), site); }
void graze_init(void *addr, unsigned size, graze_u64 value, graze_site_t site) { graze::InitLocation(addr, size, value, site); }
void graze_cpu_relax(graze_site_t site) { graze::SpinHint(site); }

}  // extern "C"

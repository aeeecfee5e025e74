// SPDX-License-Identifier: MIT
#include "checker/consistency/tso.h"

namespace graze {
namespace {

// smp_mb__after_atomic() and its kin only hold back the compiler: the RMW or the lock that they stand beside is a barrier already.
constexpr FenceSet kMfence = FenceBit(FenceKind::kSeqCst) | FenceBit(FenceKind::kMb) | kGracePeriod;

}  // namespace

bool TotalStoreOrder::Relate() {
  const Set R = base().Where([](const Event& e) { return e.is_read(); });
  const Set W = base().Where([](const Event& e) { return e.is_write(); });
  const Set locked = base().Where([&](const Event& e) { return base().IsRmw(e); });
  po_ = base().Po() | base().Sync();
  rf_ = base().Rf();
  const Relation co = base().Co();
  const Relation fr = base().Fr();

  // uniproc
  const Relation com = rf_ | co | fr;
  if (!is_known_to_hold() && !IsAcyclic((po_ & base().SameLocation()) | com)) return false;

  // ppo
  const Relation po_wr = Between(W, po_, R);
  const Relation po_ghb = po_ - po_wr;

  // mfence
  const Relation mfence = base().FenceRel(kMfence) | base().Sync();

  // implied barriers
  const Relation i1 = To(po_wr, locked);
  const Relation i2 = From(locked, po_wr);
  const Relation implied = i1 | i2;

  // ghb
  const Relation rfe = rf_ - base().SameThread();
  const Relation ghb = mfence | implied | po_ghb | rfe | fr | co;
  return IsAcyclicOrKnown(ghb, &ghb_plus_);
}

bool TotalStoreOrder::Extra(const std::vector<uint8_t>& in) { return GracePeriodsHold(Opt(ghb_plus_), in); }

void TotalStoreOrder::PrepareOrder() {
  const Set marked = base().Where([](const Event& e) { return e.marked(); });
  hb_ = Plus(po_ | Between(marked, rf_, marked) | RcuFence());
}

}  // namespace graze

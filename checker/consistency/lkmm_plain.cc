// SPDX-License-Identifier: MIT
// The part of the Linux kernel memory model about plain accesses. A racy<T> access is a plain one that is never reported.
#include "checker/consistency/lkmm.h"

namespace graze {
bool LinuxKernelModel::PlainCoherenceHolds() {
  // fence and strong-fence with grace periods, from here on
  const Relation fence = fence_ | rcu_fence_;
  const Relation strong_fence = strong_fence_ | rcu_fence_;
  const Relation rb = To(Seq(prop_, rcu_fence_, hb_star_, pb_star_), Marked_);
  const Relation rfe = rf_ - int_;
  const Relation ext = pool().Everything() * pool().Everything() - int_;

  // Executes-before and visibility
  const Relation xbstar = Star(hb_ | pb_ | rb);
  const Relation vis = Seq(To(Seq(cumul_fence_star_, Opt(rfe)), Marked_), Seq(To(strong_fence, Marked_), xbstar) | (xbstar & int_));

  // Boundaries for lifetimes of plain accesses
  const Relation over_rmb = base().FenceRel(FenceBit(FenceKind::kRmb));
  const Set r4rmb = R_ - Noreturn_;
  const Relation w_pre_bounded = From(Marked_, Opt(addr_ | fence));
  const Relation r_pre_bounded = From(Marked_, Opt(addr_ | nonrw_fence_ | Between(r4rmb, over_rmb, ~Noreturn_)));
  Relation w_post_bounded = To(Opt(fence), Marked_);
  if (version_ == Version::kNewest) w_post_bounded = Seq(w_post_bounded, Star(Seq(rf_, rmw_)));
  const Relation r_post_bounded = To(Opt(nonrw_fence_ | Between(~Noreturn_, over_rmb, r4rmb)), Marked_);

  // Visibility and executes-before for plain accesses
  const Relation strong_xb = Seq(strong_fence, xbstar);
  const Relation post_vis = Seq(w_post_bounded, vis);
  ww_vis_ = fence | Seq(strong_xb | post_vis, w_pre_bounded);
  wr_vis_ = fence | Seq(strong_xb | post_vis, r_pre_bounded);
  rw_xbstar_ = fence | Seq(r_post_bounded, xbstar, w_pre_bounded);
  use_before_free_ = rw_xbstar_ | Seq(To(addr_ | rcu_fence_, Marked_), xbstar, w_pre_bounded);
  visibility_known_ = true;

  // plain-coherence
  if (is_extra_known_to_hold()) return true;
  const Relation pre_race = ext & ((Plain_ * M_) | (M_ * Plain_));
  const Relation wr_incoh = pre_race & rf_ & Inverse(rw_xbstar_);
  const Relation rw_incoh = pre_race & fr_ & Inverse(wr_vis_);
  const Relation ww_incoh = pre_race & co_ & Inverse(ww_vis_);
  return (wr_incoh | rw_incoh | ww_incoh).IsEmpty();
}

// Nothing that races: ww-nonrace, wr-vis, rw-xbstar.
bool LinuxKernelModel::Ordered(uint32_t a, uint32_t b) const {
  if (Marked_.Has(a) && Marked_.Has(b)) return hb_star_.Has(a, b);
  if (!visibility_known_) return false;
  // Lifetimes are not LKMM's matter. A free is no store that a compiler could read before; whoever has stored to where a load led has done
  // that load; and a section is over behind its grace period, in whatever thread that is.
  if (base().event(b).kind == EventKind::kFree) return R_.Has(a) ? use_before_free_.Has(a, b) : ww_vis_.Has(a, b);
  if (R_.Has(a)) return R_.Has(b) ? false : rw_xbstar_.Has(a, b);
  if (R_.Has(b)) return wr_vis_.Has(a, b);
  if (whole_stores_) return ww_vis_.Has(a, b);
  return ww_vis_.Has(a, b) && (Marked_.Has(a) || rw_xbstar_.Has(a, b)) && (Marked_.Has(b) || wr_vis_.Has(a, b));
}

}  // namespace graze

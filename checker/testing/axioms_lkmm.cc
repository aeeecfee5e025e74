// SPDX-License-Identifier: MIT
// The Linux kernel memory model: tools/memory-model of the newest kernels, and of Linux 6.1. Where a definition differs, 6.1's is the one
// under !new_. Lock words: a lock's co is that of the RMWs that take it.
#include "checker/testing/axioms.h"

namespace graze::proof {

Lkmm::Lkmm(const Lowered& g, Model model) : g_(g), new_(!IsLkmm61(model)), exact_(HasExactDependencies(model)) {
  coherent_ = Coherence();
  if (!coherent_) return;  // nothing else will be asked
  Fences();
  Ppo();
  Propagation();
}

void Lkmm::Fences() {
  const Relation& po = g_.po;
  const Set m = g_.m, r4rmb = g_.r & ~g_.noreturn;
  const auto fencerel = [&](FenceWord word) { return g_.fencerel(g_.Fences(word)); };
  acq_po_ = Between(g_.acquire, po, m);
  po_rel_ = Between(m, po, g_.release);
  po_unlock_lock_po_ = Then(To(po, g_.ul), To(po | g_.rf, g_.lkr), po);
  rmb_ = Between(r4rmb, fencerel(FenceWord::kRmb), r4rmb);
  wmb_ = Between(g_.w, fencerel(FenceWord::kWmb), g_.w);
  mb_ = fencerel(FenceWord::kMb) | Then(To(fencerel(FenceWord::kBeforeAtomic), g_.rmws), Maybe(po)) |
        Then(To(Maybe(po), g_.rmws), fencerel(FenceWord::kAfterAtomic)) | Then(To(Maybe(po), g_.lkw), fencerel(FenceWord::kAfterSpinlock));
  if (new_) {
    mb_ = mb_ | To(po, g_.mb & g_.r) | From(g_.mb & g_.w, po) | Then(To(po_unlock_lock_po_, g_.Fences(FenceWord::kAfterUnlockLock)), po) |
          Then(To(Maybe(po), g_.srcu_unlock), fencerel(FenceWord::kAfterSrcuUnlock));
  } else {
    mb_ = mb_ | Then(To(po, g_.ul), To(g_.co | po, g_.lkw), fencerel(FenceWord::kAfterUnlockLock));
  }
  // Creating and joining a thread are full barriers on the way to the other thread, and none on the thread's own way.
  mb_ = Between(m, mb_ | (Plus(g_.order()) - g_.same_thread), m);
  const Relation gp = Then(To(po, g_.sync | g_.srcu_sync), Maybe(po));
  strong_fence_ = mb_ | gp;
  nonrw_fence_ = strong_fence_ | po_rel_ | acq_po_;
  fence_ = nonrw_fence_ | wmb_ | rmb_;
}

void Lkmm::Ppo() {
  const Relation rfi = g_.internal(g_.rf);
  const Relation carry_dep = new_ ? Star(Then(To(g_.data, ~g_.srcu_unlock), rfi)) : Identity(g_.all, g_.size);
  addr_ = Then(carry_dep, g_.addr);
  data_ = Then(carry_dep, g_.data);
  ctrl_ = Then(carry_dep, g_.ctrl);
  const Relation dep = addr_ | data_;
  Relation rwdep = To(dep | ctrl_, g_.w);
  if (!exact_) rwdep = rwdep | Between(g_.r, g_.po, g_.w);
  const Relation overwrite = g_.co | g_.fr;
  const Relation to_w = rwdep | g_.internal(overwrite) | Then(To(addr_, ~g_.marked), wmb_);
  const Relation to_r = (new_ ? To(addr_, g_.r) : addr_) | Then(To(dep, g_.marked), rfi);
  ppo_ = to_r | to_w | (new_ ? g_.internal(fence_) : fence_) | g_.internal(po_unlock_lock_po_);
}

void Lkmm::Propagation() {
  const Set marked = g_.marked;
  const Relation rfe = g_.external(g_.rf);
  const Relation overwrite = g_.co | g_.fr;
  rmw_sequence_ = new_ ? Star(Then(g_.rf, g_.rmw)) : Identity(g_.all, g_.size);
  const Relation a_cumul = Then(Maybe(To(rfe, marked)), strong_fence_ | po_rel_);
  cumul_fence_ = Then(Between(marked, a_cumul | wmb_ | po_unlock_lock_po_, marked), rmw_sequence_);
  prop_ = Between(marked, Then(Maybe(g_.external(overwrite)), To(Star(cumul_fence_), marked), Maybe(rfe)), marked);
  hb_ = Between(marked, ppo_ | rfe | g_.internal(WithoutIdentity(prop_)), marked);
  pb_ = To(Then(prop_, strong_fence_, Star(hb_)), marked);
}

// A thread that begins or is joined behind a grace period or an unlock comes after it, with or without an access in between.
Relation Lkmm::rcu_link() const {
  const Relation order = Plus(g_.order());
  return Then(Maybe(order), Star(hb_), Star(pb_), prop_, order);
}

// Coherence asks about program order, and with exact dependencies about nothing else (but create and join). For marked accesses, and
// without races, what follows from it and the other axioms is the same if taking a lock or loading with acquire what releases count as
// well; without exact dependencies they do. Accesses that are racy on purpose are held to it too: for them, who are plain to LKMM, this is
// more than it asks.
bool Lkmm::Coherence() const {
  const Set releases = g_.release | (g_.mb & g_.w), acquires = ((g_.acquire & ~g_.rmws) | g_.lkr) & ~g_.tried;
  const Relation before = Plus(exact_ ? g_.order() : g_.order() | Between(releases, g_.rf, acquires));
  return Acyclic((before & g_.same_location) | g_.rf | g_.co | g_.fr);
}

void Lkmm::Visibility() {
  if (visible_) return;
  visible_ = true;
  const Set marked = g_.marked, noreturn = g_.noreturn, r4rmb = g_.r & ~noreturn;
  const Relation order = Plus(g_.order());
  const Relation rcu_fence = Then(order, RcuOrder(g_, rcu_link()), Maybe(order));
  const Relation fence = fence_ | rcu_fence;
  const Relation strong_fence = strong_fence_ | rcu_fence;
  const Relation rb = To(Then(prop_, rcu_fence, Star(hb_), Star(pb_)), marked);
  const Relation xbstar = Star(hb_ | pb_ | rb);
  const Relation vis = Then(To(Then(Star(cumul_fence_), Maybe(g_.external(g_.rf))), marked),
                            Then(To(strong_fence, marked), xbstar) | (xbstar & Maybe(g_.same_thread)));
  const Relation rmb_to = Between(r4rmb, g_.fencerel(g_.Fences(FenceWord::kRmb)), ~noreturn);
  const Relation rmb_from = Between(~noreturn, g_.fencerel(g_.Fences(FenceWord::kRmb)), r4rmb);
  const Relation w_pre_bounded = From(marked, Maybe(addr_ | fence));
  const Relation r_pre_bounded = From(marked, Maybe(addr_ | nonrw_fence_ | rmb_to));
  const Relation w_post_bounded = Then(To(Maybe(fence), marked), rmw_sequence_);
  const Relation r_post_bounded = To(Maybe(nonrw_fence_ | rmb_from), marked);
  ww_vis_ = fence | Then(strong_fence, xbstar, w_pre_bounded) | Then(w_post_bounded, vis, w_pre_bounded);
  wr_vis_ = fence | Then(strong_fence, xbstar, r_pre_bounded) | Then(w_post_bounded, vis, r_pre_bounded);
  rw_xbstar_ = fence | Then(r_post_bounded, xbstar, w_pre_bounded);
  rw_free_ = rw_xbstar_ | Then(To(addr_ | rcu_fence, marked), xbstar, w_pre_bounded);
  const Set m = g_.m, plain = m & ~marked;
  Relation conflict(g_.size);
  for (size_t i = 0; i < g_.size; ++i) conflict.row[i] = In(m, i) ? (In(plain, i) ? m : plain) : 0;
  pre_race_ = g_.external(conflict);
}

bool Lkmm::PlainCoherence() {
  Visibility();
  const Relation wr_incoh = pre_race_ & g_.rf & Inverse(rw_xbstar_);
  const Relation rw_incoh = pre_race_ & g_.fr & Inverse(wr_vis_);
  const Relation ww_incoh = pre_race_ & g_.co & Inverse(ww_vis_);
  return (wr_incoh | rw_incoh | ww_incoh).Empty();
}

bool Lkmm::DataRace(Set happened) {
  Visibility();
  // Accesses that are meant to be unordered are plain, but never reported.
  happened &= ~g_.racy;
  const Set unplain = g_.marked;
  Relation from_marked(g_.size), to_marked(g_.size);
  for (size_t i = 0; i < g_.size; ++i) {
    from_marked.row[i] = In(unplain, i) ? g_.all : 0;
    to_marked.row[i] = unplain;
  }
  const Relation ww_nonrace = ww_vis_ & (from_marked | rw_xbstar_) & (to_marked | wr_vis_);
  const Relation ww_race = (pre_race_ & g_.co) - ww_nonrace;
  const Relation wr_race = (pre_race_ & Then(Maybe(g_.co), g_.rf)) - wr_vis_ - Inverse(rw_xbstar_);
  const Relation rw_race = (pre_race_ & g_.fr) - rw_xbstar_;
  return !Between(happened, ww_race | wr_race | rw_race, happened).Empty();
}

bool Lkmm::IsBeforeFree(size_t access, size_t free) {
  Visibility();
  return In(g_.r, access) ? rw_free_.Has(access, free) : ww_vis_.Has(access, free);
}

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
// SC, TSO and RC11.
#include "checker/testing/axioms.h"

namespace graze::proof {
namespace {

Relation Com(const Lowered& g) { return g.rf | g.co | g.fr; }

// Program order, create and join, and reads-from between marked accesses.
Relation MarkedOrder(const Lowered& g) { return g.order() | Between(g.marked, g.rf, g.marked); }

}  // namespace

// acyclic(po | rf | co | fr), create and join counting as program order.
Simple JudgeSc(const Lowered& g) {
  Simple simple;
  simple.link = Plus(g.order() | Com(g));
  simple.consistent = !simple.link.Reflexive();
  simple.hb = MarkedOrder(g);
  return simple;
}

// x86: a write may be passed by later reads of its thread, unless a locked instruction or mfence comes between. As in herd's x86tso.cat, an
// RMW that stores nothing counts as a read.
Simple JudgeTso(const Lowered& g) {
  Simple simple;
  const Set locked = (g.rmws & ~g.failed) | g.lkr | g.lkw;
  const Set fences = g.Fences(FenceWord::kMb) | g.sync;
  const Relation ppo = Between(g.m, g.po, g.m) - Between(g.w, g.po, g.r);
  const Relation implied = Between(g.m, g.po, locked) | Between(locked, g.po, g.m);
  const Relation order = Plus(g.order());
  const Relation fence = Between(g.m, g.fencerel(fences) | (order - g.same_thread), g.m) | implied;
  const Relation ghb = ppo | g.external(g.rf) | g.co | g.fr | fence;
  simple.consistent = Acyclic(g.po_loc() | Com(g)) && Acyclic(ghb);
  const Relation po = Maybe(order);
  simple.link = WithoutIdentity(Then(po, Star(ghb), po));
  simple.hb = MarkedOrder(g);
  return simple;
}

// Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing sequential consistency in C/C++11 (PLDI 2017), with the release sequences of C++20.
// Creating and joining threads counts as sequenced-before, a grace period as a fence of the strongest kind.
Simple JudgeRc11(const Lowered& g) {
  Simple simple;
  const Relation sb = Plus(g.order());
  const Set atomic = g.m & g.marked;
  const Set w = g.w & atomic, r = g.r & atomic;
  const Set sc_fence = g.Fences(FenceWord::kSeqCst) | g.sync;
  const Set acquire_fence = g.Fences(FenceWord::kAcquire) | g.Fences(FenceWord::kAcqRel) | sc_fence;
  const Set release_fence = g.Fences(FenceWord::kRelease) | g.Fences(FenceWord::kAcqRel) | sc_fence;
  const Relation rs = From(w, Star(Then(g.rf, g.rmw)));
  const Relation releases = Identity(g.release, g.size) | Between(release_fence, sb, w);
  const Relation acquires = Identity(g.acquire, g.size) | Between(r, sb, acquire_fence);
  const Relation sw = Then(releases, rs, To(g.rf, r), acquires);
  const Relation hb = Plus(sb | sw);
  const Relation eco = Plus(Com(g));
  // coherence
  simple.consistent = !Then(hb, Maybe(eco)).Reflexive();
  // SC
  const Relation sb_elsewhere = sb - g.same_location;
  const Relation scb = sb | Then(sb_elsewhere, hb, sb_elsewhere) | (hb & g.same_location) | g.co | g.fr;
  const Relation before = Identity(g.seq_cst, g.size) | From(sc_fence, Maybe(hb));
  const Relation after = Identity(g.seq_cst, g.size) | To(Maybe(hb), sc_fence);
  const Relation psc_base = Then(before, scb, after);
  const Relation psc_fences = Between(sc_fence, hb | Then(hb, eco, hb), sc_fence);
  simple.consistent = simple.consistent && Acyclic(psc_base | psc_fences);
  simple.link = WithoutIdentity(Then(Maybe(hb), Maybe(eco), Maybe(hb)));
  simple.hb = hb;
  return simple;
}

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
// Where the verdicts come from, group by group. Names such as MP+fencewmbonceonce+fencermbonceonce are files of the kernel's
// tools/memory-model/litmus-tests, names that begin with C- files of the public collections of herdtools7 and P. McKenney; the verdict is
// the one that herd7 gives and that mostly stands in the file. For TSO: Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, "x86-TSO" (CACM
// 2010). For RC11: Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing sequential consistency in C/C++11" (PLDI 2017), and the standard.
#include "checker/testing/classics.h"

#include <optional>

#include "checker/base/check.h"

namespace graze::proof {
namespace {

#define ALL_LKMM "lkmm lkmm-deps lkmm-6.1 lkmm-6.1-deps"
#define NEWEST "lkmm lkmm-deps"
#define OLDER "lkmm-6.1 lkmm-6.1-deps"

// Message passing: what orders the two stores, and what the two loads.
std::vector<Classic> MessagePassing() {
  return {
      // MP+poonceonces, MP+fencewmbonceonce+fencermbonceonce, MP+pooncerelease+poacquireonce
      {"MP", "T0: x = 1; y = 1\nT1: r0 = y; r1 = x\n", {1, 0}, "rc11 " ALL_LKMM, "tso"},
      {"MP+wmb+rmb", "T0: x = 1; wmb; y = 1\nT1: r0 = y; rmb; r1 = x\n", {1, 0}, "", "tso rc11 " ALL_LKMM},
      {"MP+wmb+once", "T0: x = 1; wmb; y = 1\nT1: r0 = y; r1 = x\n", {1, 0}, "rc11 " ALL_LKMM, "tso"},
      {"MP+rel+acq", "T0: x = 1; release y = 1\nT1: r0 = acquire y; r1 = x\n", {1, 0}, "", "tso rc11 " ALL_LKMM},
      // MP+onceassign+derefonce: an address dependency orders loads in the kernel, and in C11 nothing does.
      {"MP+rel+addr", "T0: x = 1; release y = 1\nT1: r0 = y; r1 = dep(r0) x\n", {1, 0}, "rc11", "tso " ALL_LKMM},
      // C-MP+o-wmb-o+o-addr-o of herdtools7's catalogue
      {"MP+wmb+addr", "T0: x = 1; wmb; y = 1\nT1: r0 = y; r1 = dep(r0) x\n", {1, 0}, "rc11", "tso " ALL_LKMM},
      // The load of an RMW that returns nothing is none that smp_rmb() knows: [R \ Noreturn] in linux-kernel.cat.
      {"MP+rel+noreturn-rmb", "T0: x = 1; release y = 1\nT1: fetch_add.noreturn(y, 1); rmb; r1 = x\n", {1, 0}, ALL_LKMM, "tso"},
      {"MP+rel+relaxed-rmb", "T0: x = 1; release y = 1\nT1: r0 = fetch_add.relaxed(y, 1); rmb; r1 = x\n", {1, 0}, "", "tso rc11 " ALL_LKMM},
      // What is stored with a data dependency and read back by the same thread comes after the dependency's source: dep ; rfi of the cat.
      {"MP+wmb+data-rfi-acq", "T0: x = 1; wmb; y = 1\nT1: r0 = y; z = r0; r1 = acquire z; r2 = x\n", {1, 1, 0}, "rc11", "tso " ALL_LKMM},
      // C11's fences; [atomics.fences].
      {"MP+relfence+acqfence", "T0: x = 1; release_fence; y = 1\nT1: r0 = y; acquire_fence; r1 = x\n", {1, 0}, "", "rc11"},
      {"MP+relfence+acq", "T0: x = 1; release_fence; y = 1\nT1: r0 = acquire y; r1 = x\n", {1, 0}, "", "rc11"},
      {"MP+rel+acqfence", "T0: x = 1; release y = 1\nT1: r0 = y; acquire_fence; r1 = x\n", {1, 0}, "", "rc11"},
  };
}

// Order that a third thread sees.
std::vector<Classic> Chains() {
  return {
      // WRC+poonceonces+Once, WRC+pooncerelease+fencermbonceonce+Once, C-WRC+o+o-r+a-o, C-WRC+o+o-data-o+o-rmb-o: a release passes on what
      // its thread has read, a dependency does not.
      {"WRC", "T0: x = 1\nT1: r0 = x; y = 1\nT2: r0 = y; r1 = x\n", {1, 1, 0}, "rc11 " ALL_LKMM, "tso"},
      {"WRC+rel+rmb", "T0: x = 1\nT1: r0 = x; release y = 1\nT2: r0 = y; rmb; r1 = x\n", {1, 1, 0}, "", "tso rc11 " ALL_LKMM},
      {"WRC+rel+acq", "T0: x = 1\nT1: r0 = x; release y = 1\nT2: r0 = acquire y; r1 = x\n", {1, 1, 0}, "", "tso rc11 " ALL_LKMM},
      {"WRC+data+rmb", "T0: x = 1\nT1: r0 = x; y = r0\nT2: r0 = y; rmb; r1 = x\n", {1, 1, 0}, ALL_LKMM, "tso"},
      // ISA2+poonceonces, ISA2+pooncerelease+poacquirerelease+poacquireonce
      {"ISA2", "T0: x = 1; y = 1\nT1: r0 = y; z = 1\nT2: r1 = z; r2 = x\n", {1, 1, 0}, "rc11 " ALL_LKMM, "tso"},
      {"ISA2+rel+acqrel+acq",
       "T0: x = 1; release y = 1\nT1: r0 = acquire y; release z = 1\nT2: r1 = acquire z; r2 = x\n",
       {1, 1, 0},
       "",
       "tso rc11 " ALL_LKMM},
      // A-cumulativity twice (explanation.txt of the kernel's tools/memory-model): each release comes behind what its thread has read, and
      // behind what that came behind. C11 wants acquiring loads for it.
      {"ISA2+rel+rel+rmb",
       "T0: x = 1; release y = 1\nT1: r0 = y; release z = 1\nT2: r1 = z; rmb; r2 = x\n",
       {1, 1, 0},
       "rc11",
       "tso " ALL_LKMM},
      // Z6.0+pooncerelease+poacquirerelease+fencembonceonce: coherence alone is no hand-over.
      {"Z6.0+rel+acqrel+mb",
       "T0: x = 1; release y = 1\nT1: r0 = acquire y; release z = 1\nT2: z = 2; fence; r1 = x\n",
       {1, 0},
       "rc11 " ALL_LKMM,
       "tso",
       {{'z', 2}}},
      // C-Z6.2+o-r+a-r+a-r+a-o
      {"Z6.2+rel+acqrel+acqrel+acq",
       "T0: x = 2; release y = 1\nT1: r0 = acquire y; release z = 1\nT2: r1 = acquire z; x = 1\n",
       {1, 1},
       "",
       "tso rc11 " ALL_LKMM,
       {{'x', 2}}},
      // C-W+RWC+o-r+a-o+o-mb-o
      {"W+RWC+rel+acq+mb",
       "T0: x = 1; release y = 1\nT1: r0 = acquire y; r1 = z\nT2: z = 1; fence; r2 = x\n",
       {1, 0, 0},
       "rc11 " ALL_LKMM,
       "tso"},
      // RWC with smp_mb() in both threads that read (lwn.net/Articles/573436), IRIW+fencembonceonces+OnceOnce
      {"RWC+mb+mb", "T0: x = 1\nT1: r0 = x; fence; r1 = y\nT2: y = 1; fence; r2 = x\n", {1, 0, 0}, "", "tso rc11 " ALL_LKMM},
      {"IRIW+mb+mb",
       "T0: x = 1\nT1: y = 1\nT2: r0 = x; fence; r1 = y\nT3: r0 = y; fence; r1 = x\n",
       {1, 0, 1, 0},
       "",
       "tso rc11 " ALL_LKMM},
      {"IRIW+acq+acq",
       "T0: x = 1\nT1: y = 1\nT2: r0 = acquire x; r1 = y\nT3: r0 = acquire y; r1 = x\n",
       {1, 0, 1, 0},
       "rc11 " ALL_LKMM,
       "tso"},
  };
}

// Locks: what a critical section hands to the next one, and what others see of that.
std::vector<Classic> Locks() {
  return {
      // MP+unlocklockonceonce+fencermbonceonce
      {"MP+unlocklock+rmb",
       "T0: lock(l); x = 1; unlock(l); lock(m); y = 1; unlock(m)\nT1: r0 = y; rmb; r1 = x\n",
       {0, 0, 1, 0},
       "",
       "tso " ALL_LKMM},
      // ISA2+pooncelock+pooncelock+pombonce, Z6.0+pooncelock+pooncelock+pombonce, Z6.0+pooncelock+poonceLock+pombonce
      {"ISA2+lock+lock+mb",
       "T0: lock(l); x = 1; y = 1; unlock(l)\nT1: lock(l); r0 = y; z = 1; unlock(l)\nT2: r2 = z; fence; r1 = x\n",
       {0, 0, 1, 1, 0},
       "",
       "tso " ALL_LKMM},
      {"Z6.0+lock+lock+mb",
       "T0: lock(l); x = 1; y = 1; unlock(l)\nT1: lock(l); r0 = y; z = 1; unlock(l)\nT2: z = 2; fence; r1 = x\n",
       {0, 0, 1, 0},
       "rc11 " ALL_LKMM,
       "tso",
       {{'z', 2}}},
      {"Z6.0+lock+Lock+mb",
       "T0: lock(l); x = 1; y = 1; unlock(l)\nT1: lock(l); after_spinlock; r0 = y; z = 1; unlock(l)\nT2: z = 2; fence; r1 = x\n",
       {0, 0, 1, 0},
       "",
       "tso rc11 " ALL_LKMM,
       {{'z', 2}}},
      // The kernel's documentation of smp_mb__after_unlock_lock().
      {"SB+unlocklock+mb",
       "T0: lock(l); x = 1; unlock(l); lock(m); r0 = y; unlock(m)\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0, 0},
       ALL_LKMM,
       "tso"},
      {"SB+unlocklock-mb+mb",
       "T0: lock(l); x = 1; unlock(l); lock(m); after_unlock_lock; r0 = y; unlock(m)\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0, 0},
       "",
       "tso " ALL_LKMM},
  };
}

// Loads before stores, and RMWs as barriers.
std::vector<Classic> StoreBuffering() {
  return {
      // SB+poonceonces, SB+fencembonceonces; the kernel's atomic_t.txt on RMWs without a result and smp_mb__{before,after}_atomic().
      {"SB", "T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n", {0, 0}, "tso rc11 " ALL_LKMM, ""},
      {"SB+mb+mb", "T0: x = 1; fence; r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0}, "", "tso rc11 " ALL_LKMM},
      {"SB+noreturn+mb", "T0: x = 1; fetch_add.noreturn(z, 1); r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0, 0}, ALL_LKMM, "tso"},
      {"SB+noreturn-after+mb",
       "T0: x = 1; fetch_add.noreturn(z, 1); after_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "",
       "tso rc11 " ALL_LKMM},
      {"SB+before-noreturn+mb",
       "T0: x = 1; before_atomic; fetch_add.noreturn(z, 1); r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "",
       "tso rc11 " ALL_LKMM},
      {"SB+cas+mb", "T0: x = 1; r1 = cas(z, 0, 2); r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0, 0}, "", "tso rc11 " ALL_LKMM},
      {"SB+failed-cas+mb", "T0: x = 1; r1 = cas(z, 1, 2); r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0, 0}, ALL_LKMM, ""},
      // 3.SB with smp_mb() everywhere and without one of them (C-3.SB+fencembonceonce+fencembonceonce+poreleaseonce)
      {"3.SB+mb+mb+mb",
       "T0: x = 1; fence; r0 = y\nT1: y = 1; fence; r0 = z\nT2: z = 1; fence; r0 = x\n",
       {0, 0, 0},
       "",
       "tso rc11 " ALL_LKMM},
      {"3.SB+mb+mb+rel",
       "T0: x = 1; fence; r0 = y\nT1: y = 1; fence; r0 = z\nT2: release z = 1; r0 = x\n",
       {0, 0, 0},
       "tso rc11 " ALL_LKMM,
       ""},
      // RC11, section 2: accesses of the strongest order, and fences of it around weaker ones.
      {"IRIW+sc",
       "T0: seq_cst x = 1\nT1: seq_cst y = 1\nT2: r0 = seq_cst x; r1 = seq_cst y\nT3: r0 = seq_cst y; r1 = seq_cst x\n",
       {1, 0, 1, 0},
       "",
       "rc11"},
      {"SB+sc-fence", "T0: x = 1; seq_cst_fence; r0 = y\nT1: y = 1; seq_cst_fence; r0 = x\n", {0, 0}, "", "tso rc11 " ALL_LKMM},
  };
}

// Stores against stores.
std::vector<Classic> Stores() {
  return {
      // S+fencewmbonceonce+poacquireonce, R+fencembonceonces, C-2+2W+pooncereleases, 2+2W with smp_mb(),
      // C-3.2W+fencembonceonce+fencembonceonce+pooncerelease
      {"S+wmb+acq", "T0: x = 2; wmb; y = 1\nT1: r0 = acquire y; x = 1\n", {1}, "", "tso rc11 " ALL_LKMM, {{'x', 2}}},
      {"S+wmb+data", "T0: x = 2; wmb; y = 1\nT1: r0 = y; x = r0\n", {1}, "rc11", "tso " ALL_LKMM, {{'x', 2}}},
      {"S+wmb+addr", "T0: x = 2; wmb; y = 1\nT1: r0 = y; dep(r0) x = 1\n", {1}, "rc11", "tso " ALL_LKMM, {{'x', 2}}},
      {"S+wmb+ctrl", "T0: x = 2; wmb; y = 1\nT1: r0 = y; if (r0 == 1) { x = 1 }\n", {1}, "rc11", "tso " ALL_LKMM, {{'x', 2}}},
      {"R+mb+mb", "T0: x = 1; fence; y = 1\nT1: y = 2; fence; r0 = x\n", {0}, "", "tso rc11 " ALL_LKMM, {{'y', 2}}},
      {"2+2W+rel+rel", "T0: x = 2; release y = 1\nT1: y = 2; release x = 1\n", {}, "rc11 " ALL_LKMM, "tso", {{'x', 2}, {'y', 2}}},
      {"2+2W+mb+mb", "T0: x = 2; fence; y = 1\nT1: y = 2; fence; x = 1\n", {}, "", "tso rc11 " ALL_LKMM, {{'x', 2}, {'y', 2}}},
      {"3.2W+mb+mb+rel",
       "T0: x = 2; fence; y = 1\nT1: y = 2; fence; z = 1\nT2: z = 2; release x = 1\n",
       {},
       "rc11 " ALL_LKMM,
       "tso",
       {{'x', 2}, {'y', 2}, {'z', 2}}},
  };
}

// RMWs that go on with what somebody else has released.
std::vector<Classic> ReleaseSequences() {
  return {
      // C-MPrelseq+o-r+rmwinc+a-o, and [atomics.order] of C++20: any number of RMWs, but no plain store of the same thread.
      {"MP+rel+rmw+acq",
       "T0: x = 1; release y = 1\nT1: r0 = fetch_add.relaxed(y, 1)\nT2: r1 = acquire y; r2 = x\n",
       {1, 2, 0},
       OLDER,
       "tso rc11 " NEWEST},
      {"MP+wmb+rmw+rmb",
       "T0: x = 1; wmb; y = 1\nT1: r0 = fetch_add.relaxed(y, 1)\nT2: r1 = y; rmb; r2 = x\n",
       {1, 2, 0},
       OLDER,
       "tso rc11 " NEWEST},
      {"MP+rel+own-rmw+acq", "T0: x = 1; release y = 1; r0 = fetch_add.relaxed(y, 1)\nT1: r1 = acquire y; r2 = x\n", {1, 2, 0}, "", "rc11"},
      {"MP+rel+own-store+acq", "T0: x = 1; release y = 1; y = 2\nT1: r1 = acquire y; r2 = x\n", {2, 0}, "rc11", ""},
      // The same for plain data: w-post-bounded of the cat, and happens-before of RC11.
      {"plain MP+rel+rmw+acq",
       "T0: plain d = 1; release y = 1\nT1: r0 = fetch_add.relaxed(y, 1)\nT2: r1 = acquire y; if (r1 == 2) { r2 = plain d }\n",
       {},
       OLDER,
       "sc tso rc11 " NEWEST},
      // The same with smp_wmb() and smp_rmb(): r-pre-bounded.
      {"plain MP+wmb+rmb",
       "T0: plain d = 1; wmb; y = 1\nT1: r0 = y; rmb; if (r0 == 1) { r1 = plain d }\n",
       {},
       "",
       "sc tso rc11 " ALL_LKMM},
  };
}

// Fences that go with an RMW or a lock, where there is none: [RMW], [LKW] and [UL] of linux-kernel.cat. In the kernel's sources for x86
// they are barrier(). Under RC11 the RMW has to be next to the fence, and to have stored.
std::vector<Classic> FencesAlone() {
  return {
      {"SB+before-alone+mb", "T0: x = 1; before_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0}, "tso rc11 " ALL_LKMM, ""},
      {"SB+after-alone+mb", "T0: x = 1; after_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0}, "tso rc11 " ALL_LKMM, ""},
      {"SB+spinlock-alone+mb", "T0: x = 1; after_spinlock; r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0}, "tso rc11 " ALL_LKMM, ""},
      {"SB+unlock-lock-alone+mb", "T0: x = 1; after_unlock_lock; r0 = y\nT1: y = 1; fence; r0 = x\n", {0, 0}, "tso rc11 " ALL_LKMM, ""},
      // The fence is on the wrong side.
      {"SB+after-noreturn+mb",
       "T0: x = 1; after_atomic; fetch_add.noreturn(z, 1); r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "rc11 " ALL_LKMM,
       "tso"},
      {"SB+noreturn-before+mb",
       "T0: x = 1; fetch_add.noreturn(z, 1); before_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "rc11 " ALL_LKMM,
       "tso"},
      // Something else is in between.
      {"SB+before-read-noreturn+mb",
       "T0: x = 1; before_atomic; r1 = z; fetch_add.noreturn(z, 1); r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0, 0},
       "rc11",
       "tso " ALL_LKMM},
      {"SB+noreturn-rmb-after+mb",
       "T0: x = 1; fetch_add.noreturn(z, 1); rmb; after_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "",
       "tso rc11 " ALL_LKMM},
      // herd7 has RMWs that failed among [RMW]; atomic_add_unless() that adds nothing is a load on x86.
      {"SB+failed-cas-after+mb",
       "T0: x = 1; r1 = cas(z, 1, 2); after_atomic; r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "tso rc11",
       ALL_LKMM},
      {"SB+before-failed-cas+mb",
       "T0: x = 1; before_atomic; r1 = cas(z, 1, 2); r0 = y\nT1: y = 1; fence; r0 = x\n",
       {0, 0, 0},
       "tso rc11",
       ALL_LKMM},
  };
}

std::vector<Classic> All() {
  std::vector<Classic> all;
  for (auto* const group : {&MessagePassing, &Chains, &Locks, &StoreBuffering, &FencesAlone, &Stores, &ReleaseSequences}) {
    for (Classic& classic : (*group)()) all.push_back(std::move(classic));
  }
  return all;
}

}  // namespace

const std::vector<Classic>& Classics() {
  static const std::vector<Classic>* const classics = new std::vector<Classic>(All());
  return *classics;
}

const std::vector<Program>& ClassicPrograms() {
  static const std::vector<Program>* const programs = [] {
    auto* const parsed = new std::vector<Program>;
    for (const Classic& classic : Classics()) {
      std::optional<Program> program = ParseProgram(classic.text);
      GRAZE_CHECK(program.has_value() && WellFormed(*program));
      parsed->push_back(std::move(*program));
    }
    return parsed;
  }();
  return *programs;
}

}  // namespace graze::proof

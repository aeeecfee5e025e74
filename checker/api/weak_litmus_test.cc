// SPDX-License-Identifier: MIT
// The classic small shapes under each memory model: which may end as their outcome says, and why.
//
// Verdicts, from left to right: sc, tso, rc11, lkmm, lkmm-deps, lkmm-6.1. "+" may happen, "-" never. lkmm orders every read before the
// later writes of its thread, lkmm-deps only those that depend on it. No model here has executions with a cycle of program order and
// reads-from, although LKMM itself has: herd7 finds LB. Under RC11 the barriers of the kernel count as fences: wmb as release, rmb as
// acquire, mb as seq_cst.
//
// The verdicts were reasoned first and then compared with two programs outside this project: a machine with store buffers for tso, which
// differs where it locks for an RMW that fails, and for rc11 and lkmm a brute-force search over matrices of the axioms, which agrees with
// herd7. Locks are LKMM's own tests of these shapes.
#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>
#include <vector>

#include "checker/api/outcomes_for_test.h"
#include "checker/api/tiny_program_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreTiny;
using testing::TinyMachine;

constexpr std::array<const char*, 6> kModels = {"sc", "tso", "rc11", "lkmm", "lkmm-deps", "lkmm-6.1"};

struct Shape {
  const char* name;
  const char* program;
  const char* outcome;  // "a=1 x=2": registers and last values
  const char* verdicts;
  const char* why;
};

const std::vector<Shape> kStoreBuffering = {
    {"SB", "x = 1; a = y || y = 1; b = x", "a=0 b=0", "-+++++", "a store may be late for everybody but its own thread"},
    {"SB+mbs", "x = 1; F.mb; a = y || y = 1; F.mb; b = x", "a=0 b=0", "------", "a full barrier on either side"},
    {"SB+scs", "x = 1; F.sc; a = y || y = 1; F.sc; b = x", "a=0 b=0", "------", "so have C11's"},
    {"SB+mb+po", "x = 1; F.mb; a = y || y = 1; b = x", "a=0 b=0", "-+++++", "one barrier is not enough"},
    {"SB+rel+acq", "x = 1.rel; a = y.acq || y = 1.rel; b = x.acq", "a=0 b=0", "-+++++", "acquire and release keep no store before a load"},
    {"SB+wmb+rmb", "x = 1; F.wmb; a = y || y = 1; F.rmb; b = x", "a=0 b=0", "-+++++", "nor do barriers of stores or of loads"},
    {"SB+sc accesses", "x = 1.sc; a = y.sc || y = 1.sc; b = x.sc", "a=0 b=0", "------", "C11 has a total order of these"},
    {"SB+full RMWs", "xchg(x, 1).full; a = y || xchg(y, 1).full; b = x", "a=0 b=0", "------",
     "a value-returning RMW of the kernel is a barrier"},
    {"SB+relaxed RMWs", "xchg(x, 1); a = y || xchg(y, 1); b = x", "a=0 b=0", "--++++", "of RMWs only x86's are all barriers"},
    {"SB+failed RMWs", "x = 1; c = cas(z, 1, 2).full; a = y || y = 1; d = cas(z, 1, 2).full; b = x", "a=0 b=0", "-+++++",
     "one that fails promises nothing, though x86 locks all the same"},
    {"SB+failed RMW+full RMW", "x = 1; a = cas(y, 5, 6).full || y = 1; xchg(z, 1).full; b = x", "a=0 b=0", "-+++++",
     "nor is it itself kept in order"},
    {"SB+rfis", "x = 1; c = x; a = y || y = 1; d = y; b = x", "a=0 b=0 c=1 d=1", "-+++++", "a thread reads its own store early"},
    {"n6", "x = 1; a = x; b = y || y = 2; x = 2", "a=1 b=0 x=1", "-+++++", "Sewell et al. 2010: its own store is still in the buffer"},
    {"n5", "x = 1; a = x || x = 2; b = x", "a=2 b=1", "------", "Sewell et al. 2010: each would have overwritten the other"},
    {"n4b", "a = x; x = 1 || b = x; x = 2", "a=2 b=1", "------", "Sewell et al. 2010: each reads what the other stores later"},
};

const std::vector<Shape> kMessagePassing = {
    {"MP", "x = 1; y = 1 || a = y; b = x", "a=1 b=0", "--++++", "neither two stores nor two loads are kept in order, but on x86"},
    {"MP+wmb+rmb", "x = 1; F.wmb; y = 1 || a = y; F.rmb; b = x", "a=1 b=0", "------", "both are"},
    {"MP+wmb+wmb", "x = 1; F.wmb; y = 1 || a = y; F.wmb; b = x", "a=1 b=0", "--++++", "wmb orders no loads"},
    {"MP+rmb+rmb", "x = 1; F.rmb; y = 1 || a = y; F.rmb; b = x", "a=1 b=0", "--++++", "rmb orders no stores"},
    {"MP+wmb+po", "x = 1; F.wmb; y = 1 || a = y; b = x", "a=1 b=0", "--++++", "the loads are not"},
    {"MP+po+rmb", "x = 1; y = 1 || a = y; F.rmb; b = x", "a=1 b=0", "--++++", "the stores are not"},
    {"MP+rel+acq", "x = 1; y = 1.rel || a = y.acq; b = x", "a=1 b=0", "------", "a release seen by an acquire"},
    {"MP+rel+po", "x = 1; y = 1.rel || a = y; b = x", "a=1 b=0", "--++++", "nobody acquires"},
    {"MP+po+acq", "x = 1; y = 1 || a = y.acq; b = x", "a=1 b=0", "--++++", "nobody releases"},
    {"MP+wmb+acq", "x = 1; F.wmb; y = 1 || a = y.acq; b = x", "a=1 b=0", "------", "either kind of barrier will do"},
    {"MP+rel+rmb", "x = 1; y = 1.rel || a = y; F.rmb; b = x", "a=1 b=0", "------", "on either side"},
    {"MP+wmb+addr", "x = 1; F.wmb; y = 1 || a = y; b = x[a - a]", "a=1 b=0", "--+---", "an address dependency orders loads; C11 has none"},
    {"MP+wmb+ctrl", "x = 1; F.wmb; y = 1 || a = y; if a; b = x", "a=1 b=0", "--++++", "a branch orders no later load"},
    {"MP+wmb+data-rfi-addr", "x = 1; F.wmb; y = 1 || a = y; z = a; c = z; b = x[c - c]", "a=1 c=1 b=0", "--+---",
     "nor is a value read early that is stored and read back in between"},
    {"MP+wmb+plain data-rfi-addr", "x = 1; F.wmb; y = 1 || a = y; z = a.na; c = z.na; b = x[c - c]", "a=1 c=1 b=0", "--+--+",
     "a dependency carried through plain memory is one since carry-dep, newer than 6.1"},
    {"MP+rel+RMW+acq", "x = 1; y = 1.rel || add(y, 1) || a = y.acq; b = x", "a=2 b=0", "-----+",
     "a release sequence; LKMM has them since rmw-sequence, newer than 6.1"},
    {"MP+rel+store+acq", "x = 1; y = 1.rel; y = 2 || a = y.acq; b = x", "a=2 b=0", "--++++", "since C++20 a later store is no part of one"},
    {"MP+full RMW+acq", "x = 1; xchg(y, 1).full || a = y.acq; b = x", "a=1 b=0", "------", "a full RMW orders what is before it"},
    {"MP+failed acquire", "x = 1; y = 2.rel || a = cas(y, 1, 3).acq; b = x", "a=2 b=0", "------",
     "C11 gives the failing case an order of its own"},
    {"MP+failed full", "x = 1; y = 2.rel || a = cas(y, 1, 3).full; b = x", "a=2 b=0", "--++++", "the kernel has none there"},
    {"MP+wmb+once", "x = 1; F.wmb; y = 1 || a = add(y, 1).once; F.rmb; b = x", "a=1 b=0", "---+++",
     "a load-store that returns nothing is no load for rmb"},
};

const std::vector<Shape> kTwoWriters = {
    {"S", "x = 2; y = 1 || a = y; x = 1", "a=1 x=2", "--++++", "two stores may be seen in either order"},
    {"S+wmb+po", "x = 2; F.wmb; y = 1 || a = y; x = 1", "a=1 x=2", "--+-+-", "a later store may be early if nothing depends on the load"},
    {"S+wmb+wmb", "x = 2; F.wmb; y = 1 || a = y; F.wmb; x = 1", "a=1 x=2", "--+-+-", "wmb orders no load with a store"},
    {"S+wmb+acq", "x = 2; F.wmb; y = 1 || a = y.acq; x = 1", "a=1 x=2", "------", "an acquire orders stores, too"},
    {"S+wmb+data", "x = 2; F.wmb; y = 1 || a = y; x = 1 + a - a", "a=1 x=2", "--+---", "a data dependency keeps it; C11 has none"},
    {"S+wmb+ctrl", "x = 2; F.wmb; y = 1 || a = y; if a; x = 1", "a=1 x=2", "--+---", "so does a branch"},
    {"S+wmb+addr", "x = 2; F.wmb; y = 1 || a = y; x[a - a] = 1", "a=1 x=2", "--+---", "so does an address"},
    {"S+rel+acq", "x = 2; y = 1.rel || a = y.acq; x = 1", "a=1 x=2", "------",
     "what follows an acquire comes after what the release followed"},
    {"R", "x = 1; y = 1 || y = 2; a = x", "a=0 y=2", "-+++++", "the second thread's store is late"},
    {"R+mbs", "x = 1; F.mb; y = 1 || y = 2; F.mb; a = x", "a=0 y=2", "------", "full barriers order stores of others, too"},
    {"R+po+mb", "x = 1; y = 1 || y = 2; F.mb; a = x", "a=0 y=2", "--++++", "x86 keeps stores in order"},
    {"R+wmb+mb", "x = 1; F.wmb; y = 1 || y = 2; F.mb; a = x", "a=0 y=2", "--++++", "wmb has no say over who overwrites whom"},
    {"2+2W", "x = 1; y = 2 || y = 1; x = 2", "x=1 y=1", "--++++", "both second stores are early"},
    {"2+2W+rels", "x = 1; y = 2.rel || y = 1; x = 2.rel", "x=1 y=1", "--++++", "releases that nobody acquires"},
    {"2+2W+wmbs", "x = 1; F.wmb; y = 2 || y = 1; F.wmb; x = 2", "x=1 y=1", "--++++", "wmb orders what readers see"},
    {"2+2W+mbs", "x = 1; F.mb; y = 2 || y = 1; F.mb; x = 2", "x=1 y=1", "------", "mb orders stores everywhere"},
    {"2+2W+mb+wmb", "x = 1; F.mb; y = 2 || y = 1; F.wmb; x = 2", "x=1 y=1", "--++++", "one barrier is not enough"},
};

const std::vector<Shape> kMoreThreads = {
    {"WRC", "x = 1 || a = x; y = 1 || b = y; c = x", "a=1 b=1 c=0", "--++++", "the loads of the third are not in order"},
    {"WRC+data+rmb", "x = 1 || a = x; y = a || b = y; F.rmb; c = x", "a=1 b=1 c=0", "--++++",
     "a dependency does not make what was read visible to others"},
    {"WRC+rel+rmb", "x = 1 || a = x; y = 1.rel || b = y; F.rmb; c = x", "a=1 b=1 c=0", "------", "a release passes on what was read"},
    {"WRC+rel+acq", "x = 1 || a = x; y = 1.rel || b = y.acq; c = x", "a=1 b=1 c=0", "------", "likewise"},
    {"WRC+wmb+rmb", "x = 1 || a = x; F.wmb; y = 1 || b = y; F.rmb; c = x", "a=1 b=1 c=0", "---+++",
     "wmb does not pass on what was read, a release fence does"},
    {"WWC+rel+acq", "x = 2 || a = x; y = 1.rel || b = y.acq; x = 1", "a=2 b=1 x=2", "------",
     "the release passes on the store that was read"},
    {"WWC+data+data", "x = 2 || a = x; y = 1 + a - a || b = y; x = 1 + b - b", "a=2 b=1 x=2", "--++++", "dependencies do not"},
    {"ISA2", "x = 1; y = 1 || a = y; z = 1 || b = z; c = x", "a=1 b=1 c=0", "--++++", "nothing is in order"},
    {"ISA2+rel+acqs", "x = 1; y = 1.rel || a = y.acq; z = 1.rel || b = z.acq; c = x", "a=1 b=1 c=0", "------",
     "releases and acquires in a chain"},
    {"ISA2+rel+data+acq", "x = 1; y = 1.rel || a = y; z = a || b = z.acq; c = x", "a=1 b=1 c=0", "--++++",
     "a dependency does not pass on what a release made visible"},
    {"Z6+rel+acq+mb", "x = 1; y = 1.rel || a = y.acq; z = 1.rel || z = 2; F.mb; b = x", "a=1 b=0 z=2", "--++++",
     "the kernel documents it as the surprise of release-acquire chains"},
    {"RWC", "x = 1 || a = x; b = y || y = 1; c = x", "a=1 b=0 c=0", "-+++++", "the third thread's store is late"},
    {"RWC+mbs", "x = 1 || a = x; F.mb; b = y || y = 1; F.mb; c = x", "a=1 b=0 c=0", "------", "two full barriers"},
    {"RWC+rmb+mb", "x = 1 || a = x; F.rmb; b = y || y = 1; F.mb; c = x", "a=1 b=0 c=0", "--++++",
     "x may reach one reader before the other"},
    {"W+RWC", "x = 1; z = 1.rel || a = z.acq; F.mb; b = y || y = 1; F.mb; c = x", "a=1 b=0 c=0", "------",
     "a release before full barriers"},
    {"W+RWC+mb+acq+mb", "x = 1; F.mb; z = 1 || a = z.acq; b = y || y = 1; F.mb; c = x", "a=1 b=0 c=0", "------",
     "a full barrier reaches further"},
    {"W+RWC+scs", "x = 1.sc; z = 1.rel || a = z.acq; b = y.sc || y = 1.sc; c = x.sc", "a=1 b=0 c=0", "------",
     "the order of sc accesses respects happens-before by way of other locations"},
    {"IRIW-like scs", "x = 1.sc || a = x.acq; b = x.sc; c = y.sc || y = 1.sc; d = x.sc || x = 2", "a=1 b=2 c=0 d=0", "---+++",
     "and by way of the same one"},
    {"Z+mb+po-loc+acq", "x = 2; F.mb; y = 1 || a = y; y = 2 || b = y.acq; x = 1", "a=1 b=2 x=2", "--+---",
     "a load comes before the thread's next store there; for C11 that is no release sequence"},
    {"IRIW", "x = 1 || y = 1 || a = x; b = y || c = y; d = x", "a=1 b=0 c=1 d=0", "--++++", "the loads are not in order"},
    {"IRIW+acqs", "x = 1 || y = 1 || a = x.acq; b = y || c = y.acq; d = x", "a=1 b=0 c=1 d=0", "--++++",
     "nor have two stores one order for all, but on x86"},
    {"IRIW+rmbs", "x = 1 || y = 1 || a = x; F.rmb; b = y || c = y; F.rmb; d = x", "a=1 b=0 c=1 d=0", "--++++", "likewise"},
    {"IRIW+mbs", "x = 1 || y = 1 || a = x; F.mb; b = y || c = y; F.mb; d = x", "a=1 b=0 c=1 d=0", "------", "full barriers give them one"},
};

const std::vector<Shape> kLocks = {
    {"exclusion", "lock(w); a = x; x = 1; unlock(w) || lock(w); b = x; x = 1; unlock(w)", "a=0 b=0", "------", "one after the other"},
    {"MP+locks", "lock(w); x = 1; y = 1; unlock(w) || lock(w); a = y; b = x; unlock(w)", "a=1 b=0", "------", "nobody looks in between"},
    {"MP+unlock-lock+rmb", "lock(w); x = 1; unlock(w); lock(w); y = 1; unlock(w) || a = y; F.rmb; b = x", "a=1 b=0", "--+---",
     "LKMM orders one section before the next of that lock or thread for all to see, C11 only for those who take the lock"},
    {"MP+unlock-lock of another+rmb", "lock(w); x = 1; unlock(w); lock(v); y = 1; unlock(v) || a = y; F.rmb; b = x", "a=1 b=0", "--+---",
     "also with two locks of one thread"},
    {"Z6+unlock-lock+mb", "lock(w); x = 1; unlock(w) || lock(w); a = x; y = 1; unlock(w) || y = 2; F.mb; b = x", "a=1 y=2 b=0", "--++++",
     "but not as a full barrier, of which x86's is one"},
    {"SB+unlock-lock", "x = 1; lock(w); unlock(w); a = y || y = 1; lock(v); unlock(v); b = x", "a=0 b=0", "--++++",
     "both accesses may move into the section, but on x86"},
};

// relacy keeps the last three values of a location, of which its full search offers a load the last two, and takes the order in which
// stores are executed for the modification order.
const std::vector<Shape> kMissedByRelacy = {
    {"the initial value behind four stores", "x = 1; x = 2; x = 3; x = 4; y = 1 || a = y; b = x", "a=1 b=0", "--++++", "all may be late"},
    {"the oldest of four stores", "x = 1; x = 2; x = 3; x = 4; y = 1 || a = y; b = x", "a=1 b=1", "--++++", "the last three may be late"},
    {"the second of four stores", "x = 1; x = 2; x = 3; x = 4; y = 1 || a = y; b = x", "a=1 b=2", "--++++", "the last two may be late"},
    {"the newest of four stores", "x = 1; x = 2; x = 3; x = 4; y = 1 || a = y; b = x", "a=1 b=4", "++++++", "or none"},
    {"2+2W", "x = 1; y = 2 || y = 1; x = 2", "x=1 y=1", "--++++", "each thread's second store comes before the other's first"},
};

const std::vector<Shape> kNever = {
    {"LB", "a = x; y = 1 || b = y; x = 1", "a=1 b=1", "------", "a cycle of program order and reads-from"},
    {"LB+datas", "a = x; y = a || b = y; x = b", "a=1 b=1", "------", "a value out of thin air"},
    {"CoWW", "x = 1; x = 2", "x=1", "------", "coherence: a thread's stores"},
    {"CoRR", "x = 1 || a = x; b = x", "a=1 b=0", "------", "coherence: a thread's loads"},
    {"CoRR of two", "x = 1 || x = 2 || a = x; b = x || c = x; d = x", "a=1 b=2 c=2 d=1", "------", "coherence: two readers"},
    {"CoWR", "x = 1; a = x || x = 2", "a=2 x=1", "------", "coherence: what overwrote one's store is not older"},
    {"CoWR of one", "x = 1; a = x", "a=0", "------", "coherence: one's own store"},
    {"CoRW", "a = x; x = 1 || x = 2", "a=2 x=2", "------", "coherence: a store is newer than what was read before"},
    {"CoRR+racy", "x = 1.racy || a = x.racy; b = x.racy", "a=1 b=0", "------", "coherence of accepted races"},
    {"RMWs", "a = add(x, 1) || b = add(x, 1)", "a=0 b=0", "------", "atomicity"},
    {"RMW+store", "a = xchg(x, 1) || x = 2", "a=0 x=1", "------", "atomicity: no store between the halves"},
};

std::string Text(const Shape& shape) {
  return std::string(shape.name) + ": " + shape.program + ", " + shape.outcome + "? (" + shape.why + ")";
}

bool Matches(const std::string& outcome, const TinyMachine& machine, const Execution& execution) {
  std::istringstream in(outcome);
  for (std::string each; in >> each;) {
    if (machine.Final(each[0], execution) != static_cast<unsigned>(std::stoul(each.substr(2)))) return false;
  }
  return true;
}

void ExpectVerdicts(const std::vector<Shape>& shapes) {
  for (const Shape& shape : shapes) {
    for (size_t i = 0; i < kModels.size(); ++i) {
      unsigned witnesses = 0;
      const Result result =
          ExploreTiny(shape.program, {.memory_model = kModels[i]}, [&](const TinyMachine& machine, const Execution& execution) {
            if (Matches(shape.outcome, machine, execution)) ++witnesses;
          });
      EXPECT_EQ(result.verdict, Verdict::kVerified) << Text(shape) << " under " << kModels[i] << "\n" << Describe(result);
      EXPECT_EQ(witnesses != 0, shape.verdicts[i] == '+') << Text(shape) << " under " << kModels[i];
    }
  }
}

TEST(WeakLitmus, StoreBuffering) { ExpectVerdicts(kStoreBuffering); }
TEST(WeakLitmus, MessagePassing) { ExpectVerdicts(kMessagePassing); }
TEST(WeakLitmus, TwoWritersOfALocation) { ExpectVerdicts(kTwoWriters); }
TEST(WeakLitmus, MoreThreads) { ExpectVerdicts(kMoreThreads); }
TEST(WeakLitmus, Locks) { ExpectVerdicts(kLocks); }
TEST(WeakLitmus, WhatRelacysFullSearchMisses) { ExpectVerdicts(kMissedByRelacy); }
TEST(WeakLitmus, WhatNoModelAllows) { ExpectVerdicts(kNever); }

}  // namespace
}  // namespace graze

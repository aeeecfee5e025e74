// SPDX-License-Identifier: MIT
// The oracle's axioms against what is known of small programs. Where a verdict comes from is said at each group. Under LKMM that is mostly
// the tests of tools/memory-model/litmus-tests, by their names there: their verdicts stand in the files. `lkmm` adds that every read is
// ordered before later writes, so that it has fewer outcomes than lkmm-deps. Nothing here needs a cycle of program order and reads-from.
// Locks, longer chains and release sequences are among the classics (classics_test.cc).
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "checker/testing/generate.h"
#include "checker/testing/oracle.h"

namespace graze::proof {
namespace {

constexpr uint32_t kAny = ~0U;
constexpr const char* kAllLkmm = "lkmm lkmm-deps lkmm-6.1 lkmm-6.1-deps";
constexpr const char* kAllModels = "sc tso rc11 lkmm lkmm-deps lkmm-6.1 lkmm-6.1-deps";

// The values of all reads, thread by thread, and of some locations at the end.
struct Outcome {
  std::vector<uint32_t> reads;
  std::vector<std::pair<char, uint32_t>> last = {};
};

OracleResult Graphs(const std::string& text, Model model) {
  std::string error;
  const std::optional<Program> program = ParseProgram(text, &error);
  EXPECT_TRUE(program && WellFormed(*program, &error)) << error << "\n" << text;
  if (!program) return {};
  const OracleResult result = BruteForce(*program, {.model = model, .graphs_max = 1'000'000, .keep_text = true});
  EXPECT_FALSE(result.too_large);
  EXPECT_EQ(result.rcu_disagreed, 0U) << text;
  return result;
}

bool Shows(const CompleteGraph& graph, const Outcome& outcome) {
  if (graph.blocked || graph.reads.size() != outcome.reads.size()) return false;
  for (size_t i = 0; i < graph.reads.size(); ++i) {
    if (outcome.reads[i] != kAny && outcome.reads[i] != graph.reads[i]) return false;
  }
  return std::all_of(outcome.last.begin(), outcome.last.end(), [&](const auto& wanted) {
    for (int l = 0; l < kLocations; ++l) {
      if (kLocationNames[l][0] == wanted.first) return graph.last[static_cast<size_t>(l)] == wanted.second;
    }
    return false;
  });
}

void Expect(bool possible, const std::string& models, const std::string& text, const Outcome& outcome) {
  std::istringstream names(models);
  for (std::string name; names >> name;) {
    const OracleResult result = Graphs(text, ModelFromName(name).value());
    const bool found = std::any_of(result.graphs.begin(), result.graphs.end(), [&](const auto& graph) { return Shows(graph, outcome); });
    EXPECT_EQ(found, possible) << "under " << name << ":\n" << text;
  }
}
void Possible(const std::string& models, const std::string& text, const Outcome& outcome) { Expect(true, models, text, outcome); }
void Impossible(const std::string& models, const std::string& text, const Outcome& outcome) { Expect(false, models, text, outcome); }

bool Races(const std::string& text, Model model) {
  const OracleResult result = Graphs(text, model);
  return std::any_of(result.graphs.begin(), result.graphs.end(), [](const auto& graph) { return graph.raced; });
}

TEST(OracleModels, StoreBufferingNeedsFullBarriers) {
  // SB+poonceonces, SB+fencembonceonces; x86-TSO (Sewell et al. 2010), table of mfence examples; RC11, SC fences.
  const Outcome both_zero{{0, 0}};
  Impossible("sc", "T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n", both_zero);
  Possible("tso rc11 lkmm lkmm-deps lkmm-6.1 lkmm-6.1-deps", "T0: x = 1; r0 = y\nT1: y = 1; r0 = x\n", both_zero);
  Impossible(kAllModels, "T0: x = 1; fence; r0 = y\nT1: y = 1; fence; r0 = x\n", both_zero);
  Impossible(kAllModels, "T0: x = 1; seq_cst_fence; r0 = y\nT1: y = 1; seq_cst_fence; r0 = x\n", both_zero);
  Possible("tso rc11 lkmm", "T0: x = 1; fence; r0 = y\nT1: y = 1; r0 = x\n", both_zero);
  // Release and acquire are not enough; seq_cst accesses are: in C11 by definition, in the others by the barrier behind the store.
  Possible("tso rc11 lkmm lkmm-6.1-deps", "T0: release x = 1; r0 = acquire y\nT1: release y = 1; r0 = acquire x\n", both_zero);
  Impossible(kAllModels, "T0: seq_cst x = 1; r0 = seq_cst y\nT1: seq_cst y = 1; r0 = seq_cst x\n", both_zero);
  // An RMW of the kernel without suffix is a full barrier on both sides; one that is relaxed or returns nothing is none, but on x86.
  const Outcome with_rmw{{0, 0, 0, 0}};
  Impossible(kAllModels, "T0: r1 = exchange(x, 1); r0 = y\nT1: r1 = exchange(y, 1); r0 = x\n", with_rmw);
  Impossible("sc tso", "T0: r1 = exchange.relaxed(x, 1); r0 = y\nT1: r1 = exchange.relaxed(y, 1); r0 = x\n", with_rmw);
  Possible("rc11 lkmm lkmm-deps lkmm-6.1", "T0: r1 = exchange.relaxed(x, 1); r0 = y\nT1: r1 = exchange.relaxed(y, 1); r0 = x\n", with_rmw);
  // Next to an RMW, smp_mb__before_atomic() and smp_mb__after_atomic() are full barriers too.
  const std::string incremented = "; r0 = y\nT1: y = 1; fence; r0 = x\n";
  Possible(kAllLkmm, "T0: x = 1; fetch_add.noreturn(z, 1)" + incremented, {{0, 0, 0}});
  Impossible(kAllLkmm, "T0: x = 1; fetch_add.noreturn(z, 1); after_atomic" + incremented, {{0, 0, 0}});
  Impossible(kAllLkmm, "T0: x = 1; before_atomic; fetch_add.noreturn(z, 1)" + incremented, {{0, 0, 0}});
  Possible(kAllLkmm, "T0: x = 1; after_atomic; fetch_add.noreturn(z, 1)" + incremented, {{0, 0, 0}});
  // A failed compare-exchange orders nothing.
  Possible(kAllLkmm, "T0: x = 1; r1 = cas(z, 1, 2)" + incremented, {{0, 0, 0}});
  Impossible(kAllLkmm, "T0: x = 1; r1 = cas(z, 0, 2)" + incremented, {{0, 0, 0}});
}

TEST(OracleModels, OwnStoresMayBeSeenEarly) {
  // SB+rfionceonce-poonceonces; test n6 of x86-TSO.
  Possible("tso rc11 lkmm lkmm-deps lkmm-6.1", "T0: x = 1; r1 = x; r2 = y\nT1: y = 1; r3 = y; r4 = x\n", {{1, 0, 1, 0}});
  Possible("tso rc11 lkmm", "T0: x = 1; r0 = x; r1 = y\nT1: y = 2; x = 2\n", {{1, 0}, {{'x', 1}}});
}

TEST(OracleModels, MessagePassingNeedsOrderOnBothSides) {
  // MP+poonceonces, MP+fencewmbonceonce+fencermbonceonce, MP+pooncerelease+poacquireonce, MP+onceassign+derefonce; on x86 it just works.
  const Outcome stale{{1, 0}};
  const std::string weak = "rc11 lkmm lkmm-deps lkmm-6.1 lkmm-6.1-deps";
  Impossible("sc tso", "T0: x = 1; y = 1\nT1: r0 = y; r1 = x\n", stale);
  Possible(weak, "T0: x = 1; y = 1\nT1: r0 = y; r1 = x\n", stale);
  Possible(weak, "T0: x = 1; wmb; y = 1\nT1: r0 = y; r1 = x\n", stale);
  Possible(weak, "T0: x = 1; y = 1\nT1: r0 = y; rmb; r1 = x\n", stale);
  Impossible(kAllModels, "T0: x = 1; wmb; y = 1\nT1: r0 = y; rmb; r1 = x\n", stale);
  Impossible(kAllModels, "T0: x = 1; release y = 1\nT1: r0 = acquire y; r1 = x\n", stale);
  Impossible(kAllModels, "T0: x = 1; release_fence; y = 1\nT1: r0 = y; acquire_fence; r1 = x\n", stale);
  Impossible(kAllLkmm, "T0: x = 1; release y = 1\nT1: r0 = y; r1 = dep(r0) x\n", stale);
  // C11 has no address dependencies, unless consume is read as acquire.
  Possible("rc11", "T0: x = 1; release y = 1\nT1: r0 = y; r1 = dep(r0) x\n", stale);
  Impossible("rc11", "T0: x = 1; release y = 1\nT1: r0 = consume y; r1 = x\n", stale);
  Possible(kAllLkmm, "T0: x = 1; release y = 1\nT1: r0 = consume y; r1 = x\n", stale);
  // A control dependency does not order reads.
  Possible(kAllLkmm, "T0: x = 1; release y = 1\nT1: r0 = y; if (r0 == 1) { r1 = x }\n", stale);
  Possible(kAllLkmm, "T0: x = 1; release y = 1\nT1: r0 = y; branch(r0); r1 = x\n", stale);
  // smp_rmb() does not see the read of an RMW that returns nothing.
  Impossible(kAllLkmm, "T0: x = 1; release y = 1\nT1: r0 = fetch_add.relaxed(y, 1); rmb; r1 = x\n", stale);
  Possible(kAllLkmm, "T0: x = 1; release y = 1\nT1: fetch_add.noreturn(y, 1); rmb; r1 = x\n", stale);
}

TEST(OracleModels, LocksHandOver) {
  // MP+polocks, MP+porevlocks.
  Impossible(kAllModels, "T0: x = 1; lock(l); y = 1; unlock(l)\nT1: lock(l); r0 = y; unlock(l); r1 = x\n", {{0, kAny, 1, 0}});
  Impossible(kAllModels, "T0: r0 = y; lock(l); r1 = x; unlock(l)\nT1: lock(l); x = 1; unlock(l); y = 1\n", {{1, kAny, 0, kAny}});
}

TEST(OracleModels, WritesAgainstWrites) {
  // R+poonceonces, R+fencembonceonces, S+poonceonces, S+fencewmbonceonce+poacquireonce, 2+2W (lwn573497 and kernel/C-2+2W+*).
  const Outcome r{{0}, {{'y', 2}}};
  Possible("tso rc11 lkmm", "T0: x = 1; y = 1\nT1: y = 2; r0 = x\n", r);
  Impossible("tso", "T0: x = 1; y = 1\nT1: y = 2; fence; r0 = x\n", r);
  Impossible(kAllModels, "T0: x = 1; fence; y = 1\nT1: y = 2; fence; r0 = x\n", r);
  const Outcome s{{1}, {{'x', 2}}};
  Impossible("sc tso", "T0: x = 2; y = 1\nT1: r0 = y; x = 1\n", s);
  Possible("rc11 lkmm lkmm-deps", "T0: x = 2; y = 1\nT1: r0 = y; x = 1\n", s);
  Impossible(kAllModels, "T0: x = 2; wmb; y = 1\nT1: r0 = acquire y; x = 1\n", s);
  // What orders the read before the write: in exact mode a dependency must. C11 knows none.
  const std::string first = "T0: x = 2; wmb; y = 1\n";
  Possible("rc11 lkmm-deps lkmm-6.1-deps", first + "T1: r0 = y; x = 1\n", s);
  Impossible("lkmm lkmm-6.1", first + "T1: r0 = y; x = 1\n", s);
  Impossible(kAllLkmm, first + "T1: r0 = y; x = r0\n", s);
  Impossible(kAllLkmm, first + "T1: r0 = y; dep(r0) x = 1\n", s);
  Impossible(kAllLkmm, first + "T1: r0 = y; if (r0 == 1) { x = 1 }\n", s);
  Impossible(kAllLkmm, first + "T1: r0 = y; branch(r0); x = 1\n", s);
  Possible("lkmm-deps lkmm-6.1-deps", first + "T1: r0 = y; if (r0 == 1) { z = 1 }; x = 1\n", s);
  Possible("rc11", first + "T1: r0 = y; if (r0 == 1) { x = 1 }\n", s);
  const Outcome w22{{}, {{'x', 2}, {'y', 2}}};
  Impossible("sc tso", "T0: x = 2; y = 1\nT1: y = 2; x = 1\n", w22);
  Possible("rc11 lkmm", "T0: x = 2; y = 1\nT1: y = 2; x = 1\n", w22);
  Possible("rc11 lkmm", "T0: x = 2; wmb; y = 1\nT1: y = 2; wmb; x = 1\n", w22);
  Possible("rc11 lkmm", "T0: x = 2; release y = 1\nT1: y = 2; release x = 1\n", w22);
  Impossible(kAllModels, "T0: x = 2; fence; y = 1\nT1: y = 2; fence; x = 1\n", w22);
}

TEST(OracleModels, WhatTheNewestLkmmAddsTo61) {
  // herdtools7's dep+plain: a dependency is carried through memory that only this thread writes. kernel/C-MPrelseq+o-r+rmwinc+a-o: RMWs
  // extend what an acquire sees. srcu-nest-5: sections of sleepable RCU that overlap are two in the newest model, one in 6.1.
  const std::string first = "T0: x = 2; wmb; y = 1\n";
  const Outcome s{{1, 1}, {{'x', 2}}};
  Possible("lkmm-6.1-deps", first + "T1: r0 = y; plain d = r0; r1 = plain d; x = r1\n", s);
  Impossible("lkmm-deps", first + "T1: r0 = y; plain d = r0; r1 = plain d; x = r1\n", s);
  const std::string relay = "T0: x = 1; release y = 1\nT1: r0 = fetch_add.relaxed(y, 1)\nT2: r1 = acquire y; r2 = x\n";
  Possible("lkmm-6.1 lkmm-6.1-deps", relay, {{1, 2, 0}});
  Impossible("lkmm lkmm-deps rc11 sc tso", relay, {{1, 2, 0}});
}

TEST(OracleModels, CoherenceHoldsEverywhere) {
  // CoRR+poonceonce+Once, CoRW, CoWR, CoWW.
  Impossible(kAllModels, "T0: x = 1\nT1: r0 = x; r1 = x\n", {{1, 0}});
  Impossible(kAllModels, "T0: x = 2\nT1: r0 = x; x = 1\n", {{2}, {{'x', 2}}});
  Impossible(kAllModels, "T0: x = 1; r0 = x\nT1: x = 2\n", {{2}, {{'x', 1}}});
  Impossible(kAllModels, "T0: x = 1; x = 2\n", {{}, {{'x', 1}}});
}

TEST(OracleModels, CreatingAndJoiningThreadsHandsEverythingOver) {
  // As the kernel's kthread_create() and kthread_stop() do, and std::thread.
  Impossible(kAllModels, "T0: x = 1; create(T1)\nT1: r0 = x\n", {{0}});
  Impossible(kAllModels, "T0: create(T1); join(T1); r0 = x\nT1: x = 1\n", {{0}});
  Impossible(kAllModels, "T0: x = 1; create(T1)\nT1: create(T2)\nT2: r0 = x\n", {{0}});
}

TEST(OracleModels, GracePeriodsWaitForSections) {
  // RCU+sync+read, and tests of lwn573497: message passing and store buffering against a section need one grace period, the latter because
  // it is a full barrier as well; two chained sections need two.
  const std::string update = "T1: x = 1; synchronize_rcu; y = 1\n";
  Impossible(kAllModels, "T0: rcu_read_lock; r0 = y; r1 = x; rcu_read_unlock\n" + update, {{1, 0}});
  Impossible(kAllModels, "T0: rcu_read_lock; r0 = x; r1 = y; rcu_read_unlock\n" + update, {{0, 1}});
  Impossible(kAllModels, "T0: rcu_read_lock; x = 1; r0 = y; rcu_read_unlock\nT1: y = 1; synchronize_rcu; r1 = x\n", {{0, 0}});
  Impossible(kAllModels, "T0: rcu_read_lock; rcu_read_lock; r0 = x; rcu_read_unlock; r1 = y; rcu_read_unlock\n" + update, {{0, 1}});
  Possible("lkmm lkmm-deps lkmm-6.1", "T0: r0 = x; r1 = y\n" + update, {{0, 1}});
  const std::string readers = "T1: rcu_read_lock; r0 = y; z = 1; rcu_read_unlock\nT2: rcu_read_lock; r0 = z; r1 = x; rcu_read_unlock\n";
  Possible("lkmm-deps lkmm-6.1-deps", "T0: x = 1; synchronize_rcu; y = 1\n" + readers, {{1, 1, 0}});
  Impossible(kAllLkmm, "T0: x = 1; synchronize_rcu; synchronize_rcu; y = 1\n" + readers, {{1, 1, 0}});
  // C11's and x86's: the same reasoning, the chain being ordered or not.
  Impossible("tso sc", "T0: x = 1; synchronize_rcu; y = 1\n" + readers, {{1, 1, 0}});
  // rcu/C-rcu-link-before, -after-rf: a grace period is no barrier for what is not ordered around it.
  Possible(kAllLkmm,
           "T0: x = 1\nT1: rcu_read_lock; x = 2; y = 1; rcu_read_unlock\nT2: y = 2; synchronize_rcu; z = 1\n"
           "T3: r1 = z; if (r1 == 1) { r2 = x }\n",
           {{1, 0}, {{'x', 2}, {'y', 2}}});
}

TEST(OracleModels, SleepableSectionsHoldBackTheirOwnDomain) {
  // kernel/C-srcu-nest-1 and its relatives, -nest-5, -nest-7, C-srcu-mb-2.
  const std::string update = "T1: y = 1; synchronize_srcu(s); x = 1\n";
  const Outcome late{{0, 1}};
  Impossible(kAllLkmm, "T0: r3 = srcu_read_lock(s); r2 = y; r1 = x; srcu_read_unlock(s, r3)\n" + update, late);
  Possible(kAllLkmm, "T0: r3 = srcu_read_lock(t); r2 = y; r1 = x; srcu_read_unlock(t, r3)\n" + update, late);
  const std::string overlapping =
      "T0: r3 = srcu_read_lock(s); r2 = y; r4 = srcu_read_lock(s); srcu_read_unlock(s, r3); r1 = x; srcu_read_unlock(s, r4)\n";
  Impossible("lkmm-6.1 lkmm-6.1-deps", overlapping + update, late);
  Possible("lkmm lkmm-deps", overlapping + update, late);
  // The cookie may go through memory.
  Impossible("lkmm lkmm-deps", "T0: r3 = srcu_read_lock(s); z = r3; r2 = y; r1 = x; r4 = z; srcu_read_unlock(s, r4)\n" + update,
             {{0, 1, 0}});
  const std::string other = "T1: y = 1; fence; r1 = x\n";
  Impossible("lkmm lkmm-deps", "T0: r1 = srcu_read_lock(s); x = 1; srcu_read_unlock(s, r1); after_srcu_unlock; r2 = y\n" + other, {{0, 0}});
  Possible("lkmm lkmm-deps", "T0: r1 = srcu_read_lock(s); x = 1; srcu_read_unlock(s, r1); r2 = y\n" + other, {{0, 0}});
}

TEST(OracleModels, RacesAreJudgedByEachModelsOrder) {
  // The classic publication, by what each model has for it; a flag without order races everywhere but on SC and x86 as decided for them.
  const std::string reader = "; if (r0 == 1) { r1 = plain d }\n";
  for (const Model model : {Model::kSc, Model::kTso, Model::kRc11, Model::kLkmm, Model::kLkmmDeps, Model::kLkmm61, Model::kLkmm61Deps}) {
    const bool weak = model > Model::kTso;
    EXPECT_TRUE(Races("T0: plain d = 1\nT1: r0 = plain d\n", model));
    EXPECT_FALSE(Races("T0: plain d = 1; release x = 1\nT1: r0 = acquire x" + reader, model));
    EXPECT_EQ(Races("T0: plain d = 1; x = 1\nT1: r0 = x" + reader, model), weak);
    EXPECT_FALSE(Races("T0: lock(l); plain d = 1; unlock(l)\nT1: lock(l); plain d = 2; unlock(l)\n", model));
    EXPECT_FALSE(Races("T0: plain d = 1; create(T1); join(T1); plain d = 2\nT1: plain d = 3\n", model));
    EXPECT_FALSE(Races("T0: racy d = 1\nT1: r0 = plain d\n", model));
    // Counterexample B of the notes: ordered by the grace period alone.
    EXPECT_FALSE(
        Races("T0: release x = 1; synchronize_rcu; r0 = plain d\n"
              "T1: rcu_read_lock; r1 = acquire x; if (r1 == 0) { plain d = 2 }; rcu_read_unlock\n",
              model))
        << ToString(model);
    EXPECT_TRUE(Races("T0: release x = 1; r0 = plain d\nT1: r1 = acquire x; if (r1 == 0) { plain d = 2 }\n", model));
  }
  // Linux lets a plain write be published by wmb, and read behind an address dependency.
  EXPECT_FALSE(Races("T0: plain d = 1; wmb; x = 1\nT1: r0 = x; if (r0 == 1) { r1 = plain dep(r0) d }\n", Model::kLkmm));
}

// Whoever implements a weaker model may implement the stronger one: every graph of the stronger model is one of the weaker. x86 implements
// the kernel's model and, with the usual compilation, C11's; the two ways of treating dependencies differ in what they add.
TEST(OracleModels, GraphsOfStrongerModelsAreGraphsOfWeakerOnes) {
  const std::pair<Model, Model> pairs[] = {{Model::kSc, Model::kTso},     {Model::kTso, Model::kRc11},
                                           {Model::kTso, Model::kLkmm},   {Model::kLkmm, Model::kLkmmDeps},
                                           {Model::kTso, Model::kLkmm61}, {Model::kLkmm61, Model::kLkmm61Deps}};
  uint64_t more = 0;
  for (const auto& [strong, weak] : pairs) {
    for (int mode = 0; mode < kModes; ++mode) {
      for (uint64_t seed = 0; seed < 10; ++seed) {
        const Program program = Generate(static_cast<Mode>(mode), seed, weak);
        // Sleepable sections are nothing to the others, and LKMM has no fence that is weaker than smp_mb() for C11's.
        const bool c11_fence = ToText(program).find("acquire_fence") != std::string::npos ||
                               ToText(program).find("acq_rel_fence") != std::string::npos ||
                               ToText(program).find("release_fence") != std::string::npos;
        // Next to an RMW that failed, smp_mb__after_atomic() is a barrier in LKMM and none on x86.
        const bool may_fail = HasKind(program, OpKind::kCompareExchange) || HasKind(program, OpKind::kAwaitExchange);
        const bool beside_failure = may_fail && ToText(program).find("_atomic") != std::string::npos;
        if (!IsLkmm(strong) && IsLkmm(weak) && (HasKind(program, OpKind::kSrcuSync) || c11_fence || beside_failure)) continue;
        const OracleResult few = BruteForce(program, {.model = strong, .graphs_max = 20'000});
        const OracleResult many = BruteForce(program, {.model = weak, .graphs_max = 20'000});
        if (few.too_large || many.too_large) continue;
        EXPECT_EQ(few.rcu_disagreed + many.rcu_disagreed, 0U) << ToText(program);
        more += many.graphs.size() > few.graphs.size();
        const bool included = std::includes(many.graphs.begin(), many.graphs.end(), few.graphs.begin(), few.graphs.end(),
                                            [](const auto& a, const auto& b) { return a.hash < b.hash; });
        ASSERT_TRUE(included) << ToString(strong) << " has a graph that " << ToString(weak) << " lacks:\n" << ToText(program);
      }
    }
  }
  EXPECT_GT(more, 10U);  // of several hundred programs, which are not the same with every compiler
}

TEST(OracleModels, CountsThatDoNotDependOnTheModel) {
  // Increments of one location happen in every order under any model: n!.
  for (int m = 0; m < kModels; ++m) {
    const std::string increment = "r0 = fetch_add.relaxed(x, 1)\n";
    EXPECT_EQ(Graphs("T0: " + increment + "T1: " + increment + "T2: " + increment, static_cast<Model>(m)).graphs.size(), 6U);
  }
}

}  // namespace
}  // namespace graze::proof

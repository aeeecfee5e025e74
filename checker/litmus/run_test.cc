// SPDX-License-Identifier: MIT
// What executions come out as: states, witnesses, verdicts. Under sc, where everything can be counted by hand.
#include "checker/litmus/run.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

namespace graze::litmus {
namespace {

Report Judge(const std::string& text, Settings settings = {}) {
  settings.memory_model = "sc";
  return RunText("C t\n" + text, "t.litmus", settings);
}

// "Sometimes 2 1 1": verdict, states, positive, negative.
std::string Short(const Report& report) {
  if (report.status != Report::Status::kJudged) return report.error;
  return report.verdict + " " + std::to_string(report.states) + " " + std::to_string(report.positive) + " " +
         std::to_string(report.negative);
}

// Does one process end with r = `value`?
std::string Computes(const std::string& code, const std::string& value) {
  return Short(
      Judge("{ x=5; p=x; int a[3] = {7, 8, 9}; }\nP0(int *x, int **p, int *y, int *a) {\n" + code + "\n}\nforall (0:r=" + value + ")"));
}

TEST(LitmusRun, StoreBufferingHasThreeOutcomesUnderSc) {
  const std::string text =
      "{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); }\n"
      "P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r = READ_ONCE(*x); }\n";
  // Of the four combinations of what is read all but 0/0.
  EXPECT_EQ(Short(Judge(text + "exists (0:r=0 /\\ 1:r=0)")), "Never 3 0 3");
  EXPECT_EQ(Short(Judge(text + "~exists (0:r=0 /\\ 1:r=0)")), "Never 3 0 3");
  EXPECT_EQ(Short(Judge(text + "exists (0:r=0)")), "Sometimes 2 1 2");
  EXPECT_EQ(Short(Judge(text + "forall (x=1)")), "Always 1 3 0");
  EXPECT_EQ(Short(Judge(text + "locations [0:r; 1:r]\nforall (x=1)")), "Always 3 3 0");
  EXPECT_EQ(Short(Judge(text + "filter (0:r=1)\nexists (1:r=1)")), "Sometimes 2 1 1");
  EXPECT_EQ(Short(Judge(text + "locations [x]")), "Always 1 3 0");
  EXPECT_EQ(Short(Judge(text + "exists (0:r=1:r)")), "Sometimes 3 1 2");
  EXPECT_EQ(Short(Judge(text + "exists (0:r=1 => 1:r=0)")), "Sometimes 3 2 1");
}

TEST(LitmusRun, CIsComputedAsInC) {
  EXPECT_EQ(Computes("r = 7 / 2 + 7 % 4 * 2 - (1 << 3) + (-16 >> 2);", "-3"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = (6 & 3) + (6 | 3) * 10 + (6 ^ 3) * 100;", "572"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = (1 < 2) + (2 <= 2) + (3 > 4) + (4 >= 4) + (1 == 1) + (1 != 1);", "4"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = !5 + !0 * 2 + ~0 + (0 && 1) + (1 || 0) * 8;", "9"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = 1 + 2 == 3 & 1 | 4;", "5"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = 0 ? 1 : 2 ? 3 : 4;", "3"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = 1; r += 4; r *= 3; r--; r <<= 1; r |= 1;", "29"), "Always 1 1 0");
  EXPECT_EQ(Computes("int s = 3; while (s > 1) { r += s; s -= 1; }", "5"), "Always 1 1 0");
  EXPECT_EQ(Computes("if (r) r = 1; else if (!r) r = 2;", "2"), "Always 1 1 0");
}

TEST(LitmusRun, PointersAreFollowed) {
  EXPECT_EQ(Computes("int *q = READ_ONCE(*p); r = READ_ONCE(*q);", "5"), "Always 1 1 0");
  EXPECT_EQ(Computes("int *q = *p; *q = 6; r = *x;", "6"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = *(a + 1) * 10 + a[2] + *&*a;", "96"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = (READ_ONCE(*p) == x) + (x != y) * 2;", "3"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = READ_ONCE(*(x + (r ^ r)));", "5"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = READ_ONCE(*p);", "x"), "Always 1 1 0");
  EXPECT_EQ(Computes("rcu_assign_pointer(*p, y); r = rcu_dereference(*p);", "y"), "Always 1 1 0");
}

TEST(LitmusRun, ReadModifyWritesReturnAndStoreWhatTheKernelSays) {
  EXPECT_EQ(Computes("r = xchg(x, 9) * 10 + READ_ONCE(*x);", "59"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = cmpxchg(x, 5, 8) * 10 + READ_ONCE(*x);", "58"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = cmpxchg(x, 4, 8) * 10 + READ_ONCE(*x);", "55"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = atomic_add_return(3, x) * 10 + atomic_fetch_sub(2, x);", "88"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = atomic_dec_return(x) * 10 + atomic_fetch_inc(x);", "44"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = atomic_fetch_andnot(4, x) * 10 + atomic_fetch_or(6, x);", "51"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = atomic_sub_and_test(5, x) + atomic_inc_and_test(x) * 2 + atomic_add_negative(-9, x) * 4;", "5"), "Always 1 1 0");
  EXPECT_EQ(Computes("r = atomic_add_unless(x, 2, 5) * 10 + atomic_add_unless(x, 2, 6); r = r * 10 + *x;", "17"), "Always 1 1 0");
  EXPECT_EQ(Computes("atomic_add(2, x); atomic_andnot(1, x); atomic_xor(9, x); atomic_and(13, x); r = atomic_read(x);", "13"),
            "Always 1 1 0");
  EXPECT_EQ(Computes("smp_store_mb(*x, 4); atomic_set_release(x, atomic_read_acquire(x) + 1); r = smp_load_acquire(x);", "5"),
            "Always 1 1 0");
}

TEST(LitmusRun, LocksExcludeAndCanBeTried) {
  const std::string both = "P%(int *x, spinlock_t *l) { spin_lock(l); int r = *x; *x = r + 1; spin_unlock(l); }\n";
  std::string text = "{}\n";
  for (const char* const name : {"0", "1", "2"}) text += std::string(both).replace(1, 1, name);
  // Three threads in six orders, and the counter is 3 in each.
  EXPECT_EQ(Short(Judge(text + "forall (x=3)")), "Always 1 6 0");
  EXPECT_EQ(Short(Judge("{}\nP0(spinlock_t *l) { spin_lock(l); r = spin_trylock(l) * 2 + spin_is_locked(l); spin_unlock(l); "
                        "r += spin_trylock(l) * 4; }\nforall (0:r=5)")),
            "Always 1 1 0");
}

TEST(LitmusRun, AnExecutionThatDeadlocksDoesNotCount) {
  EXPECT_EQ(Short(Judge("{}\nP0(spinlock_t *l) { spin_lock(l); spin_lock(l); }\nexists (true)")), "Never 0 0 0");
  // Two locks taken the other way round: of the three executions (one first, the other first, each has one) two end.
  EXPECT_EQ(Short(Judge("{}\nP0(spinlock_t *l, spinlock_t *m) { spin_lock(l); spin_lock(m); spin_unlock(m); spin_unlock(l); }\n"
                        "P1(spinlock_t *l, spinlock_t *m) { spin_lock(m); spin_lock(l); spin_unlock(l); spin_unlock(m); }\nexists (true)")),
            "Always 1 2 0");
}

TEST(LitmusRun, LoopsAreCutOffWhereTheBoundIs) {
  const std::string text = "{}\nP0(int *x) { while (READ_ONCE(*x) == 0) { r += 1; } }\nP1(int *x) { WRITE_ONCE(*x, 1); }\nexists (0:r=2)";
  const Report two = Judge(text);
  EXPECT_EQ(Short(two), "Sometimes 3 1 2");
  EXPECT_TRUE(two.cut_off);
  Settings settings;
  settings.unroll = 1;
  EXPECT_EQ(Short(Judge(text, settings)), "t.litmus: Never as far as loops run 1 iteration, but some need more (--unroll)");
  EXPECT_FALSE(Judge("{}\nP0(int *x) { while (r < 2) r += 1; }\nexists (0:r=2)").cut_off);
}

TEST(LitmusRun, AVerdictThatAnotherIterationCouldChangeIsNone) {
  Settings settings;
  const std::string three = "{}\nP0(int *x) { int i = 0; while (i < 3) i = i + 1; WRITE_ONCE(*x, i); }\n";
  for (const char* const clause : {"exists (x=3)", "forall (x=3)", "~exists (x=3)"}) {
    const Report report = Judge(three + clause);
    EXPECT_EQ(report.status, Report::Status::kInconclusive) << clause;
    EXPECT_EQ(report.verdict, "") << clause;
    settings.unroll = 3;
    EXPECT_EQ(Short(Judge(three + clause, settings)), "Always 1 1 0") << clause;
  }
  // True so far, and false after another iteration.
  settings.unroll = 1;
  EXPECT_EQ(
      Judge("{}\nP0(int *x) { r = READ_ONCE(*x); while (i < r) i += 1; }\nP1(int *x) { WRITE_ONCE(*x, 2); }\nforall (0:i!=2)", settings)
          .status,
      Report::Status::kInconclusive);
}

TEST(LitmusRun, WaitingLongerBringsAboutNothingNew) {
  const std::string writer = "P1(int *x) { WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 2); }\nexists (0:r=3)";
  EXPECT_EQ(Short(Judge("{}\nP0(int *x) { while (READ_ONCE(*x) == 0) barrier(); r = 1; }\n" + writer)).substr(0, 5), "Never");
  EXPECT_EQ(Short(Judge("{}\nP0(int *x) { while (r == 0) { r = READ_ONCE(*x); smp_mb(); } }\n" + writer)).substr(0, 5), "Never");
  // What is counted, swapped or loaded here and used there is something new.
  for (const char* const loop :
       {"while (READ_ONCE(*x) == 0) i++;", "while (xchg(x, 0) == 0) { }", "while (!r) { s = r; r = READ_ONCE(*x); }",
        "while (!r) { if (READ_ONCE(*x)) r = 1; }", "while (!READ_ONCE(*x)) *x = 0;"}) {
    EXPECT_EQ(Judge(std::string("{}\nP0(int *x) { ") + loop + " }\n" + writer).status, Report::Status::kInconclusive) << loop;
  }
}

// "flag lock-final: l; ...": the notes of a test.
std::string Notes(const std::string& text) {
  std::string notes;
  const Report report = Judge(text);
  EXPECT_EQ(report.error, "") << text;
  for (const std::string& note : report.notes) notes += (notes.empty() ? "" : "; ") + note;
  return notes;
}

TEST(LitmusRun, ATestOfWhichNoExecutionEndsSaysSo) {
  EXPECT_EQ(Notes("{}\nP0(int *x) { rcu_read_lock(); synchronize_rcu(); WRITE_ONCE(*x, 1); rcu_read_unlock(); }\nexists (x=1)"),
            "no execution ends: each waits for good");
  EXPECT_EQ(Notes("{ spinlock_t l = 1; }\nP0(spinlock_t *l, int *x) { spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); }\nexists (x=1)"),
            "no execution ends: each waits for good");
  EXPECT_EQ(Notes("{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nfilter (x=2)\nexists (x=1)"), "no execution ends as the filter asks");
  EXPECT_EQ(Notes("{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)"), "");
}

// The names are those that herd7 prints of these tests with the newest linux-kernel.bell and lock.cat.
TEST(LitmusRun, WhatTheModelObjectsToIsNoted) {
  EXPECT_EQ(Notes("{}\nP0(int *x) { rcu_read_unlock(); rcu_read_lock(); rcu_read_unlock(); }\nexists (x=1)"), "flag unmatched-rcu-unlock");
  EXPECT_EQ(Notes("{}\nP0(spinlock_t *l) { spin_lock(l); spin_unlock(l); }\nexists (l=0)"), "flag lock-final: l");
  Settings settings;
  settings.memory_model = "lkmm-deps";
  const auto under_lkmm = [&](const std::string& code) {
    const Report report =
        RunText("C t\n{}\nP0(struct srcu_struct *s, struct srcu_struct *t, int *x) { " + code + " }\nexists (x=1)", "t.litmus", settings);
    EXPECT_EQ(report.error, "") << code;
    std::string notes;
    for (const std::string& note : report.notes) notes += note + ";";
    return notes;
  };
  EXPECT_EQ(under_lkmm("rcu_read_lock(); synchronize_srcu(s); rcu_read_unlock();"), "flag invalid-sleep;");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); srcu_read_unlock(s, i);"), "");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); srcu_read_unlock(s, 0);"), "flag unmatched-srcu-lock;flag unmatched-srcu-unlock;");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); srcu_read_unlock(t, i);"), "flag unmatched-srcu-lock;flag unmatched-srcu-unlock;");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); int j = srcu_read_lock(s); srcu_read_unlock(s, j); srcu_read_unlock(s, i);"), "");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); srcu_read_unlock(s, i); srcu_read_unlock(s, i);"), "flag multiple-srcu-matches;");
  EXPECT_EQ(under_lkmm("int i = srcu_read_lock(s); srcu_read_unlock(s, i + 1);"), "flag srcu-bad-value-match;");
  // By way of memory another thread may end the section.
  EXPECT_EQ(under_lkmm("int i = srcu_down_read(s); WRITE_ONCE(*x, i); srcu_up_read(s, READ_ONCE(*x));"), "");
}

// herd7 with linux-kernel.bell of Linux 6.1, which pairs sections of sleepable RCU by nesting; what it has no macro for it refuses.
TEST(LitmusRun, TheModelOfLinux61ObjectsInItsOwnWords) {
  Settings settings;
  settings.memory_model = "lkmm-6.1-deps";
  const auto notes = [&](const std::string& code) {
    const Report report =
        RunText("C t\n{}\nP0(struct srcu_struct *s, struct srcu_struct *t, int *x) { " + code + " }\nexists (x=1)", "t.litmus", settings);
    EXPECT_EQ(report.error, "") << code;
    std::string all;
    for (const std::string& note : report.notes) all += note + ";";
    return all;
  };
  const std::string unbalanced = "flag unbalanced-srcu-locking;";
  const std::string nesting = "flag srcu-bad-nesting;";
  EXPECT_EQ(notes("rcu_read_unlock();"), "flag unbalanced-rcu-locking;");
  EXPECT_EQ(notes("rcu_read_lock(); synchronize_srcu(s); rcu_read_unlock();"), "flag invalid-sleep;");
  EXPECT_EQ(notes("int i = srcu_read_lock(s);"), unbalanced);
  EXPECT_EQ(notes("srcu_read_unlock(s, 0);"), unbalanced);
  EXPECT_EQ(notes("int i = srcu_read_lock(s); srcu_read_unlock(t, i);"), unbalanced);
  EXPECT_EQ(notes("int i = srcu_read_lock(s); int j = srcu_read_lock(t); srcu_read_unlock(s, i); srcu_read_unlock(t, j);"), "");
  EXPECT_EQ(notes("int i = srcu_read_lock(s); int j = srcu_read_lock(s); srcu_read_unlock(s, j); srcu_read_unlock(s, i);"), "");
  EXPECT_EQ(notes("int i = srcu_read_lock(s); int j = srcu_read_lock(s); srcu_read_unlock(s, i); srcu_read_unlock(s, j);"), nesting);
  EXPECT_EQ(notes("int i = srcu_read_lock(s); srcu_read_unlock(s, 0);"), nesting);
  EXPECT_EQ(notes("int i = srcu_read_lock(s); srcu_read_unlock(s, i + 1);"), nesting);
  EXPECT_EQ(notes("int i = srcu_read_lock(s); WRITE_ONCE(*x, i); srcu_read_unlock(s, READ_ONCE(*x));"), "");
  EXPECT_EQ(notes("smp_mb__after_srcu_read_unlock(); atomic_and(1, x); atomic_and(1, x); atomic_add_negative(1, x);"),
            "newer than the model of Linux 6.1: atomic_and, smp_mb__after_srcu_read_unlock;");
  settings.memory_model = "lkmm-deps";
  EXPECT_EQ(notes("atomic_and(1, x);"), "");
}

TEST(LitmusRun, LocksAndDomainsAreNoMemory) {
  EXPECT_EQ(
      Judge("{}\nP0(spinlock_t *l) { spin_lock(l); spin_unlock(l); }\nP1(spinlock_t *l) {\n r = READ_ONCE(*l); }\nexists (1:r=1)").error,
      "t.litmus:5: an access to 'l', which is a spinlock elsewhere");
  EXPECT_EQ(Judge("{}\nP0(spinlock_t *l) { spin_lock(l); *l = 0; spin_unlock(l); }\nexists (l=1)").error,
            "t.litmus:3: an access to 'l', which is a spinlock elsewhere");
}

TEST(LitmusRun, LoadsOfOneExpressionAndSlipsOfThePenAreNoted) {
  const std::string order = "loads of one expression: left to right only";
  EXPECT_EQ(Notes("{}\nP0(int *x, int *y) { r = smp_load_acquire(x) + READ_ONCE(*y); }\nexists (0:r=1)"), order);
  EXPECT_EQ(Notes("{}\nP0(int *x, int *y) { if (*x == *y) r = 1; }\nexists (0:r=1)"), order);
  EXPECT_EQ(Notes("{}\nP0(int *x, int *y) { r = READ_ONCE(*x); r = r + READ_ONCE(*y); }\nexists (0:r=1)"), "");
  EXPECT_EQ(Notes("{}\nP0(int *x) { r0 = READ_ONCE(*x); }\nexists (0:rO=1 /\\ X=1 /\\ 0:r0=z)"),
            "no process has a location X; no process has a location z; nothing assigns to 0:rO, which is 0");
  EXPECT_EQ(Notes("{}\nP0(int *x) { smp_mb; }\nexists (x=1)"), "smp_mb without parentheses is a variable of P0, no call");
  EXPECT_EQ(Notes("{}\nP0(int *x) { }\nexists (0:x=1)"), "0:x is a parameter, the address of x");
  // herd7 takes what nobody can get at.
  const std::string code = "P0(int *x, int **p) { int r1 = r0; WRITE_ONCE(*x, r1); }\nP1(int *x) { }\n";
  EXPECT_EQ(Notes("{ int x=0; 0:r0=1; int X=1; a[2]; p=b; b=2; }\n" + code + "exists (X=1)"),
            "no process has a location X; no process has a location a");
  EXPECT_EQ(Notes("{ 0:r7=1; P1:r0=1; 0:r8=c; c=1; }\n" + code + "exists (0:r7=1)"),
            "P0 has no variable r7; P1 has no variable r0; P0 has no variable r8; nothing assigns to 0:r0, which is 0");
  // To herd7 it is a register.
  EXPECT_EQ(Notes("{}\nP0(int *x) { int *p = NULL; r = true; }\nexists (0:r=1)"), "nothing assigns to 0:true, which is 0");
  EXPECT_EQ(Computes("r = 1;", "true"), "Always 1 1 0");
}

TEST(LitmusRun, WhatCannotBeComputedIsRefusedWithItsLine) {
  EXPECT_EQ(Computes("\nr = READ_ONCE(*y); r = READ_ONCE(*r);", "0"),
            "t.litmus:5: an access to 0, which is not the address of a location (by way of 'r')");
  EXPECT_EQ(Computes("r = 1 / (r * 2);", "0"), "t.litmus:4: a division by zero");
  EXPECT_EQ(Computes("r = 1 << 64;", "0"), "t.litmus:4: a shift by a count that is no position of a 64-bit number");
  EXPECT_EQ(Computes("r = x * 2;", "0"), "t.litmus:4: a computation with an address whose result depends on where a location is");
  EXPECT_EQ(Computes("r = a[3];", "0"), "t.litmus:4: an access to a[3], which is beyond what is declared");
  EXPECT_EQ(Computes("r = READ_ONCE(*z);", "0"), "t.litmus:4: an access to 'z', which is no parameter of P0");
  EXPECT_EQ(Computes("spin_unlock(x);", "0"), "t.litmus:4: unlock of a lock that this thread does not hold");
  const std::string open = ": thread ends inside the RCU read-side section that begins here";
  EXPECT_EQ(Computes("\nrcu_read_lock();\nr = 1;", "1"), "t.litmus:5" + open);
  // The outermost one that is open, wherever others began.
  EXPECT_EQ(Computes("rcu_read_lock();\nrcu_read_unlock();\nrcu_read_lock();\nrcu_read_lock();\nrcu_read_unlock();", "0"),
            "t.litmus:6" + open);
  EXPECT_EQ(Computes("if (*x == 5) {\nrcu_read_lock();\n}", "0"), "t.litmus:5" + open);
}

// What an int becomes beyond its bounds is undefined in C and another number in herd7: there is no verdict to give.
TEST(LitmusRun, ANumberThatItsTypeDoesNotHoldIsRefused) {
  const std::string too_big = "t.litmus:3: 2147483648 does not fit into an int";
  const auto of = [](const std::string& init, const std::string& type, const std::string& code) {
    return Judge("{ " + init + " }\nP0(" + type + " *x) { " + code + " }\nexists (x=1)").error;
  };
  EXPECT_EQ(of("x=2147483647;", "int", "atomic_inc(x);"), too_big);
  EXPECT_EQ(of("int x=2147483647;", "int", "int r0 = READ_ONCE(*x) + 1;"), too_big);
  EXPECT_EQ(of("int x=2147483647;", "int", "r0 = READ_ONCE(*x); r0++;"), too_big);
  EXPECT_EQ(of("atomic_t x=2147483647;", "atomic_t", "int r0 = atomic_add_negative(1, x);"), too_big);
  EXPECT_EQ(of("atomic_t x=2147483647;", "atomic_t", "int r0 = atomic_add_unless(x, 1, 0);"), too_big);
  EXPECT_EQ(of("", "int", "WRITE_ONCE(*x, 2147483648);"), too_big);
  EXPECT_EQ(of("", "int", "*x = 2147483648;"), too_big);
  EXPECT_EQ(of("", "int", "int r = xchg(x, 2147483648);"), too_big);
  EXPECT_EQ(of("", "int", "char r1 = 300;"), "t.litmus:3: 300 does not fit into a char");
  EXPECT_EQ(of("", "unsigned int", "WRITE_ONCE(*x, -1);"), "t.litmus:3: -1 does not fit into an unsigned int");
  EXPECT_EQ(of("int x=2147483648;", "int", ""), "t.litmus:2: 2147483648 does not fit into the int 'x'");
  // Wider types, and addresses.
  EXPECT_EQ(of("long x=2147483647;", "long", "long r0 = READ_ONCE(*x) + 1; WRITE_ONCE(*x, r0 * 4);"), "");
  EXPECT_EQ(of("x=2147483647;", "u64", "u64 r0 = atomic_add_return(1, x);"), "");
  EXPECT_EQ(of("x=2147483647;", "unsigned int", "unsigned int r0 = READ_ONCE(*x) + 1;"), "");
  EXPECT_EQ(of("", "int", "int r0 = x; WRITE_ONCE(*x, r0); long r1 = 5000000000; int r2 = r1 > 0;"), "");
}

TEST(LitmusRun, AWitnessIsShownOnRequest) {
  Settings settings;
  settings.show = true;
  const std::string text = "{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nP1(int *x) { r = READ_ONCE(*x); }\n";
  const Report report = Judge(text + "exists (1:r=1)", settings);
  EXPECT_EQ(Short(report), "Sometimes 2 1 1");
  EXPECT_NE(report.witness.find("1:r=1"), std::string::npos) << report.witness;
  EXPECT_NE(report.witness.find("read[once] x = 1"), std::string::npos) << report.witness;
  EXPECT_EQ(Judge(text + "exists (1:r=2)", settings).witness,
            "none, no execution satisfies the condition\nfinal states:\n  1:r=0\n  1:r=1\n");
  const std::string against = Judge(text + "forall (1:r=1)", settings).witness;
  EXPECT_TRUE(against.starts_with("against the condition: 1:r=0\n")) << against;
  EXPECT_NE(against.find("read[once] x = 0"), std::string::npos) << against;
  EXPECT_TRUE(Judge(text + "forall (x=1)", settings).witness.starts_with("none, no execution is against the condition\n"));
}

// The words of a column of a witness, without what was read from.
std::string Column(const std::string& witness, size_t column) {
  std::string steps;
  std::istringstream lines(witness);
  for (std::string line; std::getline(lines, line);) {
    size_t begin = 0;
    for (size_t i = 0; i < column && begin != std::string::npos; ++i) begin = line.find("| ", begin + 1);
    if (begin == std::string::npos || line.starts_with(" step")) continue;
    std::string text = line.substr(begin + 2, line.find('|', begin + 2) - begin - 2);
    text = text.substr(0, text.find("  "));
    while (text.ends_with(' ')) text.pop_back();
    if (!text.empty()) steps += text + ";";
  }
  return steps;
}

TEST(LitmusRun, AWitnessNamesFencesOrdersDomainsAndPrimitives) {
  Settings settings;
  settings.show = true;
  settings.memory_model = "lkmm-deps";
  const auto witness = [&](const std::string& code) {
    return RunText("C t\n{}\nP0(int *x, int *y, spinlock_t *l, struct srcu_struct *s)\n{\n" + code + "}\nexists (true)", "t.litmus",
                   settings)
        .witness;
  };
  const std::string accesses = witness(
      "*x = 1;\nint r0 = *x;\nWRITE_ONCE(*x, 2);\nr0 = READ_ONCE(*x);\nsmp_store_release(x, 3);\nr0 = smp_load_acquire(x);\n"
      "r0 = rcu_dereference(*x);\n");
  EXPECT_EQ(Column(accesses, 1),
            "x 0 -> 1;read x = 1;[once] x 1 -> 2;read[once] x = 2;[release] x 2 -> 3;read[acquire] x = 3;read[once] x = 3;");
  EXPECT_EQ(Column(accesses, 2),
            "plain t.litmus:5;plain t.litmus:6;WRITE_ONCE t.litmus:7;READ_ONCE t.litmus:8;smp_store_release t.litmus:9;"
            "smp_load_acquire t.litmus:10;rcu_dereference t.litmus:11;");
  EXPECT_EQ(
      Column(witness("int r0 = xchg(x, 1); atomic_inc(x); r0 = cmpxchg_acquire(x, 2, 3); r0 = cmpxchg_acquire(x, 2, 3);\n"
                     "r0 = atomic_fetch_inc_relaxed(x); r0 = xchg_release(x, 5);\n"),
             1),
      "rmw[full] x 0 -> 1;rmw[noreturn] x 1 -> 2;rmw[acquire] x 2 -> 3;cas-fail[once] x = 3;rmw[relaxed] x 3 -> 4;rmw[release] x 4 -> 5;");
  EXPECT_EQ(Column(witness("smp_mb(); smp_rmb(); smp_wmb(); smp_mb__before_atomic(); smp_mb__after_atomic(); smp_mb__after_spinlock();\n"
                           "smp_mb__after_unlock_lock(); smp_mb__after_srcu_read_unlock(); barrier(); smp_store_mb(*x, 1);\n"),
                   1),
            "smp_mb;smp_rmb;smp_wmb;smp_mb__before_atomic;smp_mb__after_atomic;smp_mb__after_spinlock;smp_mb__after_unlock_lock;"
            "smp_mb__after_srcu_read_unlock;barrier;[once] x 0 -> 1;smp_mb;");
  const std::string sections = witness(
      "rcu_read_lock();\nrcu_read_unlock();\nsynchronize_rcu();\nint c = srcu_read_lock(s);\nsrcu_read_unlock(s, "
      "c);\nsynchronize_srcu(s);\n"
      "synchronize_srcu_expedited(s);\nspin_lock(l);\nspin_unlock(l);\nint r = spin_trylock(l);\nspin_unlock(l);\n");
  EXPECT_EQ(Column(sections, 1),
            "rcu_read_lock;rcu_read_unlock;grace-period;srcu_read_lock s;srcu_read_unlock s;srcu-grace-period s;srcu-grace-period s;"
            "lock l 0 -> 1;unlock l 1 -> 0;rmw[lock] l 0 -> 1;unlock l 1 -> 0;");
  EXPECT_NE(sections.find("synchronize_srcu_expedited t.litmus:11"), std::string::npos) << sections;
}

TEST(LitmusRun, RacesDoNotChangeAVerdict) {
  const Report report = Judge("{}\nP0(int *x) { *x = 1; }\nP1(int *x) { r = *x; }\nexists (1:r=1)");
  EXPECT_TRUE(report.data_race);
  EXPECT_EQ(Short(report), "Sometimes 2 1 1");
  EXPECT_FALSE(Judge("{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nP1(int *x) { r = READ_ONCE(*x); }\nexists (1:r=1)").data_race);
}

TEST(LitmusRun, ExecutionsThatTheFilterDropsDoNotRace) {
  const std::string text =
      "{}\nP0(int *x, int *f) { WRITE_ONCE(*f, 1); *x = 1; }\nP1(int *x, int *f) { r = READ_ONCE(*f); if (r) *x = 2; }\n";
  EXPECT_TRUE(Judge(text + "exists (x=1)").data_race);
  EXPECT_FALSE(Judge(text + "filter (1:r=0)\nexists (x=1)").data_race);
}

}  // namespace
}  // namespace graze::litmus

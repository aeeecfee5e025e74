// SPDX-License-Identifier: MIT
// Programs whose number of executions under weak memory models is known, each with where the number comes from. "GenMC": what its public
// test of that name states for RC11 (v0.11.0, tests/correct/synthetic, expected.rc11.mo.in).
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "checker/api/outcomes_for_test.h"
#include "checker/api/tiny_program_for_test.h"
#include "checker/bench/counted_programs.h"

namespace graze {
namespace {

using testing::Describe;

const std::vector<std::string> kWeakModels = {"tso", "rc11", "lkmm", "lkmm-deps", "lkmm-6.1", "lkmm-6.1-deps"};

void ExpectCount(const std::string& name, const std::function<void()>& body, const std::string& model, uint64_t executions) {
  const Result result = Explore(body, {.memory_model = model});
  EXPECT_EQ(result.verdict, Verdict::kVerified) << name << " under " << model << ": " << Describe(result);
  EXPECT_EQ(result.executions, executions) << name << " under " << model;
  EXPECT_EQ(result.blocked, 0U) << name << " under " << model;
}

void ExpectCountUnderEvery(const std::string& name, const std::function<void()>& body, uint64_t executions) {
  for (const std::string& model : kWeakModels) ExpectCount(name, body, model, executions);
}

uint64_t Factorial(unsigned n) { return n == 0 ? 1 : n * Factorial(n - 1); }

// One location: its accesses are totally ordered whatever the model, so the numbers are those of counts_test.cc; GenMC has them for RC11.
TEST(WeakCounts, ProgramsOfOneLocationHaveAsManyExecutionsAsUnderSequentialConsistency) {
  for (unsigned n = 2; n <= 5; ++n) ExpectCountUnderEvery("ainc", [n] { programs::FetchAdd(n); }, Factorial(n));
  ExpectCountUnderEvery("casw 2", [] { programs::Casw(2); }, 6);
  ExpectCountUnderEvery("casw 3", [] { programs::Casw(3); }, 66);
  ExpectCountUnderEvery("readers 2", [] { programs::Readers(2); }, 4);
  ExpectCountUnderEvery("readers 8", [] { programs::Readers(8); }, 256);
  constexpr std::array<uint64_t, 5> kCasRotate = {2, 5, 14, 43, 144};
  for (unsigned n = 2; n <= 6; ++n) ExpectCountUnderEvery("casrot", [n] { programs::CasRotate(n); }, kCasRotate[n - 2]);
}

TEST(WeakCounts, TheLargerOnesUnderRepairedC11AreGenmcs) {
  ExpectCount("ainc 6", [] { programs::FetchAdd(6); }, "rc11", 720);
  ExpectCount("casw 4", [] { programs::Casw(4); }, "rc11", 1200);
  ExpectCount("casw 5", [] { programs::Casw(5); }, "rc11", 32880);
  ExpectCount("casrot 7", [] { programs::CasRotate(7); }, "rc11", 523);
  ExpectCount("casrot 8", [] { programs::CasRotate(8); }, "rc11", 2048);
  ExpectCount("casrot 9", [] { programs::CasRotate(9); }, "rc11", 8597);
  ExpectCount("readers 13", [] { programs::Readers(13); }, "rc11", 8192);
}

// All that could be out of order is a message passed by release and acquire, along a chain of writers or not, which every model forbids.
// GenMC has 5, 10 and 15.
TEST(WeakCounts, LastZero) {
  for (const std::string& model : kWeakModels) {
    ExpectCount("lastzero 5", [] { programs::LastZero(5); }, model, 64);
    ExpectCount("lastzero 8", [] { programs::LastZero(8); }, model, 704);
  }
  ExpectCount("lastzero 10", [] { programs::LastZero(10); }, "rc11", 3328);
}

// Each of the slots that two threads want goes to either, and sequential consistency has all combinations already. GenMC has 12 and 15.
TEST(WeakCounts, Indexer) {
  ExpectCountUnderEvery("indexer 12", [] { programs::Indexer(12); }, 8);
  ExpectCount("indexer 15", [] { programs::Indexer(15); }, "rc11", 4096);
}

std::string Repeated(unsigned times, const std::string& program, const std::string& thread) {
  std::string text = program;
  for (unsigned i = 0; i < times; ++i) text += (text.empty() ? "" : " || ") + thread;
  return text;
}

void ExpectTinyCount(const std::string& program, const std::string& model, uint64_t executions) {
  const Result result = testing::ExploreTiny(program, {.memory_model = model});
  EXPECT_EQ(result.verdict, Verdict::kVerified) << program << " under " << model << ": " << Describe(result);
  EXPECT_EQ(result.executions, executions) << program << " under " << model;
}

// GenMC's CoA: two writers of x that look at y and z, which N - 1 others write in that order, and at x again.
TEST(WeakCounts, CoherenceWithTwoReadersIsGenmcs) {
  constexpr std::array<uint64_t, 4> kSc = {4, 15, 130, 2028};
  constexpr std::array<uint64_t, 4> kRc11 = {4, 16, 144, 2304};
  for (unsigned n = 1; n <= 4; ++n) {
    const std::string program =
        Repeated(n - 1, "x = 1.rel; a = y.acq; b = x.acq || x = 2.rel; c = z.acq; d = x.acq", "y = 1.rel; z = 1.rel");
    ExpectTinyCount(program, "sc", kSc[n - 1]);
    ExpectTinyCount(program, "rc11", kRc11[n - 1]);
  }
}

// GenMC's wcas, wainc, rw and cinc: one location, or three that nobody connects.
TEST(WeakCounts, SmallGenmcProgramsHaveAsManyExecutionsUnderEveryModel) {
  constexpr std::array<uint64_t, 4> kWcas = {5, 13, 33, 81};
  constexpr std::array<uint64_t, 2> kRw = {4, 36};
  constexpr std::array<uint64_t, 2> kCinc = {8, 216};
  for (const std::string& model : kWeakModels) {
    for (unsigned n = 2; n <= 5; ++n) ExpectTinyCount(Repeated(n, "x = 2.rel", "cas(x, 2, 3)"), model, kWcas[n - 2]);
    for (unsigned n = 2; n <= 4; ++n) ExpectTinyCount(Repeated(n, "x = 42.rel", "add(x, 1)"), model, Factorial(n + 1));
    ExpectTinyCount("a = x; x = 1.rel || b = x; x = 2.rel", model, kRw[0]);
    ExpectTinyCount("a = x; x = 1.rel || b = x; x = 2.rel || c = x; x = 3.rel", model, kRw[1]);
    for (unsigned n = 2; n <= 3; ++n) ExpectTinyCount(Repeated(n, "", "add(x, 1); add(y, 1); add(z, 1)"), model, kCinc[n - 2]);
  }
}

// What takes herd7 longer than half a minute: orders of n atomic_inc_return() of one counter, of n critical sections of one spinlock.
TEST(WeakCounts, ContendedCountersAndLocksUnderLkmmHaveNFactorialExecutions) {
  for (unsigned n = 2; n <= 6; ++n) ExpectCount("atomic_inc_return", [n] { programs::AtomicIncReturn(n); }, "lkmm", Factorial(n));
  for (unsigned n = 2; n <= 5; ++n) {
    ExpectCountUnderEvery("spin_lock", [n] { programs::LockOnce(n); }, Factorial(n));
    ExpectCount("spin_lock with a counter", [n] { programs::LockedCounter(n, 1); }, "lkmm", Factorial(n));
  }
}

TEST(WeakCounts, Big0UnderRepairedC11IsGenmcs) {
  ExpectCount("big0", [] { programs::Big0(3); }, "rc11", 82472);
}

TEST(WeakCounts, FibonacciUnderRepairedC11IsGenmcs) {
  ExpectCount("fib_bench", [] { programs::Fibonacci(5); }, "rc11", 525630);
}

// Each of the 2 + 2N reads sees the one write of its location or not, and all combinations are possible: of relaxed accesses nothing orders
// one with one of another location; with store buffers the writers read before their stores are seen, and readers that all look at x first
// cannot contradict each other.
TEST(WeakCounts, StoreBufferingWithReadersHasAsManyExecutionsAsItsReadsHaveValues) {
  uint64_t executions = 4;
  for (unsigned readers = 0; readers <= 4; ++readers, executions *= 4) {
    ExpectCountUnderEvery("sb+" + std::to_string(readers), [readers] { programs::StoreBuffering(readers); }, executions);
  }
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
// Programs whose number of executions is known, each with where the number comes from. "Enumerated" means: all interleavings under
// sequential consistency, outside this project, counting the distinct pairs of reads-from and coherence.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/api/outcomes_for_test.h"
#include "checker/bench/counted_programs.h"

namespace graze {
namespace {

using testing::Describe;

struct Count {
  std::string name;
  std::function<void()> body;
  uint64_t executions;
  uint64_t blocked;
};

uint64_t Factorial(unsigned n) { return n == 0 ? 1 : n * Factorial(n - 1); }

void ExpectCounts(const std::vector<Count>& counts) {
  for (const Count& each : counts) {
    const Result result = Explore(each.body);
    EXPECT_EQ(result.verdict, Verdict::kVerified) << each.name << ": " << Describe(result);
    EXPECT_EQ(result.executions, each.executions) << each.name;
    EXPECT_EQ(result.blocked, each.blocked) << each.name;
    EXPECT_EQ(result.doomed, 0U) << each.name;
  }
}

// Closed form: the read-modify-writes are totally ordered, and every order is possible.
TEST(Counts, FetchAddByNThreadsHasNFactorialExecutions) {
  for (unsigned n = 2; n <= 5; ++n) {
    ExpectCounts({{"fetch_add " + std::to_string(n), [n] { programs::FetchAdd(n); }, Factorial(n), 0}});
  }
}

// Closed form: the critical sections are totally ordered, and no explored graph is stuck waiting.
TEST(Counts, ALockTakenByNThreadsHasNFactorialExecutionsAndNothingBlocked) {
  for (unsigned n = 2; n <= 5; ++n) {
    ExpectCounts({{"lock " + std::to_string(n), [n] { programs::LockOnce(n); }, Factorial(n), 0}});
  }
}

// Closed form: 3 sections of each of 2 threads in every order, 6! / (3! 3!).
TEST(Counts, ALockedCounterHasOneExecutionForEachOrderOfItsSections) {
  ExpectCounts({{"locked counter 2x3", [] { programs::LockedCounter(2, 3); }, 20, 0}});
  ExpectCounts({{"locked counter 3x2", [] { programs::LockedCounter(3, 2); }, 90, 0}});  // 6! / (2! 2! 2!)
}

// 2 to 4 enumerated; all four are what GenMC's public test `casw` states.
TEST(Counts, CompareExchangeThenWrite) {
  ExpectCounts({{"casw 2", [] { programs::Casw(2); }, 6, 0},
                {"casw 3", [] { programs::Casw(3); }, 66, 0},
                {"casw 4", [] { programs::Casw(4); }, 1200, 0},
                {"casw 5", [] { programs::Casw(5); }, 32880, 0}});
}

// Closed form (n + 3) 2^(n - 2), which the enumeration of 3, 4 and 5 writers confirms; 8 and 10 are in GenMC's public tests.
TEST(Counts, LastZero) {
  ExpectCounts({{"lastzero 3", [] { programs::LastZero(3); }, 12, 0},
                {"lastzero 4", [] { programs::LastZero(4); }, 28, 0},
                {"lastzero 8", [] { programs::LastZero(8); }, 704, 0},
                {"lastzero 10", [] { programs::LastZero(10); }, 3328, 0}});
}

// Closed form: each reader sees the write or not, 2^n.
TEST(Counts, ReadersOfOneWrite) {
  ExpectCounts({{"readers 5", [] { programs::Readers(5); }, 32, 0}, {"readers 13", [] { programs::Readers(13); }, 8192, 0}});
}

// Every count from 2 to 9 is in GenMC's public test `casrot`; 2 to 6 enumerated.
TEST(Counts, CompareExchangeInRotation) {
  constexpr std::array<uint64_t, 8> kExecutions = {2, 5, 14, 43, 144, 523, 2048, 8597};
  for (unsigned n = 2; n <= 9; ++n) {
    ExpectCounts({{"casrot " + std::to_string(n), [n] { programs::CasRotate(n); }, kExecutions[n - 2], 0}});
  }
}

// Closed form 8^(n - 11): threads i and i + 11 want the same slot for three of their keys, either may get it, and the next slot is free.
// 12 and 15 are in GenMC's public test `indexer`.
TEST(Counts, Indexer) {
  ExpectCounts({{"indexer 11", [] { programs::Indexer(11); }, 1, 0},
                {"indexer 12", [] { programs::Indexer(12); }, 8, 0},
                {"indexer 13", [] { programs::Indexer(13); }, 64, 0},
                {"indexer 15", [] { programs::Indexer(15); }, 4096, 0}});
}

// GenMC's public test `big0` states three rounds for sequential consistency; one and two enumerated.
TEST(Counts, Big0) {
  ExpectCounts({{"big0, 1 round", [] { programs::Big0(1); }, 290, 0},
                {"big0, 2 rounds", [] { programs::Big0(2); }, 6992, 0},
                {"big0", [] { programs::Big0(3); }, 69112, 0}});
}

// GenMC's public test `fib_bench` states five rounds for sequential consistency; one to three enumerated.
TEST(Counts, Fibonacci) {
  ExpectCounts({{"fib_bench, 1 round", [] { programs::Fibonacci(1); }, 11, 0},
                {"fib_bench, 2 rounds", [] { programs::Fibonacci(2); }, 140, 0},
                {"fib_bench, 3 rounds", [] { programs::Fibonacci(3); }, 1698, 0},
                {"fib_bench", [] { programs::Fibonacci(5); }, 218243, 0}});
}

// Enumerated. Without a reader it is the three outcomes of store buffering.
TEST(Counts, StoreBufferingWithReaders) {
  ExpectCounts({{"sb+0", [] { programs::StoreBuffering(0); }, 3, 0},
                {"sb+1", [] { programs::StoreBuffering(1); }, 11, 0},
                {"sb+2", [] { programs::StoreBuffering(2); }, 41, 0},
                {"sb+3", [] { programs::StoreBuffering(3); }, 155, 0},
                {"sb+4", [] { programs::StoreBuffering(4); }, 593, 0}});
}

// Enumerated. Where the consumer waits: C(4, 2) orders in which the producers take the four slots, and nothing else.
TEST(Counts, Ring) {
  ExpectCounts({{"ring", [] { programs::Ring(programs::RingConsumer::kStopsWhenEmpty); }, 30, 0},
                {"ring, waiting", [] { programs::Ring(programs::RingConsumer::kWaits); }, 6, 0}});
}

// Enumerated: a failed attempt sees the lock held, by any of the others in any order.
TEST(Counts, TryLockByNThreads) {
  const auto attempts = [](unsigned threads) {
    mutex m;
    run_threads_indexed(threads, [&](unsigned) {
      if (m.try_lock()) m.unlock();
    });
  };
  ExpectCounts({{"try_lock 2", [=] { attempts(2); }, 4, 0},
                {"try_lock 3", [=] { attempts(3); }, 21, 0},
                {"try_lock 4", [=] { attempts(4); }, 148, 0}});
}

// Enumerated, with the executions left out by the popper's assumption as blocked ones. A popper that tries again until it succeeds or
// finds the stack empty has 20 and 600; 16 and 360 are those in which its first attempt succeeds or there was none, which is what a checker
// counts that takes a failed attempt for an iteration of a spin loop, to be left out. Links make no difference: nobody writes one that
// another thread can see. GenMC's public test `treiber-stack`, whose pushers load the head again before each attempt, counts likewise: 18
// of its 22 executions.
TEST(Counts, TreiberStack) {
  using programs::Popper;
  ExpectCounts({{"2+1", [] { programs::TreiberStack(2, Popper::kRetries); }, 20, 0},
                {"3+1", [] { programs::TreiberStack(3, Popper::kRetries); }, 600, 0},
                {"2+1, gives up", [] { programs::TreiberStack(2, Popper::kGivesUp); }, 16, 4},
                {"3+1, gives up", [] { programs::TreiberStack(3, Popper::kGivesUp); }, 360, 144}});
}

// The executions of a program, as the sorted list of their canonical hashes; a duplicate would show.
std::vector<uint64_t> Hashes(const std::function<void()>& body, Options options) {
  std::vector<uint64_t> hashes;
  options.on_execution = [&hashes](uint64_t hash) { hashes.push_back(hash); };
  const Result result = Explore(body, options);
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, hashes.size());
  std::sort(hashes.begin(), hashes.end());
  return hashes;
}

// Two takers of a queue that a third thread fills and closes.
void WorkQueue() {
  mutex m;
  condition_variable changed;
  plain<int> items{0};
  plain<bool> closed{false};
  const auto take = [&] {
    std::unique_lock lock(m);
    changed.wait(lock, [&] { return items > 0 || closed; });
    if (items > 0) items -= 1;
  };
  run_threads(take, take, [&] {
    {
      const std::lock_guard guard(m);
      items = 1;
    }
    changed.notify_one();
    const std::lock_guard guard(m);
    closed = true;
    changed.notify_all();
  });
}

// Allocation that may fail, a reference count, a lock that is only tried.
void TakeAndPut() {
  struct Object {
    atomic<int> references{2};
    mutex busy;
    plain<int> uses{0};
  };
  Object* object = choose_bool("allocation fails") ? nullptr : make<Object>();
  if (object == nullptr) return;
  const auto use_and_put = [object] {
    if (object->busy.try_lock()) {
      object->uses += 1;
      object->busy.unlock();
    }
    if (object->references.fetch_sub(1) == 1) destroy(object);
  };
  run_threads(use_and_put, use_and_put);
}

// Permits, a wait for a condition with several writers of the word, and a narrowed choice.
void Permits() {
  atomic<int> permits{0};
  const auto acquire = [&] { await_update(permits, [](int n) { return n > 0 ? std::optional(n - 1) : std::nullopt; }); };
  run_threads(acquire, acquire, [&] {
    const unsigned first = choose(3);
    assume(first < 2);
    permits.fetch_add(first == 0 ? 1 : 2);
    if (first == 0) permits.fetch_add(1);
  });
}

std::vector<std::pair<std::string, std::function<void()>>> ProgramsOfModestSize() {
  return {{"work queue", [] { WorkQueue(); }},
          {"take and put", [] { TakeAndPut(); }},
          {"permits", [] { Permits(); }},
          {"fetch_add", [] { programs::FetchAdd(4); }},
          {"lock", [] { programs::LockOnce(4); }},
          {"locked counter", [] { programs::LockedCounter(2, 3); }},
          {"casw", [] { programs::Casw(3); }},
          {"lastzero", [] { programs::LastZero(5); }},
          {"store buffering", [] { programs::StoreBuffering(2); }},
          {"ring", [] { programs::Ring(programs::RingConsumer::kStopsWhenEmpty); }},
          {"ring, waiting", [] { programs::Ring(programs::RingConsumer::kWaits); }},
          {"treiber", [] { programs::TreiberStack(2, programs::Popper::kRetries); }}};
}

TEST(Invariance, NoExecutionIsExploredTwice) {
  for (const auto& [name, body] : ProgramsOfModestSize()) {
    const std::vector<uint64_t> hashes = Hashes(body, {});
    EXPECT_EQ(std::adjacent_find(hashes.begin(), hashes.end()), hashes.end()) << name;
    EXPECT_FALSE(hashes.empty());
  }
}

TEST(Invariance, TheExecutionsDoNotDependOnTheScheduler) {
  for (const auto& [name, body] : ProgramsOfModestSize()) {
    const std::vector<uint64_t> expected = Hashes(body, {});
    for (const SchedulerKind kind : {SchedulerKind::kWriteFirst, SchedulerKind::kLeftToRight, SchedulerKind::kRightToLeft,
                                     SchedulerKind::kReadFirst, SchedulerKind::kRandom}) {
      Options options;
      options.scheduler = kind;
      EXPECT_EQ(Hashes(body, options), expected) << name << ", scheduler " << static_cast<int>(kind);
    }
  }
}

TEST(Invariance, TheExecutionsDoNotDependOnSeedsAndTheOrderOfAlternatives) {
  for (const auto& [name, body] : ProgramsOfModestSize()) {
    const std::vector<uint64_t> expected = Hashes(body, {});
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      Options options;
      options.scheduler = SchedulerKind::kRandom;
      options.shuffle_queue = seed % 2 == 0;
      options.seed = seed;
      EXPECT_EQ(Hashes(body, options), expected) << name << ", seed " << seed;
    }
  }
}

// Every piece is handed on as bytes, so this also shows that a piece says all there is to know.
TEST(Invariance, TheExecutionsDoNotDependOnSplittingTheSearchIntoWorkItems) {
  for (const auto& [name, body] : ProgramsOfModestSize()) {
    const std::vector<uint64_t> expected = Hashes(body, {});
    for (const uint64_t split_after : {1U, 2U, 5U, 20U}) {
      for (const SchedulerKind kind : {SchedulerKind::kWriteFirst, SchedulerKind::kRightToLeft, SchedulerKind::kRandom}) {
        Options options;
        options.split_after = split_after;
        options.scheduler = kind;
        EXPECT_EQ(Hashes(body, options), expected) << name << ", split after " << split_after << ", scheduler " << static_cast<int>(kind);
      }
    }
  }
}

TEST(Invariance, TheSelfCheckAgrees) {
  for (const auto& [name, body] : ProgramsOfModestSize()) {
    Options options;
    options.self_check = true;
    EXPECT_EQ(Hashes(body, options), Hashes(body, {})) << name;
  }
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
// The search as a whole: rules for waiting (RULES.md), what a violation does to it, what ends it early. Grace periods are in
// exploration_rcu_test.cc.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "checker/explore/rcu_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreChecked;
using testing::kSchedulers;

// ---- threads

TEST(Threads, OfAGroupComeInTheOrderOfTheirCreatorsWhicheverRanFirst) {
  // The creators are "0" and "1"; right to left the second is discovered first.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          const auto nothing = [] {};
          run_threads_indexed(2, [&](unsigned i) {
            thread child({.name = i == 0 ? "child of 0" : "child of 1", .group = 1}, nothing);
            child.join();
          });
          std::string seen;
          ForEachCreatedBefore(1, [](ThreadId id, void* text) { *static_cast<std::string*>(text) += ThreadName(id); }, &seen);
          if (seen != "child of 0child of 1") Fail("order", seen, nullptr);
        },
        scheduler);
    EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  }
}

// ---- waiting

TEST(Waiting, NThreadsThatLockOnceHaveNFactorialExecutionsAndNoneBlocked) {
  unsigned factorial = 1;
  for (unsigned n = 2; n <= 4; ++n) {
    factorial *= n;
    for (const SchedulerKind scheduler : kSchedulers) {
      const Result result = ExploreChecked(
          [n] {
            mutex m;
            run_threads_indexed(n, [&](unsigned) {
              m.lock();
              m.unlock();
            });
          },
          scheduler);
      EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
      EXPECT_EQ(result.executions, factorial);
      EXPECT_EQ(result.blocked, 0U);
    }
  }
}

TEST(Waiting, TwoLocksInOppositeOrdersHaveThreeGraphsAndOneDeadlock) {
  // Either thread goes first with both locks, or each holds one.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          mutex a, b;
          const auto nested = [](mutex& outer, mutex& inner) {
            outer.lock();
            inner.lock();
            inner.unlock();
            outer.unlock();
          };
          run_threads([&] { nested(a, b); }, [&] { nested(b, a); });
        },
        scheduler);
    EXPECT_EQ(result.executions, 3U) << Describe(result);
    EXPECT_EQ(result.blocked, 0U);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kDeadlock);
    EXPECT_EQ(result.violations[0].rule, "I-LIVE");
    EXPECT_EQ(result.violations[0].count, 1U);
    EXPECT_TRUE(result.rest_holds);
  }
}

TEST(Waiting, AnAwaitOnARacyWordHasTheSixGraphsOfTheDesign) {
  // await(x == 0) | x = 1 | x = 0. Order of the writes 1, 0: the await reads the initial value or the 0. Order 0, 1: the initial value, the
  // 0, or it stays with the 1 for good. That makes five. The sixth, reading the 1 although a 0 follows, only says that time has not passed
  // yet; a search may come across it or not, and does not count it.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> x{0};
          run_threads([&] { await(x, 0); }, [&] { x.store(1); }, [&] { x.store(0); });
        },
        scheduler);
    EXPECT_EQ(result.executions, 5U) << Describe(result);
    EXPECT_LE(result.blocked, 1U);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kHungTask);
    EXPECT_EQ(result.violations[0].count, 1U);
  }
}

TEST(Waiting, BusyWaitLoopsOneAfterTheOtherAreTwoWaits) {
  for (const bool hint_first : {false, true}) {
    const Result result = ExploreChecked([hint_first] {
      atomic<int> a{0}, b{0};
      const auto wait_for = [&](atomic<int>& x) {
        while (true) {
          if (hint_first) spin_hint();
          if (x.load() != 0) return;
          if (!hint_first) spin_hint();
        }
      };
      run_threads(
          [&] {
            a.store(1);
            b.store(1);
          },
          [&] {
            wait_for(a);
            wait_for(a);
            wait_for(a);
            wait_for(b);
          });
    });
    EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
    EXPECT_GE(result.executions, 1U);
  }
}

// ---- violations

TEST(Violation, DoesNotEndTheSearch) {
  // Four threads add one: 4! executions. Thread 0 comes last in 3! of them; in the others the rule is checked and holds.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> x{0};
          run_threads_indexed(4, [&](unsigned i) {
            const int old = x.fetch_add(1);
            if (i == 0) GRAZE_ASSERT_RULE("I-TEST", old != 3);
          });
        },
        scheduler);
    EXPECT_EQ(result.verdict, Verdict::kViolation) << Describe(result);
    EXPECT_EQ(result.executions, 24U);
    ASSERT_EQ(result.violations.size(), 1U);
    EXPECT_EQ(result.violations[0].count, 6U);
    EXPECT_EQ(result.checks.at("I-TEST"), 18U);
    EXPECT_TRUE(result.rest_holds);
  }
}

TEST(Violation, OfAnUnfinishedSearchSaysNothingAboutTheRest) {
  Options options;
  options.executions_max = 3;
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        run_threads_indexed(4, [&](unsigned) {
          x.fetch_add(1);
          GRAZE_ASSERT(false);
        });
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kViolation) << Describe(result);
  EXPECT_FALSE(result.rest_holds);
  EXPECT_NE(result.reason, "");
}

struct Word {
  Word() : value(0) {}
  atomic<int> value;
};

struct Cell {
  plain<int> value;
};

TEST(Violation, AUseAfterFreeStopsItsThreadInEveryExecution) {
  // The two stores to y have two orders; nothing else has a choice. What comes after the use must never happen.
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> y{0};
          Word* const word = make<Word>();
          destroy(word);
          run_threads(
              [&] {
                word->value.store(1);
                Fail("I-AFTER", "goes on after a use after free", nullptr);
              },
              [&] { y.store(1); }, [&] { y.store(2); });
        },
        scheduler);
    EXPECT_EQ(result.executions, 2U) << Describe(result);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kUseAfterFree);
    EXPECT_EQ(result.violations[0].count, 2U);
  }
}

TEST(Violation, AUseAfterFreeBreaksTheRuleThatItsTypeHas) {
  RegisterLifetimeRule("guarded", "I-GUARDED");
  for (const auto& [type, rule] : {std::pair("guarded", "I-GUARDED"), std::pair("other", "I-UAF")}) {
    const Result after = ExploreChecked([type = type] {
      void* const object = Malloc(8, true, type, nullptr);
      Free(object, nullptr);
      TouchObject(object, false, nullptr);
    });
    ASSERT_EQ(after.violations.size(), 1U) << Describe(after);
    EXPECT_EQ(after.violations[0].rule, rule);
    const Result beside = ExploreChecked([type = type] {
      void* const object = Malloc(8, true, type, nullptr);
      run_threads([&] { TouchObject(object, false, nullptr); }, [&] { Free(object, nullptr); });
    });
    ASSERT_EQ(beside.violations.size(), 1U) << Describe(beside);
    EXPECT_EQ(beside.violations[0].rule, rule) << "nothing orders the two";
  }
}

TEST(Violation, AnUninitialisedReadStopsItsThreadInEveryExecution) {
  for (const SchedulerKind scheduler : kSchedulers) {
    const Result result = ExploreChecked(
        [] {
          atomic<int> y{0};
          Cell* const cell = make<Cell>();
          run_threads(
              [&] {
                cell->value.load();
                Fail("I-AFTER", "goes on after an uninitialised read", nullptr);
              },
              [&] { y.store(1); }, [&] { y.store(2); });
          destroy(cell);
        },
        scheduler);
    EXPECT_EQ(result.executions, 2U) << Describe(result);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kUninitializedRead);
    EXPECT_EQ(result.violations[0].count, 2U);
  }
}

TEST(Violation, ALeakNamesEveryObjectByType) {
  const Result result = ExploreChecked([] {
    make<Word>();
    make<Cell>();
    make<Word>();
    destroy(make<Cell>());
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kLeak);
  EXPECT_EQ(result.violations[0].objects, (std::vector<std::string>{"Cell", "Word", "Word"}));
}

TEST(Violation, IsConfirmedByAReplayThatGraphHooksDoNotSee) {
  Options options;
  unsigned graphs = 0;
  options.on_graph = [&](const GraphDump&) { ++graphs; };
  const Result result = Explore(
      [] {
        plain<int> data{0};
        run_threads([&] { data = 1; }, [&] { data = 2; });
      },
      options);
  EXPECT_EQ(result.executions, 2U) << Describe(result);  // the two orders of the racing writes
  EXPECT_EQ(result.violations.size(), 1U);
  EXPECT_EQ(graphs, 2U);
}

// ---- replay against other code

TEST(Replay, OfAProgramThatGrewSaysSo) {
  bool longer = false;
  const std::function<void()> body = [&longer] {
    mutex a, b;
    atomic<int> z{0};
    run_threads(
        [&] {
          a.lock();
          b.lock();
        },
        [&] {
          b.lock();
          a.lock();
        },
        [&] {
          z.store(1);
          if (longer) z.store(2);
        });
  };
  const Result result = Explore(body, {.leak_check = false});
  ASSERT_FALSE(result.violations.empty()) << Describe(result);
  longer = true;
  const Result again = Replay(body, result.violations[0].token);
  EXPECT_EQ(again.verdict, Verdict::kError) << Describe(again);
  EXPECT_NE(again.reason, "");
}

// ---- bounds

void SixFactorial() {
  atomic<int> x{0};
  run_threads_indexed(6, [&](unsigned) { x.fetch_add(1); });
}

TEST(Bound, OfExecutionsIsInconclusiveAndNamed) {
  Options options;
  options.executions_max = 100;
  const Result result = Explore(&SixFactorial, options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_EQ(result.executions, 100U);
  EXPECT_NE(result.reason.find("100"), std::string::npos) << result.reason;
}

TEST(Bound, OfTimeIsInconclusiveAndNamed) {
  Options options;
  options.seconds_max = 1e-9;
  const Result result = Explore(&SixFactorial, options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_LT(result.executions, 720U);
  EXPECT_NE(result.reason.find("time"), std::string::npos) << result.reason;
}

TEST(Bound, AnInterruptionKeepsWhatWasFound) {
  Options options;
  options.progress = [](const Result&) { return false; };
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        run_threads_indexed(6, [&](unsigned) {
          GRAZE_ASSERT(x.fetch_add(1) < 7);
          x.fetch_add(1);
        });
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kViolation) << Describe(result);
  EXPECT_EQ(result.reason, "interrupted");
  EXPECT_FALSE(result.rest_holds);
}

TEST(Bound, OfALoopNamesItsLine) {
  const Result result = Explore([] {
    atomic<int> x{0};
    while (x.load() == 0) {
    }
  });
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("unbounded loop at"), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find("exploration_test.cc:" + std::to_string(__LINE__ - 5)), std::string::npos) << result.reason;
}

TEST(Bound, OfALoopThatTouchesNothingNamesItsLine) {
  const Result result = Explore([] {
    const volatile bool done = false;  // not shared as far as the checker can see
    while (!done) spin_hint();
  });
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("exploration_test.cc:" + std::to_string(__LINE__ - 3)), std::string::npos) << result.reason;
}

TEST(Bound, OfEventsIsNamed) {
  for (const bool of_thread : {false, true}) {
    Options options;
    options.loop_max = 1'000'000;
    if (!of_thread) options.events_max = 500;
    const Result result = Explore(
        [] {
          atomic<int> x{0};
          for (int i = 0; i < 70'000; ++i) x.store(1);
        },
        options);
    EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
    EXPECT_NE(result.reason.find(of_thread ? "thread 'main'" : "500 events"), std::string::npos) << result.reason;
  }
}

TEST(Bound, OfTheMemoryOfAThreadIsNamed) {
  const Result result = Explore([] {
    thread greedy({.name = "greedy"}, [] {
      [[maybe_unused]] void* volatile kept = nullptr;              // an allocation that nobody looks at may be left out
      for (int i = 0; i < 5; ++i) kept = ::operator new(1 << 20);  // 4 MiB is the bound
    });
    greedy.join();
  });
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("greedy"), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find("4 MiB"), std::string::npos) << result.reason;
}

// `count` threads, each writes a word of its own.
void ManyThreads(unsigned count) {
  static constexpr unsigned kWords = 2'000;
  auto* const words = new std::array<atomic<int>, kWords>;
  std::vector<thread> threads;
  for (unsigned i = 0; i < count; ++i) threads.emplace_back([words, i] { (*words)[i].store(1); });
  for (thread& each : threads) each.join();
  for (unsigned i = 0; i < count; ++i) GRAZE_ASSERT((*words)[i].load() == 1);
}

TEST(Bound, OfThreadsIsFarAboveSixtyFour) {
  const Result result = Explore([] { ManyThreads(200); });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);  // they share nothing
  EXPECT_EQ(result.threads_max, 201U);
}

TEST(Bound, OfThreadsIsNamed) {
  const Result result = Explore([] { ManyThreads(1'024); });  // and the one that creates them
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("1024 threads"), std::string::npos) << result.reason;
}

}  // namespace
}  // namespace graze

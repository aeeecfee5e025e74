// SPDX-License-Identifier: MIT
#include "checker/api/explore.h"

#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "checker/api/outcomes_for_test.h"
#include "checker/runtime/ops.h"

namespace graze {
namespace {

using testing::Describe;

TEST(Explore, OfAnUnknownMemoryModelIsAnErrorThatNamesIt) {
  Options options;
  options.memory_model = "quantum";
  const Result result = Explore([] {}, options);
  EXPECT_EQ(result.verdict, Verdict::kError);
  EXPECT_NE(result.reason.find("quantum"), std::string::npos) << result.reason;
}

TEST(Explore, OfABodyWithoutThreadsHasOneExecution) {
  const Result result = Explore([] {
    atomic<int> x{0};
    GRAZE_ASSERT(x.load() == 0);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);
}

TEST(Explore, OfABodyThatAnExceptionLeavesIsAViolation) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] { x.store(1); },
                [&] {
                  if (x.load() == 1) throw 1;
                });
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_NE(result.violations[0].message.find("exception"), std::string::npos) << Describe(result);
}

TEST(Explore, GoesOnAfterAViolation) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] { x.store(1); }, [&] { x.store(2); }, [&] { GRAZE_ASSERT(x.load() != 1); });
  });
  EXPECT_EQ(result.verdict, Verdict::kViolation);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_TRUE(result.rest_holds);
  // The two orders of the writes times what the load sees: 0, 1 or 2; it reads 1 in each order once.
  EXPECT_EQ(result.violations[0].count, 2U);
}

TEST(Explore, ABudgetOfExecutionsIsInconclusive) {
  Options options;
  options.executions_max = 3;
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        run_threads_indexed(4, [&](unsigned) { x.fetch_add(1); });
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_FALSE(result.reason.empty());
  EXPECT_LE(result.executions, 4U);
}

TEST(Explore, WithoutACompleteExecutionIsAnErrorNotAPass) {
  const Result result = Explore([] { assume(false); });
  EXPECT_EQ(result.verdict, Verdict::kError) << Describe(result);
  EXPECT_FALSE(result.reason.empty());
  EXPECT_EQ(result.blocked, 1U);
}

TEST(Explore, AnExecutionOfMoreEventsThanTheBoundIsInconclusive) {
  Options options;
  options.events_max = 50;
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        for (int i = 0; i < 100; ++i) x.store(i);
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("50 events"), std::string::npos) << result.reason;
}

TEST(Explore, UsingTheSameBytesWithTwoSizesIsInconclusiveAndNamesTheLine) {
  const Result result = Explore([] {
    atomic<uint32_t> word{0};
    run_threads([&] { word.store(1); }, [&] { reinterpret_cast<atomic<uint8_t>&>(word).load(); });
  });
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_NE(result.reason.find("explore_test.cc:" + std::to_string(__LINE__ - 3)), std::string::npos) << result.reason;
}

TEST(Explore, AProgressCallbackMayInterrupt) {
  Options options;
  uint64_t calls = 0;
  options.progress = [&](const Result&) { return ++calls < 3; };
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        run_threads_indexed(7, [&](unsigned) { x.fetch_add(1); });
      },
      options);
  EXPECT_EQ(result.verdict, Verdict::kInconclusive) << Describe(result);
  EXPECT_EQ(calls, 3U);
  EXPECT_LT(result.executions, 5040U);  // 7!
  EXPECT_NE(result.reason.find("interrupted"), std::string::npos) << result.reason;
}

TEST(Explore, NamesTheOperationOfANondeterministicBody) {
  static int runs = 0;
  runs = 0;
  const Result result = Explore([] {
    atomic<int> x{0}, y{0};
    run_threads([&] { y.store(1); },
                [&] {
                  y.load();
                  if (runs++ % 2 == 0) {
                    x.store(1);
                  } else {
                    x.load();
                  }
                },
                [&] { x.load(); });
  });
  EXPECT_EQ(result.verdict, Verdict::kError) << Describe(result);
  EXPECT_TRUE(result.nondeterministic);
  EXPECT_NE(result.reason.find("explore_test.cc:"), std::string::npos) << result.reason;
}

TEST(Explore, NamesTheLineOfANondeterministicValue) {
  static int runs = 0;
  runs = 0;
  const Result result = Explore([] {
    atomic<int> x{0}, y{0};
    run_threads([&] { y.store(1); },
                [&] {
                  x.store(++runs);
                  y.load();
                });
  });
  EXPECT_EQ(result.verdict, Verdict::kError) << Describe(result);
  EXPECT_TRUE(result.nondeterministic);
  const std::string place = "explore_test.cc:" + std::to_string(__LINE__ - 6);
  EXPECT_NE(result.reason.find(place), std::string::npos) << result.reason << " should name " << place;
}

constexpr probe<int, bool> kSeen("seen");
constexpr probe<> kDone("done");

void ObservedBody(const Variant&) {
  atomic<int> x{0};
  run_threads([&] { x.store(1); },
              [&] {
                const int value = x.load();
                kSeen(value, value != 0);
              });
  kDone();
}

void ObservedEnd(const Variant& variant, Execution& execution) {
  auto& seen = *static_cast<std::vector<int>*>(const_cast<void*>(variant.arg));
  int done = 0;
  kDone.ForEach(execution, [&](const Observation&) { ++done; });
  kSeen.ForEach(execution, [&](const Observation& at, int value, bool set) {
    seen.push_back(value);
    execution.CountCheck("I-CONSISTENT");
    if (set != (value != 0) || done != 1 || at.thread == 0) execution.Report("I-CONSISTENT", "the record is wrong");
    if (value == 1) execution.Report("I-ZERO", "one was read", "0", "1");
  });
}

TEST(Probe, RecordsArriveAtTheEndWithTheirTypes) {
  std::vector<int> seen;
  Scenario scenario;
  scenario.name = "Test.Observed";
  scenario.body = &ObservedBody;
  scenario.at_end = &ObservedEnd;
  Variant variant;
  variant.arg = &seen;
  const Result result = Explore(scenario, variant, {});
  EXPECT_EQ(result.executions, 2U) << Describe(result);
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  EXPECT_EQ(result.violations[0].rule, "I-ZERO");
  EXPECT_EQ(result.violations[0].kind, ViolationKind::kInvariant);
  EXPECT_EQ(result.violations[0].count, 1U);
  ASSERT_EQ(result.checks.count("I-CONSISTENT"), 1U);
  EXPECT_EQ(result.checks.at("I-CONSISTENT"), 2U);
  EXPECT_GE(seen.size(), 2U);
}

// A local that is read through the graph and never written there; then its stack is used for something else.
[[gnu::noinline]] void ReadALocal(const int** address) {
  int local = 41;
  *address = &local;
  asm volatile("" : "+m"(local));
  Load(&local, sizeof local, MemoryOrder::kRelaxed, {}, internal::SiteOf(std::source_location::current()));
}
[[gnu::noinline]] void Overwrite() {
  volatile char scratch[512];
  for (volatile char& byte : scratch) byte = 7;
}

TEST(Execution, TheFinalValueOfWhatWasOnlyReadIsWhatWasRead) {
  struct Found {
    const int* address = nullptr;
    uint64_t value = 0;
    bool known = false;
  } found;
  Scenario scenario;
  scenario.name = "Test.OnlyRead";
  scenario.body = [](const Variant& variant) {
    auto& seen = *static_cast<Found*>(const_cast<void*>(variant.arg));
    ReadALocal(&seen.address);
    Overwrite();
  };
  scenario.at_end = [](const Variant& variant, Execution& execution) {
    auto& seen = *static_cast<Found*>(const_cast<void*>(variant.arg));
    seen.known = execution.FinalValue(seen.address, &seen.value);
    execution.CountCheck("I-READ");
  };
  Variant variant;
  variant.arg = &found;
  const Result result = Explore(scenario, variant, {});
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_TRUE(found.known);
  EXPECT_EQ(found.value, 41U);
}

TEST(Call, ShowsArgumentsAndResultInTheTrace) {
  const Result result = Explore([] {
    const auto push = [](int value, const char* how) {
      GRAZE_CALL(call, "Push", value, how, true, nullptr);
      return call.returns(value + 1);
    };
    GRAZE_ASSERT(push(4, "fast") != 5);
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  std::string calls, results;
  for (const TraceStep& step : result.violations[0].trace.steps) {
    if (step.op == "call") calls += step.text + ";";
    if (step.op == "return") results += step.text + ";";
  }
  EXPECT_NE(calls.find("Push(4, fast, true, NULL)"), std::string::npos) << calls;
  EXPECT_NE(results.find('5'), std::string::npos) << results;
}

// "read acquire;fence smp_mb;": what has an order, and which.
std::string Orders(const std::string& model) {
  Options options;
  options.memory_model = model;
  const Result result = Explore(
      [] {
        atomic<int> x{0};
        plain<int> y{0};
        y = 1;
        x.store(1, std::memory_order_relaxed);
        x.load(std::memory_order_acquire);
        x.store(2, std::memory_order_release);
        x.fetch_add(1, std::memory_order_relaxed);
        x.fetch_add(1, std::memory_order_acq_rel);
        int seven = 7;
        x.compare_exchange_strong(seven, 8, std::memory_order_seq_cst, std::memory_order_acquire);
        graze::atomic_thread_fence(std::memory_order_acquire);
        graze::atomic_thread_fence(std::memory_order_release);
        graze::atomic_thread_fence(std::memory_order_acq_rel);
        graze::atomic_thread_fence(std::memory_order_seq_cst);
        GRAZE_ASSERT(false);
      },
      options);
  std::string orders;
  if (result.violations.empty()) return Describe(result);
  for (const TraceStep& step : result.violations[0].trace.steps) {
    if (!step.order.empty()) orders += step.op + " " + step.order + ";";
  }
  return orders;
}

TEST(Trace, SaysInWhichOrderAnAccessIsAndWhatFenceItIs) {
  const std::string fences =
      "fence atomic_thread_fence(acquire);fence atomic_thread_fence(release);fence atomic_thread_fence(acq_rel);"
      "fence atomic_thread_fence(seq_cst);";
  EXPECT_EQ(Orders("rc11"), "write plain;write relaxed;read acquire;write release;rmw relaxed;rmw acq_rel;cas-fail acquire;" + fences);
  EXPECT_EQ(Orders("lkmm"), "write plain;write once;read acquire;write release;rmw relaxed;rmw acq_rel;cas-fail acquire;" + fences);
}

// One program per way to fail.
std::vector<std::pair<std::string, std::function<void()>>> FailingPrograms() {
  struct Object {
    plain<int> field{0};
  };
  return {
      {"assertion",
       [] {
         atomic<int> x{0};
         run_threads([&] { x.store(1); }, [&] { GRAZE_ASSERT(x.load() == 0); });
       }},
      {"data race",
       [] {
         plain<int> x{0};
         run_threads([&] { x = 1; }, [&] { x = 2; });
       }},
      {"use after free",
       [] {
         auto* object = make<Object>();
         run_threads([=] { destroy(object); }, [=] { object->field.load(); });
       }},
      {"double free",
       [] {
         auto* object = make<Object>();
         run_threads([=] { destroy(object); }, [=] { destroy(object); });
       }},
      {"leak",
       [] {
         atomic<int> x{0};
         auto* object = make<Object>();
         run_threads([&] { x.store(1); }, [&] { x.load() == 0 ? destroy(object) : void(); });
       }},
      {"deadlock",
       [] {
         mutex a, b;
         run_threads(
             [&] {
               const std::scoped_lock first(a);
               const std::scoped_lock second(b);
             },
             [&] {
               const std::scoped_lock first(b);
               const std::scoped_lock second(a);
             });
       }},
      {"chosen", [] { GRAZE_ASSERT(choose(10) != 7); }},
  };
}

// What a search says, without how it got there.
std::string Summary(const Result& result) {
  std::string text = std::to_string(result.executions) + " executions, " + std::to_string(result.blocked) + " blocked";
  for (const Violation& each : result.violations) text += "; " + each.rule + " x" + std::to_string(each.count);
  return text;
}

TEST(Explore, WhatIsFoundDoesNotDependOnTheSearchOrder) {
  for (const auto& [name, body] : FailingPrograms()) {
    const std::string expected = Summary(Explore(body));
    for (const SchedulerKind kind :
         {SchedulerKind::kLeftToRight, SchedulerKind::kRightToLeft, SchedulerKind::kReadFirst, SchedulerKind::kRandom}) {
      for (uint64_t seed = 1; seed <= 5; ++seed) {
        Options options;
        options.scheduler = kind;
        options.seed = seed;
        options.shuffle_queue = seed % 2 == 0;
        options.split_after = seed % 3;
        EXPECT_EQ(Summary(Explore(body, options)), expected) << name << ", scheduler " << static_cast<int>(kind) << ", seed " << seed;
      }
    }
  }
}

// x ends as 1032, 1302, 0132 or 0231 without the last thread ever taking the 3: four hangs, counted by hand. How many graphs with an old
// value read on the way are cut short (`blocked`) depends on the order of the search.
TEST(Explore, EachWayToHangIsCountedOnce) {
  for (const SchedulerKind kind :
       {SchedulerKind::kWriteFirst, SchedulerKind::kLeftToRight, SchedulerKind::kRightToLeft, SchedulerKind::kReadFirst}) {
    Options options;
    options.scheduler = kind;
    const Result result = Explore(
        [] {
          atomic<int> x{0};
          run_threads([&] { x.store(1); },
                      [&] {
                        x.store(0);
                        x.store(2);
                      },
                      [&] {
                        await_while(x, 0);
                        x.store(3);
                      },
                      [&] { await(x, 3); });
        },
        options);
    ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
    EXPECT_EQ(result.violations[0].kind, ViolationKind::kHungTask);
    EXPECT_EQ(result.violations[0].count, 4U) << "scheduler " << static_cast<int>(kind);
    EXPECT_EQ(result.executions, 14U) << "scheduler " << static_cast<int>(kind);
  }
}

TEST(Replay, OfEveryViolationGivesTheSameTraceHash) {
  for (const auto& [name, body] : FailingPrograms()) {
    const Result result = Explore(body);
    EXPECT_EQ(result.verdict, Verdict::kViolation) << name << ": " << Describe(result);
    ASSERT_FALSE(result.violations.empty()) << name;
    for (const Violation& each : result.violations) {
      EXPECT_NE(each.trace.hash, 0U) << name;
      EXPECT_LE(each.count, result.executions) << name;
      EXPECT_FALSE(each.trace.steps.empty()) << name;
      const Result again = Replay(body, each.token);
      ASSERT_FALSE(again.violations.empty()) << name << ": " << again.reason;
      bool same = false;
      for (const Violation& replayed : again.violations) {
        same |= replayed.trace.hash == each.trace.hash && replayed.kind == each.kind && replayed.rule == each.rule;
      }
      EXPECT_TRUE(same) << name << ": " << Describe(again);
    }
  }
}

// Two stack objects whose addresses threads hand on. Frames below shift them, as another compiler might.
[[gnu::noinline]] void HandOnAddresses(unsigned frames_below) {
  char frame[48] = {};
  if (frames_below > 0) {
    HandOnAddresses(frames_below - 1);
    asm volatile("" : "+m"(frame));  // so that the call is no jump
    return;
  }
  int one = 0;
  int two = 0;
  atomic<int*> seen{&one};
  run_threads([&] { seen.store(&two); }, [&] { GRAZE_ASSERT(seen.load() == &one); });
}

TEST(Replay, OfATokenOfAnotherLayoutOfTheStackIsTheSameExecution) {
  const Result result = Explore([] { HandOnAddresses(0); });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  const Result again = Replay([] { HandOnAddresses(3); }, result.violations[0].token);
  ASSERT_EQ(again.violations.size(), 1U) << Describe(again);
  EXPECT_EQ(again.violations[0].trace.hash, result.violations[0].trace.hash);
}

TEST(Replay, OfAChangedProgramSaysThatItDiverges) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] { x.store(1); }, [&] { GRAZE_ASSERT(x.load() == 0); });
  });
  ASSERT_EQ(result.violations.size(), 1U) << Describe(result);
  const Result again = Replay(
      [] {
        atomic<int> x{0};
        run_threads([&] { x.exchange(1); }, [&] { GRAZE_ASSERT(x.fetch_add(1) == 0); });
      },
      result.violations[0].token);
  EXPECT_EQ(again.verdict, Verdict::kError) << Describe(again);
  EXPECT_FALSE(again.reason.empty());
}

TEST(Replay, OfATokenThatIsNoneIsAnErrorInOneLine) {
  for (const std::string token : {"", "x", "graze", "%%%%", "0000000000000000000000000000000000000000"}) {
    const Result result = Replay([] {}, token);
    EXPECT_EQ(result.verdict, Verdict::kError) << token;
    EXPECT_FALSE(result.reason.empty());
    EXPECT_EQ(result.reason.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
#include "model/kernel/kthread.h"

#include "model/kernel/cpumask.h"
#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Outcomes;
using testing::Results;
using testing::Shared;

constexpr uint64_t kEintr = static_cast<uint64_t>(-EINTR);

// Sleeps the right way: tests for the stop after it has announced that it will sleep.
int sleep_until_stopped(void *called) {
  *static_cast<int *>(called) = 1;
  for (;;) {
    set_current_state(TASK_INTERRUPTIBLE);
    if (kthread_should_stop()) break;
    schedule();
  }
  __set_current_state(TASK_RUNNING);
  return 5;
}

// Tests for the stop, then goes to sleep without another look.
int sleep_without_recheck(void *) {
  while (!kthread_should_stop()) {
    set_current_state(TASK_INTERRUPTIBLE);
    schedule();
  }
  return 0;
}

int return_at_once(void *) { return 3; }

Outcomes StopAfterWake(const KernelConfig &config, int (*fn)(void *)) {
  return ExploreKernel(
      config,
      [=] {
        int called = 0;
        task_struct *const task = kthread_create(fn, &called, "worker/%d", 1);
        wake_up_process(task);
        const int result = kthread_stop(task);
        Outcome(result, called);
      },
      testing::Leaks::kChecked);
}

TEST(KthreadStop, BeforeTheFirstRunSkipsTheFunction) {
  const auto outcomes = StopAfterWake({}, sleep_until_stopped);
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{5, 1}, {kEintr, 0}}));
}

TEST(KthreadStop, WithStartRanAlwaysFindsTheFunctionCalled) {
  const auto outcomes = StopAfterWake({.start_ran = true}, sleep_until_stopped);
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{5, 1}}));
}

TEST(KthreadStop, OfOneThatWasNeverWokenSkipsTheFunction) {
  for (const bool start_ran : {false, true}) {
    const auto outcomes = ExploreKernel(
        {.start_ran = start_ran},
        [] {
          int called = 0;
          task_struct *const task = kthread_create(sleep_until_stopped, &called, "worker");
          Outcome(kthread_stop(task), called);
        },
        testing::Leaks::kChecked);
    EXPECT_VERIFIED(outcomes);
    EXPECT_EQ(outcomes.Distinct(), (Results{{kEintr, 0}}));
  }
}

TEST(KthreadStop, LosesItsRequestToASleeperThatDoesNotRecheck) {
  const auto outcomes = StopAfterWake({}, sleep_without_recheck);
  EXPECT_BREAKS(outcomes, "I-LIVE");
  EXPECT_TRUE(outcomes.result.rest_holds);
  ASSERT_FALSE(outcomes.result.violations.empty());
  std::vector<std::string> waits;
  for (const graze::BlockedThread &each : outcomes.result.violations[0].trace.blocked) waits.push_back(each.thread + ": " + each.what);
  std::sort(waits.begin(), waits.end());
  EXPECT_EQ(waits, (std::vector<std::string>{"kthread worker/1: schedule(), state INTERRUPTIBLE",
                                             "main: kthread_stop(), until the kthread exits"}));
}

TEST(KthreadStop, WithASignalIsNeverLost) {
  EXPECT_VERIFIED(StopAfterWake({.stop_sets_signal = true}, sleep_without_recheck));
  EXPECT_VERIFIED(StopAfterWake({.start_ran = true, .stop_sets_signal = true}, sleep_without_recheck));
}

TEST(KthreadStop, WithASignalDoesNotInterruptAnUninterruptibleSleep) {
  EXPECT_BREAKS(StopAfterWake({.stop_sets_signal = true},
                              [](void *) {
                                while (!kthread_should_stop()) {
                                  set_current_state(TASK_UNINTERRUPTIBLE);
                                  schedule();
                                }
                                return 0;
                              }),
                "I-LIVE");
}

TEST(KthreadStop, GivesTheSameResultsWithAnAcquiringTest) {
  const auto outcomes = StopAfterWake({.should_stop_acquire = true}, sleep_until_stopped);
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{5, 1}, {kEintr, 0}}));
}

TEST(KthreadStop, ASecondTimeIsAViolation) {
  EXPECT_BREAKS(ExploreKernel([] {
                  int called = 0;
                  task_struct *const task = kthread_create(sleep_until_stopped, &called, "worker");
                  graze::run_threads([&] { kthread_stop(task); }, [&] { kthread_stop(task); });
                }),
                "I-UAF");
}

TEST(KthreadStop, OfOneThatMayHaveReturnedIsAViolation) {
  const auto outcomes = StopAfterWake({}, return_at_once);
  EXPECT_BREAKS(outcomes, "I-UAF");
  EXPECT_EQ(outcomes.counts.count({3, 0}), 1u);  // in time: the task is still there
}

TEST(WakeUp, OfAStoppedKthreadIsAViolation) {
  EXPECT_BREAKS(ExploreKernel([] {
                  int called = 0;
                  task_struct *const task = kthread_create(sleep_until_stopped, &called, "worker");
                  graze::run_threads([&] { kthread_stop(task); }, [&] { wake_up_process(task); });
                }),
                "I-UAF");
}

TEST(KthreadStop, MustNotBeCalledFromAtomicContext) {
  EXPECT_BREAKS(ExploreKernel([] {
                  int called = 0;
                  task_struct *const task = kthread_create(sleep_until_stopped, &called, "worker");
                  graze_local_bh_disable(nullptr);
                  kthread_stop(task);
                }),
                "I-CTX");
}

TEST(Kthread, RunsOnTheCpuItIsBoundTo) {
  const auto outcomes = ExploreKernel({.nr_cpu_ids = 4, .nr_cpumask_bits = 4}, [] {
    int cpu = -1;
    task_struct *const task = kthread_create([](void *out) { return *static_cast<int *>(out) = smp_processor_id(); }, &cpu, "worker");
    kthread_bind(task, 3);
    wake_up_process(task);
  });
  EXPECT_VERIFIED(outcomes);
  const auto bound = ExploreKernel({.start_ran = true}, [] {
    task_struct *const task = kthread_create(
        [](void *) {
          GRAZE_ASSERT(smp_processor_id() == 1);
          int called = 0;
          return sleep_until_stopped(&called);
        },
        nullptr, "worker");
    kthread_bind(task, 1);
    wake_up_process(task);
    kthread_stop(task);
  });
  EXPECT_VERIFIED(bound);
}

TEST(Kthread, ThatNobodyStopsHangsUnlessTheConfigurationAllowsIt) {
  auto body = [] {
    int *const called = Shared<int>();
    wake_up_process(kthread_create(sleep_until_stopped, called, "worker"));
  };
  EXPECT_BREAKS(ExploreKernel(body), "I-LIVE");
  EXPECT_VERIFIED(ExploreKernel({.kthreads_are_daemons = true}, body));
}

TEST(KthreadCreate, FailsWhereTheConfigurationLetsIt) {
  const auto outcomes = ExploreKernel({.alloc_failures = 1}, [] {
    int called = 0;
    task_struct *const task = kthread_create(sleep_until_stopped, &called, "worker");
    if (IS_ERR(task)) {
      Outcome(PTR_ERR(task));
    } else {
      Outcome(kthread_stop(task));
    }
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{static_cast<uint64_t>(-ENOMEM)}, {kEintr}}));
}

}  // namespace
}  // namespace kernel

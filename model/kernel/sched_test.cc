// SPDX-License-Identifier: MIT
#include "model/kernel/sched.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/napi.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Outcomes;
using testing::Shared;

struct channel {
  plain<task_struct *> sleeper;
  plain<int> ready;
};

// One task waits for `ready` as `wait` says, another sets it and wakes the first.
template <typename Wait>
Outcomes WaitAndWake(Wait wait) {
  return ExploreKernel([=] {
    channel *const c = Shared<channel>();
    graze::run_threads(
        [&] {
          WRITE_ONCE(c->sleeper, static_cast<task_struct *>(current));
          wait(c);
        },
        [&] {
          WRITE_ONCE(c->ready, 1);
          task_struct *const task = READ_ONCE(c->sleeper);
          if (task != nullptr) wake_up_process(task);
        });
  });
}

TEST(Sleep, WithARecheckAfterSettingTheStateLosesNoWakeUp) {
  EXPECT_VERIFIED(WaitAndWake([](channel *c) {
    set_current_state(TASK_INTERRUPTIBLE);
    if (!READ_ONCE(c->ready)) schedule();
    __set_current_state(TASK_RUNNING);
  }));
}

TEST(Sleep, WithoutARecheckLosesTheWakeUp) {
  const auto outcomes = WaitAndWake([](channel *c) {
    if (READ_ONCE(c->ready)) return;
    set_current_state(TASK_INTERRUPTIBLE);
    schedule();
  });
  EXPECT_BREAKS(outcomes, "I-LIVE");
  EXPECT_TRUE(outcomes.result.rest_holds);
}

TEST(WakeUp, OfARunningTaskIsNotRemembered) {
  EXPECT_BREAKS(ExploreKernel([] {
                  task_struct *const self = current;
                  GRAZE_ASSERT(!wake_up_process(self));
                  set_current_state(TASK_UNINTERRUPTIBLE);
                  schedule();
                }),
                "I-LIVE");
}

TEST(WakeUp, AfterTheStateWasSetMakesScheduleReturn) {
  EXPECT_VERIFIED(ExploreKernel([] {
    set_current_state(TASK_UNINTERRUPTIBLE);
    GRAZE_ASSERT(wake_up_process(current));
    schedule();
  }));
}

TEST(Schedule, ReturnsAtOnceInStateRunning) {
  EXPECT_VERIFIED(ExploreKernel([] {
    schedule();
    set_current_state(TASK_INTERRUPTIBLE);
    __set_current_state(TASK_RUNNING);
    schedule();
  }));
}

TEST(WakeUp, OnlyOneOfTwoWakesASleeper) {
  const auto outcomes = ExploreKernel([] {
    task_struct *const self = current;
    int woke[2] = {};
    set_current_state(TASK_INTERRUPTIBLE);
    graze::thread one([&] { woke[0] = wake_up_process(self); });
    graze::thread two([&] { woke[1] = wake_up_process(self); });
    schedule();
    one.join();
    two.join();
    Outcome(woke[0] + woke[1]);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (testing::Results{{1}}));
}

TEST(Current, IsOneTaskPerThread) {
  EXPECT_VERIFIED(ExploreKernel([] {
    task_struct *const self = current;
    task_struct *other = nullptr;
    graze::thread thread([&] { other = current; });
    thread.join();
    GRAZE_ASSERT(self == current && other != nullptr && other != self);
  }));
}

TEST(Schedule, InAPollIsAViolation) {
  EXPECT_BREAKS(ExploreKernel([] {
                  napi_begin(0);
                  cond_resched();
                }),
                "I-CTX");
}

}  // namespace
}  // namespace kernel

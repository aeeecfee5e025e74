// SPDX-License-Identifier: MIT
#include "model/kernel/local_lock.h"

#include "model/kernel/bottom_half.h"
#include "model/kernel/kernel_for_test.h"
#include "model/kernel/percpu.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::OnCpu;
using testing::Outcome;
using testing::Results;

struct counter {
  local_lock_t lock;
  plain<int> value;
};

void Increment(counter *counters) {
  local_bh_disable();
  local_lock_nested_bh(&counters->lock);
  ++this_cpu_ptr(counters)->value;
  local_unlock_nested_bh(&counters->lock);
  local_bh_enable();
}

// Two increments on `first` and `second` CPU; gives the counters of both CPUs.
testing::Results TwoIncrements(const KernelConfig &config, int first, int second) {
  const auto outcomes = ExploreKernel(config, [first, second] {
    counter *const counters = alloc_percpu(counter);
    graze::thread one = OnCpu(first, [counters] { Increment(counters); });
    graze::thread two = OnCpu(second, [counters] { Increment(counters); });
    one.join();
    two.join();
    Outcome(static_cast<int>(per_cpu_ptr(counters, 0)->value), static_cast<int>(per_cpu_ptr(counters, 1)->value));
  });
  EXPECT_VERIFIED(outcomes);
  return outcomes.Distinct();
}

KernelConfig Rt(bool bh_lock) { return {.preempt_rt = true, .rt_bh_lock = bh_lock}; }

TEST(LocalLock, SerialisesTasksOfOneCpuUnderPreemptRtWithoutTheBhLock) { EXPECT_EQ(TwoIncrements(Rt(false), 0, 0), (Results{{2, 0}})); }

TEST(LocalLock, IsNotNeededWhereBhOffRegionsExcludeEachOther) {
  EXPECT_EQ(TwoIncrements({}, 0, 0), (Results{{2, 0}}));
  EXPECT_EQ(TwoIncrements(Rt(true), 0, 0), (Results{{2, 0}}));
}

TEST(LocalLock, IsOnePerCpu) { EXPECT_EQ(TwoIncrements(Rt(false), 0, 1), (Results{{1, 1}})); }

TEST(LocalLock, ThatNobodyTakesLeavesTasksOfOneCpuToRaceUnderPreemptRtWithoutTheBhLockOnly) {
  const auto increment = [] {
    counter *const counters = alloc_percpu(counter);
    const auto bare = [counters] {
      local_bh_disable();
      ++this_cpu_ptr(counters)->value;
      local_bh_enable();
    };
    graze::thread one = OnCpu(0, bare), two = OnCpu(0, bare);
    one.join();
    two.join();
  };
  EXPECT_BREAKS(ExploreKernel(Rt(false), increment), "I-RACE");
  EXPECT_VERIFIED(ExploreKernel(Rt(true), increment));
  EXPECT_VERIFIED(ExploreKernel(KernelConfig{}, increment));
}

TEST(LocalLock, NeedsBhOff) {
  EXPECT_BREAKS(ExploreKernel([] {
                  counter *const counters = alloc_percpu(counter);
                  OnCpu(0, [counters] {
                    local_lock_nested_bh(&counters->lock);
                    local_unlock_nested_bh(&counters->lock);
                  }).join();
                }),
                "I-CTX");
}

TEST(LocalLock, IsKnownToBeHeldInEveryConfiguration) {
  for (const KernelConfig &config : {KernelConfig{}, Rt(true), Rt(false)}) {
    const auto test = [](bool locked) {
      counter *const counters = alloc_percpu(counter);
      OnCpu(0, [counters, locked] {
        local_bh_disable();
        if (locked) local_lock_nested_bh(&counters->lock);
        lockdep_assert_held(&this_cpu_ptr(counters)->lock);
        if (locked) local_unlock_nested_bh(&counters->lock);
        local_bh_enable();
      }).join();
    };
    EXPECT_VERIFIED(ExploreKernel(config, [test] { test(true); }));
    EXPECT_BREAKS(ExploreKernel(config, [test] { test(false); }), "I-CTX");
  }
}

}  // namespace
}  // namespace kernel

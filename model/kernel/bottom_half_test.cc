// SPDX-License-Identifier: MIT
#include "model/kernel/bottom_half.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/napi.h"
#include "model/kernel/percpu.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/spinlock.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::OnCpu;
using testing::Outcome;
using testing::Outcomes;
using testing::Results;
using testing::Shared;

DEFINE_PER_CPU(plain<int>, per_cpu_count);

const KernelConfig kAlways = {.bh_exclusion = BhExclusion::kAlways};

void count_with_bh_off() {
  local_bh_disable();
  ++*this_cpu_ptr(&per_cpu_count);
  local_bh_enable();
}

Outcomes OnTwoCpus(const KernelConfig &config, int first, int second, void (*one)(), void (*two)()) {
  return ExploreKernel(config, [=] {
    graze::thread a = OnCpu(first, one);
    graze::thread b = OnCpu(second, two);
    a.join();
    b.join();
    Outcome(static_cast<int>(per_cpu(per_cpu_count, 0)), static_cast<int>(per_cpu(per_cpu_count, 1)));
  });
}

TEST(BhOff, RegionsOfOneCpuExcludeEachOther) {
  for (const KernelConfig &config : {KernelConfig{}, kAlways}) {
    const auto outcomes = OnTwoCpus(config, 0, 0, count_with_bh_off, count_with_bh_off);
    EXPECT_VERIFIED(outcomes);
    EXPECT_EQ(outcomes.Distinct(), (Results{{2, 0}}));
    EXPECT_EQ(outcomes.result.executions, 2u);  // either order
  }
}

TEST(BhOff, RegionsOfDifferentCpusDoNotInteract) {
  for (const KernelConfig &config : {KernelConfig{}, kAlways}) {
    const auto outcomes = OnTwoCpus(config, 0, 1, count_with_bh_off, count_with_bh_off);
    EXPECT_VERIFIED(outcomes);
    EXPECT_EQ(outcomes.Distinct(), (Results{{1, 1}}));
    EXPECT_EQ(outcomes.result.executions, 1u);
  }
}

TEST(BhOff, ExcludesPollsOfItsCpu) {
  EXPECT_VERIFIED(OnTwoCpus({}, 1, 1, count_with_bh_off, [] {
    napi_begin(1);
    ++*this_cpu_ptr(&per_cpu_count);
    napi_end();
  }));
}

TEST(BhOff, IsNeededForExclusion) {
  EXPECT_BREAKS(OnTwoCpus({}, 0, 0, count_with_bh_off, [] { ++*this_cpu_ptr(&per_cpu_count); }), "I-RACE");
}

// Two regions of CPU 0 on data that is not per-CPU.
Outcomes OnSharedData(const KernelConfig &config, int first, int second) {
  return ExploreKernel(config, [=] {
    auto *const n = Shared<plain<int>>();
    auto count = [n] {
      local_bh_disable();
      ++*n;
      local_bh_enable();
    };
    graze::thread a = OnCpu(first, count);
    graze::thread b = OnCpu(second, count);
    a.join();
    b.join();
  });
}

TEST(BhOff, ExcludesFromItsStartOnlyIfConfiguredSo) {
  EXPECT_VERIFIED(OnSharedData(kAlways, 0, 0));
  EXPECT_BREAKS(OnSharedData(kAlways, 0, 1), "I-RACE");
  EXPECT_BREAKS(OnSharedData({}, 0, 0), "I-RACE");  // the over-approximation that model/LIMITS.md names
}

TEST(BhOff, NestsAndEndsWithTheOutermost) {
  EXPECT_VERIFIED(OnTwoCpus({}, 0, 0, count_with_bh_off, [] {
    local_bh_disable();
    count_with_bh_off();
    GRAZE_ASSERT(in_softirq());
    --*this_cpu_ptr(&per_cpu_count);
    local_bh_enable();
    GRAZE_ASSERT(!in_softirq());
  }));
}

TEST(BhOff, AndALockAreNeverTakenInOppositeOrders) {
  EXPECT_VERIFIED(ExploreKernel([] {
    spinlock_t *const lock = Shared<spinlock_t>();
    auto both = [lock] {
      spin_lock_bh(lock);
      ++*this_cpu_ptr(&per_cpu_count);
      spin_unlock_bh(lock);
    };
    auto other = [lock] {
      local_bh_disable();
      ++*this_cpu_ptr(&per_cpu_count);
      spin_lock(lock);
      spin_unlock(lock);
      local_bh_enable();
    };
    graze::thread a = OnCpu(0, both);
    graze::thread b = OnCpu(0, other);
    a.join();
    b.join();
  }));
}

TEST(Context, IsKnownInsideAPoll) {
  EXPECT_VERIFIED(ExploreKernel([] {
    graze::thread poll = OnCpu(-1, [] {
      GRAZE_ASSERT(in_task() && !in_napi());
      napi_begin(1);
      GRAZE_ASSERT(in_softirq() && in_serving_softirq() && in_napi() && smp_processor_id() == 1);
      napi_end();
      GRAZE_ASSERT(in_task() && !in_napi());
    });
    poll.join();
  }));
}

TEST(Context, BhOffMustNotSleep) {
  EXPECT_BREAKS(ExploreKernel([] {
                  local_bh_disable();
                  synchronize_rcu();
                }),
                "I-CTX");
}

TEST(Context, PreemptionOffMustNotSleep) {
  EXPECT_BREAKS(ExploreKernel([] {
                  preempt_disable();
                  might_sleep();
                }),
                "I-CTX");
}

TEST(Context, BhIsNotSwitchedOnWhereItIsOn) {
  EXPECT_BREAKS(ExploreKernel([] { local_bh_enable(); }), "I-CTX");
}

TEST(Context, AllocationsThatMaySleepAreNotForPolls) {
  auto allocate_in_poll = [](gfp_t gfp) {
    return ExploreKernel([gfp] {
      napi_begin(0);
      kfree(kmalloc(8, gfp));
      napi_end();
    });
  };
  EXPECT_BREAKS(allocate_in_poll(GFP_KERNEL), "I-CTX");
  EXPECT_VERIFIED(allocate_in_poll(GFP_ATOMIC));
}

TEST(NapiRun, IsAPollFromItsFirstToItsLastStep) {
  EXPECT_VERIFIED(ExploreKernel([] {
    napi_run(1, [](void *) { GRAZE_ASSERT(in_napi() && smp_processor_id() == 1); }, nullptr);
    task_join(task_run("sys", 0, [](void *) { GRAZE_ASSERT(in_task() && smp_processor_id() == 0); }, nullptr));
  }));
}

}  // namespace
}  // namespace kernel

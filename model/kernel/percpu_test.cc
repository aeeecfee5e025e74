// SPDX-License-Identifier: MIT
#include "model/kernel/percpu.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/list.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::OnCpu;
using testing::Outcome;
using testing::Results;
using testing::Shared;

DEFINE_PER_CPU(plain<int>, with_initialiser) = 5;
DEFINE_PER_CPU(struct list_head, lists);

const KernelConfig kFourCpus = {.nr_cpu_ids = 4, .nr_cpumask_bits = 4};

TEST(StaticPerCpu, EachCpuStartsFromTheInitialiser) {
  EXPECT_VERIFIED(ExploreKernel(kFourCpus, [] {
    int cpu;
    for_each_possible_cpu(cpu) {
      GRAZE_ASSERT(per_cpu(with_initialiser, cpu) == 5);
      per_cpu(with_initialiser, cpu) = cpu;
    }
    for_each_possible_cpu(cpu) GRAZE_ASSERT(per_cpu(with_initialiser, cpu) == cpu);
  }));
}

TEST(StaticPerCpu, StartsAfreshInEveryExecution) {
  const auto outcomes = ExploreKernel([] {
    GRAZE_ASSERT(per_cpu(with_initialiser, 0) == 5);
    per_cpu(with_initialiser, 0) = 6;
    auto *const n = Shared<racy<int>>();
    graze::run_threads([n] { *n = 1; }, [n] { *n = 2; });
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.result.executions, 2u);
}

TEST(StaticPerCpu, HoldsListHeads) {
  EXPECT_VERIFIED(ExploreKernel([] {
    int cpu;
    for_each_possible_cpu(cpu) INIT_LIST_HEAD(&per_cpu(lists, cpu));
    for_each_possible_cpu(cpu) GRAZE_ASSERT(list_empty(&per_cpu(lists, cpu)));
    GRAZE_ASSERT(&per_cpu(lists, 0) != &per_cpu(lists, 1));
  }));
}

TEST(ThisCpuPtr, IsTheCopyOfTheCallersCpu) {
  EXPECT_VERIFIED(ExploreKernel([] {
    graze::thread thread = OnCpu(1, [] { GRAZE_ASSERT(this_cpu_ptr(&with_initialiser) == &per_cpu(with_initialiser, 1)); });
    thread.join();
  }));
}

TEST(ThisCpuPtr, NeedsACpu) {
  EXPECT_BREAKS(ExploreKernel([] { *this_cpu_ptr(&with_initialiser) = 1; }), "I-CTX");
}

struct queue {
  plain<int> n;
};
struct owner {
  plain<queue *> queues;
};

TEST(DynamicPerCpu, CopiesAreApartAndZeroed) {
  const auto outcomes = ExploreKernel(
      kFourCpus,
      [] {
        owner *const o = Shared<owner>();
        o->queues = __alloc_percpu_gfp(sizeof(*o->queues), sizeof(void *), GFP_KERNEL);
        int cpu;
        for_each_possible_cpu(cpu) {
          queue *const q = per_cpu_ptr(o->queues, cpu);
          GRAZE_ASSERT(q->n == 0);
          q->n = cpu + 1;
        }
        for_each_possible_cpu(cpu) GRAZE_ASSERT(per_cpu_ptr(o->queues, cpu)->n == cpu + 1);
        free_percpu(o->queues);
      },
      testing::Leaks::kChecked);
  EXPECT_VERIFIED(outcomes);
}

TEST(DynamicPerCpu, UseAfterFreeIsFoundInEveryCopy) {
  for (const int cpu : {0, 3}) {
    const auto outcomes = ExploreKernel(kFourCpus, [cpu] {
      queue *const queues = alloc_percpu(queue);
      free_percpu(queues);
      per_cpu_ptr(queues, cpu)->n = 1;
    });
    EXPECT_BREAKS(outcomes, "I-UAF");
    ASSERT_FALSE(outcomes.result.violations.empty());
    EXPECT_EQ(outcomes.result.violations[0].object, "queue");
  }
}

TEST(PossibleCpus, AreThoseOfTheMask) {
  const auto outcomes = ExploreKernel({.nr_cpu_ids = 4, .nr_cpumask_bits = 8, .cpu_possible_mask = 0b1010}, [] {
    uint64_t seen = 0;
    int cpu;
    for_each_possible_cpu(cpu) seen |= uint64_t{1} << cpu;
    Outcome(seen, cpu_possible(1), cpu_possible(2), cpu_possible(5), nr_cpu_ids, nr_cpumask_bits);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0b1010, 1, 0, 0, 4, 8}}));
}

TEST(CpuMask, IsNotAskedForACpuBeyondItsEnd) {
  EXPECT_VERIFIED(ExploreKernel({.nr_cpu_ids = 2, .nr_cpumask_bits = 4}, [] { GRAZE_ASSERT(cpu_possible(1) && !cpu_possible(3)); }));
  EXPECT_BREAKS(ExploreKernel({.nr_cpu_ids = 2, .nr_cpumask_bits = 4}, [] { GRAZE_ASSERT(!cpu_possible(4)); }), "I-WARN");
}

TEST(OnlineCpus, AreThePossibleOnesUntilOneGoes) {
  const auto outcomes = ExploreKernel({.nr_cpu_ids = 2, .nr_cpumask_bits = 2, .hotplug = true}, [] {
    auto *const seen = Shared<racy<u64>>();
    graze::run_threads([] { cpu_down(0); },
                       [seen] {
                         int cpu;
                         u64 mask = 0;
                         for_each_online_cpu(cpu) mask |= u64{1} << cpu;
                         *seen = mask;
                       });
    GRAZE_ASSERT(!cpu_online(0) && cpu_online(1) && cpu_possible(0) && num_possible_cpus() == 2);
    Outcome(static_cast<u64>(*seen));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{2}, {3}}));
}

TEST(OnlineCpus, GoOnlyWhereTheConfigurationLetsThem) {
  EXPECT_BREAKS(ExploreKernel([] { cpu_down(0); }), "misuse");
}

}  // namespace
}  // namespace kernel

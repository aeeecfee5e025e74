// SPDX-License-Identifier: MIT
#include "model/kernel/workqueue.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/slab.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

struct job {
  work_struct work;
  plain<int> runs;
  plain<int> input;
  plain<int> seen;
};

job *job_of(work_struct *work) { return container_of(work, job, work); }

void count_run(work_struct *work) { ++job_of(work)->runs; }

TEST(Work, RunsOncePerSuccessfulQueueing) {
  const auto outcomes = ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, count_run);
    GRAZE_ASSERT(schedule_work(&j->work));
    wait_for_quiescence();
    Outcome(static_cast<int>(j->runs));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(Work, QueueingAPendingItemDoesNothing) {
  const auto outcomes = ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, count_run);
    const bool first = schedule_work(&j->work);
    const bool second = schedule_work(&j->work);
    wait_for_quiescence();
    Outcome(first, second, static_cast<int>(j->runs));
  });
  EXPECT_VERIFIED(outcomes);
  // The second is refused while the first is pending, and queues a second run once that has started.
  EXPECT_EQ(outcomes.Distinct(), (Results{{1, 0, 1}, {1, 1, 2}}));
}

TEST(Work, NeverRunsTwiceAtOnce) {
  // Were it otherwise, the two increments would race.
  const auto outcomes = ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, count_run);
    graze::run_threads([j] { schedule_work(&j->work); }, [j] { schedule_work(&j->work); });
    wait_for_quiescence();
    Outcome(static_cast<int>(j->runs));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}, {2}}));
}

void take_input(work_struct *work) { WRITE_ONCE(job_of(work)->seen, static_cast<int>(READ_ONCE(job_of(work)->input))); }

TEST(Work, SeesWhatWasWrittenBeforeAQueueingThatWasRefused) {
  // The pending bit is cleared before the function runs: input written before a refused queueing is never missed.
  const auto outcomes = ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, take_input);
    schedule_work(&j->work);
    WRITE_ONCE(j->input, 1);
    schedule_work(&j->work);
    wait_for_quiescence();
    Outcome(READ_ONCE(j->seen));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(Work, StartsAfterWhatItsQueuerDid) {
  EXPECT_VERIFIED(ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, [](work_struct *work) { GRAZE_ASSERT(job_of(work)->input == 4); });
    j->input = 4;
    schedule_work(&j->work);
  }));
}

TEST(Work, MayFreeItself) {
  const auto outcomes = ExploreKernel(
      KernelConfig{},
      [] {
        job *const j = kzalloc(sizeof(*j), GFP_KERNEL);
        INIT_WORK(&j->work, [](work_struct *work) { kfree(job_of(work)); });
        schedule_work(&j->work);
      },
      testing::Leaks::kChecked);
  EXPECT_VERIFIED(outcomes);
}

void queue_again(work_struct *work) {
  if (++job_of(work)->runs < 2) schedule_work(work);
}

TEST(Work, MayQueueItself) {
  const auto outcomes = ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, queue_again);
    schedule_work(&j->work);
    wait_for_quiescence();
    Outcome(static_cast<int>(j->runs));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{2}}));
}

TEST(Work, ASleepingOneHoldsUpNoOther) {
  struct two {
    job waits;
    job wakes;
  };
  EXPECT_VERIFIED(ExploreKernel([] {
    two *const t = Shared<two>();
    INIT_WORK(&t->waits.work, [](work_struct *work) {
      two *const both = container_of(job_of(work), two, waits);
      graze::Await(
          &both->wakes.runs, sizeof(int), [](uint64_t value, const void *) { return value == 1; }, nullptr, graze::MemoryOrder::kAcquire,
          "the other item", nullptr);
    });
    INIT_WORK(&t->wakes.work, [](work_struct *work) { WRITE_ONCE(job_of(work)->runs, 1); });
    schedule_work(&t->waits.work);
    schedule_work(&t->wakes.work);
  }));
}

TEST(Work, MaySleep) {
  EXPECT_VERIFIED(ExploreKernel([] {
    job *const j = Shared<job>();
    INIT_WORK(&j->work, [](work_struct *) { rcu_barrier(); });
    schedule_work(&j->work);
  }));
}

TEST(Work, DifferentItemsRunInAnyOrder) {
  struct two {
    job first;
    job second;
    plain<int> last;
  };
  const auto outcomes = ExploreKernel([] {
    two *const t = Shared<two>();
    INIT_WORK(&t->first.work, [](work_struct *work) { WRITE_ONCE(container_of(job_of(work), two, first)->last, 1); });
    INIT_WORK(&t->second.work, [](work_struct *work) { WRITE_ONCE(container_of(job_of(work), two, second)->last, 2); });
    schedule_work(&t->first.work);
    schedule_work(&t->second.work);
    wait_for_quiescence();
    Outcome(READ_ONCE(t->last));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}, {2}}));
}

TEST(Work, WithoutAFunctionIsAViolation) {
  EXPECT_BREAKS(ExploreKernel([] { schedule_work(&Shared<job>()->work); }), "I-WARN");
}

struct delayed_job {
  rcu_work work;
  plain<int> runs;
  plain<int> data;
};

delayed_job *delayed_job_of(work_struct *work) { return container_of(to_rcu_work(work), delayed_job, work); }

void count_delayed_run(work_struct *work) { ++delayed_job_of(work)->runs; }

TEST(RcuWork, RunsAfterEveryReaderThatWasThere) {
  // The reader either misses the flag, and then is waited for, or sees it and does not touch the data.
  const auto outcomes = ExploreKernel([] {
    delayed_job *const j = Shared<delayed_job>();
    INIT_RCU_WORK(&j->work, [](work_struct *work) { delayed_job_of(work)->data = 1; });
    graze::run_threads(
        [j] {
          rcu_read_lock();
          if (READ_ONCE(j->runs) == 0) j->data = 2;
          rcu_read_unlock();
        },
        [j] {
          WRITE_ONCE(j->runs, 1);
          queue_rcu_work(system_percpu_wq, &j->work);
        });
    wait_for_quiescence();
    Outcome(static_cast<int>(j->data));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(RcuWork, WithoutItsGracePeriodTheSameRaces) {
  EXPECT_BREAKS(ExploreKernel([] {
                  delayed_job *const j = Shared<delayed_job>();
                  INIT_RCU_WORK(&j->work, [](work_struct *work) { delayed_job_of(work)->data = 1; });
                  graze::run_threads(
                      [j] {
                        rcu_read_lock();
                        if (READ_ONCE(j->runs) == 0) j->data = 2;
                        rcu_read_unlock();
                      },
                      [j] {
                        WRITE_ONCE(j->runs, 1);
                        schedule_work(&j->work.work);
                      });
                }),
                "I-RACE");
}

TEST(RcuWork, QueueingAPendingItemDoesNothing) {
  const auto outcomes = ExploreKernel([] {
    delayed_job *const j = Shared<delayed_job>();
    INIT_RCU_WORK(&j->work, count_delayed_run);
    const bool first = queue_rcu_work(system_percpu_wq, &j->work);
    const bool second = queue_rcu_work(system_percpu_wq, &j->work);
    wait_for_quiescence();
    Outcome(first, second, static_cast<int>(j->runs));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1, 0, 1}, {1, 1, 2}}));
}

TEST(RcuWork, MaySleepAndFreeItself) {
  const auto outcomes = ExploreKernel(
      KernelConfig{},
      [] {
        delayed_job *const j = kzalloc(sizeof(*j), GFP_KERNEL);
        INIT_RCU_WORK(&j->work, [](work_struct *work) {
          synchronize_rcu();
          kfree(delayed_job_of(work));
        });
        queue_rcu_work(system_percpu_wq, &j->work);
      },
      testing::Leaks::kChecked);
  EXPECT_VERIFIED(outcomes);
}

}  // namespace
}  // namespace kernel

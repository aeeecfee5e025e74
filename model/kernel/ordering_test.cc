// SPDX-License-Identifier: MIT
// What each primitive orders under LKMM, and what it does not: ORDERING.md, as litmus tests. The expected answers come from the kernel's
// documentation of the primitive and from its implementation, not from the model.
#include <functional>
#include <string>

#include "model/kernel/atomic.h"
#include "model/kernel/bottom_half.h"
#include "model/kernel/completion.h"
#include "model/kernel/kernel_for_test.h"
#include "model/kernel/kthread.h"
#include "model/kernel/percpu.h"
#include "model/kernel/rcupdate.h"
#include "model/kernel/sched.h"
#include "model/kernel/slab.h"
#include "model/kernel/spinlock.h"
#include "model/kernel/workqueue.h"

namespace kernel {
namespace {

using testing::ExploreUnder;
using testing::Outcome;
using testing::Outcomes;
using testing::Results;
using testing::Shared;

constexpr const char *kLkmm = "lkmm";

// What a primitive may use: words that nobody else touches, zeroed.
struct room {
  u32 word;
  atomic_t counter;
  spinlock_t lock;
  spinlock_t held;  // by nobody, unless the primitive wants it so
  completion done;
  rcu_head head;
  work_struct work;
  task_struct *other;
};

using Primitive = std::function<void(room *)>;

bool Shows(const Outcomes &outcomes, const std::vector<uint64_t> &result) {
  EXPECT_VERIFIED(outcomes);
  return outcomes.counts.contains(result);
}

room *Room() {
  room *const r = Shared<room>();
  INIT_WORK(&r->work, [](work_struct *) {});
  r->other = current;
  return r;
}

// Store buffering with smp_mb() on the other side: is a write before `primitive` in order with a read behind it?
bool OrdersWriteAndRead(const Primitive &primitive) {
  return !Shows(ExploreUnder(kLkmm,
                             [&] {
                               u32 *const x = Shared<u32>(), *const y = Shared<u32>();
                               room *const r = Room();
                               u32 one = 9, two = 9;
                               graze::thread first = testing::OnCpu(0, [&] {
                                 WRITE_ONCE(*x, 1);
                                 primitive(r);
                                 one = READ_ONCE(*y);
                               });
                               graze::thread second([&] {
                                 WRITE_ONCE(*y, 1);
                                 smp_mb();
                                 two = READ_ONCE(*x);
                               });
                               first.join();
                               second.join();
                               Outcome(one, two);
                             }),
                {0, 0});
}

// Message passing with `primitive` between the writes, and smp_rmb() between the reads.
bool OrdersWrites(const Primitive &primitive) {
  return !Shows(ExploreUnder(kLkmm,
                             [&] {
                               u32 *const x = Shared<u32>(), *const y = Shared<u32>();
                               room *const r = Room();
                               u32 flag = 9, data = 9;
                               graze::thread first = testing::OnCpu(0, [&] {
                                 WRITE_ONCE(*x, 1);
                                 primitive(r);
                                 WRITE_ONCE(*y, 1);
                               });
                               graze::thread second([&] {
                                 flag = READ_ONCE(*y);
                                 smp_rmb();
                                 data = READ_ONCE(*x);
                               });
                               first.join();
                               second.join();
                               Outcome(flag, data);
                             }),
                {1, 0});
}

// Message passing with smp_wmb() between the writes, and `primitive` between the reads.
bool OrdersReads(const Primitive &primitive) {
  return !Shows(ExploreUnder(kLkmm,
                             [&] {
                               u32 *const x = Shared<u32>(), *const y = Shared<u32>();
                               room *const r = Room();
                               u32 flag = 9, data = 9;
                               graze::thread first = testing::OnCpu(0, [&] {
                                 flag = READ_ONCE(*y);
                                 primitive(r);
                                 data = READ_ONCE(*x);
                               });
                               graze::thread second([&] {
                                 WRITE_ONCE(*x, 1);
                                 smp_wmb();
                                 WRITE_ONCE(*y, 1);
                               });
                               first.join();
                               second.join();
                               Outcome(flag, data);
                             }),
                {1, 0});
}

std::string Orders(const Primitive &primitive) {
  std::string text;
  if (OrdersWriteAndRead(primitive)) text += "WR ";
  if (OrdersWrites(primitive)) text += "WW ";
  if (OrdersReads(primitive)) text += "RR ";
  return text.empty() ? "nothing" : text.substr(0, text.size() - 1);
}

constexpr const char *kEverything = "WR WW RR";

TEST(Ordering, OfBarriers) {
  EXPECT_EQ(Orders([](room *) {}), "nothing");
  EXPECT_EQ(Orders([](room *) { smp_mb(); }), kEverything);
  EXPECT_EQ(Orders([](room *) { smp_wmb(); }), "WW");
  EXPECT_EQ(Orders([](room *) { smp_rmb(); }), "RR");
  EXPECT_EQ(Orders([](room *r) { smp_store_mb(r->word, 1); }), kEverything);
  EXPECT_EQ(Orders([](room *) { smp_mb__before_atomic(); }), "nothing");
  EXPECT_EQ(Orders([](room *r) {
              smp_store_release(&r->word, 1);
              (void)smp_load_acquire(&r->word);
            }),
            "nothing");
}

TEST(Ordering, OfReadModifyWrites) {
  EXPECT_EQ(Orders([](room *r) { atomic_inc(&r->counter); }), "nothing");
  EXPECT_EQ(Orders([](room *r) {
              smp_mb__before_atomic();
              atomic_inc(&r->counter);
            }),
            kEverything);
  EXPECT_EQ(Orders([](room *r) {
              atomic_inc(&r->counter);
              smp_mb__after_atomic();
            }),
            kEverything);
  EXPECT_EQ(Orders([](room *r) { atomic_inc_return(&r->counter); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { atomic_dec_and_test(&r->counter); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { atomic_fetch_add_relaxed(1, &r->counter); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { atomic_fetch_add_acquire(1, &r->counter); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { atomic_fetch_add_release(1, &r->counter); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { xchg(&r->word, 1); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { xchg_relaxed(&r->word, 1); }), "nothing");
}

TEST(Ordering, OfConditionalOnesThatFail) {
  EXPECT_EQ(Orders([](room *r) { cmpxchg(&r->word, 0, 1); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { cmpxchg(&r->word, 7, 1); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { atomic_cmpxchg_acquire(&r->counter, 7, 1); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { atomic_inc_not_zero(&r->counter); }), "nothing");
  EXPECT_EQ(Orders([](room *r) {
              atomic_set(&r->counter, 1);
              atomic_inc_not_zero(&r->counter);
            }),
            kEverything);
}

TEST(Ordering, OfSpinlocks) {
  // What is before and behind a critical section may both move into it.
  EXPECT_EQ(Orders([](room *r) {
              spin_lock(&r->lock);
              spin_unlock(&r->lock);
            }),
            "nothing");
  // Not out of it again: unlock and lock order all but a write and a later read.
  EXPECT_EQ(Orders([](room *r) {
              spin_lock(&r->lock);
              spin_unlock(&r->lock);
              spin_lock(&r->held);
              spin_unlock(&r->held);
            }),
            "WW RR");
  EXPECT_EQ(Orders([](room *r) {
              spin_lock(&r->lock);
              smp_mb__after_spinlock();
              spin_unlock(&r->lock);
            }),
            kEverything);
  EXPECT_EQ(Orders([](room *r) {
              spin_lock(&r->lock);
              spin_unlock(&r->lock);
              spin_lock(&r->held);
              smp_mb__after_unlock_lock();
              spin_unlock(&r->held);
            }),
            kEverything);
  EXPECT_EQ(Orders([](room *r) { (void)spin_is_locked(&r->lock); }), "nothing");
}

TEST(Ordering, OfContexts) {
  static DEFINE_PER_CPU(int, used);
  // Per-CPU data makes a BH-off region exclude others; it is no barrier all the same.
  const auto region = [](room *) {
    local_bh_disable();
    *this_cpu_ptr(&used) = 1;
    local_bh_enable();
  };
  EXPECT_EQ(Orders(region), "nothing");
  EXPECT_EQ(Orders([&](room *r) {
              region(r);
              region(r);
            }),
            "nothing");
  EXPECT_EQ(Orders([](room *) {
              rcu_read_lock();
              rcu_read_unlock();
            }),
            "nothing");
  EXPECT_EQ(Orders([](room *) {
              preempt_disable();
              preempt_enable();
              cond_resched();
            }),
            "nothing");
}

TEST(Ordering, OfSleepingAndWaking) {
  EXPECT_EQ(Orders([](room *) { set_current_state(TASK_RUNNING); }), kEverything);
  EXPECT_EQ(Orders([](room *) { __set_current_state(TASK_RUNNING); }), "nothing");
  EXPECT_EQ(Orders([](room *) { schedule(); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { wake_up_process(r->other); }), kEverything);
}

TEST(Ordering, OfGracePeriodsAndWork) {
  EXPECT_EQ(Orders([](room *) { synchronize_rcu(); }), kEverything);
  EXPECT_EQ(Orders([](room *) { rcu_barrier(); }), kEverything);
  // The caller passes no barrier before it returns.
  EXPECT_EQ(Orders([](room *r) { call_rcu(&r->head, [](rcu_head *) {}); }), "nothing");
  EXPECT_EQ(Orders([](room *r) { schedule_work(&r->work); }), kEverything);
  EXPECT_EQ(Orders([](room *r) { complete(&r->done); }), "nothing");
}

// ---- handing data over ----------------------------------------------------------------------------------------------------------------

// Plain data written before `give` and read behind `take`: verified only if the two are in order.
struct parcel {
  plain<int> data;
  completion done;
  rcu_head head;
  work_struct work;
  spinlock_t lock;
  u32 full;
  task_struct *taker;
  parcel *self;
};

void Take(parcel *p) { GRAZE_ASSERT(p->data == 1); }

parcel *Parcel() {
  parcel *const p = Shared<parcel>();
  p->data = 0;
  return p;
}

TEST(Handover, ByCompletion) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm, [] {
    parcel *const p = Parcel();
    graze::run_threads(
        [p] {
          p->data = 1;
          complete(&p->done);
        },
        [p] {
          wait_for_completion(&p->done);
          Take(p);
        });
  }));
}

TEST(Handover, ToAWorkItemAndBackByItsEnd) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm, [] {
    parcel *const p = Parcel();
    INIT_WORK(&p->work, [](work_struct *work) {
      parcel *const mine = container_of(work, parcel, work);
      Take(mine);
      complete(&mine->done);
    });
    graze::run_threads([p] {
      p->data = 1;
      schedule_work(&p->work);
      wait_for_completion(&p->done);
      p->data = 2;
    });
  }));
}

TEST(Handover, ToACallbackAndBackByRcuBarrier) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm, [] {
    parcel *const p = Parcel();
    graze::run_threads([p] {
      p->data = 1;
      call_rcu(&p->head, [](rcu_head *head) { container_of(head, parcel, head)->data = 2; });
      rcu_barrier();
      GRAZE_ASSERT(p->data == 2);
    });
  }));
}

TEST(Handover, ToAKthreadAndBackByItsStop) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm,
                               [] {
                                 parcel *const p = Parcel();
                                 p->data = 1;
                                 const auto fn = [](void *arg) {
                                   parcel *const mine = static_cast<parcel *>(arg);
                                   Take(mine);
                                   mine->data = 2;
                                   set_current_state(TASK_INTERRUPTIBLE);
                                   while (!kthread_should_stop()) {
                                     schedule();
                                     set_current_state(TASK_INTERRUPTIBLE);
                                   }
                                   return 0;
                                 };
                                 task_struct *const task = kthread_create(fn, p, "taker");
                                 wake_up_process(task);
                                 kthread_stop(task);
                                 GRAZE_ASSERT(p->data == 2);
                               },
                               {.start_ran = true}));
}

TEST(Handover, ByWakingASleeper) {
  // Whoever slept until it was woken sees what its waker had done, and nothing else keeps the two apart.
  const auto outcomes = ExploreUnder(kLkmm, [] {
    parcel *const p = Parcel();
    u32 seen = 9;
    graze::run_threads(
        [&] {
          set_current_state(TASK_UNINTERRUPTIBLE);
          WRITE_ONCE(p->taker, static_cast<task_struct *>(current));
          schedule();
          seen = READ_ONCE(p->full);
        },
        [&] {
          task_struct *taker = READ_ONCE(p->taker);
          if (taker == nullptr) return;
          WRITE_ONCE(p->full, 1);
          wake_up_process(taker);
        });
    Outcome(seen);
  });
  EXPECT_EQ(outcomes.counts.count({0}), 0u);
  EXPECT_NE(outcomes.counts.count({1}), 0u);
}

TEST(Handover, ByASpinlock) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm, [] {
    parcel *const p = Parcel();
    const auto one = [p] {
      spin_lock(&p->lock);
      ++p->data;
      spin_unlock(&p->lock);
    };
    graze::run_threads(one, one);
    GRAZE_ASSERT(p->data == 2);
  }));
}

TEST(Handover, BetweenRegionsOfOneCpuButNotOfTwo) {
  static DEFINE_PER_CPU(int, used);
  const auto outcomes = [](int other) {
    return ExploreUnder(kLkmm, [other] {
      parcel *const p = Parcel();
      const auto region = [p] {
        local_bh_disable();
        *this_cpu_ptr(&used) = 1;
        ++p->data;
        local_bh_enable();
      };
      graze::thread one = testing::OnCpu(0, region);
      graze::thread two = testing::OnCpu(other, region);
      one.join();
      two.join();
    });
  };
  EXPECT_VERIFIED(outcomes(0));
  EXPECT_TRUE(testing::Breaks(outcomes(1), "I-RACE"));
}

TEST(Handover, OfTheStopRequestNeedsTheMask) {
  // kthread_should_stop() is a test of a bit: what the stopper did before may not be there yet. D33 of the cpumap is this.
  const auto outcomes = [](bool acquire) {
    return ExploreUnder(kLkmm,
                        [] {
                          parcel *const p = Parcel();
                          const auto fn = [](void *arg) {
                            parcel *const mine = static_cast<parcel *>(arg);
                            const bool stop = kthread_should_stop();
                            Outcome(stop, READ_ONCE(mine->full));
                            return 0;
                          };
                          task_struct *const task = kthread_create(fn, p, "taker");
                          wake_up_process(task);
                          WRITE_ONCE(p->full, 1);
                          smp_mb();  // setting the bit is no release: whoever stops has to bring the other half
                          kthread_stop(task);
                        },
                        {.start_ran = true, .should_stop_acquire = acquire});
  };
  EXPECT_NE(outcomes(false).counts.count({1, 0}), 0u);
  EXPECT_EQ(outcomes(true).counts.count({1, 0}), 0u);
}

// ---- RCU ------------------------------------------------------------------------------------------------------------------------------

Outcomes ReaderAndUpdater(bool section) {
  return ExploreUnder(kLkmm, [section] {
    plain<parcel *> *const slot = Shared<plain<parcel *>>();
    parcel *const p = static_cast<parcel *>(graze_alloc(sizeof(parcel), GRAZE_ALLOC_ZERO, "parcel", nullptr));
    p->data = 1;
    *slot = p;
    graze::run_threads(
        [=] {
          if (section) rcu_read_lock();
          parcel *mine = rcu_dereference(*slot);
          if (mine != nullptr) Take(mine);
          if (section) rcu_read_unlock();
        },
        [=] {
          rcu_assign_pointer(*slot, nullptr);
          call_rcu(&p->head, [](rcu_head *head) { kfree(container_of(head, parcel, head)); });
        });
  });
}

TEST(GracePeriod, OfACallbackWaitsForReaders) {
  EXPECT_VERIFIED(ReaderAndUpdater(true));
  EXPECT_TRUE(testing::Breaks(ReaderAndUpdater(false), "I-UAF"));
}

TEST(GracePeriod, OfACallbackHoldsInWhateverThreadFreesLater) {
  EXPECT_VERIFIED(ExploreUnder(kLkmm, [] {
    plain<parcel *> *const slot = Shared<plain<parcel *>>();
    parcel *const p = static_cast<parcel *>(graze_alloc(sizeof(parcel), GRAZE_ALLOC_ZERO, "parcel", nullptr));
    completion *const over = Shared<completion>();
    p->data = 1;
    p->self = reinterpret_cast<parcel *>(over);
    *slot = p;
    graze::run_threads(
        [=] {
          rcu_read_lock();
          parcel *mine = rcu_dereference(*slot);
          if (mine != nullptr) Take(mine);
          rcu_read_unlock();
        },
        [=] {
          rcu_assign_pointer(*slot, nullptr);
          synchronize_rcu();
          complete(over);
        },
        [=] {
          wait_for_completion(over);
          kfree(p);
        });
  }));
}

}  // namespace
}  // namespace kernel

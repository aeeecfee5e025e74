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

}  // namespace
}  // namespace kernel

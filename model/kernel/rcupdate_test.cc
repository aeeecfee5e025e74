// SPDX-License-Identifier: MIT
#include "model/kernel/rcupdate.h"

#include "model/kernel/bottom_half.h"
#include "model/kernel/kernel_for_test.h"
#include "model/kernel/napi.h"
#include "model/kernel/slab.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Outcomes;
using testing::Results;
using testing::Shared;

struct words {
  plain<int> x, y, z;
};

const KernelConfig kReaders;
const KernelConfig kNoBhReaders = {.bh_is_rcu_reader = false};

// A reader looks at x, then at y; the updater changes x, then y, with `between` between them. A reader that saw the old x and the new y
// spans `between`: {0, 1} is what a grace period forbids and sequential consistency alone does not.
template <typename Begin, typename End, typename Between>
Outcomes ReaderAndUpdater(const KernelConfig &config, Begin begin, End end, Between between) {
  return ExploreKernel(config, [=] {
    words *const w = Shared<words>();
    int r1 = 0, r2 = 0;
    graze::thread reader = testing::OnCpu(0, [&] {
      begin();
      r1 = READ_ONCE(w->x);
      r2 = READ_ONCE(w->y);
      end();
    });
    graze::thread updater = testing::OnCpu(1, [&] {
      WRITE_ONCE(w->x, 1);
      between();
      WRITE_ONCE(w->y, 1);
    });
    reader.join();
    updater.join();
    Outcome(r1, r2);
  });
}

const Results kSpanned = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const Results kNotSpanned = {{0, 0}, {1, 0}, {1, 1}};

TEST(GracePeriod, IsNotSpannedByAReader) {
  const auto outcomes = ReaderAndUpdater(kReaders, [] { rcu_read_lock(); }, [] { rcu_read_unlock(); }, [] { synchronize_rcu(); });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), kNotSpanned);
}

TEST(GracePeriod, HoldsUpNobodyWithoutASection) {
  const auto outcomes = ReaderAndUpdater(kReaders, [] {}, [] {}, [] { synchronize_rcu(); });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), kSpanned);
}

TEST(GracePeriod, WaitsForTheOutermostSection) {
  const auto outcomes = ReaderAndUpdater(
      kReaders,
      [] {
        rcu_read_lock();
        rcu_read_lock();
        rcu_read_unlock();
      },
      [] { rcu_read_unlock(); }, [] { synchronize_rcu(); });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), kNotSpanned);
}

TEST(GracePeriod, WaitsForBhOffRegionsWhereTheFlavoursAreOne) {
  auto begin = [] { local_bh_disable(); };
  auto end = [] { local_bh_enable(); };
  auto gp = [] { synchronize_rcu(); };
  EXPECT_EQ(ReaderAndUpdater(kReaders, begin, end, gp).Distinct(), kNotSpanned);
  EXPECT_EQ(ReaderAndUpdater(kNoBhReaders, begin, end, gp).Distinct(), kSpanned);
}

TEST(GracePeriod, WaitsForNapiPollsWhereTheFlavoursAreOne) {
  auto begin = [] { napi_begin(0); };
  auto end = [] { napi_end(); };
  auto gp = [] { synchronize_rcu(); };
  EXPECT_EQ(ReaderAndUpdater(kReaders, begin, end, gp).Distinct(), kNotSpanned);
  EXPECT_EQ(ReaderAndUpdater(kNoBhReaders, begin, end, gp).Distinct(), kSpanned);
}

TEST(RcuBarrier, IsNoGracePeriodWhenNothingIsQueued) {
  const auto outcomes = ReaderAndUpdater(kReaders, [] { rcu_read_lock(); }, [] { rcu_read_unlock(); }, [] { rcu_barrier(); });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), kSpanned);
}

// Two readers, each of which may start only once the other's effect is still missing: one grace period can fall between them, two cannot.
Outcomes TwoReaders(int grace_periods) {
  return ExploreKernel([=] {
    words *const w = Shared<words>();
    int r1 = 0, r2 = 0, r3 = 0;
    graze::run_threads(
        [&] {
          rcu_read_lock();
          r1 = READ_ONCE(w->y);
          WRITE_ONCE(w->x, 1);
          rcu_read_unlock();
        },
        [&] {
          rcu_read_lock();
          r2 = READ_ONCE(w->z);
          WRITE_ONCE(w->y, 1);
          rcu_read_unlock();
        },
        [&] {
          WRITE_ONCE(w->z, 1);
          for (int i = 0; i < grace_periods; ++i) synchronize_rcu();
          r3 = READ_ONCE(w->x);
        });
    Outcome(r1, r2, r3);
  });
}

TEST(GracePeriod, TwoReadersInARowMaySpanOne) {
  // The counting rule of the kernel's memory model: a cycle is forbidden if it has at least as many grace periods as sections.
  EXPECT_EQ(TwoReaders(1).counts.count({0, 0, 0}), 1u);
}

TEST(GracePeriod, TwoReadersInARowCannotSpanTwo) {
  const auto outcomes = TwoReaders(2);
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.counts.count({0, 0, 0}), 0u);
  EXPECT_EQ(outcomes.counts.count({0, 0, 1}), 1u);
}

struct item {
  plain<int> value;
  rcu_head rcu;
};

void free_item(rcu_head *head) { kfree(container_of(head, item, rcu)); }

template <typename Dispose>
Outcomes ReaderOfAnItem(Dispose dispose) {
  return ExploreKernel([=] {
    auto *const slot = Shared<plain<item *>>();
    item *const first = kzalloc(sizeof(*first), GFP_KERNEL);
    first->value = 7;
    rcu_assign_pointer(*slot, first);
    graze::run_threads(
        [&] {
          rcu_read_lock();
          item *const seen = rcu_dereference(*slot);
          GRAZE_ASSERT(seen == nullptr || seen->value == 7);
          rcu_read_unlock();
        },
        [&] {
          item *const old = rcu_dereference_protected(*slot, true);
          RCU_INIT_POINTER(*slot, nullptr);
          dispose(old);
        });
    wait_for_quiescence();
  });
}

TEST(CallRcu, RunsAfterTheReadersThatCouldSeeTheObject) {
  EXPECT_VERIFIED(ReaderOfAnItem([](item *old) { call_rcu(&old->rcu, free_item); }));
}

TEST(CallRcu, IsWhatTheReadersNeed) {
  EXPECT_BREAKS(ReaderOfAnItem([](item *old) { kfree(old); }), "I-UAF");
}

TEST(KfreeRcu, RunsAfterTheReadersThatCouldSeeTheObject) {
  EXPECT_VERIFIED(ReaderOfAnItem([](item *old) { kfree_rcu(old, rcu); }));
}

TEST(CallRcu, FreesEverythingByTheEndOfTheExecution) {
  const auto outcomes = ExploreKernel(
      KernelConfig{},
      [] {
        item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
        call_rcu(&one->rcu, free_item);
      },
      testing::Leaks::kChecked);
  EXPECT_VERIFIED(outcomes);
}

TEST(CallRcu, OfAQueuedHeadIsASecondFree) {
  EXPECT_BREAKS(ExploreKernel([] {
                  item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
                  rcu_read_lock();  // neither callback can run yet
                  call_rcu(&one->rcu, free_item);
                  call_rcu(&one->rcu, free_item);
                }),
                "I-SINGLE-FREE");
}

void rearm(rcu_head *head) {
  item *const self = container_of(head, item, rcu);
  if (++self->value < 2) call_rcu(head, rearm);
}

TEST(CallRcu, MayBeCalledAgainByItsCallback) {
  const auto outcomes = ExploreKernel([] {
    item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
    call_rcu(&one->rcu, rearm);
    wait_for_quiescence();
    Outcome(static_cast<int>(one->value));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{2}}));
}

void mark_item(rcu_head *head) { WRITE_ONCE(container_of(head, item, rcu)->value, 1); }

TEST(RcuBarrier, WaitsForCallbacksQueuedBefore) {
  const auto outcomes = ExploreKernel([] {
    item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
    call_rcu(&one->rcu, mark_item);
    rcu_barrier();
    Outcome(READ_ONCE(one->value));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(RcuBarrier, WaitsForACallbackThatItsCallerKnowsOf) {
  // Another thread queues, then tells: who has been told and asks for the barrier finds the callback done.
  const auto outcomes = ExploreKernel([] {
    item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
    auto *const told = Shared<plain<int>>();
    int seen = 1;
    graze::run_threads(
        [&] {
          call_rcu(&one->rcu, mark_item);
          WRITE_ONCE(*told, 1);
        },
        [&] {
          if (!READ_ONCE(*told)) return;
          rcu_barrier();
          seen = READ_ONCE(one->value);
        });
    Outcome(seen);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(RcuBarrier, DoesNotWaitForCallbacksThatNobodyOrdersBeforeIt) {
  const auto outcomes = ExploreKernel([] {
    item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
    int seen = 0;
    graze::run_threads([&] { call_rcu(&one->rcu, mark_item); },
                       [&] {
                         rcu_barrier();
                         seen = READ_ONCE(one->value);
                       });
    Outcome(seen);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0}, {1}}));
}

TEST(Rcu, WaitingInsideASectionIsAViolation) {
  EXPECT_BREAKS(ExploreKernel([] {
                  rcu_read_lock();
                  synchronize_rcu();
                }),
                "I-CTX");
  EXPECT_BREAKS(ExploreKernel([] {
                  rcu_read_lock();
                  rcu_barrier();
                }),
                "I-CTX");
}

void sleepy(rcu_head *) { synchronize_rcu(); }

TEST(Rcu, CallbacksMustNotSleep) {
  EXPECT_BREAKS(ExploreKernel([] {
                  item *const one = kzalloc(sizeof(*one), GFP_KERNEL);
                  call_rcu(&one->rcu, sleepy);
                }),
                "I-CTX");
}

TEST(Rcu, AnUnbalancedUnlockIsMisuse) {
  EXPECT_BREAKS(ExploreKernel([] { rcu_read_unlock(); }), "misuse");
}

}  // namespace
}  // namespace kernel

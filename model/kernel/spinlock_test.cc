// SPDX-License-Identifier: MIT
#include "model/kernel/spinlock.h"

#include "model/kernel/kernel_for_test.h"
#include "model/kernel/sched.h"
#include "model/kernel/slab.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

struct counter {
  spinlock_t lock;
  spinlock_t other;
  plain<int> n;
};

TEST(Spinlock, ExcludesOthers) {
  const auto outcomes = ExploreKernel([] {
    counter *const c = Shared<counter>();
    graze::run_threads_indexed(3, [c](unsigned) {
      spin_lock(&c->lock);
      ++c->n;
      spin_unlock(&c->lock);
    });
    Outcome(static_cast<int>(c->n));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{3}}));
  EXPECT_EQ(outcomes.result.executions, 6u);  // 3! orders, nobody blocked
  EXPECT_EQ(outcomes.result.blocked, 0u);
}

TEST(Spinlock, OneThatOnlyOneThreadTakesProtectsNothing) {
  EXPECT_BREAKS(ExploreKernel([] {
                  counter *const c = Shared<counter>();
                  graze::run_threads([c] { ++c->n; },
                                     [c] {
                                       spin_lock(&c->lock);
                                       ++c->n;
                                       spin_unlock(&c->lock);
                                     });
                }),
                "I-RACE");
}

TEST(Spinlock, CanBeInitialisedByAThreadThatThenPublishesIt) {
  EXPECT_VERIFIED(ExploreKernel([] {
    auto *const slot = Shared<plain<counter *>>();
    auto use = [slot] {
      counter *const c = READ_ONCE(*slot);
      if (c == nullptr) return;
      spin_lock(&c->lock);
      ++c->n;
      spin_unlock(&c->lock);
    };
    graze::run_threads(
        [slot, use] {
          counter *const c = kmalloc(sizeof(*c), GFP_KERNEL);
          spin_lock_init(&c->lock);
          c->n = 0;
          WRITE_ONCE(*slot, c);
          use();
        },
        use, use);
  }));
}

TEST(Spinlock, TrylockFailsWhileHeldAndOnlyThen) {
  const auto outcomes = ExploreKernel([] {
    counter *const c = Shared<counter>();
    bool got[2] = {};
    graze::run_threads_indexed(2, [&](unsigned i) {
      got[i] = spin_trylock(&c->lock);
      if (got[i]) spin_unlock(&c->lock);
    });
    Outcome(got[0], got[1], spin_is_locked(&c->lock));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 1, 0}, {1, 0, 0}, {1, 1, 0}}));
}

TEST(Spinlock, IsLockedSeesBothStates) {
  const auto outcomes = ExploreKernel([] {
    counter *const c = Shared<counter>();
    bool seen = false;
    graze::run_threads([&] { seen = spin_is_locked(&c->lock); },
                       [&] {
                         spin_lock(&c->lock);
                         spin_unlock(&c->lock);
                       });
    Outcome(seen);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0}, {1}}));
}

TEST(Spinlock, UnlockOfAFreeLockIsMisuse) {
  EXPECT_BREAKS(ExploreKernel([] { spin_unlock(&Shared<counter>()->lock); }), "misuse");
}

TEST(Spinlock, OppositeOrdersDeadlock) {
  EXPECT_BREAKS(ExploreKernel([] {
                  counter *const c = Shared<counter>();
                  auto both = [](spinlock_t *first, spinlock_t *second) {
                    spin_lock(first);
                    spin_lock(second);
                    spin_unlock(second);
                    spin_unlock(first);
                  };
                  graze::run_threads([&] { both(&c->lock, &c->other); }, [&] { both(&c->other, &c->lock); });
                }),
                "I-LIVE");
}

TEST(Spinlock, HolderMustNotSleep) {
  EXPECT_BREAKS(ExploreKernel([] {
                  spin_lock(&Shared<counter>()->lock);
                  schedule();
                }),
                "I-CTX");
}

}  // namespace
}  // namespace kernel

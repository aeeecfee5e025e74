// SPDX-License-Identifier: MIT
#include "model/kernel/atomic.h"

#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

TEST(Atomic, IncrementsAreNeverLost) {
  const auto outcomes = ExploreKernel([] {
    atomic_t *const v = Shared<atomic_t>();
    graze::run_threads_indexed(3, [v](unsigned) { atomic_inc(v); });
    Outcome(atomic_read(v));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{3}}));
  EXPECT_EQ(outcomes.result.executions, 6u);  // 3! orders
}

TEST(Atomic, DecAndTestIsTrueForTheLastOnly) {
  const auto outcomes = ExploreKernel([] {
    atomic_t *const v = Shared<atomic_t>();
    atomic_set(v, 2);
    bool last[2] = {};
    graze::run_threads([&] { last[0] = atomic_dec_and_test(v); }, [&] { last[1] = atomic_dec_and_test(v); });
    Outcome(last[0], last[1]);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 1}, {1, 0}}));
}

TEST(Atomic, IncNotZeroNeverRevives) {
  const auto outcomes = ExploreKernel([] {
    atomic_t *const v = Shared<atomic_t>();
    atomic_set(v, 1);
    bool got = false;
    graze::run_threads([&] { got = atomic_inc_not_zero(v); }, [&] { atomic_dec(v); });
    Outcome(got, atomic_read(v));
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 0}, {1, 1}}));
}

TEST(Atomic, ReturnsOldOrNewAsTheNameSays) {
  EXPECT_VERIFIED(ExploreKernel([] {
    atomic_t *const v = Shared<atomic_t>();
    GRAZE_ASSERT(atomic_add_return(5, v) == 5 && atomic_fetch_add(2, v) == 5 && atomic_sub_return(8, v) == -1);
    GRAZE_ASSERT(atomic_inc_return(v) == 0 && atomic_dec_return_relaxed(v) == -1 && atomic_fetch_inc_acquire(v) == -1);
    GRAZE_ASSERT(atomic_xchg(v, 6) == 0 && atomic_fetch_or(1, v) == 6 && atomic_fetch_and(3, v) == 7);
    GRAZE_ASSERT(atomic_cmpxchg(v, 1, 9) == 3 && atomic_cmpxchg_release(v, 3, 9) == 3 && atomic_read(v) == 9);
    GRAZE_ASSERT(atomic_sub_and_test(9, v) && !atomic_inc_and_test(v));
  }));
}

}  // namespace
}  // namespace kernel

// SPDX-License-Identifier: MIT
#include "model/kernel/dependent.h"

#include "model/kernel/cmpxchg.h"
#include "model/kernel/compiler.h"
#include "model/kernel/kernel_for_test.h"
#include "model/kernel/rcupdate.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;
using testing::Shared;

struct node {
  plain<int> value;
  plain<node *> next;
};

TEST(Dependent, LocalsKeepTheLoadTheyComeFrom) {
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const x = Shared<u32>();
    node **const slot = Shared<node *>();
    tv<u32> one = READ_ONCE(*x);
    tv<u32> two = READ_ONCE(*x);
    tp<node> n = rcu_dereference(*slot);
    GRAZE_ASSERT(one.dep() != 0 && two.dep() != 0 && one.dep() != two.dep() && n.dep() != two.dep());
    GRAZE_ASSERT((one + 1).dep() == one.dep() && (7 & one).dep() == one.dep() && (one == 1u).dep() == one.dep());
    GRAZE_ASSERT((one + two).dep() == graze_join(one.dep(), two.dep()) && (n + 2).dep() == n.dep());
    GRAZE_ASSERT((n == nullptr).dep() == n.dep() && (!n).dep() == n.dep() && (n + two).dep() == graze_join(n.dep(), two.dep()));
  }));
}

TEST(Dependent, OrdinaryLocalsStandAsBefore) {
  EXPECT_VERIFIED(ExploreKernel([] {
    u32 *const x = Shared<u32>();
    node **const slot = Shared<node *>();
    node *const first = Shared<node>();
    WRITE_ONCE(*slot, first);
    WRITE_ONCE(*x, 3);
    u32 value = READ_ONCE(*x);
    node *n = READ_ONCE(*slot);
    n->value = READ_ONCE(*x) == 3 ? 1 : 2;
    GRAZE_ASSERT(value == 3 && n == first && READ_ONCE(*slot) == first && n->value == 1);
    switch (READ_ONCE(*x)) {
      case 3: break;
      default: GRAZE_ASSERT(false);
    }
    node *old = xchg(slot, NULL);
    GRAZE_ASSERT(old == first && !READ_ONCE(*slot) && cmpxchg(x, 3, 4) == 3 && xchg(x, READ_ONCE(*x) + 1) == 4);
  }));
}

}  // namespace
}  // namespace kernel

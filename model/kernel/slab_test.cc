// SPDX-License-Identifier: MIT
#include "model/kernel/slab.h"

#include "model/kernel/err.h"
#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;
using testing::Outcome;
using testing::Results;

struct thing {
  plain<int> n;
};

TEST(Allocation, FailsOnlyWhereTheConfigurationLetsIt) {
  auto two_allocations = [] {
    thing *const first = kzalloc(sizeof(*first), GFP_KERNEL);
    thing *const second = kzalloc(sizeof(*second), GFP_KERNEL);
    Outcome(first != nullptr, second != nullptr);
  };
  EXPECT_EQ(ExploreKernel({}, two_allocations).Distinct(), (Results{{1, 1}}));
  EXPECT_EQ(ExploreKernel({.alloc_failures = 1}, two_allocations).Distinct(), (Results{{0, 1}, {1, 0}, {1, 1}}));
  EXPECT_EQ(ExploreKernel({.alloc_failures = 2}, two_allocations).Distinct(), (Results{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
}

TEST(Allocation, NeverFailsWhereTheCallerForbidsIt) {
  const auto outcomes = ExploreKernel({.alloc_failures = 1}, [] {
    thing *const one = kmalloc(sizeof(*one), GFP_KERNEL | __GFP_NOFAIL);
    Outcome(one != nullptr);
  });
  EXPECT_EQ(outcomes.Distinct(), (Results{{1}}));
}

TEST(Allocation, IsNamedAfterTheExpressionOfItsSize) {
  const auto outcomes = ExploreKernel(
      {},
      [] {
        struct {
          thing *rcpu;
        } entry = {};
        entry.rcpu = kzalloc(sizeof(*entry.rcpu), GFP_KERNEL);
        thing *const other = kzalloc(sizeof(struct thing), GFP_KERNEL);
        entry.rcpu->n = other != nullptr;
      },
      testing::Leaks::kChecked);
  ASSERT_EQ(outcomes.result.violations.size(), 1u) << testing::Describe(outcomes.result);
  EXPECT_EQ(outcomes.result.violations[0].rule, "I-LEAK");
  EXPECT_EQ(outcomes.result.violations[0].objects, (std::vector<std::string>{"rcpu", "thing"}));
}

TEST(Allocation, CanBeGivenAnotherName) {
  graze_set_type_name("sizeof(*renamed)", "bpf_thing");
  const auto outcomes = ExploreKernel(
      {},
      [] {
        thing *renamed;
        renamed = kzalloc(sizeof(*renamed), GFP_KERNEL);
        renamed->n = 1;
      },
      testing::Leaks::kChecked);
  ASSERT_EQ(outcomes.result.violations.size(), 1u);
  EXPECT_EQ(outcomes.result.violations[0].objects, (std::vector<std::string>{"bpf_thing"}));
}

TEST(Allocation, IsZeroedOnlyIfAsked) {
  EXPECT_VERIFIED(ExploreKernel([] { GRAZE_ASSERT(static_cast<thing *>(kzalloc(sizeof(thing), GFP_KERNEL))->n == 0); }));
  const auto uninitialised = ExploreKernel([] {
    thing *const one = kmalloc(sizeof(*one), GFP_KERNEL);
    GRAZE_ASSERT(one->n == 0);
  });
  ASSERT_EQ(uninitialised.result.violations.size(), 1u);
  EXPECT_EQ(uninitialised.result.violations[0].kind, graze::ViolationKind::kUninitializedRead);
}

TEST(Kfree, ASecondTimeIsAViolation) {
  const auto outcomes = ExploreKernel([] {
    thing *const one = kzalloc(sizeof(*one), GFP_KERNEL);
    graze::run_threads([one] { kfree(one); }, [one] { kfree(one); });
  });
  EXPECT_BREAKS(outcomes, "I-UAF");
}

TEST(Kfree, OfNullIsNothing) {
  EXPECT_VERIFIED(ExploreKernel([] { kfree(nullptr); }));
}

TEST(CacheBulk, GivesAllOrNothing) {
  const auto outcomes = ExploreKernel({.alloc_failures = 1}, [] {
    kmem_cache cache = {"skb", 16};
    void *objects[3] = {};
    const int got = kmem_cache_alloc_bulk(&cache, GFP_ATOMIC | __GFP_ZERO, 3, objects);
    Outcome(got, objects[0] != nullptr, objects[2] != nullptr);
    if (got == 3) kmem_cache_free_bulk(&cache, 3, objects);
  });
  EXPECT_VERIFIED(outcomes);
  EXPECT_EQ(outcomes.Distinct(), (Results{{0, 0, 0}, {3, 1, 1}}));
}

TEST(ErrPtr, CarriesErrorsThroughPointers) {
  thing *const error = ERR_PTR(-ENOMEM);
  EXPECT_TRUE(IS_ERR(error));
  EXPECT_EQ(PTR_ERR(error), -ENOMEM);
  EXPECT_EQ(PTR_ERR_OR_ZERO(error), -ENOMEM);
  EXPECT_FALSE(IS_ERR(nullptr));
  EXPECT_TRUE(IS_ERR_OR_NULL(nullptr));
  int local = 0;
  EXPECT_FALSE(IS_ERR_OR_NULL(&local));
}

}  // namespace
}  // namespace kernel

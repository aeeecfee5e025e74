// SPDX-License-Identifier: MIT
#include "model/kernel/bug.h"

#include "model/kernel/kernel_for_test.h"

namespace kernel {
namespace {

using testing::ExploreKernel;

bool cleanup(bool broken) { return WARN_ON_ONCE(broken); }
bool elsewhere(bool broken) { return WARN_ON(broken); }

TEST(Warning, BreaksTheRuleOfItsFunction) {
  graze_set_warn_rule("cleanup", "I-EMPTY");
  EXPECT_BREAKS(ExploreKernel([] { cleanup(true); }), "I-EMPTY");
  EXPECT_BREAKS(ExploreKernel([] { elsewhere(true); }), "I-WARN");
  EXPECT_VERIFIED(ExploreKernel([] { GRAZE_ASSERT(!cleanup(false) && !elsewhere(false)); }));
}

TEST(Warning, LetsTheThreadGoOn) {
  bool went_on = false;
  ExploreKernel([&went_on] { went_on = elsewhere(true); });
  EXPECT_TRUE(went_on);
}

TEST(Bug, EndsTheThread) {
  bool went_on = false;
  const auto outcomes = ExploreKernel([&went_on] {
    BUG_ON(graze::InExecution());
    went_on = true;
  });
  EXPECT_BREAKS(outcomes, "assert");
  EXPECT_FALSE(went_on);
}

TEST(Kernel, ThatWasNotBootedSaysSo) {
  const graze::Result result = graze::Explore([] { graze_local_bh_disable(nullptr); }, {});
  ASSERT_EQ(result.violations.size(), 1u);
  EXPECT_EQ(result.violations[0].rule, "misuse");
  EXPECT_NE(result.violations[0].message.find("kernel_boot"), std::string::npos);
}

}  // namespace
}  // namespace kernel

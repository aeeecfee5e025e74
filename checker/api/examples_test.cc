// SPDX-License-Identifier: MIT
// The examples do what their first lines promise.
#include <gtest/gtest.h>

#include <string>

#include "checker/api/outcomes_for_test.h"
// NOLINTBEGIN(bugprone-suspicious-include)
#include "checker/examples/dekker.cc"
#include "checker/examples/message_passing.cc"
#include "checker/examples/treiber_stack.cc"
// NOLINTEND(bugprone-suspicious-include)

namespace graze {
namespace {

using testing::Describe;

Result ExploreExample(const std::string& name) {
  for (const Scenario* each : RegisteredScenarios()) {
    if (each->name == name) return Explore(*each, Variant{}, Options{});
  }
  Result none;
  none.reason = "no scenario " + name;
  return none;
}

bool Shows(const Result& result, ViolationKind kind) {
  for (const Violation& each : result.violations) {
    if (each.kind == kind) return true;
  }
  return false;
}

TEST(Examples, MessagePassingIsVerified) {
  const Result result = ExploreExample("MessagePassing");
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);
}

TEST(Examples, DekkerLookThenRaiseHasARace) {
  const Result result = ExploreExample("DekkerLookThenRaise");
  EXPECT_EQ(result.verdict, Verdict::kViolation) << Describe(result);
  EXPECT_TRUE(Shows(result, ViolationKind::kDataRace)) << Describe(result);
}

TEST(Examples, DekkerWithTheFlagRaisedFirstIsVerified) {
  const Result result = Explore([] {
    atomic<bool> wants[2] = {false, false};
    plain<int> counter{0};
    const auto enter_once = [&](int me) {
      wants[me].store(true);
      if (!wants[1 - me].load()) counter += 1;
      wants[me].store(false);
    };
    run_threads([&] { enter_once(0); }, [&] { enter_once(1); });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Examples, TreiberPopFreesAtOnceUsesAFreedNode) {
  const Result result = ExploreExample("TreiberPopFreesAtOnce");
  EXPECT_EQ(result.verdict, Verdict::kViolation) << Describe(result);
  EXPECT_TRUE(Shows(result, ViolationKind::kUseAfterFree)) << Describe(result);
}

}  // namespace
}  // namespace graze

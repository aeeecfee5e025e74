// SPDX-License-Identifier: MIT
#include "specs/mutations/mutation.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "specs/mutations/run.h"

namespace specs {
namespace {

MutationOutcome Outcome(const std::string& verdict, std::vector<std::string> rules = {}, std::vector<std::string> with_ids = {}) {
  return {verdict, "a budget ran out", std::move(rules), std::move(with_ids), ""};
}

TEST(MutationExpectation, IsMetWhenTheNamedInvariantIsBroken) {
  const MutationRun run = {"S", "", "finds", {"I-UAF"}};
  std::string why;
  EXPECT_TRUE(IsAsExpected(run, Outcome("violation", {"I-REF", "I-UAF"}), &why));
  EXPECT_FALSE(IsAsExpected(run, Outcome("violation", {"I-REF"}), &why));
  EXPECT_EQ(why, "I-UAF expected, got I-REF");
  EXPECT_FALSE(IsAsExpected(run, Outcome("verified"), &why));
}

TEST(MutationExpectation, OfNothingIsMetByAVerifiedScenarioOnly) {
  const MutationRun run = {"S", "", "holds", {}};
  std::string why;
  EXPECT_TRUE(IsAsExpected(run, Outcome("verified"), &why));
  EXPECT_FALSE(IsAsExpected(run, Outcome("violation", {"I-UAF"}, {"I-UAF/-"}), &why));
  EXPECT_FALSE(IsAsExpected(run, Outcome("inconclusive"), &why));
  EXPECT_EQ(why, "inconclusive: a budget ran out");
}

TEST(MutationExpectation, OfExactViolationsAdmitsNoOther) {
  const MutationRun run = {"S", "", "shows", {"I-EMPTY/D02"}};
  std::string why;
  EXPECT_TRUE(IsAsExpected(run, Outcome("violation", {"I-EMPTY"}, {"I-EMPTY/D02"}), &why));
  EXPECT_FALSE(IsAsExpected(run, Outcome("violation", {"I-EMPTY"}, {"I-EMPTY/-"}), &why));
  EXPECT_FALSE(IsAsExpected(run, Outcome("violation", {"I-EMPTY", "I-LEAK"}, {"I-EMPTY/D02", "I-LEAK/D01"}), &why));
}

TEST(Mutations, HaveTheirScenariosHeldByTheUnmutatedCopy) {
  const auto unmutated = std::ranges::find(Mutations(), "unmutated", &Mutation::id);
  ASSERT_NE(unmutated, Mutations().end());
  for (const Mutation& mutation : Mutations()) {
    for (const MutationRun& run : mutation.runs) {
      if (run.expectation != "finds") continue;
      const bool held = std::ranges::any_of(unmutated->runs, [&](const MutationRun& each) {
        return each.scenario == run.scenario && each.configuration == run.configuration && each.expectation == "holds";
      });
      EXPECT_TRUE(held) << mutation.id << ": " << run.scenario << " [" << run.configuration << "]";
    }
  }
}

TEST(Mutations, AreRefusedByUnknownId) {
  std::string error;
  EXPECT_TRUE(RunMutations("M99", {}, &error).empty());
  EXPECT_EQ(error, "no mutation 'M99' (graze list names them)");
}

TEST(Mutations, AndFixesBehaveAsTheirFilesSay) {
  std::string error;
  const std::vector<PairResult> results = RunMutations("all", {}, &error);
  EXPECT_EQ(error, "");
  EXPECT_FALSE(results.empty());
  for (const PairResult& result : results) {
    EXPECT_TRUE(result.as_expected || result.left_out) << result.mutation << " " << result.generation << ": " << result.summary;
  }
}

}  // namespace
}  // namespace specs

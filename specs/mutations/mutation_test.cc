// SPDX-License-Identifier: MIT
#include "specs/mutations/mutation.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string_view>

#include "checker/cli/mutations.h"
#include "specs/mutations/run.h"

namespace specs {
namespace {

MutationOutcome Outcome(const std::string& verdict, std::vector<std::string> rules = {}, std::vector<std::string> with_ids = {}) {
  return {verdict, "a budget ran out", std::move(rules), std::move(with_ids), "", ""};
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

TEST(MutationRun, KnowsWhichMasksAGenerationMakesSuperfluous) {
  const MutationRun run = {"S", "start=ran stop=signal should_stop=acquire", "holds", {}};
  EXPECT_EQ(run.ConfigurationIn("v5.9"), "start=ran stop=signal should_stop=acquire");
  // Its updates wait for the kthread, and its stop requests interrupt sleeps.
  EXPECT_EQ(run.ConfigurationIn("v7.1"), "should_stop=acquire");
}

// True if `weaker` shows all that `model` does.
bool ShowsAllOf(const std::string& weaker, const std::string& model) {
  constexpr std::string_view kByStrength[] = {"sc", "tso", "lkmm"};
  const auto place = [&](const std::string& name) { return std::ranges::find(kByStrength, name) - std::begin(kByStrength); };
  return weaker == model || (place(weaker) < 3 && place(model) <= place(weaker));
}

// True if `before` is known not to break what `run` of `mutation` breaks.
bool HoldsBefore(const Mutation& before, const Mutation& mutation, const MutationRun& run, const std::string& generation) {
  const auto model = [](const Mutation& whose, const MutationRun& each) {
    return each.memory_model.empty() ? whose.memory_model : each.memory_model;
  };
  return std::ranges::any_of(before.runs, [&](const MutationRun& each) {
    if (!each.IsFor(generation) || each.scenario != run.scenario || each.expectation == "finds") return false;
    if (each.ConfigurationIn(generation) != run.ConfigurationIn(generation)) return false;
    if (!ShowsAllOf(model(before, each), model(mutation, run))) return false;
    return std::ranges::none_of(each.violations, [&](const std::string& shown) {
      return std::ranges::find(run.violations, shown.substr(0, shown.find('/'))) != run.violations.end();
    });
  });
}

TEST(Mutations, BreakWhatHeldBeforeThem) {
  for (const Mutation& mutation : Mutations()) {
    const auto before = std::ranges::find(Mutations(), mutation.on.empty() ? "unmutated" : mutation.on, &Mutation::id);
    ASSERT_NE(before, Mutations().end()) << mutation.id;
    for (const std::string& generation : mutation.generations) {
      for (const MutationRun& run : mutation.runs) {
        if (run.expectation != "finds" || !run.IsFor(generation)) continue;
        EXPECT_TRUE(HoldsBefore(*before, mutation, run, generation))
            << mutation.id << " " << generation << ": " << run.scenario << " [" << run.ConfigurationIn(generation) << "]";
      }
    }
  }
}

TEST(Mutations, AreRefusedByUnknownId) {
  std::string error;
  EXPECT_TRUE(RunMutations("M99", {}, &error).empty());
  EXPECT_EQ(error, "no mutation 'M99' (graze list names them)");
}

TEST(Mutations, AreRefusedForAGenerationThatTheyAreNotOf) {
  std::string error;
  MutationRunOptions options;
  options.generation = "v2.6";
  EXPECT_TRUE(RunMutations("M01", options, &error).empty());
  EXPECT_EQ(error, "M01 is no mutation of v2.6 (graze list says of which generations there are)");
}

TEST(MutationExitCode, IsTheOneOfTheWorstPair) {
  const auto pair = [](PairOutcome outcome) {
    PairResult result;
    result.outcome = outcome;
    return result;
  };
  const PairResult good = pair(PairOutcome::kAsExpected), different = pair(PairOutcome::kDifferent);
  const PairResult broken = pair(PairOutcome::kBroken), inconclusive = pair(PairOutcome::kInconclusive);
  PairResult left_out;
  left_out.left_out = true;
  // The codes are those of every command: holds, violation, internal error, inconclusive.
  EXPECT_EQ(ExitCodeOf({good, left_out}), 0);
  EXPECT_EQ(ExitCodeOf({good, different, inconclusive}), 1);
  EXPECT_EQ(ExitCodeOf({broken, different, inconclusive}), 2);
  EXPECT_EQ(ExitCodeOf({good, inconclusive}), 3);
  EXPECT_EQ(ExitCodeOf({left_out}), 1) << "nothing was shown";
}

// A build folder in which the mutant M01 is a shell script.
class FakeMutant {
 public:
  explicit FakeMutant(const std::string& script) {
    std::filesystem::create_directories(folder_ / "mutants/bin");
    const std::filesystem::path mutant = folder_ / "mutants/bin/mutant_M01_v5_9";
    std::ofstream(mutant) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(mutant, std::filesystem::perms::owner_all);
    std::ofstream(folder_ / "CMakeLists.txt") << "cmake_minimum_required(VERSION 3.24)\nproject(fake NONE)\n"
                                              << "add_custom_target(mutant_M01_v5_9)\n";
    const std::string configure = "cmake -S " + folder_.string() + " -B " + folder_.string() + " >/dev/null";
    EXPECT_EQ(std::system(configure.c_str()), 0);
  }
  ~FakeMutant() { std::filesystem::remove_all(folder_); }

  int Check(std::string* text, graze::MutationReport* report = nullptr) const {
    MutationRunOptions options;
    options.build_folder = folder_.string();
    options.generation = "v5.9";
    std::ostringstream out, errors;
    const int code = CheckMutations("M01", options, out, errors, report);
    *text = out.str();
    return code;
  }

 private:
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / ("mutant." + std::to_string(getpid()));
};

TEST(MutationExitCode, IsTwoWhenTheMutantStopsAtAnInternalError) {
  std::string text;
  EXPECT_EQ(FakeMutant("echo '[checker bug] x' >&2; exit 2").Check(&text), 2);
  EXPECT_NE(text.find("the mutant ends with code 2"), std::string::npos) << text;
  EXPECT_EQ(FakeMutant("kill -SEGV $$").Check(&text), 2);
  EXPECT_EQ(FakeMutant("echo verdict error; echo 'reason [checker bug] x'").Check(&text), 2);
  EXPECT_NE(text.find("[checker bug] x"), std::string::npos) << text;
}

TEST(MutationExitCode, IsThreeWhenABudgetRunsOut) {
  std::string text;
  EXPECT_EQ(FakeMutant("echo verdict inconclusive; echo reason the time budget ran out").Check(&text), 3);
}

TEST(MutationExitCode, IsOneWhenTheMutantHolds) {
  std::string text;
  EXPECT_EQ(FakeMutant("echo verdict verified").Check(&text), 1);
  EXPECT_NE(text.find("0/1 pairs"), std::string::npos) << text;
}

// What the mutant says arrives in the document as SCHEMA.md describes it: a row of `verdicts` for each violation, and one for the rest.
TEST(MutationReport, HasTheVerdictsOfTheMutantsAndWhetherTheyAreExpected) {
  graze::Result result;
  result.verdict = graze::Verdict::kViolation;
  result.executions = 7;
  result.bounds = {{"CPUs", "2"}};
  graze::Violation violation;
  violation.rule = "I-UAF";
  violation.token = "graze1:T";
  result.violations.push_back(violation);
  std::string text;
  graze::MutationReport report;
  const std::string said = "echo verdict violation; echo violation I-UAF -; echo 'result " + graze::EncodeForReport(result, {}) + "'";
  EXPECT_EQ(FakeMutant(said).Check(&text, &report), 0) << text;
  const auto document = graze::MutationsReport(report, [](const std::string&) { return nullptr; });
  EXPECT_EQ(document["command"], "check");
  ASSERT_EQ(document["verdicts"].size(), 2u);
  const auto& row = document["verdicts"][0];
  EXPECT_EQ(row["mutation"], "M01");
  EXPECT_EQ(row["scenario"], "Cpumap.UpdateDelete");
  EXPECT_EQ(row["generation"], "v5.9");
  EXPECT_EQ(row["verdict"], "violation");
  EXPECT_EQ(row["violation"]["invariant"], "I-UAF");
  EXPECT_EQ(row["violation"]["token"], "graze1:T");
  EXPECT_EQ(row["executions"], 7);
  EXPECT_EQ(document["verdicts"][1]["part"], "rest");
  ASSERT_EQ(document["mutations"].size(), 1u);
  EXPECT_EQ(document["mutations"][0]["outcome"], "as expected");
}

TEST(MutationReport, HasAPairThatCouldNotBeJudged) {
  std::string text;
  graze::MutationReport report;
  EXPECT_EQ(FakeMutant("exit 2").Check(&text, &report), 2);
  const auto document = graze::MutationsReport(report, [](const std::string&) { return nullptr; });
  EXPECT_TRUE(document["verdicts"].empty());
  EXPECT_EQ(document["mutations"][0]["outcome"], "broken");
}

size_t PairsOfAll() {
  size_t pairs = 0;
  for (const Mutation& mutation : Mutations()) pairs += mutation.left_out.empty() ? mutation.generations.size() : 0;
  return pairs;
}

// All of v5.9, and of v7.1 those that v5.9 has not: the rest are near-copies of these, and ci/nightly's.
TEST(Mutations, AndFixesBehaveAsTheirFilesSay) {
  std::vector<PairResult> results;
  const auto run = [&results](const std::string& selection, const std::string& generation, const std::string& not_of) {
    MutationRunOptions options;
    options.generation = generation;
    options.not_of = not_of;
    std::string error;
    for (PairResult& result : RunMutations(selection, options, &error)) results.push_back(std::move(result));
    EXPECT_EQ(error, "");
  };
  if (std::getenv("GRAZE_ALL_GENERATIONS") != nullptr) {
    run("all", "", "");
  } else {
    run("all", "v5.9", "");
    run("all", "v7.1", "v5.9");
    run("unmutated", "v7.1", "");
  }
  EXPECT_FALSE(results.empty());
  for (const PairResult& result : results) {
    EXPECT_TRUE(result.left_out || result.outcome == PairOutcome::kAsExpected)
        << result.mutation << " " << result.generation << ": " << result.summary;
  }
  const auto left_out = std::ranges::count_if(results, &PairResult::left_out);
  std::cout << results.size() - static_cast<size_t>(left_out) << " of " << PairsOfAll() << " pairs; ci/nightly generations runs all\n";
}

}  // namespace
}  // namespace specs

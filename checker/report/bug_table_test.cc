// SPDX-License-Identifier: MIT
#include "checker/report/bug_table.h"

#include <gtest/gtest.h>

namespace graze {
namespace {

Search Made(const std::string& scenario, const std::string& generation, Verdict verdict, const std::vector<std::string>& ids = {}) {
  Search search{
      .scenario = scenario, .generation = generation, .configuration = "", .memory_model = "sc", .mutation = "", .rules = {}, .result = {}};
  search.result.verdict = verdict;
  for (const std::string& id : ids) {
    Violation violation;
    violation.rule = "I-RULE";
    violation.catalogue_id = id;
    search.result.violations.push_back(violation);
  }
  return search;
}

const std::vector<BugRow> kBugs = {{"D01", "one", {"v1", "v2"}}, {"D02", "two", {"v2"}}, {"D03", "three", {"v3"}}};

// Scenario "Two" is the only one that could show D02; everything could show the others.
bool CouldShow(const std::string& id, const Search& search) { return id != "D02" || search.scenario == "Two"; }

std::string Hypothetical(const Search& search) { return search.configuration == "stop=never" ? search.configuration : ""; }

// Something special about D01 alone under tso, and about everything with hotplug and in scenario "Faulty".
std::map<std::string, std::string> Conditions(const std::string& id, const Search& search) {
  std::map<std::string, std::string> conditions;
  if (search.configuration == "hotplug") conditions.emplace("H", "a CPU that goes");
  if (search.scenario == "Faulty") conditions.emplace("F", "a faulty driver");
  if (id == "D01" && search.memory_model == "tso") conditions.emplace("W", "a weak model");
  return conditions;
}

const BugTableQueries kQueries = {.could_show = &CouldShow, .hypothetical = &Hypothetical, .conditions = &Conditions};

std::string Render(const std::vector<Search>& searches) {
  const std::string text = RenderBugTable(searches, kBugs, kQueries);
  return text.substr(0, text.find("x: shown"));
}

TEST(RenderBugTable, IsAboutSeveralGenerationsOnly) {
  EXPECT_EQ(Render({Made("One", "v1", Verdict::kViolation, {"D01"})}), "");
  EXPECT_EQ(RenderBugTable({Made("One", "v1", Verdict::kVerified), Made("One", "v2", Verdict::kVerified)}, {}, kQueries), "");
}

TEST(RenderBugTable, TellsWhatShowsFromWhatDoesNotAndFromWhatIsNotLookedFor) {
  EXPECT_EQ(Render({Made("One", "v1", Verdict::kViolation, {"D01"}), Made("One", "v2", Verdict::kVerified)}),
            "bug  v1  v2         what it is\n"
            "D01  x   not shown  one\n");
  EXPECT_EQ(Render({Made("Two", "v1", Verdict::kViolation, {"D01"}), Made("Two", "v2", Verdict::kViolation, {"D02", "D01"})}),
            "bug  v1  v2  what it is\n"
            "D01  x   x   one\n"
            "D02  -   x   two\n");
}

TEST(RenderBugTable, DoesNotTakeAPartOfTheSearchesForAnAnswer) {
  BugTableQueries queries = kQueries;
  queries.left_out = [](const std::string& id, const std::string& generation) { return id == "D01" && generation == "v2"; };
  const auto render = [&](const std::vector<Search>& searches) {
    const std::string text = RenderBugTable(searches, kBugs, queries);
    return text.substr(0, text.find("x: shown"));
  };
  EXPECT_EQ(render({Made("Two", "v1", Verdict::kViolation, {"D01"}), Made("Two", "v2", Verdict::kVerified)}),
            "bug  v1  v2            what it is\n"
            "D01  x   not searched  one\n"
            "D02  -   not shown     two\n");
  EXPECT_EQ(render({Made("One", "v1", Verdict::kVerified), Made("One", "v2", Verdict::kViolation, {"D01"})}),
            "bug  v1         v2  what it is\n"
            "D01  not shown  x   one\n")
      << "what shows is there whatever was left out, and nobody looked for D02";
}

TEST(RenderBugTable, MarksABugInAGenerationThatIsNotSaidToHaveIt) {
  EXPECT_EQ(Render({Made("One", "v1", Verdict::kViolation, {"D01", "D03"}), Made("One", "v2", Verdict::kViolation, {"D01"})}),
            "bug  v1     v2  what it is\n"
            "D01  x      x   one\n"
            "D03  x new  -   three\n");
}

TEST(RenderBugTable, HoldsAgainstNoGenerationWhatShowsOnlyWhereNoKernelIs) {
  Search hypothetical = Made("One", "v1", Verdict::kViolation, {"D01", "D03"});
  hypothetical.configuration = "stop=never";
  const std::vector<Search> searches = {hypothetical, Made("One", "v1", Verdict::kVerified),
                                        Made("One", "v2", Verdict::kViolation, {"D01"})};
  EXPECT_EQ(Render(searches),
            "bug  v1         v2  what it is\n"
            "D01  not shown  x   one\n"
            "D03  (x)        -   three\n");
  const std::string last = "(x): shown with stop=never only, as no kernel of that generation is: no bug of it\n";
  EXPECT_TRUE(RenderBugTable(searches, kBugs, kQueries).ends_with(last));
  std::vector<Search> real = searches;
  real[1].result = hypothetical.result;
  EXPECT_NE(Render(real).find("D03  x new  -   three"), std::string::npos);
  EXPECT_EQ(RenderBugTable(real, kBugs, kQueries).find("(x)"), std::string::npos);
}

TEST(RenderBugTable, SaysWhatAloneShowsABugUnlessAPlainSearchShowsItToo) {
  Search hotplug = Made("Faulty", "v1", Verdict::kViolation, {"D01", "D02"});
  hotplug.configuration = "hotplug";
  const Search faulty = Made("Faulty", "v1", Verdict::kViolation, {"D01", "D03"});
  const Search plain = Made("One", "v2", Verdict::kViolation, {"D01"});
  const std::string text = RenderBugTable({hotplug, faulty, plain}, kBugs, kQueries);
  EXPECT_EQ(text.substr(0, text.find("x: shown")),
            "bug  v1        v2            what it is\n"
            "D01  x F       x             one\n"
            "D02  x new FH  not searched  two\n"
            "D03  x new F   -             three\n");
  EXPECT_TRUE(text.ends_with("\nletters: shown only with F a faulty driver, H a CPU that goes\n")) << text;
  const std::string bare = RenderBugTable({faulty, Made("One", "v1", Verdict::kViolation, {"D01", "D03"}), plain}, kBugs, kQueries);
  EXPECT_NE(bare.find("D01  x      x   one\n"), std::string::npos) << bare;
  EXPECT_EQ(bare.find("letters"), std::string::npos) << bare;
}

TEST(RenderBugTable, AsksForTheConditionsOfEachBugAlone) {
  Search weak = Made("One", "v1", Verdict::kViolation, {"D01", "D03"});
  weak.memory_model = "tso";
  EXPECT_EQ(Render({weak, Made("One", "v2", Verdict::kVerified)}),
            "bug  v1     v2         what it is\n"
            "D01  x W    not shown  one\n"
            "D03  x new  -          three\n");
}

TEST(RenderBugTable, SortsBugsByNumber) {
  const std::vector<BugRow> bugs = {{"D100", "last", {"v1"}}, {"D21", "second", {"v1"}}, {"D03", "first", {"v1"}}};
  const std::vector<Search> searches = {Made("One", "v1", Verdict::kViolation, {"D03", "D21", "D100"}),
                                        Made("One", "v2", Verdict::kVerified)};
  const std::string text = RenderBugTable(searches, bugs, kQueries);
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_LT(text.find("second"), text.find("last"));
}

TEST(RenderBugTable, DoesNotTakeASearchThatHasNotEndedForAnAnswer) {
  EXPECT_EQ(Render({Made("One", "v1", Verdict::kViolation, {"D01"}), Made("One", "v2", Verdict::kInconclusive)}),
            "bug  v1  v2  what it is\n"
            "D01  x   ?   one\n");
}

TEST(RenderBugTable, NamesTheRulesThatNoKnownBugAccountsFor) {
  EXPECT_EQ(Render({Made("One", "v1", Verdict::kViolation, {"D01", ""}), Made("One", "v2", Verdict::kViolation, {"D01"})}),
            "bug     v1      v2  what it is\n"
            "D01     x       x   one\n"
            "others  I-RULE  -   violations that no known bug accounts for\n");
}

}  // namespace
}  // namespace graze

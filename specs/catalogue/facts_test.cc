// SPDX-License-Identifier: MIT
// What the catalogue says of its bugs, and what `check D01` makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "checker/api/scenario.h"
#include "checker/cli/command.h"
#include "checker/cli/selection.h"
#include "specs/catalogue/catalogue.h"
#include "specs/mutations/mutation.h"

namespace specs {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::set<std::string> Generations() {
  std::set<std::string> generations;
  for (const graze::Scenario* scenario : graze::RegisteredScenarios()) {
    for (const graze::Variant& variant : scenario->variants) generations.insert(variant.generation);
  }
  generations.erase("");
  return generations;
}

// The one line that `check D01 --generation v7.1` ends with, if it does not explore anything.
std::string Refusal(const std::string& bug, const std::vector<std::string>& generations) {
  graze::Selection selection;
  std::string error;
  return graze::Select({.what = bug, .generations = generations}, &selection, &error) ? "" : error;
}

graze::KnownBug Known(const std::string& id) {
  const std::vector<graze::KnownBug> bugs = graze::KnownBugs();
  const auto bug = std::ranges::find(bugs, id, &graze::KnownBug::id);
  return bug == bugs.end() ? graze::KnownBug{} : *bug;
}

TEST(CatalogueFacts, SayOfEachGenerationThatItHasABugOrWhyNot) {
  ASSERT_EQ(Generations().size(), 5u);
  for (const CatalogueEntry& entry : Catalogue()) {
    for (const std::string& generation : Generations()) {
      const bool has_it = (" " + entry.generations + " ").find(" " + generation + " ") != std::string::npos;
      const std::string why = WhyAbsent(entry, generation);
      EXPECT_EQ(why.empty(), has_it) << entry.id << " " << generation;
      EXPECT_NE(why, "not fixed upstream") << entry.id << " " << generation << ": something must have ended it";
      EXPECT_NE(why, "it came with ") << entry.id << " " << generation;
    }
  }
}

TEST(CatalogueFacts, NameAMutationThatIsThereForWhatNoGenerationHas) {
  for (const CatalogueEntry& entry : Catalogue()) {
    EXPECT_EQ(entry.generations.empty(), !entry.mutation.empty()) << entry.id;
    if (entry.mutation.empty()) continue;
    const auto mutation = std::ranges::find(Mutations(), entry.mutation, &Mutation::id);
    ASSERT_NE(mutation, Mutations().end()) << entry.id;
    EXPECT_EQ(mutation->kind, "mutation") << entry.id << ": a control does not show anything";
  }
}

// Dates and releases of the kernel's history: the flush lists came with v5.3, RCU's flavours were made one in v4.20.
TEST(CatalogueFacts, SayOfBugsWithoutAFixHowTheyWent) {
  EXPECT_THAT(Known("D06").facts.front(), StartsWith("gone since v4.20: "));
  EXPECT_THAT(Known("D34").facts.front(), StartsWith("gone since v5.6: "));
  EXPECT_THAT(Known("D25").facts.front(), StartsWith("the driver's, not cpumap's: "));
  EXPECT_EQ(Known("D24").facts.front(), "not fixed upstream");
  EXPECT_EQ(Known("D01").facts.front(), "fixed by 436901649731, 2023-07-11");
  EXPECT_EQ(graze::GoneBug("D07"), "gone since v4.20");
  EXPECT_EQ(graze::GoneBug("D01"), "") << "that has a fix";
  EXPECT_EQ(graze::GoneBug("D99"), "");
}

TEST(CheckOfABug, SaysSinceWhichFixAGenerationDoesNotHaveIt) {
  EXPECT_THAT(Refusal("D01", {"v7.1"}), HasSubstr(": v7.1 does not have it, fixed by 436901649731, 2023-07-11"));
  EXPECT_THAT(Refusal("cve-2023-53577", {"v7.1"}), HasSubstr(": v7.1 does not have it, fixed by 640a604585aa"));
  EXPECT_THAT(Refusal("D07", {"v5.0"}), HasSubstr(": v5.0 does not have it, gone since v4.20: "));
  EXPECT_THAT(Refusal("D12", {"v5.0", "v5.8"}), HasSubstr("v5.0 does not have it, fixed by 77ea5f4cbe20, 2018-12; v5.8 does not"));
}

TEST(CheckOfABug, SaysWhatBroughtABugThatOlderGenerationsDoNotHave) {
  EXPECT_THAT(Refusal("D24", {"v5.9"}), HasSubstr(": v5.9 does not have it, it came with flush lists of tasks, 3f9fe37d9e16, v6.11"));
  EXPECT_THAT(Refusal("D13", {"v4.18"}), HasSubstr(": v4.18 does not have it, it came with 77ea5f4cbe20"));
}

TEST(CheckOfABug, NamesTheMutationThatShowsWhatNoGenerationHas) {
  EXPECT_THAT(Refusal("D14", {}), HasSubstr("fixed by 31749468c3b9, 2017-11; 'check --mutation M09' shows it"));
  EXPECT_THAT(Refusal("D16", {"v5.9"}), HasSubstr("'check --mutation M38' shows it"));
}

TEST(CheckOfABug, SaysWhyNothingShowsIt) {
  for (const CatalogueEntry& entry : Catalogue())
    EXPECT_EQ(entry.not_shown.empty(), entry.matches != nullptr || !entry.mutation.empty()) << entry.id;
  EXPECT_THAT(Refusal("D42", {}), HasSubstr("; nothing here shows it: memory is never used again here"));
  EXPECT_THAT(Refusal("D37", {"v5.8"}), HasSubstr(": v5.8 does not have it, it came with programs of entries"));
}

TEST(CheckOfABug, SaysWhatElseItNeedsWhereTheGenerationHasIt) {
  graze::Selection selection;
  std::string error;
  ASSERT_FALSE(graze::Select({.what = "D07", .generations = {"v4.18"}, .configuration = "hotplug"}, &selection, &error));
  EXPECT_THAT(error, HasSubstr("nothing selected here can show D07 ("));
  EXPECT_THAT(error, HasSubstr("; shown with rcu=preempt only"));
}

// v7.1's file has D15 as much as any other: what ends it there is in another file.
TEST(CheckOfABug, ExploresWhatShowsItInAnEnvironmentThatNoKernelIs) {
  EXPECT_TRUE(CanShow("D15", "Cpumap.UpdateDelete", "v7.1", "stop=no-signal"));
  EXPECT_FALSE(CanShow("D15", "Cpumap.UpdateDelete", "v7.1", "")) << "asking for the stop interrupts the sleep";
  EXPECT_FALSE(CanShow("D01", "Cpumap.UpdateDelete", "v7.1", "stop=no-signal"));
  graze::Selection selection;
  std::string error;
  ASSERT_TRUE(graze::Select({.what = "D15", .generations = {"v7.1"}}, &selection, &error)) << error;
  for (const graze::SelectedSearch& search : selection.searches) EXPECT_THAT(search.variant->configuration, HasSubstr("stop=no-signal"));
  EXPECT_THAT(Known("D15").facts.back(), HasSubstr("stop=no-signal"));
}

TEST(ListOfBugs, HasAFieldForWhatEndedABugWithoutAFix) {
  const auto sections = graze::RegisteredListSections();
  const auto bugs = std::ranges::find(sections, "bugs", &graze::ListSection::name);
  ASSERT_NE(bugs, sections.end());
  const auto column = [&](const std::string& name) {
    return static_cast<size_t>(std::ranges::find(bugs->header, name) - bugs->header.begin());
  };
  ASSERT_LT(column("gone"), bugs->header.size());
  std::map<std::string, std::string> fates;
  for (const auto& row : bugs->rows()) fates[row[0]] = row[column("gone")] + "; " + row[column("fixed by")];
  EXPECT_EQ(fates["D07"], "gone since v4.20; -");
  EXPECT_EQ(fates["D01"], "-; 436901649731");
}

std::string LettersOf(const std::string& id, const std::string& scenario, const std::string& configuration, const std::string& model) {
  std::string letters;
  for (const auto& [letter, meaning] : graze::RegisteredBugConditions()(id, scenario, configuration, model)) letters += letter;
  return letters;
}

TEST(BugConditions, AreThoseOfScenarioConfigurationAndMemoryModel) {
  const std::string masks = "start=ran stop=signal should_stop=acquire";
  EXPECT_EQ(LettersOf("D01", "Cpumap.UpdateDelete", "", "lkmm"), "");
  EXPECT_EQ(LettersOf("D05", "Cpumap.StageDeleteFlush", masks, "lkmm"), "") << "a mask is no condition: it hides, it does not show";
  EXPECT_EQ(LettersOf("D06", "Cpumap.MapFreeVsFlush", "rcu=preempt " + masks, "sc"), "P");
  EXPECT_EQ(LettersOf("D34", "Cpumap.CpuGoesOffline", "hotplug " + masks, "sc"), "H");
  EXPECT_EQ(LettersOf("D21", "Cpumap.SloppyMapFree", "prog=recycled " + masks, "sc"), "RS");
  EXPECT_EQ(LettersOf("D20", "Cpumap.SloppyProgram", masks, "sc"), "S");
  EXPECT_EQ(LettersOf("D25", "Cpumap.DriverForgetsForGood", masks, "sc"), "F");
  EXPECT_EQ(LettersOf("D35", "Cpumap.DeviceGoesProgram", masks, "lkmm"), "N");
  EXPECT_EQ(LettersOf("D24", "Cpumap.TwoTasks", "rt=no-bh-lock", "lkmm"), "T");
  EXPECT_EQ(LettersOf("D24", "Cpumap.TwoTasks", "rt=bh-lock", "sc"), "");
  EXPECT_EQ(LettersOf("D33", "Cpumap.StageDeleteFlush", "", "lkmm-6.1"), "W");
  EXPECT_EQ(LettersOf("D33", "Cpumap.StageDeleteFlush", "", "tso"), "");
}

}  // namespace
}  // namespace specs

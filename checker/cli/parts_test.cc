// SPDX-License-Identifier: MIT
// The parts of the command that can be looked at alone.
#include <gtest/gtest.h>

#include <sstream>

#include "checker/cli/check_patch.h"
#include "checker/cli/flags.h"
#include "checker/cli/progress.h"
#include "checker/cli/selection.h"

namespace graze {
namespace {

TEST(ParseDuration, KnowsTheUsualUnits) {
  double seconds = 0;
  EXPECT_TRUE(ParseDuration("500ms", &seconds));
  EXPECT_DOUBLE_EQ(seconds, 0.5);
  EXPECT_TRUE(ParseDuration("5s", &seconds));
  EXPECT_DOUBLE_EQ(seconds, 5);
  EXPECT_TRUE(ParseDuration("2m", &seconds));
  EXPECT_DOUBLE_EQ(seconds, 120);
  EXPECT_TRUE(ParseDuration("1h30m", &seconds));
  EXPECT_DOUBLE_EQ(seconds, 5400);
  EXPECT_TRUE(ParseDuration("1.5", &seconds));
  EXPECT_DOUBLE_EQ(seconds, 1.5);
}

TEST(ParseDuration, RefusesEverythingElse) {
  double seconds = 0;
  for (const char* text : {"", "s", "-5s", "5x", "5 s", "0", "5s5", "5d", "1e9", "nan", "inf", "99999h", "5ss", "+5s"}) {
    EXPECT_FALSE(ParseDuration(text, &seconds)) << text;
  }
}

TEST(ParseCount, RefusesWhatIsNoNumber) {
  uint64_t count = 0;
  EXPECT_TRUE(ParseCount("12", 100, &count));
  EXPECT_EQ(count, 12u);
  for (const char* text : {"", "-1", "1.5", "1k", "101", "99999999999999999999", " 1"}) EXPECT_FALSE(ParseCount(text, 100, &count)) << text;
}

TEST(ProgressLine, SaysHowFarTheRunIs) {
  EXPECT_EQ(ProgressLine::Format(2, 7, {"Cpumap.Teardown v5.9 sc"}, 90000, 3.0, 110),
            "[2/7] Cpumap.Teardown v5.9 sc: 90,000 executions, 30,000/s, 3 s");
}

TEST(ProgressLine, NeverExceedsItsWidth) { EXPECT_LE(ProgressLine::Format(2, 7, {std::string(200, 'x')}, 90000, 3.0, 80).size(), 80u); }

TEST(ProgressLine, IsSilentWhereNobodyWatches) {
  std::ostringstream err;
  {
    ProgressLine line(err, false);
    line.Begin("a");
    line.Update("a", 5);
    line.End("a", 5);
  }
  EXPECT_EQ(err.str(), "");
}

TEST(ProgressLine, LeavesNothingBehind) {
  std::ostringstream err;
  {
    ProgressLine line(err, true);
    line.set_searches(1);
    line.Begin("a");
    line.Update("a", 5);
  }
  EXPECT_NE(err.str().find("[0/1] a: 5 executions"), std::string::npos) << err.str();
  EXPECT_TRUE(err.str().ends_with("\r\033[K"));
}

TEST(SelectFrom, RefusesAProgramWithoutScenarios) {
  Selection selection;
  std::string error;
  EXPECT_FALSE(SelectFrom({}, {}, &selection, &error));
  EXPECT_NE(error.find("no scenario is linked"), std::string::npos);
}

TEST(SelectFrom, PrefersAnExactName) {
  Scenario shorter, longer;
  shorter.name = "Update";
  longer.name = "Update.Twice";
  Selection selection;
  std::string error;
  ASSERT_TRUE(SelectFrom({&shorter, &longer}, {.what = "Update", .generations = {}, .memory_models = {"sc"}, .configuration = ""},
                         &selection, &error))
      << error;
  ASSERT_EQ(selection.searches.size(), 1u);
  EXPECT_EQ(selection.searches[0].scenario, &shorter);
  Selection both;
  ASSERT_TRUE(
      SelectFrom({&shorter, &longer}, {.what = "pdate", .generations = {}, .memory_models = {"sc"}, .configuration = ""}, &both, &error));
  EXPECT_EQ(both.searches.size(), 2u);
}

nlohmann::ordered_json Report(const std::vector<std::vector<std::string>>& rows) {
  nlohmann::ordered_json verdicts = nlohmann::ordered_json::array();
  for (const auto& row : rows) {
    nlohmann::ordered_json verdict = {{"scenario", row[0]}, {"memory_model", "sc"}, {"configuration", nullptr}, {"part", "all"},
                                      {"verdict", row[1]},  {"reason", nullptr},    {"violation", nullptr}};
    if (row[1] == "violation") {
      verdict["part"] = "violation";
      verdict["violation"] = {{"id", row[2].empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(row[2])},
                              {"invariant", row[3]}};
    }
    verdicts.push_back(verdict);
  }
  return {{"verdicts", verdicts}};
}

TEST(PatchComparison, SaysWhatIsGoneLeftAndNew) {
  const auto before = Report({{"A", "violation", "D91", "I-X"}, {"B", "violation", "D92", "I-X"}, {"C", "verified"}, {"D", "verified"}});
  const auto after = Report({{"A", "verified"}, {"B", "violation", "D92", "I-Y"}, {"C", "verified"}, {"D", "violation", "", "I-Z"}});
  EXPECT_EQ(RenderPatchComparison(before, after, "v1"),
            "scenario  model  configuration  v1        patched\n"
            "A         sc     -              D91 I-X   verified\n"
            "B         sc     -              D92 I-X   D92 I-Y\n"
            "D         sc     -              verified  unnamed I-Z\n"
            "1 other search as before\n"
            "\n"
            "gone       D91 I-X\n"
            "left       D92 I-Y (before: I-X)\n"
            "new        unnamed I-Z\n");
}

TEST(PatchComparison, CallsNothingGoneForGoodThatWasNotExplored) {
  const auto before = Report({{"A", "violation", "D91", "I-X"}});
  const std::string text = RenderPatchComparison(before, Report({{"A", "inconclusive"}}), "v1");
  EXPECT_NE(text.find("gone       D91 I-X as far as explored\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace graze

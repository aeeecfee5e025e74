// SPDX-License-Identifier: MIT
#include "checker/litmus/expect.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace graze::litmus {
namespace {

constexpr char kHeader[] = "path,judge,verdict_B,race_B,verdict_k61,flags_k61,states,positive,negative,porf_cyclic\n";

class LitmusExpect : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    const std::string path = ::testing::TempDir() + "/expect_" + std::to_string(++files_) + ".csv";
    std::ofstream(path) << text;
    return path;
  }
  Expectations Read(const std::string& rows, bool model_6_1) {
    Expectations expectations;
    std::string error;
    EXPECT_TRUE(expectations.Read(Write(kHeader + rows), model_6_1, &error)) << error;
    return expectations;
  }
  static Report Judged(const std::string& path, const std::string& verdict) {
    Report report;
    report.path = path;
    report.status = Report::Status::kJudged;
    report.verdict = verdict;
    report.states = 3;
    report.positive = 1;
    report.negative = 2;
    return report;
  }
  int files_ = 0;
};

TEST_F(LitmusExpect, ARowBelongsToTheTestWhosePathItEnds) {
  const Expectations all = Read("a/b.litmus,Never,Never,0,Never,,3,0,3,0\n", false);
  EXPECT_NE(all.Find("a/b.litmus"), nullptr);
  EXPECT_NE(all.Find("../some/./where/a/b.litmus"), nullptr);
  EXPECT_EQ(all.Find("ca/b.litmus"), nullptr);
  EXPECT_EQ(all.Find("b.litmus"), nullptr);
}

TEST_F(LitmusExpect, TheFolderOfACollectionMayHaveAnotherName) {
  const Expectations all = Read(
      "linux/tools/a.litmus,Never,Never,0,Never,,3,0,3,0\n"
      "one/sub/b.litmus,Never,Never,0,Never,,3,0,3,0\n"
      "two/sub/b.litmus,Always,Always,0,Always,,3,3,0,0\n",
      false);
  EXPECT_NE(all.Find("/usr/src/linux-source-6.1/tools/a.litmus"), nullptr);
  EXPECT_EQ(all.Find("/usr/src/a.litmus"), nullptr);
  EXPECT_EQ(all.Find("three/sub/b.litmus"), nullptr);  // which of the two would it be?
  ASSERT_NE(all.Find("two/sub/b.litmus"), nullptr);
  EXPECT_EQ(all.Find("two/sub/b.litmus")->verdict, "Always");
}

TEST_F(LitmusExpect, TheNewModelIsComparedByVerdictAndRaceOnly) {
  const Expectations all = Read("t.litmus,Never,Sometimes,0,Sometimes,,9,9,9,0\n", false);
  EXPECT_EQ(all.Compare(Judged("t.litmus", "Never")).agreement, Agreement::kAgrees);
  const Comparison wrong = all.Compare(Judged("t.litmus", "Always"));
  EXPECT_EQ(wrong.agreement, Agreement::kDiffers);
  EXPECT_EQ(wrong.difference, "verdict Always, expected Never");
  EXPECT_EQ(wrong.compared, (std::vector<std::string>{"verdict", "data race"}));
}

TEST_F(LitmusExpect, UnderLinux61CountsAreComparedWhereTheyAreComparable) {
  const Expectations all = Read(
      "same.litmus,Never,Sometimes,1,Sometimes,data-race,3,1,2,0\n"
      "buffering.litmus,,Sometimes,,Sometimes,,9,9,9,1\n"
      "unknown.litmus,,,,Never,,,,,1\n",
      true);
  Report report = Judged("same.litmus", "Sometimes");
  EXPECT_EQ(all.Compare(report).difference, "data race no, expected yes");
  report.data_race = true;
  EXPECT_EQ(all.Compare(report).agreement, Agreement::kAgrees);
  report.positive = 4;
  EXPECT_EQ(all.Compare(report).difference, "positive 4, expected 1");
  EXPECT_EQ(all.Compare(report).compared, (std::vector<std::string>{"verdict", "states", "witnesses", "data race"}));
  EXPECT_EQ(all.Compare(Judged("buffering.litmus", "Sometimes")).compared, (std::vector<std::string>{"verdict"}));
  EXPECT_EQ(all.Compare(Judged("buffering.litmus", "Sometimes")).agreement, Agreement::kAgrees);
  EXPECT_EQ(all.Compare(Judged("unknown.litmus", "Sometimes")).agreement, Agreement::kNotJudged);
  EXPECT_TRUE(all.Compare(Judged("unknown.litmus", "Sometimes")).compared.empty());
}

constexpr char kBothModels[] =
    "path,judge,verdict_src,verdict_new,verdict_B,race_B,verdict_k61,flags_k61,states,positive,negative,porf_cyclic\n";

TEST_F(LitmusExpect, WhatOnlyTheNewestModelSaysIsNotExpectedOfTheOther) {
  const std::string file = Write(std::string(kBothModels) +
                                 "new.litmus,Never,herd-new,Never,Never,1,,,,,,0\n"
                                 "both.litmus,Never,herd-new,Never,Never,1,Sometimes,,3,1,2,0\n"
                                 "racy.litmus,Never,herd-new,Never,Never,0,Sometimes,data-race,3,1,2,0\n"
                                 "old.litmus,Never,herd-k61,,Never,0,Never,,3,1,2,0\n"
                                 "open.litmus,,herd-new,Sometimes,,,ERROR,,,,,0\n"
                                 "buffering.litmus,,herd-new,Sometimes,,,,,,,,1\n");
  std::string error;
  Expectations newest, linux_6_1;
  ASSERT_TRUE(newest.Read(file, false, &error)) << error;
  ASSERT_TRUE(linux_6_1.Read(file, true, &error)) << error;
  const auto differs = [](const Expectations& all, const std::string& path, const std::string& verdict) {
    const Comparison comparison = all.Compare(Judged(path, verdict));
    if (comparison.agreement == Agreement::kNotJudged) return std::string("not judged");
    return comparison.agreement == Agreement::kAgrees ? "agrees" : comparison.difference;
  };
  EXPECT_EQ(differs(newest, "new.litmus", "Never"), "data race no, expected yes");
  EXPECT_EQ(differs(linux_6_1, "new.litmus", "Sometimes"), "not judged");
  EXPECT_EQ(differs(newest, "both.litmus", "Never"), "data race no, expected yes");
  EXPECT_EQ(differs(linux_6_1, "both.litmus", "Sometimes"), "agrees");
  EXPECT_EQ(differs(linux_6_1, "both.litmus", "Never"), "verdict Never, expected Sometimes");
  EXPECT_EQ(differs(linux_6_1, "racy.litmus", "Sometimes"), "data race no, expected yes");
  EXPECT_EQ(differs(linux_6_1, "old.litmus", "Never"), "agrees");
  EXPECT_EQ(differs(newest, "open.litmus", "Sometimes"), "agrees");
  EXPECT_EQ(differs(newest, "open.litmus", "Never"), "verdict Never, expected Sometimes");
  EXPECT_EQ(differs(linux_6_1, "open.litmus", "Never"), "not judged");
  EXPECT_EQ(differs(newest, "buffering.litmus", "Never"), "not judged") << "herd7's verdict may be one of load buffering";
}

TEST_F(LitmusExpect, WhatWasNotJudgedIsNeverAnAgreement) {
  const Expectations all = Read("t.litmus,Never,Never,0,Never,,3,0,3,0\n", false);
  Report report = Judged("t.litmus", "Never");
  report.status = Report::Status::kUnsupported;
  EXPECT_EQ(all.Compare(report).agreement, Agreement::kUnsupported);
  report.status = Report::Status::kInconclusive;
  EXPECT_EQ(all.Compare(report).agreement, Agreement::kInconclusive);
  EXPECT_EQ(all.Compare(Judged("other.litmus", "Never")).agreement, Agreement::kNotJudged);
}

TEST_F(LitmusExpect, AFileThatIsNoneIsRefusedWithItsLine) {
  Expectations expectations;
  std::string error;
  EXPECT_FALSE(expectations.Read("/nowhere.csv", false, &error));
  EXPECT_EQ(error, "cannot read '/nowhere.csv'");
  const std::string no_columns = Write("path,verdict\n");
  EXPECT_FALSE(expectations.Read(no_columns, false, &error));
  EXPECT_EQ(error, no_columns + ":1: the columns 'path' and 'judge' are needed");
  const std::string typo = Write("path,judge\nt.litmus,Never\nu.litmus,never\n");
  EXPECT_FALSE(expectations.Read(typo, false, &error));
  EXPECT_EQ(error, typo + ":3: 'never' in the column 'judge' is no verdict; there is Never, Sometimes, Always, or nothing if nobody knows");
  const std::string count = Write("path,judge,race_B\nt.litmus,Never,no\n");
  EXPECT_FALSE(expectations.Read(count, false, &error));
  EXPECT_EQ(error, count + ":2: 'no' in the column 'race_B' is no number");
  Expectations twice;
  const std::string twin = Write("path,judge\nt.litmus,Never\nt.litmus,Always\n");
  EXPECT_FALSE(twice.Read(twin, false, &error));
  EXPECT_EQ(error, twin + ":3: another row of 't.litmus'");
  const std::string short_row = Write(std::string(kHeader) + "a,b\n");
  EXPECT_FALSE(expectations.Read(short_row, false, &error));
  EXPECT_EQ(error, short_row + ":2: 2 fields, but the first line names 10");
}

TEST(LitmusCsv, AFieldInQuotesMayHoldCommasAndQuotes) {
  EXPECT_EQ(SplitCsvLine("a,\"b,c\",\"d\"\"e\",\r"), (std::vector<std::string>{"a", "b,c", "d\"e", ""}));
}

}  // namespace
}  // namespace graze::litmus

// SPDX-License-Identifier: MIT
// Bounds set on the command line. Fake.Threads has two threads that increment a word once each, so that n of them have n! executions, and
// every one with three or more is a violation.
#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "checker/cli/bounds.h"
#include "checker/cli/fake_scenarios_for_test.h"

namespace graze {
namespace {

using testing::Graze;
using testing::Outcome;

using Json = nlohmann::json;

std::vector<std::string> CheckThreads(const std::vector<std::string>& more = {}) {
  std::vector<std::string> args = {"check", "Fake.Threads", "--generation", "v1", "--memory-model", "sc"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

Json ReportOf(std::vector<std::string> args) {
  args.insert(args.end(), {"--json", "-"});
  return Json::parse(Graze(args).out, nullptr, false);
}

std::string ReplacedIn(std::string text, const std::string& old, const std::string& with) {
  const size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << text;
  return text.replace(at, old.size(), with);
}

void ExpectOneLine(const Outcome& outcome, const std::string& says) {
  EXPECT_EQ(outcome.code, 2) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
  EXPECT_NE(outcome.err.find(says), std::string::npos) << outcome.err;
}

TEST(Bounds, OnTheCommandLineTakeThePlaceOfTheScenariosOwn) {
  EXPECT_EQ(Graze(CheckThreads()).code, 0);
  const Outcome three = Graze(CheckThreads({"--bound-threads", "3"}));
  EXPECT_EQ(three.code, 1) << three.out << three.err;
  // In the table and in the counterexample.
  const std::string shown = "threads 3 (instead of 2)";
  const size_t first = three.out.find(shown);
  ASSERT_NE(first, std::string::npos) << three.out;
  EXPECT_NE(three.out.find("sc, " + shown + ", shown by 6 executions", first), std::string::npos) << three.out;
  EXPECT_EQ(three.out.find("free seats 3 (instead"), std::string::npos) << three.out;
  EXPECT_NE(three.out.find("bounds were set: expected verdicts and the catalogue speak of the scenarios' own"), std::string::npos)
      << three.out;
}

TEST(Bounds, StandInTheReport) {
  const Json json = ReportOf(CheckThreads({"--bound-threads=1"}));
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["verdicts"][0]["verdict"], "verified");
  EXPECT_EQ(json["verdicts"][0]["executions"], 1);
  EXPECT_EQ(json["verdicts"][0]["bounds"][0], Json({{"name", "threads"}, {"value", "1"}, {"own", "2"}}));
  EXPECT_EQ(json["verdicts"][0]["bounds"][1], Json({{"name", "free seats"}, {"value", "3"}}));
  EXPECT_EQ(json["bounds_set"], Json({{"threads", 1}}));
  EXPECT_EQ(json["not_taken"], Json::array());
  EXPECT_FALSE(ReportOf(CheckThreads()).contains("bounds_set"));
}

TEST(Bounds, GiveTheSameReportWhateverTheNumberOfJobs) {
  std::vector<std::string> reports;
  for (const char* jobs : {"0", "2"}) {
    Json json = ReportOf({"check", "Threads", "--bound-threads", "4", "--bound-free-seats", "4", "--jobs", jobs});
    for (Json& verdict : json["verdicts"]) verdict.erase("seconds");
    reports.push_back(json.dump());
  }
  EXPECT_EQ(reports[0], reports[1]);
}

TEST(Bounds, ThatAreTheScenariosOwnChangeNothing) {
  const Outcome same = Graze(CheckThreads({"--bound-threads", "2", "--bound-free-seats", "3"}));
  EXPECT_EQ(same.code, 0) << same.err;
  EXPECT_EQ(same.out.find("instead of"), std::string::npos) << same.out;
  EXPECT_EQ(same.out.find("bounds were set"), std::string::npos) << same.out;
}

TEST(Bounds, AreAPartOfTheToken) {
  const std::string token =
      ReportOf(CheckThreads({"--bound-threads", "3", "--bound-free-seats", "4"}))["verdicts"][0]["violation"]["token"];
  EXPECT_NE(token.find(":threads=3+free-seats=4:"), std::string::npos) << token;
  const Outcome replayed = Graze({"replay", token});
  EXPECT_EQ(replayed.code, 1) << replayed.out << replayed.err;
  EXPECT_NE(replayed.out.find("threads 3 (instead of 2), free seats 4 (instead of 3)"), std::string::npos) << replayed.out;
  const Json json = Json::parse(Graze({"replay", token, "--json", "-"}).out, nullptr, false);
  EXPECT_EQ(json["verdicts"][0]["violation"]["token"], token);
  EXPECT_EQ(json["verdicts"][0]["bounds"][0]["value"], "3");
}

TEST(Bounds, ThatATokenLacksOrHasWrongAreAnError) {
  const std::string token = ReportOf(CheckThreads({"--bound-threads", "3"}))["verdicts"][0]["violation"]["token"];
  const auto with = [&](const std::string& bounds) { return Graze({"replay", ReplacedIn(token, ":threads=3:", bounds)}); };
  ExpectOneLine(with(":"), "the token");
  ExpectOneLine(with(":threads=2:"), "were the code or its bounds changed?");
  ExpectOneLine(with(":threads=4+free-seats=4:"), "were the code or its bounds changed?");
  ExpectOneLine(with(":threads=5:"), "threads is 1 to 4; was it changed");
  ExpectOneLine(with(":chairs=3:"), "no chairs to set");
  ExpectOneLine(with(":threads=:"), "no list of bounds");
  ExpectOneLine(with(":threads=4:"), "4 threads are too many for 3 seats");
  ExpectOneLine(Graze({"replay", ReplacedIn(token, ":v1:", ":v2:")}), "no threads to set");
}

TEST(Bounds, ThatASearchDoesNotTakeLeaveItOutAndSaySo) {
  const Outcome outcome = Graze({"check", "Fake.", "--memory-model", "sc", "--bound-threads", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("1 search: 1 verified"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("left out, as they do not take these bounds: "), std::string::npos) << outcome.out;
  EXPECT_NE(
      outcome.out.find("(no threads to set in Fake.Holds, Fake.Long, Fake.LostUpdate, Fake.Nothing, Fake.Threads (v2), Fake.Unchecked)"),
      std::string::npos)
      << outcome.out;
  const Json json = ReportOf({"check", "Fake.Threads", "--memory-model", "sc", "--bound-threads", "1"});
  EXPECT_EQ(json["verdicts"].size(), 1u);
  EXPECT_EQ(json["not_taken"], Json({{{"search", "Fake.Threads v2 sc"}, {"why", "no threads to set"}}}));
}

TEST(Bounds, ThatNothingTakesAreAnError) {
  ExpectOneLine(Graze({"check", "Fake.Holds", "--bound-threads", "3"}),
                "nothing selected takes these bounds: no threads to set in Fake.Holds; 'graze list' says what can be set");
  ExpectOneLine(Graze(CheckThreads({"--bound-threads", "4"})),
                "4 threads are too many for 3 seats in Fake.Threads; it takes threads 1-4, free-seats 2-4");
}

TEST(Bounds, ThatAreNoneAreAnErrorThatNamesThoseThereAre) {
  ExpectOneLine(Graze(CheckThreads({"--bound-chairs", "3"})), "no bound 'chairs' can be set; there is: free-seats, threads");
  ExpectOneLine(Graze(CheckThreads({"--bound-chairs=3"})), "no bound 'chairs' can be set");
  for (const char* wrong : {"0", "5", "-1", "many", "2.5", "99999999999999999999"}) {
    ExpectOneLine(Graze(CheckThreads({"--bound-threads", wrong})),
                  std::string("--bound-threads takes a number from 1 to 4, not '") + wrong);
  }
  ExpectOneLine(Graze(CheckThreads({"--bound-threads="})), "empty");
  ExpectOneLine(Graze(CheckThreads({"--bound-threads=3", "--bound-threads=4"})), "--bound-threads can be given once");
}

TEST(Bounds, ThatAreTooMuchForABudgetAreInconclusive) {
  const Outcome outcome = Graze(CheckThreads({"--bound-free-seats", "4", "--executions-max", "1"}));
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("inconclusive"), std::string::npos) << outcome.out;
}

TEST(Bounds, StandInTheListAndInTheHelp) {
  EXPECT_NE(Graze({"list"}).out.find("threads 1-4, free-seats 2-4\n"), std::string::npos);
  const std::string help = Graze({"check", "--help"}).out;
  EXPECT_NE(help.find("--bound-threads N"), std::string::npos) << help;
  EXPECT_NE(help.find("--bound-free-seats N"), std::string::npos) << help;
}

TEST(ParseBoundSettings, TakesWhatTokensHold) {
  BoundSettings settings;
  EXPECT_TRUE(ParseBoundSettings("", &settings));
  EXPECT_TRUE(settings.empty());
  EXPECT_TRUE(ParseBoundSettings("bulk=8 ring-size=32", &settings));
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[1].flag, "ring-size");
  EXPECT_EQ(settings[1].value, 32u);
  for (const char* text : {"bulk", "=8", "bulk=", "bulk=x", "bulk=-1", "bulk=8=9", "bulk=8,ring-size=2"}) {
    EXPECT_FALSE(ParseBoundSettings(text, &settings)) << text;
  }
}

}  // namespace
}  // namespace graze

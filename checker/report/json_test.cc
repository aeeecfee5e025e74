// SPDX-License-Identifier: MIT
#include "checker/report/json.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "checker/report/example_traces.h"

namespace graze {
namespace {

const CatalogueFacts kFacts = {"D07", "flush without RCU protection", "bf6b1d2e9a10", ""};

const CatalogueFacts* Facts(const std::string& id) { return id == "D07" ? &kFacts : nullptr; }

std::vector<Search> Searches() {
  Search search{.scenario = "Cpumap.EnqueueVsDelete",
                .generation = "v5.9",
                .configuration = "",
                .memory_model = "sc",
                .mutation = "",
                .rules = {},
                .result = {}};
  search.result.verdict = Verdict::kViolation;
  search.result.violations = {examples::UseAfterFree()};
  search.result.rest_holds = true;
  search.result.executions = 30;
  search.result.checks = {{"I-UAF", 18}};
  search.result.bounds = {{"frames", "2"}, {"bulk", "8", "1"}};
  search.result.seconds = 0.25;
  return {search};
}

TEST(CheckReport, HasTheDocumentedFields) {
  const std::vector<Search> searches = Searches();
  const auto json = CheckReport("check", RowsOf(searches), Facts);
  EXPECT_EQ(json["schema_version"], 1);
  ASSERT_EQ(json["verdicts"].size(), 2u);
  const auto& verdict = json["verdicts"][0];
  EXPECT_EQ(verdict["scenario"], "Cpumap.EnqueueVsDelete");
  EXPECT_EQ(verdict["generation"], "v5.9");
  EXPECT_EQ(verdict["memory_model"], "sc");
  EXPECT_TRUE(verdict["configuration"].is_null());
  EXPECT_TRUE(verdict["mutation"].is_null());
  EXPECT_EQ(verdict["verdict"], "violation");
  EXPECT_EQ(verdict["violation"]["id"], "D07");
  EXPECT_EQ(verdict["violation"]["fixed_by"], "bf6b1d2e9a10");
  EXPECT_TRUE(verdict["violation"]["cve"].is_null());
  EXPECT_TRUE(verdict["violation"]["gone"].is_null()) << "a commit fixed it";
  EXPECT_EQ(verdict["violation"]["invariant"], "I-UAF");
  EXPECT_EQ(verdict["violation"]["token"], examples::UseAfterFree().token);
  EXPECT_EQ(verdict["violation"]["trace"]["hash"], "000000001234abcd");
  EXPECT_EQ(verdict["violation"]["trace"]["steps"].size(), 17u);
  EXPECT_FALSE(verdict["violation"]["trace"]["steps"][0].contains("order"));
  EXPECT_EQ(verdict["executions"], 30);
  EXPECT_EQ(verdict["checks"]["I-UAF"], 18);
  EXPECT_EQ(verdict["bounds"][0]["name"], "frames");
  EXPECT_FALSE(verdict["bounds"][0].contains("own"));
  EXPECT_EQ(verdict["bounds"][1]["own"], "1");
  EXPECT_EQ(json["verdicts"][1]["part"], "rest");
  EXPECT_EQ(json["verdicts"][1]["verdict"], "verified");
  EXPECT_TRUE(json["verdicts"][1]["violation"].is_null());
  const auto gone = CheckReport("check", RowsOf(searches), Facts, [](const std::string& id) { return id + " is gone"; });
  EXPECT_EQ(gone["verdicts"][0]["violation"]["gone"], "D07 is gone");
}

TEST(CheckReport, SurvivesBytesThatAreNoUtf8) {
  std::vector<Search> searches = Searches();
  searches[0].result.violations[0].message = "\xff\xfe";
  EXPECT_NE(Dump(CheckReport("check", RowsOf(searches), Facts)).find("\"message\""), std::string::npos);
}

// Every field that is written has to be described.
TEST(CheckReport, IsDocumented) {
  std::ifstream file("checker/report/SCHEMA.md");
  ASSERT_TRUE(file) << "tests run from the root of the repository";
  std::stringstream text;
  text << file.rdbuf();
  const std::vector<Search> searches = Searches();
  const auto json = CheckReport("check", RowsOf(searches), Facts);
  const auto& verdict = json["verdicts"][0];
  for (const auto* object : {&json, &verdict, &verdict["violation"], &verdict["violation"]["trace"],
                             &verdict["violation"]["trace"]["steps"][6], &verdict["violation"]["trace"]["objects"][0]}) {
    for (const auto& item : object->items()) EXPECT_NE(text.str().find("`" + item.key() + "`"), std::string::npos) << item.key();
  }
}

TEST(EncodeResult, ComesBackUnchanged) {
  Result result = Searches()[0].result;
  result.violations.push_back(examples::Deadlock());
  result.nondeterministic = true;
  result.reason = "because";
  Result copy;
  ASSERT_TRUE(DecodeResult(EncodeResult(result), &copy));
  EXPECT_EQ(EncodeResult(copy), EncodeResult(result));
  std::vector<Search> before = Searches(), after = Searches();
  before[0].result = result;
  after[0].result = copy;
  EXPECT_EQ(Dump(CheckReport("check", RowsOf(before), Facts)), Dump(CheckReport("check", RowsOf(after), Facts)));
}

TEST(EncodeResult, KeepsTheOrderOfAnAccess) {
  Result result = Searches()[0].result;
  result.violations[0].trace.steps[6].order = "acquire";
  Result copy;
  ASSERT_TRUE(DecodeResult(EncodeResult(result), &copy));
  EXPECT_EQ(TraceToJson(copy.violations[0].trace)["steps"][6]["order"], "acquire");
}

TEST(DecodeResult, RefusesWhatIsCutShort) {
  const std::string text = EncodeResult(Searches()[0].result);
  Result result;
  EXPECT_FALSE(DecodeResult(text.substr(0, text.size() / 2), &result));
  EXPECT_FALSE(DecodeResult("", &result));
  EXPECT_FALSE(DecodeResult("{}", &result));
  EXPECT_FALSE(DecodeResult("[1]", &result));
}

}  // namespace
}  // namespace graze

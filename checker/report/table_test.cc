// SPDX-License-Identifier: MIT
#include "checker/report/table.h"

#include <gtest/gtest.h>

#include "checker/report/example_traces.h"

namespace graze {
namespace {

Search Verified() {
  Search search{.scenario = "Cpumap.Update",
                .generation = "v5.9",
                .configuration = "start=ran",
                .memory_model = "sc",
                .mutation = "",
                .rules = {"I-ONCE", "I-UAF"},
                .result = {}};
  search.result.verdict = Verdict::kVerified;
  search.result.executions = 12345;
  search.result.blocked = 6;
  search.result.seconds = 1.5;
  search.result.checks = {{"I-ONCE", 24690}, {"I-UAF", 1}};
  search.result.bounds = {{"CPUs", "2"}, {"frames", "2"}};
  return search;
}

Search Broken() {
  Search search = Verified();
  search.scenario = "Cpumap.Teardown";
  search.configuration = "";
  search.result.verdict = Verdict::kViolation;
  search.result.violations = {examples::Leak(), examples::Deadlock()};
  search.result.rest_holds = true;
  return search;
}

TEST(BoundsSetText, NamesThoseThatWereSet) {
  EXPECT_EQ(BoundsSetText({{"CPUs", "2"}, {"bulk", "8", "1"}, {"no load buffering", ""}, {"ring size", "4", "2"}}),
            "bulk 8 (instead of 1), ring size 4 (instead of 2)");
  EXPECT_EQ(BoundsSetText({{"CPUs", "2"}}), "");
}

TEST(RowsOf, GivesEachViolationARowBesideOneForTheRest) {
  const std::vector<Search> searches = {Verified(), Broken()};
  const std::vector<VerdictRow> rows = RowsOf(searches);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].part, Part::kAll);
  EXPECT_EQ(rows[0].verdict, Verdict::kVerified);
  EXPECT_EQ(rows[1].part, Part::kViolation);
  EXPECT_EQ(rows[2].violation->rule, "I-LIVE");
  EXPECT_EQ(rows[3].part, Part::kRest);
  EXPECT_EQ(rows[3].verdict, Verdict::kVerified);
}

TEST(RowsOf, SaysWhenNoOtherExecutionIsLeft) {
  std::vector<Search> searches = {Broken()};
  searches[0].result.violations = {examples::Leak()};
  searches[0].result.executions = examples::Leak().count;
  const std::vector<VerdictRow> rows = RowsOf(searches);
  EXPECT_EQ(rows.back().reason, "no other execution");
  EXPECT_NE(RenderTable(rows).find("rest: no other execution"), std::string::npos);
  searches[0].result.violations = {examples::Deadlock(), examples::Leak()};
  searches[0].result.executions = examples::Leak().count;
  EXPECT_EQ(RowsOf(searches).back().reason, "no other execution") << "whatever else some of them show as well";
}

TEST(RowsOf, DoesNotClaimThatTheRestHoldsWhenABudgetEndedTheSearch) {
  std::vector<Search> searches = {Broken()};
  searches[0].result.rest_holds = false;
  searches[0].result.reason = "time budget";
  const std::vector<VerdictRow> rows = RowsOf(searches);
  EXPECT_EQ(rows.back().verdict, Verdict::kInconclusive);
  EXPECT_EQ(rows.back().reason, "time budget");
}

TEST(RejectVacuousPass, TurnsAnEmptySearchIntoAnError) {
  Search search = Verified();
  search.result.executions = 0;
  RejectVacuousPass(&search);
  EXPECT_EQ(search.result.verdict, Verdict::kError);
  EXPECT_NE(search.result.reason.find("no execution came to its end"), std::string::npos);
}

TEST(RejectVacuousPass, TurnsAnUncheckedRuleIntoAnError) {
  Search search = Verified();
  search.result.checks["I-UAF"] = 0;
  RejectVacuousPass(&search);
  EXPECT_EQ(search.result.verdict, Verdict::kError);
  EXPECT_EQ(search.result.reason, "I-UAF never had anything to check");
}

TEST(RejectVacuousPass, TurnsAScenarioThatDoesNothingIntoAnError) {
  Search search = Verified();
  search.result.events_max = 2;
  RejectVacuousPass(&search);
  EXPECT_EQ(search.result.verdict, Verdict::kError);
}

TEST(RejectVacuousPass, LeavesARealPassAlone) {
  Search search = Verified();
  RejectVacuousPass(&search);
  EXPECT_EQ(search.result.verdict, Verdict::kVerified);
}

TEST(RenderTable, ShowsOneRowPerVerdict) {
  const std::vector<Search> searches = {Verified(), Broken()};
  EXPECT_EQ(
      RenderTable(RowsOf(searches)),
      "scenario         generation  model  configuration  verdict               shown by  executions  blocked  seconds  bounds\n"
      "Cpumap.Update    v5.9        sc     start=ran      verified                            12,345        6     1.50  CPUs 2, frames 2\n"
      "Cpumap.Teardown  v5.9        sc     -              violation I-LEAK             3      12,345        6     1.50  CPUs 2, frames 2\n"
      "                                                   violation D15 I-LIVE         1\n"
      "                                                     rest: verified\n");
}

TEST(RenderTable, NamesLongBoundsByNumber) {
  std::vector<Search> searches = {Verified(), Broken(), Verified()};
  for (Search& search : searches) search.result.bounds.push_back({"ring", std::string(60, '9')});
  searches[2].result.bounds.push_back({"start", "ran"});  // part of its configuration, so no bound of its own
  const std::string table = RenderTable(RowsOf(searches));
  EXPECT_NE(table.find("  [1]\n"), std::string::npos) << table;
  EXPECT_NE(table.find("bounds [1] CPUs 2, frames 2, ring 999"), std::string::npos) << table;
  EXPECT_EQ(table.find("[2]"), std::string::npos) << table;
}

TEST(RenderTable, CountsWhatGracePeriodsRuleOutWhereThereIsAny) {
  std::vector<Search> searches = {Verified(), Broken()};
  EXPECT_EQ(RenderTable(RowsOf(searches)).find("doomed"), std::string::npos);
  searches[0].result.doomed = 1234;
  EXPECT_EQ(
      RenderTable(RowsOf(searches)),
      "scenario         generation  model  configuration  verdict               shown by  executions  blocked  doomed  seconds  bounds\n"
      "Cpumap.Update    v5.9        sc     start=ran      verified                            12,345        6   1,234     1.50  CPUs 2, "
      "frames 2\n"
      "Cpumap.Teardown  v5.9        sc     -              violation I-LEAK             3      12,345        6       0     1.50  CPUs 2, "
      "frames 2\n"
      "                                                   violation D15 I-LIVE         1\n"
      "                                                     rest: verified\n");
  EXPECT_NE(RenderSummary(searches, 3.25).find("24,690 executions, 12 blocked, 1,234 doomed; 3.25 s"), std::string::npos);
}

TEST(RenderTable, LeavesFaultsToTheLinesBelowIt) {
  std::vector<Search> searches = {Verified()};
  searches[0].result.verdict = Verdict::kError;
  searches[0].result.reason = "something long to tell";
  EXPECT_EQ(RenderTable(RowsOf(searches)).find("something"), std::string::npos);
}

TEST(RenderChecks, SumsOverSearches) {
  EXPECT_EQ(RenderChecks({Verified(), Broken()}),
            "invariant  checks  searches\n"
            "I-ONCE     49,380         2\n"
            "I-UAF           2         2\n");
}

TEST(RenderChecks, ShowsARuleThatWasNeverChecked) {
  Search search = Verified();
  search.rules.push_back("I-FIFO");
  EXPECT_NE(RenderChecks({search}).find("I-FIFO          0         0\n"), std::string::npos);
}

TEST(RenderSummary, CountsVerdicts) {
  EXPECT_EQ(RenderSummary({Verified(), Broken()}, 3.25),
            "2 searches: 1 verified, 1 with violations (2 distinct); 24,690 executions, 12 blocked; 3.25 s\n");
}

}  // namespace
}  // namespace graze

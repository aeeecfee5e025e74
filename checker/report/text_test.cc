// SPDX-License-Identifier: MIT
#include "checker/report/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "checker/report/example_traces.h"
#include "checker/report/interleaving.h"
#include "checker/report/relevance.h"

namespace graze {
namespace {

ReportContext Context(const CatalogueFacts* facts = nullptr) {
  ReportContext context;
  context.scenario = "Cpumap.EnqueueVsDelete";
  context.generation = "v5.9";
  context.memory_model = "sc";
  context.configuration = "start=ran stop=signal";
  context.facts = facts;
  return context;
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The screens are reviewed as files; GRAZE_PROMOTE=1 rewrites them, and the difference is what a reviewer looks at.
void ExpectGolden(const std::string& name, const std::string& text) {
  const std::string path = "checker/report/testdata/" + name + ".txt";
  if (std::getenv("GRAZE_PROMOTE") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  ASSERT_TRUE(file) << path << " is missing (tests run from the root of the repository)";
  std::stringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(text, golden.str()) << path;
}

const CatalogueFacts kFacts = {"D07", "flush without RCU protection", "bf6b1d2e9a10", "CVE-2019-0000"};

TEST(RenderViolation, ShowsAUseAfterFree) { ExpectGolden("use_after_free", RenderViolation(examples::UseAfterFree(), Context(&kFacts))); }
TEST(RenderViolation, ShowsADeadlock) { ExpectGolden("deadlock", RenderViolation(examples::Deadlock(), Context())); }
TEST(RenderViolation, ShowsALeak) { ExpectGolden("leak", RenderViolation(examples::Leak(), Context())); }
TEST(RenderViolation, ShowsARace) { ExpectGolden("data_race", RenderViolation(examples::DataRace(), Context())); }
TEST(RenderViolation, FoldsALongTrace) { ExpectGolden("long_trace", RenderViolation(examples::LongTrace(), Context())); }

TEST(RenderViolation, FitsOneScreen) {
  for (const Violation& violation :
       {examples::UseAfterFree(), examples::Deadlock(), examples::Leak(), examples::DataRace(), examples::LongTrace()}) {
    const std::vector<std::string> lines = Lines(RenderViolation(violation, Context(&kFacts)));
    EXPECT_LE(lines.size(), 40u) << violation.rule;  // what text.h promises of the first screen
    for (const std::string& line : lines) EXPECT_LE(line.size(), 140u) << line;
  }
}

TEST(RenderViolation, FitsOneScreenWhenEverySectionIsLong) {
  Violation violation = examples::LongTrace();
  for (int i = 0; i < 9; ++i) {
    const std::string name = "thread/" + std::to_string(i);
    violation.trace.steps.push_back(violation.trace.steps.back());
    violation.trace.steps.back().op = "call";
    violation.trace.steps.back().thread = name;
    violation.trace.steps.back().text = std::string(300, 'x');
    violation.trace.blocked.push_back({name, std::string(300, 'w'), "x", "", "f", "file.cc", 3});
    violation.trace.objects.push_back({"bq#" + std::to_string(i), "xdp_bulk_queue", std::vector<std::string>(99, "used #3"), true});
  }
  for (std::string* text : {&violation.message, &violation.expected, &violation.got}) {
    for (int i = 0; i < 200; ++i) *text += " word";
  }
  const std::vector<std::string> lines = Lines(RenderViolation(violation, Context(&kFacts)));
  EXPECT_LE(lines.size(), 40u);
  for (const std::string& line : lines) EXPECT_LE(line.size(), 140u) << line;
}

// A consumer that sleeps when all is over is no part of a race, and whoever reads of "blocked" looks for a hang.
TEST(RenderViolation, NamesThreadsThatWaitOnlyWhereWaitingIsTheViolation) {
  Violation leak = examples::Leak();
  leak.trace.blocked.push_back({"kthread cpumap/1", "schedule()", "task#1.state", "", "cpu_map_kthread_run", "cpumap.cc", 314});
  EXPECT_EQ(RenderViolation(leak, Context()).find("blocked "), std::string::npos);
  EXPECT_NE(RenderViolation(examples::Deadlock(), Context()).find("blocked "), std::string::npos);
  leak.rule = "I-LIVE";  // found by a monitor
  EXPECT_NE(RenderViolation(leak, Context()).find("blocked "), std::string::npos);
}

TEST(RenderViolation, KeepsTheTokenWhole) {
  Violation violation = examples::Leak();
  violation.token = std::string(500, 'k');
  EXPECT_NE(RenderViolation(violation, Context()).find("graze replay " + violation.token + "\n"), std::string::npos);
}

TEST(RenderViolation, SaysWhatIsStaleUnderWeakMemory) {
  Violation violation = examples::UseAfterFree();
  // The lookup at #7 reads from before the update at #3.
  violation.trace.steps[6].reads_from = 0;
  ReportContext weak = Context();
  weak.memory_model = "lkmm";
  EXPECT_NE(RenderViolation(violation, weak).find("#7 is stale: it reads the initial value of cpu_map[1], though #3 (sys)"),
            std::string::npos);
  EXPECT_EQ(RenderViolation(violation, Context()).find("stale"), std::string::npos);
}

TEST(RenderViolation, WorksWithoutATrace) {
  Violation violation = examples::Leak();
  violation.trace = {};
  EXPECT_NE(RenderViolation(violation, Context()).find("I-LEAK"), std::string::npos);
}

TEST(ExplainViolation, ShowsEveryStep) {
  const Violation violation = examples::UseAfterFree();
  const std::string text = ExplainViolation(violation, Context());
  for (const TraceStep& step : violation.trace.steps) EXPECT_NE(text.find(DescribeStep(step)), std::string::npos) << step.number;
  EXPECT_NE(text.find("task.state"), std::string::npos);
  EXPECT_EQ(RenderViolation(violation, Context()).find("task.state"), std::string::npos);
}

TEST(FoldSteps, KeepsWhatIsImportantAndFillsTheRoom) {
  const Violation violation = examples::LongTrace();
  for (size_t rows_max : {8u, 15u, 30u, 59u}) {
    const std::vector<FoldedRow> rows = FoldSteps(violation, rows_max);
    EXPECT_LE(rows.size(), rows_max);
    EXPECT_GE(rows.size() + 1, rows_max);
    size_t steps = 0;
    std::vector<size_t> shown;
    for (const FoldedRow& row : rows) {
      steps += row.folded == 0 ? 1 : row.folded;
      if (row.folded == 0) shown.push_back(row.step);
    }
    EXPECT_EQ(steps, 60u);  // nothing vanishes without being counted
    for (size_t important : {11u, 37u, 59u}) EXPECT_NE(std::find(shown.begin(), shown.end(), important), shown.end()) << important;
  }
}

TEST(FoldSteps, DoesNotCountInternalSteps) {
  const Violation violation = examples::UseAfterFree();
  size_t steps = 0;
  for (const FoldedRow& row : FoldSteps(violation, 100)) steps += row.folded == 0 ? 1 : row.folded;
  EXPECT_EQ(steps, violation.trace.steps.size() - 1);
}

TEST(RenderViolation, SaysOfABugWithoutAFixHowItWentIfItDid) {
  const CatalogueFacts facts = {"D07", "something", "", ""};
  ReportContext context = Context(&facts);
  EXPECT_NE(RenderViolation(examples::UseAfterFree(), context).find("something; no upstream fix known"), std::string::npos);
  context.gone = "gone since v4.20";
  EXPECT_NE(RenderViolation(examples::UseAfterFree(), context).find("something; gone since v4.20"), std::string::npos);
}

}  // namespace
}  // namespace graze

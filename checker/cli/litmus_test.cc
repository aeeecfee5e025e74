// SPDX-License-Identifier: MIT
// `graze litmus` as its users meet it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "checker/cli/fake_scenarios_for_test.h"
#include "checker/cli/task_pool.h"

namespace graze {
namespace {

using testing::Graze;
using testing::Outcome;

using Json = nlohmann::json;

constexpr char kStoreBuffering[] =
    "C sb\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }\n"
    "P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x); }\nexists (0:r0=0 /\\ 1:r0=0)\n";
// Eight threads of which each store may come anywhere: too much for a millisecond.
std::string Wide() {
  std::string text = "C wide\n{}\n";
  for (int i = 0; i < 8; ++i) {
    text += "P" + std::to_string(i) + "(int *x, int *y) { WRITE_ONCE(*x, " + std::to_string(i) +
            "); r0 = READ_ONCE(*y); WRITE_ONCE(*y, 1); }\n";
  }
  return text + "exists (x=9)\n";
}

class LitmusCommand : public ::testing::Test {
 protected:
  LitmusCommand() : folder_(std::filesystem::temp_directory_path() / ("graze_litmus_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_ / "deeper");
  }
  ~LitmusCommand() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  std::filesystem::path folder_;
};

TEST_F(LitmusCommand, JudgesFilesAndFoldersAndNamesTheBound) {
  const std::string file = Write("sb.litmus", kStoreBuffering);
  Write("deeper/other.litmus", kStoreBuffering);
  Write("deeper/no_test.txt", "nothing");
  const Outcome one = Graze({"litmus", file});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_NE(one.out.find("Sometimes       4         1         3"), std::string::npos) << one.out;
  EXPECT_NE(one.out.find("no load buffering"), std::string::npos);
  const Outcome all = Graze({"litmus", folder_});
  EXPECT_NE(all.out.find("2 tests under lkmm-deps: 2 judged"), std::string::npos) << all.out;
  const Outcome sc = Graze({"litmus", file, "--memory-model=sc", "--jobs", "0"});
  EXPECT_NE(sc.out.find("Never         3         0         3"), std::string::npos) << sc.out;
}

TEST_F(LitmusCommand, WhatCannotBeJudgedIsCountedApartWithItsLine) {
  const std::string bad = Write("bad.litmus", "C bad\n{}\nP0(int *x) {\n  launch();\n}\nexists (x=1)\n");
  const Outcome outcome = Graze({"litmus", bad});
  EXPECT_EQ(outcome.code, 4) << "nothing was judged, which is no success";
  EXPECT_NE(outcome.out.find("unsupported  " + bad + ":4: 'launch' is no primitive"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("0 judged, 1 unsupported"), std::string::npos);
  EXPECT_EQ(Graze({"litmus", bad, Write("sb.litmus", kStoreBuffering), "--lkmm=newest"}).code, 0);
}

TEST_F(LitmusCommand, ComparesWithWhatIsExpected) {
  const std::string file = Write("sb.litmus", kStoreBuffering);
  const std::string good = Write("good.csv", "path,judge\nsb.litmus,Sometimes\n");
  const std::string wrong = Write("wrong.csv", "path,judge\nsb.litmus,Never\n");
  const std::string other = Write("other.csv", "path,judge\nelse.litmus,Never\n");
  EXPECT_EQ(Graze({"litmus", file, "--expect", good}).code, 0);
  const Outcome outcome = Graze({"litmus", file, "--expect", wrong});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_NE(outcome.out.find("DIFFERS: verdict Sometimes, expected Never"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("0 agree, 1 differ"), std::string::npos);
  const Outcome nothing = Graze({"litmus", file, "--expect", other});
  EXPECT_EQ(nothing.code, 4) << "nothing was compared, which is no success";
  EXPECT_NE(nothing.out.find("1 not judged"), std::string::npos) << nothing.out;
  EXPECT_NE(nothing.out.find("expected: 1 row of the file with no test that was run"), std::string::npos) << nothing.out;
}

TEST_F(LitmusCommand, WhatIsExpectedOfATestIsNeverPassedOver) {
  const std::string sb = Write("sb.litmus", kStoreBuffering);
  const std::string bad = Write("bad.litmus", "C bad\n{}\nP0(int *x) { launch(); }\nexists (x=1)\n");
  const std::string loop =
      Write("loop.litmus", "C loop\n{}\nP0(int *x) { int i = 0; while (i < 3) i = i + 1; WRITE_ONCE(*x, i); }\nexists (x=3)\n");
  const std::string all = Write("all.csv", "path,judge\nsb.litmus,Sometimes\nbad.litmus,Never\nloop.litmus,Never\n");
  const std::string unknown = Write("unknown.csv", "path,judge\nsb.litmus,Sometimes\nbad.litmus,\n");
  EXPECT_EQ(Graze({"litmus", sb, bad, "--expect", all}).code, 4) << "a verdict of the unsupported one is expected";
  EXPECT_EQ(Graze({"litmus", sb, bad, "--expect", unknown}).code, 0) << "nobody knows what the unsupported one says";
  EXPECT_EQ(Graze({"litmus", sb, "--expect", all}).code, 0);
  const Outcome cut = Graze({"litmus", sb, loop, "--expect", all});
  EXPECT_EQ(cut.code, 3) << "no execution of the loop ends within two iterations";
  EXPECT_NE(cut.out.find("1 agree, 0 differ, 0 unsupported, 1 inconclusive"), std::string::npos) << cut.out;
  EXPECT_EQ(Graze({"litmus", sb, loop, "--expect", all, "--unroll", "3"}).code, 1) << "with three x is 3";
  const Outcome typo = Graze({"litmus", sb, "--expect", Write("typo.csv", "path,judge\nsb.litmus,sometimes\n")});
  EXPECT_EQ(typo.code, 2);
  EXPECT_NE(typo.err.find("typo.csv:2: 'sometimes'"), std::string::npos) << typo.err;
}

TEST_F(LitmusCommand, NotesStandInTheRowAndInTheDocument) {
  const std::string file = Write("typo.litmus", "C typo\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (X=1)\n");
  EXPECT_NE(Graze({"litmus", file}).out.find("no process has a location X"), std::string::npos);
  const Json document = Json::parse(Graze({"litmus", file, "--json", "-"}).out, nullptr, false);
  ASSERT_TRUE(document.is_object());
  EXPECT_EQ(document["tests"][0]["notes"], Json::array({"no process has a location X"}));
}

TEST_F(LitmusCommand, TheDocumentHasAnElementForEachTest) {
  const std::string file = Write("sb.litmus", kStoreBuffering);
  const std::string bad = Write("bad.litmus", "C bad\n");
  const Outcome outcome = Graze({"litmus", file, bad, "--json", "-"});
  const Json document = Json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(document.is_object()) << outcome.out;
  EXPECT_EQ(document["command"], "litmus");
  ASSERT_EQ(document["tests"].size(), 2u);
  const Json& test = document["tests"][0];
  EXPECT_EQ(test["path"], file);
  EXPECT_EQ(test["verdict"], "Sometimes");
  EXPECT_EQ(test["states"], 4);
  EXPECT_EQ(test["positive"], 1);
  EXPECT_EQ(test["negative"], 3);
  EXPECT_EQ(test["data_race"], false);
  EXPECT_TRUE(test["seconds"].is_number());
  EXPECT_TRUE(test["error"].is_null());
  EXPECT_TRUE(document["tests"][1]["verdict"].is_null());
  EXPECT_EQ(document["tests"][1]["error"], bad + ":2: the test ends before its initial state; '{' is missing");
}

TEST_F(LitmusCommand, ATestThatTakesTooLongIsInconclusive) {
  const Outcome outcome = Graze({"litmus", Write("wide.litmus", Wide()), "--time-budget", "1ms"});
  EXPECT_EQ(outcome.code, 3) << outcome.out;
  EXPECT_NE(outcome.out.find("inconclusive  "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("0 judged, 1 inconclusive"), std::string::npos);
}

TEST_F(LitmusCommand, ShowsAnExecutionThatSatisfiesTheCondition) {
  const Outcome outcome = Graze({"litmus", Write("sb.litmus", kStoreBuffering), "--show"});
  EXPECT_NE(outcome.out.find("0:r0=0; 1:r0=0"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("read[once] y = 0"), std::string::npos) << outcome.out;
}

TEST_F(LitmusCommand, WrongUsageIsOneLine) {
  const std::string file = Write("sb.litmus", kStoreBuffering);
  const std::vector<std::vector<std::string>> wrong = {
      {"litmus", "/nowhere"},
      {"litmus", folder_ / "deeper"},
      {"litmus", file, "--memory-model=power"},
      {"litmus", file, "--lkmm=5.4"},
      {"litmus", file, "--lkmm=6.1", "--memory-model=sc"},
      {"litmus", file, "--unroll=many"},
      {"litmus", file, "--jobs=-1"},
      {"litmus", file, "--time-budget=soon"},
      {"litmus", file, "--expect=/nowhere.csv"},
      {"litmus", file, "--expect=/nowhere.csv", "--memory-model=sc"},
  };
  for (const auto& args : wrong) {
    const Outcome outcome = Graze(args);
    EXPECT_EQ(outcome.code, 2) << args.back();
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
  }
}

TEST(TaskPool, EveryTaskIsDoneOnceAndACrashIsToldOfItsTask) {
  std::set<size_t> good;
  std::set<size_t> bad;
  TaskPool pool;
  pool.tasks = 20;
  pool.jobs = 3;
  pool.run = [](size_t task) {
    if (task == 7) _exit(9);
    return std::string(task * 10'000, 'a');
  };
  pool.done = [&](size_t task, const std::string& result, bool crashed) {
    if (crashed) {
      EXPECT_EQ(result, "exit code 9");
    } else {
      EXPECT_EQ(result.size(), task * 10'000);
    }
    EXPECT_TRUE((crashed ? bad : good).insert(task).second);
  };
  EXPECT_EQ(RunTasks(pool), 20u);
  EXPECT_EQ(good.size(), 19u);
  EXPECT_EQ(bad, std::set<size_t>{7});
}

}  // namespace
}  // namespace graze

// SPDX-License-Identifier: MIT
// The command as its users meet it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <nlohmann/json.hpp>

#include "checker/cli/command.h"
#include "checker/cli/fake_scenarios_for_test.h"
#include "checker/cli/run_main.h"

namespace graze {
namespace {

using testing::Graze;
using testing::Outcome;
using testing::Switches;

using Json = nlohmann::json;

// A folder of its own, gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("graze_cli_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

Json ReadJson(const std::string& path) {
  std::ifstream file(path);
  return Json::parse(file, nullptr, false);
}

// The first token of a report.
std::string TokenIn(const std::string& text) {
  const std::string before = "graze replay ";
  const size_t at = text.find(before);
  if (at == std::string::npos) return "";
  const size_t begin = at + before.size();
  return text.substr(begin, text.find('\n', begin) - begin);
}

void WithoutSeconds(Json* json) {
  for (Json& verdict : (*json)["verdicts"]) verdict.erase("seconds");
}

TEST(Check, ExitsZeroWhenAllHolds) {
  const Outcome outcome = Graze({"check", "Fake.Holds", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("verified"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("I-SUM"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.err, "");
}

TEST(Check, ExitsOneAndShowsTheCounterexample) {
  const Outcome outcome = Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  for (const char* text : {"violation D91 I-SUM", "rest: verified", "VIOLATION", "an increment that is no atomic one", "0123456789ab",
                           "CVE-1999-0001", "first", "second", "replay     graze replay "}) {
    EXPECT_NE(outcome.out.find(text), std::string::npos) << text << "\n" << outcome.out;
  }
}

TEST(Check, RunsEveryVariantThatMatches) {
  const Outcome outcome = Graze({"check", "LostUpdate", "--generation", "v2", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("2 searches: 2 verified"), std::string::npos) << outcome.out;
}

TEST(Check, TakesFlagsBeforeTheScenario) {
  const Outcome outcome = Graze({"check", "--generation", "v2", "--memory-model", "sc", "LostUpdate"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST(Check, SelectsByConfiguration) {
  const Outcome masked = Graze({"check", "LostUpdate", "--config", "mask"});
  EXPECT_NE(masked.out.find("1 search: 1 verified"), std::string::npos) << masked.out << masked.err;
  const Outcome unmasked = Graze({"check", "LostUpdate", "--generation", "v2", "--config", "none"});
  EXPECT_NE(unmasked.out.find("1 search: 1 verified"), std::string::npos) << unmasked.out << unmasked.err;
}

TEST(Check, SelectsByBugAndByCve) {
  for (const char* bug : {"D91", "d91", "CVE-1999-0001", "cve-1999-0001"}) {
    // Whatever could show it is run: without a filter that is everything, with scenarios that crash among it.
    const Outcome outcome = Graze({"check", bug, "--generation", "v1", "--memory-model", "sc"});
    EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("violation D91"), std::string::npos) << outcome.out;
    EXPECT_TRUE(outcome.out.starts_with("D91        an increment that is no atomic one\n           fixed by 0123456789ab\n"))
        << outcome.out;
    EXPECT_EQ(outcome.out.find("Fake.Holds"), std::string::npos) << outcome.out;
  }
}

TEST(Check, EndsWithATableOfBugsWhereThereAreSeveralGenerations) {
  const std::string both = Graze({"check", "LostUpdate", "--generation", "v1,v2", "--memory-model", "sc"}).out;
  EXPECT_NE(both.find("\nD91  x "), std::string::npos) << both;
  const std::string one = Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc"}).out;
  EXPECT_EQ(one.find("\nD91  x "), std::string::npos) << one;
}

TEST(Check, SaysWhenNothingShowsTheBug) {
  const Outcome outcome = Graze({"check", "D91", "--generation", "v2", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("no execution explored shows D91"), std::string::npos) << outcome.out;
}

TEST(Check, GivesTheSameReportWhateverTheNumberOfJobs) {
  const TemporaryFolder folder;
  std::vector<std::string> reports;
  for (const char* jobs : {"0", "1", "3"}) {
    const std::string path = folder / jobs;
    Graze({"check", "Fake.", "--generation", "v1,v2", "--jobs", jobs, "--json", path});
    Json json = ReadJson(path);
    ASSERT_TRUE(json.is_object());
    WithoutSeconds(&json);
    reports.push_back(json.dump());
  }
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[1], reports[2]);
}

TEST(Check, WritesTheReportToStandardOutputAlone) {
  const Outcome outcome = Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc", "--json", "-"});
  const Json json = Json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(json.is_object()) << outcome.out;
  ASSERT_EQ(json["verdicts"].size(), 2u);
  EXPECT_EQ(json["verdicts"][0]["violation"]["id"], "D91");
  EXPECT_EQ(json["verdicts"][1]["verdict"], "verified");
  EXPECT_EQ(outcome.code, 1);
}

TEST(Check, MakesAnUncheckedRuleAnError) {
  const Outcome outcome = Graze({"check", "Fake.Unchecked", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_NE(outcome.out.find("I-NEVER never had anything to check"), std::string::npos) << outcome.out;
}

TEST(Check, MakesAnEmptySearchAnError) {
  const Outcome outcome = Graze({"check", "Fake.Nothing", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 2) << outcome.out;
  EXPECT_NE(outcome.out.find("error"), std::string::npos) << outcome.out;
}

TEST(Check, ReportsACrashAndKeepsTheOtherSearches) {
  const TemporaryFolder folder;
  Graze({"check", "--memory-model", "sc", "--jobs", "2", "--executions-max", "50", "--json", folder / "all"});
  const Json json = ReadJson(folder / "all");
  bool crash = false, holds = false;
  for (const Json& verdict : json["verdicts"]) {
    if (verdict["scenario"] == "Spoiler.Crash") {
      crash = verdict["verdict"] == "error" && verdict["reason"].get<std::string>().find("crashed: Killed") != std::string::npos;
    }
    if (verdict["scenario"] == "Fake.Holds") holds = verdict["verdict"] == "verified";
  }
  EXPECT_TRUE(crash) << json.dump(2);
  EXPECT_TRUE(holds) << json.dump(2);
}

TEST(Check, SaysWhatItLeavesOutAndDoesItWhenAsked) {
  const std::vector<std::string> command = {"check", "Fake.Long", "--memory-model", "sc,tso,lkmm", "--lkmm", "6.1"};
  const Outcome plain = Graze(command);
  EXPECT_EQ(plain.code, 0) << plain.out << plain.err;
  EXPECT_NE(plain.out.find("4 searches: 4 verified"), std::string::npos) << plain.out;
  EXPECT_TRUE(
      plain.out.ends_with("left out, as they take minutes: 2 searches (Fake.Long under lkmm-6.1 in v1, Fake.Long under sc in v1); "
                          "with them: graze check --thorough Fake.Long --memory-model sc,tso,lkmm --lkmm 6.1\n"))
      << plain.out;
  std::vector<std::string> thorough = command;
  thorough.emplace_back("--thorough");
  const Outcome all = Graze(thorough);
  EXPECT_NE(all.out.find("6 searches: 6 verified"), std::string::npos) << all.out;
  EXPECT_EQ(all.out.find("left out"), std::string::npos) << all.out;
}

TEST(Check, TellsAReaderOfTheReportWhatItLeavesOut) {
  const Json json = Json::parse(Graze({"check", "Fake.Long", "--memory-model", "sc", "--json", "-"}).out, nullptr, false);
  EXPECT_EQ(json["left_out"], Json({"Fake.Long v1 sc"}));
  EXPECT_EQ(json["verdicts"].size(), 1u);
}

TEST(Check, RefusesASelectionOfWhichItWouldLeaveOutEverything) {
  const Outcome outcome = Graze({"check", "Fake.Long", "--generation", "v1", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("all that is selected takes minutes (Fake.Long under sc in v1); --thorough does it"), std::string::npos)
      << outcome.err;
}

TEST(Check, ExitsThreeWhenABudgetEndsTheSearch) {
  for (const std::vector<std::string>& budget : {std::vector<std::string>{"--executions-max", "10"}, {"--time-budget", "1ms"}}) {
    std::vector<std::string> args = {"check", "Spoiler.Endless", "--memory-model", "sc"};
    args.insert(args.end(), budget.begin(), budget.end());
    const Outcome outcome = Graze(args);
    EXPECT_EQ(outcome.code, 3) << outcome.out;
    EXPECT_NE(outcome.out.find("inconclusive"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find(" verified"), std::string::npos) << outcome.out;
  }
}

TEST(Check, DoesNotBeginWithThePatchedProgramAfterAnInterrupt) {
  RegisterPatchBuilder([](const PatchRequest& /*request*/, PatchedProgram* patched, std::string* /*error*/) {
    *patched = {.program = "/no/such/program", .generation = "v3", .facts = {}};  // whoever starts it fails
    return true;
  });
  Switches().interrupt_self = true;
  Switches().runs = 0;
  const Outcome outcome = Graze({"check", "Spoiler.Endless", "--memory-model", "sc", "--jobs", "0", "--patch", "any.patch"});
  Switches().interrupt_self = false;
  RegisterPatchBuilder(nullptr);
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("interrupted: the patched port was not explored"), std::string::npos) << outcome.out;
}

TEST(Check, StopsAtAnInterruptWithWhatWasFoundSoFar) {
  const struct {
    const char* jobs;
    bool* flag;
  } cases[] = {{"0", &Switches().interrupt_self}, {"2", &Switches().interrupt_parent}};
  for (const auto& each : cases) {
    *each.flag = true;
    Switches().runs = 0;
    const Outcome outcome = Graze({"check", "Spoiler.Endless", "--memory-model", "sc", "--jobs", each.jobs});
    *each.flag = false;
    EXPECT_EQ(outcome.code, 3) << outcome.out;
    EXPECT_NE(outcome.out.find("interrupted"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("1 search: 1 inconclusive; "), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find("; 0 executions"), std::string::npos) << outcome.out;
  }
}

TEST(Check, ExitsFiveWhenTheTestIsNotDeterministic) {
  const Outcome outcome = Graze({"check", "Spoiler.Nondeterministic", "--memory-model", "sc"});
  EXPECT_EQ(outcome.code, 5) << outcome.out;
}

TEST(Check, QuietLeavesOutTheCounterexamples) {
  const Outcome outcome = Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc", "--quiet"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out.find("VIOLATION"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("violation D91"), std::string::npos) << outcome.out;
}

TEST(Replay, TakesATokenWithSpaceAroundIt) {
  const std::string token = TokenIn(Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc"}).out);
  EXPECT_EQ(Graze({"replay", " " + token + "\n"}).out, Graze({"replay", token}).out);
  EXPECT_EQ(Graze({"replay", token + " "}).code, 1);
}

TEST(Check, WritesTheFileBeforeTheText) {
  const TemporaryFolder folder;
  const std::string path = folder / "early.json";
  // A reader that looks into the file as soon as it has the first piece of text.
  class Reader : public std::stringbuf {
   public:
    explicit Reader(std::string path) : path_(std::move(path)) {}
    bool complete = false;

   protected:
    std::streamsize xsputn(const char* text, std::streamsize size) override {
      if (!seen_) complete = !ReadJson(path_).is_discarded();
      seen_ = true;
      return std::stringbuf::xsputn(text, size);
    }

   private:
    std::string path_;
    bool seen_ = false;
  } reader(path);
  std::ostream out(&reader);
  std::ostringstream err;
  const char* const args[] = {"graze", "check", "Fake.Holds", "--json", path.c_str()};
  EXPECT_EQ(RunMain(5, args, out, err), 0) << err.str();
  EXPECT_TRUE(reader.complete);
}

TEST(Output, ThatCannotBeWrittenIsAnError) {
  for (const char* const command : {"list", "--help", "--version"}) {
    std::ofstream out("/dev/full");
    std::ostringstream err;
    const char* const args[] = {"graze", command};
    EXPECT_EQ(RunMain(2, args, out, err), 2) << command;
    EXPECT_NE(err.str().find("standard output"), std::string::npos) << command << err.str();
  }
}

TEST(Replay, ShowsTheSameExecutionAgain) {
  const TemporaryFolder folder;
  const Outcome found = Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc", "--json", folder / "check"});
  const std::string token = TokenIn(found.out);
  ASSERT_NE(token, "") << found.out;
  const Outcome replayed = Graze({"replay", token, "--json", folder / "replay"});
  EXPECT_EQ(replayed.code, 1) << replayed.out << replayed.err;
  EXPECT_NE(replayed.out.find("VIOLATION"), std::string::npos) << replayed.out;
  EXPECT_EQ(TokenIn(replayed.out), token);
  const Json check = ReadJson(folder / "check"), replay = ReadJson(folder / "replay");
  ASSERT_EQ(replay["verdicts"].size(), 1u);
  EXPECT_EQ(check["verdicts"][0]["violation"]["trace"]["hash"], replay["verdicts"][0]["violation"]["trace"]["hash"]);
  EXPECT_EQ(check["verdicts"][0]["violation"]["trace"]["steps"], replay["verdicts"][0]["violation"]["trace"]["steps"]);
}

TEST(Replay, ExplainsEveryStep) {
  const std::string token = TokenIn(Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc"}).out);
  const Outcome outcome = Graze({"replay", token, "--explain"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out.find(" ... "), std::string::npos) << outcome.out;
}

TEST(List, ShowsScenariosInThreeFormats) {
  for (const char* format : {"text", "md", "json"}) {
    const Outcome outcome = Graze({"list", "--format", format});
    EXPECT_EQ(outcome.code, 0);
    for (const char* text : {"Fake.LostUpdate", "v2", "mask=on", "sc"}) {
      EXPECT_NE(outcome.out.find(text), std::string::npos) << format << ": " << text << "\n" << outcome.out;
    }
  }
  const Json json = Json::parse(Graze({"list", "--format=json"}).out, nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["scenarios"].size(), 9u);
  EXPECT_EQ(json["variants"].size(), 13u);
}

TEST(Help, IsOnePagePerCommand) {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"--help"}, {"list", "--help"}, {"check", "--help"}, {"replay", "--help"}, {"check", "-h"}}) {
    const Outcome outcome = Graze(args);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.err, "");
    EXPECT_NE(outcome.out.find("Usage"), std::string::npos) << outcome.out;
    EXPECT_LE(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 45) << outcome.out;
  }
}

TEST(Help, DoesNotOfferWhatIsNotRegistered) {
  EXPECT_EQ(Graze({"check", "--help"}).out.find("--mutation"), std::string::npos);
  EXPECT_EQ(Graze({"--help"}).out.find("shrink"), std::string::npos);
}

TEST(Version, IsPrinted) {
  const Outcome outcome = Graze({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out.substr(0, 6), "graze ");
}

struct BadInput {
  std::vector<std::string> args;
  std::vector<std::string> says;  // what the line has to mention
};

TEST(BadInput, IsOneLineOnTheErrorStreamAndExitTwo) {
  const std::vector<BadInput> inputs = {
      {{}, {"--help"}},
      {{"chekc"}, {"chekc", "check"}},
      {{"check", "--no-such-flag"}, {"--no-such-flag", "--help"}},
      {{"check", "--mutation", "M01"}, {"--mutation"}},
      {{"check", "Fake.Holds", "Fake.LostUpdate"}, {"Fake.LostUpdate"}},
      {{"check", "NoSuchScenario"}, {"NoSuchScenario", "Fake.Holds"}},
      {{"check", "D99"}, {"no bug 'D99' in the catalogue", "do you mean D91?"}},
      {{"check", "CVE-1999-0010"}, {"no bug 'CVE-1999-0010'", "do you mean CVE-1999-0001?"}},
      {{"check", "LostUpdte"}, {"no scenario matches 'LostUpdte'", "do you mean Fake.LostUpdate?"}},
      {{"check", "entirely different"}, {"no scenario matches", "there is: Fake.Holds"}},
      {{"check", "CVE-2000-1"}, {"CVE-2000-1", "catalogue"}},
      {{"check", "--generation", "v9"}, {"v9", "v1, v2"}},
      {{"check", "--generation", "v1,,"}, {"generation"}},
      {{"check", "--memory-model", "quantum"}, {"quantum", "sc"}},
      {{"check", "--config", "nomask"}, {"nomask", "mask=on"}},
      {{"check", "Fake.Holds", "--config", "mask"}, {"combination"}},
      {{"check", "--jobs", "-1"}, {"--jobs", "-1"}},
      {{"check", "--jobs=-1"}, {"--jobs", "-1"}},
      {{"check", "--jobs", "many"}, {"--jobs", "many"}},
      {{"check", "--jobs", "99999999999999999999"}, {"--jobs"}},
      {{"check", "--jobs"}, {"--jobs needs a value"}},
      {{"check", "--jobs=1", "--jobs=2"}, {"--jobs can be given once"}},
      {{"check", "--time-budget", "soon"}, {"--time-budget", "soon", "5s"}},
      {{"check", "--time-budget", "0s"}, {"--time-budget"}},
      {{"check", "--time-budget", "-5s"}, {"--time-budget"}},
      {{"check", "--executions-max", "0"}, {"--executions-max"}},
      {{"check", "Fake.Holds", "--json", "/no/such/folder/x.json"}, {"/no/such/folder/x.json", "No such file"}},
      {{"check", "--quiet", "--verbose"}, {"--quiet", "--verbose"}},
      {{"list", "--format", "xml"}, {"xml", "json"}},
      {{"list", "surplus"}, {"surplus"}},
      {{"replay"}, {"TOKEN"}},
      {{"list", "--format", ""}, {"empty", "--help"}},
      {{"check", ""}, {"empty"}},
      {{"check", "--json", ""}, {"empty"}},
      {{"check", "--time-budget="}, {"empty"}},
      {{"check", "--html", "page", "Fake.Holds"}, {"no option '--html'"}},
      {{"replay", ""}, {"empty"}},
      {{"replay", " "}, {"token"}},
      {{"replay", "not-a-token"}, {"token"}},
      {{"replay", "v0:abc:def"}, {"token"}},
  };
  for (const BadInput& input : inputs) {
    const Outcome outcome = Graze(input.args);
    std::string line = "graze";
    for (const std::string& arg : input.args) line += " " + arg;
    EXPECT_EQ(outcome.code, 2) << line;
    EXPECT_EQ(outcome.out, "") << line;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << line << "\n" << outcome.err;
    EXPECT_EQ(outcome.err.substr(0, 5), "graze") << outcome.err;
    for (const std::string& text : input.says) EXPECT_NE(outcome.err.find(text), std::string::npos) << line << "\n" << outcome.err;
  }
}

TEST(BadInput, IncludesATokenThatWasDamaged) {
  const std::string token = TokenIn(Graze({"check", "LostUpdate", "--generation", "v1", "--memory-model", "sc"}).out);
  ASSERT_NE(token, "");
  std::vector<std::string> damaged = {token.substr(0, token.size() / 2), token.substr(0, token.size() - 1), token + "A", token.substr(1)};
  std::string changed = token;
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  damaged.push_back(changed);
  for (const std::string& each : damaged) {
    const Outcome outcome = Graze({"replay", each});
    EXPECT_TRUE(outcome.code == 2 || outcome.code == 5) << each << "\n" << outcome.out << outcome.err;
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << each << "\n" << outcome.err;
  }
}

}  // namespace
}  // namespace graze

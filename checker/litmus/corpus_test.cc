// SPDX-License-Identifier: MIT
// Whole folders of litmus tests: our own, each with the verdicts that its comment reasons out, and the public ones, if they are there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "checker/litmus/expect.h"
#include "checker/litmus/parse.h"
#include "checker/litmus/run.h"

namespace graze::litmus {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> TestsBelow(const fs::path& folder) {
  std::vector<std::string> tests;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".litmus") tests.push_back(entry.path().string());
  }
  std::sort(tests.begin(), tests.end());
  return tests;
}

std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string ModelNamed(const std::string& name) { return name.starts_with("lkmm") ? name + "-deps" : name; }

// "lkmm=Never race=no": what the comment of a test of ours expects.
std::vector<std::pair<std::string, std::string>> ExpectedOf(const std::string& text) {
  constexpr char kMark[] = "expect: ";
  std::vector<std::pair<std::string, std::string>> expected;
  const size_t at = text.find(kMark);
  if (at == std::string::npos) return expected;
  std::istringstream words(text.substr(at + sizeof kMark - 1, text.find('\n', at) - at - sizeof kMark + 1));
  for (std::string word; words >> word;) expected.emplace_back(word.substr(0, word.find('=')), word.substr(word.find('=') + 1));
  return expected;
}

TEST(LitmusCorpus, OurOwnTestsComeOutAsTheirCommentsReason) {
  size_t judged = 0;
  for (const std::string& path : TestsBelow("checker/litmus/testdata")) {
    const std::string text = ReadText(path);
    const auto expected = ExpectedOf(text);
    EXPECT_FALSE(expected.empty()) << path << " says nothing of what to expect";
    bool race = false;
    for (const auto& [what, wanted] : expected) {
      if (what == "race") {
        EXPECT_EQ(race ? "yes" : "no", wanted) << path << ", data race under the model named last";
        continue;
      }
      Settings settings;
      settings.memory_model = ModelNamed(what);
      const Report report = RunText(text, path, settings);
      EXPECT_EQ(report.error, "");
      EXPECT_EQ(report.verdict, wanted) << path << " under " << what;
      race = report.data_race;
      ++judged;
    }
  }
  EXPECT_GE(judged, 140u);
}

class PublicCorpus : public ::testing::Test {
 protected:
  // The public tests are no part of the repository.
  bool IsThere() {
    const char* const corpora = std::getenv("GRAZE_CORPORA");
    if (corpora != nullptr) folder_ = fs::path(corpora) / "litmus";
    if (corpora != nullptr && fs::exists(folder_ / "expected.csv")) return true;
    std::printf("skipped: GRAZE_CORPORA names no folder with litmus/expected.csv\n");
    return false;
  }

  // Tests with more processes take longer than a test should; `graze litmus` has time for them.
  void Compare(const std::string& model, bool model_6_1, size_t processes_max) {
    Expectations expectations;
    std::string error;
    ASSERT_TRUE(expectations.Read((folder_ / "expected.csv").string(), model_6_1, &error)) << error;
    size_t agree = 0;
    size_t unsupported = 0;
    size_t all = 0;
    for (const std::string& path : TestsBelow(folder_ / "tests")) {
      ParseError problem;
      const std::unique_ptr<LitmusTest> test = Parse(ReadText(path), path, &problem);
      ++all;
      if (test == nullptr) {
        ++unsupported;
        continue;
      }
      if (test->processes.size() > processes_max) continue;
      Settings settings;
      settings.memory_model = model;
      const Report report = RunTest(*test, settings);
      EXPECT_EQ(report.error, "");
      const Comparison comparison = expectations.Compare(report);
      EXPECT_NE(comparison.agreement, Agreement::kDiffers) << path << ": " << comparison.difference;
      if (comparison.agreement == Agreement::kAgrees) ++agree;
    }
    EXPECT_GT(agree, all / 2);
    EXPECT_LT(unsupported * 100, all);  // less than one in a hundred
  }

  fs::path folder_;
};

TEST_F(PublicCorpus, AgreesUnderTheNewestModel) {
  if (IsThere()) Compare("lkmm-deps", false, 7);
}

TEST_F(PublicCorpus, AgreesInVerdictsStatesAndWitnessesUnderTheModelOfLinux61) {
  if (IsThere()) Compare("lkmm-6.1-deps", true, 6);
}

}  // namespace
}  // namespace graze::litmus

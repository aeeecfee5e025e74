// SPDX-License-Identifier: MIT
#include "checker/explore/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checker/base/random.h"

namespace graze::internal {
namespace {

Schedule SmallSchedule() {
  Schedule schedule;
  schedule.threads = {{}, {0}, {0, 3}, {1'000}};
  for (const uint32_t thread : {0U, 0U, 1U, 2U, 2U, 2U, 3U, 0U}) schedule.steps.push_back({.thread = thread});
  schedule.steps[2].choice = 1;
  schedule.steps[3].choice = 300;  // more than one byte
  schedule.steps[7].choice = 2;
  return schedule;
}

TokenHeader SmallHeader() {
  TokenHeader header;
  header.scenario = "Cpumap.EnqueueVsDelete";
  header.generation = "v5.9";
  header.configuration = "start=ran stop=signal";
  header.memory_model = "sc";
  header.trace_hash = 0x00123456789abcde;
  return header;
}

bool operator==(const Schedule& a, const Schedule& b) {
  if (a.threads != b.threads || a.steps.size() != b.steps.size()) return false;
  for (size_t i = 0; i < a.steps.size(); ++i) {
    if (a.steps[i].thread != b.steps[i].thread || a.steps[i].choice != b.steps[i].choice) return false;
  }
  return true;
}

// What parsing says about a token: "" = fine.
std::string ErrorOf(const std::string& token) {
  TokenHeader header;
  Schedule schedule;
  std::string error;
  if (ParseToken(token, &header, &schedule, &error)) {
    EXPECT_EQ(error, "");
    return "";
  }
  EXPECT_NE(error, "") << token;
  EXPECT_EQ(error.find('\n'), std::string::npos) << token;
  return error;
}

// `token` with part `index` (0 = version) replaced.
std::string WithPart(const std::string& token, size_t index, const std::string& part) {
  size_t begin = 0;
  for (size_t i = 0; i < index; ++i) begin = token.find(':', begin) + 1;
  const size_t end = token.find(':', begin);
  return token.substr(0, begin) + part + (end == std::string::npos ? "" : token.substr(end));
}

TEST(Token, SaysTheSameAfterATripThroughText) {
  TokenHeader header;
  Schedule schedule;
  std::string error;
  ASSERT_TRUE(ParseToken(FormatToken(SmallHeader(), SmallSchedule()), &header, &schedule, &error)) << error;
  EXPECT_TRUE(schedule == SmallSchedule());
  EXPECT_EQ(header.scenario, SmallHeader().scenario);
  EXPECT_EQ(header.generation, SmallHeader().generation);
  EXPECT_EQ(header.configuration, SmallHeader().configuration);
  EXPECT_EQ(header.memory_model, SmallHeader().memory_model);
  EXPECT_EQ(header.trace_hash, SmallHeader().trace_hash);
}

TEST(Token, HasBoundsWhereSomeWereSetAndIsAsBeforeWhereNot) {
  TokenHeader header = SmallHeader();
  const std::string without = FormatToken(header, SmallSchedule());
  header.bounds = "bulk=8 ring-size=32";
  const std::string with = FormatToken(header, SmallSchedule());
  EXPECT_EQ(std::count(without.begin(), without.end(), ':'), 6);
  EXPECT_EQ(std::count(with.begin(), with.end(), ':'), 7);
  TokenHeader parsed;
  Schedule schedule;
  std::string error;
  ASSERT_TRUE(ParseToken(with, &parsed, &schedule, &error)) << error;
  EXPECT_EQ(parsed.bounds, header.bounds);
  EXPECT_EQ(parsed.configuration, header.configuration);
  EXPECT_EQ(parsed.trace_hash, header.trace_hash);
  EXPECT_TRUE(schedule == SmallSchedule());
  ASSERT_TRUE(ParseToken(without, &parsed, &schedule, &error)) << error;
  EXPECT_EQ(parsed.bounds, "");
  EXPECT_NE(ErrorOf(with + ":"), "");
}

TEST(Token, OfAnEmptyScheduleIsAToken) {
  TokenHeader header;
  Schedule schedule;
  std::string error;
  EXPECT_TRUE(ParseToken(FormatToken({}, {}), &header, &schedule, &error)) << error;
  EXPECT_TRUE(schedule.steps.empty());
  EXPECT_EQ(header.scenario, "");
}

TEST(Token, KeepsOddCharactersInNamesAndStaysOneWord) {
  for (const std::string odd :
       {"a:b", "50%", "%41", "a b", "a+b", "tab\there", "line\nbreak", "f\xc3\xbcr", "'quoted\"", "%", ":", "+", " "}) {
    TokenHeader header = SmallHeader();
    header.scenario = odd;
    header.configuration = odd + "=" + odd;
    const std::string token = FormatToken(header, SmallSchedule());
    for (const char c : token) EXPECT_TRUE(c > ' ' && c <= '~') << token;
    TokenHeader parsed;
    Schedule schedule;
    std::string error;
    ASSERT_TRUE(ParseToken(token, &parsed, &schedule, &error)) << error;
    EXPECT_EQ(parsed.scenario, odd);
    EXPECT_EQ(parsed.configuration, odd + "=" + odd);
  }
}

TEST(Token, KeepsSchedulesOfEveryShape) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    Schedule schedule;
    const uint32_t threads = 1 + random.Below(5);
    for (uint32_t i = 0; i < threads; ++i) {
      schedule.threads.emplace_back();
      for (uint32_t depth = random.Below(4); depth > 0; --depth) schedule.threads.back().push_back(random.Below(300));
    }
    for (uint32_t steps = random.Below(60); steps > 0; --steps) {
      const uint32_t choice = random.Below(3) == 0 ? random.Below(1'000) : 0;
      schedule.steps.push_back({.thread = random.Below(threads), .choice = choice});
    }
    TokenHeader header;
    Schedule parsed;
    std::string error;
    ASSERT_TRUE(ParseToken(FormatToken(SmallHeader(), schedule), &header, &parsed, &error)) << seed << " " << error;
    EXPECT_TRUE(parsed == schedule) << seed;
  }
}

TEST(Token, OfAnotherVersionIsNamedAsSuch) {
  const std::string error = ErrorOf(WithPart(FormatToken(SmallHeader(), SmallSchedule()), 0, "graze2"));
  EXPECT_NE(error.find("graze2"), std::string::npos) << error;
  EXPECT_NE(error.find("version"), std::string::npos) << error;
}

TEST(Token, ThatIsNoneIsNamedAsSuch) {
  for (const std::string text : {"", "x", "hello world", ":", "::::::", "Cpumap.EnqueueVsDelete:v5.9", "graze", "\n"}) {
    EXPECT_NE(ErrorOf(text).find("not a replay token"), std::string::npos) << text;
  }
}

TEST(Token, ThatWasCutOffAnywhereIsRefused) {
  const std::string token = FormatToken(SmallHeader(), SmallSchedule());
  for (size_t length = 0; length < token.size(); ++length) EXPECT_NE(ErrorOf(token.substr(0, length)), "") << length;
}

TEST(Token, WithAPartTooManyIsRefused) {
  EXPECT_NE(ErrorOf(FormatToken(SmallHeader(), SmallSchedule()) + ":").find("8 parts"), std::string::npos);
}

TEST(Token, WithADamagedHashIsRefused) {
  const std::string token = FormatToken(SmallHeader(), SmallSchedule());
  for (const std::string hash : {"", "0", "00123456789abcdg", "00123456789abcde0", "nonsense", "00123456789abcd "}) {
    EXPECT_NE(ErrorOf(WithPart(token, 5, hash)).find("hash"), std::string::npos) << hash;
  }
}

TEST(Token, WithACharacterThatNoScheduleHasIsRefused) {
  const std::string token = FormatToken(SmallHeader(), SmallSchedule());
  for (const char c : {'!', '=', '/', '+', '\n', '\0', '\xff'}) {
    std::string damaged = token;
    damaged[damaged.size() - 3] = c;
    EXPECT_NE(ErrorOf(damaged).find("schedule"), std::string::npos) << static_cast<int>(c);
  }
}

TEST(Token, WithAnyCharacterOfTheScheduleChangedNeitherCrashesNorGrowsWithoutBound) {
  const std::string token = FormatToken(SmallHeader(), SmallSchedule());
  const size_t begin = token.rfind(':') + 1;
  for (size_t at = begin; at < token.size(); ++at) {
    for (const char c : std::string("Az09-_")) {
      std::string damaged = token;
      damaged[at] = c;
      TokenHeader header;
      Schedule schedule;
      std::string error;
      if (!ParseToken(damaged, &header, &schedule, &error)) {
        EXPECT_NE(error, "");
        continue;
      }
      // Whatever came through is a schedule: every step names a thread.
      for (const Schedule::Step& step : schedule.steps) ASSERT_LT(step.thread, schedule.threads.size());
    }
  }
}

TEST(Token, HeaderAloneIsReadWithTheSameErrors) {
  TokenHeader header;
  std::string error;
  EXPECT_TRUE(ParseTokenHeader(FormatToken(SmallHeader(), SmallSchedule()), &header, &error)) << error;
  EXPECT_EQ(header.scenario, "Cpumap.EnqueueVsDelete");
  EXPECT_FALSE(ParseTokenHeader("graze2:x", &header, &error));
  EXPECT_NE(error.find("version"), std::string::npos) << error;
}

}  // namespace
}  // namespace graze::internal

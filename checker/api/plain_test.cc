// SPDX-License-Identifier: MIT
#include "checker/api/plain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

#include "checker/api/outcomes_for_test.h"

namespace graze {
namespace {

using testing::Describe;
using testing::ExploreOutcomes;
using testing::Outcome;
using testing::Outcomes;
using Row = std::vector<uint64_t>;

bool OnlyRace(const Result& result) {
  return result.verdict == Verdict::kViolation && result.violations.size() == 1 && result.violations[0].kind == ViolationKind::kDataRace;
}

TEST(Plain, BehavesLikeTheTypeItHolds) {
  const Result result = Explore([] {
    plain<int> a{3};
    plain<int> b = a;
    GRAZE_ASSERT(b == 3 && a + b == 6);
    b = 4;
    a = b;
    GRAZE_ASSERT(a == 4 && a.load() == 4);
    GRAZE_ASSERT(++a == 5 && a++ == 5 && --a == 5 && a-- == 5);  // NOLINT(bugprone-inc-dec-in-conditions)
    GRAZE_ASSERT((a += 6) == 10 && (a -= 3) == 7);
    GRAZE_ASSERT((a &= 6) == 6 && (a |= 9) == 15 && (a ^= 1) == 14);
    struct Node {
      plain<int> value;
    };
    Node node;
    plain<Node*> p{&node};
    p->value = 8;
    GRAZE_ASSERT(node.value == 8 && (*p).value == 8);
    plain<bool> flag;
    GRAZE_ASSERT(!flag);
    plain<uint8_t> byte{255};
    byte += 1;
    GRAZE_ASSERT(byte == 0);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);
}

TEST(Plain, UnorderedReadAndWriteRace) {
  const Result result = Explore([] {
    plain<int> x{0};
    run_threads([&] { x = 1; }, [&] { x.load(); });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, UnorderedWritesRace) {
  const Result result = Explore([] {
    plain<int> x{0};
    run_threads([&] { x = 1; }, [&] { x = 1; });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, UnorderedReadsDoNotRace) {
  const Result result = Explore([] {
    plain<int> x{1};
    run_threads([&] { GRAZE_ASSERT(x == 1); }, [&] { GRAZE_ASSERT(x == 1); });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 1U);
}

TEST(Plain, AMarkedAccessRacesWithAPlainOneOfTheSameData) {
  const Result result = Explore([] {
    atomic<int> x{0};
    run_threads([&] { x.store(1); }, [&] { reinterpret_cast<plain<int>&>(x).load(); });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, CreationAndJoinOrderAccesses) {
  const Result result = Explore([] {
    plain<int> x{0};
    x = 1;
    thread child([&] { x += 1; });
    child.join();
    GRAZE_ASSERT(x == 2);
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
}

TEST(Plain, AnAssignmentFromPlainDataIsAReadOfTheSource) {
  const Result result = Explore([] {
    plain<int> source{0};
    plain<int> target{0};
    run_threads([&] { source = 1; }, [&] { target = source; });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, AnAssignmentFromPlainDataIsAWriteOfTheTarget) {
  const Result result = Explore([] {
    plain<int> source{0};
    plain<int> target{0};
    run_threads([&] { target.load(); }, [&] { target = source; });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, CopyingAStructureAccessesEachOfItsFields) {
  struct Pair {
    plain<int> a{0};
    plain<int> b{0};
  };
  const Result result = Explore([] {
    Pair shared;
    run_threads([&] { shared.b = 1; },
                [&] {
                  const Pair copy = shared;  // NOLINT(performance-unnecessary-copy-initialization): that it is copied is what races
                  static_cast<void>(copy);
                });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Plain, AFlagWaitedForOrdersTheData) {
  const Result result = Explore([] {
    plain<int> data{0};
    atomic<int> flag{0};
    run_threads(
        [&] {
          data = 1;
          flag.store(1, std::memory_order_release);
        },
        [&] {
          if (flag.load(std::memory_order_acquire) == 1) GRAZE_ASSERT(data == 1);
        });
  });
  EXPECT_EQ(result.verdict, Verdict::kVerified) << Describe(result);
  EXPECT_EQ(result.executions, 2U);
}

TEST(Plain, DataReadBeforeTheFlagIsSeenRaces) {
  const Result result = Explore([] {
    plain<int> data{0};
    atomic<int> flag{0};
    run_threads(
        [&] {
          data = 1;
          flag.store(1, std::memory_order_release);
        },
        [&] {
          data.load();
          flag.load(std::memory_order_acquire);
        });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Racy, IsExploredAndNeverRaces) {
  const Outcomes outcomes = ExploreOutcomes([] {
    racy<int> x{0};
    int seen = -1;
    run_threads([&] { x = 1; }, [&] { seen = x; });
    Outcome(seen, x.load());
  });
  EXPECT_EQ(outcomes.result.verdict, Verdict::kVerified) << Describe(outcomes.result);
  EXPECT_EQ(outcomes.counts, (std::map<Row, uint64_t>{{{0, 1}, 1}, {{1, 1}, 1}}));
}

TEST(Racy, OrdersNothing) {
  const Result result = Explore([] {
    plain<int> data{0};
    racy<int> flag{0};
    run_threads(
        [&] {
          data = 1;
          flag = 1;
        },
        [&] {
          if (flag == 1) data.load();
        });
  });
  EXPECT_TRUE(OnlyRace(result)) << Describe(result);
}

TEST(Name, ShowsInTheTraceInsteadOfAnAddress) {
  const Result result = Explore([] {
    plain<int> x{0};
    name(x, "the counter");
    run_threads([&] { x = 1; }, [&] { x = 2; });
  });
  ASSERT_TRUE(OnlyRace(result)) << Describe(result);
  bool shown = false;
  for (const TraceStep& step : result.violations[0].trace.steps) shown |= step.location == "the counter";
  EXPECT_TRUE(shown);
}

TEST(Plain, TheTraceOfARaceFlagsItsTwoAccessesAndNothingElse) {
  const Result result = Explore([] {
    plain<int> x{0};
    name(x, "x");
    // Three reads at one position; a race is of one of them with the write.
    run_threads([&] { x.store(1); },
                [&] {
                  for (int i = 0; i < 3; ++i) (void)x.load();
                });
  });
  ASSERT_TRUE(OnlyRace(result)) << Describe(result);
  std::vector<std::string> flagged;
  for (const TraceStep& step : result.violations[0].trace.steps) {
    if (step.important) flagged.push_back(step.op + " " + step.location);
  }
  std::sort(flagged.begin(), flagged.end());
  EXPECT_EQ(flagged, (std::vector<std::string>{"read x", "write x"}));
}

TEST(Plain, ARaceNamesTheLineOfTheLaterAccess) {
  const Result result = Explore([] {
    plain<int> x{0};
    run_threads([&] { x.store(1); }, [&] { x.store(2); });
  });
  ASSERT_TRUE(OnlyRace(result)) << Describe(result);
  EXPECT_EQ(result.violations[0].line, static_cast<unsigned>(__LINE__ - 3));
  EXPECT_TRUE(result.violations[0].file.ends_with("plain_test.cc")) << result.violations[0].file;
}

// The operators have no argument to carry a location, so this goes through the code address.
TEST(Plain, ARaceOfOperatorsNamesALineOfThisFile) {
  const Result result = Explore([] {
    plain<int> x{0};
    run_threads([&] { x = 1; }, [&] { x += 2; });
  });
  ASSERT_TRUE(OnlyRace(result)) << Describe(result);
  EXPECT_EQ(result.violations[0].line, static_cast<unsigned>(__LINE__ - 3));
  EXPECT_TRUE(result.violations[0].file.ends_with("plain_test.cc")) << result.violations[0].file;
}

}  // namespace
}  // namespace graze

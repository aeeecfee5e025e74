// SPDX-License-Identifier: MIT
// What a row prints as its bounds is what its executions had, whoever set them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "checker/cli/bounds.h"
#include "model/cpumap/generations.h"
#include "specs/environment/testbed.h"
#include "specs/scenarios/explore_for_test.h"

namespace specs {
namespace {

namespace observed = cpumap::observed;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

// What one execution had.
struct Seen {
  bool looked = false;
  unsigned frames = 0;
  std::set<uint64_t> ring_sizes;  // that updates asked for
  cpumap::Bounds bounds;
};
Seen g_seen;

void Look(const graze::Variant& /*variant*/, graze::Execution& execution) {
  g_seen = {.looked = true, .frames = 0, .ring_sizes = {}, .bounds = cpumap::bounds};
  for (const graze::Observation& moment : execution.observations()) {
    const std::string_view tag = moment.tag;
    if (tag == observed::kFrameReceived) ++g_seen.frames;
    if (tag == observed::kMapCall && (moment.c & 0xff) == observed::kUpdate) g_seen.ring_sizes.insert(moment.c >> 32);
  }
}

// Of the last of a few executions; nothing is seen of one that fails.
Seen SeenOf(const graze::Scenario& scenario, const graze::Variant& variant) {
  graze::Scenario looked = scenario;
  looked.at_end = &Look;
  looked.rules.clear();
  g_seen = {};
  graze::Explore(looked, variant, {.memory_model = "sc", .executions_max = 5});
  return g_seen;
}

std::string ValueOf(const graze::Variant& variant, const std::string& name) {
  const auto bound = std::ranges::find_if(variant.bounds, [&](const graze::Bound& each) { return each.name == name; });
  return bound == variant.bounds.end() ? "" : bound->value;
}

void ExpectAsPrinted(const graze::Scenario& scenario, const graze::Variant& variant) {
  const Seen seen = SeenOf(scenario, variant);
  EXPECT_TRUE(seen.looked);
  const auto is_settable = [&](const char* name) {
    return std::ranges::any_of(variant.settable, [&](const graze::SettableBound& each) { return each.name == name; });
  };
  // RealBulk brings one less in half of its executions.
  const unsigned frames = scenario.name == "Cpumap.RealBulk" ? seen.frames + 1 : seen.frames;
  if (is_settable("frames")) {
    EXPECT_THAT(ValueOf(variant, "frames"), ::testing::AnyOf(std::to_string(seen.frames), std::to_string(frames)));
  }
  if (is_settable("ring size")) {
    EXPECT_EQ(seen.ring_sizes, std::set<uint64_t>{std::stoull(ValueOf(variant, "ring size"))});
  }
  EXPECT_EQ(ValueOf(variant, "bulk"), std::to_string(seen.bounds.bulk));
  EXPECT_EQ(ValueOf(variant, "ring batch"), std::to_string(seen.bounds.ring_batch));
  EXPECT_EQ(ValueOf(variant, "consumer batch"), std::to_string(seen.bounds.batch));
}

// One generation is enough, for the bodies are the same: the newest of which not every execution fails.
const graze::Variant& VariantToLookAt(const graze::Scenario& scenario) {
  const auto found = std::find_if(scenario.variants.rbegin(), scenario.variants.rend(),
                                  [&](const graze::Variant& each) { return SeenOf(scenario, each).looked; });
  EXPECT_NE(found, scenario.variants.rend()) << scenario.name;
  return found == scenario.variants.rend() ? scenario.variants.back() : *found;
}

TEST(Bounds, AreThoseThatExecutionsHave) {
  std::set<std::string> settable;
  for (const graze::Scenario* scenario : graze::RegisteredScenarios()) {
    if (!scenario->name.starts_with("Cpumap.")) continue;
    const graze::Variant& variant = VariantToLookAt(*scenario);
    SCOPED_TRACE(scenario->name + " " + variant.generation);
    ExpectAsPrinted(*scenario, variant);
    for (const graze::SettableBound& bound : variant.settable) {
      SCOPED_TRACE(bound.name);
      settable.insert(bound.name);
      EXPECT_EQ(ValueOf(variant, bound.name), std::to_string(bound.own));
      EXPECT_LE(bound.min, bound.own);
      EXPECT_LE(bound.own, bound.max);
      std::string why_not;
      const uint64_t other = bound.own == bound.max ? bound.own - 1 : bound.own + 1;
      graze::BoundSettings settings = {{graze::BoundFlag(bound.name), other}};
      if (bound.name == "ring batch") settings.push_back({"ring-size", 64});
      const graze::Variant* changed = graze::WithBounds(variant, settings, &why_not);
      if (changed == nullptr) changed = graze::WithBounds(variant, {settings.front()}, &why_not);  // sizes of the story
      ASSERT_NE(changed, nullptr) << why_not;
      EXPECT_EQ(ValueOf(*changed, bound.name), std::to_string(other));
      EXPECT_EQ(changed->configuration, variant.configuration);
      EXPECT_EQ(changed->without_rules, variant.without_rules);
      ExpectAsPrinted(*scenario, *changed);
    }
  }
  EXPECT_THAT(settable, ElementsAreArray({"allocation failures", "bulk", "consumer batch", "frames", "ring batch", "ring size"}));
}

const graze::Variant* Rebound(const Chosen& chosen, const std::string& settings) {
  graze::BoundSettings parsed;
  std::string why_not;
  EXPECT_TRUE(graze::ParseBoundSettings(settings, &parsed));
  const graze::Variant* const variant = graze::WithBounds(*chosen.variant, parsed, &why_not);
  EXPECT_NE(variant, nullptr) << why_not;
  return variant;
}

struct Twins {
  const char* scenario;
  const char* settings;
  const char* twin;  // the same body, registered with these bounds
};

class BoundsOfTwins : public ::testing::TestWithParam<Twins> {};

TEST_P(BoundsOfTwins, ExploreWhatTheTwinDoes) {
  constexpr char kMasks[] = "start=ran stop=signal should_stop=acquire";
  const Chosen chosen = Choose(GetParam().scenario, "v5.9", kMasks), twin = Choose(GetParam().twin, "v5.9", kMasks);
  const graze::Variant* const variant = Rebound(chosen, GetParam().settings);
  ASSERT_NE(variant, nullptr);
  const graze::Result result = graze::Explore(*chosen.scenario, *variant, {.memory_model = "sc"});
  const graze::Result expected = graze::Explore(*twin.scenario, *twin.variant, {.memory_model = "sc"});
  EXPECT_EQ(result.verdict, expected.verdict) << result.reason;
  EXPECT_EQ(result.executions, expected.executions);
  EXPECT_EQ(result.events, expected.events);
  EXPECT_NE(result.executions, graze::Explore(*chosen.scenario, *chosen.variant, {.memory_model = "sc"}).executions);
}

INSTANTIATE_TEST_SUITE_P(Bodies, BoundsOfTwins,
                         ::testing::Values(Twins{"Cpumap.EnqueueVsDelete", "frames=2", "Cpumap.FullFlush"},
                                           Twins{"Cpumap.RedirectToSelf", "frames=2 bulk=2 ring-size=2 ring-batch=2",
                                                 "Cpumap.RedirectToFullRing"},
                                           Twins{"Cpumap.FullRing", "ring-size=2 ring-batch=2", "Cpumap.RingWraps"}),
                         [](const auto& twins) { return std::string(twins.param.scenario).substr(sizeof "Cpumap." - 1); });

// What D24 takes is a queue that the second task finds full. Where it has room for the frames of both tasks, nobody takes it off the list
// of another; a task still links and unlinks neighbours of a queue that another one tests, under the neighbour's lock: a race of its own.
TEST(Bounds, DecideWhetherABugShows) {
  const auto violations = [](const char* scenario, const std::string& settings) {
    const Chosen chosen = Choose(scenario, "v7.1", "rt=no-bh-lock");
    return ViolationsOf(graze::Explore(*chosen.scenario, *Rebound(chosen, settings), {.memory_model = "sc"}));
  };
  EXPECT_THAT(violations("Cpumap.TwoTasks", ""), ElementsAreArray({"I-INIT/D24", "I-RACE/D24", "I-UAF/D24"}));  // as in verdicts.csv
  EXPECT_THAT(violations("Cpumap.TwoTasks", "bulk=2"), ::testing::IsEmpty());
  EXPECT_THAT(violations("Cpumap.TwoTasksTwoEntries", "bulk=2"), ElementsAreArray({"I-RACE/-"}));
}

TEST(Bounds, ThatDoNotGoTogetherAreRefused) {
  const Chosen chosen = Choose("Cpumap.UpdateVsDelete", "v5.9", "start=ran stop=signal should_stop=acquire");
  const Chosen traffic = Choose("Cpumap.FullFlush", "v5.8", "start=ran stop=signal should_stop=acquire");
  const Chosen old = Choose("Cpumap.FullFlush", "v5.0", "start=ran stop=signal should_stop=acquire");
  std::string why_not;
  EXPECT_EQ(graze::WithBounds(*chosen.variant, {{"ring-size", 3}}, &why_not), nullptr);
  EXPECT_EQ(why_not, "no ring-size to set");  // its updates have sizes of their own
  EXPECT_EQ(graze::WithBounds(*traffic.variant, {{"ring-batch", 2}}, &why_not), nullptr);
  EXPECT_THAT(why_not, HasSubstr("ring-batch of 2 is more than the ring-size 1"));
  EXPECT_NE(graze::WithBounds(*traffic.variant, {{"ring-batch", 2}, {"ring-size", 2}}, &why_not), nullptr);
  EXPECT_EQ(graze::WithBounds(*traffic.variant, {{"bulk", 9}}, &why_not), nullptr);
  EXPECT_EQ(why_not, "bulk is 1 to 8");  // CPU_MAP_BULK_SIZE
  EXPECT_EQ(graze::WithBounds(*traffic.variant, {{"frames", 1}}, &why_not), nullptr);
  // CPUMAP_BATCH came with bulk allocation of skbs, after v5.0.
  EXPECT_NE(graze::WithBounds(*traffic.variant, {{"consumer-batch", 8}}, &why_not), nullptr);
  EXPECT_EQ(graze::WithBounds(*old.variant, {{"consumer-batch", 8}}, &why_not), nullptr);
  EXPECT_EQ(why_not, "no consumer-batch to set");
}

}  // namespace
}  // namespace specs

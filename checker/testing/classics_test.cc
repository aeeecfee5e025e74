// SPDX-License-Identifier: MIT
// The classics against both sides: the oracle says of each what its source says, and the engine has the oracle's graphs.
#include "checker/testing/classics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "checker/testing/differential.h"
#include "checker/testing/oracle.h"

namespace graze::proof {
namespace {

bool HoldsAtTheEnd(const CompleteGraph& graph, char location, uint32_t value) {
  for (int l = 0; l < kLocations; ++l) {
    if (kLocationNames[l][0] == location) return graph.last[static_cast<size_t>(l)] == value;
  }
  return false;
}

bool Shows(const CompleteGraph& graph, const Classic& classic) {
  if (classic.is_about_races()) return graph.raced;
  if (graph.blocked || graph.reads != classic.reads) return false;
  return std::all_of(classic.last.begin(), classic.last.end(),
                     [&](const auto& wanted) { return HoldsAtTheEnd(graph, wanted.first, wanted.second); });
}

size_t ExpectOfOracle(const Classic& classic, const Program& program, const std::string& models, bool possible) {
  std::istringstream names(models);
  size_t judged = 0;
  for (std::string name; names >> name; ++judged) {
    const OracleResult result = BruteForce(program, {.model = ModelFromName(name).value(), .graphs_max = 1'000'000, .keep_text = true});
    EXPECT_FALSE(result.too_large) << classic.name;
    const bool found = std::any_of(result.graphs.begin(), result.graphs.end(), [&](const auto& graph) { return Shows(graph, classic); });
    EXPECT_EQ(found, possible) << classic.name << " under " << name << ":\n" << classic.text;
  }
  return judged;
}

TEST(Classics, TheOracleSaysOfEachWhatItsSourceSays) {
  size_t judged = 0;
  for (size_t i = 0; i < Classics().size(); ++i) {
    const Classic& classic = Classics()[i];
    judged += ExpectOfOracle(classic, ClassicPrograms()[i], classic.possible, true);
    judged += ExpectOfOracle(classic, ClassicPrograms()[i], classic.impossible, false);
  }
  EXPECT_GT(judged, 5 * Classics().size());
}

TEST(Classics, TheEngineHasTheGraphsOfTheOracleUnderEveryModel) {
  for (int m = 0; m < kModels; ++m) {
    for (size_t i = 0; i < Classics().size(); ++i) {
      const EngineSetup setup = VariedSetup(i + static_cast<uint64_t>(m), static_cast<Model>(m));
      const Comparison comparison = Compare(ClassicPrograms()[i], setup);
      EXPECT_EQ(comparison.agreement, Agreement::kEqual) << Classics()[i].name << "\n" << Explain(ClassicPrograms()[i], setup);
    }
  }
}

}  // namespace
}  // namespace graze::proof

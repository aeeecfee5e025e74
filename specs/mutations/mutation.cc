// SPDX-License-Identifier: MIT
#include "specs/mutations/mutation.h"

#include <algorithm>
#include <sstream>

#include "checker/base/check.h"
#include "model/cpumap/generations.h"

namespace specs {
namespace {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::string Joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text.empty() ? "nothing" : text;
}

struct RunRow {
  const char *scenario, *configuration, *expectation, *violations, *memory_model, *generations;
};
struct MutationRow {
  const char *id, *title, *kind, *generations, *memory_model, *on, *left_out;
  std::vector<RunRow> runs;
};

}  // namespace

bool MutationRun::IsFor(const std::string& generation) const {
  return generations.empty() || std::ranges::find(generations, generation) != generations.end();
}

std::string MutationRun::ConfigurationIn(const std::string& generation) const {
  const cpumap::Generation* const known = cpumap::FindGeneration(generation);
  GRAZE_CHECK(known != nullptr);
  std::string text;
  for (const std::string& word : Words(configuration)) {
    if ((word == "start=ran" && known->has_start_handshake) || (word == "stop=signal" && known->has_stop_signal)) continue;
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

const std::vector<Mutation>& Mutations() {
  static const std::vector<Mutation> mutations = [] {
    const std::vector<MutationRow> rows = {
#include "mutation_table.inc"
    };
    std::vector<Mutation> all;
    for (const MutationRow& row : rows) {
      Mutation mutation = {row.id, row.title, row.kind, Words(row.generations), row.memory_model, row.on, row.left_out, {}};
      for (const RunRow& run : row.runs) {
        mutation.runs.push_back(
            {run.scenario, run.configuration, run.expectation, Words(run.violations), run.memory_model, Words(run.generations)});
      }
      all.push_back(std::move(mutation));
    }
    return all;
  }();
  return mutations;
}

bool IsAsExpected(const MutationRun& run, const MutationOutcome& outcome, std::string* why) {
  if (outcome.verdict != "verified" && outcome.verdict != "violation") {
    *why = outcome.verdict + ": " + outcome.reason;
    return false;
  }
  if (run.expectation == "finds") {
    for (const std::string& rule : run.violations) {
      if (std::ranges::find(outcome.rules, rule) == outcome.rules.end()) {
        *why = rule + " expected, got " + Joined(outcome.rules);
        return false;
      }
    }
    return true;
  }
  // "holds" is "shows nothing".
  const std::string expected = Joined(run.violations), got = Joined(outcome.rules_with_ids);
  if (expected != got) *why = expected + " expected, got " + got;
  return expected == got;
}

}  // namespace specs

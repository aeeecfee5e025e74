// SPDX-License-Identifier: MIT
#include "checker/report/bug_table.h"

#include <algorithm>
#include <set>

#include "checker/base/strings.h"

namespace graze {
namespace {

using CouldShow = std::function<bool(const std::string& id, const Search& search)>;
using Hypothetical = std::function<std::string(const Search& search)>;

constexpr char kLegend[] =
    "x: shown; x new: shown, though the generation is not said to have it; not shown: it is said to have it, and no execution explored\n"
    "shows it; ?: a search that could show it has not ended; -: not shown, nor said to be there; empty: not looked for\n";

// In the order in which the searches have them.
std::vector<std::string> GenerationsOf(const std::vector<Search>& searches) {
  std::vector<std::string> generations;
  for (const Search& search : searches) {
    if (!search.generation.empty() && std::ranges::find(generations, search.generation) == generations.end()) {
      generations.push_back(search.generation);
    }
  }
  return generations;
}

bool Shows(const Search& search, const std::string& id) {
  return std::ranges::any_of(search.result.violations, [&](const Violation& violation) { return violation.catalogue_id == id; });
}

constexpr char kOnlyHypothetical[] = "(x)";

// What is the case nowhere says nothing of a generation that it is no bug of.
std::string Cell(const std::vector<Search>& searches, const BugRow& bug, const std::string& generation, const CouldShow& could_show,
                 const Hypothetical& hypothetical) {
  const bool is_said = std::ranges::find(bug.generations, generation) != bug.generations.end();
  bool looked = false, ended = true, elsewhere = false;
  for (const Search& search : searches) {
    if (search.generation != generation) continue;
    if (!hypothetical(search).empty()) {
      elsewhere = elsewhere || Shows(search, bug.id);
      continue;
    }
    if (Shows(search, bug.id)) return is_said ? "x" : "x new";
    if (!could_show(bug.id, search)) continue;
    looked = true;
    ended = ended && (search.result.verdict == Verdict::kVerified || search.result.verdict == Verdict::kViolation);
  }
  if (!is_said) return elsewhere ? kOnlyHypothetical : "-";
  if (!looked) return "";
  return ended ? "not shown" : "?";
}

// Broken rules that no known bug accounts for.
std::string OtherRules(const std::vector<Search>& searches, const std::string& generation) {
  std::set<std::string> rules;
  for (const Search& search : searches) {
    if (search.generation != generation) continue;
    for (const Violation& violation : search.result.violations) {
      if (violation.catalogue_id.empty()) rules.insert(violation.rule);
    }
  }
  return rules.empty() ? "-" : Join(std::vector<std::string>(rules.begin(), rules.end()), " ");
}

// "(x): shown with stop=no-signal only, ..." if the table has such a cell.
std::string HypotheticalLegend(const std::vector<std::vector<std::string>>& table, const std::vector<Search>& searches,
                               const Hypothetical& hypothetical) {
  const bool needed = std::ranges::any_of(table, [](const auto& row) { return std::ranges::find(row, kOnlyHypothetical) != row.end(); });
  if (!needed) return "";
  std::set<std::string> words;
  for (const Search& search : searches) {
    if (!hypothetical(search).empty() && !search.result.violations.empty()) words.insert(hypothetical(search));
  }
  return "(x): shown with " + Join(std::vector<std::string>(words.begin(), words.end()), " or ") +
         " only, as no kernel of that generation is: no bug of it\n";
}

}  // namespace

std::string RenderBugTable(const std::vector<Search>& searches, const std::vector<BugRow>& bugs, const CouldShow& could_show,
                           const Hypothetical& hypothetical) {
  const std::vector<std::string> generations = GenerationsOf(searches);
  if (generations.size() < 2 || bugs.empty()) return "";
  std::vector<std::vector<std::string>> table = {{"bug"}};
  table[0].insert(table[0].end(), generations.begin(), generations.end());
  table[0].emplace_back("what it is");
  for (const BugRow& bug : bugs) {
    std::vector<std::string> row = {bug.id};
    for (const std::string& generation : generations) row.push_back(Cell(searches, bug, generation, could_show, hypothetical));
    // A bug of other generations only has no line here.
    if (std::all_of(row.begin() + 1, row.end(), [](const std::string& cell) { return cell == "-" || cell.empty(); })) continue;
    row.push_back(bug.title);
    table.push_back(std::move(row));
  }
  std::vector<std::string> others = {"others"};
  for (const std::string& generation : generations) others.push_back(OtherRules(searches, generation));
  if (std::any_of(others.begin() + 1, others.end(), [](const std::string& cell) { return cell != "-"; })) {
    others.emplace_back("violations that no known bug accounts for");
    table.push_back(std::move(others));
  }
  return table.size() == 1 ? "" : Columnize(table) + kLegend + HypotheticalLegend(table, searches, hypothetical);
}

}  // namespace graze

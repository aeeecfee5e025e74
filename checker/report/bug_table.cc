// SPDX-License-Identifier: MIT
#include "checker/report/bug_table.h"

#include <algorithm>
#include <set>

#include "checker/base/strings.h"

namespace graze {
namespace {

using Conditions = std::map<std::string, std::string>;

constexpr size_t kLegendWidth = 130;
constexpr char kLegend[] =
    "x: shown; x new: shown, though the generation is not said to have it; not shown: it is said to have it, and no execution explored\n"
    "shows it; not searched: it is said to have it, and not all searches that could show it are among these; ?: a search that could\n"
    "show it has not ended; -: not shown, nor said to be there\n";
constexpr char kNotSearched[] = "not searched";

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

// What all searches that show the bug have in common, as " HS"; `legend` comes to hold what the letters mean.
std::string Letters(const std::vector<Conditions>& shown_with, Conditions* legend) {
  std::string letters;
  for (const auto& [letter, meaning] : shown_with.front()) {
    if (!std::ranges::all_of(shown_with, [&](const Conditions& each) { return each.contains(letter); })) continue;
    letters += letter;
    legend->emplace(letter, meaning);
  }
  return letters.empty() ? "" : " " + letters;
}

// What is the case nowhere says nothing of a generation that it is no bug of.
std::string Cell(const std::vector<Search>& searches, const BugRow& bug, const std::string& generation, const BugTableQueries& queries,
                 Conditions* legend) {
  const bool is_said = std::ranges::find(bug.generations, generation) != bug.generations.end();
  bool looked = false, ended = true, elsewhere = false;
  std::vector<Conditions> shown_with;
  for (const Search& search : searches) {
    if (search.generation != generation) continue;
    if (!queries.hypothetical(search).empty()) {
      elsewhere = elsewhere || Shows(search, bug.id);
      continue;
    }
    if (Shows(search, bug.id)) shown_with.push_back(queries.conditions(bug.id, search));
    if (!queries.could_show(bug.id, search)) continue;
    looked = true;
    ended = ended && (search.result.verdict == Verdict::kVerified || search.result.verdict == Verdict::kViolation);
  }
  if (!shown_with.empty()) return (is_said ? "x" : "x new") + Letters(shown_with, legend);
  if (!is_said) return elsewhere ? kOnlyHypothetical : "-";
  if (!looked || (queries.left_out != nullptr && queries.left_out(bug.id, generation))) return kNotSearched;
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
                               const BugTableQueries& queries) {
  const bool needed = std::ranges::any_of(table, [](const auto& row) { return std::ranges::find(row, kOnlyHypothetical) != row.end(); });
  if (!needed) return "";
  std::set<std::string> words;
  for (const Search& search : searches) {
    const std::string word = queries.hypothetical(search);
    if (!word.empty() && !search.result.violations.empty()) words.insert(word);
  }
  return "(x): shown with " + Join(std::vector<std::string>(words.begin(), words.end()), " or ") +
         " only, as no kernel of that generation is: no bug of it\n";
}

// "letters: shown only with H a CPU that goes offline, ..." in lines that are not too long.
std::string LetterLegend(const Conditions& legend) {
  if (legend.empty()) return "";
  std::string text = "letters: shown only with ";
  size_t line = text.size();
  bool first = true;
  for (const auto& [letter, meaning] : legend) {
    const std::string part = letter + " " + meaning;
    if (!first && line + part.size() > kLegendWidth) {
      text += ",\n";
      line = 0;
    } else if (!first) {
      text += ", ";
    }
    text += part;
    line += part.size() + 2;
    first = false;
  }
  return text + "\n";
}

// D5 before D10.
bool IsBefore(const BugRow& x, const BugRow& y) { return x.id.size() != y.id.size() ? x.id.size() < y.id.size() : x.id < y.id; }

}  // namespace

std::string RenderBugTable(const std::vector<Search>& searches, std::vector<BugRow> bugs, const BugTableQueries& queries) {
  const std::vector<std::string> generations = GenerationsOf(searches);
  if (generations.size() < 2 || bugs.empty()) return "";
  std::vector<std::vector<std::string>> table = {{"bug"}};
  table[0].insert(table[0].end(), generations.begin(), generations.end());
  table[0].emplace_back("what it is");
  std::ranges::sort(bugs, &IsBefore);  // no two have one id
  Conditions legend;
  for (const BugRow& bug : bugs) {
    std::vector<std::string> row = {bug.id};
    for (const std::string& generation : generations) row.push_back(Cell(searches, bug, generation, queries, &legend));
    // A bug of other generations only has no line here, nor has one that nobody looked for.
    if (std::all_of(row.begin() + 1, row.end(), [](const std::string& cell) { return cell == "-" || cell == kNotSearched; })) continue;
    row.push_back(bug.title);
    table.push_back(std::move(row));
  }
  std::vector<std::string> others = {"others"};
  for (const std::string& generation : generations) others.push_back(OtherRules(searches, generation));
  if (std::any_of(others.begin() + 1, others.end(), [](const std::string& cell) { return cell != "-"; })) {
    others.emplace_back("violations that no known bug accounts for");
    table.push_back(std::move(others));
  }
  return table.size() == 1 ? "" : Columnize(table) + kLegend + LetterLegend(legend) + HypotheticalLegend(table, searches, queries);
}

}  // namespace graze

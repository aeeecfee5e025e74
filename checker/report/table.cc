// SPDX-License-Identifier: MIT
#include "checker/report/table.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "checker/base/strings.h"

namespace graze {
namespace {

constexpr size_t kWidthMax = 140;

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, seconds < 10 ? "%.2f" : "%.1f", seconds);
  return text;
}

std::string VerdictText(const VerdictRow& row) {
  if (row.part == Part::kRest && row.verdict == Verdict::kVerified && !row.reason.empty()) return "  rest: " + row.reason;
  std::string text = row.part == Part::kRest ? "  rest: " : "";
  text += ToString(row.verdict);
  if (row.violation != nullptr) {
    text += " " + (row.violation->catalogue_id.empty() ? std::string() : row.violation->catalogue_id + " ") + row.violation->rule;
  }
  // What is at fault in an error is a matter of its own, below the table.
  if (!row.reason.empty() && row.verdict != Verdict::kError) text += ": " + Clip(OneLine(row.reason), kReasonMax);
  return text;
}

// Masks are bounds as well; those that the configuration spells out already are left out.
std::string BoundsText(const Search& search) {
  std::vector<std::string> parts;
  const std::string masks = " " + search.configuration + " ";
  for (const Bound& bound : search.result.bounds) {
    if (masks.find(" " + bound.name + "=" + bound.value + " ") != std::string::npos) continue;
    parts.push_back(TextOf(bound));
  }
  return parts.empty() ? "-" : Join(parts, ", ");
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

bool LooksLikeNumber(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789,.") == std::string::npos; }

size_t LongestLine(const std::string& text) {
  size_t longest = 0, begin = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

// What stands in the column of bounds: their text, or its number in `legend`, which grows by it.
std::string BoundsCell(const Search& search, std::vector<std::string>* legend) {
  std::string text = BoundsText(search);
  if (legend == nullptr || text == "-") return text;
  auto known = std::find(legend->begin(), legend->end(), text);
  if (known == legend->end()) known = legend->insert(legend->end(), text);
  return "[" + std::to_string(known - legend->begin() + 1) + "]";
}

std::vector<std::vector<std::string>> TableCells(const std::vector<VerdictRow>& rows, std::vector<std::string>* legend) {
  std::vector<std::vector<std::string>> table = {
      {"scenario", "generation", "model", "configuration", "verdict", "shown by", "executions", "blocked", "doomed", "seconds", "bounds"}};
  const Search* previous = nullptr;
  for (const VerdictRow& row : rows) {
    const Search& search = *row.search;
    const bool first = row.search != previous;
    previous = row.search;
    const std::string shown_by = row.violation != nullptr ? WithCommas(row.violation->count) : "";
    const std::string bounds = BoundsCell(search, legend);
    if (first) {
      std::string configuration = OrDash(search.configuration);
      if (!search.mutation.empty()) configuration += " + " + search.mutation;
      table.push_back({search.scenario, OrDash(search.generation), search.memory_model, configuration, VerdictText(row), shown_by,
                       WithCommas(search.result.executions), WithCommas(search.result.blocked), WithCommas(search.result.doomed),
                       Seconds(search.result.seconds), bounds});
    } else {
      // The numbers of the search stand in its first row.
      table.push_back({"", "", "", "", VerdictText(row), shown_by, "", "", "", "", legend == nullptr ? "" : bounds});
    }
  }
  // Where no search has such a graph there is nothing to say.
  const auto doomed = std::find(table.front().begin(), table.front().end(), "doomed") - table.front().begin();
  if (std::ranges::none_of(rows, [](const VerdictRow& row) { return row.search->result.doomed > 0; })) {
    for (auto& row : table) row.erase(row.begin() + doomed);
  }
  return table;
}

}  // namespace

const char* ToString(Part part) {
  switch (part) {
    case Part::kAll: return "all";
    case Part::kViolation: return "violation";
    case Part::kRest: return "rest";
  }
  return "?";
}

std::string TextOf(const Bound& bound) {
  const std::string text = bound.value.empty() ? bound.name : bound.name + " " + bound.value;
  return bound.own.empty() ? text : text + " (instead of " + bound.own + ")";
}

std::string BoundsSetText(const std::vector<Bound>& bounds) {
  std::vector<std::string> parts;
  for (const Bound& bound : bounds) {
    if (!bound.own.empty()) parts.push_back(TextOf(bound));
  }
  return Join(parts, ", ");
}

std::vector<VerdictRow> RowsOf(const std::vector<Search>& searches) {
  std::vector<VerdictRow> rows;
  for (const Search& search : searches) {
    const Result& result = search.result;
    for (const Violation& violation : result.violations) {
      rows.push_back({&search, Part::kViolation, &violation, Verdict::kViolation, ""});
    }
    if (result.violations.empty()) {
      rows.push_back({&search, Part::kAll, nullptr, result.verdict, result.reason});
    } else if (result.verdict == Verdict::kError) {
      rows.push_back({&search, Part::kRest, nullptr, Verdict::kError, result.reason});
    } else if (result.rest_holds) {
      // Every execution shows one of the violations: nothing is claimed of the others, and that is said.
      const bool none_left = std::ranges::any_of(result.violations, [&](const Violation& each) { return each.count >= result.executions; });
      rows.push_back({&search, Part::kRest, nullptr, Verdict::kVerified, none_left ? "no other execution" : ""});
    } else {
      rows.push_back({&search, Part::kRest, nullptr, Verdict::kInconclusive, result.reason.empty() ? "not all explored" : result.reason});
    }
  }
  return rows;
}

void RejectVacuousPass(Search* search) {
  Result& result = search->result;
  if (result.verdict != Verdict::kVerified) return;
  std::string fault;
  if (result.executions == 0) {
    fault = "no execution came to its end, so nothing was checked";
    if (result.blocked > 0) fault += " (" + Count(result.blocked, "blocked one", "blocked ones") + ")";
  } else if (result.events_max == 1 || result.events_max == 2) {
    fault = "the scenario does nothing that could be checked";  // its first thread begins and ends
  } else {
    std::vector<std::string> unchecked;
    for (const std::string& rule : search->rules) {
      const auto checks = result.checks.find(rule);
      if (checks == result.checks.end() || checks->second == 0) unchecked.push_back(rule);
    }
    if (!unchecked.empty()) fault = Join(unchecked, ", ") + " never had anything to check";
  }
  if (fault.empty()) return;
  result.verdict = Verdict::kError;
  result.reason = fault;
}

std::string Columnize(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += "  ";
      line += LooksLikeNumber(row[i]) && i + 1 < row.size() ? PadLeft(row[i], widths[i]) : PadRight(row[i], widths[i]);
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  return text;
}

std::string RenderTable(const std::vector<VerdictRow>& rows) {
  std::string inlined = Columnize(TableCells(rows, nullptr));
  if (LongestLine(inlined) <= kWidthMax) return inlined;
  // Where the bounds make the rows too wide, each row names them by number.
  std::vector<std::string> bounds;
  std::string text = Columnize(TableCells(rows, &bounds)) + "\n";
  for (size_t i = 0; i < bounds.size(); ++i) text += (i == 0 ? "bounds [" : "       [") + std::to_string(i + 1) + "] " + bounds[i] + "\n";
  return text;
}

std::string RenderChecks(const std::vector<Search>& searches) {
  std::map<std::string, std::pair<uint64_t, uint64_t>> sums;  // rule -> checks, searches
  for (const Search& search : searches) {
    for (const std::string& rule : search.rules) sums[rule];
    for (const auto& [rule, times] : search.result.checks) {
      sums[rule].first += times;
      if (times > 0) ++sums[rule].second;
    }
  }
  if (sums.empty()) return "";
  std::vector<std::vector<std::string>> table = {{"invariant", "checks", "searches"}};
  for (const auto& [rule, sum] : sums) table.push_back({rule, WithCommas(sum.first), WithCommas(sum.second)});
  for (auto& row : table) row.emplace_back();
  return Columnize(table);
}

std::string RenderSummary(const std::vector<Search>& searches, double wall_seconds) {
  std::map<Verdict, uint64_t> verdicts;
  std::set<std::pair<std::string, std::string>> distinct;
  uint64_t executions = 0, blocked = 0, doomed = 0;
  for (const Search& search : searches) {
    ++verdicts[search.result.verdict];
    executions += search.result.executions;
    blocked += search.result.blocked;
    doomed += search.result.doomed;
    for (const Violation& violation : search.result.violations) distinct.emplace(violation.rule, violation.catalogue_id);
  }
  std::vector<std::string> parts;
  const auto add = [&](Verdict verdict, const std::string& what) {
    if (verdicts[verdict] > 0) parts.push_back(WithCommas(verdicts[verdict]) + " " + what);
  };
  add(Verdict::kVerified, "verified");
  add(Verdict::kViolation, "with violations (" + WithCommas(distinct.size()) + " distinct)");
  add(Verdict::kInconclusive, "inconclusive");
  add(Verdict::kError, "in error");
  return Count(searches.size(), "search", "searches") + ": " + Join(parts, ", ") + "; " + Count(executions, "execution") + ", " +
         WithCommas(blocked) + " blocked" + (doomed > 0 ? ", " + WithCommas(doomed) + " doomed" : "") + "; " + Seconds(wall_seconds) +
         " s\n";
}

}  // namespace graze

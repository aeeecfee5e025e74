// SPDX-License-Identifier: MIT
#include "checker/report/relevance.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>

namespace graze {
namespace {

// Bounds the work on very long traces: each try costs a pass over the trace.
constexpr size_t kRejectedMax = 200;

template <size_t N>
bool IsOneOf(std::string_view op, const std::array<std::string_view, N>& ops) {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

Relevance RankByVerb(std::string_view op) {
  static constexpr std::array<std::string_view, 6> kTurningPoints = {"create", "free", "grace-period", "blocked", "fail", "choose"};
  static constexpr std::array<std::string_view, 3> kCalls = {"call", "return", "note"};
  static constexpr std::array<std::string_view, 3> kTurns = {"begin", "end", "join"};
  if (IsOneOf(op, kTurningPoints)) return Relevance::kTurningPoint;
  if (IsOneOf(op, kCalls)) return Relevance::kCall;
  if (IsOneOf(op, kTurns)) return Relevance::kSwitch;
  return Relevance::kBackground;
}

// The objects that the violation is about: those of its failing step, else all of its types.
std::vector<std::string> Subjects(const Violation& violation) {
  for (auto step = violation.trace.steps.rbegin(); step != violation.trace.steps.rend(); ++step) {
    if (step->op == "fail" && !step->object.empty()) return {step->object};
  }
  std::vector<std::string> subjects;
  for (const ObjectLife& life : violation.trace.objects) {
    const bool leaked = std::find(violation.objects.begin(), violation.objects.end(), life.type) != violation.objects.end();
    const bool leaked_here = violation.objects.empty() || life.alive;
    if (life.type == violation.object || (leaked && leaked_here)) subjects.push_back(life.object);
  }
  return subjects;
}

// Keeps the indices for which `keep` holds as rows, and folds the visible steps between them. Where a fold would hide a single step, the
// step takes the line itself.
std::vector<FoldedRow> Rows(const std::vector<Relevance>& ranks, const std::vector<bool>& keep) {
  std::vector<FoldedRow> rows;
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] == Relevance::kHidden) continue;
    if (keep[i]) {
      rows.push_back({i, 0});
    } else if (!rows.empty() && rows.back().folded > 0) {
      ++rows.back().folded;
    } else {
      rows.push_back({i, 1});
    }
  }
  for (FoldedRow& row : rows) {
    if (row.folded == 1) row.folded = 0;
  }
  return rows;
}

}  // namespace

std::vector<Relevance> RankSteps(const Violation& violation) {
  const std::vector<TraceStep>& steps = violation.trace.steps;
  const std::vector<std::string> subjects = Subjects(violation);
  std::vector<Relevance> ranks(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool turns = i == 0 || i + 1 == steps.size() || steps[i - 1].thread != steps[i].thread || steps[i + 1].thread != steps[i].thread;
    ranks[i] = std::max(RankByVerb(steps[i].op), turns ? Relevance::kSwitch : Relevance::kBackground);
    if (std::find(subjects.begin(), subjects.end(), steps[i].object) != subjects.end()) ranks[i] = Relevance::kSubject;
    if (steps[i].important) ranks[i] = Relevance::kImportant;
    if (steps[i].internal && !steps[i].important) ranks[i] = Relevance::kHidden;
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    if (!steps[i].important || steps[i].reads_from == 0) continue;
    for (size_t w = 0; w < steps.size(); ++w) {
      if (steps[w].number == steps[i].reads_from && ranks[w] != Relevance::kHidden) ranks[w] = std::max(ranks[w], Relevance::kTurningPoint);
    }
  }
  return ranks;
}

std::vector<FoldedRow> FoldSteps(const Violation& violation, size_t rows_max) {
  const std::vector<Relevance> ranks = RankSteps(violation);
  std::vector<size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), 0);
  // Most relevant first; of two alike the one nearer to the failure.
  std::sort(order.begin(), order.end(), [&](size_t x, size_t y) { return ranks[x] != ranks[y] ? ranks[x] > ranks[y] : x > y; });
  std::vector<bool> keep(ranks.size(), true);
  std::vector<FoldedRow> rows = Rows(ranks, keep);
  if (rows.size() <= rows_max) return rows;
  // The longest prefix of that order that fits; a little more than it may fit again, since a filled gap saves the line of its fold.
  keep.assign(ranks.size(), false);
  for (auto last = ranks.rbegin(); last != ranks.rend(); ++last) {
    if (*last == Relevance::kHidden) continue;
    keep[static_cast<size_t>(ranks.rend() - last) - 1] = true;
    break;
  }
  size_t rejected = 0;
  for (size_t index : order) {
    if (keep[index] || ranks[index] == Relevance::kHidden) continue;
    keep[index] = true;
    if (Rows(ranks, keep).size() <= rows_max) continue;
    keep[index] = false;
    if (++rejected == kRejectedMax) break;
  }
  return Rows(ranks, keep);
}

std::vector<FoldedRow> AllSteps(const Trace& trace) {
  std::vector<FoldedRow> rows;
  for (size_t i = 0; i < trace.steps.size(); ++i) rows.push_back({i, 0});
  return rows;
}

}  // namespace graze

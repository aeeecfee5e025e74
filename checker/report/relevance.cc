// SPDX-License-Identifier: MIT
#include "checker/report/relevance.h"

#include <algorithm>
#include <initializer_list>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace graze {
namespace {

// Bounds the work on very long traces: each try costs a pass over the trace.
constexpr size_t kRejectedMax = 200;

bool IsOneOf(std::string_view op, std::initializer_list<std::string_view> ops) {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

Relevance RankByVerb(const TraceStep& step) {
  // A call that gives nothing back says nothing by its end.
  if (step.op == "return" && step.text.empty() && step.value.empty()) return Relevance::kSwitch;
  if (IsOneOf(step.op, {"blocked", "fail", "choose"})) return Relevance::kTurningPoint;
  if (IsOneOf(step.op, {"call", "return", "note", "create", "grace-period"})) return Relevance::kCall;
  if (step.op == "free") return Relevance::kCommunication;
  return Relevance::kBackground;
}

// Recorders flag these wherever they stand; whether they matter depends on what they are about.
bool IsFlaggedAnywhere(const TraceStep& step) { return IsOneOf(step.op, {"call", "return", "free", "grace-period"}); }

// The objects that the violation is about: those that threads wait on for ever, the one of the failing step, else all of its types.
std::set<std::string> Subjects(const Violation& violation) {
  std::set<std::string> subjects;
  for (const BlockedThread& blocked : violation.trace.blocked) {
    for (const TraceStep& step : violation.trace.steps) {
      if (!blocked.location.empty() && step.location == blocked.location && !step.object.empty()) subjects.insert(step.object);
    }
  }
  if (!subjects.empty()) return subjects;
  for (auto step = violation.trace.steps.rbegin(); step != violation.trace.steps.rend(); ++step) {
    if (step->op == "fail" && !step->object.empty()) return {step->object};
  }
  for (const ObjectLife& life : violation.trace.objects) {
    const bool leaked = std::find(violation.objects.begin(), violation.objects.end(), life.type) != violation.objects.end();
    if (life.type == violation.object || (leaked && life.alive)) subjects.insert(life.object);
  }
  return subjects;
}

std::unordered_map<uint32_t, size_t> IndexByNumber(const std::vector<TraceStep>& steps) {
  std::unordered_map<uint32_t, size_t> index;
  for (size_t i = 0; i < steps.size(); ++i) index[steps[i].number] = i;
  return index;
}

Relevance RankAlone(const TraceStep& step, const std::set<std::string>& subjects, bool hangs) {
  if (step.important && !IsFlaggedAnywhere(step)) return Relevance::kImportant;
  if (step.internal) return Relevance::kHidden;
  const Relevance rank = RankByVerb(step);
  if (!subjects.contains(step.object)) return rank;
  if (IsOneOf(step.op, {"alloc", "lock", "unlock"})) return std::max(rank, Relevance::kCall);
  // Of what a thread sleeps on every access counts; of other objects most accesses are routine.
  if (hangs || !IsOneOf(step.op, {"read", "write"})) return Relevance::kSubject;
  return std::max(rank, Relevance::kSwitch);
}

// Keeps the steps for which `keep` holds as rows, and folds the visible ones between them. Where a fold would hide a single step, the
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
  const std::set<std::string> subjects = Subjects(violation);
  const std::unordered_map<uint32_t, size_t> index = IndexByNumber(steps);
  std::vector<Relevance> ranks(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) ranks[i] = RankAlone(steps[i], subjects, !violation.trace.blocked.empty());
  const auto raise = [&](size_t i, Relevance rank) {
    if (ranks[i] != Relevance::kHidden) ranks[i] = std::max(ranks[i], rank);
  };
  for (size_t i = 0; i < steps.size(); ++i) {
    const bool turns = i == 0 || i + 1 == steps.size() || steps[i - 1].thread != steps[i].thread || steps[i + 1].thread != steps[i].thread;
    if (turns) raise(i, Relevance::kSwitch);
    const auto source = index.find(steps[i].reads_from);
    if (source == index.end()) continue;
    if (ranks[i] == Relevance::kImportant) raise(source->second, Relevance::kTurningPoint);
    if (steps[i].internal || steps[source->second].thread == steps[i].thread) continue;
    const bool synchronises = steps[source->second].op == "rmw" || IsOneOf(steps[i].op, {"rmw", "cas-fail", "await"});
    raise(i, synchronises ? Relevance::kTurningPoint : Relevance::kCommunication);
    raise(source->second, steps[source->second].op == "rmw" ? Relevance::kTurningPoint : Relevance::kCommunication);
  }
  return ranks;
}

size_t FocusOf(const Violation& violation) {
  const std::vector<TraceStep>& steps = violation.trace.steps;
  const std::set<std::string> subjects = Subjects(violation);
  for (size_t i = steps.size(); i-- > 0;) {
    if (steps[i].important && !IsFlaggedAnywhere(steps[i])) return i;
  }
  for (size_t i = steps.size(); i-- > 0;) {
    if (subjects.contains(steps[i].object)) return i;
  }
  return steps.empty() ? 0 : steps.size() - 1;
}

std::vector<FoldedRow> FoldSteps(const Violation& violation, size_t rows_max) {
  const std::vector<Relevance> ranks = RankSteps(violation);
  const size_t focus = FocusOf(violation);
  const auto distance = [&](size_t i) { return i > focus ? i - focus : focus - i; };
  std::vector<size_t> order(ranks.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t x, size_t y) {
    if (ranks[x] != ranks[y]) return ranks[x] > ranks[y];
    return distance(x) != distance(y) ? distance(x) < distance(y) : x < y;
  });
  std::vector<bool> keep(ranks.size(), true);
  std::vector<FoldedRow> rows = Rows(ranks, keep);
  if (rows.size() <= rows_max) return rows;
  // The longest prefix of that order that fits; a little more than it may fit again, since a filled gap saves the line of its fold.
  keep.assign(ranks.size(), false);
  size_t rejected = 0;
  for (size_t index : order) {
    if (ranks[index] == Relevance::kHidden) continue;
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

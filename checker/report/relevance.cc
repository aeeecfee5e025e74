// SPDX-License-Identifier: MIT
#include "checker/report/relevance.h"

#include <algorithm>
#include <initializer_list>
#include <map>
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
  if (IsOneOf(step.op, {"call", "return", "note", "create", "grace-period", "srcu-grace-period"})) return Relevance::kCall;
  if (step.op == "free") return Relevance::kCommunication;
  return Relevance::kBackground;
}

// Recorders flag these wherever they stand; whether they matter depends on what they are about.
bool IsFlaggedAnywhere(const TraceStep& step) { return IsOneOf(step.op, {"call", "return", "free", "grace-period", "srcu-grace-period"}); }

bool IsFlagged(const TraceStep& step) { return step.important && !IsFlaggedAnywhere(step); }

// Whether recorders flag the very accesses that it consists of.
bool IsAboutAccesses(const Violation& violation) {
  using enum ViolationKind;
  return violation.kind == kDataRace || violation.kind == kUseAfterFree || violation.kind == kDoubleFree ||
         violation.kind == kUninitializedRead;
}

// The objects that the violation is about: those that threads wait on for ever, those of the failing steps, else all of its types.
std::set<std::string> Subjects(const Violation& violation) {
  std::set<std::string> subjects;
  for (const BlockedThread& blocked : violation.trace.blocked) {
    for (const TraceStep& step : violation.trace.steps) {
      const bool waits_on = IsAboutAHang(violation) && !blocked.location.empty() && step.location == blocked.location;
      if (waits_on && !step.object.empty()) subjects.insert(step.object);
    }
  }
  if (!subjects.empty()) return subjects;
  for (auto step = violation.trace.steps.rbegin(); step != violation.trace.steps.rend(); ++step) {
    if (step->op == "fail" && !step->object.empty()) return {step->object};
  }
  for (const TraceStep& step : violation.trace.steps) {
    if (IsAboutAccesses(violation) && IsFlagged(step) && !step.object.empty()) subjects.insert(step.object);
  }
  if (!subjects.empty()) return subjects;
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
  if (IsFlagged(step)) return Relevance::kImportant;
  if (step.internal) return Relevance::kHidden;
  const Relevance rank = RankByVerb(step);
  if (!subjects.contains(step.object)) return rank;
  if (IsOneOf(step.op, {"alloc", "lock", "unlock"})) return std::max(rank, Relevance::kCall);
  // Of what a thread sleeps on every access counts; of other objects most accesses are routine.
  if (hangs || !IsOneOf(step.op, {"read", "write"})) return Relevance::kSubject;
  return std::max(rank, Relevance::kSwitch);
}

// The object that a step got the address of: "rcpu#1" of "= rcpu#1", "= &rcpu#1.node" and "rcpu#1 -> 0".
std::string_view ObjectRead(const TraceStep& step) {
  if (!IsOneOf(step.op, {"read", "rmw", "cas-fail", "await"})) return {};
  std::string_view value = step.value;
  value = value.substr(0, value.find(" -> "));
  if (value.starts_with("= ")) value.remove_prefix(2);
  if (!value.starts_with("&")) return value;
  return value.substr(1, value.find_first_of(".+") - 1);
}

// Marks the steps without which a reader has to take the violation on trust.
class Decisive {
 public:
  Decisive(const Violation& violation, const std::unordered_map<uint32_t, size_t>& index)
      : violation_(violation), steps_(violation.trace.steps), index_(index), decisive_(steps_.size(), false) {
    if (!IsAboutAccesses(violation)) return;
    std::vector<size_t> accesses;
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (IsFlagged(steps_[i])) accesses.push_back(i);
    }
    for (size_t i : accesses) {
      decisive_[i] = true;
      MarkHowItCameBy(i);
    }
    MarkFrees(accesses);
  }

  const std::vector<bool>& get() const { return decisive_; }

 private:
  // How the thread of step `i` has the address of the object: the last read of it before, the first one of the same, and the write of
  // another thread that they read from.
  void MarkHowItCameBy(size_t i) {
    const TraceStep& access = steps_[i];
    const auto gives = [&](size_t r) {
      const TraceStep& read = steps_[r];
      return read.thread == access.thread && read.object != access.object && ObjectRead(read) == access.object;
    };
    size_t last = i;
    while (last > 0 && !gives(last - 1)) --last;
    if (last-- == 0 || access.object.empty()) return;
    const auto source = index_.find(steps_[last].reads_from);
    if (source == index_.end() || steps_[source->second].thread == access.thread) return;
    size_t first = std::min(source->second, last);
    while (!gives(first) || steps_[first].reads_from != steps_[last].reads_from) ++first;
    decisive_[source->second] = decisive_[first] = decisive_[last] = true;
    // What it had put there itself before another thread did.
    for (size_t w = source->second; w-- > 0;) {
      if (steps_[w].location != steps_[source->second].location || !IsOneOf(steps_[w].op, {"write", "rmw"})) continue;
      if (steps_[w].thread == access.thread) decisive_[w] = true;
      break;
    }
  }

  // Of a double free both; else those of what is used.
  void MarkFrees(const std::vector<size_t>& accesses) {
    const bool twice = violation_.kind == ViolationKind::kDoubleFree;
    if (!twice && violation_.kind != ViolationKind::kUseAfterFree) return;
    std::map<std::string_view, std::vector<size_t>> frees;
    for (size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].op == "free" && !steps_[i].object.empty()) frees[steps_[i].object].push_back(i);
    }
    for (const auto& [object, at] : frees) {
      const bool used = std::any_of(accesses.begin(), accesses.end(), [&](size_t i) { return steps_[i].object == object; });
      if (twice ? at.size() < 2 : !used) continue;
      for (size_t i : at) {
        decisive_[i] = true;
        MarkHowItCameBy(i);
      }
    }
  }

  const Violation& violation_;
  const std::vector<TraceStep>& steps_;
  const std::unordered_map<uint32_t, size_t>& index_;
  std::vector<bool> decisive_;
};

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

bool IsAboutAHang(const Violation& violation) {
  return violation.kind == ViolationKind::kDeadlock || violation.kind == ViolationKind::kHungTask;
}

std::vector<Relevance> RankSteps(const Violation& violation, const std::vector<size_t>& named) {
  const std::vector<TraceStep>& steps = violation.trace.steps;
  const std::set<std::string> subjects = Subjects(violation);
  const std::unordered_map<uint32_t, size_t> index = IndexByNumber(steps);
  std::vector<Relevance> ranks(steps.size());
  for (size_t i = 0; i < steps.size(); ++i) ranks[i] = RankAlone(steps[i], subjects, IsAboutAHang(violation));
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
  const Decisive decisive(violation, index);
  for (size_t i = 0; i < steps.size(); ++i) {
    if (decisive.get()[i]) ranks[i] = Relevance::kDecisive;
  }
  for (size_t i : named) ranks[i] = Relevance::kDecisive;
  return ranks;
}

std::vector<StaleRead> StaleReads(const Trace& trace) {
  std::vector<StaleRead> stale;
  std::unordered_map<std::string_view, size_t> newest;  // write of each location
  for (size_t i = 0; i < trace.steps.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    if (step.location.empty()) continue;
    if (IsOneOf(step.op, {"write", "rmw"})) {
      newest[step.location] = i;
    } else if (IsOneOf(step.op, {"read", "cas-fail", "await"}) && !step.internal) {
      const auto write = newest.find(step.location);
      if (write != newest.end() && trace.steps[write->second].number > step.reads_from) stale.push_back({i, write->second});
    }
  }
  return stale;
}

size_t FocusOf(const Violation& violation) {
  const std::vector<TraceStep>& steps = violation.trace.steps;
  const std::set<std::string> subjects = Subjects(violation);
  for (size_t i = steps.size(); i-- > 0;) {
    if (IsFlagged(steps[i])) return i;
  }
  for (size_t i = steps.size(); i-- > 0;) {
    if (subjects.contains(steps[i].object)) return i;
  }
  return steps.empty() ? 0 : steps.size() - 1;
}

std::vector<FoldedRow> FoldSteps(const Violation& violation, size_t rows_max, const std::vector<size_t>& named) {
  const std::vector<Relevance> ranks = RankSteps(violation, named);
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
    if (ranks[index] == Relevance::kDecisive || Rows(ranks, keep).size() <= rows_max) continue;
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

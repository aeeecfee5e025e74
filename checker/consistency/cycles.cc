// SPDX-License-Identifier: MIT
#include "checker/consistency/cycles.h"

#include <algorithm>

#include "checker/consistency/sc.h"

namespace graze {

void Cycles::CollectEdges(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  edges_.clear();
  first_.assign(graph.size(), kNoEdge);
  first_back_.assign(graph.size(), kNoEdge);
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (!in.empty() && in[e] == 0) continue;
    SequentialConsistency::Successors(graph, e, in, &successors_);
    for (const Stamp s : successors_) AddEdge(e, s);
  }
}

// A section that is open ends where its thread does.
void Cycles::AddSections(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    Stamp lock = kNone;
    Stamp last = kNone;
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (!in.empty() && in[e] == 0) break;
      last = e;
      const EventKind kind = graph.event(e).kind;
      if (kind == EventKind::kRcuLock) lock = e;
      if (kind != EventKind::kRcuUnlock || lock == kNone) continue;
      AddEdge(e, lock);
      lock = kNone;
    }
    if (lock != kNone && last != lock) AddEdge(last, lock);
  }
}

void Cycles::StartOver() {
  number_.assign(first_.size(), 0);
  lowest_.resize(first_.size());
  open_.assign(first_.size(), 0);
  numbers_ = 0;
}

// Tarjan 1972, with a stack of its own.
template <typename Visit>
void Cycles::ForComponents(Stamp start, Visit visit) {
  const auto enter = [&](Stamp e) {
    number_[e] = lowest_[e] = ++numbers_;
    open_[e] = 1;
    component_.push_back(e);
    path_.push_back({.event = e, .edge = first_[e]});
  };
  enter(start);
  while (!path_.empty()) {
    const auto [e, edge] = path_.back();
    if (edge != kNoEdge) {
      const Stamp s = edges_[edge].to;
      path_.back().edge = edges_[edge].next;
      if (number_[s] == 0) {
        enter(s);
      } else if (open_[s] != 0) {
        lowest_[e] = std::min(lowest_[e], number_[s]);
      }
      continue;
    }
    path_.pop_back();
    if (!path_.empty()) lowest_[path_.back().event] = std::min(lowest_[path_.back().event], lowest_[e]);
    if (lowest_[e] != number_[e]) continue;
    size_t from = component_.size();
    do {
      open_[component_[--from]] = 0;
    } while (component_[from] != e);
    if (component_.size() - from > 1) visit(component_.begin() + static_cast<std::ptrdiff_t>(from), component_.end());
    component_.resize(from);
  }
}

bool Cycles::FindThrough(const ExecutionGraph& graph, Stamp e) {
  on_.assign(graph.size(), 0);
  CollectEdges(graph, {});
  StartOver();
  bool found = false;
  ForComponents(e, [&](auto first, auto last) {
    if (*first != e) return;  // the root of its search
    for (auto it = first; it != last; ++it) on_[*it] = 1;
    found = true;
  });
  return found;
}

bool Cycles::Find(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  on_.assign(graph.size(), 0);
  CollectEdges(graph, in);
  bool found = false;
  const auto search = [&](bool with_grace_period) {
    StartOver();
    for (Stamp e = 0; e < graph.size(); ++e) {
      if (number_[e] != 0 || (!in.empty() && in[e] == 0)) continue;
      ForComponents(e, [&](auto first, auto last) {
        if (with_grace_period && std::none_of(first, last, [&](Stamp x) { return graph.event(x).kind == EventKind::kRcuSync; })) return;
        for (auto it = first; it != last; ++it) on_[*it] = 1;
        found = true;
      });
    }
  };
  search(false);
  if (graph.has_grace_periods()) {
    AddSections(graph, in);
    search(true);
  }
  return found;
}

void Cycles::Flood(Stamp start, bool backwards, uint8_t bit) {
  component_.assign(1, start);
  on_[start] = static_cast<uint8_t>(on_[start] | bit);
  while (!component_.empty()) {
    const Stamp e = component_.back();
    component_.pop_back();
    for (uint32_t edge = backwards ? first_back_[e] : first_[e]; edge != kNoEdge;
         edge = backwards ? edges_[edge].next_back : edges_[edge].next) {
      const Stamp s = backwards ? edges_[edge].from : edges_[edge].to;
      if ((on_[s] & bit) != 0) continue;
      on_[s] = static_cast<uint8_t>(on_[s] | bit);
      component_.push_back(s);
    }
  }
}

bool Cycles::FindBetween(const ExecutionGraph& graph, Stamp a, Stamp b) {
  on_.assign(graph.size(), 0);
  CollectEdges(graph, {});
  if (graph.has_grace_periods()) AddSections(graph, {});
  Flood(a, false, 1);
  if (on_[b] == 0) return false;
  Flood(b, true, 2);
  for (Stamp e = 0; e < graph.size(); ++e) on_[e] = on_[e] == 3 ? 1 : 0;
  component_.clear();
  return true;
}

}  // namespace graze

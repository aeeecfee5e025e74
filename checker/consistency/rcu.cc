// SPDX-License-Identifier: MIT
#include "checker/consistency/rcu.h"

#include <algorithm>
#include <limits>

#include "checker/base/check.h"
#include "checker/base/lanes.h"

namespace graze {
namespace {

constexpr uint32_t kOpenEnd = std::numeric_limits<uint32_t>::max();
constexpr int64_t kFar = std::numeric_limits<int64_t>::max() / 4;

bool Includes(const ExecutionGraph& graph, const Clock* row, Stamp e) { return row[graph.event(e).tid] > graph.event(e).idx; }

bool In(const std::vector<uint8_t>& in, Stamp e) { return in.empty() || in[e] != 0; }

}  // namespace

void GracePeriods::CollectNodes(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  nodes_.clear();
  for (uint32_t tid = 0; tid < graph.thread_count(); ++tid) {
    bool open = false;
    for (uint32_t idx = 0; idx < graph.length(tid); ++idx) {
      const Stamp e = graph.at(tid, idx);
      if (!In(in, e)) break;  // `in` is porf-closed
      const EventKind kind = graph.event(e).kind;
      if (kind == EventKind::kRcuSync) {
        nodes_.push_back({.section = false, .exit = e, .entry = e, .tid = tid, .entry_idx = idx});
      } else if (kind == EventKind::kRcuLock) {
        nodes_.push_back({.section = true, .exit = e, .entry = kNone, .tid = tid, .entry_idx = kOpenEnd});
        open = true;
      } else if (kind == EventKind::kRcuUnlock && open) {
        nodes_.back().entry = e;
        nodes_.back().entry_idx = idx;
        open = false;
      }
    }
  }
}

void GracePeriods::ComputeWeights(const Reachability& reach) {
  const size_t n = nodes_.size();
  // Shortest walks, a section costing 1 and a grace period -1; the extra "- 1 per step, scaled" makes a closed walk of cost 0 negative.
  const int64_t scale = static_cast<int64_t>(n) + 1;
  weight_.assign(n * n, kFar);
  for (size_t i = 0; i < n; ++i) {
    const Clock* const from = reach.row(nodes_[i].exit);
    for (size_t j = 0; j < n; ++j) {
      const Clock reached = from[nodes_[j].tid];
      const bool linked = reached != Reachability::kUnreached && reached < nodes_[j].entry_idx;
      if (linked) weight_[i * n + j] = scale * (nodes_[j].section ? 1 : -1) - 1;
    }
  }
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      const int64_t ik = weight_[i * n + k];
      if (ik == kFar) continue;
      for (size_t j = 0; j < n; ++j) {
        const int64_t kj = weight_[k * n + j];
        if (kj == kFar) continue;
        weight_[i * n + j] = std::max(std::min(weight_[i * n + j], ik + kj), -1'000'000'000L);
      }
    }
  }
}

bool GracePeriods::Holds(const ExecutionGraph& graph, const Reachability& reach, const std::vector<uint8_t>& in) {
  CollectNodes(graph, in);
  if (std::all_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return node.section; })) {
    weight_.clear();
    return true;
  }
  ComputeWeights(reach);
  const size_t n = nodes_.size();
  for (size_t i = 0; i < n; ++i) {
    if (weight_[i * n + i] < 0) return false;
  }
  return true;
}

bool GracePeriods::Precedes(size_t from, size_t to) const {
  const size_t n = nodes_.size();
  const int64_t weight = weight_[from * n + to];
  // The weight lacks the start node.
  const int64_t scale = static_cast<int64_t>(n) + 1;
  return weight != kFar && weight + scale * (nodes_[from].section ? 1 : -1) - 1 < 0;
}

bool GracePeriods::Precedes(Stamp from, Stamp to) const {
  const size_t n = nodes_.size();
  if (weight_.size() != n * n) return false;
  const auto find = [&](Stamp exit) {
    return static_cast<size_t>(std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) { return node.exit == exit; }) -
                               nodes_.begin());
  };
  const size_t i = find(from);
  const size_t j = find(to);
  return i < n && j < n && Precedes(i, j);
}

// Everything up to the entry of a node is ordered before everything after the exit of one that it precedes: collects what that is, per
// node, in before_.
void GracePeriods::CollectOrder(const ExecutionGraph& graph) {
  const uint32_t stride = graph.stride();
  const size_t n = nodes_.size();
  before_.assign(n * stride, 0);
  ordered_.clear();
  for (size_t to = 0; to < n; ++to) {
    const size_t known = extra_.size();
    for (size_t from = 0; from < n; ++from) {
      if (from == to || nodes_[from].tid == nodes_[to].tid || !Precedes(from, to)) continue;
      const Stamp last = nodes_[from].entry != kNone ? nodes_[from].entry : graph.last_of(nodes_[from].tid);
      extra_.emplace_back(last, nodes_[to].exit);
      MaxInto(&before_[to * stride], graph.hb(last), stride);
    }
    if (extra_.size() > known) ordered_.push_back(to);
  }
  // What is before a node is before whatever follows that node.
  for (bool changed = true; changed;) {
    changed = false;
    for (const size_t to : ordered_) {
      Clock* const row = &before_[to * stride];
      for (const size_t other : ordered_) {
        const Clock* const more = &before_[other * stride];
        if (other == to || !Includes(graph, row, nodes_[other].exit)) continue;
        if (std::equal(row, row + stride, more, [](Clock mine, Clock its) { return mine >= its; })) continue;
        MaxInto(row, more, stride);
        changed = true;
      }
    }
  }
}

const std::vector<Clock>& GracePeriods::ExtendedHb(const ExecutionGraph& graph, const Reachability& reach, bool holds) {
  const uint32_t stride = graph.stride();
  extended_.resize(static_cast<size_t>(graph.size()) * stride);
  for (Stamp e = 0; e < graph.size(); ++e) std::copy_n(graph.hb(e), stride, &extended_[static_cast<size_t>(e) * stride]);
  extra_.clear();
  if (!holds) {
    weight_.clear();
    if (!Holds(graph, reach, {})) return extended_;
  }
  if (weight_.size() != nodes_.size() * nodes_.size()) return extended_;  // no section or no grace period
  CollectOrder(graph);
  for (Stamp e = 0; e < graph.size(); ++e) {
    Clock* const row = &extended_[static_cast<size_t>(e) * stride];
    for (const size_t to : ordered_) {
      if (Includes(graph, row, nodes_[to].exit)) MaxInto(row, &before_[to * stride], stride);
    }
  }
  return extended_;
}

}  // namespace graze

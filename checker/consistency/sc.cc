// SPDX-License-Identifier: MIT
#include "checker/consistency/sc.h"

namespace graze {

void SequentialConsistency::Prepare(const ExecutionGraph& graph) {
  graph_ = &graph;
  first_reader_.assign(graph.size(), kNone);
  next_reader_.resize(graph.size());
  for (Stamp r = 0; r < graph.size(); ++r) {
    const Event& event = graph.event(r);
    if (!event.is_read() || event.rf == kInit || event.rf == kNone) continue;
    next_reader_[r] = first_reader_[event.rf];
    first_reader_[event.rf] = r;
  }
}

void SequentialConsistency::Successors(Stamp e, std::vector<Stamp>* out) const {
  const Event& event = graph_->event(e);
  const Stamp po = graph_->po_next(e);
  if (po != kNone) out->push_back(po);
  switch (event.kind) {
    case EventKind::kRead: {
      const Stamp fr = event.rf == kNone ? kNone : fr_imm_succ(event);
      if (fr != kNone) out->push_back(fr);
      break;
    }
    case EventKind::kWrite:
      if (event.co_next != kNone) out->push_back(event.co_next);
      for (Stamp r = first_reader_[e]; r != kNone; r = next_reader_[r]) out->push_back(r);
      break;
    case EventKind::kCreate:
      if (graph_->length(event.aux) > 0) out->push_back(graph_->at(event.aux, 0));
      break;
    case EventKind::kEnd:
      for (Stamp j = 0; j < graph_->size(); ++j) {
        if (graph_->event(j).kind == EventKind::kJoin && graph_->event(j).aux == event.tid) out->push_back(j);
      }
      break;
    default:
      break;
  }
}

bool SequentialConsistency::IsConsistent(const ExecutionGraph& graph, Stamp changed) {
  Prepare(graph);
  seen_.assign(graph.size(), 0);
  stack_.clear();
  Successors(changed, &stack_);
  while (!stack_.empty()) {
    const Stamp e = stack_.back();
    stack_.pop_back();
    if (e == changed) return false;
    if (seen_[e] != 0) continue;
    seen_[e] = 1;
    Successors(e, &stack_);
  }
  return true;
}

bool SequentialConsistency::IsConsistentFromScratch(const ExecutionGraph& graph) {
  for (Stamp e = 0; e < graph.size(); ++e) {
    if (graph.event(e).is_access() && !IsConsistent(graph, e)) return false;
  }
  return true;
}

bool SequentialConsistency::SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) {
  Prepare(graph);
  return grace_periods_.Holds(graph, *this, in);
}

bool SequentialConsistency::Synchronises(const Event& write, const Event& read) const {
  const auto marked = [](const Event& e) { return e.order != MemoryOrder::kPlain && e.order != MemoryOrder::kRacy; };
  return marked(write) && marked(read);
}

void SequentialConsistency::TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) {
  Prepare(graph);
  for (Stamp e = 0; e < graph.size(); ++e) {
    const Event& event = graph.event(e);
    if (event.is_write() && event.co_next != kNone) pairs->emplace_back(e, event.co_next);
    const Stamp fr = event.is_read() ? fr_imm_succ(event) : kNone;
    if (fr != kNone && fr != graph.rmw_write(e)) pairs->emplace_back(e, fr);
  }
  if (!GracePeriods::Relevant(graph)) return;
  grace_periods_.ExtendedHb(graph, *this);
  for (const auto& pair : grace_periods_.order()) pairs->push_back(pair);
}

RaceOrder SequentialConsistency::Order(const ExecutionGraph& graph, Stamp a, Stamp b) {
  if (graph.hb_before(a, b)) return RaceOrder::kBefore;
  if (graph.hb_before(b, a)) return RaceOrder::kAfter;
  if (extended_ == nullptr) {
    if (!GracePeriods::Relevant(graph)) return RaceOrder::kUnordered;
    Prepare(graph);
    extended_ = &grace_periods_.ExtendedHb(graph, *this);
  }
  const std::vector<Clock>& hb = *extended_;
  const uint32_t stride = graph.stride();
  const auto before = [&](Stamp x, Stamp y) {
    return hb[static_cast<size_t>(y) * stride + graph.event(x).tid] > graph.event(x).idx;
  };
  if (before(a, b)) return RaceOrder::kBefore;
  return before(b, a) ? RaceOrder::kAfter : RaceOrder::kUnordered;
}

}  // namespace graze

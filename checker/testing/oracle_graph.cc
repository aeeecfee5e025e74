// SPDX-License-Identifier: MIT
#include "checker/testing/oracle_graph.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

#include "checker/base/check.h"

namespace graze::proof {
namespace {

// A relation on at most 64 elements: row i holds the successors of i. Sections left open end at a virtual event behind the last event of
// their thread, so there may be kThreadsMax elements more than events.
constexpr size_t kElements = kEventsMax + kThreadsMax;
static_assert(kElements <= 64);

struct Relation {
  std::array<uint64_t, kElements> row = {};
  size_t size = 0;

  void Add(size_t from, size_t to) { row[from] |= uint64_t{1} << to; }
  bool Has(size_t from, size_t to) const { return (row[from] >> to & 1) != 0; }
  void Close() {
    for (size_t k = 0; k < size; ++k) {
      for (size_t i = 0; i < size; ++i) {
        if (Has(i, k)) row[i] |= row[k];
      }
    }
  }
  bool Reflexive() const {
    for (size_t i = 0; i < size; ++i) {
      if (Has(i, i)) return true;
    }
    return false;
  }
};

Relation Then(const Relation& a, const Relation& b) {
  Relation result;
  result.size = a.size;
  for (size_t i = 0; i < a.size; ++i) {
    for (uint64_t bits = a.row[i]; bits != 0; bits &= bits - 1) result.row[i] |= b.row[static_cast<size_t>(std::countr_zero(bits))];
  }
  return result;
}

Relation Union(const Relation& a, const Relation& b) {
  Relation result = a;
  for (size_t i = 0; i < a.size; ++i) result.row[i] |= b.row[i];
  return result;
}

Relation OrIdentity(const Relation& a) {
  Relation result = a;
  for (size_t i = 0; i < a.size; ++i) result.Add(i, i);
  return result;
}

bool SameRows(const Relation& a, const Relation& b) { return std::equal(a.row.begin(), a.row.end(), b.row.begin()); }

size_t Index(int event) { return static_cast<size_t>(event); }

// A grace period, or an outermost section. A walk leaves a section at its lock and enters it at its unlock.
struct RcuNode {
  bool grace;
  size_t enter, leave;
};

class Relations {
 public:
  explicit Relations(const OracleGraph& graph) : g_(graph) {
    size_ = Index(graph.size);
    for (int t = 0; t < graph.threads; ++t) CollectNodes(t);
    order_.size = marked_rf_.size = marked_.size = size_;
    for (int t = 0; t < graph.threads; ++t) AddThread(t);
    for (int l = 0; l < kLocations; ++l) AddCoherence(l);
    for (int e = 0; e < graph.size; ++e) {
      if (graph.events[Index(e)].kind == EventKind::kRead) AddRead(e);
    }
  }

  // po and the order of create and join.
  const Relation& order() const { return order_; }
  const std::vector<RcuNode>& nodes() const { return nodes_; }

  // order | rf | co | fr, closed.
  Relation Link() const {
    Relation all = Union(order_, communication_);
    all.size = size_;
    all.Close();
    return all;
  }

  Relation HappensBefore() const {
    Relation hb = Union(order_, marked_rf_);
    if (!nodes_.empty()) {
      Relation link = Union(order_, marked_);
      link.Close();
      Relation program_order = order_;
      program_order.Close();
      hb = Union(hb, Then(program_order, Then(RcuOrder(link), OrIdentity(program_order))));
    }
    hb.Close();
    return hb;
  }

  // po, create, join and rf, closed.
  Relation Porf() const {
    Relation porf = order_;
    for (int e = 0; e < g_.size; ++e) {
      const OracleEvent& event = g_.events[Index(e)];
      if (event.kind == EventKind::kRead && event.source != kFromInit) porf.Add(Index(event.source), Index(e));
    }
    porf.Close();
    return porf;
  }
  // The virtual end of the section that thread t has left open; 0 if there is none.
  size_t VirtualEnd(int t) const { return virtual_end_[Index(t)]; }

  // The least relation that holds all walks with at least as many grace periods as sections, ends included.
  Relation RcuOrder(const Relation& link) const {
    Relation grace, section;
    grace.size = section.size = size_;
    for (const RcuNode& node : nodes_) (node.grace ? grace : section).Add(node.enter, node.leave);
    const Relation grace_link = Then(grace, link);
    const Relation section_link = Then(section, link);
    Relation result = Union(grace, Union(Then(grace_link, section), Then(section_link, grace)));
    for (;;) {
      const Relation linked = Then(result, link);
      Relation next = Union(result, Then(linked, result));
      next = Union(next, Union(Then(grace_link, Then(linked, section)), Then(section_link, Then(linked, grace))));
      if (SameRows(next, result)) return result;
      result = next;
    }
  }

 private:
  void CollectNodes(int t) {
    const OracleThread& thread = g_.thread[Index(t)];
    size_t open = kElements;
    for (int i = 0; i < thread.count; ++i) {
      const size_t e = Index(thread.events[Index(i)]);
      const EventKind kind = g_.events[e].kind;
      if (kind == EventKind::kSync) nodes_.push_back({true, e, e});
      if (kind == EventKind::kRcuLock) open = e;
      if (kind == EventKind::kRcuUnlock) {
        nodes_.push_back({false, e, open});
        open = kElements;
      }
    }
    if (open == kElements) return;
    virtual_end_[Index(t)] = size_;
    nodes_.push_back({false, size_++, open});
  }

  void AddThread(int t) {
    const OracleThread& thread = g_.thread[Index(t)];
    if (thread.count == 0) return;
    for (int i = 1; i < thread.count; ++i) order_.Add(Index(thread.events[Index(i - 1)]), Index(thread.events[Index(i)]));
    if (thread.creation >= 0) order_.Add(Index(thread.creation), Index(thread.events[0]));
    const size_t last = Index(thread.events[Index(thread.count - 1)]);
    if (virtual_end_[Index(t)] != 0) order_.Add(last, virtual_end_[Index(t)]);
    for (int e = 0; e < g_.size; ++e) {
      const OracleEvent& event = g_.events[Index(e)];
      if (event.kind == EventKind::kJoin && event.other == t) order_.Add(last, Index(e));
    }
  }

  void AddCommunication(int from, int to) {
    communication_.Add(Index(from), Index(to));
    if (!g_.events[Index(from)].plain && !g_.events[Index(to)].plain) marked_.Add(Index(from), Index(to));
  }

  void AddCoherence(int location) {
    const auto& writes = g_.order[Index(location)];
    for (int i = 0; i < g_.writes[Index(location)]; ++i) {
      for (int j = i + 1; j < g_.writes[Index(location)]; ++j) AddCommunication(writes[Index(i)], writes[Index(j)]);
    }
  }

  void AddRead(int read) {
    const OracleEvent& event = g_.events[Index(read)];
    if (event.source != kFromInit) {
      AddCommunication(event.source, read);
      if (!event.plain && !g_.events[Index(event.source)].plain) marked_rf_.Add(Index(event.source), Index(read));
    }
    const int position = g_.PositionOf(event.location, event.source);
    for (int i = position + 1; i < g_.writes[Index(event.location)]; ++i) {
      AddCommunication(read, g_.order[Index(event.location)][Index(i)]);
    }
  }

  const OracleGraph& g_;
  size_t size_ = 0;
  std::vector<RcuNode> nodes_;
  std::array<size_t, kThreadsMax> virtual_end_ = {};
  Relation order_, communication_, marked_, marked_rf_;
};

bool RmwsAtomic(const OracleGraph& graph) {
  for (int e = 0; e < graph.size; ++e) {
    const OracleEvent& event = graph.events[Index(e)];
    if (event.kind != EventKind::kWrite || event.other < 0) continue;
    const int source = graph.events[Index(event.other)].source;
    if (graph.PositionOf(event.location, e) != graph.PositionOf(event.location, source) + 1) return false;
  }
  return true;
}

// No closed walk with a grace period and at least as many grace periods as sections. A node costs about +1 (section) or -1 (grace
// period); the small discount makes a balanced walk negative too.
bool CountingHolds(const std::vector<RcuNode>& nodes, const Relation& link) {
  const size_t n = nodes.size();
  constexpr int kNone = 1'000'000;
  const int unit = static_cast<int>(n) + 1;
  std::vector<std::vector<int>> weight(n, std::vector<int>(n, kNone));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      if (link.Has(nodes[i].leave, nodes[j].enter)) weight[i][j] = (nodes[j].grace ? -unit : unit) - 1;
    }
  }
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        if (weight[i][k] >= kNone || weight[k][j] >= kNone) continue;
        weight[i][j] = std::max(-kNone, std::min(weight[i][j], weight[i][k] + weight[k][j]));
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    if (weight[i][i] < 0) return false;
  }
  return true;
}

CanonicalKind KindOf(EventKind kind) {
  switch (kind) {
    case EventKind::kRead: return CanonicalKind::kRead;
    case EventKind::kWrite: return CanonicalKind::kWrite;
    case EventKind::kRcuLock: return CanonicalKind::kRcuLock;
    case EventKind::kRcuUnlock: return CanonicalKind::kRcuUnlock;
    case EventKind::kSync: return CanonicalKind::kSync;
    default: return CanonicalKind::kChoose;
  }
}

}  // namespace

OracleEvent& OracleGraph::Append(EventKind kind, int t) {
  GRAZE_CHECK(size < kEventsMax);
  OracleThread& own = thread[Index(t)];
  own.events[Index(own.count++)] = static_cast<int8_t>(size);
  OracleEvent& event = events[Index(size++)];
  event = {.kind = kind, .thread = static_cast<int8_t>(t)};
  event.pc = own.pc;
  if (kind != EventKind::kCreate && kind != EventKind::kJoin) event.index = own.visible++;
  return event;
}

void OracleGraph::InsertWrite(int location, int position, int event) {
  auto& writes_here = order[Index(location)];
  int8_t& count = writes[Index(location)];
  GRAZE_CHECK(Index(count) < writes_here.size());
  for (int i = count; i > position; --i) writes_here[Index(i)] = writes_here[Index(i - 1)];
  writes_here[Index(position)] = static_cast<int8_t>(event);
  ++count;
}

int OracleGraph::PositionOf(int location, int event) const {
  if (event == kFromInit) return -1;
  const auto& here = order[Index(location)];
  return static_cast<int>(std::find(here.begin(), here.begin() + writes[Index(location)], event) - here.begin());
}

CanonicalGraph Canonical(const OracleGraph& graph) {
  CanonicalGraph result;
  for (int t = 0; t < graph.threads; ++t) {
    const OracleThread& thread = graph.thread[Index(t)];
    std::vector<CanonicalEvent>& events = result.threads.emplace_back();
    for (int i = 0; i < thread.count; ++i) {
      const OracleEvent& event = graph.events[Index(thread.events[Index(i)])];
      if (event.index < 0) continue;
      CanonicalEvent& canonical = events.emplace_back();
      canonical = {.kind = KindOf(event.kind), .location = event.location, .value = event.value};
      if (event.kind != EventKind::kRead || event.source == kFromInit) continue;
      canonical.source_thread = graph.events[Index(event.source)].thread;
      canonical.source_index = graph.events[Index(event.source)].index;
    }
    result.blocked.push_back(thread.status == ThreadStatus::kBlocked || thread.status == ThreadStatus::kJoining);
    result.waits_at_read.push_back(thread.status == ThreadStatus::kBlocked);
  }
  for (int l = 0; l < kLocations; ++l) {
    std::vector<CanonicalWrite>& writes = result.order.emplace_back();
    for (int i = 0; i < graph.writes[Index(l)]; ++i) {
      const OracleEvent& event = graph.events[Index(graph.order[Index(l)][Index(i)])];
      writes.push_back({event.thread, event.index});
    }
  }
  return result;
}

bool SequentiallyConsistent(const OracleGraph& graph) { return RmwsAtomic(graph) && !Relations(graph).Link().Reflexive(); }

bool RcuAxiomApplies(const OracleGraph& graph) {
  bool grace = false, section = false;
  for (int e = 0; e < graph.size; ++e) {
    grace |= graph.events[Index(e)].kind == EventKind::kSync;
    section |= graph.events[Index(e)].kind == EventKind::kRcuLock;
  }
  return grace && section;
}

RcuVerdict CheckRcu(const OracleGraph& graph) {
  const Relations relations(graph);
  const Relation link = relations.Link();
  return {.by_counting = CountingHolds(relations.nodes(), link), .by_fixpoint = !Then(relations.RcuOrder(link), link).Reflexive()};
}

std::array<bool, kEventsMax> HappenedBeforeStall(const OracleGraph& graph) {
  std::array<bool, kEventsMax> happened;
  happened.fill(true);
  if (!RcuAxiomApplies(graph)) return happened;
  const Relations relations(graph);
  const Relation rcu = relations.RcuOrder(relations.Link());
  const Relation porf = relations.Porf();
  for (int t = 0; t < graph.threads; ++t) {
    const ThreadStatus status = graph.thread[Index(t)].status;
    const bool stuck = status == ThreadStatus::kBlocked || status == ThreadStatus::kJoining;
    if (!stuck || relations.VirtualEnd(t) == 0) continue;
    for (int g = 0; g < graph.size; ++g) {
      if (graph.events[Index(g)].kind != EventKind::kSync || !rcu.Has(relations.VirtualEnd(t), Index(g))) continue;
      happened[Index(g)] = false;
      for (int e = 0; e < graph.size; ++e) happened[Index(e)] &= !porf.Has(Index(g), Index(e));
    }
  }
  return happened;
}

bool HasRace(const OracleGraph& graph) {
  bool plain = false;
  for (int e = 0; e < graph.size; ++e) plain |= graph.events[Index(e)].plain;
  if (!plain) return false;
  const Relation hb = Relations(graph).HappensBefore();
  const auto happened = HappenedBeforeStall(graph);
  for (int i = 0; i < graph.size; ++i) {
    for (int j = i + 1; j < graph.size; ++j) {
      if (!happened[Index(i)] || !happened[Index(j)]) continue;
      const OracleEvent& a = graph.events[Index(i)];
      const OracleEvent& b = graph.events[Index(j)];
      if (a.location < 0 || a.location != b.location || a.thread == b.thread || !(a.plain || b.plain)) continue;
      if (a.kind != EventKind::kWrite && b.kind != EventKind::kWrite) continue;
      if (!hb.Has(Index(i), Index(j)) && !hb.Has(Index(j), Index(i))) return true;
    }
  }
  return false;
}

}  // namespace graze::proof

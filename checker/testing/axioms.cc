// SPDX-License-Identifier: MIT
#include "checker/testing/axioms.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace graze::proof {
namespace {

size_t Index(int i) { return static_cast<size_t>(i); }

// No write between the halves of an RMW.
bool RmwsAtomic(const OracleGraph& graph) {
  for (int e = 0; e < graph.size; ++e) {
    const OracleEvent& event = graph.events[Index(e)];
    if (event.kind != EventKind::kWrite || event.other < 0) continue;
    const int source = graph.events[Index(event.other)].source;
    if (graph.PositionOf(event.location, e) != graph.PositionOf(event.location, source) + 1) return false;
  }
  return true;
}

bool RcuApplies(const Lowered& g) {
  const auto is_grace = [](const RcuNode& node) { return node.grace; };
  return std::any_of(g.nodes.begin(), g.nodes.end(), is_grace) && !std::all_of(g.nodes.begin(), g.nodes.end(), is_grace);
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

Simple JudgeSimple(const Lowered& g, Model model) {
  if (model == Model::kTso) return JudgeTso(g);
  return model == Model::kRc11 ? JudgeRc11(g) : JudgeSc(g);
}

void AskRcu(const Lowered& g, const Relation& link, Verdict* verdict) {
  verdict->rcu_asked = true;
  verdict->rcu_by_fixpoint = !Then(RcuOrder(g, link), link).Reflexive();
  const bool sleepable = std::any_of(g.nodes.begin(), g.nodes.end(), [](const RcuNode& node) { return node.domain >= 0; });
  verdict->rcu_by_counting = sleepable ? verdict->rcu_by_fixpoint : CountingHolds(g.nodes, link);
}

Relation LinkOf(const Lowered& g, Model model) { return IsLkmm(model) ? Lkmm(g, model).rcu_link() : JudgeSimple(g, model).link; }

Set Happened(const OracleGraph& graph, const Lowered& g, Model model) {
  Set happened = 0;
  const std::array<bool, kEventsMax> events = HappenedBeforeStall(graph, model);
  for (int e = 0; e < graph.size; ++e) happened |= events[Index(e)] ? Only(g.element[Index(e)]) : 0;
  return happened;
}

// The closure of happens-before and the order between sections and grace periods.
Relation SimpleOrder(const Lowered& g, Model model) {
  const Simple simple = JudgeSimple(g, model);
  Relation hb = simple.hb;
  if (RcuApplies(g)) {
    const Relation order = Plus(g.order());
    hb = hb | Then(order, RcuOrder(g, simple.link), Maybe(order));
  }
  return Plus(hb);
}

}  // namespace

Relation RcuOrder(const Lowered& g, const Relation& link) {
  Relation result(g.size);
  std::array<Relation, kDomains + 1> grace, section, grace_link, section_link;
  for (size_t d = 0; d < grace.size(); ++d) {
    grace[d].size = section[d].size = g.size;
    for (const RcuNode& node : g.nodes) {
      if (node.domain + 1 == static_cast<int>(d)) (node.grace ? grace : section)[d].Add(node.enter, node.leave);
    }
    grace_link[d] = Then(grace[d], link);
    section_link[d] = Then(section[d], link);
    result = result | grace[d] | Then(grace_link[d], section[d]) | Then(section_link[d], grace[d]);
  }
  for (;;) {
    const Relation linked = Then(result, link);
    Relation next = result | Then(linked, result);
    for (size_t d = 0; d < grace.size(); ++d) {
      next = next | Then(grace_link[d], linked, section[d]) | Then(section_link[d], linked, grace[d]);
    }
    if (next == result) return result;
    result = next;
  }
}

Verdict Judge(const OracleGraph& graph, Model model) {
  Verdict verdict;
  if (!RmwsAtomic(graph)) return verdict;
  const Lowered g(graph, model);
  if (!IsLkmm(model)) {
    const Simple simple = JudgeSimple(g, model);
    verdict.base = simple.consistent;
    if (verdict.base && RcuApplies(g)) AskRcu(g, simple.link, &verdict);
    return verdict;
  }
  Lkmm lkmm(g, model);
  verdict.base = lkmm.Consistent();
  if (verdict.base && RcuApplies(g)) AskRcu(g, lkmm.rcu_link(), &verdict);
  if (verdict.consistent() && (g.plain | g.racy) != 0) verdict.plain_coherence = lkmm.PlainCoherence();
  return verdict;
}

std::array<bool, kEventsMax> HappenedBeforeStall(const OracleGraph& graph, Model model) {
  std::array<bool, kEventsMax> happened;
  happened.fill(true);
  const Lowered g(graph, model);
  if (!RcuApplies(g)) return happened;
  const Relation rcu = RcuOrder(g, LinkOf(g, model));
  const Relation porf = Plus(g.order() | g.rf);
  for (int t = 0; t < graph.threads; ++t) {
    const ThreadStatus status = graph.thread[Index(t)].status;
    const bool stuck = status == ThreadStatus::kBlocked || status == ThreadStatus::kJoining;
    if (!stuck || g.open_end[Index(t)] == 0) continue;
    for (int s = 0; s < graph.size; ++s) {
      if (graph.events[Index(s)].kind != EventKind::kSync || !rcu.Has(g.open_end[Index(t)], g.element[Index(s)])) continue;
      happened[Index(s)] = false;
      for (int e = 0; e < graph.size; ++e) happened[Index(e)] &= !porf.Has(g.element[Index(s)], g.element[Index(e)]);
    }
  }
  return happened;
}

bool HasRace(const OracleGraph& graph, Model model) {
  const Lowered g(graph, model);
  if (g.plain == 0) return false;
  const Set happened = Happened(graph, g, model);
  if (IsLkmm(model)) return Lkmm(g, model).DataRace(happened);
  const Relation hb = SimpleOrder(g, model);
  for (size_t a = 0; a < g.size; ++a) {
    if (!In(g.plain & happened, a)) continue;
    const Set conflicting = g.same_location.row[a] & ~g.same_thread.row[a] & ~g.racy & happened & (In(g.w, a) ? g.m : g.w);
    bool race = false;
    ForEach(conflicting, [&](size_t b) { race |= !hb.Has(a, b) && !hb.Has(b, a); });
    if (race) return true;
  }
  return false;
}

bool HasUseAfterFree(const OracleGraph& graph, Model model) {
  const Lowered g(graph, model);
  if (g.frees == 0) return false;
  const Set happened = Happened(graph, g, model);
  std::optional<Lkmm> lkmm;
  if (IsLkmm(model)) lkmm.emplace(g, model);
  const Relation hb = IsLkmm(model) ? Plus(g.order()) : SimpleOrder(g, model);
  for (int f = 0; f < graph.size; ++f) {
    const OracleEvent& free = graph.events[Index(f)];
    const size_t end = g.element[Index(f)];
    if (free.kind != EventKind::kFree || !In(happened, end)) continue;
    for (int e = 0; e < graph.size; ++e) {
      const OracleEvent& event = graph.events[Index(e)];
      const size_t use = g.element[Index(e)];
      const bool again = event.kind == EventKind::kFree && event.other == free.other && e != f;
      if ((!again && event.location != free.other) || !In(happened, use)) continue;
      if (again || (!hb.Has(use, end) && !(lkmm && lkmm->IsBeforeFree(use, end)))) return true;
    }
  }
  return false;
}

}  // namespace graze::proof

// SPDX-License-Identifier: MIT
// What the exploration asks of a memory model. Nothing outside checker/consistency knows which model runs.
//
// A model is a pair (M0, M): M0 is closed under porf-prefixes and stays true when an event is added with its co-maximal choice; M adds
// axioms without the second property (grace periods, what they mean for plain accesses). Every model here also requires porf to be
// acyclic: no load buffering.
// Reference: checker/explore/RULES.md, "Two levels".
#ifndef CHECKER_CONSISTENCY_MEMORY_MODEL_H_
#define CHECKER_CONSISTENCY_MEMORY_MODEL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checker/graph/dependencies.h"
#include "checker/graph/execution_graph.h"

namespace graze {

// Order of two events as far as races and lifetimes are concerned.
enum class RaceOrder : uint8_t { kUnordered, kBefore, kAfter };

class MemoryModel {
 public:
  virtual ~MemoryModel() = default;
  virtual std::string_view name() const = 0;

  // M0 on a graph of which everything was consistent before `changed` (a read with a new source, a write with a new place) came in.
  // Atomicity of RMWs is not asked here (ExecutionGraph::IsAtomic).
  virtual bool IsConsistent(const ExecutionGraph& graph, Stamp changed) = 0;
  // M0 on the whole graph, without assumptions and without shortcuts (self checks).
  virtual bool IsConsistentFromScratch(const ExecutionGraph& graph) = 0;

  // Could M reject this graph at all? Cheap; false means SatisfiesExtra() is true.
  virtual bool HasExtra(const ExecutionGraph& graph) const = 0;
  // M, on the events with in[e] != 0 (porf-closed); empty `in` = all events. REQUIRES that the graph has M0.
  virtual bool SatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) = 0;
  // The same where it costs little; false says nothing.
  virtual bool SurelySatisfiesExtra(const ExecutionGraph& graph, const std::vector<uint8_t>& in) { return SatisfiesExtra(graph, in); }

  // The graph that Order() is asked about is another one, or has changed.
  virtual void Forget() = 0;
  // Order of two events of different threads by the model's happens-before, grace periods included. REQUIRES SatisfiesExtra.
  virtual RaceOrder Order(const ExecutionGraph& graph, Stamp a, Stamp b) = 0;
  // Does `a` come before `b` in it? May be cheaper to say.
  virtual bool IsBefore(const ExecutionGraph& graph, Stamp a, Stamp b) { return Order(graph, a, b) == RaceOrder::kBefore; }
  // Had the grace period to wait for the section (its kRcuLock), because the section began before it? More than Order(), which asks whether
  // the section began before the grace period ended. REQUIRES SatisfiesExtra; see Forget().
  virtual bool HadToWait(const ExecutionGraph& graph, Stamp section, Stamp grace_period) = 0;
  // Adds the pairs (earlier, later) that a readable linearisation should respect beyond po, rf, create and join.
  virtual void TraceOrder(const ExecutionGraph& graph, std::vector<std::pair<Stamp, Stamp>>* pairs) = 0;
  // Are fences events under this model?
  virtual bool tracks_fences() const = 0;
  // Must a read see a write, or a newer one, that is in its porf-prefix? Otherwise only if hb() orders them.
  virtual bool porf_is_coherent() const = 0;
  // Does it know sleepable RCU?
  virtual bool has_srcu() const { return false; }
  // May Order() assume that compilers put nothing but one store in the place of a plain store? (LKMM does not: it lets them read first.)
  void set_whole_stores(bool whole) { whole_stores_ = whole; }
  // Whether every answer that was found by a short cut is looked for again without.
  void set_self_check(bool check) { self_check_ = check; }
  // Where the handles in events lead to, and where locations lie; called before anything else.
  virtual void SetContext([[maybe_unused]] const Dependencies* sets, [[maybe_unused]] const std::function<uintptr_t(LocId)>& address_of) {}
  // Does reading `write` by `read` order what is before the write before what is after the read, as far as hb() is concerned?
  virtual bool Synchronises(const Event& write, const Event& read) const = 0;
  // The same once `read` is known to be no RMW that failed.
  virtual bool SynchronisesAtLast(const Event& write, const Event& read) const { return Synchronises(write, read); }
  // Are there fences behind which every step of hb orders what is before the fence? Which, and which reads order what is behind them?
  virtual bool has_strong_fences() const { return false; }
  virtual bool IsStrongFence([[maybe_unused]] const Event& event) const { return false; }
  virtual bool SynchronisesAfterFence([[maybe_unused]] const Event& read) const { return false; }

 protected:
  bool whole_stores_ = false;
  bool self_check_ = false;
};

// Null for an unknown name. Each search owns its instance (models keep scratch memory). Besides the names of the table: lkmm-6.1,
// lkmm-deps and lkmm-6.1-deps, for the model of Linux 6.1 and for exact dependencies (DEPENDENCIES.md).
std::unique_ptr<MemoryModel> MakeMemoryModel(std::string_view name);
// In order of strength, rc11 last, which stands beside the others.
const std::vector<std::string>& MemoryModelTable();

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_MEMORY_MODEL_H_

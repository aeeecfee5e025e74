// SPDX-License-Identifier: MIT
// The base relations that axiomatic models are written over, of the accesses of an execution graph.
//
// Elements are the accesses, in the order (thread, po); frees and valueless accesses count as plain accesses without a location. RCU and
// threads' beginnings are no elements, fences only if wanted; they show as positions between accesses (FenceRel) and as `Sync`. There are
// no initial writes: nothing leads to one, so that no cycle goes through it; `Fr` knows them.
#ifndef CHECKER_CONSISTENCY_BASE_RELATIONS_H_
#define CHECKER_CONSISTENCY_BASE_RELATIONS_H_

#include <cstdint>
#include <vector>

#include "checker/consistency/rcu.h"
#include "checker/consistency/relation.h"
#include "checker/graph/dependencies.h"
#include "checker/graph/execution_graph.h"

namespace graze {

inline constexpr uint32_t kNoElement = 0xffffffff;

// A set of kinds of fences; grace periods and the like are fences to other threads' accesses.
using FenceSet = uint32_t;
constexpr FenceSet FenceBit(FenceKind kind) { return 1u << static_cast<unsigned>(kind); }
inline constexpr FenceSet kGracePeriod = 1u << 30;  // kRcuSync, kSrcuSync

class BaseRelations : private RowSource {
 public:
  // About the events with in[e] != 0 (porf-closed; empty = all) of `graph`, which must stay as it is while this is used. With `fences`,
  // fences are elements too, grace periods are C11's strongest fences, and a full-barrier RMW has such a fence before and after it.
  // Of accesses, frees and the like only those with member[e] != 0 are elements; both halves of an RMW have to be.
  void Build(const ExecutionGraph& graph, const std::vector<uint8_t>& in, bool fences, const std::vector<uint8_t>& member);

  uint32_t size() const { return pool_.size(); }
  RelationPool& pool() { return pool_; }
  const ExecutionGraph& graph() const { return *graph_; }
  const Event& event(uint32_t e) const { return *members_[e].event; }
  // kNoElement for events that are none.
  uint32_t element(Stamp e) const { return elements_[e]; }
  // The elements of a thread are [first(tid), last(tid)).
  uint32_t first(uint32_t tid) const { return first_[tid]; }
  uint32_t last(uint32_t tid) const { return first_[tid + 1]; }
  // The first element of the thread whose event has at least this index.
  uint32_t FirstFrom(uint32_t tid, uint32_t idx) const;
  // Calls visit(first, last) for ranges of elements that are after event number `idx` of the thread by po and by the creation and joining
  // of threads, not necessarily disjoint.
  template <typename Visit>
  void ForElementsAfter(uint32_t tid, uint32_t idx, Visit visit) const {
    visit(FirstFrom(tid, idx + 1), last(tid));
    for (const Joined& joined : joined_) {
      if (joined.before[tid] > idx) visit(FirstFrom(joined.tid, joined.idx), last(joined.tid));
    }
  }
  template <typename Visit>
  void ForElementsBefore(uint32_t tid, uint32_t idx, Visit visit) const {
    visit(first(tid), FirstFrom(tid, idx));
    for (const Joined& joined : joined_) {
      if (joined.tid != tid || joined.idx > idx) continue;
      for (uint32_t t = 0; t + 1 < first_.size(); ++t) visit(first(t), FirstFrom(t, joined.before[t]));
    }
  }
  // For RCU: per thread the index of the first event reached from each read-side section's beginning and each grace period by
  // po? ; order ; po?, where po goes on in threads that are created or that join. `order` is reflexive. Only from events with from[e] != 0
  // (empty = all).
  void FillReachability(Relation order, const std::vector<uint8_t>& from, Reachability* reach) const;

  // The elements for which wanted(event) holds.
  template <typename Wanted>
  Set Where(Wanted wanted) {
    Set result = pool_.EmptySet();
    for (uint32_t e = 0; e < size(); ++e) {
      if (wanted(event(e))) result.Add(e);
    }
    return result;
  }
  // Is the event a read or write half of an RMW that stored something?
  bool IsRmw(const Event& event) const;

  Relation Po() { return pool_.From(this, kPo, true); }
  Relation Rf() { return pool_.From(this, kRf, false); }
  Relation Co() { return pool_.From(this, kCo, true); }
  Relation Fr() { return pool_.From(this, kFr, false); }
  Relation Rmw() { return has_rmw_ ? pool_.From(this, kRmwRel, false) : pool_.Empty(); }  // read to write of one RMW
  Relation SameThread() { return pool_.From(this, kInt, true); }                          // int, identity included
  Relation SameLocation() { return pool_.From(this, kLoc, true); }                        // loc
  // From an access to those of other threads that come after it by the creation or the joining of threads.
  Relation Sync() { return joined_.empty() ? pool_.Empty() : pool_.From(this, kSync, true); }
  // Pairs of accesses of one thread with a fence of these kinds between them.
  Relation FenceRel(FenceSet kinds) { return HasFence(kinds) ? pool_.From(this, kinds, true) : pool_.Empty(); }
  bool HasFence(FenceSet kinds) const { return (fence_kinds_ & kinds) != 0; }
  bool has_sync() const { return !joined_.empty(); }
  // Dependencies of the kind that `kind` names; with `carry`, also through values that the thread stored and read back.
  Relation DependencyRel(DepHandle Event::* kind, const Dependencies& sets, bool carry);

 private:
  // Relations whose rows FillRow() knows, besides those of fences, which are numbered by the set of their kinds.
  enum Source : uint32_t { kPo = 1u << 31, kRf, kCo, kFr, kRmwRel, kInt, kLoc, kSync };

  struct Fence {
    FenceSet kind;
    uint32_t end_before;   // orders the elements of its thread below this one
    uint32_t first_after;  // with those from this one on
  };

  // From its event number `idx` on, a thread comes after the first before[t] events of each thread t.
  struct Joined {
    uint32_t tid;
    uint32_t idx;
    std::vector<Clock> before;
  };

  void FillRow(uint32_t which, uint32_t e, uint64_t* row) const override;
  void FillDomain(uint32_t which, uint64_t* set) const override;
  void AddElement(Stamp e, uint64_t* row) const;
  void AddWrites(Stamp w, uint64_t* row) const;  // from this one on, along co
  void AddSyncRow(uint32_t e, uint64_t* row) const;
  void AddFenceRow(FenceSet kinds, uint32_t e, uint64_t* row) const;
  void AddMember(Stamp e, bool fences, bool member);
  // Fences as elements: is this one any? Those of the kernel that go with an RMW or a lock are only directly beside one.
  bool OrdersHere(const Event& fence) const;
  void AddSources(Relation* result, uint32_t to, uint32_t tid, DepHandle set, const Dependencies& sets, bool carry);
  void AddSync(const std::vector<uint8_t>& in);

  RelationPool pool_;
  const ExecutionGraph* graph_ = nullptr;
  struct Member {
    const Event* event;
    uint32_t tid;
    uint32_t idx;
  };
  std::vector<Member> members_;
  std::vector<uint32_t> elements_;
  std::vector<uint32_t> source_of_;  // while dependencies are followed: the element that each event was last found to be a source of
  std::vector<uint32_t> first_;
  std::vector<std::vector<Fence>> fences_;  // per thread, in po
  FenceSet fence_kinds_ = 0;
  bool has_rmw_ = false;
  uint32_t srcu_unlocked_in_ = kNoElement;  // scratch of Build: the thread of the last unlock of SRCU, and the element after it
  uint32_t srcu_unlocked_at_ = 0;
  std::vector<Joined> joined_;
  std::vector<std::vector<Clock>> known_;  // scratch of AddSync
};

}  // namespace graze

#endif  // CHECKER_CONSISTENCY_BASE_RELATIONS_H_

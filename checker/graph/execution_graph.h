// SPDX-License-Identifier: MIT
// An execution graph: events by insertion order with po, rf and co, and porf clocks.
//
// Invariants (CheckInvariants()):
//  1. the stamps of each thread are strictly increasing and idx is dense;
//  2. the rf source of a read is a write to the same location, or kInit;
//  3. co is a doubly linked list per location; the write of an RMW directly follows the source of its read unless the graph is about to
//     be dropped for breaking atomicity;
//     The reads of a write are linked through Event::reader, those of kInit are not;
//  4. porf is acyclic; row porf(e) counts, per thread, the events in the porf-prefix of e (e included);
//  5. the porf-prefix of a STABLE event is STABLE.
// Copying assigns into existing capacity, so pooled graphs do not allocate.
#ifndef CHECKER_GRAPH_EXECUTION_GRAPH_H_
#define CHECKER_GRAPH_EXECUTION_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/base/lanes.h"
#include "checker/graph/event.h"

namespace graze {

// One entry per thread: how many of its first events are meant.
using Clock = uint16_t;

class ExecutionGraph {
 public:
  static constexpr uint32_t kEventsPerThreadMax = 65'000;

  void Clear();

  uint32_t size() const { return static_cast<uint32_t>(events_.size()); }
  const Event& event(Stamp e) const { return events_[e]; }
  Event& event(Stamp e) { return events_[e]; }

  // ---- po
  uint32_t thread_count() const { return static_cast<uint32_t>(threads_.size()); }
  uint32_t length(uint32_t tid) const { return tid < threads_.size() ? static_cast<uint32_t>(threads_[tid].size()) : 0; }
  Stamp at(uint32_t tid, uint32_t idx) const { return threads_[tid][idx]; }
  const Stamp* stamps(uint32_t tid) const { return threads_[tid].data(); }
  Stamp last_of(uint32_t tid) const { return length(tid) == 0 ? kNone : threads_[tid].back(); }
  Stamp po_next(Stamp e) const {
    const Event& event = events_[e];
    const auto& thread = threads_[event.tid];
    return event.idx + 1 < thread.size() ? thread[event.idx + 1] : kNone;
  }
  Stamp po_prev(Stamp e) const {
    const Event& event = events_[e];
    return event.idx == 0 ? kNone : threads_[event.tid][event.idx - 1];
  }

  // ---- locations
  uint32_t location_count() const { return static_cast<uint32_t>(locations_.size()); }
  Stamp co_first(LocId loc) const { return loc < locations_.size() ? locations_[loc].co_first : kNone; }
  // The co-maximal write, kInit if there is none.
  Stamp co_last(LocId loc) const { return loc < locations_.size() ? locations_[loc].co_last : kInit; }
  Stamp last_read(LocId loc) const { return loc < locations_.size() ? locations_[loc].last_read : kNone; }
  Stamp co_succ(LocId loc, Stamp w) const { return w == kInit ? co_first(loc) : events_[w].co_next; }
  // The write of a successful RMW whose read is `r`; kNone otherwise.
  Stamp rmw_write(Stamp r) const {
    const Stamp next = po_next(r);
    return next != kNone && events_[next].is_write() && events_[next].has(kRmw) && events_[r].has(kRmw) ? next : kNone;
  }
  Stamp rmw_read(Stamp w) const { return po_prev(w); }

  // Are there both a grace period and a read-side section, so that one may have to wait for the other?
  bool has_grace_periods() const { return sections_ > 0 && grace_periods_ > 0; }
  // Without sections they order only each other's surroundings.
  bool has_only_grace_periods() const { return sections_ == 0 && grace_periods_ > 0; }
  // Is any of them about sleepable RCU?
  bool has_srcu() const { return sleepable_ > 0; }
  // Frees and valueless accesses are plain ones.
  bool has_plain_accesses() const { return plain_ > 0; }
  // Another number after every change of events, po, rf or co, and for every graph.
  uint64_t version() const { return version_; }
  // Stamps of the kFree events, oldest first.
  const std::vector<Stamp>& frees() const { return frees_; }

  // ---- growing
  // Appends an event of thread `tid` (idx, tid are filled in; rf and co links are not) and computes its porf row from po and `join`,
  // an additional predecessor (kNone if there is none).
  Stamp Append(uint32_t tid, const Event& wanted, Stamp join);
  // Gives an appended or revisited read its source, recomputing its clocks. REQUIRES that nothing po-after it exists.
  void SetRf(Stamp r, Stamp source, bool synchronises);
  void AddToReads(Stamp r);
  // Inserts an appended write into co directly after `pred` (kInit = at the front).
  void InsertCo(Stamp w, Stamp pred);
  void RemoveCo(Stamp w);

  // ---- cutting
  // Removes every event with a stamp >= `size`.
  void Truncate(uint32_t size);
  // Makes *this the restriction of `from` to the events of `order`, inserted in that order (compatible with po); `renumbered` receives
  // the new stamp of every event of `from`, kNone if it is not among them. Flags, clocks and choices carry over.
  void AssignInOrder(const ExecutionGraph& from, const std::vector<Stamp>& order, std::vector<Stamp>* renumbered);

  // ---- porf and hb
  const Clock* porf(Stamp e) const { return &rows_[static_cast<size_t>(e) * 2 * stride_]; }
  // Happens-before without the order that grace periods add: po, rf between marked accesses, create/join.
  const Clock* hb(Stamp e) const { return porf(e) + stride_; }
  uint32_t stride() const { return stride_; }
  // Is `e` in the porf-prefix of `of` (e == of included)?
  bool in_porf_prefix(Stamp e, Stamp of) const { return porf(of)[events_[e].tid] > events_[e].idx; }
  bool hb_before(Stamp e, Stamp of) const { return e != of && hb(of)[events_[e].tid] > events_[e].idx; }

  // True if the write half at `w` directly follows its source in co and no other RMW shares that source.
  bool IsAtomic(Stamp w) const;
  // Aborts on a broken invariant.
  void CheckInvariants() const;

 private:
  struct Location {
    Stamp co_first = kNone;
    Stamp co_last = kInit;
    Stamp last_read = kNone;
  };

  Location& location(LocId loc);
  void EnsureStride(uint32_t threads);
  void JoinInto(Stamp e, Stamp from, bool synchronises);
  void InitialRow(Stamp e);
  void MakeRoom(Stamp e);
  void AddReader(Stamp r, Stamp source);
  void RemoveReader(Stamp r);
  void Count(const Event& event, uint32_t by);
  void Touch() { version_ = ++versions_; }
  Clock* rows(Stamp e) { return &rows_[static_cast<size_t>(e) * 2 * stride_]; }

  std::vector<Event> events_;
  std::vector<std::vector<Stamp>> threads_;
  std::vector<Location> locations_;
  std::vector<Stamp> frees_;
  std::vector<Clock> rows_;  // per event its porf row, then its hb row; longer than needed
  uint32_t stride_ = kLanes;
  uint32_t sections_ = 0;
  uint32_t grace_periods_ = 0;
  uint32_t sleepable_ = 0;
  uint32_t plain_ = 0;
  uint64_t version_ = 0;
  inline static uint64_t versions_ = 0;
};

}  // namespace graze

#endif  // CHECKER_GRAPH_EXECUTION_GRAPH_H_

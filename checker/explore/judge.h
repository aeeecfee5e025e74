// SPDX-License-Identifier: MIT
// Judges one complete execution graph: does it count, and what does it break?
//
// Everything that is reported is reported here, on a graph that is complete and consistent on both levels. A thread that failed stopped
// at its failure and the others went on without it, so each failure is judged in every completion of the graph in which it occurred.
#ifndef CHECKER_EXPLORE_JUDGE_H_
#define CHECKER_EXPLORE_JUDGE_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "checker/api/execution.h"
#include "checker/explore/explorer.h"

namespace graze::internal {

struct Freed {
  uintptr_t begin;
  uintptr_t end;
  Stamp free;
};

// Memory that one judge leaves to the next.
struct JudgeRoom {
  std::vector<ThreadView> threads;
  std::vector<Observation> observations;
  std::vector<ObjectView> objects;
  std::vector<const Object*> sorted_objects;
  std::vector<const char*> reported;
  std::vector<Freed> freed;
  ExecutionGraph alone;  // the graph without other threads' waits
};

class Judge final : public Execution {
 public:
  explicit Judge(Explorer& explorer);
  void Run();

  // Execution
  bool finished() const override;
  bool raced() const override { return raced_; }
  const std::vector<ThreadView>& threads() const override { return threads_; }
  const std::vector<Observation>& observations() const override { return observations_; }
  bool Before(const Observation& x, const Observation& y) const override;
  bool Visible(const Observation& x, const Observation& y) const override;
  const std::vector<ObjectView>& objects() const override { return objects_; }
  bool FinalValue(const void* address, uint64_t* value) const override;
  void Report(const char* rule, std::string message, std::string expected, std::string got) override;
  void CountCheck(const char* rule, uint64_t times) override;
  void ReportLeak(const char* rule, const std::vector<const ObjectView*>& leaked) override;

 private:
  void CollectThreads();
  // What a thread waits for, and their names, are for monitors and dumps only.
  void NameThreads();
  void CollectViews();
  // Is `e` behind a grace period that had to wait for a section that another thread never leaves? (RULES.md, open sections)
  bool ProvesNothing(Stamp e);
  void ReportFailures();
  void ReportRaces();
  void ReportRacesOn(LocId loc);
  bool NeighboursAreOrdered(LocId loc, uint64_t* pairs) const;
  void ReportRace(Stamp a, Stamp b);
  void ReportLifetimes();
  void JudgeUse(Stamp use, Stamp free);
  // Is every thread that waits without hope? False: the graph only shows a read of an old value and another graph continues it.
  bool JudgeLiveness();
  void CollectHeldBack();
  // judge_order.cc
  static bool InProgramOrder(const Observation& x, const Observation& y);
  bool Around(const Observation& x, const Observation& y, Stamp* after_x, Stamp* before_y) const;
  bool WasWaitedFor(Stamp x, Stamp y) const;
  bool Happened(Stamp e) const;
  bool IsHopeless(const SimThread& thread);
  bool NewestBlocks(const SimThread& thread);
  bool StuckWithoutTheRest() const;
  bool WaitEndsWith(const SimThread& thread, const std::function<Stamp(LocId)>& newest) const;
  Stamp OpenSection(ThreadId tid) const;
  void ReportHang(const std::vector<ThreadId>& hung);
  void RunMonitors();
  void ReportLeaks();
  void SelfCheck();
  void Dump(bool hopeless);
  void Add(Violation violation, Site site, uint64_t shape, const std::vector<std::pair<Stamp, Stamp>>& wanted,
           std::vector<Stamp> deciding = {});
  std::string Where(Stamp e) const;

  Explorer& explorer_;
  const ExecutionGraph& graph_;
  Runtime& runtime_;
  std::vector<ThreadView>& threads_;
  std::vector<Observation>& observations_;
  std::vector<ObjectView>& objects_;
  std::vector<const char*>& reported_;
  std::vector<Stamp> held_back_;
  bool hung_ = false;
  bool raced_ = false;
  bool dropped_ = false;  // something was not reported because it proves nothing
  bool added_ = false;    // something was reported
};

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_JUDGE_H_

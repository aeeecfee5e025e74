// SPDX-License-Identifier: MIT
// The search: which execution graphs does a program have under a memory model?
//
// TruSt in its flag form (Kokologiannakis et al., POPL 2022); the rules are in RULES.md: every event is first added with its maximal
// choice; other choices wait in the queue of the current frame; a write may revisit an earlier read, which starts a new frame on a copy
// of the graph without the events in between. The queue of a frame is a stack: an item's graph is the frame's graph cut back to the
// stamp of its event. Level M axioms (grace periods) never stop the search, they only decide what counts (two-level scheme).
#ifndef CHECKER_EXPLORE_EXPLORER_H_
#define CHECKER_EXPLORE_EXPLORER_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "checker/api/explore.h"
#include "checker/base/random.h"
#include "checker/consistency/memory_model.h"
#include "checker/explore/findings.h"
#include "checker/explore/schedule.h"
#include "checker/explore/work_item.h"
#include "checker/graph/execution_graph.h"
#include "checker/runtime/runtime.h"

namespace graze::internal {

// What is explored: a body on simulated thread 0 and what is asked of each complete execution.
struct Program {
  ThreadBody body = nullptr;
  void* arg = nullptr;
  std::function<void(Execution&)> at_end;
  bool leak_check = true;
};

// "file:line" of a site, for messages. Needs an ordinary stack (symbolising is deep): not on a fiber.
std::string PositionText(Site site);
// Stands for the position of a site in a reason that is made up on a fiber.
inline constexpr char kSitePlaceholder[] = "@SITE@";

struct JudgeRoom;

struct Frame {
  ExecutionGraph graph;
  std::vector<Choice> queue;
  uint32_t base = 0;  // no choice refers below this stamp
};

class Explorer final : public Handler {
 public:
  Explorer(const Program& program, const Options& options, std::unique_ptr<MemoryModel> model);
  ~Explorer() override;

  // Explores everything below `start` (the whole program if it is null). If `split_after` > 0, the search gives its bottom-most choices
  // away as work items whenever that many executions have passed, and `*split` receives them.
  void Run(const WorkItem* start, uint64_t split_after, std::vector<WorkItem>* split);
  // Runs the one execution that `schedule` describes and judges it. False with a reason in result().reason if it cannot be followed.
  bool RunSchedule(const Schedule& schedule);

  Result& result() { return result_; }
  std::vector<Finding>& findings() { return findings_.all(); }
  const ExecutionGraph& graph() const { return frames_.back()->graph; }
  MemoryModel& model() { return *model_; }
  std::string_view model_name() const { return model_->name(); }
  // The current execution as a schedule, shortest description first (token payload); valid during callbacks and after RunSchedule().
  Schedule CurrentSchedule(const std::vector<std::pair<Stamp, Stamp>>& wanted_order);
  uint64_t CurrentHash() const;
  // The current graph as it was built, without looking at anything that may be broken: good enough to find the place again.
  Schedule InsertionOrder() const;

  // Handler
  bool MayContinue(const SimThread& thread) override;
  bool TracksFences() const override { return model_->tracks_fences(); }
  Stamp AddRead(SimThread& thread, const AccessOp& op) override;
  Stamp AddWrite(SimThread& thread, const AccessOp& op, uint64_t value, bool rmw) override;
  Stamp AddEvent(SimThread& thread, const Event& event) override;
  void Rejudge(SimThread& thread, Stamp e) override;
  void OnFailure(SimThread& thread, Failure failure, bool fatal) override;
  void OnNondeterminism(SimThread& thread, const Event& recorded, const std::string& attempted, Site site) override;
  void OnLimit(SimThread& thread, const std::string& reason, Site site) override;

 private:
  friend class Judge;

  // ---- explorer.cc: the loop and the scheduler
  void Execute();
  ThreadId Pick();
  void CheckGuideEnds();
  bool IsReady(const SimThread& thread) const;
  bool IsDeferred(const SimThread& thread);
  bool ChoicesLeft() const;
  bool BudgetLeft();
  void Stop(const std::string& reason, Site site = nullptr);
  void FinishReason();
  [[noreturn]] void Abandon(SimThread& thread);
  uint64_t CoMaxValue(LocId loc);
  uint64_t ValueOf(LocId loc, Stamp source);
  Frame& PushFrame();
  void PopFrame();
  Frame& top() { return *frames_.back(); }

  // ---- adding.cc: new events and their alternatives
  void CheckGrowth(SimThread& thread, Site site);
  [[noreturn]] void FailAt(SimThread& thread, Failure failure, uintptr_t address);
  bool AllBefore(LocId loc, Stamp e) const;
  // Is it one behind the end of an object?
  bool CheckFirstAccess(SimThread& thread, const AccessOp& op);
  void CoherenceWindow(LocId loc, Stamp event, std::vector<Stamp>* from_oldest);
  bool IsSettled(LocId loc, Stamp source, Stamp r) const;
  Stamp JoinedEvent(const SimThread& thread, const Event& event) const;
  void SetSource(Stamp r, Stamp source, uint64_t value);

  // ---- revisit.cc
  void Revisits(Stamp w);
  void CrossCheckRevisits(Stamp w) const;
  bool MayRevisit(Stamp r, Stamp w) const;
  bool IsMaximal(Stamp e, Stamp r, Stamp w) const;
  bool IsMaximalDeclaratively(Stamp e, Stamp r, Stamp w) const;
  bool Kept(Stamp e, Stamp r, Stamp w) const;
  Choice TakeChoice();
  bool Apply(const Choice& choice);
  bool ApplyBackward(const Choice& choice);
  // Is the top frame's graph worth going on with, `changed` being what is new in it?
  bool KeepGoing(Stamp changed);
  void StableClosure(const ExecutionGraph& graph, std::vector<uint8_t>* in);

  // ---- work_item.cc
  WorkItem MakeWorkItem(const Frame& frame, const Choice& choice) const;
  void GiveAway(std::vector<WorkItem>* split);
  bool Restore(const WorkItem& item);

  // ---- complete executions
  void Complete();
  // How often `rule`, a literal, had something to check.
  uint64_t& Checks(const char* rule);

  Program program_;
  Options options_;
  std::unique_ptr<MemoryModel> model_;
  Runtime& runtime_;
  Result result_;
  Findings findings_;
  std::vector<std::unique_ptr<Frame>> frames_;
  std::vector<std::unique_ptr<Frame>> pool_;
  std::vector<std::pair<ThreadId, Failure>> failures_;  // of the current execution
  std::vector<std::pair<ThreadId, Failure>> warnings_;
  std::vector<uint8_t> has_plain_;                         // per location: was ever accessed plainly
  std::vector<LocId> plain_locations_;                     // those of which that is true
  std::vector<std::pair<const char*, uint64_t*>> checks_;  // into result_.checks
  Random random_;
  std::unique_ptr<JudgeRoom> judge_room_;
  ThreadId first_ = 0;  // thread that must run first (rule 0), valid if has_first_
  bool has_first_ = false;
  bool stepping_ = false;
  bool saw_lock_ = false;  // some read of a lock word was added in this search
  bool stop_ = false;
  bool rebuilding_ = false;  // a work item's graph is being run into being
  Site stop_site_ = nullptr;
  uint64_t look_again_at_ = 0;       // events after which the clock is due
  const Schedule* guide_ = nullptr;  // replay: the choices to take
  size_t guide_step_ = 0;
  std::chrono::steady_clock::time_point started_;
  std::unordered_set<uint64_t> seen_;  // self check: canonical hashes of complete executions
  std::vector<Stamp> window_, renumbered_;
  std::vector<uint32_t> position_;
  std::vector<Stamp> kept_;
  std::vector<uint8_t> stable_;
  uint64_t looks_in_vain_ = 0, pruned_ = 0;  // of KeepGoing
  std::vector<Clock> closure_;
};

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_EXPLORER_H_

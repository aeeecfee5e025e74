// SPDX-License-Identifier: MIT
// Simulated threads: makes ordinary C++ code act out the execution graph it is given, and extend it.
//
// Every execution runs all threads again from their start. A thread whose next event is in the graph replays it and gets the recorded
// value; a thread that comes to the end of what the graph knows of it parks until the scheduler lets it add one. Replay follows rf: a
// read waits until its source was replayed, so that memory shared without instrumentation is read after it was written.
#ifndef CHECKER_RUNTIME_RUNTIME_H_
#define CHECKER_RUNTIME_RUNTIME_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/base/check.h"
#include "checker/graph/dependencies.h"
#include "checker/graph/execution_graph.h"
#include "checker/runtime/fiber.h"
#include "checker/runtime/handler.h"
#include "checker/runtime/location_table.h"
#include "checker/runtime/spin_state.h"
#include "checker/verdict/observation.h"

namespace graze::internal {

enum class Park : uint8_t {
  kAbsent,     // not created in this execution (yet)
  kReplaying,  // has events of the graph still to replay, or has not said yet what comes next
  kPending,    // at an event that is not in the graph; SimThread::pending says which
  kFinished,
  kBlocked,   // at an await whose read is in the graph and does not satisfy it
  kSpinning,  // at a SpinHint with nothing new to read
  kAssumed,   // stopped by a failed assumption
  kFailed,    // stopped at a violation
};

struct PendingOp {
  EventKind kind = EventKind::kBegin;
  const AccessOp* access = nullptr;  // reads and writes; lives on the thread's stack
  uint32_t join_target = 0;
  const char* what = nullptr;
  Site site = nullptr;
};

struct TraceNote {
  uint32_t thread;
  uint32_t index;  // events of the thread before it
  enum Kind : uint8_t { kNote, kCall, kReturn } kind;
  std::string text;
  Site site;
};

// The loads that a thread's newest pointer into [begin, end) came from.
struct PointerOrigin {
  uintptr_t begin;
  uintptr_t end;
  DepHandle from;
};

// Addresses below are null, plus an offset.
inline constexpr uintptr_t kNullPage = 65536;

struct SimThread {
  Fiber fiber;
  ThreadId id = 0;
  std::string name;
  int cpu = -1;
  uint32_t group = 0;
  bool daemon = false;
  void* user = nullptr;
  ThreadBody body = nullptr;
  void* arg = nullptr;
  Park park = Park::kAbsent;
  uint32_t pos = 0;               // events executed in this run
  uint32_t replay_length = 0;     // events of the graph that it began with
  const Stamp* replay = nullptr;  // their stamps; valid while pos < replay_length
  uint32_t children = 0;          // creates executed in this run
  int rcu_depth = 0;
  Site rcu_site = nullptr;  // where the outermost section that is open began
  int srcu_depth = 0;
  DepHandle branched_on = 0;
  std::vector<PointerOrigin> origins;  // of disjoint ranges; empty unless the model asks for dependencies
  bool started = false;                // the fiber has run in this execution
  PendingOp pending;
  bool waits_for_replay = false;  // until `awaits_replay_of` has replayed its event `awaits_replay_until`
  uint32_t awaits_replay_of = 0;
  uint32_t awaits_replay_until = 0;
  uint32_t spin_from = 0;  // pos at the last SpinHint
  uint32_t spin_idle = 0;  // SpinHints in a row without an event
  SpinState spin_before;   // the thread at the last SpinHint
  SpinState spin_now;
  bool spin_wrote = false;
  uint32_t spin_read_from = 0;  // kSpinning: first event of the iteration that found nothing new
  size_t arena_used = 0;
  std::vector<std::pair<uintptr_t, uint32_t>> held_locks;
  // Null, 0 if nothing is known of how the thread came to point there.
  PointerOrigin* FindOrigin(uintptr_t address) {
    for (PointerOrigin& origin : origins) {
      if (address >= origin.begin && address < origin.end) return &origin;
    }
    return nullptr;
  }
  DepHandle OriginOf(uintptr_t address) {
    const PointerOrigin* const origin = FindOrigin(address);
    return origin != nullptr ? origin->from : 0;
  }

  std::vector<ThreadId> child_ids;  // in the order of creation; of all executions of the search
};

struct Object {
  static constexpr size_t kGap = 64;  // bytes behind each object that belong to nobody
  uintptr_t address = 0;
  size_t size = 0;
  const char* type = "";
  std::string name;
  uint32_t tid = 0;
  uint32_t idx = 0;  // index of its Malloc event
  bool zeroed = false;
  bool freed = false;
};

// "a read", "the creation of a thread": for messages.
const char* KindText(EventKind kind);

// Defined beside the global operator new. Calling it brings that into every program that explores, whatever library offers another one.
void LinkOperatorNew();

class Runtime {
 public:
  Runtime();
  // The one runtime of the process; a search uses it exclusively.
  static Runtime& Get() {
    if (instance_ == nullptr) instance_ = new Runtime;  // never destroyed: fibers refer to it
    return *instance_;
  }

  static bool exists() { return instance_ != nullptr; }

  // ---- for the exploration -----------------------------------------------------------------------------------------------------
  void BeginSearch(Handler* handler);
  void EndSearch();
  // Starts an execution on `graph`: everything is reset, thread 0 will run `body`.
  void BeginRun(ExecutionGraph* graph, ThreadBody body, void* arg);
  // Lets `tid` replay until it parks (replaying others first where its reads need it).
  void Replay(ThreadId tid);
  // Lets threads that were created since the last call come to their first event that is not in the graph.
  void ReplayCreated();
  // Replay() for a thread that may not have been created yet in this execution.
  void ReplayInto(ThreadId tid);
  // Lets the parked thread add its pending event and go on until it parks again.
  void Step(ThreadId tid);
  SimThread& thread(ThreadId tid) { return threads_[tid]; }
  const SimThread& thread(ThreadId tid) const { return threads_[tid]; }
  // Threads that exist in this execution have ids below this (some may be absent).
  uint32_t thread_count() const { return static_cast<uint32_t>(threads_.size()); }
  std::vector<uint32_t> ThreadKey(ThreadId tid) const;  // path of create ordinals
  // thread_count() or more if no thread of this key was ever created in this search.
  ThreadId FindThreadKey(const std::vector<uint32_t>& key) const;
  LocationTable& locations() { return locations_; }
  Dependencies& dependencies() { return dependencies_; }
  bool tracks_dependencies() const { return tracks_dependencies_; }
  bool whole_stores() const { return whole_stores_; }
  void AssumeWholeStores() { whole_stores_ = true; }
  const std::vector<Object>& objects() const { return objects_; }
  const Object* FindObject(uintptr_t address) const;
  // The object in whose gap `address` lies, null if it is in none.
  const Object* FindOverrun(uintptr_t address) const;
  const std::vector<Observation>& observations() const { return observations_; }
  // How often each rule had something to check in this execution; a rule may appear more than once.
  const std::vector<std::pair<const char*, uint64_t>>& checks() const { return checks_; }
  const std::vector<TraceNote>& notes() const { return notes_; }
  // The value a location has before any write; false if it was never given one (uninitialised memory).
  bool InitialValue(LocId loc, uint64_t* value);
  void set_tracing(bool on) { tracing_ = on; }
  bool tracing() const { return tracing_; }
  struct LocationName {
    std::string name;
    bool internal;
  };
  const LocationName* FindLocationName(uintptr_t address) const;
  bool leaving() const { return leaving_; }
  // Ends the current execution: the running thread (if any) is left for good, Replay() and Step() return.
  void Leave() { leaving_ = true; }

  // ---- for ops*.cc (on the running thread) ---------------------------------------------------------------------------------------
  SimThread& current() { return *current_; }
  bool in_execution() const { return current_ != nullptr; }
  bool in_checked_code() const { return current_ != nullptr && !in_engine_; }
  // The recorded event if the graph has one here (verified against kind, loc and site), null if a new one has to be added.
  const Event* Replayed(EventKind kind, LocId loc, Site site) {
    if (current_->pos >= current_->replay_length) return nullptr;
    const Event& recorded = graph_->event(current_->replay[current_->pos]);
    if (recorded.kind != kind || recorded.loc != loc || recorded.site != site) Differs(recorded, kind, site);
    return &recorded;
  }
  // The location of the access that is about to be replayed, kNoLoc if none is, or not of this.
  LocId ReplayedLocation(uintptr_t address, uint32_t size, Site site) const {
    if (current_->pos >= current_->replay_length) return kNoLoc;
    const Event& recorded = graph_->event(current_->replay[current_->pos]);
    if (recorded.loc == kNoLoc || recorded.site != site || recorded.size != size) return kNoLoc;
    return locations_.info(recorded.loc).address == address ? recorded.loc : kNoLoc;
  }
  // The event of the graph if it is this access, kNone if it is another or there is none; never before the first thread created another,
  // when locations come to their initial values.
  Stamp ReplayedAccess(EventKind kind, uintptr_t address, uint32_t size, Site site) const {
    const SimThread& thread = *current_;
    if (thread.pos >= thread.replay_length || (thread.id == 0 && thread.children == 0)) return kNone;
    const Stamp stamp = thread.replay[thread.pos];
    const Event& recorded = graph_->event(stamp);
    if (recorded.kind != kind || recorded.site != site || recorded.size != size) return kNone;
    return locations_.info(recorded.loc).address == address ? stamp : kNone;
  }
  // The dependency on the read that the running thread has just done.
  DepHandle NewestRead() { return dependencies_.Single(current_->pos - 1); }
  void FinishReplayed() { ++current_->pos; }
  // Returns once the running thread may add the event described by `pending`.
  void AwaitTurn(const PendingOp& pending);
  // Parks the running thread for good in this execution.
  [[noreturn]] void ParkForever(Park park);
  [[noreturn]] void FailCurrent(Failure failure);
  void WaitReplayed(uint32_t tid, uint32_t idx);
  ThreadId InternChild(ThreadId parent, uint32_t ordinal);
  void StartThread(ThreadId tid, ThreadBody body, void* arg, const ThreadOptions& options);
  void* Allocate(size_t size, size_t align);
  void AddObject(Object object) { objects_.push_back(std::move(object)); }
  Object* MutableObject(uintptr_t address);
  void SetInitialValue(LocId loc, uint64_t value);
  // Was the location declared, or accessed by the first thread before it created any other, in this execution?
  bool IsTouched(LocId loc) const { return loc < initial_.size() && initial_[loc].touched_run == run_; }
  void MarkTouched(LocId loc);
  std::vector<ThreadId> CreatedBefore(uint32_t group) const;
  void AddObservation(const Observation& observation) { observations_.push_back(observation); }
  void AddNote(TraceNote note) { notes_.push_back(std::move(note)); }
  void CountCheck(const char* rule) {
    for (auto& [known, times] : checks_) {
      if (known == rule) {
        ++times;
        return;
      }
    }
    checks_.emplace_back(rule, 1);
  }
  void NameLocation(uintptr_t address, std::string name, bool internal);
  void RegisterGlobals(void* begin, size_t size);
  // Is the running thread, at a SpinHint, where it was at the one before? Remembers it for the next one.
  bool SameSpinState(const std::byte* stack_low, Site site);
  uint32_t live_threads() const { return live_threads_; }
  Handler& handler() { return *handler_; }
  ExecutionGraph& graph() { return *graph_; }

  // Marks a stretch of engine code on a fiber: allocations in it do not come from the arenas.
  class EngineScope {
   public:
    EngineScope() {
      if (Get().current_ == nullptr) CheckFailed(__FILE__, __LINE__, "an operation of checked code outside Explore()");
      Get().in_engine_ = true;
    }
    ~EngineScope() { Runtime::Get().in_engine_ = false; }
    EngineScope(const EngineScope&) = delete;
    EngineScope& operator=(const EngineScope&) = delete;
  };

 private:
  struct Globals {
    std::byte* begin;
    std::vector<std::byte> saved;
  };
  struct Initial {
    uint64_t run = 0;  // the execution in which `value` was declared
    uint64_t touched_run = 0;
    uint64_t value = 0;
  };

  static void ThreadMain(void* arg);
  [[noreturn]] void Differs(const Event& recorded, EventKind kind, Site site);
  // A thread that fails at an event is not past it; its write is there all the same, and others may read it.
  bool Replayed(uint32_t tid, uint32_t idx) const {
    const SimThread& thread = threads_[tid];
    return thread.park != Park::kAbsent && (thread.pos > idx || (thread.pos == idx && thread.park == Park::kFailed));
  }
  void Resume(SimThread& thread);
  void SuspendCurrent();

  inline static Runtime* instance_ = nullptr;

  Handler* handler_ = nullptr;
  ExecutionGraph* graph_ = nullptr;
  SimThread* current_ = nullptr;
  bool in_engine_ = false;
  bool leaving_ = false;
  bool tracing_ = false;
  bool tracks_dependencies_ = false;
  bool whole_stores_ = false;
  bool may_add_ = false;  // the thread being stepped may add one event
  uint32_t live_threads_ = 0;
  uint64_t run_ = 0;
  std::vector<SimThread> threads_;
  bool created_ = false;  // a thread was, since ReplayCreated()
  std::vector<std::pair<ThreadId, uint32_t>> parents_;
  LocationTable locations_;
  Dependencies dependencies_;
  std::vector<Initial> initial_;
  std::vector<Object> objects_;
  std::vector<Observation> observations_;
  std::vector<TraceNote> notes_;
  std::vector<std::pair<const char*, uint64_t>> checks_;
  std::map<uintptr_t, LocationName> location_names_;
  std::vector<Globals> globals_;
};

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_RUNTIME_H_

// SPDX-License-Identifier: MIT
#include "checker/runtime/runtime.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <utility>

#include "checker/base/check.h"
#include "checker/runtime/fault.h"

namespace graze::internal {
namespace {

void CopyCString(std::string* to, const char* from) { to->assign(from == nullptr ? "" : from); }

}  // namespace

const char* KindText(EventKind kind) {
  switch (kind) {
    case EventKind::kBegin: return "the start of the thread";
    case EventKind::kEnd: return "the end of the thread";
    case EventKind::kCreate: return "the creation of a thread";
    case EventKind::kJoin: return "a join";
    case EventKind::kRead: return "a read";
    case EventKind::kWrite: return "a write";
    case EventKind::kFence: return "a fence";
    case EventKind::kRcuLock: return "rcu_read_lock";
    case EventKind::kRcuUnlock: return "rcu_read_unlock";
    case EventKind::kRcuSync: return "a grace period";
    case EventKind::kSrcuLock: return "srcu_read_lock";
    case EventKind::kSrcuUnlock: return "srcu_read_unlock";
    case EventKind::kSrcuSync: return "a grace period of SRCU";
    case EventKind::kMalloc: return "an allocation";
    case EventKind::kFree: return "a free";
    case EventKind::kTouch: return "an access to an object";
    case EventKind::kChoose: return "a choice";
  }
  return "?";
}

Runtime::Runtime() {
  LinkOperatorNew();
  ReserveAddressRange();
  threads_.reserve(AddressPlan::kThreadsMax);  // references to threads stay valid
}

void Runtime::BeginSearch(Handler* handler) {
  GRAZE_CHECK(handler_ == nullptr);  // one search at a time; Explore() inside checked code is not possible
  handler_ = handler;
  InstallFaultHandlers();
  threads_.clear();
  parents_.clear();
  locations_.Clear();
  dependencies_.Clear();
  initial_.clear();
  threads_.emplace_back();
  parents_.emplace_back(0, 0);
}

void Runtime::EndSearch() {
  RemoveFaultHandlers();
  handler_ = nullptr;
  graph_ = nullptr;
  for (const Globals& globals : globals_) std::memcpy(globals.begin, globals.saved.data(), globals.saved.size());
}

void Runtime::BeginRun(ExecutionGraph* graph, ThreadBody body, void* arg) {
  ++run_;
  graph_ = graph;
  leaving_ = false;
  whole_stores_ = false;
  tracks_dependencies_ = handler_->TracksFences();  // every model weaker than SC may ask
  may_add_ = false;
  live_threads_ = 0;
  objects_.clear();
  observations_.clear();
  notes_.clear();
  checks_.clear();
  location_names_.clear();
  for (SimThread& thread : threads_) {
    thread.park = Park::kAbsent;
    thread.arena_used = 0;
  }
  for (const Globals& globals : globals_) std::memcpy(globals.begin, globals.saved.data(), globals.saved.size());
  StartThread(0, body, arg, {.name = "main"});
}

void Runtime::StartThread(ThreadId tid, ThreadBody body, void* arg, const ThreadOptions& options) {
  SimThread& thread = threads_[tid];
  thread.id = tid;
  CopyCString(&thread.name, options.name);
  thread.cpu = options.cpu;
  thread.group = options.group;
  thread.daemon = options.daemon;
  thread.user = options.user;
  thread.body = body;
  thread.arg = arg;
  thread.park = Park::kReplaying;
  thread.pos = 0;
  thread.replay_length = graph_->length(tid);
  thread.replay = thread.replay_length > 0 ? graph_->stamps(tid) : nullptr;
  created_ = true;
  thread.children = 0;
  thread.rcu_depth = 0;
  thread.rcu_site = nullptr;
  thread.srcu_depth = 0;
  thread.branched_on = 0;
  thread.origins.clear();
  thread.started = false;
  thread.waits_for_replay = false;
  thread.spin_before.Clear();
  thread.spin_idle = 0;
  thread.spin_wrote = false;
  thread.held_locks.clear();
  thread.fiber.Start(tid, &Runtime::ThreadMain, &thread);
  ++live_threads_;
}

void Runtime::ThreadMain(void* arg) {
  SimThread& thread = *static_cast<SimThread*>(arg);
  Runtime& runtime = Get();
  const auto mark = [&](EventKind kind) {
    if (runtime.Replayed(kind, kNoLoc, nullptr) == nullptr) {
      runtime.AwaitTurn({.kind = kind});
      Event event;
      event.kind = kind;
      event.aux = runtime.parents_[thread.id].first;
      runtime.handler_->AddEvent(thread, event);
    } else if (kind == EventKind::kBegin && thread.id != 0) {
      // The creation was replayed: that is how this fiber came to run.
    }
    runtime.FinishReplayed();
  };
  mark(EventKind::kBegin);
  runtime.in_engine_ = false;
  try {
    thread.body(thread.arg);
  } catch (const std::exception& exception) {
    runtime.in_engine_ = true;
    runtime.FailCurrent({.kind = ViolationKind::kAssertion,
                         .rule = "misuse",
                         .message = std::string("an exception leaves the thread: ") + exception.what()});
  } catch (...) {
    runtime.in_engine_ = true;
    runtime.FailCurrent({.kind = ViolationKind::kAssertion, .rule = "misuse", .message = "an exception leaves the thread"});
  }
  runtime.in_engine_ = true;
  if (thread.rcu_depth > 0) {
    runtime.FailCurrent({.kind = ViolationKind::kMisuse,
                         .rule = "misuse",
                         .message = "thread ends inside the RCU read-side section that begins here",
                         .site = thread.rcu_site});
  }
  mark(EventKind::kEnd);
  runtime.ParkForever(Park::kFinished);
}

void Runtime::Resume(SimThread& thread) {
  current_ = &thread;
  in_engine_ = true;
  thread.started = true;
  thread.fiber.Resume();
  current_ = nullptr;
  in_engine_ = false;
}

void Runtime::SuspendCurrent() {
  Fiber::Suspend();
  in_engine_ = true;
}

void Runtime::Replay(ThreadId tid) {
  SimThread& thread = threads_[tid];
  while (thread.park == Park::kReplaying && !leaving_) {
    if (thread.waits_for_replay && !Replayed(thread.awaits_replay_of, thread.awaits_replay_until)) {
      ThreadId next = thread.awaits_replay_of;
      while (threads_[next].park == Park::kAbsent) next = parents_[next].first;  // whoever creates it, or its creator, comes first
      GRAZE_CHECK(threads_[next].park == Park::kReplaying);
      Replay(next);
      // Who waits for one thread usually waits for the next one then: run them now rather than switch back in between.
      for (ThreadId other = next + 1; other < thread_count() && !leaving_; ++other) {
        if (threads_[other].park == Park::kReplaying && !threads_[other].started) Replay(other);
      }
      continue;
    }
    Resume(thread);
  }
}

void Runtime::ReplayCreated() {
  if (!created_) return;
  created_ = false;
  for (ThreadId tid = 0; tid < thread_count() && !leaving_; ++tid) Replay(tid);
}

void Runtime::ReplayInto(ThreadId tid) {
  if (threads_[tid].park == Park::kAbsent) ReplayInto(parents_[tid].first);
  Replay(tid);
}

void Runtime::Step(ThreadId tid) {
  SimThread& thread = threads_[tid];
  GRAZE_CHECK(thread.park == Park::kPending);
  thread.park = Park::kReplaying;
  may_add_ = true;
  while (thread.park == Park::kReplaying && !leaving_) Resume(thread);
  may_add_ = false;
}

void Runtime::WaitReplayed(uint32_t tid, uint32_t idx) {
  SimThread& thread = *current_;
  while (!Replayed(tid, idx)) {
    thread.waits_for_replay = true;
    thread.awaits_replay_of = tid;
    thread.awaits_replay_until = idx;
    SuspendCurrent();
  }
  thread.waits_for_replay = false;
}

void Runtime::Differs(const Event& recorded, EventKind kind, Site site) {
  const std::string attempted = std::string(KindText(kind)) + (recorded.kind == kind ? " elsewhere" : "");
  handler_->OnNondeterminism(*current_, recorded, attempted, site);
  ParkForever(Park::kFailed);
}

void Runtime::AwaitTurn(const PendingOp& pending) {
  SimThread& thread = *current_;
  thread.pending = pending;
  if (may_add_) {
    may_add_ = false;
    if (leaving_) ParkForever(Park::kReplaying);
    return;
  }
  if (thread.pos > 0 && handler_->MayContinue(thread)) return;
  thread.park = Park::kPending;
  SuspendCurrent();
  may_add_ = false;
}

void Runtime::ParkForever(Park park) {
  current_->park = park;
  while (true) SuspendCurrent();
}

void Runtime::FailCurrent(Failure failure) {
  handler_->OnFailure(*current_, std::move(failure), true);
  ParkForever(Park::kFailed);
}

ThreadId Runtime::InternChild(ThreadId parent, uint32_t ordinal) {
  if (ordinal < threads_[parent].child_ids.size()) return threads_[parent].child_ids[ordinal];
  GRAZE_CHECK(ordinal == threads_[parent].child_ids.size());
  if (threads_.size() == AddressPlan::kThreadsMax) {
    handler_->OnLimit(*current_, "more than " + std::to_string(AddressPlan::kThreadsMax) + " threads", nullptr);
    ParkForever(Park::kFailed);
  }
  const ThreadId child = static_cast<ThreadId>(threads_.size());
  threads_[parent].child_ids.push_back(child);
  threads_.emplace_back();
  parents_.emplace_back(parent, ordinal);
  return child;
}

std::vector<uint32_t> Runtime::ThreadKey(ThreadId tid) const {
  std::vector<uint32_t> key;
  for (; tid != 0; tid = parents_[tid].first) key.push_back(parents_[tid].second);
  std::reverse(key.begin(), key.end());
  return key;
}

ThreadId Runtime::FindThreadKey(const std::vector<uint32_t>& key) const {
  ThreadId tid = 0;
  for (const uint32_t ordinal : key) {
    if (ordinal >= threads_[tid].child_ids.size()) return ~ThreadId{0};
    tid = threads_[tid].child_ids[ordinal];
  }
  return tid;
}

void* Runtime::Allocate(size_t size, size_t align) {
  SimThread& thread = *current_;
  const size_t offset = (thread.arena_used + align - 1) & ~(align - 1);
  if (offset + size > AddressPlan::kArenaSize) {
    handler_->OnLimit(thread, "thread '" + thread.name + "' allocates more than " + std::to_string(AddressPlan::kArenaSize >> 20) + " MiB",
                      nullptr);
    ParkForever(Park::kFailed);
  }
  thread.arena_used = offset + std::max<size_t>(size, 1);
  void* const memory = reinterpret_cast<void*>(AddressPlan::kBase + thread.id * AddressPlan::kArenaSize + offset);
  std::memset(memory, 0, size);
  return memory;
}

const Object* Runtime::FindObject(uintptr_t address) const {
  for (const Object& object : objects_) {
    if (address >= object.address && address < object.address + std::max<size_t>(object.size, 1)) return &object;
  }
  return nullptr;
}

const Object* Runtime::FindOverrun(uintptr_t address) const {
  for (const Object& object : objects_) {
    const uintptr_t end = object.address + object.size;
    if (address >= end && address < end + Object::kGap) return &object;
  }
  return nullptr;
}

Object* Runtime::MutableObject(uintptr_t address) { return const_cast<Object*>(FindObject(address)); }

void Runtime::SetInitialValue(LocId loc, uint64_t value) {
  if (loc >= initial_.size()) initial_.resize(loc + 1);
  initial_[loc] = {.run = run_, .touched_run = run_, .value = value};
}

void Runtime::MarkTouched(LocId loc) {
  if (loc >= initial_.size()) initial_.resize(loc + 1);
  initial_[loc].touched_run = run_;
}

bool Runtime::InitialValue(LocId loc, uint64_t* value) {
  *value = 0;
  if (loc < initial_.size() && initial_[loc].run == run_) {
    *value = initial_[loc].value;
    return true;
  }
  const LocationInfo& info = locations_.info(loc);
  if (InAddressRange(info.address) && info.address < AddressPlan::kStacks) {
    const Object* const object = FindObject(info.address);
    if (object != nullptr) return object->zeroed;
  }
  std::memcpy(value, reinterpret_cast<const void*>(info.address), info.size);
  return true;
}

std::vector<ThreadId> Runtime::CreatedBefore(uint32_t group) const {
  std::vector<std::pair<std::vector<uint32_t>, ThreadId>> keyed;
  const Stamp here = graph_->at(current_->id, current_->pos - 1);  // every thread has its Begin event by now
  for (ThreadId tid = 0; tid < threads_.size(); ++tid) {
    const SimThread& thread = threads_[tid];
    if (thread.park == Park::kAbsent || thread.group != group) continue;
    const uint32_t parent = parents_[tid].first;
    for (uint32_t idx = 0; idx < graph_->porf(here)[parent]; ++idx) {
      const Event& event = graph_->event(graph_->at(parent, idx));
      if (event.kind == EventKind::kCreate && event.aux == tid) keyed.emplace_back(ThreadKey(tid), tid);
    }
  }
  // Thread numbers follow the order of discovery; what checked code sees must not, or a replay in another search would differ.
  std::sort(keyed.begin(), keyed.end());
  std::vector<ThreadId> found;
  for (const auto& [key, tid] : keyed) found.push_back(tid);
  return found;
}

bool Runtime::SameSpinState(const std::byte* stack_low, Site site) {
  SimThread& thread = *current_;
  const auto* const stack_top = reinterpret_cast<const std::byte*>(AddressPlan::kStacks + (thread.id + 1) * AddressPlan::kStackSize);
  const auto* const arena = reinterpret_cast<const std::byte*>(AddressPlan::kBase + thread.id * AddressPlan::kArenaSize);
  thread.spin_now.Capture(stack_low, stack_top, arena, thread.arena_used, site);
  const bool same = thread.spin_now.SameAs(thread.spin_before);
  std::swap(thread.spin_now, thread.spin_before);
  return same;
}

void Runtime::NameLocation(uintptr_t address, std::string name, bool internal) {
  if (!tracing_) return;  // names are for people
  location_names_[address] = {std::move(name), internal};
}

const Runtime::LocationName* Runtime::FindLocationName(uintptr_t address) const {
  const auto it = location_names_.find(address);
  return it == location_names_.end() ? nullptr : &it->second;
}

void Runtime::RegisterGlobals(void* begin, size_t size) {
  Globals globals{static_cast<std::byte*>(begin), {}};
  globals.saved.assign(globals.begin, globals.begin + size);
  globals_.push_back(std::move(globals));
}

}  // namespace graze::internal

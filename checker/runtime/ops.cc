// SPDX-License-Identifier: MIT
#include "checker/runtime/ops.h"

#include <algorithm>
#include <string>

#include "checker/base/check.h"
#include "checker/runtime/runtime.h"

namespace graze {
namespace {

using internal::AccessOp;
using internal::Failure;
using internal::Object;
using internal::Park;
using internal::PendingOp;
using internal::Runtime;
using internal::SimThread;

constexpr uint32_t kIdleHintsMax = 100'000;

Runtime& Engine() { return Runtime::Get(); }

std::string Hex(uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

void CheckAddress(uintptr_t address, Site site) {
  Runtime& engine = Engine();
  if (address < internal::kNullPage) {
    engine.FailCurrent({.kind = ViolationKind::kWildAccess,
                        .rule = "I-UAF",
                        .message = address == 0 ? "null pointer dereference" : "access through a null pointer, offset " + Hex(address),
                        .site = site});
  }
  using Plan = internal::AddressPlan;
  if (!internal::InAddressRange(address) || address >= Plan::kStacks) return;
  const uint32_t slot = static_cast<uint32_t>((address - Plan::kBase) / Plan::kArenaSize);
  const size_t offset = (address - Plan::kBase) % Plan::kArenaSize;
  if (slot >= engine.thread_count() || offset >= engine.thread(slot).arena_used) {
    engine.FailCurrent({.kind = ViolationKind::kWildAccess,
                        .rule = "I-UAF",
                        .message = "access to memory that was never allocated, " + Hex(address),
                        .site = site});
  }
}

LocId InternAccess(const void* pointer, unsigned size, Site site) {
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  // What is replayed was looked up and checked when it was recorded.
  const LocId known = Engine().ReplayedLocation(address, size, site);
  if (known != kNoLoc) return known;
  CheckAddress(address, site);
  return Engine().locations().Intern(address, size);
}

uint64_t Truncated(uint64_t value, unsigned size) { return size >= 8 ? value : value & ((uint64_t{1} << (size * 8)) - 1); }

// What a replayed read still has to do. Its event moves in memory if, while it waits, another thread adds the write of its RMW.
uint64_t FinishRead(Runtime& engine, SimThread& thread, Stamp stamp) {
  const Stamp source = engine.graph().event(stamp).rf;
  if (source != kInit) {
    const Event& write = engine.graph().event(source);
    if (write.tid != thread.id) engine.WaitReplayed(write.tid, write.idx);
  }
  if (engine.graph().event(stamp).has(kRejudge)) engine.handler().Rejudge(thread, stamp);
  engine.FinishReplayed();
  return engine.graph().event(stamp).value;
}

// The short way of an access that is replayed: false if the long one has to be gone.
bool ReplayRead(const void* address, unsigned size, Site site, uint64_t* value) {
  Runtime& engine = Engine();
  const Stamp stamp = engine.ReplayedAccess(EventKind::kRead, reinterpret_cast<uintptr_t>(address), size, site);
  if (stamp == kNone) return false;
  *value = FinishRead(engine, engine.current(), stamp);
  return true;
}

bool ReplayWrite(const void* address, unsigned size, uint64_t value, Site site) {
  Runtime& engine = Engine();
  const Stamp stamp = engine.ReplayedAccess(EventKind::kWrite, reinterpret_cast<uintptr_t>(address), size, site);
  if (stamp == kNone) return false;
  const Event& recorded = engine.graph().event(stamp);
  if (recorded.value != value) return false;
  SimThread& thread = engine.current();
  thread.spin_wrote = true;
  if (recorded.has(kRejudge)) engine.handler().Rejudge(thread, stamp);
  engine.FinishReplayed();
  return true;
}

// The read of `op`, replayed or new; the thread's position is behind it afterwards. `*stamp` is the event.
uint64_t DoRead(const AccessOp& op, Stamp* stamp) {
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  if (engine.Replayed(EventKind::kRead, op.loc, op.site) != nullptr) {
    *stamp = engine.graph().at(thread.id, thread.pos);
    return FinishRead(engine, thread, *stamp);
  }
  PendingOp pending{.kind = EventKind::kRead, .access = &op, .what = op.what, .site = op.site};
  engine.AwaitTurn(pending);
  *stamp = engine.handler().AddRead(thread, op);
  ++thread.pos;
  return engine.graph().event(*stamp).value;
}

void DoWrite(const AccessOp& op, uint64_t value, bool rmw) {
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  thread.spin_wrote = true;
  if (const Event* recorded = engine.Replayed(EventKind::kWrite, op.loc, op.site)) {
    if (recorded->value != value) {
      engine.handler().OnNondeterminism(thread, *recorded, "a write of " + std::to_string(value), op.site);
      engine.ParkForever(Park::kFailed);
    }
    if (recorded->has(kRejudge)) engine.handler().Rejudge(thread, engine.graph().at(thread.id, thread.pos));
    engine.FinishReplayed();
    return;
  }
  // The write half of an RMW follows its read before anything else happens (rule 0), so it asks nobody.
  if (!rmw) engine.AwaitTurn({.kind = EventKind::kWrite, .access = &op, .site = op.site});
  engine.handler().AddWrite(thread, op, value, rmw);
  ++thread.pos;
}

// An event without a location. Returns its stamp.
Stamp DoEvent(EventKind kind, uint64_t value, uint32_t aux, Site site, const PendingOp* pending = nullptr, DepHandle address_from = 0) {
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  if (const Event* const recorded = engine.Replayed(kind, kNoLoc, site)) {
    const Stamp stamp = engine.graph().at(thread.id, thread.pos);
    if (recorded->has(kRejudge)) engine.handler().Rejudge(thread, stamp);
    engine.FinishReplayed();
    return stamp;
  }
  engine.AwaitTurn(pending != nullptr ? *pending : PendingOp{.kind = kind, .site = site});
  Event event;
  event.kind = kind;
  event.site = site;
  event.value = value;
  event.aux = aux;
  event.addr_dep = address_from;
  event.ctrl_dep = thread.branched_on;
  const Stamp stamp = engine.handler().AddEvent(thread, event);
  ++thread.pos;
  return stamp;
}

// The write of an RMW depends on its read.
void DependOnOld(AccessOp& op, DepHandle read) {
  DepHandle& set = op.deps.from_old ? op.deps.data : op.deps.ctrl;
  set = Engine().dependencies().Join(set, read);
}

RmwResult DoRmw(AccessOp& op, UpdateFn update, const void* arg) {
  Stamp read = kNone;
  uint64_t next = 0;
  const uint64_t old = DoRead(op, &read);
  const DepHandle dep = Engine().NewestRead();
  if (!update(old, arg, &next)) return {.old = old, .stored = false, .dep = dep};
  DependOnOld(op, dep);
  DoWrite(op, Truncated(next, op.size), true);
  return {.old = old, .stored = true, .dep = dep};
}

uint64_t DoAwait(const AccessOp& op) {
  Stamp read = kNone;
  const uint64_t value = DoRead(op, &read);
  if (!op.condition.SatisfiedBy(value)) {
    SimThread& thread = Engine().current();
    thread.pending = {.kind = EventKind::kRead, .access = &op, .what = op.what, .site = op.site};
    Engine().ParkForever(Park::kBlocked);
  }
  return value;
}

AccessOp MakeAccess(const void* address, unsigned size, MemoryOrder order, Deps deps, Site site, unsigned flags) {
  GRAZE_CHECK(size == 1 || size == 2 || size == 4 || size == 8);
  AccessOp op;
  op.loc = InternAccess(address, size, site);
  if (Engine().current().id == 0 && Engine().current().children == 0) Engine().MarkTouched(op.loc);
  op.size = static_cast<uint8_t>(size);
  op.flags = static_cast<uint8_t>(flags | (Engine().current().rcu_depth + Engine().current().srcu_depth > 0 ? kInSection : 0));
  op.order = order;
  op.deps = deps;
  if (deps.addr == 0) op.deps.addr = Engine().current().OriginOf(reinterpret_cast<uintptr_t>(address));
  op.deps.ctrl = Engine().dependencies().Join(deps.ctrl, Engine().current().branched_on);
  op.site = site;
  return op;
}

[[noreturn]] void Misuse(const char* message, Site site) {
  Engine().FailCurrent({.kind = ViolationKind::kMisuse, .rule = "misuse", .message = message, .site = site});
}

constexpr uint64_t kHeld = 1;  // not the holder's id: ids follow the order of discovery, values must not

bool TakeIfFree(uint64_t value, const void* /*arg*/, uint64_t* stored) {
  *stored = kHeld;
  return value == 0;
}

}  // namespace

Loaded Load(const void* address, unsigned size, MemoryOrder order, Deps deps, Site site) {
  const Runtime::EngineScope scope;
  uint64_t value = 0;
  if (!ReplayRead(address, size, site, &value)) {
    const AccessOp op = MakeAccess(address, size, order, deps, site, 0);
    Stamp stamp = kNone;
    value = DoRead(op, &stamp);
  }
  return {.value = value, .dep = Engine().NewestRead()};
}

void Store(void* address, unsigned size, uint64_t value, MemoryOrder order, Deps deps, Site site) {
  const Runtime::EngineScope scope;
  if (ReplayWrite(address, size, Truncated(value, size), site)) return;
  const AccessOp op = MakeAccess(address, size, order, deps, site, 0);
  DoWrite(op, Truncated(value, size), false);
}

RmwResult Rmw(void* address, unsigned size, UpdateFn update, const void* arg, MemoryOrder order, MemoryOrder failure, Deps deps,
              Site site) {
  const Runtime::EngineScope scope;
  AccessOp op = MakeAccess(address, size, order, deps, site, kRmw);
  op.failure = failure;
  op.condition = {.update = update, .arg = arg};
  return DoRmw(op, update, arg);
}

void Fence(FenceKind kind, Site site) {
  const Runtime::EngineScope scope;
  if (Engine().handler().TracksFences()) DoEvent(EventKind::kFence, 0, static_cast<uint32_t>(kind), site);
}

void InitLocation(void* address, unsigned size, uint64_t value, Site site) {
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  const LocId loc = InternAccess(address, size, site);
  if (engine.current().id == 0 && engine.current().children == 0 && !engine.IsTouched(loc)) {
    engine.SetInitialValue(loc, Truncated(value, size));
    return;
  }
  AccessOp op = MakeAccess(address, size, MemoryOrder::kPlain, {}, site, 0);
  op.fresh = true;
  DoWrite(op, Truncated(value, size), false);
}

Loaded Await(const void* address, unsigned size, Predicate predicate, const void* arg, MemoryOrder order, const char* what, Site site) {
  const Runtime::EngineScope scope;
  AccessOp op = MakeAccess(address, size, order, {}, site, kAwait);
  op.condition = {.predicate = predicate, .arg = arg};
  op.what = what;
  const uint64_t value = DoAwait(op);
  return {.value = value, .dep = Engine().NewestRead()};
}

RmwResult AwaitRmw(void* address, unsigned size, UpdateFn update, const void* arg, MemoryOrder order, const char* what, Site site) {
  const Runtime::EngineScope scope;
  AccessOp op = MakeAccess(address, size, order, {}, site, kAwait | kRmw);
  op.condition = {.update = update, .arg = arg};
  op.what = what;
  const uint64_t old = DoAwait(op);
  const DepHandle dep = Engine().NewestRead();
  uint64_t next = 0;
  update(old, arg, &next);
  DependOnOld(op, dep);
  DoWrite(op, Truncated(next, size), true);
  return {.old = old, .stored = true, .dep = dep};
}

void LockAcquire(void* word, unsigned size, const char* what, Site site, MemoryOrder order, Deps deps) {
  const Runtime::EngineScope scope;
  AccessOp op = MakeAccess(word, size, order, deps, site, kAwait | kRmw | kLock);
  op.condition = {.lock = true};
  op.what = what;
  DoAwait(op);
  DoWrite(op, kHeld, true);
  Engine().current().held_locks.emplace_back(reinterpret_cast<uintptr_t>(word), size);
}

bool LockTry(void* word, unsigned size, Site site, Deps deps, DepHandle* read) {
  const Runtime::EngineScope scope;
  AccessOp op = MakeAccess(word, size, MemoryOrder::kLock, deps, site, kRmw);
  op.condition = {.update = &TakeIfFree};
  const RmwResult result = DoRmw(op, &TakeIfFree, nullptr);
  if (read != nullptr) *read = result.dep;
  if (!result.stored) return false;
  Engine().current().held_locks.emplace_back(reinterpret_cast<uintptr_t>(word), size);
  return true;
}

void LockRelease(void* word, unsigned size, Site site, MemoryOrder order, Deps deps) {
  const Runtime::EngineScope scope;
  auto& held = Engine().current().held_locks;
  const auto it = std::find(held.begin(), held.end(), std::pair(reinterpret_cast<uintptr_t>(word), static_cast<uint32_t>(size)));
  if (it == held.end()) Misuse("unlock of a lock that this thread does not hold", site);
  held.erase(it);
  if (ReplayWrite(word, size, 0, site)) return;
  const AccessOp op = MakeAccess(word, size, order, deps, site, 0);
  DoWrite(op, 0, false);
}

namespace {

__attribute__((noinline)) void SpinHintAt(const std::byte* stack_low, Site site) {
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  if (engine.SameSpinState(stack_low, site) && !thread.spin_wrote && thread.pos > thread.spin_from) {
    thread.spin_read_from = thread.spin_from;
    thread.pending = {.kind = EventKind::kRead, .what = "busy-wait loop", .site = site};
    engine.ParkForever(Park::kSpinning);
  }
  thread.spin_idle = thread.pos == thread.spin_from ? thread.spin_idle + 1 : 0;
  if (thread.spin_idle > kIdleHintsMax) {
    engine.handler().OnLimit(thread, "unbounded loop: " + std::to_string(kIdleHintsMax) + " times spin_hint() without an access in between",
                             site);
    engine.ParkForever(Park::kFailed);
  }
  thread.spin_wrote = false;
  thread.spin_from = thread.pos;
}

}  // namespace

// The registers and the stack pointer are taken here, in a frame that holds nothing that changes from one call to the next.
__attribute__((noinline)) void SpinHint(Site site) {
  const Runtime::EngineScope scope;
  (void)_setjmp(*Engine().current().spin_now.registers());
  SpinHintAt(internal::StackPointer(), site);
}

void RcuReadLock(Site site) {
  const Runtime::EngineScope scope;
  SimThread& thread = Engine().current();
  if (thread.rcu_depth++ > 0) return;
  thread.rcu_site = site;
  DoEvent(EventKind::kRcuLock, 0, 0, site);
}

void RcuReadUnlock(Site site) {
  const Runtime::EngineScope scope;
  SimThread& thread = Engine().current();
  if (thread.rcu_depth == 0) Misuse("rcu_read_unlock without rcu_read_lock", site);
  if (thread.rcu_depth == 1) DoEvent(EventKind::kRcuUnlock, 0, 0, site);
  --thread.rcu_depth;
}

void RcuSynchronize(Site site) {
  const Runtime::EngineScope scope;
  if (Engine().current().rcu_depth > 0) {
    Engine().FailCurrent({.kind = ViolationKind::kDeadlock,
                          .rule = "I-LIVE",
                          .message = "waits for a grace period inside its own RCU read-side section",
                          .site = site});
  }
  DoEvent(EventKind::kRcuSync, 0, 0, site);
}

namespace {

// An event of a domain of sleepable RCU.
void DoSrcu(EventKind kind, const void* domain, unsigned size, uint64_t value, DepHandle cookie_from, Site site) {
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  const LocId loc = InternAccess(domain, size, site);
  if (engine.Replayed(kind, loc, site) != nullptr) {
    engine.FinishReplayed();
    return;
  }
  engine.AwaitTurn({.kind = kind, .site = site});
  Event event;
  event.kind = kind;
  event.loc = loc;
  event.size = static_cast<uint8_t>(size);
  event.site = site;
  event.value = value;
  event.data_dep = cookie_from;
  engine.handler().AddEvent(thread, event);
  ++thread.pos;
}

}  // namespace

Loaded SrcuReadLock(const void* domain, unsigned size, Site site) {
  const Runtime::EngineScope scope;
  ++Engine().current().srcu_depth;
  DoSrcu(EventKind::kSrcuLock, domain, size, 0, 0, site);
  return {.value = 0, .dep = Engine().NewestRead()};
}

void SrcuReadUnlock(void* domain, unsigned size, uint64_t cookie, Deps deps, Site site) {
  const Runtime::EngineScope scope;
  SimThread& thread = Engine().current();
  DoSrcu(EventKind::kSrcuUnlock, domain, size, cookie, deps.data, site);
  if (thread.srcu_depth > 0) --thread.srcu_depth;  // the section may have begun in another thread
}

void SrcuSynchronize(void* domain, unsigned size, Site site) {
  const Runtime::EngineScope scope;
  DoSrcu(EventKind::kSrcuSync, domain, size, 0, 0, site);
}

int RcuReadDepth() { return Engine().current().rcu_depth; }

ThreadId Spawn(ThreadBody body, void* arg, const ThreadOptions& options, Site site) {
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  SimThread& parent = engine.current();
  const ThreadId child = engine.InternChild(parent.id, parent.children);
  ++parent.children;
  DoEvent(EventKind::kCreate, 0, child, site);
  engine.StartThread(child, body, arg, options);
  return child;
}

void Join(ThreadId target, const char* what, Site site) {
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  const PendingOp pending{.kind = EventKind::kJoin, .join_target = target, .what = what, .site = site};
  if (engine.Replayed(EventKind::kJoin, kNoLoc, site) != nullptr) {
    engine.WaitReplayed(target, engine.graph().length(target) - 1);
  }
  DoEvent(EventKind::kJoin, 0, target, site, &pending);
}

ThreadId Self() { return Engine().current().id; }
int ThreadCpu() { return Engine().current().cpu; }
void SetThreadCpu(int cpu) { Engine().current().cpu = cpu; }

void SetThreadName(ThreadId thread, const char* name) {
  const Runtime::EngineScope scope;
  Engine().thread(thread).name = name;
}

const char* ThreadName(ThreadId thread) { return Engine().thread(thread).name.c_str(); }
void* ThreadUser() { return Engine().current().user; }
void SetThreadUser(void* user) { Engine().current().user = user; }

void ForEachCreatedBefore(uint32_t group, void (*visit)(ThreadId thread, void* arg), void* arg) {
  Runtime& engine = Engine();
  ThreadId* ids = nullptr;  // in the arena: `visit` is checked code and may never come back
  size_t count = 0;
  {
    const Runtime::EngineScope scope;
    const std::vector<ThreadId> found = engine.CreatedBefore(group);
    count = found.size();
    ids = static_cast<ThreadId*>(engine.Allocate(count * sizeof(ThreadId), alignof(ThreadId)));
    std::copy(found.begin(), found.end(), ids);
  }
  for (size_t i = 0; i < count; ++i) visit(ids[i], arg);
}

void* Malloc(size_t size, bool zeroed, const char* type, Site site) {
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  SimThread& thread = engine.current();
  void* const memory = engine.Allocate(size + Object::kGap, 16);
  const uint32_t idx = thread.pos;
  DoEvent(EventKind::kMalloc, reinterpret_cast<uintptr_t>(memory), static_cast<uint32_t>(size), site);
  engine.AddObject(Object{.address = reinterpret_cast<uintptr_t>(memory),
                          .size = size,
                          .type = type,
                          .name = {},
                          .tid = thread.id,
                          .idx = idx,
                          .zeroed = zeroed,
                          .freed = false});
  return memory;
}

void Free(void* pointer, Site site) {
  if (pointer == nullptr) return;
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  const uintptr_t address = reinterpret_cast<uintptr_t>(pointer);
  Object* const object = engine.MutableObject(address);
  if (object == nullptr || object->address != address) {
    engine.FailCurrent(
        {.kind = ViolationKind::kInvalidFree, .rule = "I-UAF", .message = "free of something that was not allocated", .site = site});
  }
  DoEvent(EventKind::kFree, address, static_cast<uint32_t>(std::max<size_t>(object->size, 1)), site, nullptr,
          Engine().current().OriginOf(address));
  object->freed = true;
}

void NameObject(const void* pointer, const char* name) {
  const Runtime::EngineScope scope;
  if (!Engine().tracing()) return;
  Object* const object = Engine().MutableObject(reinterpret_cast<uintptr_t>(pointer));
  if (object != nullptr) object->name = name;
}

const void* ObjectAround(const void* address, size_t* size) {
  const Runtime::EngineScope scope;
  const Object* const object = Engine().FindObject(reinterpret_cast<uintptr_t>(address));
  if (object == nullptr) return nullptr;
  if (size != nullptr) *size = object->size;
  return reinterpret_cast<const void*>(object->address);  // NOLINT(performance-no-int-to-ptr): objects are known by their addresses
}

void TouchObject(const void* address, bool write, Site site) {
  const Runtime::EngineScope scope;
  CheckAddress(reinterpret_cast<uintptr_t>(address), site);
  DoEvent(EventKind::kTouch, reinterpret_cast<uintptr_t>(address), write ? 1 : 0, site, nullptr,
          Engine().current().OriginOf(reinterpret_cast<uintptr_t>(address)));
}

unsigned Choose(unsigned n, const char* what, Site site) {
  const Runtime::EngineScope scope;
  GRAZE_CHECK(n > 0);
  const PendingOp pending{.kind = EventKind::kChoose, .what = what, .site = site};
  const Stamp stamp = DoEvent(EventKind::kChoose, 0, n, site, &pending);
  return static_cast<unsigned>(Engine().graph().event(stamp).value);
}

void Assume(bool condition, Site site) {
  if (condition) return;
  const Runtime::EngineScope scope;
  Engine().current().pending = {.what = "assumption", .site = site};
  Engine().ParkForever(Park::kAssumed);
}

void Fail(const char* rule, std::string_view message, Site site) {
  const Runtime::EngineScope scope;
  Engine().FailCurrent({.kind = ViolationKind::kAssertion, .rule = rule, .message = std::string(message), .site = site});
}

void Warn(const char* rule, std::string_view message, Site site) {
  const Runtime::EngineScope scope;
  Runtime& engine = Engine();
  engine.handler().OnFailure(engine.current(),
                             {.kind = ViolationKind::kAssertion, .rule = rule, .message = std::string(message), .site = site}, false);
}

void CountCheck(const char* rule) {
  const Runtime::EngineScope scope;
  Engine().CountCheck(rule);
}

void Observe(const char* tag, uint64_t a, uint64_t b, uint64_t c) {
  const Runtime::EngineScope scope;
  const SimThread& thread = Engine().current();
  Engine().AddObservation({.tag = tag, .a = a, .b = b, .c = c, .thread = thread.id, .index = thread.pos});
}

bool Tracing() { return Engine().tracing(); }

namespace {
void AddNote(internal::TraceNote::Kind kind, std::string_view text, Site site) {
  const Runtime::EngineScope scope;
  if (!Engine().tracing()) return;
  const SimThread& thread = Engine().current();
  Engine().AddNote({.thread = thread.id, .index = thread.pos, .kind = kind, .text = std::string(text), .site = site});
}
}  // namespace

void Note(std::string_view text, Site site) { AddNote(internal::TraceNote::kNote, text, site); }
void CallBegin(std::string_view text, Site site) { AddNote(internal::TraceNote::kCall, text, site); }
void CallEnd(std::string_view result, Site site) { AddNote(internal::TraceNote::kReturn, result, site); }

bool InExecution() { return Engine().in_execution(); }

void RegisterGlobals(void* begin, size_t size, [[maybe_unused]] const char* name) {
  GRAZE_CHECK(!Engine().in_execution());
  Engine().RegisterGlobals(begin, size);
}

void* ArenaAllocate(size_t size, size_t align) {
  const Runtime::EngineScope scope;
  return Engine().Allocate(size, align);
}

void NameLocation(const void* address, const char* name, bool internal) {
  const Runtime::EngineScope scope;
  Engine().NameLocation(reinterpret_cast<uintptr_t>(address), name, internal);
}

}  // namespace graze

// SPDX-License-Identifier: MIT
// The operations of checked code: every visible action of a simulated thread goes through one of these functions.
//
// The public API (checker/api) and the kernel layer (model/kernel) are thin spellings of this header. Each call is at most one event of
// the execution graph (an RMW is two), takes effect on the calling simulated thread, and may switch to another one. All of them
// REQUIRE a running execution (InExecution()). Locations are identified by (address, size); the value of a location lives in the
// graph, never in memory: program memory is only consulted for the initial value of a location that was never written or initialised.
#ifndef CHECKER_RUNTIME_OPS_H_
#define CHECKER_RUNTIME_OPS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checker/base/access.h"

namespace graze {

// The loads that an access depends on. Only models with dependencies (lkmm) ask.
struct Deps {
  DepHandle addr = 0;
  DepHandle data = 0;     // writes, and what an RMW is given
  DepHandle ctrl = 0;     // besides what the thread has branched on (Branch())
  bool from_old = false;  // RMWs: what is stored is computed from what was read (a data dependency; otherwise it merely decides)
};
struct Loaded {
  uint64_t value;
  DepHandle dep;  // this load alone
};

// What an RMW stores, given what it read. `next` is asked with the value read; false = no write happens (a failed compare-exchange, an
// await that is not satisfied). It must be a pure function of (value, arg).
using UpdateFn = bool (*)(uint64_t value, const void* arg, uint64_t* stored);
// A pure condition on a value.
using Predicate = bool (*)(uint64_t value, const void* arg);

struct RmwResult {
  uint64_t old;
  bool stored;
  DepHandle dep;
};

// ---- memory -------------------------------------------------------------------------------------------------------------------

Loaded Load(const void* address, unsigned size, MemoryOrder order, Deps deps, Site site);
void Store(void* address, unsigned size, uint64_t value, MemoryOrder order, Deps deps, Site site);
// One atomic read-modify-write: the read has order `order`; if `update` declines, it is a plain read of order `failure`.
RmwResult Rmw(void* address, unsigned size, UpdateFn update, const void* arg, MemoryOrder order, MemoryOrder failure, Deps deps, Site site);
void Fence(FenceKind kind, Site site);
// Declares the value a location has before any access. With a single thread alive and no access to it yet this is no event; otherwise it
// is a plain write (an object constructed by a running thread must be published like any other data).
void InitLocation(void* address, unsigned size, uint64_t value, Site site);

// The loads of either set.
DepHandle JoinDeps(DepHandle a, DepHandle b);
// The calling thread has branched on a value with these dependencies: all its later writes depend on them.
void Branch(DepHandle on);

// ---- dependencies of code that has no room for handles ----------------------------------------------------------------------------
//
// Each thread remembers which loads its newest pointer into an object came from. An access into the object that brings no address
// dependency of its own gets that one.

// Does the memory model ask for dependencies? Where it does not, there is no need to hand any over.
bool TracksDependencies();
// The calling thread has got `pointer` from the loads of `from` (0: from none). Means the whole object it points into; outside of objects,
// `size` bytes (0: none). Low bits that a port uses as tags do no harm. If `from` is the load that has just been done, what its address
// depends on (if it is plain), and what the value it read back from its own thread depends on, is part of the origin.
void PointerFrom(const void* pointer, size_t size, DepHandle from);
// The loads that the calling thread's newest pointer into what is at `pointer` came from.
DepHandle PointerOrigin(const void* pointer);

// ---- waiting ------------------------------------------------------------------------------------------------------------------

// Blocks until the location holds a value that satisfies `predicate`; returns that value. `what` names the wait for people
// ("schedule(), state INTERRUPTIBLE"); it must stay alive (a literal).
Loaded Await(const void* address, unsigned size, Predicate predicate, const void* arg, MemoryOrder order, const char* what, Site site);
// Blocks until `update` accepts the value, then stores its result, as one RMW.
RmwResult AwaitRmw(void* address, unsigned size, UpdateFn update, const void* arg, MemoryOrder order, const char* what, Site site);
// A mutual-exclusion word: 0 = free. All writes to it must come from these three; the engine relies on that (rule D7 of
// checker/explore/RULES.md). Unlocking a lock that the caller does not hold is a violation of rule `misuse`.
// Other orders than kLock and kUnlock are for words that exclude and are no locks of the code under test.
void LockAcquire(void* word, unsigned size, const char* what, Site site, MemoryOrder order = MemoryOrder::kLock, Deps deps = {});
// `*read`, if asked for, is the load that found the word free or held.
bool LockTry(void* word, unsigned size, Site site, Deps deps = {}, DepHandle* read = nullptr);
void LockRelease(void* word, unsigned size, Site site, MemoryOrder order = MemoryOrder::kUnlock, Deps deps = {});
// Marks one iteration of a busy-wait loop (cpu_relax). If the thread is in the very state in which it came here last time (stack,
// registers, private memory) and has written nothing since, it waits until one of the values that iteration read is overwritten.
void SpinHint(Site site);

// ---- RCU ----------------------------------------------------------------------------------------------------------------------

// Read-side sections nest per thread; only the outermost pair is visible. Unlock without lock: violation `misuse`.
void RcuReadLock(Site site);
void RcuReadUnlock(Site site);
// A grace period. Inside one's own section: violation (self-deadlock).
void RcuSynchronize(Site site);
int RcuReadDepth();
// Sleepable RCU: a grace period waits for the sections of its own domain only, which is known by its address. The cookie is 0; which lock
// an unlock belongs to follows from the dependencies of the cookie it is given (deps.data), so that it may travel through memory.
Loaded SrcuReadLock(const void* domain, unsigned size, Site site);
void SrcuReadUnlock(void* domain, unsigned size, uint64_t cookie, Deps deps, Site site);
void SrcuSynchronize(void* domain, unsigned size, Site site);

// ---- threads ------------------------------------------------------------------------------------------------------------------

using ThreadId = uint32_t;  // small, stable within one exploration; 0 is the thread that runs the scenario's body
using ThreadBody = void (*)(void* arg);
struct ThreadOptions {
  const char* name = "thread";  // for people; copied
  int cpu = -1;                 // simulated CPU, -1 = none
  uint32_t group = 0;           // for ForEachCreatedBefore; 0 = none
  bool daemon = false;          // may stay blocked at the end without being a deadlock
  void* user = nullptr;         // ThreadUser() of the new thread
};
ThreadId Spawn(ThreadBody body, void* arg, const ThreadOptions& options, Site site);
void Join(ThreadId thread, const char* what, Site site);
ThreadId Self();
int ThreadCpu();
void SetThreadCpu(int cpu);
void SetThreadName(ThreadId thread, const char* name);
const char* ThreadName(ThreadId thread);
// One pointer per simulated thread for the layer above (the kernel layer's `current`).
void* ThreadUser();
void SetThreadUser(void* user);
// Calls `visit` for every thread of `group` whose creation is ordered before this point of the calling thread (is in its porf-prefix), in
// the order of their creators and of creation. A deterministic question: the answer depends on the graph alone, not on thread numbers.
void ForEachCreatedBefore(uint32_t group, void (*visit)(ThreadId thread, void* arg), void* arg);

// ---- memory objects -----------------------------------------------------------------------------------------------------------

// A tracked object with a lifetime; its address is deterministic and never reused within an execution. `type` names it for people and
// selects its field-name table; it must stay alive (a literal). zeroed = false: reading before writing is a violation.
void* Malloc(size_t size, bool zeroed, const char* type, Site site);
void Free(void* object, Site site);  // null is ignored; not the start of a live object: violation
// The tracked object, live or freed, that `address` points into: its start, and its size in *size unless that is null. Null if there is
// none. Deterministic for pointers that the caller has got through the execution.
const void* ObjectAround(const void* address, size_t* size);
// Names an object in traces ("rcpu#2"); copied.
void NameObject(const void* object, const char* name);
// An access of `size` bytes at `address` that is checked for lifetime and races but carries no value (memcpy, passing a buffer on).
void TouchObject(const void* address, bool write, Site site);

// From here on in this execution: compilers put one store in the place of a plain store, and nothing else. Without this, LKMM lets them
// read the place first, so that a write barrier does not keep two plain stores of different threads from racing.
void AssumeWholeStores();

// ---- choices and verdicts -----------------------------------------------------------------------------------------------------

// Explores every value in [0, n). `what` names the choice ("kmalloc fails").
unsigned Choose(unsigned n, const char* what, Site site);
// Executions in which an assumption fails are dropped (counted as blocked).
void Assume(bool condition, Site site);
// The calling thread breaks rule `rule` (an invariant id such as "I-UAF"; a literal): it stops here, the execution goes on without it and
// is reported when it turns out to be possible. Never returns.
[[noreturn]] void Fail(const char* rule, std::string_view message, Site site);
// As Fail, but the thread goes on (WARN_ON_ONCE).
void Warn(const char* rule, std::string_view message, Site site);
// An invariant had something to check here and it held; feeds the vacuity report. `rule` is a literal.
void CountCheck(const char* rule);

// ---- for monitors and traces --------------------------------------------------------------------------------------------------

// Records (tag, a, b, c) at this point of the calling thread. Not an event, no effect on the exploration; monitors see all of them when
// an execution is complete (checker/api/execution.h). `tag` is a literal.
void Observe(const char* tag, uint64_t a, uint64_t b = 0, uint64_t c = 0);
// A line of the trace, kept only while a trace is being recorded (Tracing()). `text` is copied.
bool Tracing();
void Note(std::string_view text, Site site);
// The begin and the result of a call of the scenario ("update(k=1, qsize=8)", "0"); kept only while tracing.
void CallBegin(std::string_view text, Site site);
void CallEnd(std::string_view result, Site site);

// ---- set-up -------------------------------------------------------------------------------------------------------------------

bool InExecution();
// Mutable globals of checked code: the bytes are saved now and restored before every execution. Call outside executions.
void RegisterGlobals(void* begin, size_t size, const char* name);
// Memory from the calling thread's arena without a lifetime (what operator new uses in checked code). Zero-filled.
void* ArenaAllocate(size_t size, size_t align);
// Leave events of internal words out of traces for people (task flags, lock words of the layer itself).
void NameLocation(const void* address, const char* name, bool internal);

}  // namespace graze

#endif  // CHECKER_RUNTIME_OPS_H_

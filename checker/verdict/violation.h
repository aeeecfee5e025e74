// SPDX-License-Identifier: MIT
// What a search reports about the code under test. A violation is a value, the product; it is never a Status and never an exception.
#ifndef CHECKER_VERDICT_VIOLATION_H_
#define CHECKER_VERDICT_VIOLATION_H_

#include <cstdint>
#include <string>
#include <vector>

namespace graze {

enum class ViolationKind : uint8_t {
  kAssertion,  // Fail() of a scenario, a port (BUG_ON, WARN_ON) or an invariant
  kDataRace,
  kUseAfterFree,
  kDoubleFree,
  kInvalidFree,
  kWildAccess,  // null or unknown memory
  kUninitializedRead,
  kLeak,
  kDeadlock,   // no thread can go on, all that are left wait for each other or for nobody
  kHungTask,   // a thread waits for ever although others finished
  kMisuse,     // unlock without lock, unbalanced sections, sleep in atomic context
  kInvariant,  // found by a monitor on the complete execution
};
const char* ToString(ViolationKind kind);

// One step of a linearised execution, for people and for catalogue predicates.
struct TraceStep {
  uint32_t number = 0;  // 1-based, in trace order
  std::string thread;   // "napi/0", "kthread cpumap/1"
  int cpu = -1;
  std::string op;      // verb: "read", "write", "rmw", "cas-fail", "lock", "unlock", "fence", "rcu_read_lock", "rcu_read_unlock",
                       // "grace-period", "srcu_read_lock", "srcu_read_unlock", "srcu-grace-period", "create", "begin", "end", "join",
                       // "alloc", "free", "choose", "await", "blocked", "call", "return", "note", "fail"
  std::string order;   // of an access: "plain", "racy", "once", "relaxed", "acquire", "release", "acq_rel", "seq_cst", "full", "noreturn",
                       // "lock", "unlock", "consume"; of a "fence" its name: "smp_wmb", "atomic_thread_fence(acquire)"
  std::string object;  // "rcpu#1" or empty
  std::string location;     // "rcpu#1.refcnt", "cpu_map[0]"; of srcu_read_lock and its kin the domain
  std::string value;        // "2 -> 1", "NULL", "= rcpu#1"
  uint32_t reads_from = 0;  // step number of the write read from, 0 = initial value
  std::string text;         // free text (note, call, result, reason of a block)
  std::string function;     // upstream function name where known
  std::string file;
  unsigned line = 0;
  bool internal = false;   // words of the layer itself: hidden unless asked for
  bool important = false;  // part of the explanation (failing step, free, unpublish ...)
};

struct BlockedThread {
  std::string thread;
  std::string what;  // "schedule(), state INTERRUPTIBLE"
  std::string location;
  std::string waits_for;  // thread that could end the wait, or empty = nobody
  std::string function;
  std::string file;
  unsigned line = 0;
};

struct ObjectLife {
  std::string object;  // "rcpu#1"
  std::string type;
  std::vector<std::string> strip;  // "allocated #3", "published #9", "freed #31", "used #32"
  bool alive = false;
};

struct Trace {
  std::vector<TraceStep> steps;
  std::vector<BlockedThread> blocked;
  std::vector<ObjectLife> objects;
  uint64_t hash = 0;      // canonical hash of the execution graph: equal for every replay
  unsigned switches = 0;  // context switches in this linearisation
};

struct Violation {
  ViolationKind kind = ViolationKind::kAssertion;
  std::string rule;                  // invariant id: "I-UAF", "I-LIVE", "assert" ...
  std::string message;               // one line, what happened
  std::string expected, got;         // may be empty
  std::string thread;                // who (the failing or blocked thread)
  std::string object;                // type of the object involved, or empty
  std::vector<std::string> objects;  // for leaks: types of everything that leaked, sorted
  std::string function;              // where, upstream function name
  std::string file;
  unsigned line = 0;
  std::string token;         // replays this execution
  uint64_t count = 0;        // executions that show it
  std::string catalogue_id;  // "D01" or empty; filled by the classifier
  Trace trace;
};

}  // namespace graze

#endif  // CHECKER_VERDICT_VIOLATION_H_

// SPDX-License-Identifier: MIT
// A complete execution graph as plain data, for whoever compares, stores or prints graphs and must not depend on the engine's own types.
#ifndef CHECKER_VERDICT_GRAPH_DUMP_H_
#define CHECKER_VERDICT_GRAPH_DUMP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace graze {

enum class DumpKind : uint8_t {
  kRead,       // every read: load, the read of an RMW (failed ones too), await, lock
  kWrite,      // every write: store, the write of an RMW, unlock
  kRcuLock,    // outermost only
  kRcuUnlock,  // outermost only
  kRcuSync,
  kChoose,  // value = what was chosen
  kOther,   // begin, end, create, join, fence, malloc, free, touch: kept so that indices stay those of the engine
};

struct EventDump {
  DumpKind kind = DumpKind::kOther;
  uintptr_t address = 0;  // reads and writes: first byte of the location
  uint8_t size = 0;
  bool plain = false;
  bool rmw = false;    // half of a read-modify-write; a failed attempt is a read without a write after it
  bool await = false;  // a read that waits for a condition (Await, AwaitRmw, LockAcquire)
  uint64_t value = 0;  // read: value read, write: value written, choose: chosen
  // Reads: the source as (index in GraphDump::threads, index in that thread's events); rf_thread = -1 reads the initial value.
  int32_t rf_thread = -1;
  uint32_t rf_index = 0;
  uint32_t co = 0;  // writes: 1-based position in the coherence order of the location (0 is the initial value)
};

enum class DumpEnd : uint8_t {
  kFinished,
  kBlocked,  // the last event is the read that waits and is not satisfied, if the graph holds one (see ThreadDump::waits_at)
  kAssumed,  // stopped by Assume
  kFailed,   // stopped at a violation
};

struct ThreadDump {
  uint32_t id = 0;   // ThreadId
  std::string name;  // ThreadOptions::name
  DumpEnd end = DumpEnd::kFinished;
  // kBlocked: address of the location waited for, 0 if it waits for a thread (Join). The waiting read itself may be absent from `events`:
  // a blocked lock read is left out by rule D7, and whoever compares graphs has to add it or to leave it out on both sides.
  uintptr_t waits_at = 0;
  std::vector<EventDump> events;  // in program order
};

struct GraphDump {
  std::vector<ThreadDump> threads;  // in ThreadId order; the first one runs the scenario's body
  bool hopeless = false;            // some thread is blocked and no continuation can end its wait: a deadlock or a hung task
  bool raced = false;               // ended by a data race: not complete
  uint64_t hash = 0;                // the engine's own canonical hash
};

// Options::on_graph: called once per complete graph that is not doomed, after its verdict is known; valid during the call only.
using GraphHook = std::function<void(const GraphDump&)>;

}  // namespace graze

#endif  // CHECKER_VERDICT_GRAPH_DUMP_H_

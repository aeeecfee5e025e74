// SPDX-License-Identifier: MIT
// What the runtime asks of whoever decides which executions exist. The runtime owns this interface; exploration implements it.
#ifndef CHECKER_RUNTIME_HANDLER_H_
#define CHECKER_RUNTIME_HANDLER_H_

#include <cstdint>
#include <string>

#include "checker/graph/event.h"
#include "checker/runtime/ops.h"
#include "checker/verdict/violation.h"

namespace graze::internal {

struct SimThread;

// A condition on the value of one location; at most one of the three forms is set.
struct WaitCondition {
  Predicate predicate = nullptr;
  UpdateFn update = nullptr;  // satisfied if it accepts the value
  bool lock = false;          // satisfied by 0
  const void* arg = nullptr;

  bool SatisfiedBy(uint64_t value) const {
    if (lock) return value == 0;
    uint64_t stored = 0;
    return predicate != nullptr ? predicate(value, arg) : update(value, arg, &stored);
  }
};

// A read, write or RMW that a thread is about to add.
struct AccessOp {
  LocId loc = kNoLoc;
  uint8_t size = 0;
  uint8_t flags = 0;  // kRmw, kAwait, kLock
  MemoryOrder order = MemoryOrder::kRelaxed;
  MemoryOrder failure = MemoryOrder::kRelaxed;  // of the read of an RMW that stores nothing
  Deps deps = {};
  Site site = nullptr;
  WaitCondition condition = {};  // awaits: when to go on; RMWs: update says whether the RMW succeeds
  const char* what = nullptr;    // awaits: the wait in words
  bool fresh = false;            // the write that makes a new object of the location
};

// Something the code under test did wrong, at the point where it did it.
struct Failure {
  ViolationKind kind = ViolationKind::kAssertion;
  const char* rule = "";
  std::string message;
  std::string object = {};  // type of the object involved
  Site site = nullptr;
  Stamp other = kNone;  // the other event of a race or a use after free
};

class Handler {
 public:
  virtual ~Handler() = default;
  // May `thread`, which is running and has come to an event that is not in the graph yet, add it without asking the scheduler?
  virtual bool MayContinue(const SimThread& thread) = 0;
  // Are fences events under the memory model of this search?
  virtual bool TracksFences() const = 0;
  // Each adds one event of `thread` to the graph and returns its stamp. May abandon the execution instead (they then never return).
  virtual Stamp AddRead(SimThread& thread, const AccessOp& op) = 0;
  virtual Stamp AddWrite(SimThread& thread, const AccessOp& op, uint64_t value, bool rmw) = 0;
  virtual Stamp AddEvent(SimThread& thread, const Event& event) = 0;
  // A replayed event that is marked kRejudge: may fail the thread.
  virtual void Rejudge(SimThread& thread, Stamp e) = 0;
  // The thread has failed (fatal) or done something that is reported although it goes on.
  virtual void OnFailure(SimThread& thread, Failure failure, bool fatal) = 0;
  // The code under test did something else than before in the same situation.
  virtual void OnNondeterminism(SimThread& thread, const Event& recorded, const std::string& attempted, Site site) = 0;
  // A bound of the runtime itself was hit (threads, arena, events of a thread): the search ends inconclusive with this line
  // and the place, if there is one.
  virtual void OnLimit(SimThread& thread, const std::string& reason, Site site) = 0;
};

}  // namespace graze::internal

#endif  // CHECKER_RUNTIME_HANDLER_H_

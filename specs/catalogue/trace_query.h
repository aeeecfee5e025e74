// SPDX-License-Identifier: MIT
// Questions that catalogue predicates ask about a violation and its trace.
#ifndef SPECS_CATALOGUE_TRACE_QUERY_H_
#define SPECS_CATALOGUE_TRACE_QUERY_H_

#include <string_view>

#include "checker/verdict/violation.h"

namespace specs {

// True if a thread whose name starts with `thread` has a step in `function`.
bool RanFunction(const graze::Violation& violation, std::string_view thread, std::string_view function);

// True if a thread whose name starts with `thread` is blocked at the end, in a wait whose text contains `what`.
bool IsBlockedIn(const graze::Violation& violation, std::string_view thread, std::string_view what);

// True if a kthread of an entry sleeps at the end although a thread whose name starts with `waker` was the last to wake it: it announced
// its sleep only after that, and took nothing out of its ring.
bool SleptAfterBeingWoken(const graze::Violation& violation, std::string_view waker);

// True if the end of a map waits for a bit that no flush will clear any more.
bool WaitsForFlushBits(const graze::Violation& violation);

// True if a flush found the mark of a key and an empty slot, and left it at that.
bool FlushSkippedAnEmptySlot(const graze::Violation& violation);

// True if the violation is that of a thread whose name starts with `thread`, in `function`.
bool FailsIn(const graze::Violation& violation, std::string_view thread, std::string_view function);

// True if a poll and a free callback have put the same frame into a ring.
bool PutByPollAndCallback(const graze::Violation& violation);

// True if a poll has put a frame into a ring outside of any read-side section, so that no grace period waits for it.
bool PutOutsideOfSections(const graze::Violation& violation);

// The same of a flush, whatever it does.
bool FlushedOutsideOfSections(const graze::Violation& violation);

// True if the thread of the violation has taken a frame out of a ring.
bool TookFromItsRing(const graze::Violation& violation);

// True if a CPU went offline.
bool SomeCpuWent(const graze::Violation& violation);

// True if an object of `type` is among those lost.
bool Lost(const graze::Violation& violation, std::string_view type);

// True if a poll staged a frame for an entry that it had not looked up itself.
bool StagedWithoutLookingUp(const graze::Violation& violation);

// True if a poll that staged a frame ended without a flush.
bool EndedAPollWithoutFlush(const graze::Violation& violation);

// True if a poll took a staging queue off a flush list onto which another had put it.
bool UnlinkedByAnotherTask(const graze::Violation& violation);

// True if the violation is about two accesses to a frame by threads from one of which it went to the other through rings, and the write
// barrier of a ring is not meant to order the two: the earlier one is a read, or the frame went through a third thread.
bool UnorderedAcrossRings(const graze::Violation& violation);

// True if the last slot that an entry's kthread looked into, in its own function, was empty only in an older state: a producer had put a
// frame there which nobody has taken since.
bool LeftOnAnOldLook(const graze::Violation& violation);

// True if a kthread was asked to stop by work that had waited for callbacks before, or for a grace period, as it should.
bool StoppedAfterCallbacks(const graze::Violation& violation);

// True if some entry's kthread ended without ever entering its function.
bool ConsumerLeftWithoutRunning(const graze::Violation& violation);

}  // namespace specs

#endif  // SPECS_CATALOGUE_TRACE_QUERY_H_

// SPDX-License-Identifier: MIT
// A complete execution as monitors see it: what the threads observed, in which order, how they ended, what is still allocated.
#ifndef CHECKER_API_EXECUTION_H_
#define CHECKER_API_EXECUTION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/verdict/observation.h"

namespace graze {

enum class ThreadState : uint8_t { kFinished, kBlocked, kAssumed, kFailed };

struct ThreadView {
  uint32_t id;
  std::string name;
  ThreadState state;
  std::string blocked_on;  // text of the wait
};

struct ObjectView {
  const void* address;
  size_t size;
  const char* type;
  bool freed;
};

// Given to a scenario's at_end hook for every complete execution in which no thread failed. Valid during the call only.
class Execution {
 public:
  virtual ~Execution() = default;
  // True if every non-daemon thread finished.
  virtual bool finished() const = 0;
  // True if some accesses of this very execution race.
  virtual bool raced() const { return false; }
  virtual const std::vector<ThreadView>& threads() const = 0;
  // All observations, grouped by thread in ThreadId order, program order within a thread.
  virtual const std::vector<Observation>& observations() const = 0;
  // True if `x` came before `y`: in program order, by what the thread of `y` has learned of, by happens-before of the memory model, or
  // because a grace period in between waited for it.
  virtual bool Before(const Observation& x, const Observation& y) const = 0;
  // True if what was written before `x` is visible at `y`: by happens-before of the memory model. In SC all that came before is.
  virtual bool Visible(const Observation& x, const Observation& y) const { return Before(x, y); }
  // Every tracked object of the execution, in (thread, allocation) order.
  virtual const std::vector<ObjectView>& objects() const = 0;
  // Value of a location in the co-maximal write (its final value); false if the location was never accessed.
  virtual bool FinalValue(const void* address, uint64_t* value) const = 0;
  // This execution breaks `rule`. One report per rule and execution is kept.
  virtual void Report(const char* rule, std::string message, std::string expected = "", std::string got = "") = 0;
  // `rule` had something to check and it held.
  virtual void CountCheck(const char* rule, uint64_t times = 1) = 0;
  // Object census: reports `rule` (kLeak) with the sorted list of types of the objects given.
  virtual void ReportLeak(const char* rule, const std::vector<const ObjectView*>& leaked) = 0;
};

}  // namespace graze

#endif  // CHECKER_API_EXECUTION_H_

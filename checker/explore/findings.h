// SPDX-License-Identifier: MIT
// The distinct violations of a search, each with the shortest execution that shows it.
#ifndef CHECKER_EXPLORE_FINDINGS_H_
#define CHECKER_EXPLORE_FINDINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/explore/schedule.h"
#include "checker/graph/event.h"
#include "checker/verdict/violation.h"

namespace graze::internal {

struct Finding {
  Violation violation;  // without token and trace
  uint64_t shape = 0;   // equal for violations that are the same to a first approximation
  uint32_t size = 0;    // events of the shortest execution
  uint64_t hash = 0;    // canonical hash of that execution
  Schedule schedule;
  std::vector<Stamp> deciding;     // the accesses and frees that it is about, where it is about some: events of that execution
  std::vector<uint64_t> shown_in;  // numbers of the executions that show it, ascending
};

// Where a re-run of the code under test did something else than before.
struct Nondeterminism {
  std::string thread;
  uint32_t index = 0;
  Event recorded;
  std::string attempted;
  Site site = nullptr;
};

class Findings {
 public:
  Nondeterminism nondeterminism;
  // Records that execution number `execution`, of `size` events, shows `shape`. Null if a shorter one did already; else the finding to
  // fill in.
  Finding* Note(uint64_t shape, uint32_t size, uint64_t execution);
  std::vector<Finding>& all() { return all_; }

 private:
  std::vector<Finding> all_;
};

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_FINDINGS_H_

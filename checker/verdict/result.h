// SPDX-License-Identifier: MIT
// The outcome of exploring one scenario in one configuration.
#ifndef CHECKER_VERDICT_RESULT_H_
#define CHECKER_VERDICT_RESULT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/verdict/violation.h"

namespace graze {

enum class Verdict : uint8_t {
  kVerified,  // every execution within the stated bounds was explored and none violates anything
  kViolation,
  kInconclusive,  // a budget ended the search or part of it; never a pass
  kError,         // the scenario itself is at fault: nothing explored, no checks, not deterministic
};
const char* ToString(Verdict verdict);

struct Bound {
  std::string name;  // "frames", "ring size", "start=ran"
  std::string value;
  std::string own = {};  // the scenario's own value, where somebody has set another one; empty otherwise
};

struct Result {
  Verdict verdict = Verdict::kError;
  std::string reason;                 // why inconclusive or error: one line
  bool nondeterministic = false;      // exit code 5
  std::vector<Violation> violations;  // distinct ones, each with its shortest trace
  bool rest_holds = false;            // all executions without one of `violations` were explored and hold
  uint64_t executions = 0;            // complete ones: every thread finished or stopped at a violation
  uint64_t blocked = 0;               // complete graphs with a thread blocked by assume, or by a wait that is no violation
  uint64_t doomed = 0;                // complete graphs thrown away because an axiom of level M rejects them
  uint64_t visits = 0;                // graphs visited, complete or not
  uint64_t events = 0;                // events added over the whole search
  uint64_t events_max = 0;            // largest graph
  uint32_t threads_max = 0;
  double seconds = 0;
  std::map<std::string, uint64_t> checks;  // per invariant: how often it had something to check
  std::vector<Bound> bounds;
};

}  // namespace graze

#endif  // CHECKER_VERDICT_RESULT_H_

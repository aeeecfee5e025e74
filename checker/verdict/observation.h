// SPDX-License-Identifier: MIT
// A record that checked code leaves for monitors.
#ifndef CHECKER_VERDICT_OBSERVATION_H_
#define CHECKER_VERDICT_OBSERVATION_H_

#include <cstdint>

namespace graze {

// One call of Observe(). Observations of one thread are in program order.
struct Observation {
  const char* tag;
  uint64_t a, b, c;
  uint32_t thread;
  uint32_t index;  // position in the thread: number of events before it
};

}  // namespace graze

#endif  // CHECKER_VERDICT_OBSERVATION_H_

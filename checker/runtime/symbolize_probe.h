// SPDX-License-Identifier: MIT
// For symbolize_test.cc only: a wrapper of the shape the public API has.
#ifndef CHECKER_RUNTIME_SYMBOLIZE_PROBE_H_
#define CHECKER_RUNTIME_SYMBOLIZE_PROBE_H_

#include "checker/runtime/ops.h"

namespace graze {

// Gives back its return address, as the entry points of the engine do for operators.
[[gnu::noinline]] inline Site ProbeReturnAddress(int* counter) {
  ++*counter;
  return __builtin_extract_return_addr(__builtin_return_address(0));
}

struct Probe {
  int counter = 0;
  [[gnu::always_inline]] Site Inner() { return ProbeReturnAddress(&counter); }
  [[gnu::always_inline]] operator Site() {
    Site site = Inner();
    ++counter;  // keeps the call from being a tail call
    return site;
  }
};

}  // namespace graze

#endif  // CHECKER_RUNTIME_SYMBOLIZE_PROBE_H_

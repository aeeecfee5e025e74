// SPDX-License-Identifier: MIT
// Mutual exclusion with two flags, with a mistake: each thread looks at the other's flag before it raises its own. The data race in the
// critical section is found. Raise the flag first and the scenario is verified.
#include "checker/api/graze.h"

GRAZE_SCENARIO(DekkerLookThenRaise, "two threads guard a counter with two flags, each looks before it raises its own") {
  graze::atomic<bool> wants[2] = {false, false};
  graze::plain<int> counter{0};
  graze::name(wants[0], "wants[0]");
  graze::name(wants[1], "wants[1]");
  graze::name(counter, "counter");

  const auto enter_once = [&](int me) {
    const bool taken = wants[1 - me].load();
    wants[me].store(true);
    if (!taken) counter += 1;
    wants[me].store(false);
  };
  graze::run_threads([&] { enter_once(0); }, [&] { enter_once(1); });
}

// SPDX-License-Identifier: MIT
// Everything that checked code and its scenarios use, in one include.
//
// Rules of checked code, which runs once for every execution:
//  1. What threads share is atomic<T>, plain<T>, racy<T> or a mutex; the rest is private to a thread, or handed over by one of these.
//  2. It does the same whenever it reads the same: no clock, no random numbers, no state that survives an execution. Otherwise the search
//     ends with "not deterministic" and the line.
//  3. Memory it allocates ends with the execution, so results leave it through probes (observe.h), assertions or plain variables of the
//     caller, never through the caller's containers or a test framework's macros.
//  4. A thread that waits for ever or fails an assertion stops where it is: its destructors do not run. No exception leaves a thread.
//  5. Operations of this API are called in checked code only.
//  6. Bytes that were a shared object of one size are not used as one of another size in the same execution, on the stack included.
#ifndef CHECKER_API_GRAZE_H_
#define CHECKER_API_GRAZE_H_

#include "checker/api/assert.h"  // GRAZE_ASSERT, GRAZE_ASSERT_RULE
#include "checker/api/assume.h"  // assume
#include "checker/api/atomic.h"  // atomic<T>
#include "checker/api/await.h"   // await, await_while, await_update, spin_hint
#include "checker/api/call.h"    // GRAZE_CALL
#include "checker/api/choose.h"  // choose, choose_bool, choose_from
#include "checker/api/condition_variable.h"
#include "checker/api/execution.h"  // what an at_end hook sees
#include "checker/api/explore.h"    // Explore, Replay, Options
#include "checker/api/fence.h"      // atomic_thread_fence
#include "checker/api/heap.h"       // make, destroy
#include "checker/api/mutex.h"      // mutex
#include "checker/api/name.h"       // name, name_object
#include "checker/api/observe.h"    // probe
#include "checker/api/plain.h"      // plain<T>, racy<T>
#include "checker/api/scenario.h"   // GRAZE_SCENARIO, Scenario
#include "checker/api/thread.h"     // thread, run_threads, this_thread

#endif  // CHECKER_API_GRAZE_H_

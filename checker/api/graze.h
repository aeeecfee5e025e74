// SPDX-License-Identifier: MIT
// Everything that checked code and its scenarios use, in one include.
#ifndef CHECKER_API_GRAZE_H_
#define CHECKER_API_GRAZE_H_

#include "checker/api/assert.h"     // GRAZE_ASSERT, GRAZE_ASSERT_RULE
#include "checker/api/assume.h"     // assume
#include "checker/api/atomic.h"     // atomic<T>
#include "checker/api/await.h"      // await, await_while, await_update, spin_hint
#include "checker/api/call.h"       // GRAZE_CALL
#include "checker/api/choose.h"     // choose, choose_bool, choose_from
#include "checker/api/condition_variable.h"
#include "checker/api/execution.h"  // what an at_end hook sees
#include "checker/api/explore.h"    // Explore, Replay, Options
#include "checker/api/fence.h"      // atomic_thread_fence
#include "checker/api/heap.h"       // make, destroy
#include "checker/api/mutex.h"      // mutex
#include "checker/api/observe.h"    // probe
#include "checker/api/plain.h"      // plain<T>, racy<T>
#include "checker/api/scenario.h"   // GRAZE_SCENARIO, Scenario
#include "checker/api/thread.h"     // thread, run_threads, this_thread

#endif  // CHECKER_API_GRAZE_H_

// SPDX-License-Identifier: MIT
// Random programs small enough for brute force, and a shrinker for those that show a difference.
#ifndef CHECKER_TESTING_GENERATE_H_
#define CHECKER_TESTING_GENERATE_H_

#include <cstdint>
#include <functional>

#include "checker/testing/model.h"
#include "checker/testing/program.h"

namespace graze::proof {

enum class Mode : uint8_t {
  kMixed,       // all marked accesses, choices, conditions, now and then a section, a lock or a wait
  kRcu,         // every thread is a read-side section or has a grace period
  kWaits,       // locks, trylocks and awaits, half of the programs with RCU around them
  kCreateJoin,  // threads that create and join threads
  kPlain,       // plain data handed over by flags, locks, RCU or create and join, sometimes carelessly
  kLifetimes,   // objects that are freed behind grace periods, callbacks, counts of references or flags, sometimes too early
  kShapes,      // rings of threads with two accesses each, as in the tests that memory models are explained with
};
inline constexpr int kModes = 7;
const char* ToString(Mode mode);
// Those that tell something under `model`: the last one is for weak models.
inline int ModesOf(Model model) { return model == Model::kSc ? kModes - 1 : kModes; }

// The same (mode, seed, model) gives the same program everywhere. Well-formed; 2 to 4 threads, 4 to 8 operations besides brackets
// (sections, unlocks, conditions), fences and branches, 1 to 4 locations, values 0 to 2. Orders, fences and dependencies are those that
// the model has.
Program Generate(Mode mode, uint64_t seed, Model model = Model::kSc);

// A program for which `fails` still holds and from which nothing can be taken away without losing that: neither a thread, nor an operation
// (with its partner: unlock, rcu_read_unlock, create or join), nor a condition around operations, nor a value other than 0 and 1.
// REQUIRES fails(program). `fails` is only asked about well-formed programs.
Program Shrink(Program program, const std::function<bool(const Program&)>& fails);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_GENERATE_H_

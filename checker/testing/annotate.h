// SPDX-License-Identifier: MIT
// Gives a random program what only weak memory models tell apart: orders, fences, dependencies, sleepable sections.
#ifndef CHECKER_TESTING_ANNOTATE_H_
#define CHECKER_TESTING_ANNOTATE_H_

#include "checker/base/random.h"
#include "checker/testing/generate.h"
#include "checker/testing/model.h"
#include "checker/testing/program.h"

namespace graze::proof {

// What `mode` and `model` have a use for, sometimes densely, sometimes hardly at all. The program stays well-formed; what it reads and
// writes stays where it is. Under sequential consistency nothing is changed.
void Annotate(Program* program, Mode mode, Model model, Random* random);

}  // namespace graze::proof

#endif  // CHECKER_TESTING_ANNOTATE_H_

// SPDX-License-Identifier: MIT
// What must hold at a point of checked code.
//
// GRAZE_ASSERT(condition) breaks rule "assert"; GRAZE_ASSERT_RULE("I-NAME", condition) breaks the rule named and, where it holds, counts as
// a check of it, so that a rule that never had anything to check can be reported. The thread that fails stops there, without running
// destructors; other executions go on.
#ifndef CHECKER_API_ASSERT_H_
#define CHECKER_API_ASSERT_H_

#include <source_location>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

#define GRAZE_ASSERT(condition)       \
  ((condition) ? static_cast<void>(0) \
               : ::graze::Fail("assert", "assertion failed: " #condition, ::graze::internal::SiteOf(::std::source_location::current())))

#define GRAZE_ASSERT_RULE(rule, condition) \
  ((condition) ? ::graze::CountCheck(rule) \
               : ::graze::Fail(rule, "assertion failed: " #condition, ::graze::internal::SiteOf(::std::source_location::current())))

#endif  // CHECKER_API_ASSERT_H_

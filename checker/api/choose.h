// SPDX-License-Identifier: MIT
// Non-determinism of the environment: every possible value is explored.
//
// `what` names the choice in traces ("kmalloc fails") and must stay alive (a literal).
// Errors: a choice among nothing is a violation of rule `misuse`.
#ifndef CHECKER_API_CHOOSE_H_
#define CHECKER_API_CHOOSE_H_

#include <array>
#include <cstddef>
#include <source_location>

#include "checker/api/site.h"
#include "checker/runtime/ops.h"

namespace graze {

// Any value in [0, count).
inline unsigned choose(unsigned count, const char* what = "choose", std::source_location where = std::source_location::current()) {
  const Site site = internal::SiteOf(where);
  if (count == 0) Fail("misuse", "choose(0): there is nothing to choose from", site);
  return Choose(count, what, site);
}

// False first.
inline bool choose_bool(const char* what = "choose", std::source_location where = std::source_location::current()) {
  return Choose(2, what, internal::SiteOf(where)) == 1;
}

// choose_from({1, 8, 9}): any of the values.
template <typename T, size_t kCount>
T choose_from(const T (&values)[kCount], const char* what = "choose", std::source_location where = std::source_location::current()) {
  return values[Choose(static_cast<unsigned>(kCount), what, internal::SiteOf(where))];
}

}  // namespace graze

#endif  // CHECKER_API_CHOOSE_H_

// SPDX-License-Identifier: MIT
// Where in the checked source an operation stands.
//
// Named functions of the API take a defaulted std::source_location and hand it over as it is: it is one pointer to a record of exactly the
// layout of SourceSite. Operators, which cannot take a defaulted argument, are kept out of line and hand over their return address.
#ifndef CHECKER_API_SITE_H_
#define CHECKER_API_SITE_H_

#include <bit>
#include <source_location>

#include "checker/runtime/ops.h"

namespace graze::internal {

static_assert(sizeof(std::source_location) == sizeof(Site), "std::source_location is expected to be one pointer (libstdc++)");

inline Site SiteOf(const std::source_location& where) { return std::bit_cast<Site>(where); }

}  // namespace graze::internal

#endif  // CHECKER_API_SITE_H_

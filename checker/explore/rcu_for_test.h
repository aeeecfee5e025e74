// SPDX-License-Identifier: MIT
// For tests of the search: every order of discovery with self checks, and short spellings for read-side sections.
#ifndef CHECKER_EXPLORE_RCU_FOR_TEST_H_
#define CHECKER_EXPLORE_RCU_FOR_TEST_H_

#include <array>
#include <functional>
#include <source_location>

#include "checker/api/outcomes_for_test.h"

namespace graze::testing {

inline void ReadLock(std::source_location where = std::source_location::current()) { RcuReadLock(graze::internal::SiteOf(where)); }
inline void ReadUnlock(std::source_location where = std::source_location::current()) { RcuReadUnlock(graze::internal::SiteOf(where)); }
inline void Synchronize(std::source_location where = std::source_location::current()) { RcuSynchronize(graze::internal::SiteOf(where)); }

inline constexpr std::array<SchedulerKind, 5> kSchedulers = {SchedulerKind::kWriteFirst, SchedulerKind::kLeftToRight,
                                                             SchedulerKind::kRightToLeft, SchedulerKind::kReadFirst,
                                                             SchedulerKind::kRandom};

inline Result ExploreChecked(const std::function<void()>& body, SchedulerKind scheduler = SchedulerKind::kWriteFirst) {
  Options options;
  options.scheduler = scheduler;
  options.self_check = true;
  return Explore(body, options);
}

}  // namespace graze::testing

#endif  // CHECKER_EXPLORE_RCU_FOR_TEST_H_

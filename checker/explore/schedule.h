// SPDX-License-Identifier: MIT
// One execution as a list of decisions, and its text form, the replay token.
#ifndef CHECKER_EXPLORE_SCHEDULE_H_
#define CHECKER_EXPLORE_SCHEDULE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/api/explore.h"

namespace graze::internal {

// The events of an execution in an order in which every read comes after its source. An RMW is one step.
struct Schedule {
  std::vector<std::vector<uint32_t>> threads;  // thread keys; steps refer to them by position
  struct Step {
    uint32_t thread = 0;
    uint32_t choice = 0;  // reads: how many co steps before the co-maximal write; writes: the same for the place; choose: the value
  };
  std::vector<Step> steps;
};

// graze1:<scenario>:<generation>:<memory model>:<configuration>:<trace hash>:<base64url payload>, with the bounds that were set, if some
// were, as a part in front of the hash.
std::string FormatToken(const TokenHeader& header, const Schedule& schedule);
// False with a one-line reason.
bool ParseToken(const std::string& token, TokenHeader* header, Schedule* schedule, std::string* error);

}  // namespace graze::internal

#endif  // CHECKER_EXPLORE_SCHEDULE_H_

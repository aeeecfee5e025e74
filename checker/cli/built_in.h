// SPDX-License-Identifier: MIT
// The commands of the engine itself.
#ifndef CHECKER_CLI_BUILT_IN_H_
#define CHECKER_CLI_BUILT_IN_H_

#include <string>
#include <vector>

#include "checker/cli/command.h"

namespace graze {

int RunList(const std::vector<std::string>& args, const Terminal& terminal);
int RunCheck(const std::vector<std::string>& args, const Terminal& terminal);
int RunLitmus(const std::vector<std::string>& args, const Terminal& terminal);
int RunReplay(const std::vector<std::string>& args, const Terminal& terminal);

}  // namespace graze

#endif  // CHECKER_CLI_BUILT_IN_H_

// SPDX-License-Identifier: MIT
// Parsing of arguments; everything wrong with them is one line on the error stream.
#ifndef CHECKER_CLI_FLAGS_H_
#define CHECKER_CLI_FLAGS_H_

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/command.h"

namespace graze {

// Parses `args` with `app`. A value means that the command is done, with this exit code: help was asked for, or an error reported.
std::optional<int> ParseFlags(CLI::App* app, const std::string& command, const std::vector<std::string>& args, const Terminal& terminal);

// "3" -> 3. False for anything that is no number of at most `max`.
bool ParseCount(const std::string& text, uint64_t max, uint64_t* count);
// "500ms", "5s", "2m", "1h30m", "7" (seconds). False for anything else, for 0, and for more than a year.
bool ParseDuration(const std::string& text, double* seconds);
// "sc,tso" -> {"sc", "tso"}; empty parts are kept.
std::vector<std::string> SplitCommas(const std::vector<std::string>& values);

}  // namespace graze

#endif  // CHECKER_CLI_FLAGS_H_

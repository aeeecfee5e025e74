// SPDX-License-Identifier: MIT
// Bounds that a command line, or a token, sets in place of a scenario's own.
#ifndef CHECKER_CLI_BOUNDS_H_
#define CHECKER_CLI_BOUNDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "checker/api/scenario.h"

namespace graze {

struct BoundSetting {
  std::string flag;  // "ring-size", for the bound "ring size"
  uint64_t value = 0;
};
using BoundSettings = std::vector<BoundSetting>;

// How a command line spells the name of a bound.
std::string BoundFlag(const std::string& name);
// "1 to 8".
std::string RangeText(const SettableBound& bound);
// "frames 1-128, bulk 1-8" by flags; empty if nothing can be set.
std::string SettableText(const Variant& variant);

// What can be set in some scenario, by its name, with the widest range of any.
std::vector<SettableBound> KnownSettableBounds();

// "bulk=8 ring-size=4". False for anything else.
bool ParseBoundSettings(const std::string& text, BoundSettings* settings);

// `variant` with these bounds; itself where they are its own anyway. Null, with what is in the way, where it does not take one of them.
// The result lives for ever.
const Variant* WithBounds(const Variant& variant, const BoundSettings& settings, std::string* why_not);

}  // namespace graze

#endif  // CHECKER_CLI_BOUNDS_H_

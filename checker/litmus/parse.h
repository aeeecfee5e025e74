// SPDX-License-Identifier: MIT
// Reads litmus tests in herd7's C syntax.
#ifndef CHECKER_LITMUS_PARSE_H_
#define CHECKER_LITMUS_PARSE_H_

#include <memory>
#include <string>
#include <string_view>

#include "checker/litmus/test.h"

namespace graze::litmus {

struct ParseError {
  unsigned line = 0;
  std::string reason;  // one line
};

// Null, with the first thing that is wrong, if `text` is no test that can be judged. `path` names it in traces.
std::unique_ptr<LitmusTest> Parse(std::string_view text, const std::string& path, ParseError* error);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_PARSE_H_

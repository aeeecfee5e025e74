// SPDX-License-Identifier: MIT
// The accesses that I-RACE does not judge: declared racy<T>, explored like marked ones, ordering nothing.
#ifndef SPECS_INVARIANTS_RACE_EXCEPTIONS_H_
#define SPECS_INVARIANTS_RACE_EXCEPTIONS_H_

#include <string>
#include <vector>

namespace specs {

struct RaceException {
  std::string file;  // from the repository root
  std::string what;  // the declaration
  std::string why;
};

// `graze list` shows them; a test compares them with the declarations in the sources.
const std::vector<RaceException>& RaceExceptions();

}  // namespace specs

#endif  // SPECS_INVARIANTS_RACE_EXCEPTIONS_H_

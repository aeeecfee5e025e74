// SPDX-License-Identifier: MIT
// Scenarios of every outcome, registered for the tests of the command line, and a way to run it.
#ifndef CHECKER_CLI_FAKE_SCENARIOS_FOR_TEST_H_
#define CHECKER_CLI_FAKE_SCENARIOS_FOR_TEST_H_

#include <string>
#include <vector>

namespace graze::testing {

struct Outcome {
  int code = -1;
  std::string out, err;
};

// RunMain with injected streams.
Outcome Graze(const std::vector<std::string>& args);

// What Spoiler.Endless does after some executions.
struct FakeSwitches {
  bool interrupt_self = false;    // sends SIGINT to its own process
  bool interrupt_parent = false;  // sends SIGINT to the parent of its process
  int runs = 0;
};
FakeSwitches& Switches();

}  // namespace graze::testing

#endif  // CHECKER_CLI_FAKE_SCENARIOS_FOR_TEST_H_

// SPDX-License-Identifier: MIT
// Explores a litmus test under a memory model and says what herd7 would say of it.
#ifndef CHECKER_LITMUS_RUN_H_
#define CHECKER_LITMUS_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/litmus/test.h"

namespace graze::litmus {

// Printed wherever a verdict is.
inline constexpr char kNoLoadBuffering[] =
    "no load buffering: no read takes its value from a write that follows it in program order and reads-from";

struct Settings {
  std::string memory_model = "lkmm-deps";
  unsigned unroll = 2;                    // iterations of a loop; an execution that needs more is left out
  double seconds_max = 0;                 // per test; 0 = no bound
  bool show = false;                      // keep an execution that satisfies the condition
  std::function<bool()> keep_going = {};  // asked now and then; false ends the search
};

struct Report {
  enum class Status : uint8_t {
    kJudged,
    kUnsupported,   // `error` says what cannot be judged, and where
    kInconclusive,  // `error` says what ended the search
    kFailed,        // the checker is at fault, or was asked for what it has not
  };
  std::string path;
  std::string name;
  Status status = Status::kFailed;
  std::string verdict;    // Never, Sometimes, Always; of the condition's proposition, whatever its quantifier. Empty unless judged
  uint64_t states = 0;    // final states: of the registers and locations that the condition and `locations` name
  uint64_t positive = 0;  // executions that satisfy the proposition
  uint64_t negative = 0;
  uint64_t blocked = 0;  // graphs in which a thread waits for good, or needs more iterations
  uint64_t doomed = 0;   // graphs that the memory model rejects in the end
  bool data_race = false;
  bool cut_off = false;            // executions that needed more iterations were left out
  double seconds = 0;              // of CPU, as herd7 counts
  std::string error;               // one line, with file and line where there is one
  std::vector<std::string> notes;  // what a reader of the verdict should know of this test
  std::string witness;             // with Settings::show, if there is one
};

Report RunTest(const LitmusTest& test, const Settings& settings);
// Parses `text` and runs it.
Report RunText(std::string_view text, const std::string& path, const Settings& settings);
// Reads the file; one that cannot be read is kUnsupported.
Report RunFile(const std::string& path, const Settings& settings);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_RUN_H_

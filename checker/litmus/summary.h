// SPDX-License-Identifier: MIT
// Many reports as a table for people and as a document for programs.
#ifndef CHECKER_LITMUS_SUMMARY_H_
#define CHECKER_LITMUS_SUMMARY_H_

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "checker/litmus/expect.h"
#include "checker/litmus/run.h"

namespace graze::litmus {

struct Batch {
  std::vector<Report> reports;
  size_t not_run = 0;  // tests that an interruption left out
  const Expectations* expectations = nullptr;
  std::string memory_model;
  unsigned unroll = 2;
  double seconds = 0;  // by the clock on the wall
};

// One line per test that was judged, then one per test that was not.
std::string RenderReports(const Batch& batch);
std::string RenderSummary(const Batch& batch);
nlohmann::ordered_json LitmusReport(const Batch& batch);

// A report on its way from a worker process.
std::string EncodeReport(const Report& report);
bool DecodeReport(const std::string& text, Report* report);

// 0, 1 if an expectation is not met, 2 if the checker failed, 3 if anything is inconclusive, 4 if nothing was judged or, where verdicts are
// expected, if nothing was compared or a test with an expected one cannot be judged.
int ExitCodeOf(const Batch& batch);

}  // namespace graze::litmus

#endif  // CHECKER_LITMUS_SUMMARY_H_

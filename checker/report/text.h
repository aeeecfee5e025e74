// SPDX-License-Identifier: MIT
// A violation as text for people.
#ifndef CHECKER_REPORT_TEXT_H_
#define CHECKER_REPORT_TEXT_H_

#include <cstddef>
#include <string>

#include "checker/api/scenario.h"
#include "checker/verdict/violation.h"

namespace graze {

// What stands around a violation in a report.
struct ReportContext {
  std::string scenario, generation, memory_model, configuration;
  std::string bounds = {};                // those that were set (BoundsSetText)
  std::string program = "graze";          // how to spell the command in the replay line
  const CatalogueFacts* facts = nullptr;  // of Violation::catalogue_id
  std::string gone = {};                  // the same of a bug that no commit fixed, if it is there no more: "gone since v4.20"
  size_t lines_max = 40;
  size_t width = 140;
  bool color = false;
};

// One screen, always in this order: verdict, scenario, why, interleaving, what blocks whom, lifetimes, stale reads, how to replay. Trace
// steps are folded until it fits, except those that decide the violation; only the token may exceed the width.
std::string RenderViolation(const Violation& violation, const ReportContext& context);

// What RenderViolation leaves out where it folds: the interleaving with every step. Empty if nothing was left out.
std::string RenderEveryStep(const Violation& violation, const ReportContext& context);

// One report without folding and without limits: every step, internal ones included.
std::string ExplainViolation(const Violation& violation, const ReportContext& context);

}  // namespace graze

#endif  // CHECKER_REPORT_TEXT_H_

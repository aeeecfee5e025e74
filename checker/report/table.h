// SPDX-License-Identifier: MIT
// The result table of `check`: one row per verdict, then what was checked how often.
#ifndef CHECKER_REPORT_TABLE_H_
#define CHECKER_REPORT_TABLE_H_

#include <string>
#include <vector>

#include "checker/verdict/result.h"

namespace graze {

// One search: a scenario in one variant under one memory model, and what came of it.
struct Search {
  std::string scenario, generation, configuration, memory_model;
  std::string mutation;            // empty = none
  std::vector<std::string> rules;  // that must have had something to check
  Result result;
};

// What a row of the table, or an element of the JSON list `verdicts`, speaks about.
enum class Part {
  kAll,        // every execution of the search
  kViolation,  // the executions that show one violation
  kRest,       // those that show none of the violations listed beside it
};
const char* ToString(Part part);

struct VerdictRow {
  const Search* search = nullptr;
  Part part = Part::kAll;
  const Violation* violation = nullptr;  // for kViolation
  Verdict verdict = Verdict::kError;
  std::string reason;  // why inconclusive or error
};

// Each distinct violation is a row of its own, beside one that says whether all other executions hold. The rows point into `searches`.
std::vector<VerdictRow> RowsOf(const std::vector<Search>& searches);

// Turns a pass that proves nothing into an error: nothing explored, or a rule that never had anything to check.
void RejectVacuousPass(Search* search);

// A longer reason is cut in the table, and has to be told in full elsewhere.
constexpr size_t kReasonMax = 44;
std::string RenderTable(const std::vector<VerdictRow>& rows);
// How often each invariant was checked, over all searches.
std::string RenderChecks(const std::vector<Search>& searches);
// "7 searches: 5 verified, 2 with violations (3 distinct) ...".
std::string RenderSummary(const std::vector<Search>& searches, double wall_seconds);

// "frames 2", "bulk 8 (instead of 1)".
std::string TextOf(const Bound& bound);
// The same of all that were set; empty if none was.
std::string BoundsSetText(const std::vector<Bound>& bounds);

// Text in columns: the first row is the header; the last column is not padded.
std::string Columnize(const std::vector<std::vector<std::string>>& rows);

}  // namespace graze

#endif  // CHECKER_REPORT_TABLE_H_

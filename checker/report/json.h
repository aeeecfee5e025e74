// SPDX-License-Identifier: MIT
// The machine-readable report. Its schema is documented in checker/report/SCHEMA.md; every other report is derived from the same values.
#ifndef CHECKER_REPORT_JSON_H_
#define CHECKER_REPORT_JSON_H_

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "checker/api/scenario.h"
#include "checker/report/table.h"

namespace graze {

// Raised when a field changes its meaning or goes away; new fields do not raise it.
inline constexpr int kSchemaVersion = 1;

// Facts of a catalogue id; null if unknown.
using FactsOf = std::function<const CatalogueFacts*(const std::string& id)>;
// How the bug went that no commit fixed, "" otherwise.
using GoneOf = std::function<std::string(const std::string& id)>;

// What `check --json` and `replay --json` write. `seconds` are the only values that differ between two runs of one build.
nlohmann::ordered_json CheckReport(const std::string& command, const std::vector<VerdictRow>& rows, const FactsOf& facts,
                                   const GoneOf& gone = nullptr);
nlohmann::ordered_json ViolationToJson(const Violation& violation, const FactsOf& facts, const GoneOf& gone = nullptr);
nlohmann::ordered_json TraceToJson(const Trace& trace);

// Text that ends with a newline; bytes that are no UTF-8 are replaced.
std::string Dump(const nlohmann::ordered_json& document);

// A result on its way from a worker process, in no documented form.
std::string EncodeResult(const Result& result);
bool DecodeResult(const std::string& text, Result* result);

}  // namespace graze

#endif  // CHECKER_REPORT_JSON_H_

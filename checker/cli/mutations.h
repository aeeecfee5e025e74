// SPDX-License-Identifier: MIT
// What mutants found, from the mutants' own processes into the report of `check --mutation`.
#ifndef CHECKER_CLI_MUTATIONS_H_
#define CHECKER_CLI_MUTATIONS_H_

#include <string>

#include <nlohmann/json.hpp>

#include "checker/api/scenario.h"
#include "checker/cli/command.h"
#include "checker/report/json.h"
#include "checker/verdict/result.h"

namespace graze {

// One line for MutantSearch::result.
std::string EncodeForReport(Result result, const Variant& variant);

// The document of `check`, with a list `mutations` besides.
nlohmann::ordered_json MutationsReport(const MutationReport& report, const FactsOf& facts);

}  // namespace graze

#endif  // CHECKER_CLI_MUTATIONS_H_
